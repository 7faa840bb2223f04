package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"

	"github.com/motcua/motcua/configs"
	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/httpapi"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/worktime"
)

type catalogueVerb struct {
	Import  catalogueImport  `cmd:"" help:"Take over published procedures, JSON lines. / Nhập thủ tục."`
	Summary catalogueSummary `cmd:"" help:"Count the procedures. / Đếm thủ tục."`
}

type catalogueImport struct {
	data
	File string `arg:"" help:"One JSON object a line (api/procedures.md)." type:"existingfile"`
	JSON bool   `name:"json" help:"Print the outcome as JSON."`
}

// Run lists what needs review and what could not be read; the latter makes it fail at the end, with the rest kept.
func (v catalogueImport) Run() error {
	return v.begin(func(ctx context.Context, _ *store.Store, o *onestop.Office) error {
		f, err := os.Open(v.File)
		if err != nil {
			return err
		}
		defer f.Close()
		bar := newProgress("dòng / lines")
		done, err := o.ImportProcedures(ctx, staff.System(), clock(), f, func(p onestop.Progress) { bar.at(p.Lines, 0) })
		bar.end()
		if err != nil {
			return err
		}
		if v.JSON {
			inVietnamese(done.Failed)
			return json.NewEncoder(os.Stdout).Encode(done)
		}
		for _, r := range done.NeedsReview {
			for _, why := range r.Reasons {
				fmt.Printf("needs review: line %d, %q: %s: %s\n", r.Line, r.Code, why.Code, why.Detail)
			}
		}
		fmt.Printf("%d dòng: %d mới, %d thay đổi, %d không đổi, %d cần rà soát, %d không đọc được.\n"+
			"%d lines: %d new, %d changed, %d unchanged, %d need review, %d not readable.\n",
			done.Lines, done.New, done.Changed, done.Unchanged, len(done.NeedsReview), len(done.Failed),
			done.Lines, done.New, done.Changed, done.Unchanged, len(done.NeedsReview), len(done.Failed))
		return faults(done.Failed)
	})
}

// faults lists lines that were left out; any of them makes the verb fail.
func faults(failed []onestop.LineFault) error {
	for _, f := range inVietnamese(failed) {
		where := fmt.Sprintf("dòng / line %d", f.Line)
		if f.Field != "" {
			where += ", " + f.Field
		}
		if f.DetailVI != "" {
			f.Detail = f.DetailVI + " / " + f.Detail
		}
		fmt.Fprintf(os.Stderr, "%s: %s\n", where, f.Detail)
	}
	if len(failed) > 0 {
		return fmt.Errorf("bỏ %d dòng, các dòng khác đã được lưu / %d lines were left out; the others are kept", len(failed), len(failed))
	}
	return nil
}

// inVietnamese fills in what is wrong with each line in Vietnamese.
func inVietnamese(failed []onestop.LineFault) []onestop.LineFault {
	for i := range failed {
		failed[i].DetailVI = failed[i].In(httpapi.Vietnamese)
	}
	return failed
}

type catalogueSummary struct{ data }

// Run prints the counts that a province's report begins with.
func (v catalogueSummary) Run() error {
	return v.with(func(ctx context.Context, s *store.Store, _ *onestop.Office) error {
		sum, err := s.CatalogueSummary(ctx)
		if err != nil {
			return err
		}
		fmt.Printf("%6d  thủ tục / procedures\n", sum.Total)
		for _, l := range catalog.Levels {
			if n := sum.ByHomeLevel[l]; n > 0 {
				fmt.Printf("%6d    %s\n", n, l)
			}
		}
		for _, line := range []struct {
			n    int64
			what string
		}{
			{sum.Shared, "dùng chung nhiều cấp / shared by levels"},
			{sum.SameLevel, "liên thông cùng cấp / interconnected at one level"},
			{sum.CrossLevel, "liên thông giữa các cấp / interconnected across levels"},
			{sum.Shortened, "cắt giảm thời hạn / with a shortened deadline"},
			{sum.OnTheSpot, "5 tại chỗ / on the spot"},
			{sum.NeedsReview, "cần rà soát / need review"},
			{sum.Repealed, "bãi bỏ / repealed"},
		} {
			fmt.Printf("%6d  %s\n", line.n, line.what)
		}
		return nil
	})
}

type agenciesVerb struct {
	Import agenciesImport `cmd:"" help:"Take over agencies, JSON. / Nhập cơ quan, đơn vị."`
}

type agenciesImport struct {
	data
	File       string `arg:"" help:"Units of a province (api/agencies.md)." type:"existingfile"`
	Identifier string `help:"Identifier of the province (mã định danh), like H30; by its unit code if left out."`
	ValidFrom  string `help:"Since when units of before the mergers exist, like 2004-01-01."`
}

