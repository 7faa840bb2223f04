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
	})
}

const deed = "Giấy chứng nhận quyền sử dụng đất"

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

func fetchedForGood(s *teller) {
	s.at("2026-11-09 08:00")
	d := s.arrives("clerk VT", housePermit, "IN_PERSON", `"variant":"`+housePermit+`.02"`, `"received":[{"no":1,"copies":{"form":1}},{"no":2,"copies":{"original":1}}]`)
	d.offers("Đơn đề nghị cấp giấy phép xây dựng", deed)
	d.does("clerk VT", "withdraw", withdrawing)
	d.does("clerk VT", "give-papers-back", back(`{"no":2,"copies":{"original":1}}`))
	d.offers("Đơn đề nghị cấp giấy phép xây dựng")
	s.refuses(housePermit, `"variant":"`+housePermit+`.02","reused_from":[`+d.paper(deed)+`]`, "reused_from[0] reuse-unknown")
}
