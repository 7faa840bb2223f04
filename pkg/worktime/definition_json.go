package worktime

import (
	"encoding/json"
	"strconv"
	"strings"
)

// UnmarshalJSON reads a definition strictly: unknown fields, fields that come twice and wrong types are errors of type *Error. A field
// that is null is as if it were not there.
func (d *Definition) UnmarshalJSON(data []byte) error {
	if err := checkJSON(data); err != nil {
		return err
	}
	var out Definition
	err := eachField(data, "calendar", func(name string, value []byte) (err error) {
		if isNull(value) {
			return knownField(name, "calendar", definitionFields)
		}
		switch name {
		case "name":
			out.Name, err = readText(value, "calendar.name")
		case "version":
			out.Version, err = readString(value, "calendar.version")
		case "inherits":
			out.Inherits, err = readString(value, "calendar.inherits")
		case "tz":
			out.Zone, err = readString(value, "calendar.tz")
		case "week":
			out.Week, err = readWeek(value, "calendar.week")
		case "weeks":
			err = eachElement(value, "calendar.weeks", func(value []byte) error {
				w, err := readWeekFrom(value)
				out.Weeks = append(out.Weeks, w)
				return err
			})
		case "off":
			err = eachElement(value, "calendar.off", func(value []byte) error {
				o, err := readDayOff(value)
				out.Off = append(out.Off, o)
				return err
			})
		case "makeup":
			out.Makeup, err = readMakeup(value)
		case "confirmed":
			out.Confirmed, err = readYears(value)
		default:
			err = knownField(name, "calendar", definitionFields)
		}
		return err
	})
	if err == nil {
		*d = out
	}
	return err
}

var definitionFields = []string{"name", "version", "inherits", "tz", "week", "weeks", "off", "makeup", "confirmed"}

// knownField refuses a name that is not among the known ones.
func knownField(name, where string, known []string) error {
	for _, k := range known {
		if k == name {
			return nil
		}
	}
	return failf(CodeUnknownField, "%s has no field %s; it has %s", where, quoteShort(name), strings.Join(known, ", "))
}

func readText(value []byte, where string) (t Text, err error) {
	err = eachField(value, where, func(name string, value []byte) (err error) {
		switch name {
		case "vi":
			t.VI, err = readString(value, where+".vi")
		case "en":
			t.EN, err = readString(value, where+".en")
		default:
			err = knownField(name, where, []string{"vi", "en"})
		}
		return err
	})
	return t, err
}

func readWeek(value []byte, where string) (Week, error) {
	w := Week{}
	err := eachField(value, where, func(name string, value []byte) (err error) {
		w[name], err = readSpans(value, where+"."+name)
		return err
	})
	return w, err
}

func readSpans(value []byte, where string) (spans []Span, err error) {
	err = eachElement(value, where, func(value []byte) error {
		var s Span
		n := 0
		err := eachElement(value, where, func(value []byte) (err error) {
			if n < len(s) {
				s[n], err = readString(value, where)
			}
			n++
			return err
		})
		if err == nil && n != len(s) {
			err = failf(CodeWrongType, "%s: a span is two times of day, from and to", where)
		}
		spans = append(spans, s)
		return err
	})
	return spans, err
}

func readWeekFrom(value []byte) (w WeekFrom, err error) {
	err = eachField(value, "calendar.weeks", func(name string, value []byte) (err error) {
		switch name {
		case "from":
			w.From, err = readString(value, "calendar.weeks.from")
		case "week":
			w.Week, err = readWeek(value, "calendar.weeks.week")
		case "act":
			w.Act, err = readString(value, "calendar.weeks.act")
		default:
			err = knownField(name, "calendar.weeks", []string{"from", "week", "act"})
		}
		return err
	})
	return w, err
}

func readDayOff(value []byte) (o DayOff, err error) {
	const where = "calendar.off"
	if value[0] == '"' {
		o.Date, err = readString(value, where)
		return o, err
	}
	err = eachField(value, where, func(name string, value []byte) (err error) {
		switch name {
		case "date":
			o.Date, err = readString(value, where+".date")
		case "name":
			o.Name, err = readText(value, where+".name")
		case "act":
			o.Act, err = readString(value, where+".act")
		default:
			err = knownField(name, where, []string{"date", "name", "act"})
		}
		return err
	})
	return o, err
}

func readMakeup(value []byte) (out Makeup, err error) {
	const where = "calendar.makeup"
	if value[0] == '{' {
		err = eachField(value, where, func(name string, value []byte) error {
			hours, err := readSpans(value, where+"."+name)
			out = append(out, MakeupDay{Date: name, Hours: hours})
			return err
		})
		return out, err
	}
	err = eachElement(value, where, func(value []byte) error {
		var m MakeupDay
		err := eachField(value, where, func(name string, value []byte) (err error) {
			switch name {
			case "date":
				m.Date, err = readString(value, where+".date")
			case "hours":
				m.Hours, err = readSpans(value, where+".hours")
			case "like":
				m.Like, err = readString(value, where+".like")
			case "name":
				m.Name, err = readText(value, where+".name")
			case "act":
				m.Act, err = readString(value, where+".act")
			default:
				err = knownField(name, where, []string{"date", "hours", "like", "name", "act"})
			}
			return err
		})
		out = append(out, m)
		return err
	})
	return out, err
}

func readYears(value []byte) (*Years, error) {
	y := &Years{}
	err := eachField(value, "calendar.confirmed", func(name string, value []byte) (err error) {
		var n int
		if n, err = strconv.Atoi(string(value)); err != nil {
			return failf(CodeWrongType, "calendar.confirmed.%s must be a year", name)
		}
		switch name {
		case "first":
			y.First = n
		case "last":
			y.Last = n
		default:
			err = knownField(name, "calendar.confirmed", []string{"first", "last"})
		}
		return err
	})
	return y, err
}

// UnmarshalJSON reads a date, or an object with date, name and act.
func (o *DayOff) UnmarshalJSON(data []byte) (err error) {
	if err = checkJSON(data); err == nil {
		*o, err = readDayOff(data)
	}
	return err
}

// MarshalJSON writes the bare date when there is nothing more to say.
func (o DayOff) MarshalJSON() ([]byte, error) {
	if o == (DayOff{Date: o.Date}) {
		return json.Marshal(o.Date)
	}
	type plain DayOff
	return json.Marshal(plain(o))
}

// UnmarshalJSON reads an object from date to hours, or a list of objects.
func (m *Makeup) UnmarshalJSON(data []byte) (err error) {
	if err = checkJSON(data); err == nil {
		*m, err = readMakeup(data)
	}
	return err
}
