package store

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"github.com/motcua/motcua/pkg/dossier"
)

// AddDossiers keeps many dossiers with their whole journals at once, all or none: by COPY on PostgreSQL, by rows of many on SQLite. The
// fault is Conflict "dossier-exists" if one of the codes, or of the records in another system, is there already, and "receipt-taken"
// if an agency would have written one receipt twice.
func (s *Store) AddDossiers(ctx context.Context, lives []dossier.Life) error {
	var x storedRows
	var events []eventRow
	for _, l := range lives {
		if err := whole(l); err != nil {
			return err
		}
		r, err := s.project(ctx, l.Dossier)
		if err != nil {
			return err
		}
		x.add(r)
		for _, e := range l.Events {
			events = append(events, eventRowOf(e))
		}
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		for _, some := range []any{x.rows, x.codes, x.sources, events, x.promises, x.pauses, x.steps, x.desks, x.persons} {
			if err := s.pour(ctx, some); err != nil {
				return s.taken("add dossiers", err, "dossier-exists", "one of the dossiers is already there")
			}
		}
		sortReceipts(x.receipts)
		return s.taken("add receipts", s.pour(ctx, x.receipts), "receipt-taken", "a receipt number was used before")
	})
}

// whole refuses a life whose journal does not lead from the beginning to the dossier.
func whole(l dossier.Life) error {
	if len(l.Events) == 0 {
		return fmt.Errorf("dossier %s has no journal", l.Dossier.ID)
	}
	for i, e := range l.Events {
		if e.Seq != i+1 || e.DossierID != l.Dossier.ID {
			return fmt.Errorf("dossier %s: event %d stands at place %d", l.Dossier.ID, e.Seq, i+1)
		}
	}
	return fits(l.Dossier, l.Events[len(l.Events)-1])
}

// pour writes a slice of rows.
func (s *Store) pour(ctx context.Context, rows any) error {
	all := reflect.ValueOf(rows)
	if all.Len() == 0 {
		return nil
	}
	table, err := schema.Parse(all.Index(0).Addr().Interface(), &schemas, schema.NamingStrategy{})
	if err != nil {
		return err
	}
	values := func(i int) []any {
		row := make([]any, len(table.DBNames))
		for j, name := range table.DBNames {
			row[j], _ = table.FieldsByDBName[name].ValueOf(ctx, all.Index(i))
		}
		return row
	}
	if s.sqlite() {
		return pourSQLite(ctx, s.writer(ctx).Statement.ConnPool, table, all.Len(), values)
	}
	return s.tx(ctx).conn.Raw(func(driver any) error {
		_, err := driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{table.Table}, table.DBNames,
			pgx.CopyFromSlice(all.Len(), func(i int) ([]any, error) { return values(i), nil }))
		return err
	})
}

// rowsInOne is how many rows one statement writes: enough to share its cost, few enough that the last, shorter one costs little.
const rowsInOne = 64

// pourSQLite prepares one statement of many rows and runs it again and again.
func pourSQLite(ctx context.Context, tx gorm.ConnPool, table *schema.Schema, n int, values func(int) []any) error {
	var many *sql.Stmt
	row := "(?" + strings.Repeat(", ?", len(table.DBNames)-1) + ")"
	for done := 0; done < n; {
		count := min(rowsInOne, n-done)
		if many == nil || count < rowsInOne {
			statement, err := tx.PrepareContext(ctx, "INSERT INTO "+table.Table+" ("+strings.Join(table.DBNames, ", ")+") VALUES "+
				row+strings.Repeat(", "+row, count-1))
			if err != nil {
				return err
			}
			defer statement.Close()
			many = statement
		}
		arguments := make([]any, 0, count*len(table.DBNames))
		for range count {
			arguments = append(arguments, values(done)...)
			done++
		}
		if _, err := many.ExecContext(ctx, arguments...); err != nil {
			return err
		}
	}
	return nil
}

var schemas sync.Map // GORM's reading of the rows
