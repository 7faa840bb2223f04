package httpapi_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestPapersAreHandedInOnce(t *testing.T) {
	t.Parallel()
	tell(t, []story{
		{"a paper that was fetched is not there to be used again", fetchedForGood},
		{"a scan and a result of before stand in for two parts", usedAgain},
		{"a paper without a file is used again on paper", usedOnPaper},
		{"where somebody is helped a paper of before is used again", usedFromAfar},
	})
}

const deed, card = "Giấy chứng nhận quyền sử dụng đất", "Bản sao căn cước"

// offers says what the search for the applicant offers of the dossier, in its order.
func (d *file) offers(want ...string) {
	d.s.t.Helper()
	var got []string
	for _, x := range d.s.find(d.s.who("clerk VT"), "093190000001").Reusable {
		if x["dossier"] == d.Code {
			got = append(got, x["name"])
		}
	}
	if is, should := strings.Join(got, ", "), strings.Join(want, ", "); is != should {
		d.s.t.Errorf("%s offers %s, not %s", d.Code, is, should)
	}
}

// paper names a paper of the dossier for an intake; more are further fields.
func (d *file) paper(name string, more ...string) string {
	return "{" + strings.Join(append([]string{fmt.Sprintf(`"dossier":%q,"kind":"PAPER","name":%q`, d.Code, name)}, more...), ",") + "}"
}

// refuses tries an intake at VT with these fields, of which the first wrong one is told: "reused_from[0] reuse-unknown".
func (s *teller) refuses(procedure, fields, want string) {
	s.t.Helper()
	p := s.want(422, "POST", "/api/v1/dossiers", s.who("clerk VT"), `{"procedure":"`+procedure+`","channel":"IN_PERSON",`+applicant+","+fields+"}").problem(s.t)
	if len(p.Errors) == 0 || p.Errors[0].Field+" "+p.Errors[0].Code != want {
		s.t.Errorf("%s: %+v, not %s", p.Code, p.Errors, want)
	}
}

// stands tells of each part which dossiers' papers stand in for it, and how many parts have a file of another dossier: "1[] 2[H99…] 1".
func (d *file) stands(want string) {
	d.s.t.Helper()
	var all struct {
		Items []struct {
			No         int
			ReusedFrom []struct{ Dossier string } `json:"reused_from"`
		}
		Digitisation struct{ Reused int }
	}
	d.s.want(200, "GET", "/api/v1/dossiers/"+d.Code+"/parts", d.s.who("head 92"), "").into(d.s.t, &all)
	got := ""
	for _, p := range all.Items {
		var codes []string
		for _, r := range p.ReusedFrom {
			codes = append(codes, r.Dossier)
		}
		got += fmt.Sprintf("%d%v ", p.No, codes)
	}
	if got += fmt.Sprint(all.Digitisation.Reused); got != want {
		d.s.t.Errorf("%s: %s, not %s", d.Code, got, want)
	}
}

// receipted says whether the receipt tells of a part that a paper of the other dossier stands in for it.
func (d *file) receipted(name string, from *file) {
	d.s.t.Helper()
	page := d.s.want(200, "GET", "/api/v1/dossiers/"+d.Code+"/forms/receipt", d.s.who("head 92"), "").body
	if words := name + `<span class="it"> (dùng lại từ hồ sơ ` + from.Code + `)</span>`; !strings.Contains(page, words) {
		d.s.t.Errorf("the receipt does not say %q: %s", words, page)
	}
}

