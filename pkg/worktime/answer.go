package worktime

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"
)

// Answer is what a Question gets. With an Error nothing else but the ID means anything.
type Answer struct {
	ID           json.RawMessage
	Op           Op
	Due          time.Time // op due; zero while Suspended
	Suspended    bool      // op due: an open pause stands before the due date, which is written as null
	Verdict      Verdict   // op due, if a finish was given and there is a due date
	EarlyMinutes int64     // working minutes
	LateMinutes  int64     // working minutes
	Value        any       // the other ops: int64, bool or time.Time
	Unconfirmed  bool      // a year on the way has days off that are not confirmed
	Explanation  *Explanation
	Error        *Error
}

// Ask answers a question. calendars finds named calendars; it answers UnknownCalendar for a name that it does not have. With explain
// the answer to a due carries its explanation. Ask neither panics nor takes long, whatever the question.
func Ask(q Question, calendars func(name string) (*Calendar, error), explain bool) Answer {
	return asker{calendars: calendars, explain: explain}.ask(q)
}

// AskJSON is Ask for a question that is still JSON.
func AskJSON(question []byte, calendars func(name string) (*Calendar, error), explain bool) Answer {
	return asker{calendars: calendars, explain: explain}.askJSON(question)
}

type asker struct {
	calendars func(name string) (*Calendar, error)
	inline    *compiled // nil: inline calendars are compiled each time
	explain   bool
}

func (k asker) askJSON(question []byte) Answer {
	var q Question
	if err := q.UnmarshalJSON(question); err != nil {
		return Answer{ID: q.ID, Error: asError(err)}
	}
	return k.ask(q)
}

func (k asker) ask(q Question) Answer {
	a := Answer{ID: q.ID, Op: q.Op}
	if a.Op == "" {
		a.Op = OpDue
	}
	if err := k.answer(q, &a); err != nil {
		return Answer{ID: q.ID, Op: a.Op, Error: asError(err)}
	}
	return a
}

// asError keeps what is not ours to tell from reaching the line.
func asError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return failf(CodeInternal, "the question could not be answered")
}

func (k asker) calendar(ref CalendarRef) (*Calendar, error) {
	if ref.Inline != nil {
		return k.inline.calendar(ref.Inline)
	}
	if ref.Name == "" {
		return nil, failf(CodeMissingField, "calendar is missing")
	}
	if k.calendars == nil {
		return nil, UnknownCalendar(ref.Name)
	}
	c, err := k.calendars(ref.Name)
	if c == nil && err == nil {
		err = UnknownCalendar(ref.Name)
	}
	if err != nil && !errors.As(err, new(*Error)) {
		err = failf(CodeCalendarFailed, "the calendar %s could not be read", quoteShort(ref.Name))
	}
	return c, err
}

func (k asker) answer(q Question, a *Answer) error {
	c, err := k.calendar(q.Calendar)
	if err != nil {
		return within("calendar", err)
	}
	switch a.Op {
	case OpDue:
		return k.due(c, q, a)
	case OpElapsed, OpWorkingDays:
		if q.End == nil {
			return failf(CodeMissingField, "end is missing")
		}
		a.Unconfirmed = c.Unconfirmed(q.Start, *q.End)
		if a.Op == OpElapsed {
			a.Value, err = c.Elapsed(q.Start, *q.End, q.Pauses...)
		} else {
			a.Value, err = c.WorkingDays(q.Start, *q.End)
		}
	case OpIsWorking:
		a.Unconfirmed = c.Unconfirmed(q.Start, q.Start)
		a.Value, err = c.IsWorking(q.Start)
	case OpNextWorking:
		var t time.Time
		if t, err = c.NextWorking(q.Start); err == nil {
			a.Value, a.Unconfirmed = t, c.Unconfirmed(q.Start, t)
		}
	default:
		err = failf(CodeUnknownOp, "%s is not an op", quoteShort(string(a.Op)))
	}
	return err
}

func (k asker) due(c *Calendar, q Question, a *Answer) error {
	if q.Term == nil {
		return failf(CodeMissingField, "term is missing")
	}
	r := Request{Start: q.Start, Term: *q.Term, Extensions: q.Extensions, Rules: q.Rules, Pauses: q.Pauses}
	due, err := c.Due(r)
	if err != nil {
		return err
	}
	a.Due, a.Suspended, a.Unconfirmed = due.At, due.Suspended, due.Unconfirmed
	if q.Finished != nil {
		if _, err := micros(*q.Finished); err != nil {
			return within("finished", err)
		}
		if !due.Suspended {
			a.Verdict, a.EarlyMinutes, a.LateMinutes = c.Judge(due.At, *q.Finished, r.Verdict())
		}
	}
	if k.explain {
		e, err := c.Explain(r)
		if err != nil {
			return err
		}
		e.Calendar.Key = q.Calendar.Name
		a.Explanation = &e
	}
	return nil
}

// MarshalJSON writes {"id","due","verdict","early_minutes","late_minutes","explanation"}, {"id","value"} or {"id","error"}, and
// "unconfirmed":true where it is so. due is null while the clock stands; verdict and minutes are there when a finish was judged.
func (a Answer) MarshalJSON() ([]byte, error) { return a.AppendJSON(make([]byte, 0, 160)) }

// AppendJSON appends what MarshalJSON writes.
func (a Answer) AppendJSON(b []byte) ([]byte, error) {
	b = append(b, `{"id":`...)
	if a.ID == nil {
		b = append(b, "null"...)
	} else {
		b = append(b, a.ID...)
	}
	switch {
	case a.Error != nil:
		e, err := json.Marshal(a.Error)
		if err != nil {
			return nil, err
		}
		b = append(append(b, `,"error":`...), e...)
		return append(b, '}'), nil
	case a.Op != OpDue:
		b = appendValue(append(b, `,"value":`...), a.Value)
	case a.Suspended:
		b = append(b, `,"due":null`...)
	default:
		b = appendInstant(append(b, `,"due":`...), a.Due)
	}
	if a.Verdict != "" {
		b = append(append(b, `,"verdict":"`...), a.Verdict...)
		b = strconv.AppendInt(append(b, `","early_minutes":`...), a.EarlyMinutes, 10)
		b = strconv.AppendInt(append(b, `,"late_minutes":`...), a.LateMinutes, 10)
	}
	if a.Unconfirmed {
		b = append(b, `,"unconfirmed":true`...)
	}
	if a.Explanation != nil {
		e, err := json.Marshal(a.Explanation)
		if err != nil {
			return nil, err
		}
		b = append(append(b, `,"explanation":`...), e...)
	}
	return append(b, '}'), nil
}

func appendValue(b []byte, value any) []byte {
	switch v := value.(type) {
	case int64:
		return strconv.AppendInt(b, v, 10)
	case bool:
		return strconv.AppendBool(b, v)
	case time.Time:
		return appendInstant(b, v)
	default:
		return append(b, "null"...)
	}
}

func appendInstant(b []byte, t time.Time) []byte {
	return append(t.UTC().AppendFormat(append(b, '"'), timeForm), '"')
}
