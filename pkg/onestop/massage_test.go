package onestop_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// online comes in on Monday 2 November at 08:30, to be accepted within eight working hours: by 08:30 on Tuesday.
func (h *house) online(t *testing.T) dossier.Dossier {
	t.Helper()
	in := input("9.000001")
	in.Channel = catalog.Online
	d, _ := h.receive(t, h.clerk, in)
	return d
}

func prepaid(vnd int64) onestop.ActInput {
	return onestop.ActInput{Fees: []dossier.FeeLine{{Kind: dossier.Charge, VND: &vnd, Due: dossier.BeforeAcceptance}}}
}

func paid(fee int, receipt string) onestop.ActInput {
	return onestop.ActInput{Fees: []dossier.FeeLine{{No: fee, Method: dossier.OnlinePayment, Receipt: &dossier.FeeReceipt{Number: receipt}}}}
}

// acceptanceLate counts what the reports of November say was not answered in time.
func (h *house) acceptanceLate(t *testing.T) int64 {
	t.Helper()
	rows, err := h.store.OnTime(context.Background(), staff.System().Scope(), store.ReportQuery{Period: store.Period{
		From: when("2026-11-01T00:00:00+07:00"), To: when("2026-12-01T00:00:00+07:00"), Now: h.now,
	}})
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	return rows[0].AcceptanceLate
}

func TestALimitForAcceptingThatPassedStaysPassed(t *testing.T) {
	t.Parallel()
	for name, cover := range map[string]func(t *testing.T, h *house, d dossier.Dossier) dossier.Dossier{
		"by a fee that is set and paid": func(t *testing.T, h *house, d dossier.Dossier) dossier.Dossier {
			d = h.act(t, h.clerk, d, dossier.SetFees, prepaid(50_000))
			return h.act(t, h.clerk, d, dossier.PayFees, paid(1, "7"))
		},
		"by papers that are asked for": func(t *testing.T, h *house, d dossier.Dossier) dossier.Dossier {
			d = h.act(t, h.clerk, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu bản vẽ", Papers: []string{"bản vẽ"}})
			return h.act(t, h.clerk, d, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"bản vẽ"}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachHouse(t, func(t *testing.T, h *house) {
				d := h.online(t)
				limit := *d.AcceptBy
				h.now = limit.Add(time.Minute)
				if n := h.acceptanceLate(t); n != 1 {
					t.Fatalf("%d dossiers wait for acceptance too long, not 1", n)
				}
				d = cover(t, h, d)
				if d.State != dossier.Registered || !d.AcceptBy.Equal(limit) || d.AcceptMissed == nil || !d.AcceptMissed.Equal(limit) {
					t.Fatalf("state %s, accept by %v, missed %v; the limit was %v", d.State, d.AcceptBy, d.AcceptMissed, limit)
				}
				d = h.act(t, h.clerk, d, dossier.Accept, onestop.ActInput{})
				if d.AcceptMissed == nil || h.acceptanceLate(t) != 1 {
					t.Fatalf("accepted, and in time: %v", d.AcceptMissed)
				}
				h.sound(t)
			})
		})
	}
}

func TestWhatIsRefusedAfterTheLimitForAcceptingIsCounted(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.act(t, h.clerk, h.online(t), dossier.Refuse, onestop.ActInput{Reason: "không thuộc thẩm quyền"})
		d := h.online(t)
		h.now = d.AcceptBy.Add(time.Minute)
		d = h.act(t, h.clerk, d, dossier.Refuse, onestop.ActInput{Reason: "không thuộc thẩm quyền"})
		if d.AcceptBy != nil || d.AcceptMissed == nil || h.acceptanceLate(t) != 1 {
			t.Fatalf("refused too late: %v, %d counted", d.AcceptMissed, h.acceptanceLate(t))
		}
	})
}

