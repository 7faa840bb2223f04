package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// Migrate brings the tables up to what this program expects, forwards only. Several may start at once: on PostgreSQL they queue for a
// lock, on SQLite each migration is a transaction that only one of them can carry out and that the others find done. A database that a later program has changed is
// refused.
func (s *Store) Migrate(ctx context.Context) error {
	provider, err := s.provider()
	if err != nil {
		return s.fault("migrate", err)
	}
	for try := 1; ; try++ {
		if err = up(ctx, provider); err == nil {
			err = s.indexPersons(ctx)
		}
		if err == nil || errors.Is(err, errNewer) || try == 5 || s.closed.Load() {
			return s.fault("migrate", err)
		}
		// Another program may just have done it, or made the table of versions at the same moment: look again.
		select {
		case <-ctx.Done():
			return s.fault("migrate", ctx.Err())
		case <-time.After(time.Duration(try) * 100 * time.Millisecond):
		}
	}
}

var errNewer = errors.New("a newer program has changed this database; use that one")

func up(ctx context.Context, p *goose.Provider) error {
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if current > target {
		return fmt.Errorf("%w: it is at version %d, this program knows %d", errNewer, current, target)
	}
	_, err = p.Up(ctx)
	return err
}

func (s *Store) provider() (*goose.Provider, error) {
	pool, err := s.write.DB()
	if err != nil {
		return nil, err
	}
	files, err := subFS(migrations, "migrations/"+s.dialect)
	if err != nil {
		return nil, err
	}
	if s.sqlite() {
		return goose.NewProvider(goose.DialectSQLite3, pool, files)
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, pool, files, goose.WithSessionLocker(locker))
}