func usedAgain(s *teller) {
	s.at("2026-03-02 08:30")
	first := s.arrives("clerk VT", maritalStatus, "IN_PERSON", withBoth)
	first.attaches("clerk VT", "of=PART&part=2&origin=SCANNED&name=can-cuoc.pdf", aPaper+"mờ", "201")
	first.removes("clerk VT", 1, "200")
	first.attaches("clerk VT", "of=PART&part=2&origin=SCANNED&name=can-cuoc.pdf", aPaper+"căn cước", "201")
	first.through("VT")
	first.attaches("officer VT", "of=RESULT&origin=BORN_DIGITAL&name=xac-nhan.pdf", aPaper+"kết quả", "201")

	s.at("2026-05-04 09:00")
	result := fmt.Sprintf(`{"dossier":%q,"kind":"RESULT","name":"Kết quả giải quyết","no":1}`, first.Code)
	for fields, want := range map[string]string{
		first.paper(card) + "," + first.paper(card, `"no":1`): "reused_from[1] duplicate",
		first.paper(card, `"no":3`):                           "reused_from[0].no part-unknown",
	} {
		s.refuses(maritalStatus, `"reused_from":[`+fields+`]`, want)
	}
	second := s.arrives("clerk VT", household, "IN_PERSON", `"variant":"1.001612.02"`, `"reused_from":[`+result+","+first.paper(card)+`]`)
	second.stands(fmt.Sprintf("1[%s] 2[%s] 2", first.Code, first.Code))
	second.papers("1:3[1] 2:2[2] yes")
	second.gives(1, aPaper+"kết quả")
	second.gives(2, aPaper+"căn cước")
	second.receipted("Tờ khai theo mẫu", first)
	second.receipted(card, first)
	second.tells("RECEIVED FILE_ATTACHED FILE_ATTACHED")
	second.offers() // the first one offers them
	s.sound()
}

func usedOnPaper(s *teller) {
	s.at("2026-03-02 08:30")
	first := s.arrives("clerk VT", maritalStatus, "IN_PERSON", `"received":[{"no":2,"copies":{"copy":1}},{"name":"Giấy ủy quyền","copies":{"original":1}}]`)
	second := s.arrives("clerk VT", maritalStatus, "IN_PERSON", `"received":[{"no":1,"copies":{"form":1}}]`,
		`"reused_from":[`+first.paper(card)+","+first.paper("Giấy ủy quyền")+`]`)
	second.stands(fmt.Sprintf("1[] 2[%s] 3[%s] 0", first.Code, first.Code)) // the last is beyond the checklist
	second.receipted(card, first)
	second.receipted("Giấy ủy quyền", first)
	second.attaches("clerk VT", "of=PART&part=1&origin=SCANNED&name=to-khai.pdf", aPaper, "201")
	second.papers("1:1[1] 2:0[] 3:0[] no") // no scan of what lies in the first one
	second.cannot("clerk VT", "request-supplement", `{"part_nos":[2]}`, "422 action-invalid")
	second.does("clerk VT", "request-supplement", `{"reason":"Bản sao trong hồ sơ trước đã mờ","part_nos":[2]}`)
	second.does("clerk VT", "complete-supplement", `{"received":[{"no":2,"copies":{"copy":1}}]}`)
	second.stands(fmt.Sprintf("1[] 2[%s] 3[%s] 0", first.Code, first.Code))
	second.tells("RECEIVED FILE_ATTACHED SUPPLEMENT_REQUESTED SUPPLEMENT_COMPLETED")
}

func usedFromAfar(s *teller) {
	s.at("2026-03-02 08:30")
	first := s.arrives("clerk LM", maritalStatus, "IN_PERSON", withBoth)
	first.attaches("clerk LM", "of=PART&part=2&origin=SCANNED&name=can-cuoc.pdf", aPaper, "201")
	s.at("2026-03-03 08:30")
	second := s.arrives("clerk LM", maritalStatus, "ONLINE", `"helped_agency":"LM"`, `"receiving_agency":"VT"`, `"reused_from":[`+first.paper(card)+`]`)
	second.papers("1:0[] 2:2[1] yes")
	second.does("clerk VT", "accept", `{"received":[{"no":1,"copies":{"form":1}}]}`)
	second.tells("REGISTERED FILE_ATTACHED ACCEPTED")
	s.sound()
}

func fetchedForGood(s *teller) {
	s.at("2026-11-09 08:00")
	d := s.arrives("clerk VT", housePermit, "IN_PERSON", `"variant":"`+housePermit+`.02"`, `"received":[{"no":1,"copies":{"form":1}},{"no":2,"copies":{"original":1}}]`)
	d.offers("Đơn đề nghị cấp giấy phép xây dựng", deed)
	d.does("clerk VT", "withdraw", withdrawing)
	d.does("clerk VT", "give-papers-back", back(`{"no":2,"copies":{"original":1}}`))
	d.offers("Đơn đề nghị cấp giấy phép xây dựng")
	s.refuses(housePermit, `"variant":"`+housePermit+`.02","reused_from":[`+d.paper(deed)+`]`, "reused_from[0] reuse-unknown")
}
