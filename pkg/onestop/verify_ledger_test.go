package onestop_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/notify"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

// crime is what somebody does who can write the tables and knows how everything is hashed.
type crime struct {
	t      *testing.T
	h      *house
	config store.Config
	signer *ledger.Signer
	victim dossier.Dossier // with three events, all in the log
	kept   []string        // checkpoints that were kept elsewhere
}

func (c crime) sql(statement string) {
	c.t.Helper()
	storetest.Tamper(c.t, c.config, strings.ReplaceAll(statement, "#", "'"+c.victim.ID.String()+"'"))
}

func (c crime) journal() []dossier.Event {
	c.t.Helper()
	events, err := c.h.store.Journal(context.Background(), staff.System().Scope(), c.victim.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	return events
}

// rewrite replaces the journal of the victim by other events, chained and hashed anew, and the row by what follows from them.
func (c crime) rewrite(events []dossier.Event) {
	c.t.Helper()
	c.write(events)
	d, err := dossier.Rebuild(events)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.h.store.InTx(context.Background(), func(ctx context.Context) error { return c.h.store.Rewrite(ctx, d) }); err != nil {
		c.t.Fatal(err)
	}
}

// write is rewrite that leaves the row alone.
func (c crime) write(events []dossier.Event) {
	c.t.Helper()
	c.sql("DELETE FROM dossier_events WHERE dossier_id = #")
	prev := ""
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	for i := range events {
		e := &events[i]
		e.Seq, e.Prev = i+1, prev
		e.Hash = e.Sum()
		prev = e.Hash
		at := func(t time.Time) string {
			if c.config.DatabaseURL != "" {
				return quote(t.Format(time.RFC3339Nano))
			}
			return fmt.Sprint(t.UnixMicro())
		}
		c.sql(fmt.Sprintf(`INSERT INTO dossier_events (dossier_id, seq, kind, at, recorded_at, by_id, by_name, by_role, by_agency, facts, prev, hash)
			VALUES (#, %d, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)`, e.Seq, quote(string(e.Kind)), at(e.At), at(e.RecordedAt), quote(e.By.ID.String()),
			quote(e.By.Name), quote(e.By.Role), quote(e.By.AgencyID.String()), quote(string(e.Facts)), quote(e.Prev), quote(e.Hash)))
	}
}

// forgetLog takes out of the log what comes from an entry on, tree and checkpoints as well.
func (c crime) forgetLog(from int) {
	c.sql(fmt.Sprintf("DELETE FROM ledger_leaves WHERE idx >= %d", from))
	c.sql(fmt.Sprintf("DELETE FROM ledger_hashes WHERE idx >= %d", tlog.StoredHashCount(int64(from))))
	c.sql(fmt.Sprintf("DELETE FROM ledger_checkpoints WHERE size > %d", from))
}

// finishAgo ends the victim through the office while the clock of the machine is set back: the log took in others since.
func (c crime) finishAgo(ago time.Duration) {
	now := c.h.now
	c.h.now = now.Add(-ago)
	d := c.h.read(c.t, c.victim.Code)
	d = c.h.act(c.t, c.h.officer, d, dossier.CompleteStep, onestop.ActInput{})
	c.h.act(c.t, c.h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép"}})
	c.h.now = now
}

type attack struct {
	commit func(c crime)
	says   string
	victim bool // it is the victim's name that is told
	stops  bool // nothing can be entered into the log any more
}

var crimes = map[string]attack{
	"a promise is moved": {func(c crime) {
		events := c.journal()
		events[0].Facts = []byte(strings.ReplaceAll(string(events[0].Facts), "2026-11-06T10:00:00Z", "2026-12-06T10:00:00Z"))
		c.rewrite(events)
	}, "event 1 is not the one that stands in the log", true, false},
	"somebody else did it": {func(c crime) {
		events := c.journal()
		events[2].By.Name = "Người Khác"
		c.rewrite(events)
	}, "event 3 is not the one that stands in the log", true, false},
	"the last event is taken out": {func(c crime) { c.rewrite(c.journal()[:2]) }, "event 3 stood in the log and is gone", true, false},
	"one in the middle is taken out": {func(c crime) {
		events := c.journal()
		c.rewrite(append(events[:1:1], events[1]))
	}, "event 3 stood in the log and is gone", true, false},
	"two are swapped": {func(c crime) {
		events := c.journal()
		events[1].By, events[2].By = events[2].By, events[1].By
		c.rewrite(events)
	}, "event 2 is not the one that stands in the log", true, false},
	"a whole dossier is taken out": {func(c crime) {
		for _, table := range []string{"dossier_events", "dossier_codes", "dossier_promises", "dossier_pauses", "dossier_steps"} {
			c.sql("DELETE FROM " + table + " WHERE dossier_id = #")
		}
		c.sql("DELETE FROM dossiers WHERE id = #")
	}, "event 1 stood in the log and is gone", false, false},
	"a finish is dated back by minutes": {func(c crime) { c.finishAgo(12 * time.Minute) }, "event 4 is dated back", true, false},
	"a finish is dated back by an hour": {func(c crime) { c.finishAgo(time.Hour) }, "event 4 does not stand in the log: it was not written when it says", true, false},
	"a finish is dated ahead":           {func(c crime) { c.finishAgo(-72 * time.Hour) }, "event 4 is dated ahead", true, false},
	"an event of last month is put in": {func(c crime) {
		events := c.journal()
		late := events[2]
		late.RecordedAt = late.RecordedAt.AddDate(0, -1, 0)
		c.rewrite(append(events, late))
	}, "event 4 does not stand in the log", true, false},
	"the log is changed as well": {func(c crime) {
		events := c.journal()
		events[2].By.Name = "Người Khác"
		c.rewrite(events)
		c.sql("UPDATE ledger_leaves SET event_hash = (SELECT hash FROM dossier_events WHERE dossier_id = # AND seq = 3) WHERE dossier_id = # AND seq = 3")
	}, "are not those that a checkpoint was signed over", false, false},
	"the log is cut off": {func(c crime) {
		c.rewrite(c.journal()[:2])
		c.forgetLog(2)
	}, "a checkpoint was signed over 9 entries, and there are only 2", false, true},
	"the log is written anew from the beginning": {func(c crime) {
		events := c.journal()
		events[2].By.Name = "Người Khác"
		c.rewrite(events)
		c.forgetLog(0)
	}, "there were two logs", false, false},
	"an entry is taken out": {func(c crime) { c.sql("DELETE FROM ledger_leaves WHERE dossier_id = # AND seq = 2") }, "entry 1 is missing", false, true},
	"the tree is damaged":   {func(c crime) { c.sql("DELETE FROM ledger_hashes WHERE idx = 1") }, "the stored hashes 0 to", false, true},
}

func TestNobodyTampersUnseen(t *testing.T) {
	t.Parallel()
	eachCrime(t, crimes, func(c crime, x attack) {
		t := c.t
		c.victim = c.h.act(t, c.h.officer, c.h.inProgress(t), dossier.Take, onestop.ActInput{})
		for range 3 {
			c.h.inProgress(t)
			c.h.now = c.h.now.Add(20 * time.Minute)
			c.enter()
		}
		last, err := c.h.store.LastCheckpoint(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		c.kept = []string{last.Signed}
		if found := c.look(); len(found) > 0 {
			t.Fatalf("before anything was done: %+v", found)
		}
		silenced(t, c.config)
		x.commit(c)
		c.h.now = c.h.now.Add(20 * time.Minute)
		if _, err := c.h.EnterEvents(context.Background(), c.h.now, c.signer); err != nil && !x.stops {
			t.Fatal(err)
		}
		found := c.look()
		for _, f := range found {
			if strings.Contains(f.What, x.says) && (!x.victim || f.Dossier == c.victim.Code) {
				return
			}
		}
		t.Errorf("%q is not told, but %+v", x.says, found)
	})
}

// In quiet hours the log grows by nothing, and yet it is known to hold all that there was.
var quiet = map[string]struct {
	commit func(c crime)
	says   string
}{
	"a finish is dated back by less than the quiet time": {func(c crime) { c.finishAgo(27 * time.Minute) }, "event 5 is dated back"},
	"and the last look is set back": {func(c crime) {
		c.sql("UPDATE ledger_checkpoints SET looked_at = signed_at")
		c.finishAgo(80 * time.Minute)
	}, "event 5 is dated back"},
	"and what was signed in the quiet time is taken out, but was kept": {func(c crime) {
		c.sql("DELETE FROM ledger_checkpoints WHERE signed_at > (SELECT MIN(signed_at) FROM ledger_checkpoints)")
		c.sql("UPDATE ledger_checkpoints SET looked_at = signed_at")
		c.finishAgo(80 * time.Minute)
	}, "event 5 is dated back"},
	"a finish says that it was recorded before what it follows": {func(c crime) {
		c.finishAgo(0)
		events := c.journal()
		events[4].RecordedAt = events[3].RecordedAt.Add(-8 * time.Minute)
		c.rewrite(events)
	}, "event 5 says that it was recorded at 2026-11-02T"},
}

func TestNothingIsDatedBackInQuietHours(t *testing.T) {
	t.Parallel()
	eachCrime(t, quiet, func(c crime, x struct {
		commit func(c crime)
		says   string
	},
	) {
		t := c.t
		c.victim = c.h.act(t, c.h.officer, c.h.inProgress(t), dossier.Take, onestop.ActInput{})
		for range 10 {
			c.enter()
			c.h.now = c.h.now.Add(10 * time.Minute)
		}
		last, err := c.h.store.LastCheckpoint(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		c.kept = []string{last.Signed}
		silenced(t, c.config)
		x.commit(c)
		c.h.now = c.h.now.Add(time.Hour)
		c.enter()
		for _, f := range c.look() {
			if strings.HasPrefix(f.What, x.says) && f.Dossier == c.victim.Code {
				return
			}
		}
		t.Errorf("%q is not told, but %+v", x.says, c.look())
	})
}

// Whoever takes out what was signed finds no server that signs another log over it.
func TestNoSecondLogIsSigned(t *testing.T) {
	t.Parallel()
	eachCrime(t, map[string]struct {
		commit func(c crime)
		says   string
		kept   bool // it takes the checkpoint that is kept outside the database
	}{
		"the checkpoints are taken out": {func(c crime) {
			c.sql("DELETE FROM ledger_checkpoints")
		}, "the log has 9 entries and no checkpoint: checkpoints were taken out", false},
		"the last checkpoint is taken out": {func(c crime) {
			c.sql("DELETE FROM ledger_checkpoints WHERE size = 9")
		}, "the log has 9 entries, and its last checkpoint was signed over 7: checkpoints were taken out, or entries put in", false},
		"the one of a quiet hour is taken out": {func(c crime) {
			c.h.now = c.h.now.Add(70 * time.Minute)
			if _, err := c.h.EnterEvents(context.Background(), c.h.now, c.signer); err != nil {
				c.t.Fatal(err)
			}
			c.sql("DELETE FROM ledger_checkpoints WHERE signed_at = (SELECT MAX(signed_at) FROM ledger_checkpoints)")
		}, "a checkpoint was signed at 2026-11-02T03:40:00Z, and the last one here is of 2026-11-02T02:30:00Z: checkpoints were taken out", true},
		"the tree is another": {func(c crime) {
			c.sql("UPDATE ledger_hashes SET hash = (SELECT hash FROM ledger_hashes WHERE idx = 0)")
		}, "the log's first 9 entries are not those that a checkpoint was signed over at 2026-11-02T02:30:00Z", false},
		"the log is emptied": {func(c crime) {
			c.rewrite(c.journal()[:2])
			c.forgetLog(0)
		}, "a checkpoint over 9 entries of the log was signed at 2026-11-02T02:30:00Z, and there are only 0: it was cut off, or an older copy was put back", true},
		"the log is written anew": {func(c crime) {
			events := c.journal()
			events[2].By.Name = "Người Khác"
			c.rewrite(events)
			c.forgetLog(0)
			other := *c.signer
			other.Last, other.Keep = nil, nil
			if _, err := c.h.EnterEvents(context.Background(), c.h.now, &other); err != nil {
				c.t.Fatal(err)
			}
		}, "the log's first 9 entries are not those that a checkpoint was signed over at 2026-11-02T02:30:00Z", true},
	}, func(c crime, x struct {
		commit func(c crime)
		says   string
		kept   bool
	},
	) {
		t, kept := c.t, ""
		c.signer.Last = func() (string, error) { return kept, nil }
		c.signer.Keep = func(signed string) error { kept = signed; return nil }
		c.victim = c.h.act(t, c.h.officer, c.h.inProgress(t), dossier.Take, onestop.ActInput{})
		for range 3 {
			c.h.inProgress(t)
			c.h.now = c.h.now.Add(20 * time.Minute)
			c.enter()
		}
		if last, err := c.h.store.LastCheckpoint(context.Background()); err != nil || last.Signed != kept {
			t.Fatalf("%q is kept, not the last one: %v", kept, err)
		}
		if !x.kept {
			c.signer.Last = nil
		}
		silenced(t, c.config)
		x.commit(c)
		_, err := c.h.EnterEvents(context.Background(), c.h.now, c.signer)
		if f := fault.As(err); f == nil || f.Code != "ledger-broken" || f.Detail != x.says {
			t.Errorf("%v, not %q", err, x.says)
		}
		c.signer = newSigner(t)
		c.signer.Last = func() (string, error) { return kept, nil }
		c.sql("DELETE FROM ledger_leaves")
		c.sql("DELETE FROM ledger_checkpoints")
		if _, err = c.h.EnterEvents(context.Background(), c.h.now, c.signer); fault.As(err) == nil || fault.As(err).Code != "ledger-key" {
			t.Errorf("another key went on with the log: %v", err)
		}
	})
}

// eachCrime has each crime committed in a house of its own, over each database.
func eachCrime[X any](t *testing.T, all map[string]X, commit func(c crime, x X)) {
	t.Helper()
	for name, x := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.EachConfig(t, func(t *testing.T, config store.Config) {
				commit(crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config)), signer: newSigner(t)}, x)
			})
		})
	}
}

