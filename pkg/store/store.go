// Package store keeps and finds: agencies, the catalogue, staff, dossiers with their journal, alerts. It is the only package that
// knows SQL, on SQLite and on PostgreSQL alike, and it has no opinion on what may be done: that is the office's.
package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Config says where the data is.
type Config struct {
	DataDir     string       // folder of the SQLite file motcua.db; made if it is missing. Not used with PostgreSQL.
	DatabaseURL string       // of PostgreSQL (postgres://… or key=value); "" for SQLite
	MustExist   bool         // refuse to begin a database where there is none
	Log         *slog.Logger // hears of slow and broken statements, never of their arguments; nil is silence
}

// The dialects.
const (
	SQLite     = "sqlite"
	PostgreSQL = "postgres"
)

// Store is an open database. It is safe for concurrent use. A transaction travels in the context: see InTx.
type Store struct {
	dialect string
	write   *gorm.DB      // SQLite: one connection, so that writers queue here and not in the database
	read    *gorm.DB      // SQLite: several that cannot write; PostgreSQL: the same as write
	pool    *pgxpool.Pool // PostgreSQL only
	closers []func() error
	closed  atomic.Bool

	personKey atomic.Pointer[[]byte] // see personRows
}

// Open opens the database without looking at its tables; see Migrate. An error of kind Unavailable means that it cannot be reached.
func Open(ctx context.Context, c Config) (*Store, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	open := openSQLite
	if c.DatabaseURL != "" {
		open = openPostgres
	}
	s := &Store{}
	err := open(ctx, s, c)
	if err == nil && c.MustExist {
		err = s.begun()
	}
	if err != nil {
		err = s.fault("open database", err) // before it is closed, which explains everything
		_ = s.Close()                       // the first error is the one to tell
		return nil, err
	}
	return s, nil
}

// begun says whether Migrate was here before.
func (s *Store) begun() error {
	if !s.read.Migrator().HasTable(goose.DefaultTablename) {
		return errNotBegun
	}
	return nil
}

var errNotBegun = errors.New("it holds nothing of Motcua; start the server on it or import something first")

// Close lets go of the database; whatever is asked of the store afterwards is Unavailable.
func (s *Store) Close() error {
	s.closed.Store(true)
	var first error
	for i := len(s.closers) - 1; i >= 0; i-- {
		if err := s.closers[i](); err != nil && first == nil {
			first = err
		}
	}
	s.closers = nil
	return first
}

// Ping asks the database for a sign of life.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return s.fault("ping", s.reader(ctx).Raw("SELECT 1").Find(&one).Error)
}

// Dialect is SQLite or PostgreSQL.
func (s *Store) Dialect() string { return s.dialect }

func (s *Store) sqlite() bool { return s.dialect == SQLite }

// gormConfig is common to all pools. Prepared statements are the connections' business: pgx's on PostgreSQL, preparedConn's on SQLite.
func gormConfig(log *slog.Logger) *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true,
		NowFunc:                func() time.Time { return time.Time{} }, // asked at every write, used by no column of ours
		Logger: quiet{logger.NewSlogLogger(log, logger.Config{
			SlowThreshold: time.Second, LogLevel: logger.Warn, IgnoreRecordNotFoundError: true, ParameterizedQueries: true,
		})},
	}
}

// quiet keeps out of the log what is an answer and not a failure: a row that is not there or already there, a caller who left.
type quiet struct{ logger.Interface }

func (q quiet) Trace(ctx context.Context, begin time.Time, statement func() (string, int64), err error) {
	if ctx.Err() != nil || duplicate(err) {
		err = nil
	}
	q.Interface.Trace(ctx, begin, statement, err)
}

// ParamsFilter keeps arguments out of the log, where personal data has no business, and leaves of the statement as much as names it.
// GORM asks it for every statement but those that are read by Scan or Rows: there it writes the arguments in, so we read by Find.
func (q quiet) ParamsFilter(_ context.Context, statement string, _ ...any) (string, []any) {
	statement = strings.Join(strings.Fields(statement), " ")
	if len(statement) > 300 {
		statement = strings.ToValidUTF8(statement[:300], "") + " …"
	}
	return statement, nil
}

func (q quiet) LogMode(level logger.LogLevel) logger.Interface {
	return quiet{q.Interface.LogMode(level)}
}

// instant is a time as both databases keep it: UTC, whole microseconds.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

func instantOf(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := instant(*t)
	return &u
}

func idOrNil(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

func subFS(f fs.FS, dir string) (fs.FS, error) {
	sub, err := fs.Sub(f, dir)
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return sub, nil
}
