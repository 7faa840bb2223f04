package notify

import (
	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
)

// Moment is a dossier just after one of its events: what was true then, whatever happened since.
type Moment struct {
	Dossier     dossier.Dossier
	Event       dossier.Event
	Facts       dossier.Facts
	supplements []supplement
}

// Follow goes through a journal from its first event on. The error says which event does not fit; the moments before it are sound.
func Follow(journal []dossier.Event) ([]Moment, error) {
	all := make([]Moment, 0, len(journal))
	var asked []supplement
	end, err := dossier.Replay(journal, func(before dossier.Dossier, e dossier.Event, f dossier.Facts) error {
		if n := len(all); n > 0 {
			all[n-1].close(before, &asked)
		}
		all = append(all, Moment{Event: e, Facts: f})
		return nil
	})
	n := len(all)
	switch {
	case n == 0:
	case end.Version == all[n-1].Event.Seq:
		all[n-1].close(end, &asked)
	default: // its event could not be applied
		all = all[:n-1]
	}
	return all, err
}

// close sets the dossier that the moment led to.
func (m *Moment) close(after dossier.Dossier, asked *[]supplement) {
	m.Dossier = after
	*asked = follow(*asked, *m)
	m.supplements = *asked
}

// Names is what a message calls things beyond what a journal knows.
type Names struct {
	Source    string // that the messages come from, as a URI
	Agencies  map[uuid.UUID]catalog.Agency
	FieldCode string // of the procedure's field
}
