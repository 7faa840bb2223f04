package worktime

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The codes of everything that can be refused here: kebab-case, stable, the "code" of an error line.
const (
	// what was sent cannot be read
	CodeInvalidJSON     = "invalid-json"
	CodeLineTooLong     = "line-too-long"
	CodeUnknownField    = "unknown-field"
	CodeDuplicateField  = "duplicate-field"
	CodeMissingField    = "missing-field"
	CodeWrongType       = "wrong-type"
	CodeInvalidID       = "invalid-id"
	CodeUnknownOp       = "unknown-op"
	CodeInvalidInstant  = "invalid-instant"
	CodeNoOffset        = "instant-without-offset"
	CodeOutOfRange      = "date-out-of-range"
	CodeInternal        = "internal"
	CodeUnknownCalendar = "unknown-calendar"
	CodeCalendarFailed  = "calendar-unavailable"

	// a calendar that cannot be used
	CodeUnknownZone    = "unknown-zone"
	CodeUnknownWeekday = "unknown-weekday"
	CodeInvalidDate    = "invalid-date"
	CodeInvalidClock   = "invalid-clock"
	CodeSpanEmpty      = "span-empty"
	CodeSpanReversed   = "span-reversed"
	CodeSpanOverlap    = "span-overlap"
	CodeDuplicateDate  = "duplicate-date"
	CodeInvalidYears   = "invalid-years"
	CodeNoWorkingTime  = "no-working-time"

	// a term, extension, rule or pause that cannot be counted
	CodeUnknownUnit         = "unknown-unit"
	CodeUnknownRule         = "unknown-rule"
	CodeInvalidAmount       = "invalid-amount"
	CodeNegativeAmount      = "negative-amount"
	CodeAmountTooLarge      = "amount-too-large"
	CodeAmountFraction      = "fraction-not-allowed"
	CodeAmountNotAllowed    = "amount-not-allowed"
	CodeCutoffNotAllowed    = "cutoff-not-allowed"
	CodeExtensionNotAllowed = "extension-not-allowed"
	CodeTooManyExtensions   = "too-many-extensions"
	CodePauseReversed       = "pause-reversed"
	CodeTwoOpenPauses       = "two-open-pauses"
)

// Error is why something was refused. Code is one of the Code constants; Detail is one English sentence. Field is where it stands in the
// question ("term.value"), "" if that cannot be told. Format and Args are what Detail is made of, so that it can be said in another language.
type Error struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Field  string `json:"-"`
	Format string `json:"-"`
	Args   []any  `json:"-"`
}

// Error is code and sentence.
func (e *Error) Error() string { return e.Code + ": " + e.Detail }

func failf(code, detail string, args ...any) *Error {
	return &Error{Code: code, Detail: fmt.Sprintf(detail, args...), Format: detail, Args: args}
}

// within puts the field in which it happened before the one that the error names. The error itself may be kept by others and stays.
func within(field string, err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	if len(field) > 64 {
		field = strings.ToValidUTF8(field[:64], "") + "…"
	}
	inside := *e
	switch {
	case e.Field == "":
		inside.Field = field
	case e.Field[0] == '[':
		inside.Field = field + e.Field
	default:
		inside.Field = field + "." + e.Field
	}
	return &inside
}

// nth names an element of a list.
func nth(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

// UnknownCalendar is what a source of calendars answers for a name that it does not have.
func UnknownCalendar(name string) error {
	return failf(CodeUnknownCalendar, "no calendar is named %q", name)
}
