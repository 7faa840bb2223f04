package store

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/staff"
)

// reach is the set of agencies at and below a path, in a form that tells the database how much of its tables it means. Neither can
// guess that: one clerk's counter is worth an index, the whole province is not.
type reach struct {
	every bool        // no agency stands elsewhere: no condition at all
	broad bool        // a good part of them
	ids   []uuid.UUID // when they are few
	path  string
}

// few is how many agencies are named one by one.
const few = 40

func (s *Store) reach(ctx context.Context, path string) (reach, error) {
	r := reach{path: path}
	condition, arguments := under("path", path)
	var count struct{ Every, Within int64 }
	db := s.reader(ctx)
	err := db.Raw("SELECT count(*) AS every, count(*) FILTER (WHERE "+condition+") AS within FROM agencies", arguments...).Find(&count).Error
	if err != nil {
		return r, s.fault("agencies", err)
	}
	r.every, r.broad = count.Within == count.Every, count.Within*10 > count.Every
	if !r.every && count.Within <= few {
		r.ids = []uuid.UUID{}
		err = db.Raw("SELECT id FROM agencies WHERE "+condition+" ORDER BY path", arguments...).Find(&r.ids).Error
	}
	return r, s.fault("agencies", err)
}

// holds is the condition that one of the columns names an agency within reach. SQLite is kept from its indexes by a plus sign where a
// walk through everything is shorter.
func (r reach) holds(sqlite bool, columns ...string) where {
	in, arguments := " IN ?", []any{r.ids}
	switch {
	case r.every:
		return where{}
	case r.ids == nil:
		var condition string
		condition, arguments = under("path", r.path)
		in = " IN (SELECT id FROM agencies WHERE " + condition + ")"
	case len(r.ids) == 0:
		in, arguments = " IN (NULL)", nil // which nothing is
	}
	plus := ""
	if sqlite && r.broad {
		plus = "+"
	}
	any := where{}
	text := ""
	for i, c := range columns {
		if i > 0 {
			text += " OR "
		}
		text += plus + c + in
		any.arguments = append(any.arguments, arguments...)
	}
	any.conditions = []string{text}
	return any
}

// beside is the condition that a step beside the first one falls to an agency within reach, or that a step was assigned to one.
func (r reach) beside() where {
	step, desk := r.holds(false, "s.agency_id"), r.holds(false, "k.agency_id")
	if len(step.conditions) == 0 {
		return where{}
	}
	return where{
		conditions: []string{"d.id IN (SELECT s.dossier_id FROM dossier_steps s WHERE s.beside AND (" + step.conditions[0] +
			") UNION ALL SELECT k.dossier_id FROM dossier_desks k WHERE " + desk.conditions[0] + ")"},
		arguments: append(step.arguments, desk.arguments...),
	}
}

// within leaves the rows whose column names an agency at or below the path; "" leaves all.
func (s *Store) within(ctx context.Context, w *where, column, path string) error {
	if path == "" {
		return nil
	}
	r, err := s.reach(ctx, path)
	if err == nil {
		w.join(r.holds(s.sqlite(), column))
	}
	return err
}

// seen leaves the dossiers d that a scope may see: those received, decided, held or handed out by an agency at or below its path (or
// that were to be handed out there: whoever comes for the result there is told where it went), those that somebody was helped with there, and those with a step there beside the one that they are held for or with one that was assigned there.
func (s *Store) seen(ctx context.Context, w *where, scope staff.Scope) error {
	switch {
	case scope.All():
		return nil
	case scope.Path() == "":
		w.add("1 = 0")
		return nil
	}
	r, err := s.reach(ctx, scope.Path())
	if err == nil {
		w.join(r.holds(s.sqlite(), "d.receiving_id", "d.deciding_id", "d.holder_id", "d.returning_id", "d.helped_id", "d.chosen_id").or(r.beside()))
	}
	return err
}

// seenBy is seen for one dossier that is found by other means.
func (w *where) seenBy(scope staff.Scope) {
	switch {
	case scope.All():
	case scope.Path() == "":
		w.add("1 = 0")
	default:
		condition, arguments := under("a.path", scope.Path())
		w.add("EXISTS (SELECT 1 FROM agencies a WHERE a.id IN (d.receiving_id, d.deciding_id, d.holder_id, d.returning_id, d.helped_id, d.chosen_id) AND "+condition+`) OR EXISTS (
			SELECT 1 FROM dossier_steps s JOIN agencies a ON a.id = s.agency_id WHERE s.dossier_id = d.id AND s.beside AND `+condition+`) OR EXISTS (
			SELECT 1 FROM dossier_desks k JOIN agencies a ON a.id = k.agency_id WHERE k.dossier_id = d.id AND `+condition+")",
			slices.Concat(arguments, arguments, arguments)...)
	}
}
