package worktime

// The most that a term may be: a hundred years.
const (
	maxYears  = 100
	maxMonths = maxYears * 12
	maxDays   = maxYears*365 + 25
)

// Check says whether the term can be counted: a known unit, an amount up to a hundred years, whole where a fraction has no meaning,
// and a cut-off only where there is one to keep.
func (t Term) Check() error {
	if t.Cutoff != "" {
		if t.Unit != SameDay {
			return failf(CodeCutoffNotAllowed, "a cut-off has a meaning for same_day only")
		}
		if _, err := parseClock(t.Cutoff); err != nil {
			return err
		}
	}
	whole, fraction := t.Value.split()
	var most uint64
	switch t.Unit {
	case Minute:
		most = maxDays * 24 * 60
	case Hour:
		most = maxDays * 24
	case WorkingDay:
		most = maxDays
	case CalendarDay:
		most = maxDays
	case Month:
		most = maxMonths
	case Year:
		most = maxYears
	case SameDay:
		if t.Value != (Amount{}) && t.Value != Whole(1) {
			return failf(CodeAmountNotAllowed, "same_day takes no value, and this is %s", t.Value)
		}
		return nil
	default:
		return failf(CodeUnknownUnit, "%s is not a unit; they are minute, hour, working_day, calendar_day, month, year and same_day", quoteShort(string(t.Unit)))
	}
	if whole > most || whole == most && !fraction.IsZero() {
		return failf(CodeAmountTooLarge, "%s %s is more than a hundred years", t.Value, t.Unit)
	}
	if !fraction.IsZero() && t.Unit != Minute && t.Unit != Hour && t.Unit != WorkingDay {
		return failf(CodeAmountFraction, "a part of a %s is not defined, and the value is %s", t.Unit, t.Value)
	}
	return nil
}

func (u Unit) byHours() bool { return u == Minute || u == Hour }

func (u Unit) byDates() bool { return u == CalendarDay || u == Month || u == Year }

// work is the working time that a term in minutes or hours is.
func (t Term) work() int64 {
	unit := minute
	if t.Unit == Hour {
		unit = hour
	}
	n, _ := t.Value.Times(unit)
	return n
}