func TestMoneyOfTheCatalogueHoldsTheLimitForAcceptingUpAndNoOther(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		const record = `{"code":"9.000004","name":"Cấp bản sao thử","field":"Y tế","levels":["province"],"agency":["Sở Thử"],"status":"ACTIVE","online":"toan_trinh",` +
			`"deadlines":[{"channel":"ONLINE","value":2,"unit":"WORKING_DAY"}],"fees":[{"channel":"ONLINE","kind":"FEE","value_vnd":null,"note":"theo số trang","due":"BEFORE"}]}`
		if done, err := h.ImportProcedures(context.Background(), staff.System(), h.now, strings.NewReader(record), nil); err != nil || done.New != 1 {
			t.Fatalf("%+v, %v", done, err)
		}
		for name, x := range map[string]struct {
			listed bool
			accept string
		}{"asked for by the catalogue, which leaves the amount open": {true, "2026-11-04T15:00:00+07:00"}, "asked for on top": {false, "2026-11-03T08:30:00+07:00"}} {
			h.now = when("2026-11-02T08:30:00+07:00")
			d := h.online(t)
			vnd, no := int64(50_000), 1
			if x.listed {
				in := input("9.000004")
				in.Channel = catalog.Online
				d, _ = h.receive(t, h.clerk, in)
			}
			h.now = when("2026-11-02T14:30:00+07:00") // four of the eight hours are used up
			if set := prepaid(vnd); x.listed {
				d = h.act(t, h.clerk, d, dossier.SetFees, onestop.ActInput{Fees: []dossier.FeeLine{{No: no, VND: &vnd}}})
			} else {
				d = h.act(t, h.clerk, d, dossier.SetFees, set)
			}
			h.refused(t, h.clerk, d, dossier.Accept, onestop.ActInput{}, "fees-open")
			h.now = when("2026-11-04T09:00:00+07:00")
			d = h.act(t, h.clerk, d, dossier.PayFees, paid(no, name[:3]+d.Code[len(d.Code)-1:]))
			if want := when(x.accept); !d.AcceptBy.Equal(want) || (d.AcceptMissed == nil) != x.listed || d.HeldUpSince != nil {
				t.Errorf("%s: accept by %v, not %v; missed %v", name, d.AcceptBy.In(zone), want, d.AcceptMissed)
			}
		}
		h.sound(t)
	})
}

func TestAFeeThatTheCounterPutsBeforeAcceptanceHoldsNoLimitUp(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d := h.listed(t, "")
		d = h.act(t, h.clerk, d, dossier.SetFees, onestop.ActInput{Reason: "thu trước khi tiếp nhận", Fees: []dossier.FeeLine{{No: 1, Due: dossier.BeforeAcceptance}}})
		if !d.PrepaidOpen() || d.HeldUpSince != nil {
			t.Fatalf("held up since %v", d.HeldUpSince)
		}
		limit := *d.AcceptBy
		h.now = limit.Add(time.Minute)
		d = h.act(t, h.clerk, d, dossier.PayFees, paid(1, "7"))
		d = h.act(t, h.clerk, d, dossier.Accept, onestop.ActInput{})
		if d.AcceptMissed == nil || !d.AcceptMissed.Equal(limit) || h.acceptanceLate(t) != 1 {
			t.Fatalf("missed %v", d.AcceptMissed)
		}
		h.sound(t)
	})
}

func TestWhoeverAsksForPapersAgainGetsNoNewLimitForAccepting(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ask, came := onestop.ActInput{Reason: "thiếu bản vẽ", Papers: []string{"bản vẽ"}}, onestop.ActInput{Papers: []string{"bản vẽ"}}
		for name, d := range map[string]dossier.Dossier{"without a fee": h.online(t), "with one": h.listed(t, dossier.BeforeAcceptance)} {
			h.now = when("2026-11-02T14:30:00+07:00")
			d = h.act(t, h.clerk, d, dossier.RequestSupplement, ask)
			h.now = when("2026-11-02T15:30:00+07:00")
			d = h.act(t, h.clerk, d, dossier.CompleteSupplement, came)
			if !d.AcceptBy.Equal(when("2026-11-03T15:30:00+07:00")) { // eight hours anew, once
				t.Fatalf("%s: accept by %s", name, d.AcceptBy.In(zone))
			}
			if d.PrepaidOpen() {
				d = h.act(t, h.clerk, d, dossier.PayFees, paid(1, "9"))
			}
			h.now = when("2026-11-03T09:30:00+07:00") // four of them are used up
			h.refused(t, h.clerk, d, dossier.RequestSupplement, ask, "approver-required")
			d = h.act(t, h.chief, d, dossier.RequestSupplement, ask)
			h.now = when("2026-11-04T09:30:00+07:00")
			d = h.act(t, h.clerk, d, dossier.CompleteSupplement, came)
			if !d.AcceptBy.Equal(when("2026-11-04T15:30:00+07:00")) || d.HeldUpSince != nil {
				t.Errorf("%s: accept by %s, held up since %v", name, d.AcceptBy.In(zone), d.HeldUpSince)
			}
			h.now = when("2026-11-02T08:30:00+07:00")
		}
		h.now = when("2026-11-05T08:30:00+07:00")
		h.sound(t)
	})
}

