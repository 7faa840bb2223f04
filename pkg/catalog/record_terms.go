package catalog

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/motcua/motcua/pkg/worktime"
)

// More reasons for review, of records as they are published.
const (
	ReviewLevelMissing = "level-missing"
	ReviewValueUnknown = "value-unknown"
	// What no rule counts with: no number, less than nothing, part of a calendar day or month, more than a hundred years.
	ReviewDeadlineUncountable = "deadline-uncountable"
)

// recordUnits are the published units of deadlines; the plain DAY is the calendar's. OTHER stands for "see the text" and is no unit,
// whatever number stands beside it.
var recordUnits = map[string]worktime.Unit{
	"working_day": worktime.WorkingDay, "ngay lam viec": worktime.WorkingDay,
	"day": worktime.CalendarDay, "calendar_day": worktime.CalendarDay, "ngay": worktime.CalendarDay,
	"hour": worktime.Hour, "gio": worktime.Hour, "minute": worktime.Minute, "phut": worktime.Minute,
	"month": worktime.Month, "thang": worktime.Month, "year": worktime.Year, "nam": worktime.Year,
}

// terms reads the deadlines, which stand in two lists: by channel, and by case of the procedure.
func (r record) terms(p *Procedure) {
	for _, one := range r.objects("deadlines") {
		p.Terms = append(p.Terms, Term{
			Channel: one.channel(p, "deadline"), Statutory: one.term(p), Text: tidy(one.text("text")), Note: tidy(one.text("note")),
		})
	}
	if text := tidy(r.text("deadline_text")); len(p.Terms) == 0 && text != "" {
		p.Terms = []Term{{Text: text}}
	}
	var published []Variant
	for _, one := range r.objects("cases") {
		v := Variant{Code: line(one.text("code")), Name: line(one.text("name")), Terms: []Term{{Statutory: one.term(p)}}, Fees: one.fees(p)}
		if sameVariant(published, v) {
			continue
		}
		published = append(published, v)
		v.Code = freeCode(p.Variants, v.Code)
		p.Variants = append(p.Variants, v)
	}
	p.reviewTerms()
}

// reviewTerms flags a procedure for which nobody can be promised a date, or two contradicting ones.
func (p *Procedure) reviewTerms() {
	var channels, cases []worktime.Term
	for _, t := range p.Terms {
		if t.Statutory != nil && !known(channels, *t.Statutory) {
			channels = append(channels, *t.Statutory)
		}
	}
	for _, v := range p.Variants {
		if t := v.Terms[0].Statutory; t != nil && !known(cases, *t) {
			cases = append(cases, *t)
		}
	}
	switch {
	case len(channels)+len(cases) == 0 && !p.reviewed(ReviewDeadlineUncountable):
		text := ""
		if len(p.Terms) > 0 {
			text = cut(line(p.Terms[0].Text+" "+p.Terms[0].Note), 120)
		}
		p.review(ReviewDeadlineMissing, "no channel and no case gives a number with a unit; the text says %q", text)
	case len(channels) == 1 && len(cases) == 1 && channels[0] != cases[0]:
		p.review(ReviewDeadlineConflict, "the channels say %s, the cases %s", termText(channels[0]), termText(cases[0]))
	}
}

// term is the deadline of a channel or case, nil where the record gives no number that can be counted with. Nought is none: what is
// done at once has no number.
func (r record) term(p *Procedure) *worktime.Term {
	unit := line(r.text("unit"))
	u, ok := recordUnits[Fold(unit)]
	if !ok {
		if f := Fold(unit); f != "" && f != "other" && f != "khac" {
			p.review(ReviewValueUnknown, "unit of deadline %q is not known; the deadline is not counted with", unit)
		}
		return nil
	}
	value := strings.Replace(line(r.text("value")), ",", ".", 1)
	if whole := strings.TrimLeft(value, "0"); whole != value { // ParseAmount is as strict as JSON, printed lists write 05
		value = whole
		if value == "" || value[0] == '.' {
			value = "0" + value
		}
	}
	if value == "" {
		return nil
	}
	t := worktime.Term{Unit: u}
	var err error
	if t.Value, err = worktime.ParseAmount(value); err == nil {
		err = t.Check()
	}
	if err != nil {
		p.review(ReviewDeadlineUncountable, "%v", err)
		return nil
	}
	if t.Value.IsZero() {
		return nil
	}
	return &t
}

func (p *Procedure) reviewed(code string) bool {
	for _, r := range p.Reviews {
		if r.Code == code {
			return true
		}
	}
	return false
}

func termText(t worktime.Term) string {
	return fmt.Sprintf("%s %s", t.Value, strings.ReplaceAll(string(t.Unit), "_", " "))
}

// sameVariant says whether the very same case was listed before: published records repeat some.
func sameVariant(all []Variant, v Variant) bool {
	for _, w := range all {
		old, term := w.Terms[0].Statutory, v.Terms[0].Statutory
		sameTerm := old == nil && term == nil || old != nil && term != nil && *old == *term
		if w.Code == v.Code && w.Name == v.Name && sameTerm {
			return true
		}
	}
	return false
}

// freeCode is the code, or the code with a number behind it where another case of the procedure bears it or there is none: dossiers
// name a case by it.
func freeCode(all []Variant, code string) string {
	taken := map[string]bool{"": true}
	for _, v := range all {
		taken[v.Code] = true
	}
	free := code
	for n := len(all) + 1; taken[free]; n++ {
		free = code + "~" + strconv.Itoa(n)
	}
	return free
}

// money is whole đồng. An amount that is none is not counted with; a text with points in it may mean thousands or fractions.
func (r record) money(p *Procedure, name string) *int64 {
	s := line(r.text(name))
	if s == "" {
		return nil
	}
	vnd, err := strconv.ParseInt(s, 10, 64)
	if raw := r.raw(name); err != nil && raw[0] != '"' {
		var f float64
		if f, err = strconv.ParseFloat(s, 64); err == nil && (f != math.Trunc(f) || math.Abs(f) > 1e15) {
			err = strconv.ErrRange
		}
		vnd = int64(f)
	}
	if err != nil || vnd < 0 {
		p.review(ReviewValueUnknown, "fee of %q is no amount in whole đồng", cut(s, 40))
		return nil
	}
	return &vnd
}
