package onestop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
)

// AgencyOptions is what a file of agencies does not say itself.
type AgencyOptions struct {
	ValidFrom      catalog.Date      // since when units of before the mergers exist; "" is catalog.DefaultValidFrom
	IdentifierRoot string            // identifier of the file's province; set, it also replaces identifiers that are there
	Roots          map[string]string // by code of the province, for when IdentifierRoot is empty: see ReadIdentifierRoots
}

// AgencyImport is what an import of agencies came to.
type AgencyImport struct {
	Agencies  int      `json:"agencies"` // in the file
	New       int      `json:"new"`
	Changed   int      `json:"changed"`
	Unchanged int      `json:"unchanged"`
	Links     int      `json:"links"`      // successions that were not there before
	LinksKept int      `json:"links_kept"` // successions that were
	Elsewhere []string `json:"elsewhere"`  // ends of successions that are not here (yet): "31120 Phường An Hòa, before 2025-07-01"
}

// agenciesAtMost bounds a file of agencies: the units of the whole country are 3 MB.
const agenciesAtMost = 64 << 20

// ReadIdentifierRoots reads configs/identifiers.json: the identifier of each province by its unit code.
func ReadIdentifierRoots(data []byte) (map[string]string, error) {
	var file struct {
		Source string            `json:"source"`
		Roots  map[string]string `json:"roots"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fault.New(fault.Invalid, "identifiers-invalid", "the identifiers of provinces cannot be read: %v", err)
	}
	return file.Roots, nil
}

// ImportAgencies takes over agencies from a file (api/agencies.md), all of it in one transaction. An agency that is there already,
// by code at the same time, is changed where the file says otherwise; the same file twice changes nothing. Successions are linked from
// whichever file comes second.
func (o *Office) ImportAgencies(ctx context.Context, actor staff.Actor, now time.Time, r io.Reader, opts AgencyOptions) (AgencyImport, error) {
	if err := actor.Must(staff.EditAgencies); err != nil {
		return AgencyImport{}, err
	}
	data, err := io.ReadAll(io.LimitReader(norm.NFC.Reader(r), agenciesAtMost+1))
	switch {
	case err != nil:
		return AgencyImport{}, fmt.Errorf("read agencies: %w", err)
	case len(data) > agenciesAtMost:
		return AgencyImport{}, fault.New(fault.Invalid, "agencies-invalid", "the file is longer than %d bytes", agenciesAtMost)
	}
	records, err := catalog.ReadAgencies(data, catalog.AgencyDefaults{
		ValidFrom: opts.ValidFrom, IdentifierRoot: opts.IdentifierRoot, Roots: opts.Roots,
	})
	if err != nil {
		return AgencyImport{}, err
	}
	var done AgencyImport
	err = o.store.InTx(ctx, func(ctx context.Context) error {
		im := agencyImport{office: o, actor: actor, now: now, renumber: opts.IdentifierRoot != "", kept: map[string]bool{}, done: AgencyImport{Elsewhere: []string{}}}
		if im.register, err = o.register(ctx); err != nil {
			return err
		}
		if err := im.keep(ctx, records); err != nil {
			return err
		}
		if err := im.link(ctx, records); err != nil {
			return err
		}
		done = im.done
		return nil
	})
	return done, err
}

type agencyImport struct {
	office   *Office
	actor    staff.Actor
	now      time.Time
	renumber bool
	register *register
	kept     map[string]bool // by place in the file
	done     AgencyImport
}

// keep writes the agencies, each after the one above it.
func (im *agencyImport) keep(ctx context.Context, records []catalog.AgencyRecord) error {
	im.done.Agencies = len(records)
	waiting := records
	for len(waiting) > 0 {
		var later []catalog.AgencyRecord
		for _, r := range waiting {
			if im.waitsFor(r, waiting) {
				later = append(later, r)
				continue
			}
			if err := im.keepOne(ctx, r); err != nil {
				return err
			}
			im.kept[r.At] = true
		}
		if len(later) == len(waiting) {
			return fieldFault(later[0].At+".parent", "agency-cycle", "stands under itself")
		}
		waiting = later
	}
	return nil
}

// waitsFor says whether the agency above is itself still to be written.
func (im *agencyImport) waitsFor(r catalog.AgencyRecord, waiting []catalog.AgencyRecord) bool {
	for _, w := range waiting {
		if !im.kept[w.At] && r.Parent != "" && w.Agency.Code == r.Parent && w.Agency.ValidOn(r.Agency.ValidFrom) {
			return true
		}
	}
	return false
}

func (im *agencyImport) keepOne(ctx context.Context, r catalog.AgencyRecord) error {
	a := r.Agency
	if r.Parent != "" {
		parent := im.register.byCode(r.Parent, a.ValidFrom)
		if parent == nil {
			return fieldFault(r.At+".parent", "agency-not-found", "no agency bears the code %q on %s", r.Parent, a.ValidFrom)
		}
		a.ParentID = &parent.ID
	}
	was := im.register.same(a)
	if was == nil {
		a.ID = uuid.Must(uuid.NewV7())
		a, err := im.office.addAgency(ctx, im.actor, im.register, a)
		if err != nil {
			return at(r.At, err)
		}
		im.register.enter(a)
		im.done.New++
		return nil
	}
	a.ID, a.Path = was.ID, was.Path
	if a.Calendar == "" {
		a.Calendar = was.Calendar
	}
	if was.Calendar != "" && a.Calendar != was.Calendar { // dossiers were reckoned by it, and verify asks whose it was
		switch _, err := im.office.store.CalendarHead(ctx, was.Calendar); {
		case err == nil:
			return fieldFault(r.At+".calendar", "calendar-stays", "agency %s goes by calendar %s, which changes by revisions of its own", a.Code, was.Calendar)
		case !errors.Is(err, fault.NotFound):
			return err
		}
	}
	if was.Identifier != "" && !im.renumber && strings.HasPrefix(r.At, "units") {
		a.Identifier = was.Identifier // somebody may have set it right
	}
	if equalAgency(*was, a) {
		im.done.Unchanged++
		return nil
	}
	if !im.actor.Covers(was.Path) {
		return at(r.At, fault.New(fault.Forbidden, "not-your-agency", "agency %s does not stand under yours", a.Code))
	}
	if err := im.office.store.ChangeAgency(ctx, a, im.now); err != nil {
		return at(r.At, err)
	}
	im.done.Changed++
	if sameParent(*was, a) {
		*was = a
		return nil
	}
	var err error
	im.register, err = im.office.register(ctx) // all paths under it moved
	return err
}

// at says where in the file the agency stands that could not be kept.
func at(place string, err error) error {
	f := fault.As(err)
	if f == nil || f.Kind == fault.Unavailable {
		return fmt.Errorf("%s: %w", place, err)
	}
	var wrong fault.Fields
	wrong.Put(place, f.Code, f.Said)
	e := fault.Of(f.Kind, f.Code, f.Said).Because(err)
	e.Fields = wrong
	return e
}

func sameParent(a, b catalog.Agency) bool {
	return (a.ParentID == nil) == (b.ParentID == nil) && (a.ParentID == nil || *a.ParentID == *b.ParentID)
}

// equalAgency compares everything but the path, which follows from the parent.
func equalAgency(a, b catalog.Agency) bool {
	if !sameParent(a, b) {
		return false
	}
	a.ParentID, b.ParentID, a.Path, b.Path = nil, nil, "", ""
	return a == b
}

// addAgency keeps a new agency under one that the register knows and returns it with its path. Whoever belongs to an agency may set up
// others under it only.
func (o *Office) addAgency(ctx context.Context, actor staff.Actor, reg *register, a catalog.Agency) (catalog.Agency, error) {
	a.Path = a.ID.String() + "/"
	if a.ParentID != nil {
		a.Path = reg.byID(*a.ParentID).Path + a.Path
	}
	if !actor.Covers(a.Path) {
		return a, fault.New(fault.Forbidden, "not-your-agency", "agency %s would not stand under yours", a.Code)
	}
	return a, o.store.AddAgency(ctx, a)
}

// link notes the successions whose both ends are here.
func (im *agencyImport) link(ctx context.Context, records []catalog.AgencyRecord) error {
	for _, r := range records {
		own := im.register.same(r.Agency)
		before, after, err := im.office.store.Successions(ctx, own.ID)
		if err != nil {
			return err
		}
		for _, l := range r.Predecessors {
			if p := im.end(l, dayBefore(l.On), "before"); p != nil {
				if err := im.succeed(ctx, before, catalog.Succession{PredecessorID: p.ID, SuccessorID: own.ID, On: l.On}); err != nil {
					return err
				}
			}
		}
		for _, l := range r.Successors {
			if s := im.end(l, l.On, "since"); s != nil {
				if err := im.succeed(ctx, after, catalog.Succession{PredecessorID: own.ID, SuccessorID: s.ID, On: l.On}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// end is the agency at the other end of a link on the day, nil if it is not here.
func (im *agencyImport) end(l catalog.AgencyLink, on catalog.Date, side string) *catalog.Agency {
	var found *catalog.Agency
	if l.Code != "" {
		found = im.register.byCode(l.Code, on)
		if found != nil && l.Name != "" && catalog.Fold(found.Name) != catalog.Fold(l.Name) {
			found = nil // the code was used again: another unit bears it now
		}
	} else {
		found = im.register.province(l.Name, on)
	}
	if found == nil {
		im.done.Elsewhere = append(im.done.Elsewhere, strings.TrimSpace(l.Code+" "+l.Name)+", "+side+" "+string(l.On))
	}
	return found
}

func (im *agencyImport) succeed(ctx context.Context, there []catalog.Succession, x catalog.Succession) error {
	for _, t := range there {
		if t.PredecessorID == x.PredecessorID && t.SuccessorID == x.SuccessorID {
			im.done.LinksKept++
			return nil
		}
	}
	im.done.Links++
	return im.office.store.AddSuccession(ctx, x)
}
