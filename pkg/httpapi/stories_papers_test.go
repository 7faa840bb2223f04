package httpapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLivesOfPapers(t *testing.T) {
	t.Parallel()
	tell(t, []story{
		{"a paper is scanned once and serves twice", scannedOnce},
		{"a scan that was removed by mistake is put right", removedByMistake},
		{"what comes online was never paper", neverPaper},
		{"where somebody was helped the papers are attached", attachedByHelper},
		{"the register fills the form, or does not", registerFills},
	})
}

const withBoth = `"received":[{"no":1,"copies":{"form":1}},{"no":2,"copies":{"copy":1}}]`

// attaches sends a file; want is the status and, of a problem, its code.
func (d *file) attaches(who, query, content, want string) {
	d.s.t.Helper()
	d.answers(want, d.s.ask("POST", "/api/v1/dossiers/"+d.Code+"/files?"+query, d.s.who(who), content, "Content-Type: application/octet-stream", d.version()))
}

// uses takes a file of another dossier for a part.
func (d *file) uses(who string, other *file, no, part int, want string) {
	d.s.t.Helper()
	body := fmt.Sprintf(`{"of":"PART","part":%d,"dossier":%q,"file":%d}`, part, other.Code, no)
	d.answers(want, d.s.ask("POST", "/api/v1/dossiers/"+d.Code+"/files/reused", d.s.who(who), body, d.version()))
}

func (d *file) removes(who string, no int, want string) {
	d.s.t.Helper()
	path := fmt.Sprintf("/api/v1/dossiers/%s/files/%d?reason=nh%%E1%%BA%%A7m", d.Code, no)
	d.answers(want, d.s.ask("DELETE", path, d.s.who(who), "", d.version()))
}

func (d *file) version() string { return fmt.Sprintf(`If-Match: "%d"`, d.as("head 92").Version) }

func (d *file) answers(want string, got answer) {
	d.s.t.Helper()
	is := fmt.Sprint(got.status)
	if got.status >= 400 {
		is += " " + got.problem(d.s.t).Code
	}
	if is != want {
		d.s.t.Fatalf("%s: %s, not %s: %s", d.Code, is, want, got.body)
	}
}

// papers tells of each part how it is digitised and its files, and of the dossier whether it is: "1:1[1] 2:2[2] yes".
func (d *file) papers(want string) {
	d.s.t.Helper()
	var all struct {
		Items []struct {
			No    int
			As    int `json:"digitised_as"`
			Files []int
		}
		Digitisation struct{ Digitised bool }
	}
	d.s.want(200, "GET", "/api/v1/dossiers/"+d.Code+"/parts", d.s.who("head 92"), "").into(d.s.t, &all)
	var got []string
	for _, p := range all.Items {
		got = append(got, fmt.Sprintf("%d:%d%v", p.No, p.As, p.Files))
	}
	if is := strings.Join(got, " ") + map[bool]string{true: " yes", false: " no"}[all.Digitisation.Digitised]; is != want {
		d.s.t.Errorf("%s: papers %s, not %s", d.Code, is, want)
	}
}

func (d *file) gives(no int, content string) {
	d.s.t.Helper()
	if got := d.s.want(200, "GET", fmt.Sprintf("/api/v1/dossiers/%s/files/%d", d.Code, no), d.s.who("head 92"), ""); got.body != content {
		d.s.t.Errorf("%s: file %d holds something else", d.Code, no)
	}
}

