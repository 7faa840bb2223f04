package onestop_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
	"github.com/motcua/motcua/pkg/worktime"
)

// Acts that the office would have refused, written into the journal at the present hour by somebody who knows how dates are reckoned and how
// everything is chained: nothing but the permissions tells them from true ones.
var usurped = map[string]struct {
	victim func(h *house, t *testing.T) dossier.Dossier
	forge  func(c crime)
	says   string
}{
	"a clerk stops it": {(*house).inProgress, func(c crime) {
		c.acted(named(c.h.clerk), dossier.Stop, dossier.Facts{Reason: stopping.Reason, Document: stopping.Document})
	}, "event 3: stop was not possible then for a clerk of agency X1 (not-allowed)"},
	"an officer takes an end back": {func(h *house, t *testing.T) dossier.Dossier {
		return h.act(t, h.head, h.inProgress(t), dossier.Stop, stopping)
	}, func(c crime) {
		c.acted(named(c.h.officer), dossier.Reopen, dossier.Facts{Reason: "tranh chấp đã được giải quyết"})
	}, "event 4: reopen was not possible then for an officer of agency ST (not-allowed)"},
	"whoever asked for more time grants it": {func(h *house, t *testing.T) dossier.Dossier {
		return h.act(t, h.head, h.inProgress(t), dossier.RequestExtension, onestop.ActInput{
			Reason: "chờ ý kiến", Extension: &worktime.Term{Value: worktime.Whole(2), Unit: worktime.WorkingDay},
		})
	}, func(c crime) {
		c.acted(named(c.h.head), dossier.ApproveExtension, dossier.Facts{})
	}, "event 4: approve-extension was not possible then for a supervisor of agency ST (second-person-required)"},
	"whoever asked for a refund grants it": {func(h *house, t *testing.T) dossier.Dossier {
		vnd := int64(77_000)
		d := h.act(t, h.clerk, h.inProgress(t), dossier.SetFees, onestop.ActInput{Fees: []dossier.FeeLine{{Kind: dossier.Levy, VND: &vnd}}})
		d = h.act(t, h.clerk, d, dossier.PayFees, onestop.ActInput{Fees: []dossier.FeeLine{
			{No: 1, Method: dossier.Transfer, Receipt: &dossier.FeeReceipt{Number: "7"}},
		}})
		return h.act(t, h.chief, d, dossier.RefundFees, onestop.ActInput{Reason: "thu nhầm", Fees: []dossier.FeeLine{{No: 1}}})
	}, func(c crime) {
		c.acted(named(c.h.chief), dossier.ApproveRefund, dossier.Facts{})
	}, "event 6: approve-refund was not possible then for a supervisor of agency H (second-person-required)"},
	"whoever stopped the clock for money lets it go": {(*house).asking, func(c crime) {
		c.acted(named(c.h.officer), dossier.ExemptFees, dossier.Facts{Fees: []dossier.FeeLine{{No: 1, Class: "Hộ nghèo", Basis: "Điều 10 Luật thử"}}})
	}, "event 4: exempt-fees was not possible then for an officer of agency ST (approver-required)"},
	"whoever stopped the clock for money makes next to nothing of it": {(*house).asking, func(c crime) {
		vnd := int64(1)
		c.acted(named(c.h.officer), dossier.SetFees, dossier.Facts{Fees: []dossier.FeeLine{{No: 1, VND: &vnd}}})
	}, "event 4: set-fees was not possible then for an officer of agency ST (approver-required)"},
	"whoever stopped the clock for money puts it off": {(*house).asking, func(c crime) {
		c.acted(named(c.h.officer), dossier.SetFees, dossier.Facts{Fees: []dossier.FeeLine{{No: 1, Due: dossier.AtReturn}}})
	}, "event 4: set-fees was not possible then for an officer of agency ST (approver-required)"},
	"the clock stands for a fee that is due at the return": {(*house).inProgress, func(c crime) {
		vnd := int64(90_000)
		c.acted(named(c.h.officer), dossier.RequestPayment, dossier.Facts{Fees: []dossier.FeeLine{{Kind: dossier.Duty, Name: "thuế", VND: &vnd}}})
		c.forge(3, func(f *dossier.Facts) { f.Fees[0].Due = dossier.AtReturn })
	}, "event 3: request-payment was not possible then for an officer of agency ST (action-invalid)"},
	"papers are asked for a second time before acceptance": {func(h *house, t *testing.T) dossier.Dossier {
		d := h.act(t, h.clerk, h.online(t), dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu bản vẽ", Papers: []string{"bản vẽ"}})
		return h.act(t, h.clerk, d, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"bản vẽ"}})
	}, func(c crime) {
		c.acted(named(c.h.clerk), dossier.RequestSupplement, dossier.Facts{Papers: []string{"bản sao"}, Reason: "thiếu bản vẽ"})
	}, "event 4: request-supplement was not possible then for a clerk of agency X1 (approver-required)"},
	"a clerk lowers a fee of the catalogue": {func(h *house, t *testing.T) dossier.Dossier { return h.listed(t, "") }, func(c crime) {
		vnd := int64(1)
		c.acted(named(c.h.clerk), dossier.SetFees, dossier.Facts{Reason: "theo quyết định mới", Fees: []dossier.FeeLine{{No: 1, VND: &vnd}}})
	}, "event 2: set-fees was not possible then for a clerk of agency X1 (approver-required)"},
	"a recalled dossier is stopped before the day for the answer": {func(h *house, t *testing.T) dossier.Dossier {
		d := h.act(t, h.officer, h.inProgress(t), dossier.CompleteStep, onestop.ActInput{})
		d = h.act(t, h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép"}})
		d = h.act(t, h.head, d, dossier.Recall, onestop.ActInput{Reason: "kết quả ghi sai tên"})
		return h.act(t, h.head, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu bản vẽ", Papers: []string{"bản vẽ"}})
	}, func(c crime) {
		now := c.h.now
		c.h.now = c.h.read(c.t, c.victim.Code).AnswerBy().Add(time.Hour)
		c.acted(named(c.h.head), dossier.Stop, dossier.Facts{Reason: stopping.Reason, Document: stopping.Document})
		c.h.now = now
		events := c.journal()
		last := &events[len(events)-1]
		last.At, last.RecordedAt = now.UTC(), now.UTC()
		c.rewrite(events)
	}, "event 7: stop was not possible then for a supervisor of agency ST (already-resolved)"},
	"a stop rests on a full stop": {(*house).inProgress, func(c crime) {
		c.acted(named(c.h.head), dossier.Stop, dossier.Facts{Reason: stopping.Reason, Document: stopping.Document})
		c.forge(3, func(f *dossier.Facts) { f.Document.Number = "." })
	}, "event 3: stop was not possible then for a supervisor of agency ST (action-invalid)"},
	"the number of a result is a full stop": {func(h *house, t *testing.T) dossier.Dossier {
		return h.act(t, h.officer, h.inProgress(t), dossier.CompleteStep, onestop.ActInput{})
	}, func(c crime) {
		c.acted(named(c.h.head), dossier.Finish, dossier.Facts{Result: &dossier.Result{Summary: "Giấy phép", Number: "12"}})
		c.forge(4, func(f *dossier.Facts) { f.Result.Number = "." })
	}, "event 4: finish was not possible then for a supervisor of agency ST (action-invalid)"},
	"papers are asked for a second time without a superior": {func(h *house, t *testing.T) dossier.Dossier {
		d := h.act(t, h.officer, h.inProgress(t), dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu bản vẽ", Papers: []string{"bản vẽ"}})
		return h.act(t, h.clerk, d, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"bản vẽ"}})
	}, func(c crime) {
		c.acted(named(c.h.officer), dossier.RequestSupplement, dossier.Facts{Papers: []string{"bản sao"}, Reason: "thiếu bản vẽ"})
	}, "event 5: request-supplement was not possible then for an officer of agency ST (approver-required)"},
	"another counter hands it over": {func(h *house, t *testing.T) dossier.Dossier {
		d, _ := h.receive(t, h.clerk, input("9.000001"))
		return d
	}, func(c crime) {
		c.acted(named(c.h.otherClerk), dossier.HandOver, dossier.Facts{})
	}, "event 2: hand-over was not possible then for a clerk of agency X2 (not-your-agency)"},
	"the counter of the result gives papers back that lie elsewhere": {func(h *house, t *testing.T) dossier.Dossier {
		d, _ := h.receive(t, h.clerk, withPaper(h.elsewhere.Code))
		return h.act(t, h.clerk, d, dossier.Withdraw, withdrawing)
	}, func(c crime) {
		c.acted(named(c.h.otherClerk), dossier.GivePapersBack, dossier.Facts{HandedOut: fetched(c.h.commune)})
	}, "event 3: give-papers-back was not possible then for a clerk of agency X2 (not-your-agency)"},
	"whoever ends it gives papers back that lie elsewhere": {func(h *house, t *testing.T) dossier.Dossier {
		d, _ := h.receive(t, h.clerk, withPaper(""))
		return h.act(t, h.clerk, d, dossier.HandOver, onestop.ActInput{})
	}, func(c crime) {
		c.acted(named(c.h.head), dossier.Stop, dossier.Facts{Reason: stopping.Reason, Document: stopping.Document, HandedOut: fetched(c.h.commune)})
	}, "event 3: stop was not possible then for a supervisor of agency ST (not-your-agency)"},
	"papers went back where they never lay": {func(h *house, t *testing.T) dossier.Dossier {
		d, _ := h.receive(t, h.clerk, withPaper(h.elsewhere.Code))
		return h.act(t, h.clerk, d, dossier.Withdraw, withdrawing)
	}, func(c crime) {
		c.acted(named(c.h.clerk), dossier.GivePapersBack, dossier.Facts{HandedOut: fetched(c.h.elsewhere)})
	}, "event 3: the papers went back at another counter than where they lay"},
	"another officer completes the step": {func(h *house, t *testing.T) dossier.Dossier {
		return h.act(t, h.officer, h.inProgress(t), dossier.Take, onestop.ActInput{})
	}, func(c crime) {
		c.acted(named(c.h.employ(c.t, "officer.2", staff.Officer, c.h.department)), dossier.CompleteStep, dossier.Facts{})
	}, "event 4: complete-step was not possible then for an officer of agency ST (step-taken)"},
	"it is assigned to a clerk of another agency": {(*house).inProgress, func(c crime) {
		other := c.h.otherClerk
		c.acted(named(c.h.head), dossier.Assign, dossier.Facts{Assignment: &dossier.Assignment{Main: &dossier.Officer{ID: other.ID, Name: other.Name}}})
	}, "event 3: assign was not possible then for a supervisor of agency ST (action-invalid)"},
	"the office itself takes a step": {(*house).inProgress, func(c crime) {
		c.acted(named(staff.System()), dossier.Take, dossier.Facts{})
	}, "event 3: take was not possible then for the office itself (not-allowed)"},
	"somebody takes a step who never was": {(*house).inProgress, func(c crime) {
		by := named(c.h.officer)
		by.ID = uuid.New()
		c.acted(by, dossier.Take, dossier.Facts{})
	}, "event 3 is by somebody who never worked here"},
	"an officer is a superior for once": {(*house).inProgress, func(c crime) {
		by := named(c.h.officer)
		by.Role = string(staff.Supervisor)
		c.acted(by, dossier.Stop, dossier.Facts{Reason: stopping.Reason, Document: stopping.Document})
	}, "event 3 is by officer who is an officer of agency ST, and says: a supervisor of agency ST"},
	"a clerk works elsewhere for once": {(*house).inProgress, func(c crime) {
		by := named(c.h.otherClerk)
		by.AgencyID = c.h.commune.ID
		c.acted(by, dossier.Withdraw, dossier.Facts{Reason: withdrawing.Reason, Request: withdrawing.Request})
	}, "event 3 is by other.clerk who is a clerk of agency X2, and says: a clerk of agency X1"},
	"another name stands under it": {(*house).inProgress, func(c crime) {
		by := named(c.h.officer)
		by.Name = "Người Khác"
		c.acted(by, dossier.Take, dossier.Facts{})
	}, "event 3 names officer otherwise than the list of users"},
	"it is by somebody who came later": {(*house).inProgress, func(c crime) {
		now := c.h.now
		c.h.now = now.Add(time.Hour)
		late := c.h.employ(c.t, "officer.2", staff.Officer, c.h.department)
		c.h.now = now
		c.acted(named(late), dossier.Take, dossier.Facts{})
	}, "event 3 is by officer.2 before that user was there"},
	"an officer took it in": {(*house).inProgress, func(c crime) {
		events := c.journal()
		events[0].By = named(c.h.officer)
		c.rewrite(events)
	}, "event 1: an intake was not possible then for an officer of agency ST (not-allowed)"},
	"whoever helped accepts it for the other counter": {onBehalf, func(c crime) {
		events := c.journal()
		events[0].By = named(c.h.otherClerk)
		c.rewrite(events)
		c.forge(1, func(f *dossier.Facts) { f.Intake.HelpedID = c.h.elsewhere.ID })
	}, "event 1: an intake was not possible then for a clerk of agency X2 (not-your-agency)"},
	"what came online is accepted at once": {onBehalf, func(c crime) {
		c.forge(1, func(f *dossier.Facts) { f.Intake.OnBehalf = false })
	}, "event 1: what comes online is registered first, and only what comes over a counter is accepted at once"},
	"a result left another counter than it did": {func(h *house, t *testing.T) dossier.Dossier {
		d := h.act(t, h.officer, h.inProgress(t), dossier.CompleteStep, onestop.ActInput{})
		d = h.act(t, h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép", Number: "12/KQ"}})
		return h.act(t, h.clerk, d, dossier.Return, onestop.ActInput{HandedOut: &dossier.HandedOut{Method: dossier.ReturnInPerson}})
	}, func(c crime) {
		c.forge(5, func(f *dossier.Facts) { f.HandedOut.AgencyID = c.h.elsewhere.ID })
	}, "event 5: return was not possible then for a clerk of agency X1 (not-your-agency)"},
	"a counter took in what another received": {(*house).inProgress, func(c crime) {
		events := c.journal()
		events[0].By = named(c.h.otherClerk)
		c.rewrite(events)
	}, "event 1: an intake was not possible then for a clerk of agency X2 (not-your-agency)"},
	"a counter far away attaches a file": {(*house).inProgress, func(c crime) {
		c.attached(c.h.otherClerk)
	}, "event 3: attaching a file was not possible then for a clerk of agency X2 (not-your-agency)"},
	"a counter that helped attaches a file after the acceptance": {func(h *house, t *testing.T) dossier.Dossier {
		in := input("9.000001")
		in.Channel, in.HelpedAgency, in.ReceivingAgency = catalog.Online, h.elsewhere.Code, h.commune.Code
		d, _ := h.receive(t, h.otherClerk, in)
		return h.act(t, h.clerk, d, dossier.Accept, onestop.ActInput{})
	}, func(c crime) {
		c.attached(c.h.otherClerk)
	}, "event 3: attaching a file was not possible then for a clerk of agency X2 (not-your-agency)"},
	"a step is taken twice": {func(h *house, t *testing.T) dossier.Dossier {
		return h.act(t, h.officer, h.inProgress(t), dossier.Take, onestop.ActInput{})
	}, func(c crime) {
		events := c.journal()
		c.rewrite(append(events, events[2]))
	}, "event 4: take was not possible then for an officer of agency ST (step-taken)"},
}

func TestWhatTheOfficeWouldHaveRefusedIsFoundInTheJournal(t *testing.T) {
	t.Parallel()
	for name, x := range usurped {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.EachConfig(t, func(t *testing.T, config store.Config) {
				c := crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config))}
				c.victim = x.victim(c.h, t)
				c.finds("")
				silenced(t, config)
				x.forge(c)
				c.findsOnly(x.says)
			})
		})
	}
}

