package onestop

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
)

// foreignTable streams the records of a table of separated values, in NFC.
type foreignTable struct {
	csv     *csv.Reader
	columns dossier.ForeignTable
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
	t.csv = csv.NewReader(norm.NFC.Reader(b))
	t.csv.Comma, t.csv.FieldsPerRecord, t.csv.ReuseRecord = separator(start), -1, true
	header, err := t.csv.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, wrongTable("required", "is empty")
	case err != nil:
		return nil, wrongTable("syntax", "has a header that cannot be read: "+err.Error())
	}
	t.columns, err = columns(header)
	return t, err
}

// next is the record on the next line that says anything, io.EOF at the end.
func (t *foreignTable) next() (dossier.ForeignRecord, error) {
	for {
		cells, err := t.csv.Read()
		var broken *csv.ParseError
		switch {
		case errors.As(err, &broken):
			t.line = broken.StartLine
			return dossier.ForeignRecord{}, err
		case err != nil:
			return dossier.ForeignRecord{}, err
		}
		t.line, _ = t.csv.FieldPos(0)
		if strings.TrimSpace(strings.Join(cells, "")) == "" { // spreadsheets leave such rows behind
			continue
		}
		return t.columns.Read(t.line, cells)
	}
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

func wrongTable(code, detail string) error {
	var wrong fault.Fields
	wrong.Add("file", code, "%s", detail)
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
