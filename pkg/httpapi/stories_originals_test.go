package httpapi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOriginalsGoBackAlsoWithoutAResult(t *testing.T) {
	t.Parallel()
	tell(t, []story{
		{"a permit is stopped and its papers are fetched, one after the other", stoppedAndFetched},
		{"whoever withdraws takes the papers along", withdrawnWithPapers},
		{"a refused applicant gets by post what nobody counted", refusedByPost},
		{"somebody wants the result by post from the beginning", wantedByPost},
		{"what was fetched after a stop is handed in again", fetchedAndBroughtAgain},
		{"papers lie where they were handed in until there is a result", whereTheyLie},
	})
}

const handedIn = `"received":[{"no":1,"copies":{"form":1}},{"no":2,"copies":{"original":3,"copy":1}}]`

// back is a body that gives papers back over the counter.
func back(papers string) string {
	return `{"handed_out":{"method":"IN_PERSON","given_back":[` + papers + `]}}`
}

// held says how many originals of its second part are held, and what went back without a result and how often.
func (d *file) held(want string) {
	d.s.t.Helper()
	var x struct {
		Parts []struct {
			OriginalsHeld int `json:"originals_held"`
		}
		PapersBack []struct {
			By        struct{ Name string }
			HandedOut struct {
				Method, Receiver, Tracking string
				Originals                  []string
				GivenBack                  []struct {
					No     int
					Copies map[string]int
				} `json:"given_back"`
			} `json:"handed_out"`
		} `json:"papers_back"`
	}
	d.s.want(200, "GET", "/api/v1/dossiers/"+d.Code, d.s.who("head 92"), "").into(d.s.t, &x)
	got := fmt.Sprint(x.Parts[1].OriginalsHeld)
	for _, p := range x.PapersBack {
		got += fmt.Sprint("; ", p.By.Name != "", p.HandedOut)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		d.s.t.Error(diff)
	}
}

// holding says which dossiers that are over still hold originals.
func (s *teller) holding(want ...string) {
	s.t.Helper()
	for yes, codes := range map[string][]string{"true": want, "false": nil} {
		var list struct{ Items []struct{ Code string } }
		s.want(200, "GET", "/api/v1/dossiers?open=false&holds_originals="+yes, s.who("head 92"), "").into(s.t, &list)
		got := []string{}
		for _, x := range list.Items {
			got = append(got, x.Code)
		}
		if yes == "true" && !slices.Equal(got, append([]string{}, codes...)) || yes == "false" && len(got)+len(want) != len(s.files) {
			s.t.Errorf("holds originals %s: %v, not %v", yes, got, codes)
		}
	}
	if log := s.want(200, "GET", "/api/v1/event-log?format=csv&holds_originals=true", s.who("head 92"), "").body; len(want) > 0 != strings.Contains(log, ",STOPPED") {
		s.t.Errorf("the log of them: %s", log)
	}
}

