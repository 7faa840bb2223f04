package worktime

import (
	"sync"
	"time"
)

// Inside, instants, wall-clock readings and working time are all counted in microseconds as int64: instants from 1970 in UTC, readings
// from 1970 as if the wall clock were UTC.
const (
	second  int64 = 1_000_000
	minute        = 60 * second
	hour          = 60 * minute
	fullDay       = 24 * hour
)

const (
	firstYear = 1900
	lastYear  = 2299
)

var (
	firstInstant = time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	endInstant   = time.Date(lastYear+1, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
)

// micros reads an instant; outside the years that calendars cover it is an error.
func micros(t time.Time) (int64, error) {
	if s := t.Unix(); s < firstInstant/second || s >= endInstant/second { // in seconds: the microseconds of a far year wrap round
		return 0, failf(CodeOutOfRange, "%s lies outside the years %d to %d", t.Format(time.RFC3339), firstYear, lastYear)
	}
	return t.UnixMicro(), nil
}

func instant(u int64) time.Time { return time.UnixMicro(u).UTC() }

// zone is a time zone laid out as eras of constant offset, so that a reading costs a binary search and no allocation.
type zone struct {
	loc  *time.Location
	from []int64 // instant at which era i begins; from[0] lies before every instant
	off  []int64 // what is added to an instant of era i to get the reading of the wall clock
}

var zones sync.Map // name → *zone; only names that exist get in, so it cannot grow without end

// zoneNamed loads a zone of the IANA database.
func zoneNamed(name string) (*zone, error) {
	if z, ok := zones.Load(name); ok {
		return z.(*zone), nil
	}
	if name == "" || name == "Local" { // Go reads these as UTC and as the zone of this machine: both would be guesses
		return nil, failf(CodeUnknownZone, "%q is not the name of a time zone", name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, failf(CodeUnknownZone, "%s is not the name of a time zone", quoteShort(name))
	}
	z, _ := zones.LoadOrStore(name, erasOf(loc))
	return z.(*zone), nil
}

// erasOf finds the eras of a zone over the years of calendars. ZoneBounds alone does not do: behind the end of the zone's table it can
// return the very instant that it was asked about (seen on 31 December of leap years), so the way on is at least a day and the change
// that may lie within it is searched for.
func erasOf(loc *time.Location) *zone {
	offset := func(u int64) int64 {
		_, seconds := time.UnixMicro(u).In(loc).Zone()
		return int64(seconds) * second
	}
	begin := firstInstant - 2*fullDay
	z := &zone{loc: loc, from: []int64{begin}, off: []int64{offset(begin)}}
	for at := begin; at < endInstant+2*fullDay; {
		_, bound := time.UnixMicro(at).In(loc).ZoneBounds()
		if bound.IsZero() {
			break
		}
		next := bound.UnixMicro()
		if next <= at {
			next = at + fullDay
		}
		if off := offset(next); off != z.off[len(z.off)-1] {
			same, other := at, next // whole seconds; the change lies behind the one and not behind the other
			for other-same > second {
				if mid := same + (other-same)/second/2*second; offset(mid) == off {
					other = mid
				} else {
					same = mid
				}
			}
			z.from, z.off = append(z.from, other), append(z.off, off)
		}
		at = next
	}
	return z
}

// era is the one that the instant lies in.
func (z *zone) era(u int64) int {
	last := len(z.from) - 1
	if u >= z.from[last] {
		return last
	}
	lo, hi := 0, last // from[lo] <= u < from[hi], for want of anything before era 0
	for hi-lo > 1 {
		if mid := int(uint(lo+hi) >> 1); z.from[mid] <= u {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// reading is what the wall clock shows at the instant.
func (z *zone) reading(u int64) int64 { return u + z.off[z.era(u)] }

// firstAt is the first instant at which the wall clock has reached w. Where it jumps over w that is the jump.
func (z *zone) firstAt(w int64) int64 {
	e := z.era(w - z.off[z.era(w)])
	for e > 0 && w < z.from[e]+z.off[e-1] { // the era before has not ended when it shows w
		e--
	}
	for e+1 < len(z.from) && w >= z.from[e+1]+z.off[e] {
		e++
	}
	return max(w-z.off[e], z.from[e])
}

// lastAt is the last instant at which the wall clock comes to w; it differs from firstAt where an hour comes twice.
func (z *zone) lastAt(w int64) int64 {
	e := z.era(w - z.off[z.era(w)])
	for e > 0 && w < z.from[e]+z.off[e] {
		e--
	}
	for e+1 < len(z.from) && w >= z.from[e+1]+z.off[e+1] {
		e++
	}
	u := w - z.off[e]
	if e+1 < len(z.from) {
		u = min(u, z.from[e+1])
	}
	return u
}

// endAt is the instant at which the last stretch of readings before w ends: of an hour that comes twice the second time, and the jump
// where the clock jumps over w.
func (z *zone) endAt(w int64) int64 {
	u := z.lastAt(w - 1)
	if z.reading(u) == w-1 {
		return u + 1
	}
	return u
}