// Who might do what is judged by where agencies stood on the day of the act, wherever they were put since.
// A set that is kept later and holds from a day before accuses nobody who went by the one that was there.
func TestRulesThatNobodyKnewMakeNoActOfBeforeUnsound(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		came := h.now.AddDate(0, 0, -3)
		in := input("9.000001")
		in.ReceivedAt = &came
		h.receive(t, h.clerk, in)
		h.act(t, h.clerk, h.online(t), dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu bản vẽ", Papers: []string{"bản vẽ"}})
		strict, never := rules, 0
		strict.ID, strict.EffectiveFrom, strict.LateEntryDays, strict.SupplementsUnapproved = "strict", "2020-01-01", &never, never
		h.now = h.now.Add(time.Hour)
		if err := h.KeepRules(context.Background(), h.administrator, h.now, strict); err != nil {
			t.Fatal(err)
		}
		h.now = h.now.Add(time.Hour)
		h.sound(t)
		h.refused(t, h.clerk, h.online(t), dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu bản vẽ", Papers: []string{"bản vẽ"}}, "approver-required")
	})
}

func TestAnAgencyThatMovedMakesNoActOfBeforeUnsound(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		c := crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config))}
		c.victim = c.h.act(t, c.h.chief, c.h.inProgress(t), dossier.Stop, stopping)
		alone := c.h.department
		alone.ParentID = nil
		if err := c.h.store.ChangeAgency(context.Background(), alone, c.h.now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		c.finds("")
		silenced(t, config)
		c.h.now = c.h.now.Add(2 * time.Hour)
		c.acted(named(c.h.chief), dossier.Reopen, dossier.Facts{Reason: "tranh chấp đã được giải quyết"})
		c.findsOnly("event 4: reopen was not possible then for a supervisor of agency H (not-your-agency)")
	})
}

