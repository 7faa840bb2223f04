package onestop_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
)

// handsOf says who has a step in hand, whether it was taken, and who supports it.
func handsOf(s dossier.Step) string {
	var support []string
	who := "nobody"
	if x := s.Officer(); x != nil {
		who = strings.TrimPrefix(x.Name, "Ông Bà ")
	}
	if s.Assigned != nil {
		for _, x := range s.Assigned.Support {
			support = append(support, strings.TrimPrefix(x.Name, "Ông Bà "))
		}
	}
	return fmt.Sprintf("%s, taken %t, with %s", who, s.TakenBy != nil, strings.Join(support, " "))
}

func TestHandingOnInBulkLosesNobodyInSupport(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		second, third := h.employ(t, "second", staff.Officer, h.department), h.employ(t, "third", staff.Officer, h.department)
		fourth := h.employ(t, "fourth", staff.Officer, h.department)
		d, _ := besides(t, h)
		d = h.act(t, h.head, d, dossier.Assign, onestop.ActInput{Step: 1, Assign: &onestop.AssignInput{Main: "officer", Support: []string{"second", "third"}}})
		d = h.act(t, h.officer, d, dossier.Take, onestop.ActInput{Step: 1})
		for _, x := range []struct{ from, to, want string }{
			{"officer", "fourth", "fourth, taken false, with second third"},
			{"second", "officer", "fourth, taken false, with officer third"},
			{"fourth", "third", "third, taken false, with officer"}, // who supported it has it now
			{"officer", "second", "third, taken false, with second"},
			{"officer", "fourth", ""},
			{"second", "", "third, taken false, with "},
		} {
			all, err := h.Reassign(context.Background(), h.head, h.now, onestop.ReassignInput{From: x.from, To: x.to, Reason: "chuyển công tác"})
			want := []onestop.Reassigned{{Code: d.Code, StepNo: 1}}
			if x.want == "" {
				want = []onestop.Reassigned{}
			}
			if diff := cmp.Diff(want, all); diff != "" || err != nil {
				t.Errorf("from %s to %s: %s, %v", x.from, x.to, diff, err)
			}
			d = h.read(t, d.Code)
			if got := handsOf(d.Steps[0]); x.want != "" && got != x.want {
				t.Errorf("from %s to %s: %s, want %s", x.from, x.to, got, x.want)
			}
		}
		refused(t, h, second, d, dossier.Contribute, onestop.ActInput{Step: 1, Note: "Tôi đồng ý"}, "not-in-support")

		// Who has taken it goes on with it when another one leaves.
		d = h.act(t, third, d, dossier.Take, onestop.ActInput{Step: 1})
		d = h.act(t, h.head, d, dossier.Assign, onestop.ActInput{Step: 1, Assign: &onestop.AssignInput{Main: "third", Support: []string{"second"}}})
		if _, err := h.Reassign(context.Background(), h.head, h.now, onestop.ReassignInput{From: "second", To: "fourth", Reason: "chuyển công tác"}); err != nil {
			t.Fatal(err)
		}
		d = h.read(t, d.Code)
		if got := handsOf(d.Steps[0]); got != "third, taken true, with fourth" {
			t.Error(got)
		}
		d = h.act(t, fourth, d, dossier.Contribute, onestop.ActInput{Step: 1, Note: "Tôi đồng ý"})

		// Who no longer works there supports nothing.
		if _, err := h.DisableUser(context.Background(), h.administrator, "fourth"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Reassign(context.Background(), h.head, h.now, onestop.ReassignInput{From: "third", To: "second", Reason: "chuyển công tác"}); err != nil {
			t.Fatal(err)
		}
		if got := handsOf(h.read(t, d.Code).Steps[0]); got != "second, taken false, with " {
			t.Error(got)
		}
		sound(t, h)
	})
}
