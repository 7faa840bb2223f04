package httpapi_test

import (
	"strings"
	"testing"
)

func TestLivesThatBeginAtACounter(t *testing.T) {
	t.Parallel()
	tell(t, []story{
		{"a land-use right waits for its tax", taxedLand},
		{"a copy is certified while one waits", copyOnTheSpot},
		{"a household registers a business through a clerk", householdOnBehalf},
		{"one counter takes in for another agency", anyCounter},
		{"a day without electricity is written down afterwards", writtenDownAfterwards},
	})
}

func taxedLand(s *teller) {
	s.at("2026-03-02 09:10") // Monday; 18 working days
	d := s.arrives("clerk VT", landUseRight, "IN_PERSON")
	d.promised("FIRST 2026-03-26 17:00")
	d.does("clerk VT", "hand-over")
	d.heldBy("DD")
	d.does("officer DD", "take")
	s.at("2026-03-09 10:00")
	d.cannot("officer DD", "request-payment", forReason, "422 action-invalid")
	d.does("officer DD", "request-payment", forTax) // the clock never stands for a payment of which nobody says how much
	d.is("6 SUSPENDED")
	d.stood("PAYMENT 2026-03-09 10:00 – ")
	d.cannot("officer DD", "complete-step", "", "409 wrong-state")
	s.at("2026-03-16 10:00") // a week later to the minute
	d.cannot("clerk VT", "confirm-payment", "", "409 fees-open")
	d.does("clerk VT", "pay-fees", taxCame)
	d.does("clerk VT", "confirm-payment")
	d.is("4 IN_TIME")
	d.stood("PAYMENT 2026-03-09 10:00 – 2026-03-16 10:00")
	d.promised("FIRST 2026-03-26 17:00", "AFTER_PAUSE 2026-04-02 17:00")
	d.cannot("officer DD", "request-payment", forTax, "403 wait-approver-required") // nor again and again
	d.does("officer DD", "complete-step")
	s.at("2026-04-02 16:30")
	d.does("head DD", "finish", withResult)
	d.is("9 ON_TIME")
	d.heldBy("VT")
	s.at("2026-04-03 08:00")
	d.does("clerk VT", "return", overCounter)
	d.is("10 ON_TIME")
	d.prints("receipt control-slip hand-over")
	d.tells("RECEIVED HANDED_OVER STEP_TAKEN PAYMENT_REQUESTED FEES_PAID PAYMENT_CONFIRMED STEP_COMPLETED FINISHED RETURNED")
	s.reports("from=2026-03-01&to=2026-03-31", "in_time 1, open 1, received 1")
	s.reports("from=2026-03-01&to=2026-04-30", "late_by_first_promise 1, on_time 1, received 1, resolved 1")
}

func copyOnTheSpot(s *teller) {
	s.at("2026-11-09 15:00") // Monday, the last minute for the same day
	d := s.arrives("clerk VT", certifiedCopy, "IN_PERSON")
	d.promised("FIRST 2026-11-09 17:00")
	d.cannot("clerk VT", "hand-over", "", "409 no-steps")
	s.at("2026-11-09 15:01")
	next := s.arrives("clerk VT", certifiedCopy, "IN_PERSON")
	next.promised("FIRST 2026-11-10 17:00")
	s.at("2026-11-09 15:20")
	for file, want := range map[*file]string{d: "ON_TIME", next: "EARLY"} {
		file.does("clerk VT", "finish", withResult)
		file.is("9 " + want)
		file.does("clerk VT", "return", overCounter)
		file.prints("receipt control-slip hand-over")
		file.tells("RECEIVED FINISHED RETURNED")
	}
	s.at("2026-11-10 09:00")
	forgotten := s.arrives("clerk VT", certifiedCopy, "IN_PERSON")
	s.at("2026-11-11 07:00")
	forgotten.is("2 OVERDUE")
	forgotten.does("clerk VT", "finish", withResult)
	forgotten.is("9 LATE")
	s.reports("from=2026-11-09&to=2026-11-11", "early 1, late 1, late_by_first_promise 1, on_time 1, received 3, resolved 3")
}

