package forms

import (
	"time"

	"github.com/motcua/motcua/pkg/worktime"
)

// explanation is how a date came about, day by day.
func explanation(e worktime.Explanation) []Block {
	blocks := []Block{{Heading: join("Ngày hẹn được tính thế nào ", foreign("How the date came about"))}}
	if name := e.Calendar.Name; name.VI+name.EN != "" {
		blocks = append(blocks, Block{Text: join(small(name.VI+" "), foreign(name.EN))})
	}
	rules := Block{}
	for _, r := range e.Remarks {
		rules.List = append(rules.List, join(r.VI+" ", foreign(r.EN)))
	}
	if len(rules.List) > 0 {
		blocks = append(blocks, rules)
	}
	t := &Table{Columns: []Column{{"", "Ngày", 18, ToLeft}, {"", "Giờ tính", 12, ToRight}, {"", "Vì sao", 70, ToLeft}}}
	for _, d := range e.Dates {
		var why Text
		for _, r := range d.Remarks {
			why = join(why, r.VI+" ", foreign(r.EN), " ")
		}
		for _, p := range d.Parts {
			if p.Seconds > 0 {
				if len(why) > 0 {
					why = join(why, "\n")
				}
				why = join(why, p.From+"–"+p.To+": "+p.VI+" ", foreign(p.EN))
			}
		}
		t.Rows = append(t.Rows, Row{Cells: []Text{plain(d.Weekday.VI + "\n" + printed(d.Date)), plain(hours(d.Seconds)), why}, Faint: d.Seconds == 0})
	}
	return append(blocks, Block{Table: t})
}

// printed is a date like 2026-11-02 as papers and pages have it.
func printed(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil { // the engine wrote it
		return date
	}
	return t.Format("02/01/2006")
}
