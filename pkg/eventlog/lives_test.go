package eventlog_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/eventlog"
	"github.com/motcua/motcua/pkg/worktime"
)

func options() eventlog.Options {
	return eventlog.Options{Zone: zone, Now: now, Agencies: agencies, Calendar: func(name string, _ int) (*worktime.Calendar, error) {
		if name != "vn" {
			return nil, fmt.Errorf("no calendar %s", name)
		}
		return calendar, nil
	}}
}

type life struct {
	t      testing.TB
	d      dossier.Dossier
	events []dossier.Event
}

func at(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, zone) }

func due(day int) dossier.Mark {
	return dossier.Mark{DueAt: at(day, 17, 0), OnTimeFrom: at(day, 0, 0), LateFrom: at(day+1, 0, 0), WarnAt: at(day-1, 17, 0), EscalateAt: at(day+1, 17, 0), Revision: 1}
}

func opened(t testing.TB, kind dossier.Kind, by dossier.By, when time.Time, f dossier.Facts) *life {
	t.Helper()
	d, e, err := dossier.Open(kind, dossier.Move{At: when, Recorded: when, By: by}, f)
	if err != nil {
		t.Fatal(err)
	}
	return &life{t, d, []dossier.Event{e}}
}

func (l *life) act(a dossier.Action, by dossier.By, when time.Time, f dossier.Facts) *life {
	l.t.Helper()
	next, e, err := l.d.Act(a, dossier.Move{At: when, Recorded: when.Add(time.Minute), By: by}, f)
	if err != nil {
		l.t.Fatal(err)
	}
	l.d, l.events = next, append(l.events, e)
	return l
}

func intake(n int) *dossier.Intake {
	return &dossier.Intake{
		ID: uuid.UUID{15: byte(n), 14: byte(n >> 8)}, Code: fmt.Sprintf("H99.X1-261102-%04d", n), Channel: string(catalog.InPerson), ReceivingID: commune, DecidingID: board,
		Procedure: dossier.Procedure{Code: "1.000001", Name: "Cấp giấy phép \"thử\" & <b>", Field: "=Y tế", Level: catalog.Province},
		Applicant: dossier.Person{Kind: dossier.Citizen, Name: "Người Kín", IDNumber: "093190000001"}, Note: "ghi chú kín", SecretHash: "băm kín",
		Steps: []dossier.PlannedStep{{Name: "Thẩm định", AgencyID: board, Role: "OFFICER"}, {Name: "Ký duyệt", AgencyID: board, Role: "SUPERVISOR"}},
	}
}

func promise(no int, kind dossier.PromiseKind, day int, made time.Time) *dossier.Promise {
	return &dossier.Promise{No: no, Kind: kind, MadeAt: made, Mark: due(day)}
}

func basis(from time.Time) *dossier.Basis {
	return &dossier.Basis{Term: worktime.Term{Value: worktime.Whole(3), Unit: worktime.WorkingDay}, Rules: "vn-2025", Calendar: "vn", From: from}
}

func received(t testing.TB, n int) *life {
	t.Helper()
	return opened(t, dossier.WasReceived, clerk, at(2, 8, 30), dossier.Facts{
		Intake: intake(n), Basis: basis(at(2, 8, 30)), Promise: promise(1, dossier.FirstPromise, 5, at(2, 8, 30)),
	})
}

func whole(t testing.TB) *life {
	t.Helper()
	mark := due(4)
	return received(t, 1).
		act(dossier.HandOver, clerk, at(2, 9, 30), dossier.Facts{StepMarks: []dossier.StepMark{{No: 1, Mark: mark}}}).
		act(dossier.Take, officer, at(2, 10, 0), dossier.Facts{}).
		act(dossier.RequestSupplement, officer, at(2, 16, 0), dossier.Facts{Papers: []string{"bản sao"}, Reason: "lý do kín đáo", StopsClock: true}).
		act(dossier.CompleteSupplement, clerk, at(4, 9, 0), dossier.Facts{Papers: []string{"bản sao"}, Promise: promise(2, dossier.AfterPause, 9, at(4, 9, 0)), StepMarks: []dossier.StepMark{{No: 1, Mark: mark}}}).
		act(dossier.CompleteStep, officer, at(5, 11, 0), dossier.Facts{Note: "lời kín"}).
		act(dossier.Take, chief, at(5, 13, 30), dossier.Facts{}).
		act(dossier.Finish, chief, at(9, 8, 15), dossier.Facts{Result: &dossier.Result{Summary: "kết quả kín", Number: "12/KQ"}}).
		act(dossier.Return, clerk, at(10, 9, 0), dossier.Facts{HandedOut: &dossier.HandedOut{Method: dossier.ReturnInPerson, Receiver: "người nhận kín"}})
}

func foreign(t testing.TB) *life {
	t.Helper()
	in := intake(2)
	in.Code, in.Steps, in.DecidingID, in.HelpedID, in.ReturningID = "IGATE-=1", nil, oldBoard, board, oldBoard
	in.Source = &dossier.Source{System: "igate", Key: "=1", Kept: map[string]string{"ghi chú": "cột kín"}}
	finished := at(6, 10, 0)
	return opened(t, dossier.WasImported, system, at(6, 11, 0), dossier.Facts{
		Intake: in, Promise: promise(1, dossier.SourcesPromise, 5, at(2, 8, 0)),
		Foreign: &dossier.Foreign{State: dossier.Resolved, ReceivedAt: at(2, 8, 0), FinishedAt: &finished},
	})
}

func lives(all ...*life) eventlog.Lives {
	return func(yield func([]dossier.Event, error) bool) {
		for _, l := range all {
			if !yield(l.events, nil) {
				return
			}
		}
	}
}

func write(t testing.TB, f eventlog.Format, all eventlog.Lives, o eventlog.Options) (string, eventlog.Written) {
	t.Helper()
	var b bytes.Buffer
	n, err := eventlog.Write(&b, f, all, o)
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), n
}

func many(t testing.TB, n int) (all eventlog.Lives, asked *int) {
	asked = new(int)
	return func(yield func([]dossier.Event, error) bool) {
		for i := range n {
			*asked++
			if !yield(received(t, i+1).events, nil) {
				return
			}
		}
	}, asked
}
