package dossier_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/worktime"
)

var (
	start = time.Date(2026, 11, 2, 1, 30, 0, 0, time.UTC) // Monday 08:30 in the office
	clerk = dossier.By{ID: uuid.MustParse("00000000-0000-7000-8000-000000000001"), Name: "Cán bộ một cửa", Role: "CLERK"}
)

// amounts keep their digits to themselves; equal is equal.
var amounts = cmp.Comparer(func(a, b worktime.Amount) bool { return a == b })

func at(hours int) dossier.Move {
	t := start.Add(time.Duration(hours) * time.Hour)
	return dossier.Move{At: t, Recorded: t, By: clerk}
}

func mark(hours int) dossier.Mark {
	due := start.Add(time.Duration(hours) * time.Hour)
	return dossier.Mark{DueAt: due, OnTimeFrom: due.Add(-time.Hour), LateFrom: due.Add(time.Hour), WarnAt: due.Add(-8 * time.Hour), EscalateAt: due.Add(8 * time.Hour)}
}

func promise(no int, kind dossier.PromiseKind, made, due int) *dossier.Promise {
	return &dossier.Promise{No: no, Kind: kind, MadeAt: start.Add(time.Duration(made) * time.Hour), Mark: mark(due)}
}

func intake(steps int) *dossier.Intake {
	in := &dossier.Intake{
		ID: uuid.MustParse("0191b3c0-0000-7000-8000-00000000000a"), Code: "H30.1-261102-0001", Channel: "IN_PERSON",
		Procedure:   dossier.Procedure{Code: "9.000001", Name: "Thủ tục thử", Field: "Hộ tịch", Level: "COMMUNE", PaymentStops: true},
		ReceivingID: uuid.MustParse("00000000-0000-7000-8000-0000000000a1"), DecidingID: uuid.MustParse("00000000-0000-7000-8000-0000000000a2"),
		Applicant: dossier.Person{Kind: dossier.Citizen, Name: "Người Thử", IDNumber: "093090000001", Phone: "0912345678"},
	}
	for range steps {
		in.Steps = append(in.Steps, dossier.PlannedStep{Name: "Thẩm định", AgencyID: in.DecidingID, Role: "OFFICER"})
	}
	return in
}

// received is a dossier of two steps, accepted over the counter, with its journal.
func received(t *testing.T) (dossier.Dossier, []dossier.Event) {
	t.Helper()
	d, e, err := dossier.Open(dossier.WasReceived, at(0), dossier.Facts{
		Intake: intake(2), Basis: &dossier.Basis{Rules: "vn-2025", Calendar: "vn", From: start}, Promise: promise(1, dossier.FirstPromise, 0, 72),
	})
	if err != nil {
		t.Fatal(err)
	}
	return d, []dossier.Event{e}
}

func act(t *testing.T, d dossier.Dossier, events []dossier.Event, a dossier.Action, hours int, f dossier.Facts) (dossier.Dossier, []dossier.Event) {
	t.Helper()
	next, e, err := d.Act(a, at(hours), f)
	if err != nil {
		t.Fatalf("%s: %v", a, err)
	}
	return next, append(events, e)
}

// life goes the whole road with a supplement on the way.
func life(t *testing.T) (dossier.Dossier, []dossier.Event) {
	t.Helper()
	d, j := received(t)
	m := mark(24)
	d, j = act(t, d, j, dossier.HandOver, 1, dossier.Facts{StepMarks: []dossier.StepMark{{No: 1, Mark: m}}})
	d, j = act(t, d, j, dossier.Take, 2, dossier.Facts{})
	d, j = act(t, d, j, dossier.RequestSupplement, 3, dossier.Facts{Reason: "thiếu bản sao", Papers: []string{"bản sao"}, StopsClock: true})
	d, j = act(t, d, j, dossier.CompleteSupplement, 10, dossier.Facts{Papers: []string{"bản sao"}, Promise: promise(2, dossier.AfterPause, 10, 79), StepMarks: []dossier.StepMark{{No: 1, Mark: m}}})
	d, j = act(t, d, j, dossier.CompleteStep, 11, dossier.Facts{})
	d, j = act(t, d, j, dossier.Finish, 12, dossier.Facts{Result: &dossier.Result{Summary: "Giấy chứng nhận", Number: "12/KQ"}})
	return act(t, d, j, dossier.Return, 13, dossier.Facts{HandedOut: &dossier.HandedOut{Method: dossier.ReturnInPerson, Receiver: "Người Thử"}})
}

