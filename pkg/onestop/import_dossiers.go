package onestop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/worktime"
)

// DossierOptions is what a table of another system's cases does not say itself.
type DossierOptions struct {
	System         string               // names the other system; with a record's code it names the dossier. "" is OTHER
	Agency         string               // of all records that name none themselves
	CreateAgencies bool                 // set up agencies that are not known instead of refusing their records
	Under          string               // code of the agency under which they are set up; "" is the actor's own, or the only root
	Verdict        worktime.VerdictRule // how the source's due dates are judged; "" is as the rules of the day say
	Strict         bool                 // stop at the first record that cannot be taken over
}

// DossierImport is what an import of another system's cases came to. Lines = New + Updated + Unchanged + lines with a fault.
type DossierImport struct {
	System    string      `json:"system"`
	Lines     int         `json:"lines"`
	New       int         `json:"new"`
	Updated   int         `json:"updated"`
	Unchanged int         `json:"unchanged"`
	Failed    []LineFault `json:"failed"`

	CreatedAgencies []string    `json:"created_agencies"` // codes
	NotFollowed     []LineFault `json:"not_followed"`     // what a known case now says otherwise, but stays as first told
	Followed        []Followed  `json:"followed"`         // what a known case now says otherwise and was taken over, in the order of the file
	Suspect         int         `json:"suspect"`          // of those, the changes that make a late case look on time

	Reckoning
}

// Followed is a change of a known case, as it was and as it is now. Times are in the office's zone, "" where there was none.
type Followed struct {
	Line    int    `json:"line"`
	Code    string `json:"code"` // of the dossier
	Field   string `json:"field"`
	Was     string `json:"was"`
	Is      string `json:"is"`
	Suspect bool   `json:"suspect"` // an end dated back, or a due date put off after it had passed
}

// dossiersInTx is how many cases one transaction keeps.
const dossiersInTx = 1000

// ImportDossiers takes over cases that another system keeps, from a table (api/dossiers-import.md). Each becomes a dossier with that
// system's due date as its promise, or, if it is there already, follows what the record now says. Lines that cannot be taken over are
// listed and the others go on. About a thousand cases are kept at a time; a run broken off is simply repeated. progress may be nil.
func (o *Office) ImportDossiers(ctx context.Context, actor staff.Actor, now time.Time, r io.Reader, opts DossierOptions, progress func(Progress)) (DossierImport, error) {
	if err := actor.Must(staff.ImportDossiers); err != nil {
		return DossierImport{}, err
	}
	im := &dossierImport{
		office: o, actor: actor, now: instant(now), opts: opts,
		procedures: map[string]*catalog.Procedure{}, reckoners: map[reckonerKey]dossier.Reckoner{}, later: map[string]foreignCase{},
		done: DossierImport{
			Failed: []LineFault{}, CreatedAgencies: []string{}, NotFollowed: []LineFault{}, Followed: []Followed{},
			Reckoning: Reckoning{NotReckoned: map[string]int{}, Differences: []Difference{}},
		},
	}
	if err := im.prepare(ctx); err != nil {
		return im.done, err
	}
	t, err := openTable(r, func(header []string) (dossier.ForeignTable, error) {
		must := []string{"agency"}
		if opts.Agency != "" {
			must = nil
		}
		return dossier.NewForeignTable(header, o.zone, im.now, must...)
	})
	if err != nil {
		return im.done, err
	}
	for {
		record, err := t.next()
		end := errors.Is(err, io.EOF)
		if err == nil {
			err = im.add(ctx, record)
		}
		if !end {
			if err := im.refuse(t.line, err); err != nil {
				return im.done, err
			}
		}
		if end || len(im.batch)+len(im.failed) >= dossiersInTx {
			if err := im.keep(ctx); err != nil {
				return im.done, err
			}
			if end {
				if err := im.follow(ctx); err != nil {
					return im.done, err
				}
			}
			if err := im.tellSizes(ctx, end); err != nil {
				return im.done, err
			}
			if progress != nil {
				progress(Progress{Lines: im.done.Lines, Bytes: t.bytes.n})
			}
		}
		if end {
			return im.done, nil
		}
	}
}

type dossierImport struct {
	office *Office
	actor  staff.Actor
	now    time.Time
	opts   DossierOptions
	system string

	register   *register
	procedures map[string]*catalog.Procedure // nil for one that the catalogue does not know
	reckoners  map[reckonerKey]dossier.Reckoner

	batch  []foreignCase
	later  map[string]foreignCase // news of cases that were there, by the source's code: the last line of each
	told   int                    // number of new cases when the database was last told of its sizes
	failed []LineFault            // since the last transaction
	done   DossierImport
}

// foreignCase is a record with everything that it names found.
type foreignCase struct {
	dossier.ForeignRecord
	deciding, receiving *catalog.Agency
	procedure           dossier.Procedure
	promise             *dossier.Promise // the source's, nil if it made none
	basis               *dossier.Basis   // by which we would have reckoned, nil if we cannot
	reckoned            reckoned
}

// A system's name heads the codes of its cases, so it must not look like an agency's identifier, which heads our own.
var (
	systemName          = regexp.MustCompile(`^[\pL\pN][\pL\pN _.-]{0,39}$`)
	looksLikeIdentifier = regexp.MustCompile(`^[A-Z]\d{2}([.-]|$)|^[0-9A-Z]{3}\.`)
)

