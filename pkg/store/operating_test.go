package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

func TestUsersAndTokens(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		u := staff.User{ID: uuid.Must(uuid.NewV7()), Username: "mot.cua", Name: "Nguyễn Thị Một Cửa", Role: staff.Clerk, AgencyID: x.counter.ID, PasswordHash: "h", CreatedAt: monday}
		must(t, s.AddUser(ctx, u))
		other := u
		other.ID = uuid.Must(uuid.NewV7())
		wantFault(t, "the name again", s.AddUser(ctx, other), fault.Conflict, "username-taken")
		other.Username, other.AgencyID, other.Role = "hai.cua", x.health.ID, staff.Officer
		must(t, s.AddUser(ctx, other))

		u.Disabled, u.Name = true, "Nguyễn Thị Hai Cửa"
		must(t, s.ChangeUser(ctx, u))
		kept, err := s.UserByUsername(ctx, "mot.cua")
		must(t, err)
		if diff := cmp.Diff(u, kept); diff != "" {
			t.Error(diff)
		}
		u.Disabled = false
		must(t, s.ChangeUser(ctx, u))
		if kept, err = s.User(ctx, u.ID); err != nil || kept.Disabled {
			t.Errorf("%+v %v", kept, err)
		}
		u2 := u
		u2.ID = uuid.New()
		wantFault(t, "change of nobody", s.ChangeUser(ctx, u2), fault.NotFound, "user-not-found")
		_, err = s.UserByUsername(ctx, "nobody")
		wantFault(t, "nobody", err, fault.NotFound, "user-not-found")
		for name, c := range map[string]struct {
			f    store.UserFilter
			want int
		}{
			"all": {store.UserFilter{}, 2}, "under": {store.UserFilter{AgencyPath: x.north.Path}, 1}, "role": {store.UserFilter{Role: staff.Officer}, 1},
			"disabled": {store.UserFilter{Disabled: ptr(true)}, 0}, "search": {store.UserFilter{Search: "MỘT.cua"}, 1},
		} {
			list, _, err := s.Users(ctx, c.f, store.Page{})
			must(t, err)
			if len(list) != c.want {
				t.Errorf("%s: %d, want %d", name, len(list), c.want)
			}
		}

		token := staff.Token{ID: uuid.Must(uuid.NewV7()), UserID: u.ID, Name: "máy in", Hash: "abc", CreatedAt: monday, ExpiresAt: ptr(monday.Add(time.Hour))}
		must(t, s.AddToken(ctx, token))
		got, owner, path, err := s.TokenByHash(ctx, "abc")
		must(t, err)
		if diff := cmp.Diff(token, got) + cmp.Diff(u, owner) + cmp.Diff(x.counter.Path, path); diff != "" {
			t.Error(diff)
		}
		_, _, _, err = s.TokenByHash(ctx, "abd")
		wantFault(t, "another hash", err, fault.NotFound, "token-not-found")
		wantFault(t, "another's token", s.RevokeToken(ctx, token.ID, other.ID, monday), fault.NotFound, "token-not-found")
		must(t, s.RevokeToken(ctx, token.ID, u.ID, monday))
		must(t, s.RevokeToken(ctx, token.ID, u.ID, monday.Add(time.Hour)))
		list, err := s.Tokens(ctx, u.ID)
		must(t, err)
		if len(list) != 1 || list[0].RevokedAt == nil || !list[0].RevokedAt.Equal(monday) {
			t.Errorf("%+v", list)
		}
	})
}

