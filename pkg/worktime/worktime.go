// Package worktime says which hours are working hours, and when a span of them is used up.
//
// A Definition is what people write (office hours, days off, make-up days); Compile makes a Calendar of it; the Calendar answers. There
// is no clock, no file and no database here: the same question has the same answer for ever, so that anyone can check a promised date.
//
// # What is counted
//
// An instant is working when the office's own clock, read at that instant, stands inside a span of that date: half-open, so closing time
// itself is no longer working. Working time between two instants is the real time for which that held. In a zone with summer time the
// hour that is skipped cannot be worked and the hour that comes twice is worked twice; time never runs backwards.
//
// For a date a make-up day wins over a day off, and a day off over the week. A working date has some working time; its closing is the
// end of its last span, "24:00" included.
//
// # Precision and range
//
// Instants are read to the microsecond, which is what the databases keep; the rest is cut off. Calendars cover the years 1900 to 2299,
// anything outside is an error: a zero time.Time that slipped in must not become a date on somebody's receipt.
package worktime

import "time"

// Unit is what a term is counted in.
type Unit string

// The units. Any other value is an error wherever a term is used.
const (
	Minute      Unit = "minute"       // phút: working minutes
	Hour        Unit = "hour"         // giờ: working hours
	WorkingDay  Unit = "working_day"  // ngày làm việc
	CalendarDay Unit = "calendar_day" // ngày
	Month       Unit = "month"        // tháng
	Year        Unit = "year"         // năm
	SameDay     Unit = "same_day"     // trong ngày, with a cut-off if there is one

	// NoAppointment is what a catalogue says of a procedure without an appointment (không hẹn ngày). There is nothing to count, so that the
	// engine knows no such unit.
	NoAppointment Unit = "no_appointment"
)

// Dated says whether the term leads to a date at all.
func (t Term) Dated() bool { return t.Unit != NoAppointment }

// Term is how long something may take (thời hạn giải quyết).
type Term struct {
	Value  Amount `json:"value"`
	Unit   Unit   `json:"unit"`
	Cutoff string `json:"cutoff,omitempty"` // "15:00" on the office's clock; same_day only
}

// FirstRule says which date is day 0 of a term in working days.
type FirstRule string

// The first-day rules.
const (
	FirstCalendar FirstRule = "calendar" // the date of start whatever the hour (Bộ luật Dân sự 2015, Điều 147)
	FirstRoll     FirstRule = "roll"     // the date of the next working instant at or after start
)

// EndRule says at what time of its last day a term ends.
type EndRule string

// The end rules.
const (
	EndClosing  EndRule = "closing"   // closing of the last day (Điều 148)
	EndSameTime EndRule = "same_time" // the clock reading at which it began, as some receipts print it
)

// DayRule says what a term means by a working day.
type DayRule string

// The day rules.
const (
	DayDate       DayRule = "date"        // day n is the n-th working date; a fraction is that part of eight working hours
	DayOffice     DayRule = "office"      // day n is the n-th working date; a fraction is that part of the office's own hours of the date
	DayEightHours DayRule = "eight_hours" // each day is eight working hours, however long the office is open
)

// OffRule says where a term in calendar days, months or years ends whose last date is one without work.
type OffRule string

// The rules for a last date without work.
const (
	OffNext     OffRule = "next"     // on the next working date (Điều 148)
	OffPrevious OffRule = "previous" // on the last working date before it, or on the next one if none lies between it and day 0
)

// VerdictRule says whether lateness is judged by date or to the second.
type VerdictRule string

// The verdict rules.
const (
	ByDate    VerdictRule = "date"
	ByInstant VerdictRule = "instant"
)

// Rules say how a term is counted where the term itself leaves it open. The zero value means the defaults.
type Rules struct {
	First   FirstRule   `json:"first,omitempty"`
	End     EndRule     `json:"end,omitempty"`
	Day     DayRule     `json:"day,omitempty"`
	Off     OffRule     `json:"off,omitempty"`
	Verdict VerdictRule `json:"verdict,omitempty"`
}

// WithDefaults fills in what is not said: first calendar, end closing, day date, off next, verdict date. A term in minutes or hours is judged by
// the instant unless the rules say otherwise: ask VerdictFor before filling in.
func (r Rules) WithDefaults() Rules {
	if r.First == "" {
		r.First = FirstCalendar
	}
	if r.End == "" {
		r.End = EndClosing
	}
	if r.Day == "" {
		r.Day = DayDate
	}
	if r.Off == "" {
		r.Off = OffNext
	}
	if r.Verdict == "" {
		r.Verdict = ByDate
	}
	return r
}

// VerdictFor is how a term in the unit is judged: as the rules say, else by the instant for minutes and hours and by date for days.
func (r Rules) VerdictFor(u Unit) VerdictRule {
	switch {
	case r.Verdict != "":
		return r.Verdict
	case u == Minute || u == Hour:
		return ByInstant
	default:
		return ByDate
	}
}

// Check names the first rule that is not known: CodeUnknownRule. Rules that are not said are all right.
func (r Rules) Check() error {
	switch r.First {
	case "", FirstCalendar, FirstRoll:
	default:
		return failf(CodeUnknownRule, "rules.first is %q; it can be calendar or roll", r.First)
	}
	switch r.End {
	case "", EndClosing, EndSameTime:
	default:
		return failf(CodeUnknownRule, "rules.end is %q; it can be closing or same_time", r.End)
	}
	switch r.Day {
	case "", DayDate, DayOffice, DayEightHours:
	default:
		return failf(CodeUnknownRule, "rules.day is %q; it can be date, office or eight_hours", r.Day)
	}
	switch r.Off {
	case "", OffNext, OffPrevious:
	default:
		return failf(CodeUnknownRule, "rules.off is %q; it can be next or previous", r.Off)
	}
	switch r.Verdict {
	case "", ByDate, ByInstant:
	default:
		return failf(CodeUnknownRule, "rules.verdict is %q; it can be date or instant", r.Verdict)
	}
	return nil
}

// Pause is a time during which the clock of a term stands (tạm dừng tính thời hạn). To is nil while it is open. Cause is what an
// explanation prints beside it.
type Pause struct {
	From  time.Time  `json:"from"`
	To    *time.Time `json:"to,omitempty"`
	Cause string     `json:"cause,omitempty"`
}

// Request is one question for a due date.
type Request struct {
	Start      time.Time
	Term       Term
	Extensions []Term // granted after the term, in this order; at most twenty, none of nothing and none of same_day
	Rules      Rules
	Pauses     []Pause // in any order; they may overlap; at most one is open
}

// Due is the answer. At is in UTC and is the zero time when the clock stands.
type Due struct {
	At          time.Time
	Suspended   bool // an open pause began before the term was used up: there is no due date
	Unconfirmed bool // the way there passes a year whose days off are not confirmed: the date may move
}
