package forms

import (
	"fmt"

	"rsc.io/qr"
)

// Squares is a QR code: black stretches on a white field that is Size units wide.
type Squares struct {
	Size int
	Runs []stretch
}

type stretch struct{ X, Y, Width int }

func (r stretch) path() string { return fmt.Sprintf("M%d %dh%dv1h-%dz", r.X, r.Y, r.Width, r.Width) }

// quiet is the white border that a reader needs.
const quiet = 2

func squares(text string) (Squares, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return Squares{}, fmt.Errorf("qr code: %w", err)
	}
	q := Squares{Size: code.Size + 2*quiet}
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for code.Black(x, y) {
				x++
			}
			if x > from {
				q.Runs = append(q.Runs, stretch{from + quiet, y + quiet, x - from})
			}
		}
	}
	return q, nil
}
