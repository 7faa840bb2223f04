package onestop_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

func newSigner(t *testing.T) *ledger.Signer {
	t.Helper()
	private, public, err := ledger.NewKey("motcua-test")
	if err != nil {
		t.Fatal(err)
	}
	s, err := ledger.NewSigner(private, public)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (h *house) enter(t *testing.T, s *ledger.Signer, want int) {
	t.Helper()
	if n, err := h.EnterEvents(context.Background(), h.now, s); err != nil || n != want {
		t.Fatalf("%d events were entered, not %d: %v", n, want, err)
	}
}

func TestAReceiptProvesItselfWithThePublicKeyAlone(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		signer := newSigner(t)
		d, secret := h.receive(t, h.clerk, input("9.000001"))
		if _, err := h.ProveReceipt(ctx, d.Code, secret); fault.As(err) == nil || fault.As(err).Code != "not-proved-yet" {
			t.Fatal(err)
		}
		h.enter(t, signer, 1)
		h.enter(t, signer, 0)
		h.now = h.now.Add(time.Minute)
		h.inProgress(t)
		h.inProgress(t)
		h.enter(t, signer, 4)
		if _, err := h.ProveReceipt(ctx, d.Code, "0000000000"); !errors.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
		p, err := h.ProveReceipt(ctx, d.Code, secret)
		if err != nil {
			t.Fatal(err)
		}
		shown, err := p.Check(signer.Public)
		if err != nil || shown.Intake.Code != d.Code || !shown.Facts.Promise.DueAt.Equal(d.Promise().DueAt) || shown.Checkpoint.Size != 5 {
			t.Fatalf("%+v %v", shown, err)
		}
		first, err := h.store.Leaf(ctx, d.ID, 1)
		if err != nil || first.Index != 0 {
			t.Fatal(first, err)
		}
		growth, err := h.ProveGrowth(ctx, 1, 5)
		if err != nil {
			t.Fatal(err)
		}
		var hashes tlog.TreeProof
		for _, text := range growth {
			x, err := tlog.ParseHash(text)
			if err != nil {
				t.Fatal(err)
			}
			hashes = append(hashes, x)
		}
		if err := tlog.CheckTree(hashes, 5, shown.Checkpoint.Root, 1, tlog.RecordHash(first.Record())); err != nil {
			t.Fatal(err)
		}
		if _, err := h.ProveGrowth(ctx, 1, 6); !errors.Is(err, fault.Invalid) {
			t.Fatal(err)
		}
		if _, err := h.EnterEvents(ctx, h.now, newSigner(t)); fault.As(err) == nil || fault.As(err).Code != "ledger-key" {
			t.Fatalf("another key went on with the log: %v", err)
		}
	})
}

func TestWhatWasRecordedLongAgoIsEnteredWithinTheHour(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		signer := newSigner(t)
		at := func(clock string, comesIn bool) {
			if h.now = when("2026-11-02T" + clock + ":00+07:00"); comesIn {
				h.receive(t, h.clerk, input("9.000001"))
			}
		}
		at("08:30", true)
		h.enter(t, signer, 1)
		at("05:31", true) // as an import writes that began then
		at("08:20", true) // as an act that took long
		at("08:40", false)
		h.enter(t, signer, 1)
		at("08:59", false)
		h.enter(t, signer, 0)
		at("09:00", false)
		h.enter(t, signer, 1)
		at("09:01", false)
		h.enter(t, signer, 0)
	})
}

func TestTheLogIsSignedAgainEveryHourWhetherItHasGrownOrNot(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx, signer, begun := context.Background(), newSigner(t), h.now
		h.receive(t, h.clerk, input("9.000001"))
		for range 150 {
			if _, err := h.EnterEvents(ctx, h.now, signer); err != nil {
				t.Fatal(err)
			}
			h.now = h.now.Add(time.Minute)
		}
		all, _, err := h.store.Checkpoints(ctx, false, store.Page{})
		if err != nil || len(all) != 3 {
			t.Fatalf("%+v %v", all, err)
		}
		for i, c := range all {
			from := begun.Add(time.Duration(2-i) * time.Hour)
			until := from.Add(59 * time.Minute)
			if i == 0 {
				until = h.now.Add(-time.Minute)
			}
			if c.Size != 1 || !c.SignedAt.Equal(from) || c.LookedAt == nil || !c.LookedAt.Equal(until) {
				t.Errorf("%+v is not of %s and looked at until %s", c, from, until)
			}
		}
		first, next, err := h.store.Checkpoints(ctx, true, store.Page{Limit: 1})
		if err != nil || !first[0].SignedAt.Equal(begun) {
			t.Fatal(first, err)
		}
		if second, _, err := h.store.Checkpoints(ctx, true, store.Page{Limit: 1, After: string(next)}); err != nil || !second[0].SignedAt.Equal(begun.Add(time.Hour)) {
			t.Fatal(second, err)
		}
	})
}

