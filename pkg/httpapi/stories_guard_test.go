package httpapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLivesInWhichAnOfficeMindsItsOwnClock(t *testing.T) {
	t.Parallel()
	tell(t, []story{
		{"land is allocated by three agencies side by side", allocatedSideBySide},
		{"an officer would stop the clock again and again", stoppedAgainAndAgain},
		{"a late dossier is to go away", lateAndMadeToGo},
	})
}

const (
	waitForTax = `{"step":2,"wait":{"cause":"OPINION","body":"Chi cục Thuế"}}`
	taxWrote   = `{"step":2,"note":"Công văn 21/CV-CCT ngày 08/10/2026: thống nhất"}`
)

func allocatedSideBySide(s *teller) {
	s.at("2026-10-05 08:00") // Monday; 6 working days: the thirteenth
	d := s.arrives("clerk VT", landAllocation, "IN_PERSON")
	d.promised("FIRST 2026-10-13 17:00")
	d.does("clerk VT", "hand-over")
	d.times("Thẩm định 2026-10-08 17:00", "Đối chiếu quy hoạch 2026-10-07 17:00", "Xác nhận nguồn gốc 2026-10-07 17:00", "Ký duyệt ")
	s.who("officer DD")
	s.who("second DD")
	d.does("head DD", "assign", `{"step":1,"assignment":{"main":"officer.dd","support":["second.dd"]}}`)
	d.does("officer DD", "take", `{"step":1}`)
	d.does("officer XD", "take", `{"step":2}`)
	d.does("officer VT", "take", `{"step":3}`)

	s.at("2026-10-06 10:00") // what others outside take does not count here: 16 hours until Thursday at ten
	d.does("officer XD", "begin-wait", waitForTax)
	d.is("4 SUSPENDED")
	s.at("2026-10-07 09:00")
	d.does("officer VT", "complete-step", `{"step":3}`)
	d.does("second DD", "contribute", `{"step":1,"note":"Thửa đất không nằm trong hành lang bảo vệ đê"}`)
	d.cannot("officer XD", "contribute", `{"step":1,"note":"Tôi cũng nghĩ vậy"}`, "403 not-in-support")
	d.cannot("officer DD", "contribute", `{"step":1,"note":"Tôi cũng nghĩ vậy"}`, "403 not-in-support")
	d.cannot("second DD", "contribute", `{"step":1}`, "422 action-invalid")
	if got := d.contributions("officer DD"); got != "1 Thửa đất không nằm trong hành lang bảo vệ đê (Ông Bà second.dd, 2026-10-07 09:00)" {
		s.t.Errorf("the main officer sees %q", got)
	}
	d.is("4 SUSPENDED") // it moved nothing
	s.at("2026-10-08 10:00")
	d.does("officer XD", "end-wait", taxWrote)
	d.promised("FIRST 2026-10-13 17:00", "AFTER_PAUSE 2026-10-15 17:00")
	d.times("Thẩm định 2026-10-08 17:00", "Đối chiếu quy hoạch 2026-10-09 17:00", "Xác nhận nguồn gốc 2026-10-07 17:00", "Ký duyệt ")

	s.at("2026-10-12 10:00") // three hours of Monday after its time
	d.does("officer XD", "complete-step", `{"step":2}`)
	s.at("2026-10-13 10:00") // and three of Tuesday
	d.does("officer DD", "complete-step", `{"step":1}`)
	s.at("2026-10-14 09:00")
	d.does("head DD", "send-back", `{"step":4,"to_stage":1,"reason":"Diện tích chưa khớp"}`)
	// The land office and planning were late, and have nothing left. The commune had from Wednesday the seventh at nine until five: six hours.
	d.times("Thẩm định 2026-10-14 09:00", "Đối chiếu quy hoạch 2026-10-14 09:00", "Xác nhận nguồn gốc 2026-10-14 17:00", "Ký duyệt ")
	s.at("2026-10-15 09:00")
	d.does("officer VT", "complete-step", `{"step":3}`)
	s.at("2026-10-16 09:00")
	d.is("4 OVERDUE")
	d.cannot("officer XD", "complete-step", `{"step":2}`, "409 take-first") // whoever receives signs too
	d.does("officer XD", "take", `{"step":2}`)
	d.does("officer XD", "complete-step", `{"step":2}`)
	s.at("2026-10-19 11:00")
	d.does("officer DD", "take", `{"step":1}`)
	d.does("officer DD", "complete-step", `{"step":1}`)
	s.at("2026-10-20 10:00")
	d.does("head DD", "take")
	d.does("head DD", "finish", withResult)
	d.is("9 LATE")

	// Late from Friday the sixteenth on: 8 hours of Friday, 8 of Monday, 3 of Tuesday are 19. Only planning waited, so only its own time stood.
	// First the land office went over its time by 8 hours of Friday the ninth, 8 of Monday and 3 of Tuesday, 19; planning by 3 of that Monday, at
	// once with the land office, which is half for each: 1.5 hours are planning's (5,400 seconds), 17.5 the land office's (63,000).
	// Then both were over from their beginning on Wednesday at nine: together for 6 hours of it; with the commune, whose six hours were up at five, for
	// 2 of Thursday; together for 6 of Thursday and 2 of Friday; the land office alone for 6 of Friday and 4 of Monday. That is 40 minutes of
	// three, 7 hours of two and 10 of one: 2,400 for the commune, 27,600 for planning, 63,600 for the land office. The head had until
	// five of the fourteenth, and six hours were left at nine: they ran from Monday at eleven until Tuesday at nine, 3,599 seconds before he was done.
	// Of 68,400 seconds each bears its part in 165,599: 2,230.4, 26,021.9, 991.3, 11,400.1, 26,269.7 and 1,486.6. Three more go to the largest remainders.
	d.legs(68400,
		" VT used 0 over 0 late 0",
		"Xác nhận nguồn gốc VT used 61200 over 0 late 0",
		"Đối chiếu quy hoạch XD used 93600 over 10800 late 2230",
		"Thẩm định DD used 180000 over 68400 late 26022",
		"Đối chiếu quy hoạch XD for Chi cục Thuế used 0 over 0 late 0: Công văn 21/CV-CCT ngày 08/10/2026: thống nhất",
		"Ký duyệt DD used 25200 over 0 late 0",
		"Xác nhận nguồn gốc VT used 28800 over 7200 late 991",
		"Đối chiếu quy hoạch XD used 57600 over 57600 late 11400",
		"Thẩm định DD used 93600 over 93600 late 26270",
		"Ký duyệt DD used 25200 over 3599 late 1487",
	)
	d.tells("RECEIVED HANDED_OVER STEP_ASSIGNED STEP_TAKEN STEP_TAKEN STEP_TAKEN WAIT_BEGAN STEP_COMPLETED CONTRIBUTION_MADE WAIT_ENDED " +
		"STEP_COMPLETED STEP_COMPLETED STEP_SENT_BACK STEP_COMPLETED STEP_TAKEN STEP_COMPLETED STEP_TAKEN STEP_COMPLETED STEP_TAKEN FINISHED")
	d.handedOver( // the second step of the commune came from its own counter: it was completed without being taken
		"Xác nhận nguồn gốc VT 2026-10-05 08:00 – 2026-10-05 08:00",
		"Đối chiếu quy hoạch XD 2026-10-05 08:00 – 2026-10-05 08:00",
		"Thẩm định DD 2026-10-05 08:00 – 2026-10-05 08:00",
		"Ký duyệt DD 2026-10-13 10:00 – ", // sent back before anybody took it
		"Xác nhận nguồn gốc VT 2026-10-14 09:00 – 2026-10-15 09:00",
		"Đối chiếu quy hoạch XD 2026-10-14 09:00 – 2026-10-16 09:00",
		"Thẩm định DD 2026-10-14 09:00 – 2026-10-19 11:00",
		"Ký duyệt DD 2026-10-19 11:00 – 2026-10-20 10:00",
	)
	s.reports("from=2026-10-01&to=2026-10-31", "late 1, late_by_first_promise 1, received 1, resolved 1")
}

