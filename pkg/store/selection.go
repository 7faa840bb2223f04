package store

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/staff"
)

// None is what a filter asks for dossiers that have no field, no procedure or no source; reports name their group so.
const None = "-"

// Place is one of the four agencies that a dossier has to do with (phi địa giới).
type Place string

// The places.
const (
	Decided  Place = "decided"
	Received Place = "received"
	Returned Place = "returned" // or to be
	Helped   Place = "helped"   // none, for a dossier that nobody was helped with
)

func (p Place) column() string {
	switch p {
	case Received:
		return "d.receiving_id"
	case Returned:
		return "d.returning_id"
	case Helped:
		return "d.helped_id"
	}
	return "d.deciding_id"
}

// Selection narrows what is listed and what is counted in the same words, so that a figure and the list behind it are of the same dossiers.
// What is empty does not count.
type Selection struct {
	Place        Place     // which of a dossier's agencies the next two speak of; "" is the deciding one
	AgencyPath   string    // at or below
	AgencyID     uuid.UUID // this one agency
	Field        string    // None for those without
	Procedure    string    // code; None for those without
	Level        string
	Channel      string
	SourceSystem string // None for our own
}

// selected are the dossiers d within the scope that the selection leaves.
func (s *Store) selected(ctx context.Context, scope staff.Scope, x Selection) (where, error) {
	w := where{}
	if err := errors.Join(s.seen(ctx, &w, scope), s.within(ctx, &w, x.Place.column(), x.AgencyPath)); err != nil {
		return w, err
	}
	if x.AgencyID != uuid.Nil {
		w.add(x.Place.column()+" = ?", x.AgencyID)
	}
	if x.Place == Helped { // help speaks of nothing else
		w.add("d.helped_id IS NOT NULL")
	}
	w.group("d.field", x.Field)
	w.group("d.procedure_code", x.Procedure)
	w.group("d.level", x.Level)
	w.group("d.channel", x.Channel)
	w.source(x.SourceSystem)
	return w, nil
}

// group is column = value, where None stands for the empty value.
func (w *where) group(column, value string) {
	if value == None {
		w.add(column + " = ''")
	} else {
		equal(w, column, value)
	}
}

func (w *where) source(system string) {
	if system == None {
		w.add("d.source_system IS NULL")
	} else {
		equal(w, "d.source_system", system)
	}
}
