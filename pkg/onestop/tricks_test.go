package onestop_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/worktime"
)

// The three tricks by which on-time figures are made to look better than the work was, done in SQL by somebody who has the database in
// hand: each as a careless hand does it, in the tables, and as a careful one, who chains the journal anew and rewrites the rows, so that
// every table agrees with every other. Over the API they are tried in pkg/httpapi, tricks_test.go.
type trick struct {
	play    func(c crime)
	careful bool // only the log over all journals tells
	says    string
}

var tricks = map[string]trick{
	"the promise is moved, in the row": {func(c crime) {
		c.sql("UPDATE dossiers SET late_from = (SELECT MAX(recorded_at) FROM dossier_events) WHERE id = #")
	}, false, "differs from its journal: dossiers.late_from"},
	"the promise is moved, in the table of promises": {func(c crime) {
		c.sql("UPDATE dossier_promises SET due_at = (SELECT MAX(recorded_at) FROM dossier_events) WHERE dossier_id = #")
	}, false, "differs from its journal: dossier_promises"},
	"the promise is moved, in the journal": {func(c crime) {
		events := c.journal()
		events[0].Facts = []byte(strings.ReplaceAll(string(events[0].Facts), "2026-11-06T", "2026-12-04T"))
		c.rewrite(events)
	}, false, "event 1: the promise is not what the rules give"},
	"the promise is moved, with the term that gives it": {func(c crime) {
		events := c.journal()
		f, err := events[0].Read()
		if err != nil {
			c.t.Fatal(err)
		}
		r, err := c.h.Reckoner(context.Background(), c.h.department, events[0].At)
		if err != nil {
			c.t.Fatal(err)
		}
		if f.Basis, f.Promise, err = r.First(events[0].At, worktime.Term{Value: worktime.Whole(23), Unit: worktime.WorkingDay}); err != nil {
			c.t.Fatal(err)
		}
		if events[0].Facts, err = json.Marshal(f); err != nil {
			c.t.Fatal(err)
		}
		c.rewrite(events)
	}, false, "event 1: the term is not the one of version 1 of procedure 9.000001"},
	"the finish is dated back, in the row": {func(c crime) {
		c.sql("UPDATE dossiers SET finished_at = accepted_at WHERE id = #")
	}, false, "differs from its journal: dossiers.finished_at"},
	"the finish is dated back, in the journal": {func(c crime) {
		c.sql("UPDATE dossier_events SET at = (SELECT MIN(at) FROM dossier_events WHERE dossier_id = #) WHERE dossier_id = # AND kind = 'FINISHED'")
	}, false, "is not what was written: its hash differs"},
	"the finish is dated back, chain and all": {func(c crime) {
		events := c.journal()
		last := &events[len(events)-1]
		last.At, last.RecordedAt = last.At.AddDate(0, 0, -6), last.RecordedAt.AddDate(0, 0, -6)
		c.rewrite(events)
	}, true, "is not the one that stands in the log"},
	"the history is hidden, by deleting its end": {func(c crime) {
		c.sql("DELETE FROM dossier_events WHERE dossier_id = # AND seq > 5")
	}, false, "journal: events 6 to 7 are missing"},
	"the history is hidden, by deleting its middle": {func(c crime) {
		c.sql("DELETE FROM dossier_events WHERE dossier_id = # AND seq = 6")
	}, false, "journal: event 6 is missing"},
	"the history is hidden, chain and all": {func(c crime) {
		c.rewrite(c.journal()[:5]) // never called back, and finished early
	}, true, "event 6 stood in the log and is gone"},
}

func TestTheTricksWithOnTimeFiguresInSQLAreFound(t *testing.T) {
	t.Parallel()
	eachCrime(t, tricks, func(c crime, x trick) {
		t := c.t
		c.victim = c.lateVictim()
		c.enter()
		if tables, log := c.audit(); len(tables)+len(log) > 0 {
			t.Fatalf("before anything was done: %v, %v", tables, log)
		}
		silenced(t, c.config)
		x.play(c)
		c.h.now = c.h.now.Add(20 * time.Minute)
		c.enter()
		tables, log := c.audit()
		if x.careful && len(tables) > 0 {
			t.Errorf("that was not careful: %v", tables)
		}
		for _, what := range append(tables, log...) {
			if strings.Contains(what, x.says) {
				return
			}
		}
		t.Errorf("%q is not told, but %q and %q", x.says, tables, log)
	})
}

// lateVictim was finished early, called back, and finished anew when it was late: seven events.
func (c crime) lateVictim() dossier.Dossier {
	h, t := c.h, c.t
	d := h.act(t, h.officer, h.inProgress(t), dossier.Take, onestop.ActInput{})
	d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
	result := onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép", Number: "12/KQ"}}
	h.now = when("2026-11-04T10:00:00+07:00")
	d = h.act(t, h.head, d, dossier.Finish, result)
	d = h.act(t, h.head, d, dossier.Recall, onestop.ActInput{Reason: "kết quả ghi sai tên"})
	h.now = when("2026-11-10T10:00:00+07:00")
	d = h.act(t, h.head, d, dossier.Finish, result)
	if d.Timing(h.now) != dossier.Late || d.Version != 7 {
		t.Fatalf("it is %s after %d events", d.Timing(h.now), d.Version)
	}
	return d
}

// audit is what both halves of verify find of the victim, by its name: the tables against the journals, the journals against the log.
func (c crime) audit() (tables, log []string) {
	c.t.Helper()
	v, err := c.h.Verify(context.Background(), c.h.now, false, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	told := func(findings []onestop.Finding) (all []string) {
		for _, f := range findings {
			if f.Dossier == c.victim.Code {
				all = append(all, f.What)
			}
		}
		return all
	}
	return told(v.Findings), told(c.look())
}
