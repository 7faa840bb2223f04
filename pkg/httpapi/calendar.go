package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// ListCalendars lists the working calendars.
func (s *server) ListCalendars(ctx context.Context, r ListCalendarsRequestObject) (ListCalendarsResponseObject, error) {
	ctx, _ = enter(ctx)
	all, err := s.Store.Calendars(ctx)
	if err != nil {
		return nil, err
	}
	items := each(all, func(c store.CalendarRevision) CalendarHead {
		return CalendarHead{
			Name: c.Name, Revision: c.Revision, Inherits: c.Inherits, Act: c.Act, RecordedAt: s.local(c.RecordedAt), Href: calendarHref(c.Name),
		}
	})
	if r.Params.Format == FormatCsv {
		t := table{header: []string{"name", "revision", "inherits", "act", "recorded_at"}}
		for _, c := range items {
			t.rows = append(t.rows, []string{c.Name, number(c.Revision), c.Inherits, c.Act, when(c.RecordedAt)})
		}
		body, length, err := t.csv()
		return ListCalendars200TextcsvResponse{Body: body, ContentLength: length}, err
	}
	return ListCalendars200JSONResponse{Items: items}, nil
}

func calendarHref(name string) string { return "/api/v1/calendars/" + url.PathEscape(name) }

// ReadCalendar shows one revision of a calendar.
func (s *server) ReadCalendar(ctx context.Context, r ReadCalendarRequestObject) (ReadCalendarResponseObject, error) {
	ctx, _ = enter(ctx)
	c, err := s.Store.Calendar(ctx, r.Name, r.Params.Revision)
	if err != nil {
		return nil, err
	}
	out, err := s.calendar(c)
	return ReadCalendar200JSONResponse(out), err
}

func (s *server) calendar(c store.CalendarRevision) (Calendar, error) {
	out := Calendar{
		Name: c.Name, Revision: c.Revision, Inherits: c.Inherits, Act: c.Act, RecordedAt: s.local(c.RecordedAt), Href: calendarHref(c.Name),
	}
	if err := json.Unmarshal(c.Definition, &out.Definition); err != nil {
		return out, fmt.Errorf("calendar %s revision %d: %w", c.Name, c.Revision, err)
	}
	if c.Inherits != "" {
		if err := json.Unmarshal(c.Written, &out.Written); err != nil {
			return out, fmt.Errorf("calendar %s revision %d: %w", c.Name, c.Revision, err)
		}
	}
	return out, nil
}

// revisionIn takes the definition as it was sent: the engine reads it itself, to the last digit.
func revisionIn(v *visit, name string) (onestop.CalendarInput, error) {
	var sent struct {
		Definition json.RawMessage `json:"definition"`
		Act        string          `json:"act"`
	}
	err := json.Unmarshal(v.body, &sent)
	return onestop.CalendarInput{Name: name, Definition: sent.Definition, Act: sent.Act}, err
}

// PreviewCalendar says what a change would do.
func (s *server) PreviewCalendar(ctx context.Context, r PreviewCalendarRequestObject) (PreviewCalendarResponseObject, error) {
	ctx, v := enter(ctx)
	in, err := revisionIn(v, r.Name)
	if err != nil {
		return nil, err
	}
	effects, err := s.Office.PreviewCalendar(ctx, v.actor, v.now, in, nil)
	if err != nil {
		return nil, err
	}
	return PreviewCalendar200JSONResponse{Items: each(effects, s.effect)}, nil
}

func (s *server) effect(e onestop.Effect) CalendarEffect {
	out := CalendarEffect{
		Calendar: e.Calendar, Revision: e.Revision, Open: e.Open, Suspended: e.Suspended, Moved: e.Moved, Later: e.Later, Earlier: e.Earlier,
		BecomeLate: e.BecomeLate, NoMoreLate: e.NoMoreLate,
	}
	out.Days = each(slices.Sorted(maps.Keys(e.Days)), func(days int) DayCount { return DayCount{Days: days, Dossiers: e.Days[days]} })
	out.Samples = each(e.Samples, func(x onestop.Shift) CalendarSample {
		return CalendarSample{Code: x.Code, Was: s.local(x.Was), Is: s.local(x.Is), BecomeLate: x.BecomeLate}
	})
	return out
}

