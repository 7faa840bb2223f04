// Package fault says what went wrong when the caller can act on it: a kind, a stable code, one sentence, the fields at fault.
package fault

import (
	"errors"
	"fmt"
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

// Field is one thing wrong in what was sent.
type Field struct {
	Name   string `json:"field"`  // path as the sender wrote it: "applicant.phone", "line 12", "steps[1].agency"
	Code   string `json:"code"`   // kebab-case, stable
	Detail string `json:"detail"` // one English sentence; never repeats personal data
}

// Error is a failure that the caller can act on. Code is kebab-case, stable and listed in api/problems.yaml.
// Detail is one English sentence for whoever built the client and holds no personal data.
type Error struct {
	Kind   Kind
	Code   string
	Detail string
	Fields []Field
	cause  error
}

// New makes an Error; detail is formatted as by fmt.Sprintf.
func New(kind Kind, code, detail string, args ...any) *Error {
	if len(args) > 0 {
		detail = fmt.Sprintf(detail, args...)
	}
	return &Error{Kind: kind, Code: code, Detail: detail}
}

// Because keeps the cause for the log; it is never shown outside.
func (e *Error) Because(cause error) *Error {
	e.cause = cause
	return e
}

// Error is the sentence, with the fields behind it.
func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return e.Code + ": " + e.Detail
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

// Add notes one wrong field; detail is formatted as by fmt.Sprintf.
func (f *Fields) Add(name, code, detail string, args ...any) {
	if len(args) > 0 {
		detail = fmt.Sprintf(detail, args...)
	}
	*f = append(*f, Field{Name: name, Code: code, Detail: detail})
}

// Err is nil if nothing was noted, else an Invalid Error with the code and all fields.
func (f Fields) Err(code, detail string) error {
	if len(f) == 0 {
		return nil
	}
	e := New(Invalid, code, detail)
	e.Fields = f
	return e
}
