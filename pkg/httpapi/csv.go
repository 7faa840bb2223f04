package httpapi

import (
	"bytes"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"
)

// table is a list or report on its way out as CSV.
type table struct {
	header []string
	rows   [][]string
}

// csv is the table with the mark by which Excel knows UTF-8. A cell that a spreadsheet would take for a formula gets an apostrophe in
// front.
func (t table) csv() (io.Reader, int64, error) {
	b := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(b)
	w.UseCRLF = true // RFC 4180
	for _, row := range append([][]string{t.header}, t.rows...) {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = harmless(cell)
		}
		if err := w.Write(safe); err != nil {
			return nil, 0, err
		}
	}
	w.Flush()
	return b, int64(b.Len()), w.Error()
}

func harmless(cell string) string {
	if cell == "" || !strings.ContainsAny(firstRune(cell), "=+-@\t\r\n\x00＝＋－＠") {
		return cell
	}
	return "'" + cell
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

// when writes a time as a cell; "" where there is none.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func number[T int | int64](n T) string { return strconv.FormatInt(int64(n), 10) }
