package httpapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/forms"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// How many dossiers one answer may print.
const (
	mostPapers = 500
	mostLines  = 5000 // of a register
)

// PrintForm is a paper of one dossier. The page of a receipt also explains its date; the PDF is the official paper alone.
func (s *server) PrintForm(ctx context.Context, r PrintFormRequestObject) (PrintFormResponseObject, error) {
	ctx, v := enter(ctx)
	d, err := s.Store.DossierByCode(ctx, v.actor.Scope(), r.Code)
	if err != nil {
		return nil, err
	}
	p, err := s.paper(ctx, v, string(r.Form), d, r.Params.Promise)
	if err != nil {
		return nil, err
	}
	if r.Form == FormNameReceipt && r.Params.LookupSecret != "" {
		if p.Secret, err = onestop.SecretFor(d, r.Params.LookupSecret); err != nil {
			return nil, err
		}
	}
	if r.Params.Format == FormFormatPdf {
		sheet := forms.Fill(string(r.Form), p)
		return printed(v.now, sheet.Name, sheet)
	}
	if r.Form == FormNameReceipt && p.Promise.No > 0 {
		x, err := s.Office.Explain(ctx, v.actor.Scope(), d, p.Promise.No)
		if err != nil {
			return nil, err
		}
		p.Explanation = &x.Explanation
	}
	body, err := forms.HTML(forms.Fill(string(r.Form), p))
	return htmlPage{body: body, policy: "default-src 'none'; style-src " + forms.StylePolicy(), secret: true}, err
}

func (s *server) paper(ctx context.Context, v *visit, form string, d dossier.Dossier, promise int) (forms.Paper, error) {
	p, err := s.Office.Paper(ctx, v.actor.Scope(), form, d, promise)
	p.Lookup = s.PublicURL + LookupPath
	return p, err
}

// PrintForms is the same paper of several dossiers. What it does not apply to is left out and counted.
func (s *server) PrintForms(ctx context.Context, r PrintFormsRequestObject) (PrintFormsResponseObject, error) {
	ctx, v := enter(ctx)
	if err := v.actor.Must(staff.ReadDossiers); err != nil {
		return nil, err
	}
	all, err := s.printable(ctx, v, r.Params)
	if err != nil {
		return nil, err
	}
	var sheets []forms.Sheet
	for _, d := range all {
		p, err := s.paper(ctx, v, string(r.Form), d, 0)
		if errors.Is(err, fault.Conflict) {
			continue
		}
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, forms.Fill(string(r.Form), p))
	}
	if len(sheets) == 0 {
		return nil, fault.New(fault.Conflict, "form-not-applicable", "the form applies to none of %d dossiers", len(all))
	}
	file, err := printed(v.now, string(r.Form), sheets...)
	return pdfFiles{file, len(all) - len(sheets)}, err
}