func wantedByPost(s *teller) {
	s.at("2026-11-09 08:00")
	const wants = `{"procedure":"` + buildingPermit + `","channel":"IN_PERSON",` + applicant + `,"return_choice":%s}`
	for _, wrong := range []string{`{"method":"POST"}`, `{"method":"ONLINE","address":"12 đường Thử"}`} {
		if p := s.want(422, "POST", "/api/v1/dossiers", s.who("clerk VT"), fmt.Sprintf(wants, wrong)).problem(s.t); p.Code != "dossier-invalid" {
			s.t.Errorf("%s: %s", wrong, p.Code)
		}
	}
	d := s.arrives("clerk VT", buildingPermit, "IN_PERSON", `"return_choice":{"method":"POST","address":"12 đường Thử"}`)
	if page := s.want(200, "GET", "/api/v1/dossiers/"+d.Code+"/forms/receipt", s.who("clerk VT"), "").body; !strings.Contains(page, "Xã Vị Thủy; hình thức nhận: Bưu chính công ích, địa chỉ 12 đường Thử.") {
		s.t.Errorf("the receipt does not say how the result is wanted: %s", page)
	}
	var journal struct {
		Items []struct{ Facts map[string]any }
	}
	s.want(200, "GET", "/api/v1/dossiers/"+d.Code+"/events", s.who("clerk VT"), "").into(s.t, &journal)
	if diff := cmp.Diff(map[string]any{"method": "POST", "address": "12 đường Thử"}, journal.Items[0].Facts["return_choice"]); diff != "" {
		s.t.Error(diff)
	}
	s.at("2026-11-09 08:30") // by another counter, by post as before
	d.does("clerk VT", "change-return", `{"reason":"Người dân đề nghị nơi khác gửi","return_choice":{"method":"POST","agency":"LM"}}`)
	d.chose("POST 12 đường Thử")
	d.does("clerk VT", "change-return", `{"reason":"Người dân đề nghị nơi cũ gửi","return_choice":{"agency":"VT"}}`)
	d.chose("POST 12 đường Thử")
	d.does("clerk VT", "change-return", `{"reason":"Người dân tự đến nhận","return_choice":{"method":"IN_PERSON"}}`)
	d.chose("IN_PERSON")
	d.does("clerk VT", "change-return", `{"reason":"Người dân lại muốn gửi","return_choice":{"method":"POST","address":"14 đường Thử"}}`)
	d.does("clerk VT", "change-return", `{"reason":"Người dân lại dọn nhà","return_choice":{"method":"POST","address":"12 đường Thử"}}`)
	s.at("2026-11-20 10:00")
	d.through("XD")
	d.does("clerk VT", "return", `{"handed_out":{"method":"POST","tracking":"EA1"}}`)
	var x struct {
		HandedOut    struct{ Address string }         `json:"handed_out"`
		ReturnChoice struct{ Method, Address string } `json:"return_choice"`
	}
	s.want(200, "GET", "/api/v1/dossiers/"+d.Code, s.who("clerk VT"), "").into(s.t, &x)
	if got := fmt.Sprint(x); got != "{{12 đường Thử} {POST 12 đường Thử}}" {
		s.t.Error(got)
	}
}

func stoppedAndFetched(s *teller) {
	s.at("2026-11-09 08:00")
	d := s.arrives("clerk LM", housePermit, "IN_PERSON", `"variant":"`+housePermit+`.01"`, handedIn, `"receiving_agency":"LM"`)
	d.cannot("clerk LM", "give-papers-back", back(`{"no":2,"copies":{"original":1}}`), "409 wrong-state")
	d.does("clerk LM", "hand-over")
	s.at("2026-11-12 10:00")
	const stops = `{"reason":"Lý do nêu đầy đủ","document":{"number":"15/TB-UBND","date":"2026-11-12"},`
	d.cannot("head XD", "stop", stops+back(`{"no":2,"copies":{"original":1}}`)[1:], "403 not-your-agency") // the papers lie at the counter
	d.does("head XD", "stop", stopping)
	d.held("3")
	s.holding(d.Code)
	d.prints("receipt stop control-slip papers-back")

	d.cannot("officer XD", "give-papers-back", back(`{"no":2,"copies":{"original":1}}`), "403 not-allowed")
	d.cannot("clerk VT", "give-papers-back", back(`{"no":2,"copies":{"original":1}}`), "404 dossier-not-found")
	d.cannot("clerk LM", "give-papers-back", "", "422 action-invalid")
	d.cannot("clerk LM", "give-papers-back", `{"handed_out":{"method":"IN_PERSON"}}`, "422 action-invalid")
	d.cannot("clerk LM", "give-papers-back", `{"handed_out":{"method":"ONLINE","originals":["Bản vẽ"]}}`, "422 action-invalid")
	d.cannot("clerk LM", "give-papers-back", `{"handed_out":{"method":"POST","originals":["Bản vẽ"]}}`, "422 action-invalid")
	d.cannot("clerk LM", "give-papers-back", `{"handed_out":{"method":"IN_PERSON","originals":["Bản vẽ"],"file_no":1}}`, "422 action-invalid")
	d.cannot("clerk LM", "give-papers-back", back(`{"no":2,"copies":{"original":4}}`), "422 action-invalid")
	d.cannot("clerk LM", "give-papers-back", back(`{"no":2,"copies":{"certified":1}}`), "422 action-invalid")
	s.at("2026-11-13 08:30")
	d.does("clerk LM", "give-papers-back", back(`{"no":2,"copies":{"original":2}}`))
	d.held("1; true {IN_PERSON   [] [{2 map[original:2]}]}")
	d.cannot("clerk LM", "give-papers-back", back(`{"no":2,"copies":{"original":2}}`), "422 action-invalid")
	s.at("2026-11-16 08:30")
	d.does("clerk LM", "give-papers-back",
		`{"handed_out":{"method":"POST","tracking":"EA9","address":"12 đường Thử","party":"AUTHORISED","receiver":"Trần Văn Thay","document":"12/UQ",
		"given_back":[{"no":1,"copies":{"form":1}},{"no":2,"copies":{"original":1,"copy":1}}]}}`)
	d.held("0; true {IN_PERSON   [] [{2 map[original:2]}]}; true {POST Trần Văn Thay EA9 [] [{1 map[form:1]} {2 map[copy:1 original:1]}]}")
	d.cannot("clerk LM", "give-papers-back", back(`{"no":2,"copies":{"original":1}}`), "409 nothing-held")
	s.holding()
	slip := s.want(200, "GET", "/api/v1/dossiers/"+d.Code+"/forms/papers-back", s.who("clerk LM"), "").body
	for _, words := range []string{"Phiếu trả lại giấy tờ", "Dừng giải quyết hồ sơ", "1 bản chính, 1 bản sao", "Trần Văn Thay (người được ủy quyền)", "12 đường Thử", "EA9", "Phường Long Mỹ"} {
		if !strings.Contains(slip, words) {
			s.t.Errorf("the slip does not say %q: %s", words, slip)
		}
	}
	d.is("8 ENDED")
	d.tells("RECEIVED HANDED_OVER STOPPED PAPERS_GIVEN_BACK PAPERS_GIVEN_BACK")
}

