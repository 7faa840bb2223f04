package catalog

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode"

	"github.com/motcua/motcua/pkg/fault"
)

// record is one object of a published file, read field by field: a null, a number where a text is usual or one text where a list is
// usual are taken as they are meant; what cannot be meant is noted as wrong with the path of the field.
type record struct {
	fields map[string]json.RawMessage
	at     string // path of the object, "" for the line itself, else with a dot behind
	wrong  *fault.Fields
}

func (r record) raw(name string) json.RawMessage {
	raw := bytes.TrimSpace(r.fields[name])
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	return raw
}

// text is a string; a number or a truth value is taken as it is written.
func (r record) text(name string) string {
	s, ok := scalar(r.raw(name))
	if !ok {
		r.wrong.Add(r.at+name, "type", "is no text")
	}
	return s
}

// list is a list of texts without the empty ones; a single text counts as a list of one.
func (r record) list(name string) []string {
	raw := r.raw(name)
	if raw == nil {
		return nil
	}
	items := []json.RawMessage{raw}
	if raw[0] == '[' {
		items = nil
		if err := json.Unmarshal(raw, &items); err != nil {
			r.wrong.Add(r.at+name, "type", "is no list of texts")
			return nil
		}
	}
	var all []string
	for i, item := range items {
		s, ok := scalar(item)
		if !ok {
			r.wrong.Add(r.at+name+"["+strconv.Itoa(i)+"]", "type", "is no text")
			continue
		}
		if s = tidy(s); s != "" {
			all = append(all, s)
		}
	}
	return all
}

// objects is a list of objects; nulls in it are passed over.
func (r record) objects(name string) []record {
	raw := r.raw(name)
	if raw == nil {
		return nil
	}
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		r.wrong.Add(r.at+name, "type", "is no list")
		return nil
	}
	var all []record
	for i, item := range items {
		at := r.at + name + "[" + strconv.Itoa(i) + "]"
		if item = bytes.TrimSpace(item); string(item) == "null" {
			continue
		}
		one := record{at: at + ".", wrong: r.wrong}
		if err := json.Unmarshal(item, &one.fields); err != nil {
			r.wrong.Add(at, "type", "is no object")
			continue
		}
		all = append(all, one)
	}
	return all
}

// flag is a truth value, false where nothing is said.
func (r record) flag(name string) bool {
	switch s := Fold(r.text(name)); s {
	case "true", "1":
		return true
	case "", "false", "0":
		return false
	default:
		r.wrong.Add(r.at+name, "type", "is neither true nor false")
		return false
	}
}

// scalar is the text of a JSON string, number or truth value, "" of null; false for lists and objects.
func scalar(raw json.RawMessage) (string, bool) {
	raw = bytes.TrimSpace(raw)
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return "", true
	case raw[0] == '"':
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return "", false
		}
		return strings.ReplaceAll(s, "\x00", ""), true // no database keeps it in a text
	case raw[0] == '{' || raw[0] == '[':
		return "", false
	default:
		return string(raw), true
	}
}

// line puts a text on one line: every run of white space, visible or not, becomes one space.
func line(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || blank(r) }), " ")
}

// tidy keeps the line breaks of a text and makes plain spaces of all other white space.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		if r != '\n' && blank(r) {
			return ' '
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
	return strings.TrimSpace(s)
}

// blank is white space as it is found in published texts: no-break and zero-width spaces, byte order marks, control characters.
func blank(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || (r >= 0x200b && r <= 0x200f) || r == 0x2060 || r == 0xfeff
}

func lines(all []string) []string {
	for i := range all {
		all[i] = line(all[i])
	}
	return all
}
