package worktime

import (
	"cmp"
	"slices"
)

// Text is one sentence or name in Vietnamese and in English.
type Text struct {
	VI string `json:"vi,omitempty"`
	EN string `json:"en,omitempty"`
}

// Span is a stretch of working time on the office's clock, from and to: {"07:00", "11:30"}; "24:00" is the end of the date.
type Span [2]string

// Week gives each weekday ("mon" to "sun") its spans; a weekday that is not there is not worked.
type Week map[string][]Span

// WeekFrom is a week that is in force from a date on, until the next one.
type WeekFrom struct {
	From string `json:"from"` // "2025-07-01"
	Week Week   `json:"week"`
	Act  string `json:"act,omitempty"` // number and date of the decision
}

// DayOff is a date on which nobody works. In JSON it may be the bare date.
type DayOff struct {
	Date string `json:"date"`
	Name Text   `json:"name,omitzero"`
	Act  string `json:"act,omitempty"`
}

// MakeupDay is a date with hours of its own (ngày làm bù, or a half day): either Hours, or Like, the weekday whose hours it has.
type MakeupDay struct {
	Date  string `json:"date"`
	Hours []Span `json:"hours,omitempty"`
	Like  string `json:"like,omitempty"` // "mon": the hours that the week in force gives Mondays
	Name  Text   `json:"name,omitzero"`
	Act   string `json:"act,omitempty"`
}

// Makeup are make-up days. In JSON they are a list of MakeupDay, or an object from date to hours.
type Makeup []MakeupDay

// Years are the years whose days off are known for certain, both included.
type Years struct {
	First int `json:"first"`
	Last  int `json:"last"`
}

// Definition is a calendar as people write it. The shortest is a zone and a week.
type Definition struct {
	Name      Text       `json:"name,omitzero"`
	Version   string     `json:"version,omitempty"`  // as whoever keeps calendars counts them; printed in explanations
	Inherits  string     `json:"inherits,omitempty"` // name of the calendar that this one is laid over by whoever keeps both; see Over
	Zone      string     `json:"tz,omitempty"`       // IANA name, "Asia/Ho_Chi_Minh"
	Week      Week       `json:"week,omitempty"`     // in force before the first of Weeks
	Weeks     []WeekFrom `json:"weeks,omitempty"`
	Off       []DayOff   `json:"off,omitempty"`
	Makeup    Makeup     `json:"makeup,omitempty"`
	Confirmed *Years     `json:"confirmed,omitempty"` // nil: every year is
}

// Over is the definition laid over the one that it inherits from, an agency's over the province's. What it does not say it takes from
// the parent: zone; week together with the later weeks; confirmed years. Days off and make-up days are those of both; where they differ
// about a date, this definition wins, so that an agency can work on a day off of the province and rest on a make-up day of it.
func (d Definition) Over(parent Definition) Definition {
	d.Inherits = ""
	if d.Name == (Text{}) {
		d.Name = parent.Name
	}
	if d.Version == "" {
		d.Version = parent.Version
	}
	if d.Zone == "" {
		d.Zone = parent.Zone
	}
	if d.Week == nil && len(d.Weeks) == 0 {
		d.Week, d.Weeks = parent.Week, parent.Weeks
	}
	if d.Confirmed == nil {
		d.Confirmed = parent.Confirmed
	}
	said := make(map[string]bool, len(d.Off)+len(d.Makeup))
	for _, o := range d.Off {
		said[o.Date] = true
	}
	for _, m := range d.Makeup {
		said[m.Date] = true
	}
	off, makeup := slices.Clone(d.Off), slices.Clone(d.Makeup)
	for _, o := range parent.Off {
		if !said[o.Date] {
			off = append(off, o)
		}
	}
	for _, m := range parent.Makeup {
		if !said[m.Date] {
			makeup = append(makeup, m)
		}
	}
	slices.SortStableFunc(off, func(a, b DayOff) int { return cmp.Compare(a.Date, b.Date) })
	slices.SortStableFunc(makeup, func(a, b MakeupDay) int { return cmp.Compare(a.Date, b.Date) })
	d.Off, d.Makeup = off, makeup
	return d
}
