package httpapi_test

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
	d.attaches("clerk VT", "of=DOSSIER&origin=SCANNED&name=to-khai.pdf", aPaper, "201")
	for _, wrong := range []string{"", `,"file_no":1`, `,"file_no":2`} { // none, not the result's, none there
		d.cannot("clerk VT", "return", `{"handed_out":{"method":"ONLINE"`+wrong+`}}`, "422 action-invalid")
	}
	d.cannot("clerk VT", "return", `{"handed_out":{"method":"ONLINE","file":"khong-co.pdf"}}`, "400 request-invalid") // a name is no file
	d.attaches("officer VT", "of=RESULT&origin=BORN_DIGITAL&name=nham.pdf", aPaper+"nhầm", "201")
	d.removes("officer VT", 2, "200")
	d.cannot("clerk VT", "return", `{"handed_out":{"method":"ONLINE","file_no":2}}`, "422 action-invalid")
	d.attaches("officer VT", "of=RESULT&origin=BORN_DIGITAL&name=trich-luc.pdf", aPaper+"trích lục", "201")
	d.cannot("clerk VT", "return", `{"handed_out":{"method":"IN_PERSON","file_no":3}}`, "422 action-invalid")
	d.does("clerk VT", "return", online)
	d.is("10 ON_TIME")
	d.tells("REGISTERED ACCEPTED HANDED_OVER STEP_TAKEN STEP_COMPLETED FINISHED FILE_ATTACHED FILE_ATTACHED FILE_REMOVED FILE_ATTACHED RETURNED")
	var shown struct {
		HandedOut map[string]any `json:"handed_out"`
	}
	s.want(200, "GET", "/api/v1/dossiers/"+d.Code, s.who("clerk VT"), "").into(s.t, &shown)
	sum := sha256.Sum256([]byte(aPaper + "trích lục"))
	want := map[string]any{"method": "ONLINE", "file_no": 3.0, "file": "trich-luc.pdf", "file_hash": hex.EncodeToString(sum[:])}
	if diff := cmp.Diff(want, shown.HandedOut); diff != "" {
		s.t.Error(diff)
	}
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
