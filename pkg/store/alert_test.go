package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

// raised is what all alerts say, without ids, sorted.
func raised(t *testing.T, s *store.Store, x town) []string {
	t.Helper()
	names := map[uuid.UUID]string{}
	for _, a := range x.all() {
		names[a.ID] = a.Code
	}
	list, next, err := s.Alerts(context.Background(), everything, store.AlertFilter{}, store.Page{Limit: 1000})
	must(t, err)
	if next != "" {
		t.Fatal("more than one page")
	}
	var all []string
	for _, a := range list {
		one := fmt.Sprintf("%s step %d %s %s at %s", a.DossierCode[len(a.DossierCode)-1:], a.StepNo, a.Kind, a.Audience, names[a.AgencyID])
		if a.UserID != nil {
			one += " taken"
		}
		all = append(all, one)
	}
	slices.Sort(all)
	return all
}

func TestAlertsAreRaisedAsTimePasses(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		d := x.added(t, s, 1, monday, x.counter, x.health) // due on Thursday
		d = moved(t, s, d, dossier.HandOver, monday.Add(time.Hour), dossier.Facts{StepMarks: []dossier.StepMark{{No: 1, Mark: mark(monday.Add(30 * time.Hour))}}})
		moved(t, s, d, dossier.Take, monday.Add(2*time.Hour), dossier.Facts{})

		online := x.intake("H13-260302-0002", x.counter, x.health)
		online.Channel = string(catalog.Online)
		r, e := open(t, dossier.WasRegistered, monday, dossier.Facts{Intake: online, AcceptBy: ptr(monday.Add(9 * time.Hour))})
		must(t, s.AddDossier(ctx, r, e))

		steps := []struct {
			after time.Duration
			more  []string
		}{
			{5 * time.Hour, nil},
			{7 * time.Hour, []string{"1 step 1 STEP_NEAR HEAD at SYT", "1 step 1 STEP_NEAR OFFICER at SYT taken"}},
			{9*time.Hour + time.Second, []string{"2 step 0 ACCEPTANCE_LATE HEAD at 31321-1", "2 step 0 ACCEPTANCE_LATE OFFICER at 31321-1"}},
			{48 * time.Hour, []string{
				"1 step 0 DOSSIER_NEAR HEAD at SYT", "1 step 0 DOSSIER_NEAR OFFICER at SYT taken",
				"1 step 1 STEP_LATE HEAD at SYT", "1 step 1 STEP_LATE OFFICER at SYT taken",
			}},
			{78 * time.Hour, []string{"1 step 1 STEP_LATE SUPERIOR at 92"}},
			{96 * time.Hour, []string{"1 step 0 DOSSIER_LATE HEAD at SYT", "1 step 0 DOSSIER_LATE OFFICER at SYT taken"}},
			{120 * time.Hour, []string{"1 step 0 DOSSIER_LATE SUPERIOR at 92"}},
			{1000 * time.Hour, nil},
		}
		var want []string
		for _, step := range steps {
			want = append(want, step.more...)
			slices.Sort(want)
			for range 2 { // the second time finds nothing missing
				n, err := s.RaiseAlerts(ctx, monday.Add(step.after))
				must(t, err)
				if diff := cmp.Diff(want, raised(t, s, x)); diff != "" {
					t.Fatalf("after %s: %s", step.after, diff)
				}
				if n != len(step.more) {
					t.Fatalf("after %s: %d raised, want %d", step.after, n, len(step.more))
				}
				step.more = nil
			}
		}
	})
}

func TestNobodyIsAlertedToWhatStandsStillOrIsOver(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		handed := func(n int) dossier.Dossier {
			d := x.added(t, s, n, monday, x.counter, x.health)
			return moved(t, s, d, dossier.HandOver, monday.Add(time.Hour), dossier.Facts{StepMarks: []dossier.StepMark{{No: 1, Mark: mark(monday.Add(30 * time.Hour))}}})
		}
		moved(t, s, handed(1), dossier.RequestSupplement, monday.Add(2*time.Hour), dossier.Facts{Papers: []string{"bản sao"}, StopsClock: true})
		moved(t, s, handed(2), dossier.Withdraw, monday.Add(2*time.Hour), dossier.Facts{})
		moved(t, s, x.added(t, s, 3, monday, x.counter, x.health), dossier.Stop, monday.Add(2*time.Hour), dossier.Facts{})
		in := x.intake("igate-4", x.counter, x.health)
		in.Source = &dossier.Source{System: "igate", Key: "4"}
		d, e := open(t, dossier.WasImported, monday, dossier.Facts{ // over, though nobody knows since when
			Intake: in, Foreign: &dossier.Foreign{State: dossier.Returned, ReceivedAt: monday},
			Promise: &dossier.Promise{No: 1, Kind: dossier.SourcesPromise, MadeAt: monday, Mark: mark(monday)},
		})
		must(t, s.AddDossier(ctx, d, e))
		n, err := s.RaiseAlerts(ctx, monday.Add(1000*time.Hour))
		must(t, err)
		if n != 0 {
			t.Errorf("raised: %v", raised(t, s, x))
		}
	})
}