func withdrawnWithPapers(s *teller) {
	s.at("2026-11-09 08:00")
	d := s.arrives("clerk VT", housePermit, "IN_PERSON", `"variant":"`+housePermit+`.01"`, handedIn)
	const asks = `{"reason":"Lý do nêu đầy đủ","request":{"by":"APPLICANT","how":"WRITTEN"},`
	d.cannot("clerk VT", "withdraw", asks+back(`{"no":2,"copies":{"original":4}}`)[1:], "422 action-invalid")
	d.cannot("clerk VT", "withdraw", asks+`"handed_out":{"method":"IN_PERSON"}}`, "422 action-invalid")
	d.does("clerk VT", "withdraw", asks+back(`{"no":2,"copies":{"original":3}},{"no":1,"copies":{"form":1}}`)[1:])
	d.held("0; true {IN_PERSON   [] [{2 map[original:3]} {1 map[form:1]}]}")
	d.does("clerk VT", "give-papers-back", back(`{"no":2,"copies":{"copy":1}}`))
	d.tells("RECEIVED WITHDRAWN PAPERS_GIVEN_BACK")
}

func refusedByPost(s *teller) {
	s.at("2026-11-09 08:00")
	d := s.arrives("clerk VT", housePermit, "ONLINE", `"variant":"`+housePermit+`.01"`)
	d.does("clerk VT", "refuse", `{"reason":"Lý do nêu đầy đủ","handed_out":{"method":"POST","tracking":"EA1","address":"12 đường Thử","originals":["Bản vẽ có dấu đỏ"]}}`)
	d.held("0; true {POST  EA1 [Bản vẽ có dấu đỏ] []}")
	d.does("clerk VT", "give-papers-back", `{"handed_out":{"method":"IN_PERSON","originals":["Sổ hộ khẩu"]}}`)
	d.tells("REGISTERED REFUSED PAPERS_GIVEN_BACK")
}