func (c crime) enter() {
	c.t.Helper()
	if _, err := c.h.EnterEvents(context.Background(), c.h.now, c.signer); err != nil {
		c.t.Fatal(err)
	}
}

func (c crime) look() []onestop.Finding {
	c.t.Helper()
	var v onestop.Verification
	if err := c.h.VerifyLedger(context.Background(), c.h.now, &v, c.signer.Public, c.kept); err != nil {
		c.t.Fatal(err)
	}
	return v.Findings
}

func TestADossierThatWasTakenOutIsCalledByItsCodeWhereTheTableOfCodesTellsIt(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		c := crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config)), signer: newSigner(t)}
		c.victim = c.h.inProgress(t)
		c.enter()
		silenced(t, config)
		for _, table := range []string{"dossier_events", "dossier_promises", "dossier_steps", "dossier_persons"} {
			c.sql("DELETE FROM " + table + " WHERE dossier_id = #")
		}
		c.sql("DELETE FROM dossiers WHERE id = #")
		c.sql("UPDATE dossier_counters SET last = 0")
		for _, name := range []string{c.victim.Code, c.victim.ID.String()} {
			found := c.look()
			if len(found) != 2 || found[0].Dossier != name || found[1].Dossier != name {
				t.Errorf("%+v do not name %s", found, name)
			}
			c.sql("DELETE FROM dossier_codes WHERE dossier_id = #")
		}
	})
}