func (im *dossierImport) prepare(ctx context.Context) error {
	if im.system = strings.TrimSpace(im.opts.System); im.system == "" {
		im.system = "OTHER"
	}
	if !systemName.MatchString(im.system) || looksLikeIdentifier.MatchString(im.system) {
		return fieldFault("system", "pattern",
			"%q does not name a system: up to 40 letters, digits, spaces, dots, dashes and underscores, and no identifier of an agency", im.system)
	}
	switch im.opts.Verdict {
	case "", worktime.ByDate, worktime.ByInstant:
	default:
		return fieldFault("verdict", "unknown", "%q is neither %s nor %s", im.opts.Verdict, worktime.ByDate, worktime.ByInstant)
	}
	im.done.System = im.system
	var err error
	im.register, err = im.office.register(ctx)
	return err
}

// tellSizes lets the database plan anew when the cases have become some times more, and at the end.
func (im *dossierImport) tellSizes(ctx context.Context, end bool) error {
	if n := im.done.New; n == im.told || !end && n < 4*im.told {
		return nil
	}
	im.told = im.done.New
	return im.office.store.Analyze(ctx)
}

// refuse lists what is wrong with a line, unless it is not the line's fault or one is too many. A nil error is none.
func (im *dossierImport) refuse(line int, err error) error {
	switch f := fault.As(err); {
	case err == nil:
		return nil
	case f == nil || f.Kind != fault.Invalid:
		return err
	}
	if im.opts.Strict {
		return err
	}
	im.failed = append(im.failed, lineFault(line, err))
	return nil
}

// lineWrong is one thing wrong with a line, said as the dossier says it of the lines that it reads itself.
func lineWrong(line int, column, code, detail string, args ...any) error {
	name := fmt.Sprintf("line %d", line)
	if column != "" {
		name += ", " + column
	}
	var wrong fault.Fields
	wrong.Add(name, code, detail, args...)
	return wrong.Err("record-invalid", "the record cannot be taken over")
}

// add finds what the record names and puts it with the others that wait for the next transaction.
func (im *dossierImport) add(ctx context.Context, r dossier.ForeignRecord) error {
	c := foreignCase{ForeignRecord: r}
	if r.Agency == "" {
		c.Agency = im.opts.Agency
	}
	var err error
	if c.deciding, err = im.agency(ctx, r.Line, "agency", c.Agency, r.ReceivedAt); err != nil {
		return err
	}
	c.receiving = c.deciding
	if r.ReceivingAgency != "" {
		if c.receiving, err = im.agency(ctx, r.Line, "receiving_agency", r.ReceivingAgency, r.ReceivedAt); err != nil {
			return err
		}
	}
	if mayImport(im.actor, *c.receiving, *c.deciding) != nil {
		return lineWrong(r.Line, "agency", "unknown", "agency %s does not stand under yours", c.deciding.Code)
	}
	if err := im.reckon(ctx, &c); err != nil {
		return err
	}
	im.batch = append(im.batch, c)
	return nil
}

// agency is the one that the text names on the day of receipt, else the one that it names today: systems that went on after a merger
// write the new agency on old cases.
func (im *dossierImport) agency(ctx context.Context, line int, column, text string, at time.Time) (*catalog.Agency, error) {
	if text == "" {
		return nil, lineWrong(line, column, "required", "is empty")
	}
	for _, on := range []time.Time{at, im.now} {
		if a := im.register.find(text, catalog.DateOf(on, im.office.zone)); a != nil {
			return a, nil
		}
	}
	if !im.opts.CreateAgencies {
		return nil, lineWrong(line, column, "unknown", "no agency has the code, identifier or name %q", text)
	}
	if len(text) > 200 {
		return nil, lineWrong(line, column, "too-long", "is longer than 200 bytes")
	}
	a, err := im.newAgency(text)
	if err != nil {
		return nil, err
	}
	if a, err = im.office.addAgency(ctx, im.actor, im.register, a); err != nil {
		return nil, err
	}
	im.register.enter(a)
	im.done.CreatedAgencies = append(im.done.CreatedAgencies, a.Code)
	return im.register.byID(a.ID), nil
}

// newAgency is one of which nothing is known but a name. It has always been there, since nobody says since when.
func (im *dossierImport) newAgency(text string) (catalog.Agency, error) {
	a := catalog.Agency{
		ID: uuid.Must(uuid.NewV7()), Code: text, Name: text, Kind: catalog.OtherAgency, Level: catalog.OtherLevel, ValidFrom: "1900-01-01",
	}
	today := catalog.DateOf(im.now, im.office.zone)
	switch {
	case im.opts.Under != "":
		parent := im.register.find(im.opts.Under, today)
		if parent == nil {
			return a, fault.New(fault.NotFound, "agency-not-found", "no agency has the code, identifier or name %q, under which others are to be set up", im.opts.Under)
		}
		a.ParentID = &parent.ID
	case im.actor.AgencyID != uuid.Nil:
		a.ParentID = &im.actor.AgencyID
	default:
		if roots := im.register.roots(today); len(roots) == 1 {
			a.ParentID = &roots[0].ID
		}
	}
	return a, nil
}