func TestADossierIsWhatItsJournalSays(t *testing.T) {
	t.Parallel()
	d, journal := life(t)
	again, err := dossier.Rebuild(journal)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d, again, amounts); diff != "" {
		t.Fatalf("rebuilt otherwise (-lived +rebuilt):\n%s", diff)
	}
	if d.State != dossier.Returned || d.Version != 8 || d.Supplements != 1 || len(d.Promises) != 2 || len(d.Pauses) != 1 || d.Pauses[0].To == nil {
		t.Fatalf("unexpected end: %+v", d)
	}
	if first := d.Promises[0]; !first.DueAt.Equal(start.Add(72 * time.Hour)) {
		t.Fatal("the first promise did not stay")
	}
	body, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var read dossier.Dossier
	if err := json.Unmarshal(body, &read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d, read, amounts); diff != "" {
		t.Fatalf("the stored body reads otherwise:\n%s", diff)
	}
}

func TestEveryChangeOfAJournalLineIsSeen(t *testing.T) {
	t.Parallel()
	for name, tamper := range map[string]func([]dossier.Event) []dossier.Event{
		"facts changed":     func(j []dossier.Event) []dossier.Event { j[3].Facts = []byte(`{"reason":"khác"}`); return j },
		"space in facts":    func(j []dossier.Event) []dossier.Event { j[3].Facts = append(j[3].Facts, ' '); return j },
		"time moved":        func(j []dossier.Event) []dossier.Event { j[6].At = j[6].At.Add(-time.Hour); return j },
		"recording moved":   func(j []dossier.Event) []dossier.Event { j[6].RecordedAt = j[6].RecordedAt.Add(-time.Hour); return j },
		"somebody else":     func(j []dossier.Event) []dossier.Event { j[2].By.Name = "Người khác"; return j },
		"kind changed":      func(j []dossier.Event) []dossier.Event { j[4].Kind = dossier.PaymentWasConfirmed; return j },
		"one left out":      func(j []dossier.Event) []dossier.Event { return append(j[:3], j[4:]...) },
		"two swapped":       func(j []dossier.Event) []dossier.Event { j[1], j[2] = j[2], j[1]; return j },
		"hash made to fit":  func(j []dossier.Event) []dossier.Event { j[3].By.Name = "X"; j[3].Hash = j[3].Sum(); return j },
		"another's dossier": func(j []dossier.Event) []dossier.Event { j[3].DossierID = uuid.New(); j[3].Hash = j[3].Sum(); return j },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, journal := life(t)
			if _, err := dossier.Rebuild(tamper(journal)); err == nil {
				t.Fatal("nobody noticed")
			}
		})
	}
}

// allowed is the national table of transitions (domain notes, section 4), written out by hand.
var allowed = map[dossier.State][]dossier.State{
	"1": {"2", "3", "5", "7"}, "2": {"4", "5", "6", "7", "8", "9"}, "4": {"4", "5", "6", "7", "8", "9"},
	"5": {"1", "2", "4", "3", "5", "7", "8"}, "6": {"4", "6", "7", "8"}, "9": {"10", "4"}, "8": {"4", "8"},
	"3": {"3"}, "7": {"7"},
}

