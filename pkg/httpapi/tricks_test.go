package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
)

// The tricks by which on-time figures are made to look better than the work was, tried by people who may sign in. In SQL they are tried in
// pkg/onestop, tricks_test.go.
func TestTheTricksWithOnTimeFiguresAreRefused(t *testing.T) {
	t.Parallel()
	tell(t, []story{
		{"the promise is moved", promiseMoved},
		{"the promise is moved by asking for papers too late", promiseMovedByPapers},
		{"the finish is dated back", finishDatedBack},
		{"the history is hidden", historyHidden},
	})
}

// tardy is a permit that was due on Monday the 23rd and is still open on Wednesday.
func tardy(s *teller) *file {
	s.at("2026-11-09 08:00")
	d := s.arrives("clerk VT", buildingPermit, "IN_PERSON")
	d.promised("FIRST 2026-11-23 17:00")
	d.does("clerk VT", "hand-over")
	d.does("officer XD", "take")
	s.at("2026-11-25 09:00")
	d.is("4 OVERDUE")
	return d
}

// stillLate ends it and looks whether it counts as what it is.
func (d *file) stillLate() {
	d.s.t.Helper()
	d.does("officer XD", "complete-step")
	d.does("head XD", "finish", withResult)
	d.is("9 LATE")
	d.s.reports("from=2026-11-01&to=2026-12-31", "late 1, late_by_first_promise 1, received 1, resolved 1")
}

func promiseMoved(s *teller) {
	d := tardy(s)
	// Nobody can say a date.
	for _, field := range []string{"due_at", "promise", "late_from", "basis"} {
		d.cannot("head XD", "complete-step", `{"`+field+`":"2026-12-31T17:00:00+07:00"}`, "400 request-invalid")
	}
	d.cannot("head XD", "request-extension", `{"reason":"x","extension":{"value":-1,"unit":"working_day"}}`, "400 request-invalid")
	// Whoever asks for more time does not grant it, and asking too late saves nothing.
	d.cannot("head XD", "request-extension", `{"reason":"Chờ ý kiến","extension":{"value":30,"unit":"working_day"}}`, "422 action-invalid") // three times its term
	d.does("head XD", "request-extension", `{"reason":"Chờ ý kiến","extension":{"value":10,"unit":"working_day"}}`)
	d.cannot("head XD", "approve-extension", "", "403 second-person-required")
	d.does("head 92", "approve-extension")
	d.is("4 OVERDUE")
	d.cannot("head XD", "request-extension", threeMoreDays, "409 extensions-used-up")
	// A longer term in the catalogue is for those that come in from now on.
	s.want(200, "PUT", "/api/v1/procedures/"+buildingPermit+"/terms", s.who("admin 92"),
		`{"terms":[{"statutory":{"value":60,"unit":"working_day"}}],"reason":"Điều 1"}`)
	d.is("4 OVERDUE")
	// A set of rules that was once kept stays.
	old := s.want(200, "GET", "/api/v1/rules", s.who("admin 92"), "")
	var sets struct{ Items []map[string]any }
	old.into(s.t, &sets)
	for _, set := range sets.Items {
		set["extension"] = map[string]any{"most": 9, "lead_days": 0}
		got := s.ask("POST", "/api/v1/rules", s.who("admin 92"), asJSON(s.t, set))
		if got.status != http.StatusConflict && got.status != http.StatusUnprocessableEntity {
			s.t.Errorf("rules %v are changed: %d %s", set["id"], got.status, got.body)
		}
	}
	// Nobody but an administrator moves a day off, and not without an act.
	past := strings.Replace(string(s.calendar), `"off": [`, `"off": [{"date": "2026-11-23"},`, 1)
	for who, want := range map[string]int{"head XD": 403, "admin 92": 422} {
		s.want(want, "POST", "/api/v1/calendars/vn/revisions", s.who(who), `{"definition":`+past+`}`)
	}
	d.stillLate()
}