func stoppedAgainAndAgain(s *teller) {
	s.at("2026-10-05 08:00")
	d := s.arrives("clerk VT", landAllocation, "IN_PERSON")
	d.does("clerk VT", "hand-over")
	s.at("2026-10-06 08:00")
	for _, own := range []string{"Sở Xây dựng", "  sở  XÂY DỰNG ", "So Xay dung", "xd"} {
		d.cannot("officer XD", "begin-wait", `{"step":2,"wait":{"cause":"OPINION","body":"`+own+`"}}`, "422 action-invalid")
	}
	d.does("officer XD", "begin-wait", waitForTax)
	s.at("2026-10-07 08:00")
	d.cannot("officer XD", "end-wait", `{"step":2}`, "422 action-invalid")
	d.does("officer XD", "end-wait", taxWrote)
	d.promised("FIRST 2026-10-13 17:00", "AFTER_PAUSE 2026-10-14 17:00")
	d.cannot("officer XD", "begin-wait", waitForTax, "403 wait-approver-required")
	d.cannot("officer DD", "begin-wait", strings.Replace(waitForTax, "2", "1", 1), "403 wait-approver-required") // of the dossier, not of the step
	d.does("officer XD", "begin-wait", strings.Replace(waitForTax, "OPINION", "INSPECTION", 1))                  // which stops no clock
	d.is("4 IN_TIME")
	d.does("officer XD", "end-wait", `{"step":2,"note":"Biên bản kiểm tra 05/BB"}`)
	d.does("head XD", "begin-wait", waitForTax)
	s.at("2026-10-08 08:00")
	d.does("officer XD", "end-wait", taxWrote)
	d.promised("FIRST 2026-10-13 17:00", "AFTER_PAUSE 2026-10-14 17:00", "AFTER_PAUSE 2026-10-15 17:00")
	d.cannot("officer XD", "begin-wait", waitForTax, "403 wait-approver-required")

	// 60 working days from the eighth of October end on the first of January: 16 are left of October, 20 are in November without the
	// twenty-fourth, 23 in December; the days off of 2027 are not published yet.
	until := `{"reason":"Thiếu giấy tờ","papers":["Trích lục"],"answer_by":"%s+07:00"}`
	for _, later := range []string{"2027-10-08T17:00:00", "2027-01-01T17:00:01"} {
		got := d.try("officer XD", "request-supplement", fmt.Sprintf(until, later))
		if p := got.problem(s.t); got.status != 422 || len(p.Errors) != 1 || p.Errors[0].Field != "answer_by" || p.Errors[0].Code != "maximum" {
			s.t.Errorf("%d %s", got.status, got.body)
		}
	}
	d.does("officer XD", "request-supplement", fmt.Sprintf(until, "2027-01-01T17:00:00"))
	d.is("5 SUSPENDED")
	d.cannot("head DD", "stop", `{"reason":"Lý do nêu đầy đủ"}`, "422 action-invalid") // the time for an answer is not up
	s.at("2027-01-01 17:00")
	d.cannot("head DD", "stop", "", "422 action-invalid") // a day that an officer chose is no ground of its own
	d.does("head DD", "stop", stoppingOn("2026-10-14"))
	d.is("8 ENDED")
	s.reports("from=2026-10-01&to=2027-01-31", "ended_otherwise 1, received 1") // its clock stood: it was not late
}