type erasure struct {
	commit func(c crime)
	says   string
}

// Whoever takes the checkpoints too, and has no sheet held against the log: other tables still speak of it.
var erasures = map[string]erasure{
	"the log is emptied, and the server had entered everything": {func(c crime) {
		c.forgetLog(0)
	}, "it is empty, and 9 events should stand in it: it was emptied"},
	"the log is emptied, and the runs of its job as well": {func(c crime) {
		c.forgetLog(0)
		c.sql("DELETE FROM job_runs")
	}, "it is empty, and 9 events should stand in it: it was emptied, or no server has run since they were written"},
	"the end of the log is taken out": {func(c crime) {
		c.forgetLog(7)
		c.sql("DELETE FROM checkpoint_mails")
		c.sql("UPDATE receivers SET position = 0")
	}, "does not stand in the log: it was not written when it says"},
	"the end of the log is taken out, and a checkpoint of it was mailed": {func(c crime) {
		c.forgetLog(7)
		c.sql("DELETE FROM job_runs")
	}, "a checkpoint over 9 entries was mailed, and there are only 7: it was cut off"},
	"the end of the log is taken out, and a receiver was told of it": {func(c crime) {
		c.forgetLog(7)
		c.sql("DELETE FROM job_runs")
	}, "a receiver was told of 9 entries, and there are only 7: it was cut off"},
	"the end of the log is taken out, but not of its tree": {func(c crime) {
		c.sql("DELETE FROM ledger_leaves WHERE idx >= 7")
		c.sql("DELETE FROM ledger_checkpoints WHERE size > 7")
	}, "more hashes of its tree are stored than its 7 entries have: it was cut off"},
	"the checkpoints are taken out": {func(c crime) {
		c.sql("DELETE FROM ledger_checkpoints")
	}, "its last 9 entries stand under no checkpoint: checkpoints were taken out, or entries put in"},
	"the checkpoints are taken out as soon as they are there": {func(c crime) {
		c.sql("DELETE FROM ledger_checkpoints")
		c.h.now = c.h.now.Add(-130 * time.Minute) // ten minutes after the last entry, when the job has run once more
	}, "its last 9 entries stand under no checkpoint: checkpoints were taken out, or entries put in"},
	"the last checkpoint is taken out": {func(c crime) {
		c.sql("DELETE FROM ledger_checkpoints WHERE size = 9")
	}, "its last 2 entries stand under no checkpoint: checkpoints were taken out, or entries put in"},
}

