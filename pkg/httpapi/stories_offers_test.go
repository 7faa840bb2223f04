package httpapi_test

import "testing"

func TestActionsTellWhatAnActWouldAnswer(t *testing.T) {
	t.Parallel()
	tell(t, []story{
		{"a result with neither number nor file does not leave", undocumented},
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
