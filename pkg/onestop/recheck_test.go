package onestop_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/archive"
	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

// Somebody who chains the journal anew and rewrites the rows, but does not work out what would have to change with what he changed.
func TestLimitsAndMoneyInTheJournalAreWorkedOutAnew(t *testing.T) {
	t.Parallel()
	later := func(at *time.Time) *time.Time { x := at.Add(24 * time.Hour); return &x }
	for name, x := range map[string]struct {
		event int
		forge func(f *dossier.Facts)
		says  string
	}{
		"the limit for accepting":             {1, func(f *dossier.Facts) { f.AcceptBy = later(f.AcceptBy) }, "event 1: accept_by is not what the rules give"},
		"a limit that no payment began":       {3, func(f *dossier.Facts) { f.AcceptBy = later(&time.Time{}) }, "event 3: it does not say by which rules"},
		"a limit where none began":            {5, func(f *dossier.Facts) { f.AcceptBy = later(f.AnswerBy) }, "event 5: accept_by is not what the rules give"},
		"the deadline of a request":           {5, func(f *dossier.Facts) { f.AnswerBy = later(f.AnswerBy) }, "event 5: answer_by is not what the rules give"},
		"less was paid":                       {3, func(f *dossier.Facts) { *f.Fees[0].VND = 7_000 }, "event 3: kind or amount of fee 1 is another"},
		"a levy was paid and not a charge":    {3, func(f *dossier.Facts) { f.Fees[0].Kind = dossier.Levy }, "event 3: kind or amount of fee 1 is another"},
		"more was given back than was taken":  {7, func(f *dossier.Facts) { *f.Fees[0].VND = 770_000 }, "event 7: kind or amount of fee 1 is another"},
		"given back on the receipt of others": {7, func(f *dossier.Facts) { f.Fees[0].Receipt.Number = "8" }, "event 7: the receipt of fee 1 is another"},
		"a clock that runs was told to stand": {5, func(f *dossier.Facts) { f.StopsClock = !f.StopsClock }, "event 5: whether the clock stands is not what the rules give"},
		"another asked for the refund":        {7, func(f *dossier.Facts) { f.Refund.AskedBy.Name = "Người Khác" }, "event 7: the refund is not the one that was asked for"},
		"nobody asked for the refund":         {7, func(f *dossier.Facts) { f.Refund = nil }, "event 7: the refund is not the one that was asked for"},
		"less than was asked for":             {7, func(f *dossier.Facts) { f.Fees = nil }, "event 7: the refund is not the one that was asked for"},
		"a fee that was never there":          {7, func(f *dossier.Facts) { f.Fees[0].No = 9 }, "event 7: fee 9 is not there"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.EachConfig(t, func(t *testing.T, config store.Config) {
				c := crime{t: t, config: config}
				c.h = newHouse(t, storetest.Open(t, config))
				c.victim = c.paidAndRefunded()
				c.finds("")
				silenced(t, config)
				c.forge(x.event, x.forge)
				c.finds(x.says)
			})
		})
	}
}

// forge changes what an event of the victim's journal says, and chains the journal anew.
func (c crime) forge(event int, change func(f *dossier.Facts)) {
	c.t.Helper()
	events := c.journal()
	f, err := events[event-1].Read()
	if err != nil {
		c.t.Fatal(err)
	}
	change(&f)
	if events[event-1].Facts, err = json.Marshal(f); err != nil {
		c.t.Fatal(err)
	}
	c.rewrite(events)
}

func TestMarksThatAreNotWhatTheRulesGiveAreNamed(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		c := crime{t: t, config: config}
		c.h = newHouse(t, storetest.Open(t, config))
		c.victim = c.h.inProgress(t)
		c.finds("")
		silenced(t, config)
		var says string
		c.forge(1, func(f *dossier.Facts) {
			late, warned := f.Promise.LateFrom, f.Promise.WarnAt
			f.Promise.LateFrom, f.Promise.WarnAt = late.AddDate(0, 0, 1), warned.AddDate(0, 0, 2)
			says = "event 1: the promise is not what the rules give: late_from " + f.Promise.LateFrom.Format(time.RFC3339) + ", not " + late.Format(time.RFC3339) +
				"; warn_at " + f.Promise.WarnAt.Format(time.RFC3339) + ", not " + warned.Format(time.RFC3339)
		})
		c.finds(says)
	})
}

