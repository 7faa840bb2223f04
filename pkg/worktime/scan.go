package worktime

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// encoding/json takes a field of another case for the field, the last of two fields of one name for the right one, and bytes that are no
// text for a question mark. Somebody who asks for a date must not get one for a question that he did not ask, so objects are taken apart
// here. What comes in has passed json.Valid.

// eachField calls f with each field of the object, also after an error, and returns the first error: who looks for one field finds it
// wherever it stands. A field that comes twice is CodeDuplicateField, anything but an object CodeWrongType; where names what is read.
func eachField(object []byte, where string, f func(name string, value []byte) error) (first error) {
	object = bytes.TrimSpace(object)
	if len(object) == 0 || object[0] != '{' {
		return failf(CodeWrongType, "%s must be an object", where)
	}
	var names fieldNames
	for i := skipSpace(object, 1); object[i] != '}'; {
		end := skipValue(object, i)
		name, err := readString(object[i:end], where)
		i = skipSpace(object, end) // at the colon
		i = skipSpace(object, i+1) // at the value
		end = skipValue(object, i)
		switch {
		case err != nil:
		case names.add(name):
			err = within(name, f(name, object[i:end]))
		default:
			err = within(name, failf(CodeDuplicateField, "%s has two fields %s", where, quoteShort(name)))
		}
		if first == nil {
			first = err
		}
		if i = skipSpace(object, end); object[i] == ',' {
			i = skipSpace(object, i+1)
		}
	}
	return first
}

// fieldNames remembers the names of an object's fields: few of them in an array, many (the dates of make-up days) in a map.
type fieldNames struct {
	few  [12]string
	n    int
	many map[string]bool
}

// add is false for a name that is there already.
func (f *fieldNames) add(name string) bool {
	for _, known := range f.few[:f.n] {
		if known == name {
			return false
		}
	}
	if f.n < len(f.few) {
		f.few[f.n] = name
		f.n++
		return true
	}
	if f.many[name] {
		return false
	}
	if f.many == nil {
		f.many = map[string]bool{}
	}
	f.many[name] = true
	return true
}

// eachElement calls f with each element of the list.
func eachElement(list []byte, where string, f func(value []byte) error) error {
	list = bytes.TrimSpace(list)
	if len(list) == 0 || list[0] != '[' {
		return failf(CodeWrongType, "%s must be a list", where)
	}
	for i, n := skipSpace(list, 1), 0; list[i] != ']'; n++ {
		end := skipValue(list, i)
		if err := f(list[i:end]); err != nil {
			return within(nth("", n), err)
		}
		if i = skipSpace(list, end); list[i] == ',' {
			i = skipSpace(list, i+1)
		}
	}
	return nil
}

func skipSpace(b []byte, i int) int {
	for b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r' {
		i++
	}
	return i
}

// skipValue is the index behind the value that begins at i.
func skipValue(b []byte, i int) int {
	depth := 0
	for ; i < len(b); i++ {
		switch b[i] {
		case '"':
			for i++; b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
			if depth == 0 {
				return i + 1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 { // behind a number
				return i
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ':', ' ', '\t', '\n', '\r':
			if depth == 0 {
				return i
			}
		}
	}
	return i
}

// readString reads a JSON string.
func readString(value []byte, where string) (string, error) {
	if len(value) < 2 || value[0] != '"' {
		return "", failf(CodeWrongType, "%s must be a string", where)
	}
	if inside := value[1 : len(value)-1]; bytes.IndexByte(inside, '\\') < 0 {
		return string(inside), nil
	}
	var s string
	if err := json.Unmarshal(value, &s); err != nil {
		return "", failf(CodeWrongType, "%s must be a string", where)
	}
	return s, nil
}

func isNull(value []byte) bool { return string(value) == "null" }

// checkJSON says whether the bytes are one JSON value in UTF-8.
func checkJSON(data []byte) error {
	if !utf8.Valid(data) {
		return failf(CodeInvalidJSON, "it is not UTF-8")
	}
	if !json.Valid(data) {
		return failf(CodeInvalidJSON, "it is not one JSON value")
	}
	return nil
}
