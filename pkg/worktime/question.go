package worktime

import (
	"bytes"
	"encoding/json"
	"time"
)

// Op is what is asked.
type Op string

// The ops of the line protocol.
const (
	OpDue         Op = "due"          // when is the term used up; with finished, how that stands to it
	OpElapsed     Op = "elapsed"      // unpaused working seconds from start to end, negative when swapped
	OpWorkingDays Op = "working_days" // working dates after start's date up to end's, negative when swapped
	OpIsWorking   Op = "is_working"   // is start working time
	OpNextWorking Op = "next_working" // the next working instant at or after start
)

// CalendarRef is the calendar of a question: a name, or a definition as JSON.
type CalendarRef struct {
	Name   string
	Inline json.RawMessage
}

// Question is one line of `motcua due`, and one body of POST /api/v1/deadlines:preview. Fields that an op does not need may be there and
// have to be well formed, but change nothing.
type Question struct {
	ID         json.RawMessage // any JSON scalar, echoed byte for byte; nil is answered as null
	Op         Op              // empty means due
	Calendar   CalendarRef
	Start      time.Time
	End        *time.Time
	Term       *Term
	Extensions []Term
	Rules      Rules
	Pauses     []Pause
	Finished   *time.Time
}

var (
	questionFields  = []string{"id", "op", "calendar", "start", "end", "term", "extensions", "rules", "pauses", "finished"}
	termFields      = []string{"value", "unit", "cutoff"}
	extensionFields = []string{"value", "unit"}
	rulesFields     = []string{"first", "end", "day", "off", "verdict"}
	pauseFields     = []string{"from", "to", "cause"}
)

// UnmarshalJSON reads a question strictly; errors are *Error. On an error the ID is there all the same if it could be read. A field that is
// null is as if it were not there.
func (q *Question) UnmarshalJSON(line []byte) error {
	*q = Question{}
	if err := checkJSON(line); err != nil {
		return err
	}
	started := false
	err := eachField(line, "the question", func(name string, value []byte) (err error) {
		if isNull(value) {
			return knownField(name, "the question", questionFields)
		}
		switch name {
		case "id":
			if value[0] == '{' || value[0] == '[' {
				return failf(CodeInvalidID, "id must be a string, a number, true, false or null")
			}
			q.ID = bytes.Clone(value)
		case "op":
			var op string
			op, err = readString(value, "op")
			q.Op = Op(op)
		case "calendar":
			switch value[0] {
			case '{':
				q.Calendar.Inline = bytes.Clone(value)
			case '"':
				q.Calendar.Name, err = readString(value, "calendar")
			default:
				err = failf(CodeWrongType, "calendar must be a name or an object")
			}
		case "start":
			started = true
			q.Start, err = readInstant(value, "start")
		case "end":
			q.End, err = readOptionalInstant(value, "end")
		case "term":
			q.Term = &Term{}
			*q.Term, err = readTerm(value, "term", termFields)
		case "extensions":
			q.Extensions, err = readExtensions(value)
		case "rules":
			q.Rules, err = readRules(value)
		case "pauses":
			q.Pauses, err = readPauses(value)
		case "finished":
			q.Finished, err = readOptionalInstant(value, "finished")
		default:
			err = knownField(name, "the question", questionFields)
		}
		return err
	})
	if err == nil {
		err = q.complete(started)
	}
	return err
}

// complete says what is missing for the op.
func (q *Question) complete(started bool) error {
	missing := ""
	switch q.Op {
	case "", OpDue:
		if q.Term == nil {
			missing = "term"
		}
	case OpElapsed, OpWorkingDays:
		if q.End == nil {
			missing = "end"
		}
	case OpIsWorking, OpNextWorking:
	default:
		return within("op", failf(CodeUnknownOp, "%s is not an op; they are due, elapsed, working_days, is_working and next_working", quoteShort(string(q.Op))))
	}
	if !started {
		missing = "start"
	}
	if q.Calendar.Inline == nil && q.Calendar.Name == "" {
		missing = "calendar"
	}
	if missing != "" {
		return within(missing, failf(CodeMissingField, "%s is missing", missing))
	}
	return nil
}

