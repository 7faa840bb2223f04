package dossier

import "time"

// Change is a time that another system's record now says otherwise than it did.
type Change struct {
	Field   string     // received_at, due_at, finished_at or returned_at
	Was, Is *time.Time // nil where the record says, or said, nothing
	Suspect bool       // an end dated back, or a due date put off that had passed: what makes a late case look on time
}

// Changes are the times that an update of the dossier's record tells otherwise than the dossier has them. recorded is when we heard of it.
func (d Dossier) Changes(f Facts, recorded time.Time) []Change {
	if f.Foreign == nil {
		return nil
	}
	var all []Change
	add := func(c Change) {
		if (c.Was == nil) != (c.Is == nil) || c.Was != nil && !c.Was.Equal(*c.Is) {
			all = append(all, c)
		}
	}
	add(Change{Field: "received_at", Was: &d.SubmittedAt, Is: &f.Foreign.ReceivedAt})
	if f.Promise != nil {
		c := Change{Field: "due_at", Is: &f.Promise.DueAt}
		if last := d.Promise(); last != nil {
			c.Was, c.Suspect = &last.DueAt, f.Promise.LateFrom.After(last.LateFrom) && !recorded.Before(last.LateFrom)
		}
		add(c)
	}
	was, is := d.FinishedAt, f.Foreign.FinishedAt
	add(Change{Field: "finished_at", Was: was, Is: is, Suspect: was != nil && is != nil && is.Before(*was)})
	add(Change{Field: "returned_at", Was: d.ReturnedAt, Is: f.Foreign.ReturnedAt})
	return all
}