// What the office itself takes over, and what an administrator has it take over, is sound; nobody else has it do so.
func TestImportsAreForTheOfficeAndForAdministrators(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		c := crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config))}
		file := "code,received_at,agency,procedure\nA-1,2026-10-01T08:00:00+07:00,Sở Thử,Thủ tục cũ\n"
		for system, who := range map[string]staff.Actor{"cu": staff.System(), "moi": c.h.administrator} {
			done, err := c.h.ImportDossiers(context.Background(), who, c.h.now, strings.NewReader(file), onestop.DossierOptions{System: system}, nil)
			if err != nil || done.New != 1 {
				t.Fatalf("%+v, %v", done, err)
			}
		}
		c.finds("")
		silenced(t, config)
		all, _, err := c.h.store.Dossiers(context.Background(), staff.System().Scope(), store.DossierFilter{}, store.Page{})
		if err != nil || len(all) == 0 {
			t.Fatalf("%d dossiers, %v", len(all), err)
		}
		c.victim = all[0]
		events := c.journal()
		events[0].By = named(c.h.clerk)
		c.rewrite(events)
		c.findsOnly("event 1: import was not possible then for a clerk of agency X1 (not-allowed)")
	})
}

// onBehalf was filed online for somebody at the counter.
func onBehalf(h *house, t *testing.T) dossier.Dossier {
	t.Helper()
	in := input("9.000001")
	in.Channel, in.OnBehalf = catalog.Online, true
	d, _ := h.receive(t, h.clerk, in)
	return d
}

