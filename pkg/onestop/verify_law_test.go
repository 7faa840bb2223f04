package onestop_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
	"github.com/motcua/motcua/pkg/worktime"
)

// lies are journals that hang together, by people who might have written them: what they say is not so, or is not said.
type lie struct {
	victim func(c crime) dossier.Dossier
	forge  func(c crime)
	says   string
}

func (l lie) tell(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		c := crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config))}
		c.victim = l.victim(c)
		c.finds("")
		silenced(t, config)
		l.forge(c)
		c.finds(l.says)
	})
}

func received(c crime) dossier.Dossier {
	d, _ := c.h.receive(c.t, c.h.clerk, input("9.000001"))
	return d
}

func handedOver(c crime) dossier.Dossier { return c.h.inProgress(c.t) }

// extended was granted two days more, in its fourth event.
func extended(c crime) dossier.Dossier {
	d := c.h.act(c.t, c.h.officer, c.h.inProgress(c.t), dossier.RequestExtension, moreTime)
	return c.h.act(c.t, c.h.head, d, dossier.ApproveExtension, onestop.ActInput{})
}

func finished(c crime) dossier.Dossier {
	d := c.h.act(c.t, c.h.officer, c.h.inProgress(c.t), dossier.CompleteStep, onestop.ActInput{})
	return c.h.act(c.t, c.h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép"}})
}

// changes forges one event.
func changes(event int, change func(f *dossier.Facts)) func(c crime) {
	return func(c crime) { c.forge(event, change) }
}

func TestWhatDoesNotBelongToAnEventIsFound(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]lie{
		"another system finishes a dossier of our own": {handedOver, func(c crime) {
			f, err := json.Marshal(dossier.Facts{Foreign: &dossier.Foreign{State: dossier.Resolved, ReceivedAt: c.victim.SubmittedAt, FinishedAt: &c.victim.SubmittedAt}})
			if err != nil {
				c.t.Fatal(err)
			}
			c.write(append(c.journal(), dossier.Event{
				DossierID: c.victim.ID, Kind: dossier.WasUpdated, At: c.h.now.UTC(), RecordedAt: c.h.now.UTC(), By: named(c.h.administrator), Facts: f,
			}))
		}, "journal: event 3: the dossier is our own"},
		"a dossier is taken over from nowhere": {received, func(c crime) {
			events := c.journal()
			events[0].Kind, events[0].By = dossier.WasImported, named(c.h.administrator)
			c.write(events)
		}, "journal: event 1: what is taken over names the system that it comes from"},
		"a dossier of our own names another system": {received, func(c crime) {
			events := c.journal()
			f, err := events[0].Read()
			if err != nil {
				c.t.Fatal(err)
			}
			f.Intake.Source = &dossier.Source{System: "X", Key: "1"}
			if events[0].Facts, err = json.Marshal(f); err != nil {
				c.t.Fatal(err)
			}
			c.write(events)
		}, "journal: event 1: what is taken over names the system that it comes from"},
		"another system's dates in an extension": {extended, changes(4, func(f *dossier.Facts) {
			f.Foreign = &dossier.Foreign{State: dossier.Resolved}
		}), "event 4: foreign is nothing that EXTENSION_APPROVED says"},
		"and a promise that nothing gives": {extended, changes(4, func(f *dossier.Facts) {
			f.Foreign = &dossier.Foreign{State: dossier.Resolved}
			f.Promise.LateFrom = f.Promise.LateFrom.AddDate(0, 1, 0)
		}), "event 4: the promise is not what the rules give: late_from"},
		"a promise where none is made": {handedOver, changes(2, func(f *dossier.Facts) {
			f.Promise = &dossier.Promise{No: 2, Kind: dossier.Extended}
		}), "event 2: promise is nothing that HANDED_OVER says"},
		"a wait that is over when it begins": {func(c crime) dossier.Dossier {
			return c.h.act(c.t, c.h.officer, handedOver(c), dossier.BeginWait, opinionOf("Chi cục Thuế"))
		}, changes(3, func(f *dossier.Facts) {
			f.Wait.To = &f.Wait.From
		}), "event 3: wait says more than"},
	} {
		t.Run(name, x.tell)
	}
}