// listed is a dossier of Monday 08:30 that came in online, for which the catalogue asks 28,000 đồng.
func (h *house) listed(t *testing.T, due dossier.FeeDue) dossier.Dossier {
	t.Helper()
	record := `{"code":"9.000004","name":"Cấp bản sao thử","field":"Y tế","levels":["province"],"agency":["Sở Thử"],"status":"ACTIVE","online":"toan_trinh",` +
		`"deadlines":[{"channel":"ONLINE","value":2,"unit":"WORKING_DAY"}],"fees":[{"channel":"ONLINE","kind":"FEE","value_vnd":28000,"due":"` + string(due) + `"}]}`
	record = strings.Replace(record, `,"due":""`, "", 1)
	if done, err := h.ImportProcedures(context.Background(), staff.System(), h.now, strings.NewReader(record), nil); err != nil || done.New != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	in := input("9.000004")
	in.Channel = catalog.Online
	d, _ := h.receive(t, h.clerk, in)
	return d
}

func TestAFeeOfTheCatalogueIsLoweredByASuperior(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d := h.act(t, h.clerk, h.listed(t, dossier.BeforeAcceptance), dossier.SetFees, prepaid(9_000)) // of the counter's own
		set := func(no int, vnd int64, due dossier.FeeDue, reason string) onestop.ActInput {
			return onestop.ActInput{Reason: reason, Fees: []dossier.FeeLine{{No: no, VND: &vnd, Due: due}}}
		}
		const why = "theo quyết định mới"
		h.refused(t, h.clerk, d, dossier.SetFees, set(1, 1, "", why), "approver-required")
		h.refused(t, h.clerk, d, dossier.BillFees, set(1, 1, "", why), "approver-required")
		h.refused(t, h.clerk, d, dossier.SetFees, set(1, 30_000, "", "x"), "action-invalid")
		h.refused(t, h.clerk, d, dossier.BillFees, set(1, 30_000, "", ""), "action-invalid")
		h.refused(t, h.clerk, d, dossier.SetFees, set(1, 27_999, dossier.AfterAcceptance, why), "approver-required")
		h.refused(t, h.clerk, d, dossier.BillFees, set(1, 28_000, "LATER", why), "action-invalid")
		d = h.act(t, h.clerk, d, dossier.SetFees, set(1, 280_000, dossier.AfterAcceptance, why))
		d = h.act(t, h.clerk, d, dossier.SetFees, set(1, 28_000, "", "gõ nhầm một số không")) // what the catalogue asks for
		d = h.act(t, h.clerk, d, dossier.SetFees, set(2, 5_000, "", ""))
		h.refused(t, h.chief, d, dossier.SetFees, set(1, 20_000, "", "x"), "action-invalid")
		d = h.act(t, h.chief, d, dossier.SetFees, set(1, 20_000, "", why))
		d = h.act(t, h.clerk, d, dossier.PayFees, paid(2, "7"))
		d = h.act(t, h.clerk, d, dossier.Accept, onestop.ActInput{})
		h.refused(t, h.clerk, d, dossier.RequestPayment, set(1, 1, "", why), "approver-required")
		if got, want := d.FeeTotals(), (dossier.FeeTotals{Due: 25_000, Paid: 5_000, Open: 20_000}); got != want {
			t.Errorf("%+v", got)
		}
		h.sound(t)
	})
}

