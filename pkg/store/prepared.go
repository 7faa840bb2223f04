package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
)

// preparing opens SQLite connections that keep the statements they have prepared, each its own.
//
// A memory that a whole pool has in common, such as GORM's, can bring everything to a stand: one waits for a connection to prepare a
// statement on, and those who have the connections wait until that statement is prepared. It also closes statements that somebody is
// about to use when there are too many. A connection serves one at a time, so none of that can happen here.
type preparing struct{ driver.Connector }

// Connect opens a connection.
func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	conn, ok := opened.(sqliteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver's connection is a %T, which cannot do all that is needed", opened), opened.Close())
	}
	return &preparedConn{sqliteConn: conn, idle: map[string]sqliteStmt{}}, nil
}

// What the driver's connections, statements and rows can do.
type (
	sqliteConn interface {
		driver.Conn
		driver.ConnPrepareContext
		driver.ConnBeginTx
		driver.ExecerContext
		driver.QueryerContext
		driver.Pinger
		driver.SessionResetter
		driver.Validator
	}
	sqliteStmt interface {
		driver.Stmt
		driver.StmtExecContext
		driver.StmtQueryContext
	}
	sqliteRows interface {
		driver.Rows
		driver.RowsColumnTypeDatabaseTypeName
		driver.RowsColumnTypeLength
		driver.RowsColumnTypeNullable
		driver.RowsColumnTypePrecisionScale
		driver.RowsColumnTypeScanType
	}
)

// keptStatements is how many a connection keeps: more than the program has ways to ask, fewer than lists of every length could make.
const keptStatements = 128

// preparedConn is such a connection. idle holds the statements that nobody is using; one in use is not in it.
type preparedConn struct {
	sqliteConn
	idle map[string]sqliteStmt
}

// ExecContext carries out a statement without rows.
func (c *preparedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	stmt, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	result, err := stmt.ExecContext(ctx, args)
	if err != nil {
		_ = stmt.Close() // the first error is the one to tell
		return nil, err
	}
	return result, c.giveBack(query, stmt)
}

// QueryContext carries out a statement with rows; it is in use until they are closed.
func (c *preparedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	stmt, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	opened, err := stmt.QueryContext(ctx, args)
	if err != nil {
		_ = stmt.Close()
		return nil, err
	}
	rows, ok := opened.(sqliteRows)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver's rows are a %T, which cannot do all that is needed", opened), opened.Close(), stmt.Close())
	}
	return &preparedRows{sqliteRows: rows, done: func() error { return c.giveBack(query, stmt) }}, nil
}

func (c *preparedConn) take(ctx context.Context, query string) (sqliteStmt, error) {
	if stmt, ok := c.idle[query]; ok {
		delete(c.idle, query)
		return stmt, nil
	}
	prepared, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	stmt, ok := prepared.(sqliteStmt)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver's statement is a %T, which cannot do all that is needed", prepared), prepared.Close())
	}
	return stmt, nil
}

func (c *preparedConn) giveBack(query string, stmt sqliteStmt) error {
	if _, twice := c.idle[query]; twice || c.idle == nil { // it was used within its own rows, or the connection is closed
		return stmt.Close()
	}
	var err error
	if len(c.idle) >= keptStatements {
		for other, old := range c.idle { // whichever comes first, which in a map is any
			delete(c.idle, other)
			err = old.Close()
			break
		}
	}
	c.idle[query] = stmt
	return err
}

// Close closes the connection with its statements.
func (c *preparedConn) Close() error {
	var all []error
	for _, stmt := range c.idle {
		all = append(all, stmt.Close())
	}
	c.idle = nil
	return errors.Join(append(all, c.sqliteConn.Close())...)
}

// preparedRows are rows that give their statement back in the end.
type preparedRows struct {
	sqliteRows
	done func() error
}

// Close closes the rows; a second time does nothing.
func (r *preparedRows) Close() error {
	err := r.sqliteRows.Close()
	if r.done != nil {
		err = errors.Join(err, r.done())
		r.done = nil
	}
	return err
}