func lateAndMadeToGo(s *teller) {
	s.at("2026-10-05 08:00")
	d := s.arrives("clerk VT", landAllocation, "IN_PERSON") // due on the thirteenth
	gone := s.arrives("clerk VT", landAllocation, "IN_PERSON")
	d.does("clerk VT", "hand-over")
	for _, who := range []string{"officer XD", "officer VT", "head DD"} {
		d.cannot(who, "take", `{"step":9}`, "422 no-step")
	}
	s.at("2026-10-14 09:00") // two hours late
	d.is("4 OVERDUE")
	s.reports("from=2026-10-01&to=2026-10-31", "open 2, overdue 2, received 2")
	d.cannot("clerk VT", "withdraw", forReason, "422 action-invalid")
	d.cannot("clerk VT", "withdraw", `{"reason":"rút","request":{"by":"APPLICANT","how":"WRITTEN"}}`, "422 action-invalid")
	d.cannot("clerk VT", "withdraw", `{"reason":"Lý do nêu đầy đủ","request":{"by":"SUBMITTER","how":"WRITTEN"}}`, "422 action-invalid")
	d.cannot("clerk VT", "withdraw", `{"reason":"Lý do nêu đầy đủ","request":{"by":"PROXY","how":"COUNTER"}}`, "422 action-invalid")
	d.cannot("clerk VT", "withdraw", `{"reason":"Lý do nêu đầy đủ","request":{"by":"OFFICE","how":"COUNTER"}}`, "400 request-invalid")
	d.cannot("head DD", "stop", forReason, "422 action-invalid")
	d.cannot("head DD", "stop", strings.Replace(stoppingOn("2026-10-14"), "Lý do nêu đầy đủ", "x", 1), "422 action-invalid")
	d.cannot("head DD", "stop", stoppingOn("2026-12-05"), "422 action-invalid")
	d.cannot("head DD", "take", strings.Replace(stoppingOn("2026-10-14"), "{", `{"step":1,`, 1), "422 action-invalid")
	gone.does("clerk VT", "withdraw", `{"reason":"Đã chuyển nhượng thửa đất","request":{"by":"PROXY","how":"COUNTER","name":"Trần Văn Mẫu"}}`)
	d.does("head DD", "stop", stoppingOn("2026-10-14"))
	d.is("8 ENDED")
	x, y := d.as("head 92"), gone.as("head 92")
	if x.Document.Number != "15/TB-UBND" || x.Document.Date != "2026-10-14" || y.Request.By != "PROXY" || y.Request.Name != "Trần Văn Mẫu" {
		s.t.Errorf("%+v, %+v", x, y)
	}
	for x, want := range map[*file]string{d: "15/TB-UBND, 14/10/2026", gone: "người được ủy quyền, trực tiếp tại quầy"} {
		told := s.want(200, "POST", "/api/v1/lookup", "", x.receipt()).body
		if !strings.Contains(told, `"15/TB-UBND"`) && !strings.Contains(told, `"PROXY"`) || strings.Contains(told, "Trần Văn Mẫu") {
			s.t.Errorf("the applicant is told %s", told)
		}
		page := s.ask("POST", "/tra-cuu", "", "code="+x.Code+"&secret="+x.Secret, "Content-Type: application/x-www-form-urlencoded")
		if page.status != 200 || !strings.Contains(page.body, want) || strings.Contains(page.body, "Trần Văn Mẫu") {
			s.t.Errorf("the page says %d %s", page.status, page.body)
		}
	}
	// Nobody has made them go: each is in the list behind the figure.
	s.reports("from=2026-10-01&to=2026-10-31", "ended_otherwise 2, ended_overdue 2, received 2")
	var late struct {
		Ended     int
		EndedLate int    `json:"ended_late"`
		EndedHref string `json:"ended_href"`
	}
	s.want(200, "GET", "/api/v1/reports/lateness?from=2026-10-01&to=2026-10-31", s.who("head 92"), "").into(s.t, &late)
	var list struct{ Total int }
	s.want(200, "GET", late.EndedHref, s.who("head 92"), "").into(s.t, &list)
	if late.Ended != 2 || late.EndedLate != 2*2*3600 || list.Total != 2 {
		s.t.Errorf("%+v, a list of %d", late, list.Total)
	}
	s.at("2026-10-15 09:00")
	d.cannot("head DD", "reopen", `{"reason":"mở"}`, "422 action-invalid")
	d.does("head DD", "reopen", `{"reason":"Tranh chấp đã được hòa giải"}`)
	d.is("4 OVERDUE")
	s.reports("from=2026-10-01&to=2026-10-31", "ended_otherwise 1, ended_overdue 1, open 1, overdue 1, received 2")
}