// asking is a dossier in state 6 since Monday 09:00, whose clock stands for a payment.
func (h *house) asking(t *testing.T) dossier.Dossier {
	t.Helper()
	always, vnd := rules, int64(90_000)
	always.ID, always.EffectiveFrom, always.StopsClock = "always", "2026-01-01", map[dossier.State]dossier.ClockStop{dossier.PaymentRequired: dossier.StopsAlways}
	if err := h.KeepRules(context.Background(), staff.System(), h.now, always); err != nil {
		t.Fatal(err)
	}
	d := h.inProgress(t)
	h.now = when("2026-11-02T09:00:00+07:00")
	return h.act(t, h.officer, d, dossier.RequestPayment, onestop.ActInput{Reason: "nộp tiền sử dụng đất", Fees: []dossier.FeeLine{{Kind: dossier.Duty, Name: "tiền sử dụng đất", VND: &vnd}}})
}

func TestTheClockRunsFromThePaymentOnWhoeverConfirmsItAndWhen(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d := h.asking(t)
		if d.Suspended() == nil || d.AnswerBy() == nil || !d.AnswerBy().Equal(when("2026-11-16T17:00:00+07:00")) { // ten working days
			t.Fatalf("suspended %v, answer by %v", d.Suspended(), d.AnswerBy().In(zone))
		}
		h.now = when("2026-11-03T09:00:00+07:00")
		d = h.act(t, h.clerk, d, dossier.PayFees, paid(1, "7"))
		p := d.Promise()
		if d.State != dossier.PaymentRequired || d.Suspended() != nil || d.AnswerBy() != nil || p.Kind != dossier.AfterPause || p.Form == nil {
			t.Fatalf("paid: state %s, suspended %v, answer by %v, %+v", d.State, d.Suspended(), d.AnswerBy(), p)
		}
		h.now = when("2026-11-06T09:00:00+07:00") // nobody looked
		d = h.act(t, h.clerk, d, dossier.ConfirmPayment, onestop.ActInput{})
		if last := d.Promise(); d.State != dossier.InProgress || last.No != p.No || !d.Pauses[0].To.Equal(when("2026-11-03T09:00:00+07:00")) {
			t.Fatalf("confirmed: state %s, %+v, %+v", d.State, last, d.Pauses)
		}
		h.sound(t)
	})
}

// Whoever may stop the clock for money that nobody owes does not let it go as well.
func TestMoneyThatTheClockStandsForIsGivenUpByASecondSuperior(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		exempt := func(no int) onestop.ActInput {
			return onestop.ActInput{Fees: []dossier.FeeLine{{No: no, Class: "Hộ nghèo", Basis: "Điều 10 Luật Phí và lệ phí"}}}
		}
		d := h.asking(t)
		vnd := int64(1)
		d = h.act(t, h.clerk, d, dossier.SetFees, onestop.ActInput{Fees: []dossier.FeeLine{{Kind: dossier.Levy, VND: &vnd}}})
		h.refused(t, h.officer, d, dossier.ExemptFees, exempt(1), "approver-required")
		h.refused(t, h.clerk, d, dossier.ExemptFees, exempt(1), "approver-required")
		d = h.act(t, h.clerk, d, dossier.ExemptFees, exempt(2)) // the clock does not wait for this one
		// One đồng that somebody pays would let the clock run as well as nothing.
		less := func(vnd int64) onestop.ActInput { return onestop.ActInput{Fees: []dossier.FeeLine{{No: 1, VND: &vnd}}} }
		h.refused(t, h.officer, d, dossier.SetFees, less(1), "approver-required")
		h.refused(t, h.clerk, d, dossier.SetFees, less(89_999), "approver-required")
		d = h.act(t, h.officer, d, dossier.SetFees, less(100_000))
		d = h.act(t, h.head, d, dossier.SetFees, less(80_000))
		d = h.act(t, h.head, d, dossier.ExemptFees, exempt(1))
		if d.Suspended() != nil || d.Promise().Kind != dossier.AfterPause {
			t.Fatalf("%+v, %s", d.Suspended(), d.Promise().Kind)
		}
		d = h.act(t, h.clerk, d, dossier.ConfirmPayment, onestop.ActInput{})

		one, many := int64(1), int64(5_000)
		d = h.act(t, h.head, d, dossier.RequestPayment, onestop.ActInput{Fees: []dossier.FeeLine{{Kind: dossier.Duty, Name: "thuế", VND: &many}}})
		cancel := onestop.ActInput{Reason: "không phải nộp", Fees: []dossier.FeeLine{{No: 3}}}
		h.refused(t, h.head, d, dossier.ExemptFees, exempt(3), "second-person-required")
		h.refused(t, h.head, d, dossier.SetFees, onestop.ActInput{Fees: []dossier.FeeLine{{No: 3, VND: &one}}}, "second-person-required")
		h.refused(t, h.officer, d, dossier.ExemptFees, exempt(3), "approver-required")
		h.act(t, h.chief, d, dossier.CancelFees, cancel)
		h.sound(t)
	})
}

