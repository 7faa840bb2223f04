package store

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm/schema"
)

// tables is every row that is kept, one of each.
var tables = []any{
	agencyRow{},
	successionRow{},
	agencyMoveRow{},
	calendarRow{},
	ruleSetRow{},
	replanRow{},
	leafRow{},
	nodeRow{},
	checkpointRow{},
	checkpointMailRow{},
	receiverRow{},
	heldDossierRow{},
	procedureRow{},
	procedureVersionRow{},
	procedureTermRow{},
	userRow{},
	tokenRow{},
	idempotencyRow{},
	dossierRow{},
	codeRow{},
	sourceRow{},
	counterRow{},
	eventRow{},
	promiseRow{},
	pauseRow{},
	stepRow{},
	deskRow{},
	personRow{},
	receiptRow{},
	personKeyRow{},
	accessRow{},
	alertRow{},
	jobRow{},
	archivedRow{},
}

// Misfit is a value that is stored otherwise than its column says. SQLite keeps whatever it is given: an id as bytes or in capitals is no id to
// whoever looks for it, and a time as text lies behind every time.
type Misfit struct {
	Name    string    // code of the dossier, or its id, or what else the row is known by
	Table   string    // where it stands
	Column  string    // that it stands in
	Dossier uuid.UUID // whose row it is; uuid.Nil where it is nobody's, or nobody's that can be read
}

// OfDossier says whether the table holds dossiers, their journals or what stands beside them.
func (m Misfit) OfDossier() bool {
	return m.derived() || slices.Contains([]string{"dossier_events", "dossier_codes", "dossier_sources", "alerts"}, m.Table)
}

// derived says whether the table holds nothing but what follows from the journal of the one dossier that a row names.
func (m Misfit) derived() bool {
	return slices.Contains([]string{
		"dossiers", "dossier_promises", "dossier_pauses", "dossier_steps", "dossier_desks", "dossier_persons", "fee_receipts",
	}, m.Table)
}

// Rewritten says whether to write the row of the dossier anew puts it right: the journal has it, and the row is found by its id.
func (m Misfit) Rewritten() bool {
	return m.derived() && m.Dossier != uuid.Nil && m.Column != "id" && m.Column != "dossier_id"
}

// String is its place, never the value.
func (m Misfit) String() string {
	return m.Table + "." + m.Column + " is not stored as its column says"
}

// plainID is what an id must look like: SQLite knows no other spelling of it.
var plainID = func() string {
	var parts []string
	for _, n := range []int{8, 4, 4, 4, 12} {
		parts = append(parts, strings.Repeat("[0-9a-f]", n))
	}
	return strings.Join(parts, "-")
}()

func isPlainID(column string) string {
	return fmt.Sprintf("(typeof(%s) = 'text' AND %s GLOB '%s')", column, column, plainID)
}

// holds is the condition under which a column holds what its row can be read from.
func holds(f *schema.Field) string {
	column := "t." + f.DBName
	is := func(class string) string { return "typeof(" + column + ") = '" + class + "'" }
	t, fit := f.FieldType, ""
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch kind := t.Kind(); {
	case t == reflect.TypeFor[uuid.UUID]():
		fit = isPlainID(column)
	case t == reflect.TypeFor[time.Time](), kind >= reflect.Int && kind <= reflect.Uint64:
		fit = is("integer")
	case kind == reflect.Bool:
		fit = "(" + is("integer") + " AND " + column + " IN (0, 1))"
	case kind == reflect.Float64:
		fit = is("real")
	case t == reflect.TypeFor[[]byte]():
		fit = is("blob")
	default:
		fit = is("text")
	}
	if f.FieldType.Kind() == reflect.Pointer {
		fit = "(" + column + " IS NULL OR " + fit + ")"
	}
	return fit
}

// Misfits lists them, of each table so many at most and of each row the first. PostgreSQL keeps nothing that does not fit.
func (s *Store) Misfits(ctx context.Context, limit int) ([]Misfit, error) {
	if !s.sqlite() {
		return nil, nil
	}
	var all []Misfit
	for _, row := range tables {
		table, err := schema.Parse(row, &schemas, schema.NamingStrategy{})
		if err != nil {
			return nil, fmt.Errorf("misfits: %w", err)
		}
		id, name := "''", "t."+table.PrimaryFieldDBNames[0]
		var which, whether []string
		for _, f := range table.Fields {
			which = append(which, fmt.Sprintf("WHEN NOT %s THEN '%s'", holds(f), f.DBName))
			whether = append(whether, "NOT "+holds(f))
			switch {
			case f.DBName == "dossier_id":
				id = "lower(CAST(t.dossier_id AS text))"
				name = "COALESCE((SELECT d.code FROM dossiers d WHERE d.id = " + id + "), t.dossier_id)"
			case table.Table == "dossiers":
				id, name = "lower(CAST(t.id AS text))", "t.code"
			}
		}
		if table.Table == "dossier_codes" {
			name = "t.code"
		}
		var found []struct{ Name, ID, Place string }
		err = s.reader(ctx).Raw(fmt.Sprintf("SELECT CAST(%s AS text) AS name, %s AS id, CASE %s END AS place FROM %s t WHERE %s LIMIT %d",
			name, id, strings.Join(which, " "), table.Table, strings.Join(whether, " OR "), limit)).Find(&found).Error
		if err != nil {
			return nil, s.fault("misfits", err)
		}
		for _, f := range found {
			of, err := uuid.Parse(f.ID)
			if err != nil {
				of = uuid.Nil
			}
			all = append(all, Misfit{Name: f.Name, Table: table.Table, Column: f.Place, Dossier: of})
		}
	}
	return all, nil
}

// left is what is left out for the sake of misfits: nothing where there are none.
type left struct {
	id, row, beside, journal where // of dossiers that are told, of their rows, of what stands beside them, of journals
	what                     map[uuid.UUID]StoredRow
}

func leaveOut(misfits []Misfit) left {
	out := left{what: map[uuid.UUID]StoredRow{}}
	if len(misfits) == 0 {
		return out
	}
	rows, journals := []uuid.UUID{uuid.Nil}, []uuid.UUID{uuid.Nil}
	for _, m := range misfits {
		switch {
		case m.Rewritten():
			rows = append(rows, m.Dossier)
			if one := out.what[m.Dossier]; !slices.Contains(one.misfits, m.String()) {
				out.what[m.Dossier] = StoredRow{row: dossierRow{Code: m.Name}, misfits: append(one.misfits, m.String())}
			}
		case m.Table == "dossier_events":
			journals = append(journals, m.Dossier)
		}
	}
	both := slices.Concat(rows, journals)
	for _, x := range []struct {
		w      *where
		column string
		ids    []uuid.UUID
	}{{&out.id, "id", journals}, {&out.row, "id", both}, {&out.beside, "dossier_id", both}, {&out.journal, "dossier_id", journals}} {
		x.w.add(isPlainID(x.column))
		x.w.add(x.column+" NOT IN ?", x.ids)
	}
	return out
}

// plain leaves out what leads to no id.
func (l left) plain(table string) string {
	if len(l.id.conditions) == 0 {
		return ""
	}
	return " AND " + isPlainID(table+".dossier_id")
}