func TestAKeyIsAnsweredOnceWhoeverComesFirst(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, actor := context.Background(), uuid.New()
		once := func(actor uuid.UUID, key string, fails bool) (first bool, kept store.Answer, err error) {
			err = s.InTx(ctx, func(ctx context.Context) error {
				if first, kept, err = s.ClaimKey(ctx, actor, key, "print", monday); err != nil || !first {
					return err
				}
				if fails {
					return errors.New("given up")
				}
				return s.KeepAnswer(ctx, actor, key, store.Answer{Status: 201, Header: map[string]string{"Location": "/x"}, Body: []byte("\x00body")})
			})
			return first, kept, err
		}
		if first, _, err := once(actor, "failed", true); !first || err == nil {
			t.Fatal("the failing one was not first")
		}
		for _, key := range []string{"a", "failed"} {
			var wg sync.WaitGroup
			var lock sync.Mutex
			firsts := 0
			for range 8 {
				wg.Go(func() {
					first, kept, err := once(actor, key, false)
					lock.Lock()
					defer lock.Unlock()
					if first {
						firsts++
					} else if want := (store.Answer{Status: 201, Header: map[string]string{"Location": "/x"}, Body: []byte("\x00body"), Fingerprint: "print"}); cmp.Diff(want, kept) != "" {
						t.Error(cmp.Diff(want, kept))
					}
					if err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if firsts != 1 {
				t.Errorf("key %s: %d were first", key, firsts)
			}
		}
		if first, _, err := once(uuid.New(), "a", false); !first || err != nil {
			t.Errorf("another actor's key: %v", err)
		}
		if n, err := s.ForgetKeys(ctx, monday); n != 0 || err != nil {
			t.Errorf("%d forgotten, %v", n, err)
		}
		if n, err := s.ForgetKeys(ctx, monday.Add(time.Second)); n != 3 || err != nil {
			t.Errorf("%d forgotten, %v", n, err)
		}
	})
}

func TestASlotIsClaimedByOneOfMany(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		for n := range 5 {
			slot := monday.Add(time.Duration(n) * time.Minute)
			var wg sync.WaitGroup
			won := make([]bool, 6)
			for i := range won {
				wg.Go(func() {
					var err error
					if won[i], err = s.ClaimSlot(ctx, "scan", slot, fmt.Sprint(i), slot); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			winners := 0
			for _, w := range won {
				if w {
					winners++
				}
			}
			if winners != 1 {
				t.Errorf("%d won", winners)
			}
			must(t, s.FinishSlot(ctx, "scan", slot, slot.Add(time.Second), "ok", "3 raised"))
		}
		must(t, s.InTx(ctx, func(ctx context.Context) error {
			_, err := s.ClaimSlot(ctx, "forget", monday, "me", monday)
			return err
		}))
		if err := s.FinishSlot(ctx, "scan", monday.Add(time.Hour), monday, "ok", ""); err == nil {
			t.Error("a slot that nobody claimed was finished")
		}
		runs, next, err := s.JobRuns(ctx, "", store.Page{Limit: 4})
		must(t, err)
		rest, end, err := s.JobRuns(ctx, "", store.Page{Limit: 4, After: string(next)})
		must(t, err)
		if len(runs) != 4 || len(rest) != 2 || end != "" || !runs[0].Slot.Equal(monday.Add(4*time.Minute)) || runs[0].Outcome != "ok" || rest[1].FinishedAt != nil {
			t.Errorf("%+v %+v", runs, rest)
		}
	})
}

func TestACursorThatIsNotOursIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		for n := range 3 {
			x.added(t, s, n, monday, x.counter, x.health)
		}
		_, next, err := s.Dossiers(ctx, everything, store.DossierFilter{}, store.Page{Limit: 1})
		must(t, err)
		for _, after := range []string{"x", "e30", "eyJvIjoicmVjZWl2ZWQifQ", string(next) + "A", " ", "😀", string(next)} {
			p := store.Page{After: after}
			for name, try := range map[string]func() error{
				"by due date": func() error {
					_, _, err := s.Dossiers(ctx, everything, store.DossierFilter{Sort: store.ByDueDate}, p)
					return err
				},
				"agencies":   func() error { _, _, err := s.Agencies(ctx, store.AgencyFilter{}, p); return err },
				"procedures": func() error { _, _, _, err := s.Procedures(ctx, store.ProcedureFilter{}, p); return err },
				"users":      func() error { _, _, err := s.Users(ctx, store.UserFilter{}, p); return err },
				"alerts":     func() error { _, _, err := s.Alerts(ctx, everything, store.AlertFilter{}, p); return err },
				"runs":       func() error { _, _, err := s.JobRuns(ctx, "", p); return err },
			} {
				wantFault(t, name+" after "+after, try(), fault.Invalid, "cursor-invalid")
			}
		}
	})
}