func TestTheDayOfAnAnswerFromOutsideIsWorkedOutAnew(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		c := crime{t: t, config: config}
		c.h = newHouse(t, storetest.Open(t, config))
		d, _ := besides(t, c.h)
		c.victim = c.h.act(t, c.h.officer, d, dossier.BeginWait, onestop.ActInput{Step: 1, Wait: &dossier.Wait{Cause: dossier.ForOpinion, Body: "Chi cục Thuế"}})
		c.finds("")
		silenced(t, config)
		c.forge(3, func(f *dossier.Facts) { *f.Wait.AnswerBy = f.Wait.AnswerBy.AddDate(1, 0, 0) })
		c.finds("event 3: wait.answer_by is not what the rules give")
	})
}

func TestAnEventThatIsDatedBackIsNamedByItsOwnRecord(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		c := crime{t: t, config: config}
		c.h = newHouse(t, storetest.Open(t, config))
		c.victim = c.h.inProgress(t)
		c.finds("")
		silenced(t, config)
		events := c.journal()
		events[1].At = events[1].At.Add(-time.Second)
		c.rewrite(events)
		c.finds("event 2 says that it happened at ")
	})
}

func TestADateThatWasLeftOutIsMissed(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		event int
		says  string
	}{"on acceptance": {1, "event 1: the promise is not what the rules give: none, not 2026-11-06T10:00:00Z"}, "when the clock ran again": {4, "event 4: the promise is not what the rules give: none, not 2026-11-07T10:00:00Z"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.EachConfig(t, func(t *testing.T, config store.Config) {
				c := crime{t: t, config: config}
				c.h = newHouse(t, storetest.Open(t, config))
				d := c.h.inProgress(t)
				if x.event > 1 {
					d = c.h.act(t, c.h.officer, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu giấy tờ", Papers: []string{"đơn"}})
					c.h.now = c.h.now.Add(time.Hour)
					d = c.h.act(t, c.h.clerk, d, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"đơn"}})
				}
				c.victim = d
				c.finds("")
				silenced(t, config)
				c.forge(x.event, func(f *dossier.Facts) { f.Promise = nil })
				c.finds(x.says)
			})
		})
	}
}

func TestADeadlineBeyondWhatTheRulesAllowIsFound(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		c := crime{t: t, config: config}
		c.h = newHouse(t, storetest.Open(t, config))
		by := c.h.now.AddDate(0, 0, 3)
		c.victim = c.h.act(t, c.h.officer, c.h.inProgress(t), dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu bản vẽ", Papers: []string{"bản vẽ"}, AnswerBy: &by})
		c.finds("")
		silenced(t, config)
		c.forge(3, func(f *dossier.Facts) { *f.AnswerBy = f.AnswerBy.AddDate(1, 0, 0) })
		c.finds("event 3: its limits cannot be worked out")
	})
}

func TestPapersThatTheOfficeNeverHadAreFoundInTheJournal(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		c := crime{t: t, config: config}
		c.h = newHouse(t, storetest.Open(t, config))
		in := input("9.000001")
		in.Received = []dossier.Received{{Name: "Giấy chứng nhận", Copies: catalog.Copies{Original: 2}}}
		d, _ := c.h.receive(t, c.h.clerk, in)
		no := len(d.Parts)
		back := func(n int) *dossier.HandedOut {
			return &dossier.HandedOut{Method: dossier.ReturnInPerson, GivenBack: []dossier.GivenBack{{No: no, Copies: catalog.Copies{Original: n}}}}
		}
		out := withdrawing
		out.HandedOut = back(1)
		d = c.h.act(t, c.h.clerk, d, dossier.Withdraw, out)
		c.victim = c.h.act(t, c.h.clerk, d, dossier.GivePapersBack, onestop.ActInput{HandedOut: back(1)})
		c.finds("")
		silenced(t, config)
		c.forge(c.victim.Version, func(f *dossier.Facts) { f.HandedOut.GivenBack[0].Copies.Original = 2 })
		c.finds("event 3: given_back[0].copies: is more than the office still has: 1 originals")
	})
}