// withPaper is an intake with a paper beyond the checklist, the result wanted elsewhere.
func withPaper(returning string) onestop.ReceiveInput {
	in := input("9.000001")
	in.ReturningAgency, in.Received = returning, []dossier.Received{{Name: "Giấy chứng nhận", Copies: catalog.Copies{Original: 1}}}
	return in
}

// fetched is that paper given back at the counter.
func fetched(at catalog.Agency) *dossier.HandedOut {
	return &dossier.HandedOut{
		Method: dossier.ReturnInPerson, AgencyID: at.ID, GivenBack: []dossier.GivenBack{{No: 1, Copies: catalog.Copies{Original: 1}}},
	}
}

func named(a staff.Actor) dossier.By {
	return dossier.By{ID: a.ID, Name: a.Name, Role: string(a.Role), AgencyID: a.AgencyID}
}

// acted writes an action into the victim's journal as if somebody had taken it now, with the dates that follow from it.
func (c crime) acted(by dossier.By, a dossier.Action, f dossier.Facts) {
	c.t.Helper()
	d, now := c.h.read(c.t, c.victim.Code), c.h.now.UTC()
	f.StepNo = d.StepOf(a, f.StepNo)
	r, err := c.h.Reckoner(context.Background(), c.h.department, now)
	if err == nil {
		err = r.Dates(d, a, now, worktime.Term{}, &f)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	_, e, err := d.Act(a, dossier.Move{At: now, Recorded: now, By: by}, f)
	if err != nil {
		c.t.Fatal(err)
	}
	c.rewrite(append(c.journal(), e))
}

// attached writes into the victim's journal that somebody attached a file.
func (c crime) attached(who staff.Actor) {
	c.t.Helper()
	d := c.h.read(c.t, c.victim.Code)
	_, e, err := d.Attach(dossier.Move{At: c.h.now, Recorded: c.h.now, By: named(who)}, dossier.File{
		Of: dossier.OfDossier, Name: "a.pdf", Origin: dossier.Scanned, MediaType: "application/pdf", Size: 1, SHA256: strings.Repeat("0", 64),
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.rewrite(append(c.journal(), e))
}

// findsOnly says that verify tells this one thing, of the victim.
func (c crime) findsOnly(want string) {
	c.t.Helper()
	v, err := c.h.Verify(context.Background(), c.h.now, false, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	if len(v.Findings) != 1 || v.Findings[0].Dossier != c.victim.Code || v.Findings[0].What != want {
		c.t.Errorf("found %+v, not %q", v.Findings, want)
	}
}