// readInstant reads an instant of RFC 3339. One without an offset is refused: the clock on which wall it was read is not said.
func readInstant(value []byte, where string) (t time.Time, err error) {
	s, err := readString(value, where)
	if err != nil {
		return t, err
	}
	if t.UnmarshalText([]byte(s)) == nil {
		return t, nil
	}
	for _, form := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if _, err := time.Parse(form, s); err == nil {
			return t, failf(CodeNoOffset, "%s is %s, without an offset such as +07:00 or Z", where, quoteShort(s))
		}
	}
	return t, failf(CodeInvalidInstant, "%s is %s and not an instant of the form 2024-03-04T09:00:00+07:00", where, quoteShort(s))
}

func readOptionalInstant(value []byte, where string) (*time.Time, error) {
	t, err := readInstant(value, where)
	return &t, err
}

func readTerm(value []byte, where string, fields []string) (t Term, err error) {
	valued := false
	err = eachField(value, where, func(name string, value []byte) error {
		err := knownField(name, where, fields)
		if err != nil || isNull(value) {
			return err
		}
		switch name {
		case "value":
			valued = true
			t.Value, err = readAmount(value, where+".value")
		case "unit":
			var unit string
			unit, err = readString(value, where+".unit")
			t.Unit = Unit(unit)
		case "cutoff":
			t.Cutoff, err = readString(value, where+".cutoff")
		}
		return err
	})
	if err == nil {
		err = t.Check()
	}
	if err == nil && !valued && t.Unit != SameDay {
		err = within("value", failf(CodeMissingField, "%s.value is missing", where))
	}
	return t, err
}

func readExtensions(value []byte) (list []Term, err error) {
	err = eachElement(value, "extensions", func(value []byte) error {
		if len(list) == maxExtensions {
			return failTooManyExtensions()
		}
		t, err := readTerm(value, nth("extensions", len(list)), extensionFields)
		if err == nil {
			err = t.checkExtension()
		}
		list = append(list, t)
		return err
	})
	return list, err
}

// readAmount reads a JSON number, or a string that holds one.
func readAmount(value []byte, where string) (Amount, error) {
	switch {
	case value[0] == '"':
		s, err := readString(value, where)
		if err != nil {
			return Amount{}, err
		}
		return ParseAmount(s)
	case value[0] == '-' || value[0] >= '0' && value[0] <= '9':
		return ParseAmount(string(value))
	default:
		return Amount{}, failf(CodeWrongType, "%s must be a number", where)
	}
}

func readRules(value []byte) (r Rules, err error) {
	err = eachField(value, "rules", func(name string, value []byte) error {
		if isNull(value) {
			return knownField(name, "rules", rulesFields)
		}
		s, err := readString(value, "rules."+name)
		switch name {
		case "first":
			r.First = FirstRule(s)
		case "end":
			r.End = EndRule(s)
		case "day":
			r.Day = DayRule(s)
		case "off":
			r.Off = OffRule(s)
		case "verdict":
			r.Verdict = VerdictRule(s)
		default:
			err = knownField(name, "rules", rulesFields)
		}
		return err
	})
	if err == nil {
		err = r.Check()
	}
	return r, err
}

func readPauses(value []byte) (list []Pause, err error) {
	err = eachElement(value, "pauses", func(value []byte) error {
		var p Pause
		begun := false
		err := eachField(value, "a pause", func(name string, value []byte) (err error) {
			if isNull(value) {
				return knownField(name, "a pause", pauseFields)
			}
			switch name {
			case "from":
				begun = true
				p.From, err = readInstant(value, "pauses.from")
			case "to":
				p.To, err = readOptionalInstant(value, "pauses.to")
			case "cause":
				p.Cause, err = readString(value, "pauses.cause")
			default:
				err = knownField(name, "a pause", pauseFields)
			}
			return err
		})
		if err == nil && !begun {
			err = within("from", failf(CodeMissingField, "pauses.from is missing"))
		}
		list = append(list, p)
		return err
	})
	return list, err
}