func TestANewPromiseIsAlertedToAnew(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		d := x.added(t, s, 1, monday, x.counter, x.health)
		late := monday.Add(96 * time.Hour)
		if n, err := s.RaiseAlerts(ctx, late); err != nil || n != 2 {
			t.Fatalf("%d raised, %v", n, err)
		}
		d = moved(t, s, d, dossier.RequestSupplement, late, dossier.Facts{Papers: []string{"bản sao"}, StopsClock: true})
		moved(t, s, d, dossier.CompleteSupplement, late.Add(time.Hour), dossier.Facts{
			Papers:  []string{"bản sao"},
			Promise: &dossier.Promise{No: 2, Kind: dossier.AfterPause, MadeAt: late.Add(time.Hour), Mark: mark(late.Add(96 * time.Hour))},
		})
		if n, err := s.RaiseAlerts(ctx, late.Add(2*time.Hour)); err != nil || n != 0 {
			t.Errorf("%d raised for a promise that is not near, %v", n, err)
		}
		if n, err := s.RaiseAlerts(ctx, late.Add(200*time.Hour)); err != nil || n != 3 {
			t.Errorf("%d raised for the new promise, want 3, %v", n, err)
		}
	})
}

func TestScannersAtOnceRaiseEachAlertOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		for n := range 50 {
			x.added(t, s, n, monday, x.counter, x.health)
		}
		var wg sync.WaitGroup
		total, failed := make([]int, 6), make([]error, 6)
		for i := range total {
			wg.Go(func() { total[i], failed[i] = s.RaiseAlerts(ctx, monday.Add(1000*time.Hour)) })
		}
		wg.Wait()
		must(t, errors.Join(failed...))
		sum := 0
		for _, n := range total {
			sum += n
		}
		if all := raised(t, s, x); sum != 150 || len(all) != 150 {
			t.Errorf("%d raised, %d kept, want 150", sum, len(all))
		}
	})
}

func TestAlertsAreListedAndAcknowledgedWithinTheScope(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		for n := range 5 {
			x.added(t, s, n, monday, x.counter, x.health)
		}
		x.added(t, s, 5, monday, x.counter, x.counter)
		_, err := s.RaiseAlerts(ctx, monday.Add(1000*time.Hour))
		must(t, err)
		list := func(scope staff.Scope, f store.AlertFilter) (all []dossier.Alert) {
			for after := store.Next(""); ; {
				page, next, err := s.Alerts(ctx, scope, f, store.Page{Limit: 2, After: string(after)})
				must(t, err)
				all = append(all, page...)
				if after = next; next == "" {
					return all
				}
			}
		}
		// All are held by the counter; the one above it is the commune.
		for name, c := range map[string]struct {
			scope staff.Scope
			f     store.AlertFilter
			want  int
		}{
			"all":               {everything, store.AlertFilter{}, 18},
			"the counter's":     {eyes(x.counter), store.AlertFilter{}, 12},
			"the commune's":     {eyes(x.north), store.AlertFilter{}, 18},
			"another's":         {eyes(x.south), store.AlertFilter{}, 0},
			"the department's":  {eyes(x.health), store.AlertFilter{}, 0},
			"nobody's":          {staff.Scope{}, store.AlertFilter{}, 0},
			"to superiors":      {everything, store.AlertFilter{Audience: dossier.ToSuperior}, 6},
			"near":              {everything, store.AlertFilter{Kind: dossier.DossierNear}, 0},
			"for the counter":   {everything, store.AlertFilter{AgencyPath: x.counter.Path}, 12},
			"seen":              {everything, store.AlertFilter{Acknowledged: ptr(true)}, 0},
			"not seen":          {everything, store.AlertFilter{Acknowledged: ptr(false)}, 18},
			"somebody's own":    {everything, store.AlertFilter{Mine: uuid.New()}, 0},
			"another dossier's": {everything, store.AlertFilter{Dossier: uuid.New()}, 0},
		} {
			if got := list(c.scope, c.f); len(got) != c.want {
				t.Errorf("%s: %d, want %d", name, len(got), c.want)
			}
		}
		one := list(eyes(x.counter), store.AlertFilter{})[0]
		if _, err := s.AcknowledgeAlert(ctx, eyes(x.south), one.ID, clerk, monday); fault.As(err) == nil || fault.As(err).Code != "alert-not-found" {
			t.Errorf("another commune's: %v", err)
		}
		seen, err := s.AcknowledgeAlert(ctx, eyes(x.counter), one.ID, clerk, monday.Add(1001*time.Hour))
		must(t, err)
		again, err := s.AcknowledgeAlert(ctx, everything, one.ID, dossier.By{Name: "Người khác"}, monday.Add(1002*time.Hour))
		must(t, err)
		want := one
		want.AcknowledgedAt, want.AcknowledgedBy = ptr(monday.Add(1001*time.Hour)), &clerk
		for _, got := range []dossier.Alert{seen, again} {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		}
		if got := list(everything, store.AlertFilter{Acknowledged: ptr(true)}); len(got) != 1 {
			t.Errorf("%d seen, want 1", len(got))
		}
	})
}