// times lists the steps with their due dates: "Thẩm định 2026-10-08 17:00".
func (d *file) times(want ...string) {
	d.s.t.Helper()
	var got []string
	for _, x := range d.as("head 92").Steps {
		got = append(got, x.Name+" "+wall(x.DueAt))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		d.s.t.Errorf("times of steps: %s", diff)
	}
}

// contributions are what those in support said, as somebody sees it.
func (d *file) contributions(who string) string {
	d.s.t.Helper()
	var all []string
	for _, x := range d.as(who).Steps {
		for _, c := range x.Contributions {
			all = append(all, fmt.Sprintf("%d %s (%s, %s)", x.No, c.Text, c.By.Name, wall(c.At)))
		}
	}
	return strings.Join(all, "; ")
}

// handedOver lists when each leg of a step was handed over, and when its agency took it.
func (d *file) handedOver(want ...string) {
	d.s.t.Helper()
	var x struct {
		Items []struct {
			Name, Outside, From string
			Agency              struct{ Code string }
			TakenAt             string `json:"taken_at"`
		}
	}
	d.s.want(200, "GET", "/api/v1/dossiers/"+d.Code+"/legs", d.s.who("head 92"), "").into(d.s.t, &x)
	var got []string
	for _, l := range x.Items {
		if l.Name != "" && l.Outside == "" {
			got = append(got, l.Name+" "+l.Agency.Code+" "+wall(l.From)+" – "+wall(l.TakenAt))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		d.s.t.Errorf("hand-overs: %s", diff)
	}
}

// legs lists whose the time and the lateness were; together they are late.
func (d *file) legs(late int64, want ...string) {
	d.s.t.Helper()
	var x struct {
		Late  int64
		Items []struct {
			Name, Outside, Answer string
			Agency                struct{ Code string }
			Used, Over, Late      int64
		}
	}
	d.s.want(200, "GET", "/api/v1/dossiers/"+d.Code+"/legs", d.s.who("head 92"), "").into(d.s.t, &x)
	var got []string
	sum := int64(0)
	for _, l := range x.Items {
		line := l.Name + " " + l.Agency.Code
		if l.Outside != "" {
			line += " for " + l.Outside
		}
		line += fmt.Sprintf(" used %d over %d late %d", l.Used, l.Over, l.Late)
		if l.Answer != "" {
			line += ": " + l.Answer
		}
		got, sum = append(got, line), sum+l.Late
	}
	if diff := cmp.Diff(want, got); diff != "" || x.Late != late || sum != late {
		d.s.t.Errorf("late by %d, of which the legs bear %d: %s", x.Late, sum, diff)
	}
}
