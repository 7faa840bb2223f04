package eventlog

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
)

// The types of objects.
const (
	ofDossier = "dossier"
	ofStep    = "step"
	ofPromise = "promise"
	ofAgency  = "agency"
)

// Qualifiers say what an object is to an event, or to another object.
const (
	theDossier  = "dossier" // that the event happened to
	doneBy      = "by"      // agency of whoever did it
	handedTo    = "handed to"
	stepBegun   = "begins"
	stepTaken   = "takes"
	stepEnded   = "completes"
	aboutStep   = "about"
	promiseMade = "makes"

	receivedBy = "received by"
	decidedBy  = "decided by"
	helpedBy   = "helped by"
	handedOut  = "handed out by"
	hasStep    = "step"
	hasPromise = "promise"
	fallsTo    = "falls to"
	replaces   = "replaces"
	under      = "under"
)

type ocelType struct {
	Name       string     `json:"name"`
	Attributes []ocelName `json:"attributes"`
}

type ocelName struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

type ocelObject struct {
	ID         string      `json:"id"`
	Type       string      `json:"type"`
	Attributes []ocelState `json:"attributes"`
	Relations  []ocelLink  `json:"relationships"`
}

// ocelState is a value since an instant. What does not change is so since the beginning of time, as the standard has it.
type ocelState struct {
	Name  string `json:"name"`
	Time  string `json:"time"`
	Value any    `json:"value"`
}

type ocelLink struct {
	To string `json:"objectId"`
	As string `json:"qualifier"`
}

type ocelEvent struct {
	ID         string      `json:"id"`
	Type       string      `json:"type"`
	Time       string      `json:"time"`
	Attributes []ocelValue `json:"attributes"`
	Relations  []ocelLink  `json:"relationships"`
}

type ocelValue struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

// What changes is written with the instant of each change, all else once. Of a dossier these change; the names are those of columns.
const (
	stateName = "state_name"
	dueDate   = "due"
	holder    = "holder"
)

func objectTypes() []ocelType {
	own := make([]ocelName, 0, len(columns)+1)
	for _, c := range columns {
		own = append(own, ocelName{c.name, c.kind})
	}
	return []ocelType{
		{ofDossier, append(own, ocelName{holder, text})},
		{ofStep, []ocelName{{"name", text}, {"no", integer}, {"role", text}, {"agency", text}, {dueDate, instant}}},
		{ofPromise, []ocelName{
			{"no", integer},
			{"kind", text},
			{"made_at", instant},
			{dueDate, instant},
			{"late_from", instant},
			{"calendar_revision", integer},
			{"unconfirmed", boolean},
		}},
		{ofAgency, []ocelName{{"code", text}, {"name", text}, {"kind", text}, {"level", text}, {"identifier", text}}},
	}
}

func eventTypes() []ocelType {
	var own []ocelName
	for _, c := range eventColumns {
		if c.objects {
			own = append(own, ocelName{c.name, c.kind})
		}
	}
	all := make([]ocelType, len(dossier.Kinds))
	for i, k := range dossier.Kinds {
		all[i] = ocelType{string(k), own}
	}
	return all
}