func TestAResultThatWentOutAsNoFileOfTheDossierIsFound(t *testing.T) {
	t.Parallel()
	const none, other = "event 9: what went out is no file of the dossier's result", "event 9: the file that went out has another name or hash"
	for name, x := range map[string]struct {
		forge func(out *dossier.HandedOut)
		says  string
	}{
		"a name alone":       {func(out *dossier.HandedOut) { out.FileNo = 0 }, none},
		"nothing at all":     {func(out *dossier.HandedOut) { out.FileNo, out.File, out.FileHash = 0, "", "" }, none},
		"a paper":            {func(out *dossier.HandedOut) { out.FileNo = 1 }, none},
		"one that is gone":   {func(out *dossier.HandedOut) { out.FileNo = 2 }, none},
		"one that never was": {func(out *dossier.HandedOut) { out.FileNo = 9 }, none},
		"another name":       {func(out *dossier.HandedOut) { out.File = "khac.pdf" }, other},
		"other bytes":        {func(out *dossier.HandedOut) { out.FileHash = strings.Repeat("0", 64) }, other},
		"over the counter":   {func(out *dossier.HandedOut) { out.Method, out.FileNo = dossier.ReturnInPerson, 0 }, none},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.EachConfig(t, func(t *testing.T, config store.Config) {
				c := crime{t: t, config: config}
				c.h = newHouse(t, storetest.Open(t, config))
				c.h.KeepFiles(onestop.FileRules{Archive: archive.NewFolder(t.TempDir())})
				d := c.h.act(t, c.h.officer, c.h.inProgress(t), dossier.CompleteStep, onestop.ActInput{})
				d = c.h.act(t, c.h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép"}})
				d = c.attach(d, dossier.OfDossier, "don.pdf")
				d = c.attach(d, dossier.OfResult, "nham.pdf")
				d, err := c.h.RemoveFile(t.Context(), c.h.head, c.h.now, d.Code, d.Version, 2, "nhầm")
				if err != nil {
					t.Fatal(err)
				}
				d = c.attach(d, dossier.OfResult, "kq.pdf")
				c.victim = c.h.act(t, c.h.clerk, d, dossier.Return, onestop.ActInput{HandedOut: &dossier.HandedOut{
					Method: dossier.ReturnOnline, FileNo: 3, File: "khong-co.pdf", // the name is the journal's to say
				}})
				if out := c.victim.Return; out.File != "kq.pdf" || out.FileHash != c.victim.Files[2].SHA256 {
					t.Errorf("%+v", out)
				}
				c.finds("")
				silenced(t, config)
				c.forge(c.victim.Version, func(f *dossier.Facts) { x.forge(f.HandedOut) })
				c.finds(x.says)
			})
		})
	}
}