func TestWhatAnEventRestsOnIsWorkedOutAnew(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]lie{
		"a longer term with an extension": {extended, changes(4, func(f *dossier.Facts) {
			f.Basis.Term.Value = worktime.Whole(60)
		}), "event 4: the basis is not what the rules give: term"},
		"more time than was asked for": {extended, changes(4, func(f *dossier.Facts) {
			f.Basis.Extensions[0].Value = worktime.Whole(60)
		}), "event 4: the basis is not what the rules give: extensions"},
		"a basis from another day": {received, changes(1, func(f *dossier.Facts) {
			f.Basis.From = f.Basis.From.AddDate(0, 0, 1)
		}), "event 1: the basis is not what the rules give: from"},
		"a basis that does not say what the rules said": {received, changes(1, func(f *dossier.Facts) {
			f.Basis.RulesSum = ""
		}), "event 1: rule set test is not the one that it was reckoned by"},
		"a request out of time that says it was in time": {func(c crime) dossier.Dossier {
			d := handedOver(c)
			c.h.now = d.Promise().DueAt.Add(-time.Hour)
			return c.h.act(c.t, c.h.officer, d, dossier.RequestExtension, moreTime)
		}, changes(3, func(f *dossier.Facts) {
			f.Extension.OutOfTime = false
		}), "event 3: the time asked for is not what the rules give: out_of_time"},
		"a promise that somebody else asked for": {extended, changes(4, func(f *dossier.Facts) {
			f.Promise.AskedBy.Name = "Người Khác"
		}), "event 4: the promise is not what the rules give: asked_by"},
		"a promise for another reason": {extended, changes(4, func(f *dossier.Facts) {
			f.Promise.Reason = "bão lụt"
		}), "event 4: the promise is not what the rules give: reason"},
	} {
		t.Run(name, x.tell)
	}
}

func TestWhatAnEventLeavesOutIsMissed(t *testing.T) {
	t.Parallel()
	impossible := func(by dossier.Action) string { return string(by) + " was not possible then for a " }
	for name, x := range map[string]lie{
		"the time of a step": {
			handedOver, changes(2, func(f *dossier.Facts) { f.StepMarks = nil }),
			"event 2: the time of the step is not what the rules give",
		},
		"the limit for accepting": {func(c crime) dossier.Dossier { return c.h.online(c.t) }, changes(1, func(f *dossier.Facts) {
			f.AcceptBy, f.Limit = nil, nil
		}), "event 1: it does not say by which rules its limits are reckoned"},
		"all that an acceptance says": {func(c crime) dossier.Dossier {
			return c.h.act(c.t, c.h.clerk, c.h.online(c.t), dossier.Accept, onestop.ActInput{})
		}, changes(2, func(f *dossier.Facts) { *f = dossier.Facts{} }), "event 2: the term is not the one"},
		"a result": {finished, changes(4, func(f *dossier.Facts) { *f = dossier.Facts{} }), "event 4: " + impossible(dossier.Finish) + "supervisor"},
		"the document of a stop": {func(c crime) dossier.Dossier {
			return c.h.act(c.t, c.h.head, handedOver(c), dossier.Stop, stopping)
		}, changes(3, func(f *dossier.Facts) { *f = dossier.Facts{} }), "event 3: " + impossible(dossier.Stop) + "supervisor"},
		"who asked for a withdrawal": {func(c crime) dossier.Dossier {
			return c.h.act(c.t, c.h.clerk, handedOver(c), dossier.Withdraw, withdrawing)
		}, changes(3, func(f *dossier.Facts) { *f = dossier.Facts{} }), "event 3: " + impossible(dossier.Withdraw) + "clerk"},
		"why a result was recalled": {func(c crime) dossier.Dossier {
			return c.h.act(c.t, c.h.head, finished(c), dossier.Recall, onestop.ActInput{Reason: "kết quả có sai sót về tên"})
		}, changes(5, func(f *dossier.Facts) { f.Reason = "" }), "event 5: " + impossible(dossier.Recall) + "supervisor"},
		"whose dossier it is": {
			received, changes(1, func(f *dossier.Facts) { f.Intake.Applicant.Name = "" }),
			"event 1: an intake was not possible then for a clerk",
		},
	} {
		t.Run(name, x.tell)
	}
}

