package demo

import (
	"fmt"
	"slices"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
)

// decisions is how many decisions the report counts for 2021 to 2023.
const decisionCount = 89

// decision published procedures (quyết định công bố).
type decision struct {
	number string
	date   catalog.Date
}

// decisions of the province's chair, the earliest first; numbers rise with the year and no two are the same.
func decisions(c chance) []decision {
	first := time.Date(2021, 1, 11, 0, 0, 0, 0, time.UTC)
	days := map[int]bool{}
	for len(days) < decisionCount {
		day := c.IntN(3*365 - 30)
		if wd := first.AddDate(0, 0, day).Weekday(); wd != time.Saturday && wd != time.Sunday {
			days[day] = true
		}
	}
	all := make([]decision, 0, decisionCount)
	sorted := make([]int, 0, decisionCount)
	for day := range days {
		sorted = append(sorted, day)
	}
	slices.Sort(sorted)
	for _, day := range sorted {
		on := first.AddDate(0, 0, day)
		// An office of this size signs about six decisions a day.
		number := on.YearDay()*6 + c.IntN(6)
		all = append(all, decision{fmt.Sprintf("%d/QĐ-UBND", number), catalog.Date(on.Format(time.DateOnly))})
	}
	return all
}
