package httpapi_test

import (
	"context"
	"strings"
	"testing"
)

func TestLivesOnWhichAClockWasStoppedOrADateMoved(t *testing.T) {
	t.Parallel()
	tell(t, []story{
		{"a building permit lacks drawings, twice", permitWithSupplements},
		{"a letter by post lacks a paper before anybody works on it", postedAndCompleted},
		{"more time is asked for in time, with an apology", apologyInTime},
		{"more time is asked for too late", apologyTooLate},
		{"Tết lies in between", overTet},
		{"a make-up Saturday is the last day", dueOnASaturday},
		{"the government gives a day off while it is open", dayOffMeanwhile},
		{"nobody does anything", forgottenByAll},
	})
}

func permitWithSupplements(s *teller) {
	s.at("2026-11-02 08:30") // Monday; 10 working days
	d := s.arrives("clerk VT", buildingPermit, "IN_PERSON")
	d.promised("FIRST 2026-11-16 17:00")
	d.does("clerk VT", "hand-over")
	d.does("officer XD", "take")
	s.at("2026-11-04 08:00")
	d.does("officer XD", "request-supplement", askForPapers)
	d.is("5 SUSPENDED")
	d.prints("receipt supplement control-slip")
	s.at("2026-11-06 08:00")
	d.does("clerk VT", "complete-supplement", papersCame)
	d.is("4 IN_TIME")
	d.promised("FIRST 2026-11-16 17:00", "AFTER_PAUSE 2026-11-18 17:00")
	s.at("2026-11-09 08:00")
	d.cannot("officer XD", "request-supplement", askForPapers, "403 approver-required") // everything is to be asked for once
	d.does("head XD", "request-supplement", askForPapers)
	s.at("2026-11-10 08:00")
	d.does("clerk VT", "complete-supplement", papersCame)
	d.promised("FIRST 2026-11-16 17:00", "AFTER_PAUSE 2026-11-18 17:00", "AFTER_PAUSE 2026-11-19 17:00")
	d.stood("SUPPLEMENT 2026-11-04 08:00 – 2026-11-06 08:00", "SUPPLEMENT 2026-11-09 08:00 – 2026-11-10 08:00")
	d.does("officer XD", "complete-step")
	s.at("2026-11-19 17:30") // after closing, and still that day
	d.does("head XD", "finish", withResult)
	d.is("9 ON_TIME")
	d.prints("receipt supplement control-slip hand-over")
	s.reports("from=2026-11-01&to=2026-11-04", "open 1, received 1, suspended 1")
	s.reports("from=2026-11-01&to=2026-11-30", "late_by_first_promise 1, on_time 1, received 1, resolved 1")
}

func postedAndCompleted(s *teller) {
	s.at("2026-11-17 08:00") // Tuesday; 7 working days, the 24th is off
	d := s.arrives("clerk VT", socialProtection, "POST")
	d.promised("FIRST 2026-11-27 17:00")
	s.at("2026-11-18 09:00")
	d.does("clerk VT", "request-supplement", askForPapers)
	s.at("2026-11-20 10:00")
	d.does("clerk VT", "complete-supplement", papersCame)
	d.is("2 IN_TIME")
	d.promised("FIRST 2026-11-27 17:00", "RESTARTED 2026-12-02 17:00") // the whole term again
	s.at("2026-11-30 10:00")
	d.through("VT")
	d.is("9 EARLY")
	d.does("clerk VT", "return", byPost)
	d.is("10 EARLY")
	s.reports("from=2026-11-01&to=2026-11-30&channel=POST", "early 1, late_by_first_promise 1, received 1, resolved 1")
}

func apologyInTime(s *teller) {
	s.at("2026-11-09 08:00") // Monday; 10 working days
	d := s.arrives("clerk VT", buildingPermit, "IN_PERSON")
	d.promised("FIRST 2026-11-23 17:00")
	d.does("clerk VT", "hand-over")
	d.does("officer XD", "take")
	s.at("2026-11-20 16:59") // the last working day before
	d.cannot("officer XD", "request-extension", forReason, "422 action-invalid")
	d.does("head XD", "request-extension", threeMoreDays)
	d.promised("FIRST 2026-11-23 17:00") // nothing moves by asking
	d.cannot("head XD", "approve-extension", "", "403 second-person-required")
	d.cannot("officer XD", "approve-extension", "", "403 not-allowed")
	d.does("head 92", "approve-extension")
	d.promised("FIRST 2026-11-23 17:00", "EXTENDED 2026-11-27 17:00")
	d.cannot("officer XD", "request-extension", threeMoreDays, "409 extensions-used-up")
	s.at("2026-11-26 10:00")
	d.is("4 IN_TIME")
	d.does("officer XD", "complete-step")
	d.does("head XD", "finish", withResult)
	d.is("9 EARLY")
	d.prints("receipt apology control-slip hand-over")
	s.reports("from=2026-11-01&to=2026-11-30", "early 1, late_by_first_promise 1, received 1, resolved 1")
}