func householdOnBehalf(s *teller) {
	s.at("2026-04-23 10:00") // Thursday before Giỗ Tổ (Monday), 30/4 and 1/5
	got := s.ask("POST", "/api/v1/dossiers", s.who("clerk VT"), `{"procedure":"`+household+`","channel":"ONLINE","on_behalf":true,`+applicant+`}`)
	if p := got.problem(s.t); got.status != 422 || p.Code != "variant-required" {
		s.t.Errorf("a procedure with three terms, no case named: %d %s", got.status, got.body)
	}
	d := s.arrives("clerk VT", household, "ONLINE", `"on_behalf":true`, `"variant":"1.001612.02"`,
		`"submitter":{"kind":"CITIZEN","name":"Trần Văn Thay","phone":"0912345679"}`,
		`"authority":{"kind":"AUTHORISATION","number":"12/UQ","date":"2026-04-20"}`)
	d.is("2 IN_TIME") // accepted at once: the eight hours are for what a clerk has not seen
	d.promised("FIRST 2026-04-29 17:00")
	s.at("2026-04-29 11:00")
	d.through("VT")
	d.is("9 ON_TIME")
	s.at("2026-05-04 08:00")
	d.does("clerk VT", "return", overCounter)
	d.prints("receipt control-slip hand-over")
	s.reports("from=2026-04-01&to=2026-04-30&channel=ONLINE", "on_time 1, received 1, resolved 1")
}

func anyCounter(s *teller) {
	s.at("2026-11-09 08:00") // Monday; 10 working days
	d := s.arrives("clerk LM", buildingPermit, "IN_PERSON")
	if !strings.HasPrefix(d.Code, "H99.LM-261109-") {
		s.t.Errorf("the code %s is not that of the counter", d.Code)
	}
	d.promised("FIRST 2026-11-23 17:00")
	d.heldBy("LM")
	s.want(404, "GET", "/api/v1/dossiers/"+d.Code, s.who("clerk VT"), "") // not theirs
	d.does("clerk LM", "hand-over")
	d.heldBy("XD")
	d.cannot("clerk LM", "complete-step", "", "403 not-allowed")
	d.does("officer XD", "take")
	d.does("officer XD", "complete-step")
	s.at("2026-11-20 16:59")
	d.does("head XD", "finish", withResult)
	d.heldBy("LM")
	d.cannot("head XD", "return", overCounter, "403 not-your-agency")
	d.does("clerk LM", "return", overCounter)
	d.is("10 EARLY")
	s.reports("from=2026-11-01&to=2026-11-30&agency=XD", "early 1, received 1, resolved 1")
	s.reports("from=2026-11-01&to=2026-11-30&agency=LM", "")
}

func writtenDownAfterwards(s *teller) {
	s.at("2026-11-10 08:00")
	got := s.ask("POST", "/api/v1/dossiers", s.who("clerk VT"),
		`{"procedure":"`+socialProtection+`","channel":"IN_PERSON","received_at":"2026-11-10T08:01:00+07:00",`+applicant+`}`)
	if p := got.problem(s.t); got.status != 422 || p.Errors[0].Field != "received_at" || p.Errors[0].Code != "future" {
		s.t.Errorf("received tomorrow: %d %s", got.status, got.body)
	}
	longAgo := `{"procedure":"` + socialProtection + `","channel":"IN_PERSON","received_at":"2026-11-02T17:00:00+07:00",` + applicant + `}`
	got = s.ask("POST", "/api/v1/dossiers", s.who("clerk VT"), longAgo)
	if p := got.problem(s.t); got.status != 403 || p.Code != "approver-required" || p.Errors[0].Field != "received_at" {
		s.t.Errorf("a week and a day ago: %d %s", got.status, got.body)
	}
	s.want(201, "POST", "/api/v1/dossiers", s.who("head VT"), longAgo)
	d := s.arrives("clerk VT", socialProtection, "IN_PERSON", `"received_at":"2026-11-09T10:00:00+07:00"`)
	if d.Code != "H99.VT-261109-0001" {
		s.t.Errorf("the code %s is not of the day of receipt", d.Code)
	}
	d.promised("FIRST 2026-11-18 17:00") // 7 working days from the ninth, not from the tenth
	s.at("2026-11-18 10:00")
	d.through("VT")
	d.is("9 ON_TIME")
	s.reports("from=2026-11-09&to=2026-11-09", "carried_over 1, in_time 2, open 2, received 1")
}
