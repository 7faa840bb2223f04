package dossier_test

import (
	"testing"

	"github.com/motcua/motcua/pkg/dossier"
)

func TestPercentagesDoNotFlatter(t *testing.T) {
	t.Parallel()
	var none dossier.Figures
	if none.OnTimePercent() != nil || none.HonestPercent() != nil {
		t.Fatal("nothing resolved has no percentage")
	}
	f := dossier.Figures{Early: 99_990, OnTime: 9, Late: 1, LateByFirstPromise: 5, Overdue: 100_000}
	if p := *f.OnTimePercent(); p != 99.99 {
		t.Errorf("one late of 100,000 is not 100 %%: %v", p)
	}
	if p := *f.FirstPromisePercent(); p != 99.99 {
		t.Errorf("by the first promise: %v", p)
	}
	if p := *f.HonestPercent(); p != 50 {
		t.Errorf("open and overdue count as late: %v", p)
	}
	if p := *(dossier.Figures{Early: 2, Late: 1}).OnTimePercent(); p != 66.67 {
		t.Errorf("two decimals: %v", p)
	}
}

func TestWhatCameInIsWhatEndedAndWhatIsOpen(t *testing.T) {
	t.Parallel()
	f := dossier.Figures{CarriedOver: 3, Received: 7, Early: 1, OnTime: 2, Late: 1, ResolvedUndated: 1, EndedOtherwise: 1, InTime: 1, Overdue: 1, Suspended: 1, OpenUndated: 1}
	if !f.Balanced() {
		t.Fatal("should balance")
	}
	f.Overdue = 0
	if f.Balanced() {
		t.Fatal("a hidden overdue dossier must unbalance it")
	}
}