func scannedOnce(s *teller) {
	s.at("2026-03-02 08:30") // Monday; 3 working days
	first := s.arrives("clerk VT", maritalStatus, "IN_PERSON", withBoth)
	first.papers("1:0[] 2:0[] no")
	first.attaches("clerk VT", "of=PART&part=1&origin=SCANNED&name=to-khai.pdf", aPaper, "201")
	first.papers("1:1[1] 2:0[] no")
	first.attaches("clerk VT", "of=PART&part=2&origin=SCANNED&name=can-cuoc.pdf", aPaper+"căn cước", "201")
	first.attaches("clerk LM", "of=PART&part=2&origin=SCANNED&name=x.pdf", aPaper, "404 dossier-not-found")
	first.papers("1:1[1] 2:1[2] yes")
	first.through("VT")
	first.papers("1:1[1] 2:1[2] no") // the result is not there as a file
	first.attaches("officer VT", "of=RESULT&origin=BORN_DIGITAL&name=xac-nhan.pdf", aPaper+"kết quả", "201")
	first.papers("1:1[1] 2:1[2] yes")
	first.does("clerk VT", "return", overCounter)
	first.is("10 EARLY")

	s.at("2026-05-04 09:00") // two months later the same person asks for something else
	second := s.arrives("clerk VT", household, "IN_PERSON", `"variant":"1.001612.02"`, withBoth)
	second.uses("clerk VT", first, 2, 2, "201")
	second.uses("clerk VT", first, 3, 1, "201") // what the first one led to is a paper of the second
	second.uses("clerk VT", second, 1, 1, "422 same-dossier")
	second.papers("1:3[2] 2:2[1] yes")
	second.gives(1, aPaper+"căn cước")
	second.gives(2, aPaper+"kết quả")

	other := &file{s: s}
	s.want(201, "POST", "/api/v1/dossiers", s.who("clerk VT"), `{"procedure":"`+maritalStatus+`","channel":"IN_PERSON",
		"applicant":{"kind":"CITIZEN","name":"Nguyễn Thị Mẫu","id_number":"093190000002"}}`).into(s.t, other)
	other.uses("clerk VT", first, 2, 2, "409 applicant-differs") // of the same name, and somebody else
	second.tells("RECEIVED FILE_ATTACHED FILE_ATTACHED")
	s.sound()
}

func removedByMistake(s *teller) {
	s.at("2026-03-02 08:30")
	d := s.arrives("clerk VT", maritalStatus, "IN_PERSON", withBoth)
	d.attaches("clerk VT", "of=PART&part=1&origin=SCANNED&name=to-khai.pdf", aPaper, "201")
	d.attaches("clerk VT", "of=PART&part=2&origin=SCANNED&name=cua-nguoi-khac.pdf", aPaper+"của người khác", "201")
	d.does("clerk VT", "hand-over")
	d.removes("officer VT", 2, "403 not-your-file")
	d.removes("clerk VT", 1, "200") // that was the wrong one
	d.papers("1:0[] 2:1[2] no")
	s.want(404, "GET", "/api/v1/dossiers/"+d.Code+"/files/1", s.who("head 92"), "")
	d.attaches("clerk VT", "of=PART&part=1&origin=SCANNED&name=to-khai.pdf", aPaper, "201")
	d.removes("clerk VT", 2, "200")
	d.attaches("clerk VT", "of=PART&part=2&origin=SCANNED&name=can-cuoc.pdf", aPaper+"căn cước", "201")
	d.papers("1:1[3] 2:1[4] yes")
	d.gives(3, aPaper)
	d.removes("clerk VT", 2, "409 file-removed")
	d.does("officer VT", "take")
	d.does("officer VT", "complete-step")
	d.does("head VT", "finish", withResult)
	d.attaches("clerk VT", "of=RESULT&origin=SCANNED&name=nham.pdf", aPaper+"nhầm", "201")
	d.does("clerk VT", "return", overCounter)
	d.removes("clerk VT", 5, "403 not-your-file") // the result is out: a superior's from now on
	d.removes("head VT", 5, "200")
	d.attaches("clerk VT", "of=RESULT&origin=BORN_DIGITAL&name=xac-nhan.pdf", aPaper+"kết quả", "201")
	d.papers("1:1[3] 2:1[4] yes")
	d.tells("RECEIVED FILE_ATTACHED FILE_ATTACHED HANDED_OVER FILE_REMOVED FILE_ATTACHED FILE_REMOVED FILE_ATTACHED " +
		"STEP_TAKEN STEP_COMPLETED FINISHED FILE_ATTACHED RETURNED FILE_REMOVED FILE_ATTACHED")
	s.sound()
}

func neverPaper(s *teller) {
	s.at("2026-03-02 20:15") // in the evening
	d := s.arrives("clerk VT", maritalStatus, "ONLINE")
	d.attaches("clerk VT", "of=RESULT&origin=BORN_DIGITAL&name=ket-qua.pdf", aPaper, "409 wrong-state") // there is no result of what nobody accepted
	d.attaches("clerk VT", "of=PART&part=1&origin=BORN_DIGITAL&name=to-khai.pdf", aPaper, "201")
	d.attaches("clerk VT", "of=PART&part=2&origin=BORN_DIGITAL&name=ca-hai.pdf", aPaper, "201") // the same bytes: kept once
	d.papers("1:0[1] 2:0[2] yes")
	s.at("2026-03-03 08:00")
	d.does("clerk VT", "refuse", forReason)
	d.attaches("clerk VT", "of=PART&part=1&origin=SCANNED&name=muon.pdf", aPaper, "409 wrong-state")
	d.gives(2, aPaper)
	d.tells("REGISTERED FILE_ATTACHED FILE_ATTACHED REFUSED")
	s.sound()
}