// slowly lets the victim's intake be reckoned anew as if other law had been in force.
func slowly(c crime, change func(f *dossier.Facts), calendar string, by dossier.RuleSet, term worktime.Term) {
	c.t.Helper()
	ctx := context.Background()
	clock, revision, err := c.h.Calendar(ctx, calendar)
	if err != nil {
		c.t.Fatal(err)
	}
	r := dossier.Reckoner{Calendar: clock, Name: calendar, Revision: revision, Rules: by}
	c.forge(1, func(f *dossier.Facts) {
		if f.Basis, f.Promise, err = r.First(c.victim.SubmittedAt, term); err != nil {
			c.t.Fatal(err)
		}
		change(f)
	})
}

func unchanged(*dossier.Facts) {}

func TestTheLawOfAnotherDayIsFound(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	keep := func(c crime, in onestop.CalendarInput) {
		c.t.Helper()
		if _, err := c.h.KeepCalendar(ctx, c.h.administrator, c.h.now, in); err != nil {
			c.t.Fatal(err)
		}
	}
	three := *days(3)
	for name, x := range map[string]lie{
		"a calendar that no agency goes by": {func(c crime) dossier.Dossier {
			slow := dayOff
			slow.Name = "slow"
			keep(c, slow)
			return received(c)
		}, func(c crime) { slowly(c, unchanged, "slow", rules, three) }, `event 1: calendar "slow" is none of agency ST nor of one above it`},
		"a revision that was taken back": {func(c crime) dossier.Dossier {
			keep(c, dayOff)
			c.h.now = c.h.now.Add(24 * time.Hour)
			back := dayOff
			back.Definition = []byte(calendar)
			keep(c, back)
			c.h.now = c.h.now.Add(24 * time.Hour)
			return received(c)
		}, changes(1, func(f *dossier.Facts) { f.Promise.Revision = 2 }), "event 1: revision 2 of calendar vn was not the newest then"},
		"a revision that came later": {func(c crime) dossier.Dossier {
			d := received(c)
			c.h.now = c.h.now.Add(time.Hour)
			keep(c, dayOff)
			return d
		}, func(c crime) { slowly(c, unchanged, onestop.DefaultCalendar, rules, three) }, "event 1: revision 2 of calendar vn was not the newest then"},
		"rules that hold later": {received, func(c crime) {
			later := rules
			later.ID, later.EffectiveFrom, later.Rules.Verdict = "later", "2027-01-01", worktime.ByInstant
			if err := c.h.KeepRules(ctx, c.h.administrator, c.h.now, later); err != nil {
				c.t.Fatal(err)
			}
			slowly(c, unchanged, onestop.DefaultCalendar, later, three)
		}, `event 1: rule set "later" was not in force then`},
		"rules that were written down later": {received, func(c crime) {
			later := rules
			later.ID, later.EffectiveFrom, later.Rules.Verdict = "later", "2020-01-01", worktime.ByInstant
			if err := c.h.KeepRules(ctx, c.h.administrator, c.h.now.Add(time.Hour), later); err != nil {
				c.t.Fatal(err)
			}
			slowly(c, unchanged, onestop.DefaultCalendar, later, three)
		}, `event 1: rule set "later" was not in force then`},
		"a version that came later": {func(c crime) dossier.Dossier {
			d := received(c)
			c.h.now = c.h.now.AddDate(0, 0, 2)
			_, err := c.h.SetTerms(ctx, c.h.administrator, c.h.now, "9.000001", onestop.TermsInput{
				Terms: []catalog.Term{{Channel: catalog.InPerson, Statutory: days(30)}}, Reason: "Điều 5 Luật thử",
			})
			if err != nil {
				c.t.Fatal(err)
			}
			return d
		}, func(c crime) {
			p, err := c.h.store.Procedure(ctx, "9.000001")
			if err != nil {
				c.t.Fatal(err)
			}
			slowly(c, func(f *dossier.Facts) {
				f.Intake.Procedure.VersionID, f.Intake.Procedure.Version = p.VersionID, p.Version
			}, onestop.DefaultCalendar, rules, *days(30))
		}, "event 1: version 2 of procedure 9.000001 was not in force then"},
		"a procedure whose payments stop the clock": {
			received, changes(1, func(f *dossier.Facts) { f.Intake.Procedure.PaymentStops = true }),
			"event 1: the procedure is not as version 1 of 9.000001 has it: payment_stops true, not none",
		},
		"waiting that does not count": {
			received, changes(1, func(f *dossier.Facts) { f.Intake.Procedure.Excluded = dossier.WaitCauses }),
			"event 1: the procedure is not as version 1 of 9.000001 has it: excluded",
		},
		"a result to be handed out at no counter": {
			received, changes(1, func(f *dossier.Facts) { f.Intake.ReturningID = uuid.Must(uuid.NewV7()) }),
			"event 1: the result is to be handed out where no counter of the province is",
		},
		"somebody helped to file over a counter": {
			received, changes(1, func(f *dossier.Facts) { f.Intake.OnBehalf = true }),
			"event 1: somebody is helped to file online; over a counter the dossier is received",
		},
		"a fee that the version does not have": {
			received, changes(1, func(f *dossier.Facts) {
				vnd := int64(1_000_000)
				f.Intake.Fees, f.Intake.FeeText = []dossier.FeeLine{{Kind: dossier.Charge, VND: &vnd, Due: dossier.AtReturn}}, ""
			}),
			"event 1: the fees are not those of version 1 of procedure 9.000001",
		},
		"a paper that is not asked for": {
			received, changes(1, func(f *dossier.Facts) {
				f.Intake.Parts = []dossier.PlannedPart{{Name: "Đơn khác", Required: catalog.Copies{Original: 1}}}
			}),
			"event 1: the papers are not those of version 1 of procedure 9.000001",
		},
		"a step that the process does not have": {func(c crime) dossier.Dossier {
			d, _ := besides(c.t, c.h)
			return d
		}, changes(1, func(f *dossier.Facts) { f.Intake.Steps[0].Name = "Chờ" }), "event 1: the steps are not those of version 2 of procedure 9.000001"},
		"a step at another agency": {
			func(c crime) dossier.Dossier {
				d, _ := besides(c.t, c.h)
				return d
			}, func(c crime) { c.forge(1, func(f *dossier.Facts) { f.Intake.Steps[0].AgencyID = c.h.elsewhere.ID }) },
			"event 1: the steps are not those of version 2 of procedure 9.000001",
		},
		"a day to come": {handedOver, func(c crime) {
			events := c.journal()
			events[1].RecordedAt = events[1].RecordedAt.AddDate(0, 0, 3)
			events[1].At = events[1].RecordedAt
			c.rewrite(events)
		}, "event 2 says that it was recorded at 2026-11-05T01:30:00Z, which is still to come"},
		"a change of the calendar that nobody decided": {
			func(c crime) dossier.Dossier {
				d := handedOver(c)
				c.h.now = c.h.now.Add(time.Hour)
				keep(c, dayOff)
				c.h.follow(c.t, 1)
				return c.h.read(c.t, d.Code)
			}, changes(3, func(f *dossier.Facts) { f.LegalBasis, f.Promise.LegalBasis = "QĐ khống", "QĐ khống" }),
			"event 3: it does not name the revision of the calendar and its decision",
		},
	} {
		t.Run(name, x.tell)
	}
}

// Acts take a while: what was newest when one began may not be any more when it is over.
func TestAnActBesideARevisionMayHaveGoneByEither(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		c := crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config))}
		c.victim = received(c)
		c.h.now = c.h.now.Add(time.Minute)
		if _, err := c.h.KeepCalendar(context.Background(), c.h.administrator, c.h.now, dayOff); err != nil {
			t.Fatal(err)
		}
		c.finds("")
		silenced(t, config)
		slowly(c, unchanged, onestop.DefaultCalendar, rules, *days(3))
		c.finds("")
		if d := c.h.read(t, c.victim.Code); d.Promise().Revision != 2 {
			t.Errorf("%+v", d.Promise())
		}
	})
}