func TestCheckpointsLeaveTheMachineInOrderAndOnce(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		signer := newSigner(t)
		for range 3 {
			h.receive(t, h.clerk, input("9.000001"))
			h.now = h.now.Add(time.Minute)
			h.enter(t, signer, 1)
		}
		var got []int64
		down := errors.New("nobody answers")
		send := func(_ context.Context, signed string) error {
			if len(got) == 1 && down != nil {
				return down
			}
			c, err := ledger.Open(signed, signer.Public)
			got = append(got, c.Size)
			return err
		}
		if n, err := h.SendCheckpoints(ctx, h.clock, send); n != 1 || !errors.Is(err, down) {
			t.Fatal(n, err)
		}
		down = nil
		if n, err := h.SendCheckpoints(ctx, h.clock, send); n != 2 || err != nil {
			t.Fatal(n, err)
		}
		if n, err := h.SendCheckpoints(ctx, h.clock, send); n != 0 || err != nil || len(got) != 3 || got[0] != 1 || got[2] != 3 {
			t.Fatal(n, err, got)
		}
	})
}

// enterBatch enters some of the events that wait, as a run does that has more to enter: nothing says that all was looked through.
func (h *house) enterBatch(t *testing.T, signer *ledger.Signer, n int) {
	t.Helper()
	ctx := context.Background()
	size, _, err := h.store.LedgerEnd(ctx)
	if err != nil {
		t.Fatal(err)
	}
	some, err := h.store.NotInLedger(ctx, time.Time{}, nil, n)
	if err != nil || len(some) != n {
		t.Fatalf("%d wait, not %d: %v", len(some), n, err)
	}
	leaves := make([]ledger.Leaf, n)
	for i, e := range some {
		leaves[i] = ledger.Leaf{DossierID: e.DossierID, Seq: e.Seq, EventHash: e.Hash, EnteredAt: h.now.UTC()}
	}
	hashes, err := ledger.Append(size, leaves, h.store.LedgerHashes(ctx))
	if err == nil {
		err = h.store.AddLeaves(ctx, leaves, hashes)
	}
	if err != nil {
		t.Fatal(err)
	}
	size += int64(n)
	root, err := tlog.TreeHash(size, h.store.LedgerHashes(ctx))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(ledger.Checkpoint{Size: size, Root: root, At: h.now})
	if err == nil {
		err = h.store.AddCheckpoint(ctx, store.SignedCheckpoint{Size: size, SignedAt: h.now, Signed: signed, PublicKey: signer.Public})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// After a time in which nothing was entered, one run takes several batches, and signs after each.
func TestWhatIsEnteredInSeveralBatchesIsNotDatedBack(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		signer := newSigner(t)
		h.inProgress(t)
		h.enter(t, signer, 2)
		h.now = h.now.Add(time.Minute)
		h.inProgress(t)
		h.now = h.now.Add(30*time.Minute + 400*time.Millisecond)
		h.enterBatch(t, signer, 1)
		h.enter(t, signer, 1)
		var v onestop.Verification
		if err := h.VerifyLedger(context.Background(), h.now, &v, "", nil); err != nil || len(v.Findings) > 0 || v.Entries != 4 {
			t.Fatalf("%+v %v", v, err)
		}
	})
}

// So does a run that dies in between: the next one enters the rest.
func TestWhatARunLeftThatWasCutOffIsNotDatedBack(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		signer := newSigner(t)
		d, _ := h.receive(t, h.clerk, input("9.000001"))
		h.enter(t, signer, 1)
		h.now = h.now.Add(time.Minute)
		events, err := h.store.Journal(ctx, staff.System().Scope(), d.ID)
		if err != nil {
			t.Fatal(err)
		}
		f, err := events[0].Read()
		if err != nil {
			t.Fatal(err)
		}
		lives := make([]dossier.Life, 1001)
		for i := range lives {
			f.Intake.ID, f.Intake.Code = uuid.Must(uuid.NewV7()), fmt.Sprintf("H99.X1-261102-%04d", 1000+i)
			next, e, err := dossier.Open(events[0].Kind, dossier.Move{At: h.now.UTC(), Recorded: h.now.UTC(), By: events[0].By}, f)
			if err != nil {
				t.Fatal(err)
			}
			lives[i] = dossier.Life{Dossier: next, Events: []dossier.Event{e}}
		}
		if err := h.store.InTx(ctx, func(ctx context.Context) error { return h.store.AddDossiers(ctx, lives) }); err != nil {
			t.Fatal(err)
		}
		h.now = h.now.Add(30 * time.Minute)
		h.enterBatch(t, signer, 1000) // and then the machine stood still
		h.now = h.now.Add(time.Minute)
		h.enter(t, signer, 1)
		var v onestop.Verification
		if err := h.VerifyLedger(ctx, h.now, &v, "", nil); err != nil || len(v.Findings) > 0 || v.Entries != 1002 {
			t.Fatalf("%+v %v", v, err)
		}
	})
}

