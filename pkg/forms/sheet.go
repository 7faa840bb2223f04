package forms

import (
	"html/template"
	"strings"
)

// What every official paper begins with.
const (
	nation = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
	motto  = "Độc lập - Tự do - Hạnh phúc"
)

// Sheet is one paper, whatever it is printed with.
type Sheet struct {
	Name       string // of its file and of the document: the form and the dossier's code
	Lying      bool   // A4 across; otherwise A5 upright
	Cited      string // act and number of the form; "" for one that no act knows
	Head       Head
	Code       string // mã hồ sơ; "" where the paper speaks of many
	Title      string // printed in capitals
	Under      []Text
	Blocks     []Block
	Recipients []string // nơi nhận
	Signatures []Signature
	Foot       []Text
	Address    string  // that the QR code leads to; "" for none
	Annex      []Block // on a leaf of its own
}

// Head is who writes, on the left, and where, on the right below the name of the nation. Above and Unit are printed in capitals.
type Head struct{ Above, Unit, Number, Place string }

// Signature is a place to sign.
type Signature struct{ Role, Note, Name string }

// Block is one part of a sheet; each uses one of the fields.
type Block struct {
	Heading Text
	Text    Text
	Fields  []Field
	List    []Text
	Table   *Table
}

// Field is a line that a form asks for.
type Field struct {
	Label string
	Value Text
}

// Table has a head that is repeated on every leaf.
type Table struct {
	Columns []Column
	Rows    []Row
}

// Column takes its share of the width. Neighbours of the same Group stand under one common head.
type Column struct {
	Group, Title string
	Share        float64
	Align        Align
}

// Align is how a column is set.
type Align string

// The ways.
const (
	ToLeft  Align = ""
	Centred Align = "c"
	ToRight Align = "r"
)

// Row is one line of a table.
type Row struct {
	Cells []Text
	Faint bool
}

// Text is a paragraph: runs of letters, each in one style. A line feed in it is kept.
type Text []Run

// Run is a piece of text in one style.
type Run struct {
	Letters string
	Style   Style
}

// Style is how a run is set.
type Style string

// The styles.
const (
	Plain   Style = ""
	Bold    Style = "b"
	Italic  Style = "i"
	Small   Style = "s"
	Foreign Style = "f" // English, for whoever does not read Vietnamese
)

// Class is the run's style on a page.
func (r Run) Class() string {
	return map[Style]string{Bold: "due", Italic: "it", Small: "small", Foreign: "en"}[r.Style]
}

func plain(s string) Text   { return Text{{s, Plain}} }
func bold(s string) Text    { return Text{{s, Bold}} }
func italic(s string) Text  { return Text{{s, Italic}} }
func small(s string) Text   { return Text{{s, Small}} }
func foreign(s string) Text { return Text{{s, Foreign}} }

// join puts texts into one; a string is plain.
func join(parts ...any) Text {
	var all Text
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			all = append(all, Run{p, Plain})
		case Text:
			all = append(all, p...)
		}
	}
	return all
}

// String is the text without its styles.
func (t Text) String() string {
	var b strings.Builder
	for _, r := range t {
		b.WriteString(r.Letters)
	}
	return b.String()
}

// field is a line of a form, or none where there is nothing to say.
func field(label, value string) []Field {
	if strings.TrimSpace(value) == "" {
		return nil
	}
	return []Field{{label, plain(value)}}
}

func fields(all ...[]Field) Block {
	var b Block
	for _, f := range all {
		b.Fields = append(b.Fields, f...)
	}
	return b
}

// Group is a head that stands over so many columns, or one column's own over both lines.
type Group struct {
	Title string
	Span  int
	Own   bool
}

// Groups is the upper line of the table's head, nil if there is but one line.
func (t Table) Groups() []Group {
	var all []Group
	grouped := false
	for i, c := range t.Columns {
		switch {
		case c.Group == "":
			all = append(all, Group{c.Title, 1, true})
		case i > 0 && t.Columns[i-1].Group == c.Group:
			all[len(all)-1].Span++
		default:
			all = append(all, Group{c.Group, 1, false})
			grouped = true
		}
	}
	if !grouped {
		return nil
	}
	return all
}

// Squares is the QR code as a path over a square of so many units; nil without an address.
func (s Sheet) Squares() *Squares {
	q, err := squares(s.Address)
	if s.Address == "" || err != nil { // an address too long for a QR code: the line of text is still there
		return nil
	}
	return &q
}

// Path is for a page.
func (q Squares) Path() template.HTMLAttr {
	var b strings.Builder
	for _, r := range q.Runs {
		b.WriteString(r.path())
	}
	return template.HTMLAttr(`d="` + b.String() + `"`) //nolint:gosec // numbers and letters of ours
}
