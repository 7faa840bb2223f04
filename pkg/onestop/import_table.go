package onestop

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
)

// foreignTable streams the records of a table of separated values, in NFC.
type foreignTable struct {
	csv     *csv.Reader
	lines   *lineFeed
	columns dossier.ForeignTable
	width   int // cells of the header
	bytes   *countingReader
	line    int // on which the record read last begins
}

// openTable reads the header and lets columns make sense of it.
func openTable(r io.Reader, columns func(header []string) (dossier.ForeignTable, error)) (*foreignTable, error) {
	t := &foreignTable{bytes: &countingReader{r: r}}
	b := bufio.NewReaderSize(t.bytes, 1<<16)
	start, err := b.Peek(1 << 16)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if bytes.HasPrefix(start, []byte("\xff\xfe")) || bytes.HasPrefix(start, []byte("\xfe\xff")) {
		return nil, wrongTable("encoding", "is UTF-16; save it as CSV in UTF-8")
	}
	if mark := []byte("\ufeff"); bytes.HasPrefix(start, mark) {
		_, _ = b.Discard(len(mark)) // was peeked at
		start = start[len(mark):]
	}
	t.lines = &lineFeed{from: bufio.NewReader(norm.NFC.Reader(b))}
	t.csv = csv.NewReader(t.lines)
	t.csv.Comma, t.csv.FieldsPerRecord, t.csv.ReuseRecord = separator(start), -1, true
	header, err := t.csv.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, wrongTable("required", "is empty")
	case err != nil:
		return nil, wrongTable("syntax", "has a header that cannot be read: %v", err)
	}
	t.width = len(header)
	t.columns, err = columns(header)
	return t, err
}

// next is the record on the next line that says anything, io.EOF at the end. A quotation mark that is opened and never closed would take
// the rest of the file for one cell; a record over several lines that makes no sense is therefore left out with its first line only, and
// reading goes on with the second.
func (t *foreignTable) next() (dossier.ForeignRecord, error) {
	for {
		t.lines.begin()
		cells, err := t.csv.Read()
		if errors.Is(err, io.EOF) {
			return dossier.ForeignRecord{}, err
		}
		t.line = t.lines.first()
		var broken *csv.ParseError
		last := t.lines.last()
		switch {
		case last > t.line && (errors.As(err, &broken) || errors.Is(err, errEndless) || err == nil && len(cells) != t.width):
			t.lines.again()
			return dossier.ForeignRecord{}, lineWrong(t.line, "", "syntax",
				"opens a quotation mark that is not closed where it should be (read as far as line %d); the line is left out, the next ones are read anew", last)
		case errors.As(err, &broken):
			return dossier.ForeignRecord{}, lineWrong(t.line, "", "syntax", "cannot be read: %v", broken.Err)
		case err != nil:
			return dossier.ForeignRecord{}, err
		}
		if strings.TrimSpace(strings.Join(cells, "")) == "" { // spreadsheets leave such rows behind
			continue
		}
		return t.columns.Read(t.line, cells)
	}
}

// lineFeed hands out one line with each Read, so that whoever reads from it is never further than the line that it asked for, and keeps
// those of the record being read, so that reading can go on from any of them.
type lineFeed struct {
	from   *bufio.Reader
	record [][]byte // its lines so far
	rest   []byte   // of the last of them, not yet handed out
	ahead  [][]byte // lines to be read once more
	gone   int      // lines before the record
}

// recordLines is more than a cell that somebody typed has.
const recordLines = 200

var errEndless = errors.New("a record does not end")

func (f *lineFeed) Read(p []byte) (int, error) {
	if len(f.rest) == 0 {
		switch {
		case len(f.record) == recordLines:
			return 0, errEndless
		case len(f.ahead) > 0:
			f.rest, f.ahead = f.ahead[0], f.ahead[1:]
		default:
			var err error
			if f.rest, err = f.from.ReadBytes('\n'); len(f.rest) == 0 {
				return 0, err
			}
		}
		if blank := string(f.rest) == "\n" || string(f.rest) == "\r\n"; blank && len(f.record) == 0 {
			f.gone++ // csv passes over it
		} else {
			f.record = append(f.record, f.rest)
		}
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// begin is said before a record is read.
func (f *lineFeed) begin() {
	f.gone += len(f.record)
	f.record = f.record[:0]
}

// first is the number of the line on which the record begins.
func (f *lineFeed) first() int { return f.gone + 1 }

func (f *lineFeed) last() int { return f.gone + len(f.record) }

// again lets the next record begin on the second line of this one.
func (f *lineFeed) again() {
	f.ahead = append(slices.Clone(f.record[1:]), f.ahead...)
	f.record = f.record[:1]
}

// separator is the one of comma, semicolon and tab that the first line holds most of, outside quotes.
func separator(start []byte) rune {
	count := map[byte]int{}
	quoted := false
	for _, c := range start {
		if c == '"' {
			quoted = !quoted
		}
		if c == '\n' && !quoted {
			break
		}
		if !quoted {
			count[c]++
		}
	}
	best := byte(',')
	for _, c := range []byte(";\t") {
		if count[c] > count[best] {
			best = c
		}
	}
	return rune(best)
}

func wrongTable(code, detail string, args ...any) error {
	var wrong fault.Fields
	wrong.Add("file", code, detail, args...)
	return wrong.Err("table-invalid", "the table cannot be read")
}

type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
