// Package sheet writes tables as CSV that a spreadsheet opens as it is meant and runs nothing of.
package sheet

import (
	"encoding/csv"
	"io"
	"strings"
	"unicode/utf8"
)

// Writer writes rows: UTF-8 with the mark by which Excel knows it, lines ended as RFC 4180 has them, and no cell that is a formula.
type Writer struct {
	to    io.Writer
	rows  *csv.Writer
	begun bool
	safe  []string
}

// NewWriter writes to w; nothing is written before the first row.
func NewWriter(w io.Writer) *Writer {
	rows := csv.NewWriter(w)
	rows.UseCRLF = true
	return &Writer{to: w, rows: rows}
}

// Write adds one row.
func (w *Writer) Write(row []string) error {
	if !w.begun {
		w.begun = true
		if _, err := io.WriteString(w.to, "\ufeff"); err != nil {
			return err
		}
	}
	w.safe = w.safe[:0]
	for _, cell := range row {
		w.safe = append(w.safe, Harmless(cell))
	}
	return w.rows.Write(w.safe)
}

// Flush passes on what is still held back; the error is the first one of all.
func (w *Writer) Flush() error {
	w.rows.Flush()
	return w.rows.Error()
}

// Harmless is the cell with an apostrophe in front where a spreadsheet would take it for a formula.
func Harmless(cell string) string {
	if first, n := utf8.DecodeRuneInString(cell); n > 0 && strings.ContainsRune("=+-@\t\r\n\x00＝＋－＠", first) {
		return "'" + cell
	}
	return cell
}
