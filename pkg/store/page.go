package store

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/motcua/motcua/pkg/fault"
)

// Page is how much of a list is wanted, and behind which place it begins.
type Page struct {
	Limit int    // 0 is 50; more than 1,000 counts as 1,000
	After string // Next of the page before; "" is the beginning
}

// Next is where the next page begins; "" at the end of the list.
type Next string

func (p Page) limit() int {
	switch {
	case p.Limit <= 0:
		return 50
	case p.Limit > 1000:
		return 1000
	}
	return p.Limit
}

// place is what a cursor holds: the order that it belongs to and the values of the last row in it.
type place struct {
	Order  string     `json:"o"`
	Text   string     `json:"t,omitempty"`
	Number int64      `json:"n,omitempty"`
	At     *time.Time `json:"a,omitempty"`
	ID     uuid.UUID  `json:"i,omitzero"`
}

func (p place) next() Next {
	b, err := json.Marshal(p)
	if err != nil { // a time beyond year 9999: the list ends there
		return ""
	}
	return Next(base64.RawURLEncoding.EncodeToString(b))
}

// place reads the cursor; nil is the beginning. One that was not made for this order is Invalid.
func (p Page) place(order string) (*place, error) {
	if p.After == "" {
		return nil, nil
	}
	invalid := fault.New(fault.Invalid, "cursor-invalid", "the cursor was not given out by this list")
	b, err := base64.RawURLEncoding.DecodeString(p.After)
	if err != nil {
		return nil, invalid
	}
	var at place
	if err := json.Unmarshal(b, &at); err != nil || at.Order != order || strings.ContainsRune(at.Text, 0) {
		return nil, invalid
	}
	return &at, nil
}

// cut takes the one row too many off a page, which was asked for only to know whether there is another page.
func cut[T any](rows []T, p Page, at func(T) place) ([]T, Next) {
	if len(rows) <= p.limit() {
		return rows, ""
	}
	rows = rows[:p.limit()]
	return rows, at(rows[len(rows)-1]).next()
}

// where gathers conditions that are joined by AND.
type where struct {
	conditions []string
	arguments  []any
}

func (w *where) add(condition string, arguments ...any) {
	w.conditions = append(w.conditions, condition)
	w.arguments = append(w.arguments, arguments...)
}

func (w *where) join(other where) {
	w.conditions = append(w.conditions, other.conditions...)
	w.arguments = append(w.arguments, other.arguments...)
}

// or is the one condition of each, either of which will do; where one of them leaves everything, so do both.
func (w where) or(other where) where {
	if len(w.conditions) == 0 || len(other.conditions) == 0 {
		return where{}
	}
	return where{[]string{w.sql() + " OR " + other.sql()}, append(append([]any(nil), w.arguments...), other.arguments...)}
}

// equal adds column = value unless the value says nothing.
func equal[T ~string](w *where, column string, value T) {
	if value != "" {
		w.add(column+" = ?", string(value))
	}
}

func flag(w *where, column string, value *bool) {
	if value != nil {
		w.add(column+" = ?", *value)
	}
}

func (w *where) sql() string {
	if len(w.conditions) == 0 {
		return "1 = 1"
	}
	return "(" + strings.Join(w.conditions, ") AND (") + ")"
}

func (w *where) on(db *gorm.DB) *gorm.DB { return db.Where(w.sql(), w.arguments...) }

// under is the condition that a path stands at or below another. Paths end with a slash; the character behind a slash is 0.
func under(column, path string) (string, []any) {
	return column + " >= ? AND " + column + " < ?", []any{path, strings.TrimSuffix(path, "/") + "0"}
}

// beginning is the condition that a text begins with another, so that an index can find it.
func beginning(column, text string) (string, []any) {
	return column + " >= ? AND " + column + " < ?", []any{text, text + "\U0010ffff"}
}

// containing is the condition that a folded text contains each word.
func (w *where) containing(column, words string) {
	for _, word := range strings.Fields(words) {
		w.add(column+` LIKE ? ESCAPE '\'`, "%"+strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(word)+"%")
	}
}
