// Package fault says what went wrong when the caller can act on it: a kind, a stable code, one sentence, the fields at fault.
package fault

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Kind is a class of failure that a counter translates into its own terms (an HTTP status, an exit code).
// It is itself an error, so errors.Is(err, fault.NotFound) sees it through any wrapping.
type Kind string

// The kinds. A counter must know each of them; an error of no kind is our own failure, not the caller's.
const (
	Invalid              Kind = "invalid"               // what was sent means nothing or contradicts itself
	Unauthenticated      Kind = "unauthenticated"       // who are you?
	Forbidden            Kind = "forbidden"             // known, seen, but not allowed
	NotFound             Kind = "not-found"             // not there, or not for your eyes: the same answer
	Conflict             Kind = "conflict"              // the present state does not allow it
	Stale                Kind = "stale"                 // somebody else changed it since you looked
	PreconditionRequired Kind = "precondition-required" // say which version you looked at
	TooMany              Kind = "too-many"              // too often; later
	Unavailable          Kind = "unavailable"           // the database is locked or gone; try again
)

// Error makes a Kind usable as the target of errors.Is.
func (k Kind) Error() string { return string(k) }

// Text is one English sentence, with the format and the arguments that it is made of still apart, so that a counter can say it in another
// language: api/details.yaml has what each format is in Vietnamese. An argument may itself be a Text. The format is a constant where a Text
// is made; a test holds every one of them against the catalogue.
type Text struct {
	Format string
	Args   []any
}

// Say makes a Text; it reads as fmt.Sprintf would have it, and without arguments as the format stands.
func Say(format string, args ...any) Text { return Text{Format: format, Args: args} }

// String is the English sentence.
func (t Text) String() string {
	if len(t.Args) == 0 {
		return t.Format
	}
	return fmt.Sprintf(t.Format, t.Args...)
}

// Empty says whether nothing is said.
func (t Text) Empty() bool { return t.Format == "" }

// Field is one thing wrong in what was sent. Add and Put make it.
type Field struct {
	Name   string `json:"field"`  // path as the sender wrote it: "applicant.phone", "line 12", "steps[1].agency"
	Code   string `json:"code"`   // kebab-case, stable
	Detail string `json:"detail"` // one English sentence; never repeats personal data
	Said   Text   `json:"-"`      // what Detail is made of
}

// Error is a failure that the caller can act on. Code is kebab-case, stable and listed in api/problems.yaml.
// Detail is one English sentence and holds no personal data; Said is what it is made of.
type Error struct {
	Kind   Kind
	Code   string
	Detail string
	Said   Text
	Fields []Field
	cause  error
}

// New makes an Error; detail is a constant format as for fmt.Sprintf.
func New(kind Kind, code, detail string, args ...any) *Error {
	return Of(kind, code, Say(detail, args...))
}

// Of makes an Error of what was said elsewhere.
func Of(kind Kind, code string, said Text) *Error {
	return &Error{Kind: kind, Code: code, Detail: said.String(), Said: said}
}

// Because keeps the cause for the log; it is never shown outside.
func (e *Error) Because(cause error) *Error {
	e.cause = cause
	return e
}

// Error is the sentence, with the fields behind it; where the sentence is what is wrong with the one field, it is said once.
func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return e.Code + ": " + e.Detail
	}
	if f := e.Fields[0]; len(e.Fields) == 1 && f.Detail == e.Detail {
		return e.Code + ": " + f.Name + ": " + f.Detail
	}
	parts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		parts[i] = f.Name + ": " + f.Detail
	}
	return e.Code + ": " + e.Detail + " (" + strings.Join(parts, "; ") + ")"
}

// Is lets errors.Is compare with a Kind.
func (e *Error) Is(target error) bool {
	k, ok := target.(Kind)
	return ok && k == e.Kind
}

// Unwrap leads to the cause.
func (e *Error) Unwrap() error { return e.cause }

// As finds the Error inside err, nil if there is none.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// Fields gathers everything that is wrong with one thing, so that it is said at once and not piece by piece.
type Fields []Field

// Add notes one wrong field; detail is a constant format as for fmt.Sprintf.
func (f *Fields) Add(name, code, detail string, args ...any) { f.Put(name, code, Say(detail, args...)) }

// Put notes one wrong field with what was said elsewhere. What is noted already is not said twice.
func (f *Fields) Put(name, code string, said Text) {
	detail := said.String()
	if !slices.ContainsFunc(*f, func(x Field) bool { return x.Name == name && x.Code == code && x.Detail == detail }) {
		*f = append(*f, Field{Name: name, Code: code, Detail: detail, Said: said})
	}
}

// Err is nil if nothing was noted, else an Invalid Error with the code and all fields.
func (f Fields) Err(code, detail string, args ...any) error {
	if len(f) == 0 {
		return nil
	}
	e := New(Invalid, code, detail, args...)
	e.Fields = f
	return e
}