const threeMoreDays = `{"reason":"Chờ ý kiến","legal_basis":"Điều 19","extension":{"value":3,"unit":"working_day"}}`

func apologyTooLate(s *teller) {
	s.at("2026-11-09 08:00")
	d := s.arrives("clerk VT", buildingPermit, "IN_PERSON")
	d.does("clerk VT", "hand-over")
	d.does("officer XD", "take")
	s.at("2026-11-23 08:00") // the day itself
	d.does("officer XD", "request-extension", threeMoreDays)
	d.does("head XD", "approve-extension")
	d.promised("FIRST 2026-11-23 17:00", "REAPPOINTED 2026-11-27 17:00") // what the applicant is told
	d.is("4 IN_TIME")
	s.at("2026-11-25 09:00")
	d.is("4 OVERDUE") // what it counts as
	d.does("officer XD", "complete-step")
	d.does("head XD", "finish", withResult)
	d.is("9 LATE")
	d.prints("receipt apology control-slip hand-over")
	s.reports("from=2026-11-01&to=2026-11-30", "late 1, late_by_first_promise 1, received 1, resolved 1")
}

func overTet(s *teller) {
	s.at("2026-02-13 16:00") // Friday; 16 to 20 February are Tết
	d := s.arrives("clerk VT", household, "IN_PERSON", `"variant":"1.001612.03"`)
	d.promised("FIRST 2026-02-27 17:00") // 5 working days
	s.at("2026-02-18 10:00")
	s.alerted()
	s.at("2026-02-27 17:30")
	d.through("VT")
	d.is("9 ON_TIME")
	s.reports("from=2026-02-01&to=2026-02-28", "on_time 1, received 1, resolved 1")
}

func dueOnASaturday(s *teller) {
	s.at("2026-01-09 10:00") // Friday before the make-up Saturday for 2 January
	d := s.arrives("clerk VT", household, "IN_PERSON", `"variant":"1.001612.01"`)
	d.promised("FIRST 2026-01-10 17:00")
	s.at("2026-01-10 07:00")
	s.alerted("DOSSIER_NEAR OFFICER VT", "DOSSIER_NEAR HEAD VT")
	s.at("2026-01-11 09:00") // nobody came on Saturday
	d.is("2 OVERDUE")
	s.at("2026-01-12 07:00")
	d.through("VT")
	d.is("9 LATE")
	s.reports("from=2026-01-01&to=2026-01-31", "late 1, late_by_first_promise 1, received 1, resolved 1")
}

func dayOffMeanwhile(s *teller) {
	s.at("2026-12-23 09:00") // Wednesday; 3 working days
	d := s.arrives("clerk VT", household, "IN_PERSON", `"variant":"1.001612.02"`)
	d.promised("FIRST 2026-12-28 17:00")
	changed := strings.Replace(string(s.calendar), `"off": [`, `"off": [{"date": "2026-12-25"},`, 1)
	s.want(201, "POST", "/api/v1/calendars/vn/revisions", s.who("admin 92"), `{"act":"Công văn 9/VPCP","definition":`+changed+`}`)
	if n, err := s.office.FollowCalendars(context.Background(), s.clock, "test", nil); err != nil || n != 1 {
		s.t.Fatalf("%d dossiers followed, %v", n, err)
	}
	d.promised("FIRST 2026-12-28 17:00", "RECOMPUTED 2026-12-29 17:00")
	s.at("2026-12-29 10:00")
	d.through("VT")
	d.is("9 ON_TIME")
	s.reports("from=2026-12-01&to=2026-12-31", "late_by_first_promise 1, on_time 1, received 1, resolved 1")
}

func forgottenByAll(s *teller) {
	s.at("2026-11-09 08:00") // Monday; one working day
	d := s.arrives("clerk VT", household, "IN_PERSON", `"variant":"1.001612.01"`)
	d.promised("FIRST 2026-11-10 17:00")
	d.does("clerk VT", "hand-over")
	d.does("officer VT", "take")
	s.at("2026-11-10 06:59")
	s.alerted()
	s.at("2026-11-10 07:00")
	s.alerted("DOSSIER_NEAR OFFICER VT", "DOSSIER_NEAR HEAD VT") // eight working hours before: its opening
	s.at("2026-11-10 23:59")
	s.alerted()
	s.at("2026-11-11 07:30")
	d.is("4 OVERDUE")
	s.alerted("DOSSIER_LATE OFFICER VT", "DOSSIER_LATE HEAD VT")
	s.at("2026-11-11 17:00")
	s.alerted("DOSSIER_LATE SUPERIOR 92") // eight working hours after
	s.at("2026-11-11 18:00")
	s.alerted()
	s.reports("from=2026-11-01&to=2026-11-30", "open 1, overdue 1, received 1")
	d.does("officer VT", "complete-step")
	d.does("head VT", "finish", withResult)
	d.is("9 LATE")
	s.reports("from=2026-11-01&to=2026-11-30", "late 1, late_by_first_promise 1, received 1, resolved 1")
}
