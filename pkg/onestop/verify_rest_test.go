package onestop_test

import (
	"context"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

func TestCatalogueAndAgenciesAreHeldAgainstWhatTheyFollowFrom(t *testing.T) {
	t.Parallel()
	for statement, want := range map[string]onestop.Finding{
		`UPDATE procedure_versions SET content = replace(content, '"value":3', '"value":30') WHERE procedure_id = (SELECT id FROM procedures WHERE code = '9.000001')`: {
			Dossier: "procedure 9.000001", What: "the content of version 1 is not the one that its hash was taken of",
		},
		"UPDATE procedures SET name = 'x' WHERE code = '9.000001'": {
			Dossier: "procedure 9.000001", What: "differs from its content: procedures.name",
		},
		"UPDATE procedures SET content_sha256 = 'x' WHERE code = '9.000001'": {
			Dossier: "procedure 9.000001", What: "differs from its content: procedures.content_sha256",
		},
		"UPDATE procedures SET version = 2 WHERE code = '9.000002'": {
			Dossier: "procedure 9.000002", What: "version 2 is in force, and the last one there is has the number 1",
		},
		"UPDATE agencies SET path = (SELECT path FROM agencies WHERE code = 'X1') || id || '/' WHERE code = 'X2'": {
			Dossier: "agency X2", What: "agencies.path does not follow from the agencies above",
		},
		"UPDATE agencies SET name = 'x' WHERE code = 'X2'": {Dossier: "agency X2", What: "agencies.name_fold is not the name"},
	} {
		t.Run(want.What, func(t *testing.T) {
			t.Parallel()
			storetest.EachConfig(t, func(t *testing.T, config store.Config) {
				c := crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config))}
				c.finds("")
				silenced(t, config)
				storetest.Tamper(t, config, statement)
				v, err := c.h.Verify(context.Background(), c.h.now, false, nil)
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range v.Findings {
					if f == want {
						return
					}
				}
				t.Errorf("found %+v, not %+v", v.Findings, want)
			})
		})
	}
}

// The law of a day is part of what was promised: rules that allow more, and a term that is longer, are found by the dossiers that rest on them.
func TestRulesAndTermsThatWereChangedAreFoundByTheirDossiers(t *testing.T) {
	t.Parallel()
	for statement, says := range map[string]string{
		`UPDATE rule_sets SET definition = replace(definition, '"supplements_unapproved":1', '"supplements_unapproved":9')`:                         "event 1: rule set test is not the one that it was reckoned by",
		`UPDATE procedure_versions SET content = replace(content, '"value":3', '"value":30')`:                                                       "event 1: the term is not the one of version 1 of procedure 9.000001",
		`UPDATE calendars SET definition = replace(definition, '2026-11-05', '2026-11-08'), written = replace(written, '2026-11-05', '2026-11-08')`: "event 1: the promise is not what the rules give",
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			storetest.EachConfig(t, func(t *testing.T, config store.Config) {
				c := crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config))}
				c.victim = c.h.inProgress(t)
				c.finds("")
				if err := storetest.TryTamper(t, config, statement); err == nil {
					t.Fatal("the law was changed, and nothing stood against it")
				}
				silenced(t, config)
				storetest.Tamper(t, config, statement)
				c.h.Office = onestop.New(c.h.store, process, zone) // as after a start: rules are kept in memory
				c.finds(says)
			})
		})
	}
}

func TestAlertsThatWereRaisedAreMissed(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		kind  dossier.AlertKind
		story func(c crime) dossier.Dossier
	}{
		"that an open dossier is late": {dossier.DossierLate, func(c crime) dossier.Dossier {
			d := c.h.inProgress(c.t)
			c.scanned("2026-11-20T08:00:00+07:00")
			return d
		}},
		"that a step is late": {dossier.StepLate, func(c crime) dossier.Dossier {
			d := c.h.inProgress(c.t)
			c.scanned("2026-11-20T08:00:00+07:00")
			return d
		}},
		"that nobody accepted it": {dossier.AcceptanceLate, func(c crime) dossier.Dossier {
			in := input("9.000001")
			in.Channel = catalog.Online
			d, _ := c.h.receive(c.t, c.h.clerk, in)
			c.scanned("2026-11-20T08:00:00+07:00")
			return d
		}},
		"that one was late which ended since": {dossier.DossierLate, func(c crime) dossier.Dossier {
			d := c.h.inProgress(c.t)
			c.scanned("2026-11-20T08:00:00+07:00")
			c.h.now = c.h.now.Add(time.Hour)
			d = c.h.act(c.t, c.h.officer, d, dossier.CompleteStep, onestop.ActInput{})
			return c.h.act(c.t, c.h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép"}})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.EachConfig(t, func(t *testing.T, config store.Config) {
				c := crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config))}
				c.victim = x.story(c)
				c.finds("")
				c.sql("DELETE FROM alerts WHERE dossier_id = # AND kind = '" + string(x.kind) + "'")
				c.findsOnly("the alert " + string(x.kind) + " was raised and is gone")
			})
		})
	}
}

// What no run has seen is not missed: what came after the last one, and what ended before it was looked at.
func TestAnAlertThatNoRunCouldRaiseIsNotMissed(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		c := crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config))}
		ended := c.h.act(t, c.h.officer, c.h.inProgress(t), dossier.CompleteStep, onestop.ActInput{})
		c.scanned("2026-11-02T09:00:00+07:00")
		c.h.now = when("2026-11-20T08:00:00+07:00")
		c.h.act(t, c.h.head, ended, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép"}})
		c.finds("")
		c.scanned("2026-11-20T08:01:00+07:00")
		c.h.inProgress(t)
		c.h.now = when("2026-11-30T08:00:00+07:00") // late by now, and no server runs
		c.finds("")
	})
}

// Whoever makes a late dossier timely, with a journal and rows that hang together, leaves behind that somebody was told of it.
func TestAnAlertThatContradictsTheJournalIsNamed(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		c := crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config))}
		c.victim = c.h.act(t, c.h.officer, c.h.inProgress(t), dossier.CompleteStep, onestop.ActInput{})
		late := c.victim.Promise().LateFrom
		c.scanned("2026-11-20T08:00:00+07:00")
		c.h.now = c.h.now.Add(time.Hour)
		c.victim = c.h.act(t, c.h.head, c.victim, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép"}})
		c.finds("")
		silenced(t, config)
		events := c.journal()
		events[3].At = late.Add(-time.Hour)
		events[3].RecordedAt = events[3].At
		c.rewrite(events)
		c.findsOnly("the alert DOSSIER_LATE was raised, and by its journal it ended in time")
	})
}

// An end that the scan could not see yet contradicts nothing.
func TestAnAlertBesideAnEndIsNoContradiction(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		c := crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config))}
		d := c.h.act(t, c.h.officer, c.h.inProgress(t), dossier.CompleteStep, onestop.ActInput{})
		end := d.Promise().LateFrom
		c.h.now = end
		if _, err := c.h.ScanLate(context.Background(), c.h.now); err != nil {
			t.Fatal(err)
		}
		c.h.now = end.Add(-time.Second) // it was begun before, and committed after
		c.h.act(t, c.h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép"}})
		c.finds("")
	})
}

// scanned lets the job that raises alerts run at the instant.
func (c crime) scanned(at string) {
	c.t.Helper()
	c.h.now = when(at)
	if _, err := c.h.ScanLate(context.Background(), c.h.now); err != nil {
		c.t.Fatal(err)
	}
	c.run(onestop.LateJob)
}
