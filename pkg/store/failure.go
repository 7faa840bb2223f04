package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"
	"gorm.io/gorm"

	"github.com/motcua/motcua/pkg/fault"
)

// fault turns a driver's error into one that the caller can act on: Unavailable when the database is locked or gone or the caller's
// time is up, Conflict when a row is already there. What is left is our own failure and keeps its cause for the log.
func (s *Store) fault(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case fault.As(err) != nil:
		return err
	case s.closed.Load(), unavailable(err):
		return fault.New(fault.Unavailable, "database-unavailable", "the database is locked or gone; try again").Because(fmt.Errorf("%s: %w", doing, err))
	case unreadable(err):
		return fault.New(fault.Invalid, "text-invalid", "a text holds bytes that are no UTF-8, or a NUL")
	case duplicate(err):
		return fault.New(fault.Conflict, "already-there", "it is already there").Because(fmt.Errorf("%s: %w", doing, err))
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// taken is fault with a telling code for a row that is already there.
func (s *Store) taken(doing string, err error, code, detail string) error {
	if duplicate(err) && !s.closed.Load() {
		return fault.New(fault.Conflict, code, detail).Because(fmt.Errorf("%s: %w", doing, err))
	}
	return s.fault(doing, err)
}

// missing is fault with a telling code for a row that is not there.
func (s *Store) missing(doing string, err error, code, detail string) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return fault.New(fault.NotFound, code, detail)
	}
	return s.fault(doing, err)
}

// duplicate says whether a unique key refused a row.
func duplicate(err error) bool {
	if e := (*pgconn.PgError)(nil); errors.As(err, &e) {
		return e.Code == "23505"
	}
	code, ok := sqliteCode(err)
	return ok && (code == 2067 || code == 1555 || // unique, primary key
		code == 1811 && strings.Contains(err.Error(), "it stands there already")) // the trigger that looks before REPLACE would
}

// unreadable says whether PostgreSQL refused a text for its bytes.
func unreadable(err error) bool {
	e := (*pgconn.PgError)(nil)
	return errors.As(err, &e) && e.Code == "22021"
}

// errDrawnTaken says that somebody else kept a dossier under the very code that was just drawn and still free.
var errDrawnTaken = errors.New("the code that was drawn is taken")

// again says whether the same transaction may succeed if it is run once more.
func again(err error) bool {
	if errors.Is(err, errDrawnTaken) {
		return true
	}
	if e := (*pgconn.PgError)(nil); errors.As(err, &e) {
		return e.Code == "40001" || e.Code == "40P01" // serialisation, deadlock
	}
	return busy(err)
}

func unavailable(err error) bool {
	var connect *pgconn.ConnectError
	if e := (*pgconn.PgError)(nil); errors.As(err, &e) {
		return again(err) || e.Code == "55P03" || e.Code == "57014" || // lock not available, cancelled
			hasPrefix(e.Code, "08", "53", "57P", "58", "25006", "28") || // connection, resources, shutdown, system, read-only, not let in
			e.Code == "55000" && errors.As(err, &connect) // the database lets nobody in
	}
	if code, ok := sqliteCode(err); ok {
		switch code & 0xff {
		case sqliteBusy, sqliteLocked, sqliteReadOnly, sqliteInterrupt, sqliteIO, sqliteFull, sqliteCantOpen:
			return true
		}
		return false
	}
	var network net.Error
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded),
		errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone), errors.Is(err, sql.ErrTxDone),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed),
		errors.Is(err, puddle.ErrClosedPool), errors.Is(err, puddle.ErrNotAvailable),
		errors.As(err, &network), errors.As(err, &connect), pgconn.SafeToRetry(err):
		return true
	}
	// Two that have no type of their own.
	return strings.Contains(err.Error(), "sql: database is closed") || strings.Contains(err.Error(), "conn closed")
}

func hasPrefix(s string, any ...string) bool {
	for _, p := range any {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
