package httpapi

import (
	"bytes"
	"io"
	"strconv"
	"time"

	"github.com/motcua/motcua/pkg/sheet"
)

// table is a list or report on its way out as CSV.
type table struct {
	header []string
	rows   [][]string
}

// csv is the table written out, with its length.
func (t table) csv() (io.Reader, int64, error) {
	var b bytes.Buffer
	w := sheet.NewWriter(&b)
	for _, row := range append([][]string{t.header}, t.rows...) {
		if err := w.Write(row); err != nil {
			return nil, 0, err
		}
	}
	err := w.Flush()
	return &b, int64(b.Len()), err
}

// when writes a time as a cell; "" where there is none.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func number[T int | int64](n T) string { return strconv.FormatInt(int64(n), 10) }
