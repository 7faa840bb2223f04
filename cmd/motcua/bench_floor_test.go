package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/gorm"

	"github.com/motcua/motcua/pkg/store"
)

// pools are what stands beneath a store: GORM's handles and, on PostgreSQL, the pool of connections.
type pools struct {
	write, read *gorm.DB
	pool        *pgxpool.Pool
}

// beneath looks under the floorboards. The store itself tells nobody what it says to the database, because that is personal data; a
// benchmark over invented data may know.
func beneath(s *store.Store) pools {
	field := func(name string) any {
		f := reflect.ValueOf(s).Elem().FieldByName(name)
		return reflect.NewAt(f.Type(), f.Addr().UnsafePointer()).Elem().Interface()
	}
	return pools{field("write").(*gorm.DB), field("read").(*gorm.DB), field("pool").(*pgxpool.Pool)}
}

// statement is what the program once said to the database.
type statement struct {
	text  string
	args  []any
	reads bool  // has rows to fetch
	write bool  // SQLite: by the connection that may write
	tx    any   // the transaction that it was part of, nil for none
	rows  int64 // changed or found; -1 is not known
	err   error
	ready *sql.Stmt // SQLite
}

// ear takes down statements while it is open.
type ear struct {
	mu   sync.Mutex
	on   bool
	said []statement
}

func (e *ear) open() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.on, e.said = true, make([]statement, 0, 64)
}

func (e *ear) close() []statement {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.on = false
	return e.said
}

func (e *ear) put(b *testing.B, db *gorm.DB, write bool) {
	note := func(db *gorm.DB) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if !e.on {
			return
		}
		x := statement{text: db.Statement.SQL.String(), args: db.Statement.Vars, write: write, rows: db.RowsAffected, err: db.Error}
		if _, ok := db.Statement.ConnPool.(gorm.TxCommitter); ok {
			x.tx = db.Statement.ConnPool
		}
		e.said = append(e.said, x)
	}
	c := db.Callback()
	for _, err := range []error{
		c.Create().Register("bench", note), c.Query().Register("bench", note), c.Update().Register("bench", note),
		c.Delete().Register("bench", note), c.Row().Register("bench", note), c.Raw().Register("bench", note),
	} {
		must(b, err)
	}
}

// script is a request with what was said to the database for it and what it was answered.
type script struct {
	call
	said   []statement
	answer reply
}

func (x script) tell() {
	fmt.Printf("%s %s\n", x.method, x.path)
	for _, s := range x.said {
		where := map[bool]string{true: "in", false: "outside"}[s.tx != nil]
		fmt.Printf("  %s a transaction, %d rows: %s\n", where, s.rows, strings.Join(strings.Fields(s.text), " "))
	}
}

// floor carries scripts out.
type floor struct {
	pools
	write, read *sql.DB
	ready       map[string]*sql.Stmt
	door        door
	script      script // to be carried out for the next request
}

func newFloor(b *testing.B, s *store.Store) *floor {
	f := &floor{pools: beneath(s), ready: map[string]*sql.Stmt{}}
	if s.Dialect() == store.SQLite {
		var err error
		f.write, err = f.pools.write.DB()
		must(b, err)
		f.read, err = f.pools.read.DB()
		must(b, err)
	}
	e := gin.New()
	for _, route := range []string{
		"POST /api/v1/dossiers", "GET /api/v1/dossiers", "GET /api/v1/dossiers/:code", "POST /api/v1/dossiers/:code/actions/:action",
		"POST /api/v1/lookup", "GET /api/v1/reports/on-time",
	} {
		method, path, _ := strings.Cut(route, " ")
		e.Handle(method, path, f.answer)
	}
	f.door = openDoor(b, e)
	return f
}

// answer is the bare handler.
func (f *floor) answer(c *gin.Context) {
	if _, err := io.Copy(io.Discard, c.Request.Body); err != nil {
		c.String(http.StatusBadRequest, err.Error())
		return
	}
	if err := f.act(c.Request.Context(), f.script.said); err != nil {
		c.String(http.StatusInternalServerError, err.Error())
		return
	}
	c.Data(f.script.answer.status, f.script.answer.kind, f.script.answer.body)
}