// ocel writes all objects, then all events: a file is read from its front to its end, and no reader should meet an event before the
// objects that it names.
func (l *log) ocel(lives Lives) error {
	l.line(`{"objectTypes":`)
	if err := l.json(objectTypes()); err != nil {
		return err
	}
	l.line(`,"eventTypes":`)
	if err := l.json(eventTypes()); err != nil {
		return err
	}
	l.line(`,"objects":[`)
	objects := items{log: l}
	named := map[uuid.UUID]bool{} // agencies, which are many fewer than dossiers
	err := l.each(lives, func(r *reading) error {
		l.done.Dossiers++
		r.name(named)
		for _, o := range r.objects() {
			if err := objects.add(o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, o := range l.agencies(named) {
		if err := objects.add(o); err != nil {
			return err
		}
	}
	l.line(`],"events":[`)
	events := items{log: l}
	err = l.each(lives, func(r *reading) error {
		all, err := r.ocelEvents()
		if err != nil {
			return err
		}
		for _, e := range all {
			if err := events.add(e); err != nil {
				return err
			}
		}
		return nil
	})
	l.done.Objects, l.done.Events = objects.n, events.n
	if err != nil {
		return err
	}
	_, err = l.w.WriteString("]}\n")
	return err
}

// items writes the members of an array, each on a line of its own.
type items struct {
	*log
	n int
}

func (i *items) add(v any) error {
	if i.n++; i.n > 1 {
		i.line(",")
	}
	i.line("\n")
	return i.json(v)
}

func (l *log) json(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("OCEL: %w", err)
	}
	_, err = l.w.Write(b)
	return err
}

// value is one as OCEL writes it: numbers and truth values as such, times as texts.
func (l *log) value(v any) any {
	if t, ok := v.(time.Time); ok {
		return l.written(t)
	}
	return v
}

// states gathers the attributes of an object.
type states struct {
	*log
	all []ocelState
}

const always = "1970-01-01T00:00:00Z"

func (s *states) fixed(name string, v any) {
	if !none(v) {
		s.all = append(s.all, ocelState{name, always, s.value(v)})
	}
}

// change adds a value since the instant, unless it is the same as before. A value that ends is not told: OCEL has no word for it.
func (s *states) change(name string, at time.Time, last *any, v any) {
	if none(v) {
		return
	}
	if v = s.value(v); v != *last {
		*last = v
		s.all = append(s.all, ocelState{name, s.written(at), v})
	}
}

func (r *reading) stepID(no int) string    { return r.Code + "/step/" + strconv.Itoa(no) }
func (r *reading) promiseID(no int) string { return r.Code + "/promise/" + strconv.Itoa(no) }
func (l *log) agencyID(id uuid.UUID) string {
	return "agency/" + l.agency(id)
}

// objects are the dossier with its steps and promises.
func (r *reading) objects() []ocelObject {
	all := []ocelObject{r.dossierObject()}
	for i, s := range r.Steps {
		a := states{log: r.log}
		a.fixed("name", s.Name)
		a.fixed("no", int64(s.No))
		a.fixed("role", s.Role)
		a.fixed("agency", r.agency(s.AgencyID))
		var due any
		for n, d := range r.after {
			if m := d.Steps[i].Mark; m != nil {
				a.change(dueDate, r.events[n].At, &due, m.DueAt)
			}
		}
		all = append(all, ocelObject{r.stepID(s.No), ofStep, a.all, []ocelLink{{r.agencyID(s.AgencyID), fallsTo}}})
	}
	for i, p := range r.Promises {
		a := states{log: r.log}
		a.fixed("no", int64(i+1))
		a.fixed("kind", string(p.Kind))
		a.fixed("made_at", p.MadeAt)
		a.fixed(dueDate, p.DueAt)
		a.fixed("late_from", p.LateFrom)
		if p.Revision > 0 {
			a.fixed("calendar_revision", int64(p.Revision))
		}
		a.fixed("unconfirmed", p.Unconfirmed)
		links := []ocelLink{}
		if i > 0 {
			links = append(links, ocelLink{r.promiseID(i), replaces})
		}
		all = append(all, ocelObject{r.promiseID(i + 1), ofPromise, a.all, links})
	}
	return all
}

func (r *reading) dossierObject() ocelObject {
	a := states{log: r.log}
	for _, c := range columns {
		if c.name != stateName && c.name != dueDate {
			a.fixed(c.name, c.of(r))
		}
	}
	var state, due, held any
	for n, d := range r.after {
		at := r.events[n].At
		a.change(stateName, at, &state, dossier.StateNames[d.State])
		if p := d.Promise(); p != nil {
			a.change(dueDate, at, &due, p.DueAt)
		}
		a.change(holder, at, &held, r.agency(d.HolderID))
	}
	links := []ocelLink{{r.agencyID(r.ReceivingID), receivedBy}, {r.agencyID(r.DecidingID), decidedBy}, {r.agencyID(r.Returning()), handedOut}}
	if r.HelpedID != uuid.Nil {
		links = append(links, ocelLink{r.agencyID(r.HelpedID), helpedBy})
	}
	for _, s := range r.Steps {
		links = append(links, ocelLink{r.stepID(s.No), hasStep})
	}
	for i := range r.Promises {
		links = append(links, ocelLink{r.promiseID(i + 1), hasPromise})
	}
	return ocelObject{r.Code, ofDossier, a.all, links}
}

// name notes every agency that the dossier's objects and events speak of.
func (r *reading) name(named map[uuid.UUID]bool) {
	for _, id := range []uuid.UUID{r.ReceivingID, r.DecidingID, r.HelpedID, r.Returning()} {
		named[id] = true
	}
	for _, s := range r.Steps {
		named[s.AgencyID] = true
	}
	for n, e := range r.events {
		named[e.By.AgencyID], named[r.after[n].HolderID] = true, true
	}
}

// agencies are those named and all above them, in the order of their keys.
func (l *log) agencies(named map[uuid.UUID]bool) []ocelObject {
	var all []ocelObject
	written := map[uuid.UUID]bool{uuid.Nil: true}
	for id := range named {
		for !written[id] {
			written[id] = true
			g := l.Agencies[id]
			a := states{log: l}
			a.fixed("code", g.Code)
			a.fixed("name", g.Name)
			a.fixed("kind", string(g.Kind))
			a.fixed("level", string(g.Level))
			a.fixed("identifier", g.Identifier)
			o := ocelObject{l.agencyID(id), ofAgency, a.all, []ocelLink{}}
			if id = uuid.Nil; g.ParentID != nil {
				id = *g.ParentID
				o.Relations = append(o.Relations, ocelLink{l.agencyID(id), under})
			}
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b ocelObject) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// ocelEvents are the events of the journal, each with the objects that it is about.
func (r *reading) ocelEvents() ([]ocelEvent, error) {
	all := make([]ocelEvent, len(r.events))
	for n, e := range r.events {
		x := record{n: n, Event: e}
		if n > 0 {
			var err error
			if x.work, x.paused, err = r.between(r.events[n-1].At, e.At); err != nil {
				return nil, err
			}
		}
		values := []ocelValue{}
		for _, c := range eventColumns {
			if v := c.of(r, x); c.objects && !none(v) {
				values = append(values, ocelValue{c.name, r.value(v)})
			}
		}
		all[n] = ocelEvent{r.Code + "/" + strconv.Itoa(e.Seq), string(e.Kind), r.written(e.At), values, r.links(n)}
	}
	return all, nil
}

func (r *reading) links(n int) []ocelLink {
	e, before, after := r.events[n], r.before(n), r.after[n]
	links := []ocelLink{{r.Code, theDossier}}
	if e.By.AgencyID != uuid.Nil {
		links = append(links, ocelLink{r.agencyID(e.By.AgencyID), doneBy})
	}
	if n > 0 && after.HolderID != before.HolderID {
		links = append(links, ocelLink{r.agencyID(after.HolderID), handedTo})
	}
	if s := r.ended(n); s != nil {
		links = append(links, ocelLink{r.stepID(s.No), stepEnded})
	}
	if s := r.about(n); s != nil && e.Kind != dossier.StepWasCompleted {
		link := aboutStep
		if e.Kind == dossier.StepWasTaken {
			link = stepTaken
		}
		links = append(links, ocelLink{r.stepID(s.No), link})
	}
	for _, s := range r.begun(n) {
		links = append(links, ocelLink{r.stepID(s.No), stepBegun})
	}
	for no := len(before.Promises) + 1; no <= len(after.Promises); no++ {
		links = append(links, ocelLink{r.promiseID(no), promiseMade})
	}
	return links
}
