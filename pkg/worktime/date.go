package worktime

import (
	"strconv"
	"time"
)

// date counts days from 1970-01-01, the wall clock's calendar.
type date int64

func dateOf(reading int64) date { return date(floorDiv(reading, fullDay)) }

func (d date) midnight() int64 { return int64(d) * fullDay }

// weekday counts from Monday = 0.
func (d date) weekday() int {
	n := (int64(d) + 3) % 7 // 1970-01-01 was a Thursday
	if n < 0 {
		n += 7
	}
	return int(n)
}

func (d date) time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

func (d date) year() int { return d.time().Year() }

func (d date) String() string { return d.time().Format(time.DateOnly) }

// vietnamese is the date as a sentence has it.
func (d date) vietnamese() string { return d.time().Format("02/01/2006") }

func dateFrom(year int, month time.Month, day int) date {
	return date(floorDiv(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix(), 86400))
}

// addMonths is the same day number n months on, or the last day of that month (Điều 148: "tháng").
func (d date) addMonths(n int) date {
	year, month, day := d.time().Date()
	last := time.Date(year, month+time.Month(n)+1, 0, 0, 0, 0, 0, time.UTC)
	return dateFrom(last.Year(), last.Month(), min(day, last.Day()))
}

// parseDate reads "2024-04-29"; a date that does not exist is an error.
func parseDate(s string) (date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, failf(CodeInvalidDate, "%s is not a date of the form 2024-04-29", quoteShort(s))
	}
	if t.Year() < firstYear || t.Year() > lastYear {
		return 0, failf(CodeOutOfRange, "%s lies outside the years %d to %d", s, firstYear, lastYear)
	}
	return date(floorDiv(t.Unix(), 86400)), nil
}

// parseClock reads "07:30", "07:30:15" or "24:00", in microseconds from midnight.
func parseClock(s string) (int64, error) {
	var part [3]int64
	ok := len(s) == 5 || len(s) == 8
	for i := range part {
		if at := i * 3; ok && at < len(s) {
			n, err := strconv.ParseUint(s[at:at+2], 10, 8)
			part[i] = int64(n)
			ok = err == nil && (at == 0 || s[at-1] == ':')
		}
	}
	if ok && part[0] == 24 {
		ok = part[1] == 0 && part[2] == 0
	}
	if !ok || part[0] > 24 || part[1] > 59 || part[2] > 59 {
		return 0, failf(CodeInvalidClock, "%s is not a time of day of the form 07:30, from 00:00 to 24:00", quoteShort(s))
	}
	return part[0]*hour + part[1]*minute + part[2]*second, nil
}

// clock writes a time of day: "07:30", with seconds only where there are some.
func clock(u int64) string {
	text := func(n int64) string { return strconv.FormatInt(n+100, 10)[1:] }
	s := text(u/hour) + ":" + text(u/minute%60)
	if u%minute != 0 {
		s += ":" + text(u/second%60)
	}
	return s
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