// replay has the floor answer the request that the program answered before.
func (f *floor) replay(b *testing.B, x script) time.Duration {
	f.script = x
	r := f.door.send(b, x.call)
	if r.status != x.answer.status || len(r.body) != len(x.answer.body) {
		b.Fatalf("floor: %s %s: %d\n%s", x.method, x.path, r.status, r.body)
	}
	return r.took
}

// prepare makes arguments and statements ready.
func (f *floor) prepare(b *testing.B, x *script) {
	for i := range x.said {
		s := &x.said[i]
		if s.err != nil {
			b.Fatalf("%s %s: %s: %v", x.method, x.path, s.text, s.err)
		}
		s.reads = strings.HasPrefix(s.text, "SELECT") || strings.Contains(s.text, "RETURNING")
		args := make([]any, len(s.args))
		for j, a := range s.args {
			v, err := driver.DefaultParameterConverter.ConvertValue(a)
			must(b, err)
			args[j] = v
		}
		s.args = args
		if f.pool != nil {
			continue
		}
		db := f.read
		if s.write {
			db = f.write
		}
		key := fmt.Sprint(s.write, s.text)
		if f.ready[key] == nil {
			var err error
			f.ready[key], err = db.PrepareContext(background, s.text) //nolint:sqlclosecheck // the pool closes it in the end
			must(b, err)
		}
		s.ready = f.ready[key]
	}
}

// act says it all to the database again, with the same transactions.
func (f *floor) act(ctx context.Context, said []statement) error {
	for len(said) > 0 {
		n := 1
		for said[0].tx != nil && n < len(said) && said[n].tx == said[0].tx {
			n++
		}
		var err error
		if f.pool != nil {
			err = f.onPostgres(ctx, said[:n])
		} else {
			err = f.onSQLite(ctx, said[:n])
		}
		if err != nil {
			return err
		}
		said = said[n:]
	}
	return nil
}

func (f *floor) onSQLite(ctx context.Context, said []statement) error {
	if said[0].tx == nil {
		return said[0].onSQLite(ctx, said[0].ready)
	}
	db := f.read
	if said[0].write {
		db = f.write
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, s := range said {
		if err := s.onSQLite(ctx, tx.StmtContext(ctx, s.ready)); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func (s statement) onSQLite(ctx context.Context, ready *sql.Stmt) error {
	if !s.reads {
		done, err := ready.ExecContext(ctx, s.args...)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		return errors.Join(err, s.like(n))
	}
	rows, err := ready.QueryContext(ctx, s.args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	var n int64
	for ; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			return err
		}
	}
	return errors.Join(rows.Err(), s.like(n))
}

// onPostgres speaks to pgx itself, without database/sql between.
func (f *floor) onPostgres(ctx context.Context, said []statement) error {
	if said[0].tx == nil {
		return said[0].onPostgres(ctx, f.pool)
	}
	options := pgx.TxOptions{}
	if onlySelects(said) {
		options = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly} // as store.snapshot begins it
	}
	tx, err := f.pool.BeginTx(ctx, options)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	for _, s := range said {
		if err := s.onPostgres(ctx, tx); err != nil {
			return err
		}
	}
	return tx.Commit(ctx)
}

func onlySelects(said []statement) bool {
	for _, s := range said {
		if !strings.HasPrefix(s.text, "SELECT") || strings.Contains(s.text, "FOR UPDATE") {
			return false
		}
	}
	return true
}

func (s statement) onPostgres(ctx context.Context, db interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
},
) error {
	rows, err := db.Query(ctx, s.text, s.args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var n int64
	for ; rows.Next(); n++ {
		if _, err := rows.Values(); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%s: %w", s.text, err)
	}
	if !s.reads {
		n = rows.CommandTag().RowsAffected()
	}
	return s.like(n)
}

// like makes sure that the floor does the same work and not less.
func (s statement) like(rows int64) error {
	if s.rows >= 0 && s.rows != rows {
		return fmt.Errorf("%d rows instead of %d: %s", rows, s.rows, s.text)
	}
	return nil
}
