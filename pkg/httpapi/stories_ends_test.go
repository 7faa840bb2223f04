package httpapi_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
)

func TestLivesThatEndOtherwiseOrTwice(t *testing.T) {
	t.Parallel()
	tell(t, []story{
		{"an applicant takes it back instead of paying", withdrawnUnpaid},
		{"a permit is stopped, and opened again", stoppedAndReopened},
		{"a result is called back before it is handed over", recalledResult},
		{"a birth goes through four hands", joinedBirth},
		{"another system's cases are taken over", takenOver},
	})
}

func withdrawnUnpaid(s *teller) {
	s.at("2026-03-02 09:10")
	d := s.arrives("clerk VT", landUseRight, "IN_PERSON")
	d.does("clerk VT", "hand-over")
	d.does("officer DD", "take")
	s.at("2026-03-09 10:00")
	d.does("officer DD", "request-payment", forTax)
	s.at("2026-03-12 10:00")
	d.cannot("clerk VT", "withdraw", "", "422 action-invalid")
	d.does("clerk VT", "withdraw", withdrawing)
	d.is("7 ENDED")
	d.heldBy("VT")
	d.stood("PAYMENT 2026-03-09 10:00 – 2026-03-12 10:00")
	d.cannot("head DD", "reopen", forReason, "409 wrong-state")
	d.cannot("clerk VT", "return", overCounter, "409 wrong-state")
	s.at("2026-04-30 10:00")
	s.alerted()
	s.reports("from=2026-03-01&to=2026-03-31", "ended_otherwise 1, received 1")
}

func stoppedAndReopened(s *teller) {
	s.at("2026-11-09 08:00")
	d := s.arrives("clerk VT", buildingPermit, "IN_PERSON")
	d.does("clerk VT", "hand-over")
	d.does("officer XD", "take")
	s.at("2026-11-12 10:00")
	d.cannot("officer XD", "stop", stopping, "403 not-allowed")
	d.does("head XD", "stop", stopping)
	d.is("8 ENDED")
	d.prints("receipt stop control-slip")
	s.reports("from=2026-11-01&to=2026-11-30", "ended_otherwise 1, received 1")
	s.at("2026-11-17 10:00")
	d.cannot("officer XD", "reopen", forReason, "403 not-allowed")
	d.does("head XD", "reopen", forReason)
	d.is("4 IN_TIME")
	d.promised("FIRST 2026-11-23 17:00") // stopping and opening again buys no time
	s.at("2026-11-25 10:00")
	d.through("XD") // with the steps that were not done
	d.is("9 LATE")
	d.tells("RECEIVED HANDED_OVER STEP_TAKEN STOPPED REOPENED STEP_TAKEN STEP_COMPLETED FINISHED")
	s.reports("from=2026-11-01&to=2026-11-30", "late 1, late_by_first_promise 1, received 1, resolved 1")
}

func recalledResult(s *teller) {
	s.at("2026-11-09 08:00") // Monday; 3 working days
	d := s.arrives("clerk VT", household, "IN_PERSON", `"variant":"1.001612.02"`)
	d.promised("FIRST 2026-11-12 17:00")
	s.at("2026-11-11 10:00")
	d.through("VT")
	d.is("9 EARLY")
	s.at("2026-11-12 10:00")
	d.cannot("officer VT", "recall", forReason, "403 not-allowed")
	d.does("head VT", "recall", forReason)
	d.is("4 IN_TIME")
	s.at("2026-11-13 10:00")
	d.does("head VT", "finish", withResult)
	d.is("9 LATE") // what counts is the end that stands
	d.does("clerk VT", "return", overCounter)
	d.cannot("head VT", "recall", forReason, "409 wrong-state")
	s.reports("from=2026-11-01&to=2026-11-30", "late 1, late_by_first_promise 1, received 1, resolved 1")
}

func joinedBirth(s *teller) {
	s.at("2026-08-10 08:00") // Monday; 20 working days, 22/8 is worked, 31/8 to 2/9 are off
	d := s.arrives("clerk VT", birthJoined, "IN_PERSON")
	d.promised("FIRST 2026-09-09 17:00")
	d.does("clerk VT", "hand-over")
	d.does("officer VT", "take")
	s.at("2026-08-10 16:00")
	d.does("officer VT", "complete-step")
	d.heldBy("CA")
	d.cannot("officer VT", "take", "", "403 not-your-agency")
	s.at("2026-08-20 07:30") // the police had until the nineteenth
	s.alerted("STEP_LATE OFFICER CA", "STEP_LATE HEAD CA")
	d.is("4 IN_TIME") // the leg is late, the dossier is not
	s.at("2026-08-21 10:00")
	d.does("officer CA", "take")
	d.does("officer CA", "complete-step")
	d.heldBy("BH")
	s.at("2026-08-27 16:00")
	d.does("officer BH", "take")
	d.does("officer BH", "complete-step")
	d.heldBy("VT")
	s.at("2026-08-28 09:00")
	d.cannot("head VT", "finish", withResult, "409 take-first")
	d.does("head VT", "take")
	d.does("head VT", "finish", withResult)
	d.does("clerk VT", "return", overCounter)
	d.is("10 EARLY")
	var dues []string
	for _, step := range d.as("head 92").Steps {
		dues = append(dues, step.Name+": "+wall(step.DueAt))
	}
	if diff := cmp.Diff([]string{
		"Đăng ký khai sinh: 2026-08-11 08:00", "Đăng ký thường trú: 2026-08-19 17:00",
		"Cấp thẻ bảo hiểm y tế: 2026-08-27 17:00", "Tổng hợp kết quả: 2026-08-28 10:00",
	}, dues); diff != "" {
		s.t.Error(diff)
	}
	s.reports("from=2026-08-01&to=2026-08-31", "early 1, received 1, resolved 1")
}

func takenOver(s *teller) {
	s.at("2026-11-20 08:00")
	done, err := s.office.ImportDossiers(context.Background(), staff.System(), s.clock(), strings.NewReader(
		"code,agency,channel,received_at,due_at,finished_at,returned_at,state,procedure\n"+
			"HS-1,VT,1,2026-11-02 08:10,2026-11-05,2026-11-05 16:00,2026-11-06 09:00,10,\n"+
			"HS-2,VT,2,2026-11-02 09:00,2026-11-04,2026-11-05 08:00,,9,\n"+
			"HS-3,XD,trực tiếp,2026-11-09 09:00,2026-11-13,,,Đang xử lý,"+buildingPermit+"\n"), onestop.DossierOptions{System: "IGATE"}, nil)
	if err != nil || done.New != 3 {
		s.t.Fatalf("%+v, %v", done, err)
	}
	d := &file{s: s, Code: "IGATE-HS-3"}
	d.promised("SOURCE 2026-11-13 23:59")
	if x := d.as("head XD"); x.State != "4" || x.Timing != "OVERDUE" {
		s.t.Errorf("it stands at %+v", x)
	}
	d.cannot("head XD", "stop", stopping, "409 foreign-dossier")
	d.tells("IMPORTED")
	s.reports("from=2026-11-01&to=2026-11-30&source=IGATE", "late 1, late_by_first_promise 1, on_time 1, open 1, overdue 1, received 3, resolved 2")
	own := s.arrives("clerk VT", household, "IN_PERSON", `"variant":"1.001612.02"`)
	own.promised("FIRST 2026-11-26 17:00") // 23, 25, 26: Tuesday the 24th is off
	s.reports("from=2026-11-01&to=2026-11-30", "in_time 1, late 1, late_by_first_promise 1, on_time 1, open 2, overdue 1, received 4, resolved 2")
}
