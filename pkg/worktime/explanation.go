package worktime

// Explanation shows how a due date came about, date by date, on the office's clock.
type Explanation struct {
	Calendar  CalendarUsed    `json:"calendar"`
	Start     string          `json:"start"`         // RFC 3339 with the office's offset
	Due       string          `json:"due,omitempty"` // likewise; empty while the clock stands
	Suspended bool            `json:"suspended,omitempty"`
	Seconds   int64           `json:"seconds"` // working seconds counted, the sum over the dates
	Remarks   []Remark        `json:"remarks"` // the rules used
	Dates     []DateExplained `json:"dates"`   // from start's date to due's, or to the day on which the clock came to stand
}

// CalendarUsed names the calendar and the office hours that were in force on the way.
type CalendarUsed struct {
	Key     string     `json:"key,omitempty"` // under which whoever asked found it
	Name    Text       `json:"name,omitzero"`
	Version string     `json:"version,omitempty"`
	Zone    string     `json:"tz"`
	Weeks   []WeekUsed `json:"weeks"`
}

// WeekUsed is a version of the office's week: from is empty for the one that was always in force.
type WeekUsed struct {
	From  string `json:"from,omitempty"`
	Act   string `json:"act,omitempty"`
	Hours Week   `json:"hours"`
}

// DateExplained is one date.
type DateExplained struct {
	Date    string   `json:"date"`
	Weekday Text     `json:"weekday"`
	Kind    string   `json:"kind"` // working, weekday_off, day_off, makeup, clock_change
	Name    Text     `json:"name,omitzero"`
	Act     string   `json:"act,omitempty"`
	Day     int64    `json:"day,omitempty"` // which day of the term it is; 0: none
	Seconds int64    `json:"seconds"`       // working seconds counted on it
	Remarks []Remark `json:"remarks"`
	Parts   []Part   `json:"parts"`
}

// Part is a stretch of a date that is counted, or not, for one reason. "24:00" is the end of the date.
type Part struct {
	From    string `json:"from"`
	To      string `json:"to"`
	Counted bool   `json:"counted"`
	Seconds int64  `json:"seconds"`         // working seconds in it, counted or not
	Cause   string `json:"cause,omitempty"` // of the pause
	Remark
}
