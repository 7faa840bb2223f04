package httpapi_test

import (
	"fmt"
	"testing"
)

func TestActionsTellWhatAnActWouldAnswer(t *testing.T) {
	t.Parallel()
	tell(t, []story{
		{"a result with neither number nor file does not leave", undocumented},
		{"one is told the same before and after", sameReasons},
	})
}

// unoffered is the code with which actions tells somebody that one is not possible, "" where it is.
func (d *file) unoffered(who, action string) string {
	d.s.t.Helper()
	for _, a := range d.as(who).Actions {
		if a.Action == action && !a.Allowed {
			return a.Code
		}
	}
	return ""
}

func undocumented(s *teller) {
	s.at("2026-03-02 08:30")
	d := s.arrives("clerk VT", maritalStatus, "IN_PERSON")
	d.does("clerk VT", "hand-over")
	d.does("officer VT", "take")
	d.does("officer VT", "complete-step")
	for _, number := range []string{".", "—", " - "} {
		d.cannot("head VT", "finish", `{"result":{"summary":"Xác nhận","number":"`+number+`"}}`, "422 action-invalid")
	}
	d.does("head VT", "finish", `{"result":{"summary":"Xác nhận","number":" "}}`)
	if code := d.unoffered("clerk VT", "return"); code != "no-document" {
		s.t.Errorf("actions says %q of a result that cannot leave", code)
	}
	d.cannot("clerk VT", "return", overCounter, "409 no-document")
	d.attaches("clerk VT", "of=RESULT&origin=SCANNED&name=xac-nhan.pdf", aPaper, "201")
	d.does("clerk VT", "return", overCounter)
}

// sameReasons asks everybody, at each turn of a life, for whatever actions says that they cannot do.
func sameReasons(s *teller) {
	s.at("2026-11-09 08:00")
	d := s.arrives("clerk VT", buildingPermit, "ONLINE")
	turn := func(who, action string, body ...string) {
		s.t.Helper()
		for _, somebody := range []string{"clerk VT", "clerk LM", "officer XD", "head XD", "officer DD", "head VT"} {
			got := s.ask("GET", "/api/v1/dossiers/"+d.Code, s.who(somebody), "")
			if got.status == 404 {
				continue
			}
			for _, a := range d.as(somebody).Actions {
				if a.Allowed {
					continue
				}
				if code := d.try(somebody, a.Action, "{}").problem(s.t).Code; code != a.Code {
					s.t.Errorf("before %s: actions tells %s that %s is %s, the act answers %s", action, somebody, a.Action, a.Code, code)
				}
			}
		}
		d.does(who, action, body...)
	}
	turn("clerk VT", "accept")
	turn("clerk VT", "hand-over")
	turn("officer XD", "take")
	turn("officer XD", "request-supplement", askForPapers)
	turn("clerk VT", "complete-supplement", papersCame)
	turn("officer XD", "request-payment", forTax)
	turn("clerk VT", "pay-fees", taxCame)
	turn("clerk VT", "confirm-payment")
	turn("officer XD", "complete-step")
	turn("head XD", "finish", withResult)
	if code := d.unoffered("head XD", "finish"); code != "wrong-state" {
		s.t.Errorf("of a result that is there actions says %s", code)
	}
	d.cannot("head XD", "finish", withResult, "409 wrong-state")
	d.cannot("officer XD", "take", "", "409 wrong-state")
	turn("head XD", "recall", fmt.Sprintf(`{"reason":%q}`, "Kết quả ghi sai tên"))
	turn("head XD", "finish", withResult)
	turn("clerk VT", "return", overCounter)
	turn("head XD", "refund-fees", `{"reason":"Thu nhầm","fees":[{"no":1}]}`)
}
