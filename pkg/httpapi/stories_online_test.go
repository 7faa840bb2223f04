package httpapi_test

import "testing"

func TestLivesThatBeginOnline(t *testing.T) {
	t.Parallel()
	tell(t, []story{
		{"an extract is asked for on a Saturday night", onlineExtract},
		{"an online dossier is refused", refusedOnline},
		{"papers are asked for before an online dossier is accepted", papersBeforeAcceptance},
	})
}

func onlineExtract(s *teller) {
	s.at("2026-11-14 20:00")
	d := s.arrives("clerk VT", civilExtract, "ONLINE")
	d.is("1 UNDATED")
	d.promised()
	d.acceptBy("2026-11-16 17:00") // eight working hours from Monday's opening
	d.prints("")
	d.cannot("clerk VT", "hand-over", "", "409 wrong-state")
	s.at("2026-11-16 17:00")
	s.alerted()
	s.at("2026-11-16 17:01")
	s.alerted("ACCEPTANCE_LATE OFFICER VT", "ACCEPTANCE_LATE HEAD VT")
	s.at("2026-11-16 17:30")
	d.does("clerk VT", "accept")
	d.acceptBy("")
	d.promised("FIRST 2026-11-17 17:00") // after three in the afternoon: the next working day
	d.prints("receipt control-slip")
	s.at("2026-11-17 16:00")
	d.through("VT")
	d.does("clerk VT", "return", online)
	d.is("10 ON_TIME")
	d.tells("REGISTERED ACCEPTED HANDED_OVER STEP_TAKEN STEP_COMPLETED FINISHED RETURNED")
	s.reports("from=2026-11-01&to=2026-11-30&channel=ONLINE", "acceptance_late 1, on_time 1, received 1, resolved 1") // half an hour after the limit
}

func refusedOnline(s *teller) {
	s.at("2026-11-16 09:00")
	d := s.arrives("clerk VT", civilExtract, "ONLINE")
	d.acceptBy("2026-11-17 09:00")
	s.at("2026-11-16 14:00")
	d.cannot("clerk VT", "refuse", "", "422 action-invalid")
	d.does("clerk VT", "refuse", forReason)
	d.is("3 ENDED")
	d.prints("refusal")
	for who, action := range map[string]string{"clerk VT": "accept", "head VT": "reopen"} {
		d.cannot(who, action, forReason, "409 wrong-state")
	}
	s.at("2026-11-18 08:00")
	s.alerted()
	s.reports("from=2026-11-01&to=2026-11-30", "") // sending people away makes no rate better
}

func papersBeforeAcceptance(s *teller) {
	s.at("2026-11-20 09:00") // Friday; Tuesday the 24th is a day off
	d := s.arrives("clerk VT", civilExtract, "ONLINE")
	d.acceptBy("2026-11-23 09:00")
	s.at("2026-11-20 15:00")
	d.does("clerk VT", "request-supplement", askForPapers)
	d.is("5 UNDATED")
	d.prints("supplement")
	s.at("2026-11-23 09:01")
	s.alerted() // the citizen's move
	s.at("2026-11-25 08:00")
	d.does("clerk VT", "complete-supplement", papersCame)
	d.is("1 UNDATED")
	d.acceptBy("2026-11-26 08:00") // the eight hours begin anew
	s.at("2026-11-25 10:00")
	d.does("clerk VT", "accept")
	d.promised("FIRST 2026-11-25 17:00")
	d.through("VT")
	d.is("9 ON_TIME")
	d.stood() // no clock ran that could have stood
	d.tells("REGISTERED SUPPLEMENT_REQUESTED SUPPLEMENT_COMPLETED ACCEPTED HANDED_OVER STEP_TAKEN STEP_COMPLETED FINISHED")
}
