package eventlog

import "github.com/motcua/motcua/pkg/sheet"

// csv writes a line an event: the dossier's code, the event's columns, the dossier's.
func (l *log) csv(lives Lives) error {
	w := sheet.NewWriter(l.w)
	row := make([]string, 0, 1+len(eventColumns)+len(columns))
	row = append(row, "case_id")
	for _, c := range eventColumns {
		row = append(row, c.name)
	}
	for _, c := range columns {
		row = append(row, c.name)
	}
	if err := w.Write(row); err != nil {
		return err
	}
	own := make([]string, len(columns))
	err := l.eachTrace(lives, func(r *reading, records []record) error {
		for i, c := range columns {
			own[i] = l.written(c.of(r))
		}
		for _, x := range records {
			row = append(row[:0], r.Code)
			for _, c := range eventColumns {
				row = append(row, l.written(c.of(r, x)))
			}
			if err := w.Write(append(row, own...)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.Flush()
}