func attachedByHelper(s *teller) {
	s.at("2026-03-02 08:30")
	d := s.arrives("clerk LM", maritalStatus, "ONLINE", `"helped_agency":"LM"`, `"receiving_agency":"VT"`)
	d.attaches("clerk LM", "of=PART&part=1&origin=SCANNED&name=to-khai.pdf", aPaper, "201")
	d.attaches("clerk LM", "of=DOSSIER&origin=SCANNED&name=uy-quyen.pdf", aPaper+"ủy quyền", "201")
	d.attaches("clerk LM", "of=RESULT&origin=SCANNED&name=ket-qua.pdf", aPaper, "403 not-your-agency")
	d.attaches("clerk VT", "of=DOSSIER&origin=SCANNED&name=ghi-chu.pdf", aPaper, "201")
	d.removes("clerk LM", 2, "200") // its own
	d.removes("head LM", 3, "403 not-your-file")
	d.does("clerk VT", "accept")
	d.attaches("clerk LM", "of=PART&part=2&origin=SCANNED&name=can-cuoc.pdf", aPaper, "403 not-your-agency")
	d.removes("clerk LM", 1, "403 not-your-agency")
	d.does("clerk VT", "request-supplement", `{"reason":"thiếu giấy tờ","part_nos":[2]}`)
	d.attaches("clerk LM", "of=PART&part=2&origin=SCANNED&name=can-cuoc.pdf", aPaper+"căn cước", "201")
	d.uses("clerk LM", d, 1, 2, "422 same-dossier") // which is not for want of permission
	d.papers("1:1[1] 2:1[4] yes")
	d.tells("REGISTERED FILE_ATTACHED FILE_ATTACHED FILE_ATTACHED FILE_REMOVED ACCEPTED SUPPLEMENT_REQUESTED FILE_ATTACHED")
	s.sound()
}

func registerFills(s *teller) {
	s.at("2026-03-02 08:30")
	look := func(number, want string) answer {
		s.t.Helper()
		got := s.ask("POST", "/api/v1/applicants/lookup", s.who("clerk VT"), `{"id_number":"`+number+`","procedure":"`+maritalStatus+`"}`)
		(&file{s: s}).answers(want, got)
		return got
	}
	takes := func(applicant string) *file {
		s.t.Helper()
		d := &file{s: s}
		s.want(201, "POST", "/api/v1/dossiers", s.who("clerk VT"), `{"procedure":"`+maritalStatus+`","channel":"IN_PERSON",`+withBoth+`,"applicant":`+applicant+`}`).into(s.t, d)
		s.files = append(s.files, d)
		return d
	}
	filled := takes(look("093190000001", "200").body) // what the register says is what the form takes
	var d struct{ Applicant map[string]string }
	s.want(200, "GET", "/api/v1/dossiers/"+filled.Code, s.who("clerk VT"), "").into(s.t, &d)
	want := map[string]string{
		"kind": "CITIZEN", "name": "Người Trong Sổ", "id_number": "093190000001", "birth_date": "1990-12-31", "sex": "FEMALE", "phone": "+84987654321", "address": "Xã Một",
	}
	if diff := cmp.Diff(want, d.Applicant); diff != "" {
		s.t.Error(diff)
	}

	look("093190000002", "404 person-not-in-register") // the clerk types it in, as the card says
	takes(`{"kind":"CITIZEN","name":"Người Ngoài Sổ","id_number":"093190000002"}`)
	look("12345", "422 pattern")
	s.registerDown.Store(true)
	look("093190000001", "503 register-unavailable") // and nobody waits for it
	by := takes(`{"kind":"CITIZEN","name":"Người Trong Sổ","id_number":"093190000001"}`)
	by.through("VT")
	s.registerDown.Store(false)
	look("093190000001", "200")

	var all struct {
		Items []struct{ Act, Purpose string }
	}
	s.want(200, "POST", "/api/v1/applicants/accesses", s.who("head 92"), `{"id_number":"093190000001"}`).into(s.t, &all)
	if len(all.Items) != 3 || all.Items[0].Act != "LOOKUP" || all.Items[0].Purpose != maritalStatus {
		s.t.Errorf("three times somebody asked the register for this person, recorded is %+v", all.Items)
	}
	s.sound()
}