func TestNoActionLeadsOutsideTheNationalTable(t *testing.T) {
	t.Parallel()
	seen := map[dossier.State]bool{}
	var walk func(d dossier.Dossier, depth int)
	full := dossier.Facts{
		Reason: "lý do nêu đầy đủ", StopsClock: true,
		Basis: &dossier.Basis{Rules: "vn-2025"}, Promise: promise(1, dossier.FirstPromise, 0, 72),
	}
	walk = func(d dossier.Dossier, depth int) {
		seen[d.State] = true
		if depth == 0 {
			return
		}
		for _, a := range dossier.Actions {
			facts := full
			switch a {
			case dossier.Stop:
				facts.Document = &dossier.Document{Number: "15/TB", Date: "2026-11-02"}
			case dossier.Withdraw:
				facts.Request = &dossier.Request{By: dossier.ByApplicant, How: dossier.Written}
			case dossier.RequestSupplement, dossier.CompleteSupplement:
				facts.Papers = []string{"bản sao"}
			case dossier.Finish:
				facts.Result = &dossier.Result{Summary: "Kết quả", Number: "12/KQ"}
			case dossier.Return:
				facts.HandedOut = &dossier.HandedOut{Method: dossier.ReturnInPerson}
			case dossier.RequestPayment:
				duty := int64(1000)
				facts.Fees = []dossier.FeeLine{{Kind: dossier.Duty, Name: "Thuế", VND: &duty}}
			}
			next, e, err := d.Act(a, at(10-depth), facts)
			if err != nil {
				if fault.As(err) == nil || (!errors.Is(err, fault.Conflict) && !errors.Is(err, fault.Invalid)) {
					t.Fatalf("%s in state %s: %v", a, d.State, err)
				}
				continue
			}
			ok := false
			for _, s := range allowed[d.State] {
				ok = ok || s == next.State
			}
			if !ok {
				t.Fatalf("%s led from %s to %s", a, d.State, next.State)
			}
			if next.Version != d.Version+1 || e.Seq != next.Version || e.Prev != d.Head {
				t.Fatalf("%s: event %d does not follow on version %d", a, e.Seq, d.Version)
			}
			walk(next, depth-1)
		}
	}
	registered, _, err := dossier.Open(dossier.WasRegistered, at(0), dossier.Facts{Intake: intake(1)})
	if err != nil {
		t.Fatal(err)
	}
	walk(registered, 6)
	for _, s := range dossier.States {
		if !seen[s] {
			t.Errorf("state %s was never reached", s)
		}
	}
}

func TestWhatIsMissingIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	in := intake(0)
	in.Channel, in.Applicant = "FAX", dossier.Person{Kind: "GHOST", IDNumber: "77777", Phone: "12", Email: "x"}
	_, _, err := dossier.Open(dossier.WasReceived, at(0), dossier.Facts{Intake: in})
	f := fault.As(err)
	if f == nil || f.Code != "dossier-invalid" {
		t.Fatalf("got %v", err)
	}
	var names []string
	for _, x := range f.Fields {
		names = append(names, x.Name)
		if strings.Contains(x.Detail, "77777") {
			t.Errorf("%s repeats personal data", x.Name)
		}
	}
	want := []string{"channel", "applicant.name", "applicant.kind", "applicant.id_number", "applicant.phone", "applicant.email"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Fatal(diff)
	}
}

func TestTheFutureIsNotReceivedAndNothingEndsBeforeItBegan(t *testing.T) {
	t.Parallel()
	late := at(0)
	late.At = late.At.Add(time.Minute)
	if _, _, err := dossier.Open(dossier.WasReceived, late, dossier.Facts{Intake: intake(0)}); !errors.Is(err, fault.Invalid) {
		t.Fatalf("received in the future: %v", err)
	}
	d, _ := received(t)
	if _, _, err := d.Act(dossier.Withdraw, at(-1), dossier.Facts{
		Reason: "không còn nhu cầu", Request: &dossier.Request{By: dossier.ByApplicant, How: dossier.Written},
	}); !errors.Is(err, fault.Conflict) {
		t.Fatalf("withdrawn before it was received: %v", err)
	}
}

func TestAStepIsTakenOnce(t *testing.T) {
	t.Parallel()
	d, j := received(t)
	d, j = act(t, d, j, dossier.HandOver, 1, dossier.Facts{})
	d, _ = act(t, d, j, dossier.Take, 2, dossier.Facts{})
	if _, _, err := d.Act(dossier.Take, at(3), dossier.Facts{}); !errors.Is(err, fault.Conflict) || !strings.Contains(err.Error(), clerk.Name) {
		t.Fatalf("want a conflict that names the holder, got %v", err)
	}
}
