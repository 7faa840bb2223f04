package fault

import "time"

// Instant is a moment that stands in a sentence: a person reads it to the minute, on the clock of the office. One that is in UTC, as all are
// inside, is put on that clock by the counter that says it.
type Instant time.Time

// String is the moment in an English sentence.
func (i Instant) String() string {
	t := time.Time(i)
	if t.Location() == time.UTC {
		return t.Format("15:04 UTC on 2 January 2006")
	}
	return t.Format("15:04 on 2 January 2006")
}

// Vietnamese is the moment in a Vietnamese sentence.
func (i Instant) Vietnamese() string {
	t := time.Time(i)
	if t.Location() == time.UTC {
		return t.Format("15:04 UTC ngày 02/01/2006")
	}
	return t.Format("15:04 ngày 02/01/2006")
}

// In is the sentence with every moment in it on the clock of the zone.
func (t Text) In(zone *time.Location) Text {
	args := make([]any, len(t.Args))
	for i, a := range t.Args {
		switch x := a.(type) {
		case Instant:
			if at := time.Time(x); at.Location() == time.UTC {
				a = Instant(at.In(zone))
			}
		case Text:
			a = x.In(zone)
		}
		args[i] = a
	}
	return Text{Format: t.Format, Args: args}
}