func promiseMovedByPapers(s *teller) {
	// In its steps the time waited would be added, and meanwhile it would not be among the overdue ones.
	d := tardy(s)
	d.does("officer XD", "request-supplement", askForPapers)
	d.is("5 OVERDUE")
	d.stood()
	s.alerted("DOSSIER_LATE OFFICER XD", "DOSSIER_LATE HEAD XD") // and the level above, eight working hours after the 23rd: on the 25th, at 17:00
	s.reports("from=2026-11-01&to=2026-11-30", "open 1, overdue 1, received 1")
	s.at("2026-11-30 09:00")
	d.does("clerk VT", "complete-supplement", papersCame)
	d.is("4 OVERDUE")
	d.stillLate()
	// Before its steps the whole term would begin again.
	s.at("2026-12-01 08:00") // Tuesday; 7 working days
	other := s.arrives("clerk VT", socialProtection, "IN_PERSON")
	other.promised("FIRST 2026-12-10 17:00")
	s.at("2026-12-11 07:30")
	other.is("2 OVERDUE")
	other.does("clerk VT", "request-supplement", askForPapers)
	other.does("clerk VT", "complete-supplement", papersCame)
	other.is("2 OVERDUE")
	other.promised("FIRST 2026-12-10 17:00")
	other.through("VT")
	other.is("9 LATE")
	// A bill is no better.
	s.at("2026-12-14 08:00") // Monday; 18 working days, those of 2027 as far as they are known
	taxed := s.arrives("clerk VT", landUseRight, "IN_PERSON")
	taxed.promised("FIRST 2027-01-07 17:00")
	taxed.does("clerk VT", "hand-over")
	s.at("2027-01-08 08:00")
	taxed.does("officer DD", "request-payment", forTax)
	taxed.is("6 OVERDUE")
	s.at("2027-01-11 08:00")
	taxed.does("clerk VT", "pay-fees", taxCame)
	taxed.does("clerk VT", "confirm-payment")
	taxed.is("4 OVERDUE")
}

func finishDatedBack(s *teller) {
	d := tardy(s)
	d.does("officer XD", "complete-step")
	for _, field := range []string{"at", "finished_at", "recorded_at"} {
		d.cannot("head XD", "finish", `{"result":{"summary":"x"},"`+field+`":"2026-11-20T16:00:00+07:00"}`, "400 request-invalid")
	}
	got := s.ask("POST", "/api/v1/dossiers/"+d.Code+"/actions/finish", s.who("head XD"), withResult, `If-Match: "4"`, "Date: Fri, 20 Nov 2026 09:00:00 GMT")
	if got.status != 200 {
		s.t.Fatal(got.body)
	}
	d.finished("2026-11-25 09:00") // by the office's clock, whatever the sender's says
	d.is("9 LATE")
	// Neither calling it back and finishing it again, nor handing it over, gives an earlier end.
	s.at("2026-11-26 09:00")
	d.does("head XD", "recall", forReason)
	d.does("head XD", "finish", withResult)
	d.does("clerk VT", "return", overCounter)
	d.finished("2026-11-26 09:00")
	s.reports("from=2026-11-01&to=2026-11-30", "late 1, late_by_first_promise 1, received 1, resolved 1")
}

func historyHidden(s *teller) {
	d := tardy(s)
	path := "/api/v1/dossiers/" + d.Code
	for _, method := range []string{"DELETE", "PUT", "PATCH"} {
		for _, at := range []string{path, path + "/events", path + "/events/1"} {
			if got := s.ask(method, at, s.who("admin 92"), ""); got.status != 405 && got.status != 404 {
				s.t.Errorf("%s %s: %d %s", method, at, got.status, got.body)
			}
		}
	}
	// To stop it and take it in anew makes two dossiers, of which the first is still told.
	d.does("head XD", "stop", stopping)
	again := s.arrives("clerk VT", buildingPermit, "IN_PERSON")
	if again.Code == d.Code {
		s.t.Errorf("%s names two dossiers", d.Code)
	}
	d.tells("RECEIVED HANDED_OVER STEP_TAKEN STOPPED")
	s.reports("from=2026-11-01&to=2026-11-30", "ended_otherwise 1, ended_overdue 1, in_time 1, open 1, received 2")
	// To open it again hides neither that it was stopped nor that it is late.
	d.does("head XD", "reopen", forReason)
	d.is("4 OVERDUE")
	d.cannot("head XD", "finish", withResult, "409 steps-open") // what was not done is not skipped
	d.through("XD")
	d.does("head XD", "recall", forReason)
	d.does("head XD", "finish", withResult)
	d.is("9 LATE")
	d.tells("RECEIVED HANDED_OVER STEP_TAKEN STOPPED REOPENED STEP_TAKEN STEP_COMPLETED FINISHED RECALLED FINISHED")
	s.reports("from=2026-11-01&to=2026-11-30", "in_time 1, late 1, late_by_first_promise 1, open 1, received 2, resolved 1")
}