func fetchedAndBroughtAgain(s *teller) {
	s.at("2026-11-09 08:00")
	d := s.arrives("clerk VT", housePermit, "IN_PERSON", `"variant":"`+housePermit+`.01"`, handedIn)
	d.does("clerk VT", "hand-over")
	d.does("head XD", "stop", stopping)
	d.does("clerk VT", "give-papers-back", back(`{"no":2,"copies":{"original":3}}`))
	s.at("2026-11-10 08:00")
	d.does("head XD", "reopen", forReason)
	d.does("officer XD", "take")
	d.does("officer XD", "request-supplement", `{"reason":"Nộp lại bản chính","part_nos":[2]}`)
	d.does("clerk VT", "complete-supplement", `{"received":[{"no":2,"copies":{"original":2}}]}`)
	d.held("2; true {IN_PERSON   [] [{2 map[original:3]}]}")
	d.does("officer XD", "complete-step")
	d.does("head XD", "finish", withResult)
	d.cannot("clerk VT", "give-papers-back", back(`{"no":2,"copies":{"original":1}}`), "409 wrong-state") // it goes with the result
	d.does("clerk VT", "pay-fees", cash(1, "0000041"))
	d.cannot("clerk VT", "return", back(`{"no":2,"copies":{"original":3}}`), "422 action-invalid")
	d.does("clerk VT", "return", back(`{"no":2,"copies":{"original":1}}`))
	d.does("clerk VT", "give-papers-back", back(`{"no":2,"copies":{"original":1}}`))
	d.held("0; true {IN_PERSON   [] [{2 map[original:3]}]}; true {IN_PERSON   [] [{2 map[original:1]}]}")
	d.cannot("clerk VT", "give-papers-back", back(`{"no":2,"copies":{"copy":1}}`), "409 nothing-held") // of what stays in the file
}

func whereTheyLie(s *teller) {
	s.at("2026-11-09 08:00")
	const takesOne, lies = `{"no":2,"copies":{"original":1}}`, "<dt>Nơi trả</dt><dd>Xã Vị Thủy</dd>"
	stopped := s.arrives("clerk VT", housePermit, "IN_PERSON", `"variant":"`+housePermit+`.01"`, handedIn, `"returning_agency":"LM"`)
	const withdraws = `{"reason":"Lý do nêu đầy đủ","request":{"by":"APPLICANT","how":"WRITTEN"},`
	stopped.cannot("clerk LM", "withdraw", withdraws+back(takesOne)[1:], "403 not-your-agency")
	stopped.does("clerk VT", "hand-over")
	stopped.does("head XD", "stop", stopping)
	for form, words := range map[string]string{"stop": "nhận lại giấy tờ đã nộp tại Xã Vị Thủy.", "papers-back": lies} {
		if page := s.want(200, "GET", "/api/v1/dossiers/"+stopped.Code+"/forms/"+form, s.who("clerk VT"), "").body; !strings.Contains(page, words) {
			s.t.Errorf("%s does not say %q: %s", form, words, page)
		}
	}
	stopped.cannot("clerk LM", "give-papers-back", back(takesOne), "403 not-your-agency") // no result ever went there
	stopped.does("clerk VT", "give-papers-back", back(takesOne))
	if page := s.want(200, "GET", "/api/v1/dossiers/"+stopped.Code+"/forms/papers-back", s.who("clerk VT"), "").body; !strings.Contains(page, lies) {
		s.t.Errorf("the slip does not say %q: %s", lies, page)
	}

	done := s.arrives("clerk VT", housePermit, "IN_PERSON", `"variant":"`+housePermit+`.01"`, handedIn, `"returning_agency":"LM"`)
	done.through("XD")
	done.does("clerk VT", "pay-fees", cash(1, "0000042"))
	done.does("clerk LM", "return", back(takesOne))
	done.cannot("clerk VT", "give-papers-back", back(takesOne), "403 not-your-agency") // they went there with the result
	done.does("clerk LM", "give-papers-back", back(takesOne))
}

// chose says how the applicant wants the result.
func (d *file) chose(want string) {
	d.s.t.Helper()
	var x struct {
		ReturnChoice struct{ Method, Address string } `json:"return_choice"`
	}
	d.s.want(200, "GET", "/api/v1/dossiers/"+d.Code, d.s.who("clerk VT"), "").into(d.s.t, &x)
	if got := strings.TrimSpace(x.ReturnChoice.Method + " " + x.ReturnChoice.Address); got != want {
		d.s.t.Errorf("the result is wanted %q, not %q", got, want)
	}
}
