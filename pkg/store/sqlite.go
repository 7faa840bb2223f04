package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	sqlitedriver "modernc.org/sqlite"
)

// A pragma set once on a pool would hold for one of its connections, so all of them stand in the data source name. Transactions take
// the write lock when they begin: one that reads first and writes later cannot be upgraded while another waits to write, and no
// waiting time helps it. Times are integers in columns declared datetime, since texts in mixed zones do not order.
const sqliteCommon = "_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)" +
	"&_time_integer_format=unix_micro&_inttotime=1"

// A receipt handed to a citizen survives a power cut: synchronous FULL waits for the disk at every commit.
const (
	sqliteWriter = sqliteCommon + "&_txlock=immediate&_pragma=synchronous(FULL)&_pragma=cache_size(-65536)"
	sqliteReader = sqliteCommon + "&_txlock=deferred&_pragma=query_only(1)&_pragma=cache_size(-8192)"
)

func openSQLite(ctx context.Context, s *Store, c Config) error {
	s.dialect = SQLite
	if c.DataDir == "" {
		return errors.New("no folder is named for the database")
	}
	path := filepath.Join(c.DataDir, "motcua.db")
	if _, err := os.Stat(path); c.MustExist && errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is none in folder %s; name another, start the server on it or import something first", c.DataDir)
	}
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) // SQLite would make it readable for everybody
	if err != nil {
		return fmt.Errorf("database file: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("database file: %w", err)
	}
	name := "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?"
	if s.write, err = s.sqlitePool(ctx, c, name+sqliteWriter, 1); err == nil {
		s.read, err = s.sqlitePool(ctx, c, name+sqliteReader, max(4, runtime.NumCPU()))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func (s *Store) sqlitePool(ctx context.Context, c Config, name string, connections int) (*gorm.DB, error) {
	connector, err := sqlitedriver.NewConnector(name)
	if err != nil {
		return nil, fmt.Errorf("open SQLite: %w", err)
	}
	pool := sql.OpenDB(preparing{connector})
	s.closers = append(s.closers, pool.Close)
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxIdleTime(0) // a connection costs its pragmas and its cache
	// The journal mode of a new file is changed under a lock that does not wait its turn, so several that open it at once collide.
	for try := 0; ; try++ {
		err = pool.PingContext(ctx)
		if !busy(err) || try == 20 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err != nil {
		return nil, fmt.Errorf("open SQLite: %w", err)
	}
	db, err := gorm.Open(sqlite.Dialector{Conn: pool}, gormConfig(c.Log))
	if err != nil {
		return nil, fmt.Errorf("open SQLite: %w", err)
	}
	return db, nil
}

// The primary result codes that say that the database is locked or gone; the low byte of an extended code is its primary one.
const (
	sqliteBusy      = 5
	sqliteLocked    = 6
	sqliteReadOnly  = 8
	sqliteInterrupt = 9
	sqliteIO        = 10
	sqliteFull      = 13
	sqliteCantOpen  = 14
)

func sqliteCode(err error) (code int, ok bool) {
	var e *sqlitedriver.Error
	if errors.As(err, &e) {
		return e.Code(), true
	}
	return 0, false
}

func busy(err error) bool {
	code, ok := sqliteCode(err)
	return ok && (code&0xff == sqliteBusy || code&0xff == sqliteLocked)
}
