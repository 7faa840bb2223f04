package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/eventlog"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

type dossiersExport struct {
	data
	Format        string   `help:"xes, ocel (2.0, JSON) or csv (api/eventlog.md)." required:"" enum:"xes,ocel,csv"`
	Out           string   `help:"File to write; the output stream if left out." placeholder:"FILE"`
	WithNames     bool     `help:"Also name users and applicants: personal data."`
	State         []string `help:"Only these states, 1 to 10."`
	Agency        string   `help:"Only what this agency decides, with everything under it: code, identifier or id."`
	DecidedBy     string   `help:"Only what exactly this agency decides."`
	Place         string   `help:"Which of its agencies the two above speak of: decided (if left out), received, returned or helped." enum:",decided,received,returned,helped" default:""`
	Helped        string   `help:"Only where this agency, or one under it, helped."`
	Returning     string   `help:"Only what this agency, or one under it, hands out."`
	Receiving     string   `help:"Only what this agency received, with everything under it."`
	Holder        string   `help:"Only what is now with this agency, with everything under it."`
	Field         string   `help:"Only this field; - for none."`
	Procedure     string   `help:"Only this procedure: code; - for none."`
	Level         string   `help:"Only this level: MINISTRY, PROVINCE, DISTRICT, COMMUNE, VERTICAL, OTHER, - for none." enum:",MINISTRY,PROVINCE,DISTRICT,COMMUNE,VERTICAL,OTHER,-" default:""`
	Channel       string   `help:"Only this channel: IN_PERSON, ONLINE, POST." enum:",IN_PERSON,ONLINE,POST" default:""`
	Source        string   `help:"Only what was taken over from this other system; - for our own."`
	Search        string   `help:"Words of the applicant's name, or the beginning of the code."`
	Open          *bool    `help:"Only what is open (--open) or ended (--no-open)." negatable:""`
	Overdue       *bool    `help:"Only what is open, running and late, or only the rest (--no-overdue)." negatable:""`
	Originals     *bool    `name:"holds-originals" help:"Only what is over and still holds originals that were handed in, or only the rest (--no-holds-originals)." negatable:""`
	SubmittedFrom string   `help:"Only what was handed in on this day or later."`
	SubmittedTo   string   `help:"Only what was handed in on this day or earlier."`
	FinishedFrom  string   `help:"Only what ended on this day or later."`
	FinishedTo    string   `help:"Only what ended on this day or earlier."`
	Figure        string   `help:"Only what this figure of the on-time report counts: received, late, overdue …"`
	From          string   `help:"First day of the report's period, with --figure; the first of January if left out."`
	To            string   `help:"Last day of the report's period, with --figure; today if left out."`
}

// Run writes the log; a file that could not be finished is taken away again.
func (v dossiersExport) Run() error {
	return v.with(func(ctx context.Context, s *store.Store, o *onestop.Office) error {
		f, err := v.filter(ctx, s)
		if err != nil {
			return err
		}
		out, finish, err := v.file()
		if err != nil {
			return err
		}
		bar := newProgress("hồ sơ / dossiers")
		done, err := o.WriteEventLog(ctx, staff.System(), clock(), onestop.EventLog{
			Filter: f, Format: eventlog.Format(v.Format), Names: v.WithNames,
		}, out, bar.at)
		bar.end()
		if err = finish(err); err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "%d hồ sơ, %d sự kiện, %d đối tượng. / %d dossiers, %d events, %d objects.\n",
			done.Dossiers, done.Events, done.Objects, done.Dossiers, done.Events, done.Objects)
		return nil
	})
}

// file is where the log goes, for nobody else to read, and how to finish it with the error that writing came to.
func (v dossiersExport) file() (io.Writer, func(error) error, error) {
	if v.Out == "" {
		return os.Stdout, func(err error) error { return err }, nil
	}
	f, err := os.OpenFile(v.Out, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, nil, err
	}
	return f, func(err error) error {
		if err = errors.Join(err, f.Close()); err != nil {
			err = errors.Join(err, os.Remove(v.Out))
		}
		return err
	}, nil
}

func (v dossiersExport) filter(ctx context.Context, s *store.Store) (store.DossierFilter, error) {
	f := store.DossierFilter{
		Selection: store.Selection{
			Place: store.Place(v.Place), Field: v.Field, Procedure: v.Procedure, Level: v.Level, Channel: v.Channel, SourceSystem: v.Source,
		},
		Search: v.Search, Open: v.Open, Overdue: v.Overdue, Originals: v.Originals, Figure: dossier.Figure(v.Figure),
	}
	f.Now = clock()
	for _, state := range v.State {
		if dossier.StateNames[dossier.State(state)] == "" {
			return f, fmt.Errorf("--state: %q is none of 1 to 10", state)
		}
		f.States = append(f.States, dossier.State(state))
	}
	var err error
	if f.Submitted, err = store.Between("submitted", catalog.Date(v.SubmittedFrom), catalog.Date(v.SubmittedTo), zone); err != nil {
		return f, err
	}
	if f.Finished, err = store.Between("finished", catalog.Date(v.FinishedFrom), catalog.Date(v.FinishedTo), zone); err != nil {
		return f, err
	}
	if v.Figure == "" && v.From+v.To != "" {
		return f, errors.New("--from and --to are the period of a --figure")
	}
	if v.Figure != "" {
		if f.Period, err = store.Days(catalog.Date(v.From), catalog.Date(v.To), f.Now, zone); err != nil {
			return f, err
		}
	}
	err = v.agencies(ctx, s, &f)
	return f, err
}

// agencies finds those that the filter names, as a list of the API does: by their codes in the period of the figure, or today, or when they had one last.
func (v dossiersExport) agencies(ctx context.Context, s *store.Store, f *store.DossierFilter) error {
	on := []catalog.Date{catalog.DateOf(f.Now, zone), ""}
	if v.Figure != "" {
		on = f.Period.Naming(zone)
	}
	for _, p := range []struct {
		flag, code string
		found      func(catalog.Agency)
	}{
		{"agency", v.Agency, func(a catalog.Agency) { f.AgencyPath = a.Path }},
		{"decided-by", v.DecidedBy, func(a catalog.Agency) { f.AgencyID = a.ID }},
		{"helped", v.Helped, func(a catalog.Agency) { f.HelpedPath = a.Path }},
		{"returning", v.Returning, func(a catalog.Agency) { f.ReturningPath = a.Path }},
		{"receiving", v.Receiving, func(a catalog.Agency) { f.ReceivingPath = a.Path }},
		{"holder", v.Holder, func(a catalog.Agency) { f.HolderPath = a.Path }},
	} {
		if strings.TrimSpace(p.code) == "" {
			continue
		}
		a, err := s.AgencyByCode(ctx, p.code, on...)
		if err != nil {
			return fmt.Errorf("--%s: %w", p.flag, err)
		}
		p.found(a)
	}
	return nil
}
