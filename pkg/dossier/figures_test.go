package dossier_test

import (
	"encoding/json"
	"testing"

	"github.com/motcua/motcua/pkg/dossier"
)

func TestPercentagesDoNotFlatter(t *testing.T) {
	t.Parallel()
	var none dossier.Figures
	if p := *(dossier.Figures{OnTime: 1, EndedOtherwise: 1, EndedOverdue: 1}).HonestPercent(); p != 50 {
		t.Errorf("what is ended otherwise once it is late leaves the honest percentage: %v", p)
	}
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

func TestCountsStandUnderTheirNames(t *testing.T) {
	t.Parallel()
	f := dossier.Figures{CarriedOver: 1, Received: 2, Early: 4, OnTime: 8, Late: 16, ResolvedUndated: 32, EndedOtherwise: 64, InTime: 128, Overdue: 256, Suspended: 512, OpenUndated: 1024, LateByFirstPromise: 2048, EndedOverdue: 4096, AcceptanceLate: 8192}
	body, err := json.Marshal(f.Plus(f))
	if err != nil {
		t.Fatal(err)
	}
	twice := map[dossier.Figure]int64{}
	if err := json.Unmarshal(body, &twice); err != nil {
		t.Fatal(err)
	}
	twice["resolved"], twice["open"] = 2*f.Resolved(), 2*f.Open()
	counts := f.Counts()
	if len(counts) != len(dossier.FigureNames) || len(twice) != len(counts) || len(f.Percents()) != len(dossier.PercentNames) {
		t.Fatalf("%d names, %d counts, %d by JSON", len(dossier.FigureNames), len(counts), len(twice))
	}
	for i, name := range dossier.FigureNames {
		if twice[name] != 2*counts[i] {
			t.Errorf("%s is %d, and twice it %d", name, counts[i], twice[name])
		}
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