// Run takes the whole file or nothing of it.
func (v agenciesImport) Run() error {
	return v.begin(func(ctx context.Context, _ *store.Store, o *onestop.Office) error {
		f, err := os.Open(v.File)
		if err != nil {
			return err
		}
		defer f.Close()
		file, err := fs.ReadFile(configs.Files, "identifiers.json")
		if err != nil {
			return err
		}
		roots, err := onestop.ReadIdentifierRoots(file)
		if err != nil {
			return err
		}
		done, err := o.ImportAgencies(ctx, staff.System(), clock(), f, onestop.AgencyOptions{
			IdentifierRoot: v.Identifier, Roots: roots, ValidFrom: catalog.Date(v.ValidFrom),
		})
		if err != nil {
			return err
		}
		fmt.Printf("%d cơ quan: %d mới, %d thay đổi, %d không đổi; %d quan hệ kế thừa mới, %d đã có, %d chưa tìm thấy.\n"+
			"%d agencies: %d new, %d changed, %d unchanged; %d new successions, %d kept, %d ends not here.\n",
			done.Agencies, done.New, done.Changed, done.Unchanged, done.Links, done.LinksKept, len(done.Elsewhere),
			done.Agencies, done.New, done.Changed, done.Unchanged, done.Links, done.LinksKept, len(done.Elsewhere))
		return nil
	})
}

type dossiersVerb struct {
	Export dossiersExport `cmd:"" help:"Write journals as an event log for process mining: XES, OCEL 2.0, CSV. / Xuất nhật ký cho khai phá quy trình."`
	Import dossiersImport `cmd:"" help:"Take over cases of another system, CSV. / Nhập hồ sơ của hệ thống khác."`
}

type dossiersImport struct {
	data
	File           string `arg:"" help:"Columns code, procedure, agency, channel, received_at, due_at, finished_at, returned_at, state; others are kept (api/dossiers-import.md)." type:"existingfile"`
	System         string `help:"Name of the other system; with a case's code it names the case here." default:"OTHER"`
	Agency         string `help:"Agency of every case that names none itself; a file then needs no column agency."`
	CreateAgencies bool   `help:"Set up agencies that are not known instead of refusing their cases."`
	Under          string `help:"Agency under which unknown agencies are set up."`
	Verdict        string `help:"How its due dates are judged; as the rules of the day say if left out." enum:",date,instant" default:""`
	Strict         bool   `help:"Stop at the first line that cannot be taken over."`
	Differences    string `help:"File for the cases whose due date we reckon otherwise, as CSV." placeholder:"FILE"`
	JSON           bool   `name:"json" help:"Print the outcome as JSON."`
}

// Run takes over what it can; lines left out are listed and make it fail at the end.
func (v dossiersImport) Run() error {
	return v.begin(func(ctx context.Context, _ *store.Store, o *onestop.Office) error {
		f, err := os.Open(v.File)
		if err != nil {
			return err
		}
		defer f.Close()
		bar := newProgress("hồ sơ / cases")
		done, err := o.ImportDossiers(ctx, staff.System(), clock(), f, onestop.DossierOptions{
			System: v.System, Agency: v.Agency, CreateAgencies: v.CreateAgencies, Under: v.Under,
			Verdict: worktime.VerdictRule(v.Verdict), Strict: v.Strict,
		}, func(p onestop.Progress) { bar.at(p.Lines, 0) })
		bar.end()
		if err != nil {
			return err
		}
		if err := v.differences(done); err != nil {
			return err
		}
		if v.JSON {
			inVietnamese(done.Failed)
			inVietnamese(done.NotFollowed)
			return json.NewEncoder(os.Stdout).Encode(done)
		}
		fmt.Printf("%d dòng: %d mới, %d cập nhật, %d không đổi, %d bỏ ra. Tính lại được %d hạn: %d khác ngày, %d nguồn báo đúng hạn nhưng tính lại là trễ, %d ngược lại.\n"+
			"%d lines: %d new, %d updated, %d unchanged, %d left out. %d due dates worked out anew: %d differ, %d on time by the source but late recomputed, %d the other way round.\n",
			done.Lines, done.New, done.Updated, done.Unchanged, len(done.Failed), done.Reckoned, done.DueDiffers, done.OnTimeThere, done.OnTimeHere,
			done.Lines, done.New, done.Updated, done.Unchanged, len(done.Failed), done.Reckoned, done.DueDiffers, done.OnTimeThere, done.OnTimeHere)
		for _, x := range done.Followed {
			mark := ""
			if x.Suspect {
				mark = "  (!)"
			}
			fmt.Printf("dòng / line %d, %s, %s: %s → %s%s\n", x.Line, x.Code, x.Field, x.Was, x.Is, mark)
		}
		if done.Suspect > 0 {
			fmt.Printf("(!) %d thay đổi lùi ngày kết thúc hoặc dời hạn đã qua; motcua verify cũng nêu.\n(!) %d changes date an end back or put off a due date that had passed; motcua verify tells of them too.\n",
				done.Suspect, done.Suspect)
		}
		return faults(done.Failed)
	})
}

func (v dossiersImport) differences(done onestop.DossierImport) error {
	if v.Differences == "" {
		return nil
	}
	out, err := os.Create(v.Differences)
	if err != nil {
		return err
	}
	if err := done.WriteDifferences(out); err != nil {
		return err
	}
	return out.Close()
}
