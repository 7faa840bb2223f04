package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
)

// chunk is how many dossiers are written between two reports of progress.
const chunk = 400

// Load writes the province into an empty database, in one transaction: all of it or nothing. The calendar that it was made with must be
// there, and the office must keep files. progress (may be nil) hears how many things of how many are written; when the database makes the transaction run again it starts
// from the beginning.
//
// All sign-ins get one and the same password hash, salt and all, worked out once: hundreds of them would take half a minute. That two
// people have the same password can be seen from it, which a demonstration says aloud anyway.
func Load(ctx context.Context, office *onestop.Office, s *store.Store, p Province, now time.Time, progress func(done, total int, what string)) error {
	hash := office.HashPassword(Password)
	l := &loading{Store: s, total: len(p.Agencies) + len(p.Users) + len(p.Procedures) + len(p.Lives), tell: progress}
	files, err := keepFiles(ctx, office, p.Files, now)
	if err != nil {
		return fmt.Errorf("demonstration: files: %w", err)
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		l.done = 0
		for _, sha := range files {
			if err := s.TakeFile(ctx, sha, now); err != nil {
				return err
			}
		}
		for _, a := range p.Agencies {
			if err := l.count("agencies", s.AddAgency(ctx, a)); err != nil {
				return err
			}
		}
		for _, u := range p.Users {
			if u.Username != PortalName { // it has tokens only
				u.PasswordHash = hash
			}
			if err := l.count("users", s.AddUser(ctx, u)); err != nil {
				return err
			}
		}
		for _, x := range p.Procedures {
			if err := l.count("procedures", s.AddProcedure(ctx, x, now)); err != nil {
				return err
			}
		}
		if err := l.counters(ctx, p.Counters); err != nil {
			return err
		}
		for some := range slices.Chunk(p.Lives, chunk) {
			if err := s.AddDossiers(ctx, some); err != nil {
				return err
			}
			l.done += len(some) - 1
			if err := l.count("dossiers", ctx.Err()); err != nil {
				return err
			}
		}
		return nil
	})
}

// keepFiles puts the few files that dossiers name into the office's archive, and gives their hashes.
func keepFiles(ctx context.Context, office *onestop.Office, files [][]byte, now time.Time) ([]string, error) {
	var all []string
	for _, content := range files {
		kept, err := office.KeepSample(ctx, now, content)
		if err != nil {
			return nil, err
		}
		all = append(all, kept.SHA256)
	}
	return all, nil
}

type loading struct {
	*store.Store
	done, total int
	tell        func(done, total int, what string)
}

func (l *loading) count(what string, err error) error {
	if err != nil {
		return fmt.Errorf("demonstration: %s: %w", what, err)
	}
	if l.done++; l.tell != nil && (l.done%100 == 0 || l.done == l.total) {
		l.tell(l.done, l.total, what)
	}
	return nil
}

// counters draws every number that is going to be given out, so that the next one follows on them.
func (l *loading) counters(ctx context.Context, all []Counter) error {
	for _, c := range all {
		for n := 1; n <= c.Last; n++ {
			got, err := l.NextDossierNumber(ctx, c.Identifier, c.Day)
			if err != nil {
				return fmt.Errorf("demonstration: counters: %w", err)
			}
			if got != n {
				return fmt.Errorf("demonstration: the database is not empty: %s has given out numbers for %s", c.Identifier, c.Day)
			}
		}
	}
	return nil
}