func TestALogThatIsGoneWithItsCheckpointsIsMissed(t *testing.T) {
	t.Parallel()
	eachCrime(t, erasures, func(c crime, x erasure) {
		t, ctx := c.t, context.Background()
		c.victim = c.h.act(t, c.h.officer, c.h.inProgress(t), dossier.Take, onestop.ActInput{})
		for range 3 {
			c.h.inProgress(t)
			c.h.now = c.h.now.Add(20 * time.Minute)
			c.enter()
		}
		c.h.now = c.h.now.Add(20 * time.Minute)
		c.run(onestop.EnterJob)
		if err := c.h.store.CheckpointMailed(ctx, "thu@example.vn", 9, c.h.now); err != nil {
			t.Fatal(err)
		}
		c.told(9)
		c.h.now = c.h.now.Add(2 * time.Hour)
		if found := c.look(); len(found) > 0 {
			t.Fatalf("before anything was done: %+v", found)
		}
		silenced(t, c.config)
		x.commit(c)
		found := c.look()
		for _, f := range found {
			if strings.HasSuffix(f.What, x.says) {
				return
			}
		}
		t.Errorf("%q is not told, but %+v", x.says, found)
	})
}

func TestASheetOfAnEmptiedLogNeedsTheKey(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		c := crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config)), signer: newSigner(t)}
		c.victim = c.h.inProgress(t)
		c.enter()
		last, err := c.h.store.LastCheckpoint(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		silenced(t, config)
		c.forgetLog(0)
		for key, want := range map[string]string{
			"":              "there is no checkpoint in the database, so its public key is not known: the 1 that were kept cannot be checked without --key",
			c.signer.Public: "a checkpoint was signed over 2 entries, and there are only 0: it was cut off",
		} {
			var v onestop.Verification
			if err := c.h.VerifyLedger(context.Background(), c.h.now, &v, key, []string{last.Signed}); err != nil {
				t.Fatal(err)
			}
			if len(v.Findings) != 1 || v.Findings[0].What != want {
				t.Errorf("%+v, not %q", v.Findings, want)
			}
		}
	})
}