func TestALogThatWasBrokenOffAtItsBeginningTakesInTheRest(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		for range 3 {
			h.inProgress(t)
		}
		h.now = h.now.AddDate(0, 0, 7) // the log begins long after the journals
		signer := newSigner(t)
		h.enterBatch(t, signer, 2) // and then the machine stood still
		var v onestop.Verification
		if err := h.VerifyLedger(ctx, h.now, &v, "", nil); err != nil || len(v.Findings) > 0 {
			t.Fatalf("%+v %v", v, err)
		}
		h.now = h.now.Add(time.Hour)
		h.inProgress(t)
		if err := h.VerifyLedger(ctx, h.now, &v, "", nil); err != nil || len(v.Findings) != 1 || v.Findings[0].What != "its beginning was broken off, or the checkpoints behind it were taken out" {
			t.Fatalf("%+v %v", v, err)
		}
		h.enter(t, signer, 6)
		v = onestop.Verification{}
		if err := h.VerifyLedger(ctx, h.now, &v, "", nil); err != nil || len(v.Findings) > 0 || v.Entries != 8 {
			t.Fatalf("%+v %v", v, err)
		}
	})
}

func TestAnEntryIsNeverOlderThanTheOneInFrontOfItWhateverClockEntersIt(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		signer := newSigner(t)
		h.inProgress(t)
		h.enter(t, signer, 2)
		h.receive(t, h.clerk, input("9.000001"))
		h.now = h.now.Add(-2 * time.Minute) // a job that began before the other, on this machine or the next
		h.enter(t, signer, 1)
		var v onestop.Verification
		if err := h.VerifyLedger(context.Background(), h.now, &v, "", nil); err != nil || len(v.Findings) > 0 || v.Entries != 3 {
			t.Fatalf("%+v %v", v, err)
		}
	})
}

func TestManyEnterAtOnceAndEachEventStandsInTheLogOnce(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		signer := newSigner(t)
		for range 6 {
			h.act(t, h.officer, h.inProgress(t), dossier.Take, onestop.ActInput{})
		}
		done := make(chan error)
		for range 4 {
			go func() {
				_, err := h.EnterEvents(ctx, h.now, signer)
				done <- err
			}()
		}
		for range 4 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		h.enter(t, signer, 0)
		var tree ledger.Tree
		if err := h.store.EachEntry(ctx, func(e store.Entry) error { tree.Add(e.Leaf); return nil }); err != nil || tree.Size != 18 {
			t.Fatal(tree.Size, err)
		}
		last, err := h.store.LastCheckpoint(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := ledger.Open(last.Signed, last.PublicKey); err != nil || c.Size != 18 || c.Root != tree.Root() {
			t.Fatal(c, err)
		}
	})
}

func TestTheProofOfWhatCameOnlineShowsTheIntakeToo(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		h := newHouse(t, storetest.Open(t, config))
		ctx := context.Background()
		signer := newSigner(t)
		in := input("9.000001")
		in.Channel = catalog.Online
		d, secret := h.receive(t, h.clerk, in)
		submitted := h.now
		h.now = h.now.Add(time.Hour)
		d = h.act(t, h.clerk, d, dossier.Accept, onestop.ActInput{})
		h.enter(t, signer, 2)
		p, err := h.ProveReceipt(ctx, d.Code, secret)
		if err != nil || len(p.Before) != 1 {
			t.Fatalf("%+v, %v", p, err)
		}
		shown, err := p.Check(signer.Public)
		if err != nil || shown.Intake.Code != d.Code || !shown.SubmittedAt.Equal(submitted) || !p.Event.At.Equal(h.now) || shown.Facts.Promise == nil {
			t.Fatalf("%+v, %v", shown, err)
		}
		for what, change := range map[string]func(p *ledger.Proof){
			"without the intake": func(p *ledger.Proof) { p.Before = nil },
			"handed in later":    func(p *ledger.Proof) { p.Before[0].At = h.now; p.Before[0].Hash = p.Before[0].Sum() },
			"of another dossier": func(p *ledger.Proof) { p.Before[0].DossierID = uuid.New(); p.Before[0].Hash = p.Before[0].Sum() },
			"put in once more":   func(p *ledger.Proof) { p.Before = append(p.Before, p.Before[0]) },
		} {
			forged := p
			forged.Before = slices.Clone(p.Before)
			change(&forged)
			if _, err := forged.Check(signer.Public); !errors.Is(err, ledger.ErrChain) {
				t.Errorf("%s: %v", what, err)
			}
		}

		holds := func(p ledger.Proof, want string) {
			t.Helper()
			var v onestop.Verification
			if err := h.VerifyReceipt(ctx, &v, p, signer.Public); err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, f := range v.Findings {
				got += f.Dossier + ": " + f.What
			}
			if got != want {
				t.Errorf("held against a receipt: %q, not %q", got, want)
			}
		}
		holds(p, "")
		lost := p
		lost.Before, lost.Event = nil, p.Before[0]
		lost.Event.DossierID = uuid.New()
		lost.Event.Hash = lost.Event.Sum()
		holds(lost, "receipt: it proves nothing: "+ledger.ErrLeaf.Error())
		silenced(t, config)
		storetest.Tamper(t, config, "DELETE FROM dossier_events WHERE seq = 2")
		holds(p, d.Code+": event 2 of a receipt that was kept is not in the journal")
	})
}