// For what is due only when the result is handed out no clock stands, and none that stands is made to by putting a fee off.
func TestNoClockStandsForWhatIsDueAtTheReturn(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		vnd, more := int64(20_000), int64(30_000)
		due := func(no int, when dossier.FeeDue) onestop.ActInput {
			return onestop.ActInput{Fees: []dossier.FeeLine{{No: no, Due: when}}}
		}
		d := h.asking(t)
		d = h.act(t, h.clerk, d, dossier.SetFees, onestop.ActInput{Fees: []dossier.FeeLine{{Kind: dossier.Levy, VND: &vnd, Due: dossier.AtReturn}}})
		h.refused(t, h.officer, d, dossier.SetFees, due(1, dossier.AtReturn), "approver-required")
		h.refused(t, h.clerk, d, dossier.SetFees, due(1, dossier.AtReturn), "approver-required")
		d = h.act(t, h.officer, d, dossier.SetFees, due(1, dossier.AfterAcceptance)) // as it was
		d = h.act(t, h.officer, d, dossier.SetFees, due(1, dossier.BeforeAcceptance))
		h.refused(t, h.officer, d, dossier.SetFees, due(1, dossier.AfterAcceptance), "approver-required")
		h.refused(t, h.clerk, d, dossier.ConfirmPayment, onestop.ActInput{}, "fees-open")
		h.now = when("2026-11-03T09:00:00+07:00")
		d = h.act(t, h.head, d, dossier.SetFees, due(1, dossier.AtReturn))
		if p := d.Promise(); d.Suspended() != nil || d.AnswerBy() != nil || p.Kind != dossier.AfterPause || p.Form == nil || !d.Pauses[0].To.Equal(h.now) {
			t.Fatalf("put off: suspended %v, answer by %v, %+v", d.Suspended(), d.AnswerBy(), p)
		}
		d = h.act(t, h.clerk, d, dossier.ConfirmPayment, onestop.ActInput{})

		for _, no := range []int{1, 2} {
			h.refused(t, h.head, d, dossier.RequestPayment, due(no, ""), "action-invalid")
		}
		h.refused(t, h.head, d, dossier.RequestPayment, due(1, dossier.AtReturn), "action-invalid")
		d = h.act(t, h.head, d, dossier.RequestPayment, onestop.ActInput{Fees: []dossier.FeeLine{{Kind: dossier.Duty, Name: "thuế", VND: &more}}})
		h.refused(t, h.head, d, dossier.SetFees, due(3, dossier.AtReturn), "second-person-required")
		h.sound(t)
	})
}

func TestWhoDoesNotPayInTimeMayBeStoppedWithoutAPaper(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d := h.asking(t)
		h.refused(t, h.head, d, dossier.Stop, onestop.ActInput{Reason: "không nộp tiền đúng hạn"}, "action-invalid")
		h.now = d.AnswerBy().Add(time.Minute)
		d = h.act(t, h.head, d, dossier.Stop, onestop.ActInput{})
		if !strings.Contains(d.Reason, "nghĩa vụ tài chính") {
			t.Fatal(d.Reason)
		}
		h.sound(t)
	})
}