// printable are the dossiers that are named, or else those that the filters leave.
func (s *server) printable(ctx context.Context, v *visit, q PrintFormsParams) ([]dossier.Dossier, error) {
	filters := selection(q)
	if len(q.Code) == 0 {
		f, err := s.dossierFilter(ctx, v, filters)
		if err != nil {
			return nil, err
		}
		return s.dossiersUpTo(ctx, v, f, mostPapers)
	}
	var wrong fault.Fields
	filters.Sort = "" // has a default, and leaves nothing out
	if !reflect.ValueOf(filters).IsZero() {
		wrong.Add("code", "not-here", "goes with no filter: the codes say which dossiers")
	}
	var all []dossier.Dossier
	for i, code := range q.Code {
		if slices.Contains(q.Code[:i], code) {
			continue
		}
		d, err := s.Store.DossierByCode(ctx, v.actor.Scope(), code)
		if errors.Is(err, fault.NotFound) {
			wrong.Put(fmt.Sprintf("code[%d]", i), fault.As(err).Code, fault.As(err).Said)
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, wrong.Err("request-invalid", "the papers cannot be printed")
}

// dossiersUpTo are all dossiers that the filter leaves, if they are no more than so many.
func (s *server) dossiersUpTo(ctx context.Context, v *visit, f store.DossierFilter, most int) ([]dossier.Dossier, error) {
	var all []dossier.Dossier
	for at := store.Next(""); ; {
		some, next, err := s.Store.Dossiers(ctx, v.actor.Scope(), f, page(min(most+1, 1000), string(at)))
		if err != nil {
			return nil, err
		}
		if all = append(all, some...); len(all) > most {
			return nil, fault.New(fault.Invalid, "too-many-papers", "more than %d dossiers answer to this", most)
		}
		if at = next; next == "" {
			return all, nil
		}
	}
}

// PrintRegister is the register of what was accepted in a period.
func (s *server) PrintRegister(ctx context.Context, r PrintRegisterRequestObject) (PrintRegisterResponseObject, error) {
	ctx, v := enter(ctx)
	if err := v.actor.Must(staff.ReadDossiers); err != nil {
		return nil, err
	}
	period, err := store.Days(dateOf(&r.Params.From), dateOf(&r.Params.To), v.now, s.Zone)
	if err != nil {
		return nil, err
	}
	keeper, err := s.keeper(ctx, v, r.Params.Receiving)
	if err != nil {
		return nil, err
	}
	if !v.actor.Covers(keeper.Path) { // who sees only some of its dossiers would print a register that looks whole
		return nil, fault.New(fault.Forbidden, "not-your-agency", "the register of %s is for those to print who see all of it", keeper.Code)
	}
	all, err := s.dossiersUpTo(ctx, v, store.DossierFilter{
		ReceivingPath: keeper.Path, Selection: store.Selection{Field: r.Params.Field, Procedure: r.Params.Procedure}, Figure: "received", Period: period,
	}, mostLines)
	if err != nil {
		return nil, err
	}
	l, err := s.Office.Ledger(ctx, keeper, period.From, period.To.Add(-time.Second), all)
	if err != nil {
		return nil, err
	}
	l.Printed = v.now
	sheet := forms.Register(l)
	return printed(v.now, sheet.Name, sheet)
}

// keeper is whose register is asked for: the named agency, or else the actor's own.
func (s *server) keeper(ctx context.Context, v *visit, named string) (catalog.Agency, error) {
	if named == "" && v.actor.AgencyID != uuid.Nil {
		return s.Store.Agency(ctx, v.actor.AgencyID)
	}
	return s.agencyNamed(ctx, "receiving", named, catalog.DateOf(v.now, s.Zone))
}

// pdfFile is a document of PDF as an answer, pdfFiles one of several dossiers.
type pdfFile struct {
	name string
	body []byte
}

type pdfFiles struct {
	pdfFile
	leftOut int
}

func printed(now time.Time, name string, sheets ...forms.Sheet) (pdfFile, error) {
	body, err := forms.PDF(now, sheets...)
	return pdfFile{name, body}, err
}

func (p pdfFile) write(w http.ResponseWriter) error {
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Length", strconv.Itoa(len(p.body)))
	h.Set("Content-Disposition", `inline; filename="`+p.fileName()+`.pdf"`)
	w.WriteHeader(http.StatusOK)
	_, err := bytes.NewReader(p.body).WriteTo(w)
	return err
}

// fileName keeps what a header can carry.
func (p pdfFile) fileName() string {
	safe := []byte(p.name)
	for i, c := range safe {
		if c < '!' || c > '~' || slices.Contains([]byte(`"\/`), c) {
			safe[i] = '_'
		}
	}
	return string(safe)
}

func (p pdfFile) VisitPrintFormResponse(w http.ResponseWriter) error     { return p.write(w) }
func (p pdfFile) VisitPrintRegisterResponse(w http.ResponseWriter) error { return p.write(w) }
func (p htmlPage) VisitPrintFormResponse(w http.ResponseWriter) error    { return p.write(w) }

func (p pdfFiles) VisitPrintFormsResponse(w http.ResponseWriter) error {
	w.Header().Set("Left-Out", strconv.Itoa(p.leftOut))
	return p.write(w)
}
