package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// openPostgres makes one pool of pgx connections, which GORM and COPY share. Pool size and execution mode can be set in the URL
// (pool_max_conns, default_query_exec_mode=exec behind a pooler in transaction mode).
func openPostgres(ctx context.Context, s *Store, c Config) error {
	s.dialect = PostgreSQL
	config, err := pgxpool.ParseConfig(c.DatabaseURL)
	if err != nil {
		return errors.New("database URL: " + whyNot(c.DatabaseURL, err)) // nothing that time could heal
	}
	if !strings.Contains(c.DatabaseURL, "pool_max_conns") {
		config.MaxConns = int32(max(10, 4*runtime.NumCPU()))
	}
	config.MaxConnIdleTime = 10 * time.Minute
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = 5 * time.Second
	}
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	if config.ConnConfig.RuntimeParams["application_name"] == "" {
		config.ConnConfig.RuntimeParams["application_name"] = "motcua"
	}
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		conn.TypeMap().RegisterType(&pgtype.Type{ // else times come back in the machine's zone
			Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
		})
		// Compiling a report takes ten times as long as running it. Only speed hangs on this: it does no harm where it is not known, or
		// where a pooler hands the connection on.
		_, _ = conn.Exec(ctx, "SET jit = off")
		return nil
	}
	if s.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return fmt.Errorf("open PostgreSQL: %w", err)
	}
	s.closers = append(s.closers, func() error { s.pool.Close(); return nil })
	if err := s.pool.Ping(ctx); err != nil {
		return fmt.Errorf("open PostgreSQL: %w", err)
	}
	pool := stdlib.OpenDBFromPool(s.pool)
	s.closers = append(s.closers, pool.Close)
	s.write, err = gorm.Open(postgres.New(postgres.Config{Conn: pool}), gormConfig(c.Log))
	s.read = s.write
	if err != nil {
		return fmt.Errorf("open PostgreSQL: %w", err)
	}
	return nil
}

// whyNot says why a database URL cannot be read, without repeating it: it holds a password, and pgx finds only simple ones to hide.
func whyNot(url string, err error) string {
	scheme, _, is := strings.Cut(url, "://")
	if is && scheme != "postgres" && scheme != "postgresql" {
		return fmt.Sprintf("it begins with %s://, and only postgres:// and key=value are known", scheme)
	}
	_, why, _ := strings.Cut(err.Error(), "`: ")
	return why + "; it must look like postgres://user:password@host:5432/database"
}