// A day off is published when it is over: what was late by then stays late, whatever date it is told since, and also after more time was granted.
func TestNoCalendarMakesTimelyWhatIsLate(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		d := h.inProgress(t) // due on Friday the 6th
		late := d.Promise().LateFrom
		h.now = when("2026-11-07T08:00:00+07:00") // the make-up Saturday
		if _, err := h.KeepCalendar(ctx, h.administrator, h.now, dayOff); err != nil {
			t.Fatal(err)
		}
		h.follow(t, 1)
		d = h.read(t, d.Code)
		p := d.Promise()
		if p.Kind != dossier.Recomputed || !p.DueAt.Equal(when("2026-11-07T17:00:00+07:00")) || !p.LateFrom.Equal(late) || d.Timing(h.now) != dossier.Overdue {
			t.Fatalf("%s, due %s, late from %s", d.Timing(h.now), p.DueAt.In(zone), p.LateFrom.In(zone))
		}
		judged(t, d, "2026-11-06T17:00:00+07:00", "2026-11-07T17:00:00+07:00")
		d = h.act(t, h.officer, d, dossier.RequestExtension, moreTime)
		d = h.act(t, h.head, d, dossier.ApproveExtension, onestop.ActInput{})
		if p = d.Promise(); p.Kind != dossier.Reappointed || !p.LateFrom.Equal(late) || d.Timing(h.now) != dossier.Overdue {
			t.Fatalf("%s: %s, late from %s", p.Kind, d.Timing(h.now), p.LateFrom.In(zone))
		}
		h.sound(t)
	})
}

func TestNoCalendarMakesAStepTimelyThatWasLateBeforeTheClockStood(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d := h.inProgress(t)
		late := d.Step().Mark.LateFrom // after eight working hours, on Tuesday
		h.now = late.Add(time.Hour)
		d = h.act(t, h.officer, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu giấy tờ", Papers: []string{"đơn"}})
		monday := dayOff
		monday.Definition = []byte(strings.Replace(calendar, `"off":[`, `"off":[{"date":"2026-11-02"},`, 1))
		if _, err := h.KeepCalendar(context.Background(), h.administrator, h.now, monday); err != nil {
			t.Fatal(err)
		}
		h.now = h.now.AddDate(0, 0, 1)
		d = h.act(t, h.clerk, d, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"đơn"}})
		if m := d.Step().Mark; !m.LateFrom.Equal(late) || !m.DueAt.After(late) {
			t.Fatalf("due %s, late from %s, not %s", m.DueAt.In(zone), m.LateFrom.In(zone), late.In(zone))
		}
		h.sound(t)
	})
}

func TestWhatBelongsToAnotherActionIsNotKeptWithThisOne(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d := h.inProgress(t)
		by := h.now.AddDate(0, 0, 3)
		for field, in := range map[string]onestop.ActInput{
			"result": {Result: &dossier.Result{Summary: "cấp phép"}}, "handed_out": {HandedOut: &dossier.HandedOut{Method: dossier.ReturnInPerson}},
			"wait": {Wait: &dossier.Wait{Cause: dossier.ForOpinion, Body: "Cơ quan thuế"}}, "extension": {Extension: days(2)}, "to_stage": {ToStage: 1},
			"assignment": {Assign: &onestop.AssignInput{}}, "answer_by": {AnswerBy: &by}, "papers": {Papers: []string{"đơn"}},
			"document": {Document: stopping.Document}, "request": {Request: withdrawing.Request}, "file_no": {FileNo: 1},
			"fees": prepaid(1000), "return_choice": {Return: &onestop.ReturnInput{Method: dossier.ReturnInPerson}},
		} {
			_, err := h.Act(context.Background(), h.officer, h.now, d.Code, dossier.Take, d.Version, in)
			if err == nil || !strings.Contains(err.Error(), field+": belongs to") {
				t.Errorf("%s with take: %v", field, err)
			}
		}
	})
}