// ReviseCalendar keeps a calendar as the next revision.
func (s *server) ReviseCalendar(ctx context.Context, r ReviseCalendarRequestObject) (ReviseCalendarResponseObject, error) {
	ctx, v := enter(ctx)
	in, err := revisionIn(v, r.Name)
	if err != nil {
		return nil, err
	}
	revision, err := s.Office.KeepCalendar(ctx, v.actor, v.now, in)
	if err != nil {
		return nil, err
	}
	c, err := s.Store.Calendar(ctx, r.Name, revision)
	if err != nil {
		return nil, err
	}
	out, err := s.calendar(c)
	return ReviseCalendar201JSONResponse(out), err
}

// ListReplans says how far dossiers have followed the revisions of a calendar.
func (s *server) ListReplans(ctx context.Context, r ListReplansRequestObject) (ListReplansResponseObject, error) {
	ctx, v := enter(ctx)
	all, err := s.Office.Replans(ctx, v.actor, r.Name)
	if err != nil {
		return nil, err
	}
	names, err := s.names(ctx, each(all, func(x store.Replan) uuid.UUID { return x.BegunBy.AgencyID })...)
	if err != nil {
		return nil, err
	}
	items := each(all, func(x store.Replan) Replan {
		return Replan{
			Revision: x.Revision, BegunAt: s.local(x.BegunAt), BegunBy: by(&x.BegunBy, names), Checked: x.Checked, Moved: x.Moved,
			Later: x.Later, Earlier: x.Earlier, BecomeLate: x.BecameLate, FinishedAt: s.localOf(x.FinishedAt),
		}
	})
	if r.Params.Format == FormatCsv {
		t := table{header: []string{"revision", "begun_at", "begun_by", "checked", "moved", "later", "earlier", "become_late", "finished_at"}}
		for _, x := range items {
			t.rows = append(t.rows, []string{
				number(x.Revision), when(x.BegunAt), x.BegunBy.Name, number(x.Checked), number(x.Moved), number(x.Later), number(x.Earlier),
				number(x.BecomeLate), when(x.FinishedAt),
			})
		}
		body, length, err := t.csv()
		return ListReplans200TextcsvResponse{Body: body, ContentLength: length}, err
	}
	return ListReplans200JSONResponse{Items: items}, nil
}

// ListRules lists the sets of deadline rules.
func (s *server) ListRules(ctx context.Context, r ListRulesRequestObject) (ListRulesResponseObject, error) {
	ctx, _ = enter(ctx)
	all, err := s.Store.RuleSets(ctx)
	if err != nil {
		return nil, err
	}
	if r.Params.Format == FormatCsv {
		t := table{header: []string{"id", "effective_from", "source", "supplement_before_steps", "supplement_in_steps", "extensions", "extension_lead_days", "forms"}}
		for _, x := range all {
			t.rows = append(t.rows, []string{
				x.ID, string(x.EffectiveFrom), x.Source, x.SupplementBeforeSteps, x.SupplementInSteps, number(x.Extension.Most),
				number(x.Extension.LeadDays), x.Forms.Act,
			})
		}
		body, length, err := t.csv()
		return ListRules200TextcsvResponse{Body: body, ContentLength: length}, err
	}
	items := make([]RuleSet, len(all))
	for i, x := range all {
		if items[i], err = recast[RuleSet](x); err != nil {
			return nil, err
		}
	}
	return ListRules200JSONResponse{Items: items}, nil
}

// AddRules adds a set of deadline rules.
func (s *server) AddRules(ctx context.Context, _ AddRulesRequestObject) (AddRulesResponseObject, error) {
	ctx, v := enter(ctx)
	if err := v.actor.Must(staff.EditCatalogue); err != nil {
		return nil, err
	}
	r, err := onestop.ReadRules(v.body)
	if err != nil {
		return nil, err
	}
	if err := s.Office.KeepRules(ctx, v.actor, v.now, r); err != nil {
		return nil, err
	}
	out, err := recast[RuleSet](r)
	return AddRules201JSONResponse(out), err
}

// recast reads one type's JSON as another: for what the contract and the noun write down alike.
func recast[T any](x any) (T, error) {
	var out T
	body, err := json.Marshal(x)
	if err == nil {
		err = json.Unmarshal(body, &out)
	}
	return out, err
}
