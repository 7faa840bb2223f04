package onestop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/worktime"
)

// CalendarInput is a calendar as somebody hands it in. Definition is JSON like configs/calendars/vn.json; with "inherits" it says only what
// differs from the calendar of that name.
type CalendarInput struct {
	Name       string
	Definition []byte
	Act        string // number and date of the decision: the legal basis of every date that moves
}

var calendarName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

// KeepCalendar writes a calendar down as the next revision, with a next revision of every calendar that inherits from it, unless nothing
// changes. The open dossiers follow afterwards: see FollowCalendars. It returns the number of the last revision. The fault is Invalid
// "calendar-invalid" when it cannot be used, Invalid on the field act when a revision after the first names no decision.
func (o *Office) KeepCalendar(ctx context.Context, actor staff.Actor, now time.Time, in CalendarInput) (int, error) {
	if err := leadsAll(actor, staff.EditCatalogue); err != nil {
		return 0, err
	}
	revision := 0
	err := o.store.InTx(ctx, func(ctx context.Context) error {
		changed, err := o.resolve(ctx, in)
		if err != nil {
			return err
		}
		if len(changed) == 0 {
			revision, err = o.store.CalendarHead(ctx, in.Name)
			return err
		}
		if strings.TrimSpace(in.Act) == "" && changed[0].Revision > 1 {
			return fieldFault("act", "required", "a calendar that open dossiers follow changes by a decision: name its number and date")
		}
		for _, c := range changed {
			c.RecordedAt, c.RecordedBy, c.Act = now, actor.Username, in.Act
			if err := o.store.AddCalendar(ctx, c.CalendarRevision); err != nil {
				return err
			}
			if c.Revision > 1 {
				if err := o.store.AddReplan(ctx, store.Replan{Calendar: c.Name, Revision: c.Revision, BegunAt: now, BegunBy: by(actor)}); err != nil {
					return err
				}
			}
		}
		revision = changed[0].Revision
		return nil
	})
	return revision, err
}

// nextRevision is a calendar as it would be.
type nextRevision struct {
	store.CalendarRevision
	compiled *worktime.Calendar
}

// resolve works out the next revision of the calendar and of all that inherit from it, itself first; empty when it says what is there.
func (o *Office) resolve(ctx context.Context, in CalendarInput) ([]nextRevision, error) {
	if !calendarName.MatchString(in.Name) {
		return nil, fault.New(fault.Invalid, "calendar-invalid", "the name must be of a-z, 0-9, dot, dash, underscore and begin with a letter or digit")
	}
	all, err := o.store.Calendars(ctx)
	if err != nil {
		return nil, err
	}
	heads := make(map[string]store.CalendarRevision, len(all))
	for _, c := range all {
		heads[c.Name] = c
	}
	first, err := lay(heads, store.CalendarRevision{Name: in.Name, Written: in.Definition})
	if err != nil {
		return nil, err
	}
	if old, there := heads[in.Name]; there && string(old.Definition) == string(first.Definition) && old.Inherits == first.Inherits {
		return nil, nil
	}
	changed := []nextRevision{first}
	for i := 0; i < len(changed); i++ {
		heads[changed[i].Name] = changed[i].CalendarRevision
		for _, c := range all {
			if c.Inherits != changed[i].Name {
				continue
			}
			next, err := lay(heads, c)
			if err != nil {
				return nil, fault.New(fault.Invalid, "calendar-invalid", "calendar %s, which inherits from it, would become useless: %v", c.Name, err)
			}
			changed = append(changed, next)
		}
	}
	return changed, nil
}

// lay puts a calendar over the one that it inherits from and compiles it.
func lay(heads map[string]store.CalendarRevision, c store.CalendarRevision) (nextRevision, error) {
	next := nextRevision{CalendarRevision: store.CalendarRevision{
		Name: c.Name, Revision: heads[c.Name].Revision + 1, Definition: c.Written, Written: c.Written,
	}}
	d, err := readDefinition(c.Written)
	if err != nil {
		return next, err
	}
	if next.Inherits = d.Inherits; d.Inherits != "" {
		for above := d.Inherits; above != ""; above = heads[above].Inherits {
			if above == c.Name {
				return next, fault.New(fault.Invalid, "calendar-invalid", "the calendar would inherit from itself")
			}
		}
		parent, there := heads[d.Inherits]
		if !there {
			return next, fault.New(fault.Invalid, "calendar-invalid", "there is no calendar %q to inherit from", d.Inherits)
		}
		over, err := readDefinition(parent.Definition)
		if err != nil {
			return next, err
		}
		d = d.Over(over)
		if next.Definition, err = json.Marshal(d); err != nil {
			return next, fmt.Errorf("calendar %s: %w", c.Name, err)
		}
	}
	next.compiled, err = compile(d)
	return next, err
}

// Calendar is the newest revision of a calendar, ready to count with.
func (o *Office) Calendar(ctx context.Context, name string) (*worktime.Calendar, int, error) {
	revision, err := o.store.CalendarHead(ctx, name)
	if err != nil {
		return nil, 0, err
	}
	c, err := o.calendarRevision(ctx, name, revision)
	return c, revision, err
}

// keptCalendar is a revision as it is kept, in full, and ready to count with.
type keptCalendar struct {
	*worktime.Calendar
	definition []byte
}

func (o *Office) calendarRevision(ctx context.Context, name string, revision int) (*worktime.Calendar, error) {
	c, err := o.keptCalendar(ctx, name, revision)
	return c.Calendar, err
}

func (o *Office) keptCalendar(ctx context.Context, name string, revision int) (keptCalendar, error) {
	key := calendarKey{name, revision}
	o.mu.Lock()
	c, there := o.calendars[key]
	o.mu.Unlock()
	if there {
		return c, nil
	}
	kept, err := o.store.Calendar(ctx, name, revision)
	if err != nil {
		return keptCalendar{}, err
	}
	c.definition = kept.Definition
	d, err := readDefinition(c.definition)
	if err == nil {
		c.Calendar, err = compile(d)
	}
	if err != nil {
		return keptCalendar{}, fmt.Errorf("calendar %s revision %d: %w", name, revision, err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calendars[key] = c
	return c, nil
}

func readDefinition(definition []byte) (worktime.Definition, error) {
	var d worktime.Definition
	if err := json.Unmarshal(definition, &d); err != nil {
		return d, calendarFault(fault.New(fault.Invalid, "calendar-invalid", "the calendar cannot be read: %v", err), err)
	}
	return d, nil
}

func compile(d worktime.Definition) (*worktime.Calendar, error) {
	c, err := worktime.Compile(d)
	if err != nil {
		return nil, calendarFault(fault.New(fault.Invalid, "calendar-invalid", "the calendar cannot be used: %v", err), err)
	}
	return c, nil
}

// calendarFault adds what the engine says of the definition.
func calendarFault(f *fault.Error, err error) error {
	if e := (*worktime.Error)(nil); errors.As(err, &e) {
		var wrong fault.Fields
		wrong.Put("definition", e.Code, fault.Text{Format: e.Format, Args: e.Args})
		f.Fields = wrong
	}
	return f
}