// attach attaches a file of its own to a dossier.
func (c crime) attach(d dossier.Dossier, of dossier.FileOf, name string) dossier.Dossier {
	c.t.Helper()
	kept, err := c.h.KeepSample(c.t.Context(), c.h.now, []byte("%PDF-1.4 "+name))
	if err == nil {
		d, err = c.h.AttachFile(c.t.Context(), c.h.head, c.h.now, d.Code, d.Version, kept, onestop.FileInput{Of: of, Name: name, Origin: dossier.BornDigital})
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return d
}

// finds says what verify tells of the victim: something that begins so, or nothing.
func (c crime) finds(want string) {
	c.t.Helper()
	v, err := c.h.Verify(context.Background(), c.h.now, false, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, f := range v.Findings {
		if want != "" && f.Dossier == c.victim.Code && strings.HasPrefix(f.What, want) {
			return
		}
	}
	if want != "" || len(v.Findings) > 0 {
		c.t.Errorf("found %+v, not %q", v.Findings, want)
	}
}

// paidAndRefunded came online, waited for its fee, was accepted, lacks papers, and had its fee given back: seven events.
func (c crime) paidAndRefunded() dossier.Dossier {
	h, t, vnd := c.h, c.t, int64(77_000)
	in := input("9.000001")
	in.Channel = catalog.Online
	d, _ := h.receive(t, h.clerk, in)
	d = h.act(t, h.clerk, d, dossier.SetFees, onestop.ActInput{Fees: []dossier.FeeLine{{Kind: dossier.Charge, VND: &vnd, Due: dossier.BeforeAcceptance}}})
	h.now = h.now.Add(time.Hour)
	d = h.act(t, h.clerk, d, dossier.PayFees, onestop.ActInput{Fees: []dossier.FeeLine{{No: 1, Method: dossier.OnlinePayment, Receipt: &dossier.FeeReceipt{Number: "7"}}}})
	d = h.act(t, h.clerk, d, dossier.Accept, onestop.ActInput{})
	d = h.act(t, h.clerk, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu bản vẽ", Papers: []string{"bản vẽ"}})
	d = h.act(t, h.clerk, d, dossier.RefundFees, onestop.ActInput{Reason: "thu nhầm", Fees: []dossier.FeeLine{{No: 1}}})
	d = h.act(t, h.chief, d, dossier.ApproveRefund, onestop.ActInput{})
	if d.Version != 7 || d.AnswerBy() == nil || d.FeeTotals().Refunded != vnd {
		t.Fatalf("%+v", d)
	}
	return d
}

func TestADeadlineThatSomebodyChoseIsSound(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := crime{t: t, h: newHouse(t, s)}
		d, _ := c.h.receive(t, c.h.clerk, input("9.000001"))
		by := c.h.now.AddDate(0, 0, 3)
		c.victim = c.h.act(t, c.h.clerk, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu bản vẽ", Papers: []string{"bản vẽ"}, AnswerBy: &by})
		c.finds("")
	})
}

func TestADeadlineForPapersBelongsToTheRequestForThem(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		c := crime{t: t, config: config}
		c.h = newHouse(t, storetest.Open(t, config))
		in := input("9.000001")
		in.Channel = catalog.Online
		d, _ := c.h.receive(t, c.h.clerk, in)
		d = c.h.act(t, c.h.clerk, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu bản vẽ", Papers: []string{"bản vẽ"}})
		by := c.h.now.AddDate(0, 0, 3)
		c.h.refused(t, c.h.clerk, d, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"bản vẽ"}, AnswerBy: &by}, "action-invalid")
		c.victim = c.h.act(t, c.h.clerk, d, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"bản vẽ"}})
		silenced(t, config)
		c.forge(c.victim.Version, func(f *dossier.Facts) {
			if f.AcceptBy == nil {
				t.Fatalf("%+v", f)
			}
			f.AnswerBy = &by
		})
		c.finds("event 3: answer_by is not what the rules give")
	})
}

func TestAFeeThatIsOwedAgainIsOfTheAmountThatItIsSetTo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h, vnd, less := newHouse(t, s), int64(77_000), int64(50_000)
		in := input("9.000001")
		in.Channel = catalog.Online
		d, _ := h.receive(t, h.clerk, in)
		d = h.act(t, h.clerk, d, dossier.SetFees, onestop.ActInput{Fees: []dossier.FeeLine{{Kind: dossier.Charge, VND: &vnd, Due: dossier.BeforeAcceptance}}})
		d = h.act(t, h.clerk, d, dossier.PayFees, onestop.ActInput{Fees: []dossier.FeeLine{{No: 1, Method: dossier.OnlinePayment, Receipt: &dossier.FeeReceipt{Number: "7"}}}})
		d = h.act(t, h.clerk, d, dossier.RefundFees, onestop.ActInput{Reason: "thu nhầm", Fees: []dossier.FeeLine{{No: 1}}})
		d = h.act(t, h.chief, d, dossier.ApproveRefund, onestop.ActInput{})
		d = h.act(t, h.clerk, d, dossier.SetFees, onestop.ActInput{Fees: []dossier.FeeLine{{No: 1, VND: &less}}})
		if got, want := d.FeeTotals(), (dossier.FeeTotals{Due: less, Open: less}); got != want || d.Fees[0].RefundedAt == nil || !d.PrepaidOpen() {
			t.Errorf("set to another amount: %+v, not %+v; %+v", got, want, d.Fees)
		}
		d = h.act(t, h.clerk, d, dossier.PayFees, onestop.ActInput{Fees: []dossier.FeeLine{{No: 1, Method: dossier.OnlinePayment, Receipt: &dossier.FeeReceipt{Number: "8"}}}})
		if got, want := d.FeeTotals(), (dossier.FeeTotals{Due: less, Paid: less}); got != want || len(d.Fees[0].Earlier) != 1 {
			t.Errorf("paid again: %+v, not %+v; %+v", got, want, d.Fees)
		}
		sound(t, h)
	})
}
