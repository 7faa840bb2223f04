package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"gorm.io/gorm"
)

// transaction is what travels in the context of InTx.
type transaction struct {
	db     *gorm.DB
	conn   *sql.Conn // PostgreSQL only: the connection under it, for COPY
	failed error     // of an inner InTx: what was half done there must not be kept
	drawn  bool      // a dossier number was drawn
}

// txKey names a store's own transaction, so that a context can carry those of two stores.
type txKey struct{ s *Store }

// How often a transaction is begun before the database counts as unavailable. On SQLite each try has waited five seconds for the lock.
const (
	triesOnPostgreSQL = 8
	triesOnSQLite     = 2
)

// InTx runs act in one transaction; every method called with the context that act receives takes part in it and sees what it wrote.
// Inside another InTx it joins that one, which then stands or falls as a whole. The outermost runs act again when the database asks
// for it (serialisation, deadlock, lock), so act must begin from nothing each time and must do nothing but SQL.
//
// On SQLite there is one connection to write with: using an outer context inside act waits for itself.
func (s *Store) InTx(ctx context.Context, act func(ctx context.Context) error) error {
	if outer := s.tx(ctx); outer != nil {
		err := act(ctx)
		if err != nil && outer.failed == nil {
			outer.failed = err
		}
		return err
	}
	tries := triesOnPostgreSQL
	if s.sqlite() {
		tries = triesOnSQLite
	}
	for try := 1; ; try++ {
		err := s.once(ctx, act)
		if err == nil {
			return nil
		}
		if !again(err) || try == tries || ctx.Err() != nil {
			if unavailable(err) || s.closed.Load() {
				return s.fault("transaction", err)
			}
			return err // act's own, which it has already put into words
		}
		pause := time.Duration(rand.Int64N(int64(10*time.Millisecond))) << try
		select {
		case <-ctx.Done():
			return s.fault("transaction", ctx.Err())
		case <-time.After(pause):
		}
	}
}

func (s *Store) once(ctx context.Context, act func(ctx context.Context) error) (err error) {
	tx, done, err := s.begin(ctx, nil)
	if err != nil {
		return err
	}
	defer done()
	kept := false
	defer func() {
		if !kept { // also when act panics
			tx.db.Rollback()
		}
	}()
	if err := act(context.WithValue(ctx, txKey{s}, tx)); err != nil {
		return err
	}
	if tx.failed != nil {
		return fmt.Errorf("an inner part failed and its error was dropped: %w", tx.failed)
	}
	kept = true
	return tx.db.Commit().Error
}

// begin opens a transaction and says how to let go of its connection afterwards.
func (s *Store) begin(ctx context.Context, options *sql.TxOptions) (*transaction, func(), error) {
	from := s.write
	if s.sqlite() {
		if options != nil && options.ReadOnly {
			from = s.read
		}
		db := from.WithContext(ctx).Begin(&sql.TxOptions{})
		return &transaction{db: db}, func() {}, db.Error
	}
	pool, err := from.DB()
	if err != nil {
		return nil, nil, err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, nil, err
	}
	db := from.Session(&gorm.Session{NewDB: true, Context: ctx})
	db.Statement.ConnPool = conn
	if options == nil {
		options = &sql.TxOptions{}
	}
	if db = db.Begin(options); db.Error != nil {
		_ = conn.Close() // gives it back
		return nil, nil, db.Error
	}
	return &transaction{db: db, conn: conn}, func() { _ = conn.Close() }, nil
}

func (s *Store) tx(ctx context.Context) *transaction {
	tx, _ := ctx.Value(txKey{s}).(*transaction)
	return tx
}

// reader is where a read goes: the context's transaction if there is one, which must see its own writes, else the readers.
func (s *Store) reader(ctx context.Context) *gorm.DB {
	if tx := s.tx(ctx); tx != nil {
		return tx.db.WithContext(ctx)
	}
	return s.read.WithContext(ctx)
}

// writer is where a single write goes.
func (s *Store) writer(ctx context.Context) *gorm.DB {
	if tx := s.tx(ctx); tx != nil {
		return tx.db.WithContext(ctx)
	}
	return s.write.WithContext(ctx)
}

var errNoTx = errors.New("needs a transaction: call it inside InTx")

// Snapshot runs look in a transaction that sees the database as it is at one instant and changes nothing.
func (s *Store) Snapshot(ctx context.Context, look func(ctx context.Context) error) error {
	if s.tx(ctx) != nil {
		return look(ctx)
	}
	tx, done, err := s.begin(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return s.fault("snapshot", err)
	}
	defer done()
	defer tx.db.Rollback()
	return s.fault("snapshot", look(context.WithValue(ctx, txKey{s}, tx)))
}