func TestNumbersThatWereGivenOutAreDossiers(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct{ tamper, says string }{
		"the last one is taken out": {"", "this number was given out, and there is no such dossier: it was taken out"},
		"the counter is set back":   {"UPDATE dossier_counters SET last = 1", "its number was never given out: the counter of that day stands at 1"},
		"the counter is set far on": {"UPDATE dossier_counters SET last = 2000000000", "counter H99.X1 of 2026-11-02 stands at 2000000000, and 2 dossiers bear its numbers"},
		"its day is none":           {"UPDATE dossier_counters SET day = 'x'", "counter H99.X1 has a day that is none"},
		"the counter is taken out":  {"DELETE FROM dossier_counters", "its number was never given out: the counter of that day stands at 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.EachConfig(t, func(t *testing.T, config store.Config) {
				c := crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config))}
				c.h.inProgress(t)
				c.victim = c.h.inProgress(t)
				c.finds("")
				silenced(t, config)
				if x.tamper != "" {
					c.sql(x.tamper)
				} else {
					for _, table := range []string{"dossier_events", "dossier_codes", "dossier_promises", "dossier_pauses", "dossier_steps", "dossier_persons"} {
						c.sql("DELETE FROM " + table + " WHERE dossier_id = #")
					}
					c.sql("DELETE FROM dossiers WHERE id = #")
				}
				v, err := c.h.Verify(context.Background(), c.h.now, false, nil)
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range v.Findings {
					if f.What == x.says && (f.Dossier == c.victim.Code || f.Dossier == "dossier_counters") {
						return
					}
				}
				t.Errorf("%q is not told, but %+v", x.says, v.Findings)
			})
		})
	}
}

// run notes that a job has run well.
func (c crime) run(job string) {
	c.t.Helper()
	ctx := context.Background()
	if _, err := c.h.store.ClaimSlot(ctx, job, c.h.now, "x", c.h.now); err != nil {
		c.t.Fatal(err)
	}
	if err := c.h.store.FinishSlot(ctx, job, c.h.now, c.h.now, "ok", ""); err != nil {
		c.t.Fatal(err)
	}
}

// told notes that somebody outside heard of so many entries.
func (c crime) told(entries int64) {
	c.t.Helper()
	r := notify.Receiver{ID: uuid.New(), Name: "x", URL: "https://example.vn", Format: notify.Events, CreatedAt: c.h.now}
	if err := c.h.store.AddReceiver(context.Background(), r, entries); err != nil {
		c.t.Fatal(err)
	}
}
