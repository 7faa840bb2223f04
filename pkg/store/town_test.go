package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// town is a small province: two departments and two communes, one of them with a counter of its own.
type town struct {
	province, health, land, north, south, counter catalog.Agency
}

func newTown(t testing.TB, s *store.Store) town {
	t.Helper()
	var x town
	place := func(a *catalog.Agency, code, name string, kind catalog.AgencyKind, level catalog.Level, parent *catalog.Agency) {
		*a = catalog.Agency{
			ID: uuid.Must(uuid.NewV7()), Code: code, Name: name, Kind: kind, Level: level, Identifier: "H13." + code, ValidFrom: "2020-01-01",
		}
		if parent != nil {
			a.ParentID = &parent.ID
		}
		must(t, s.AddAgency(context.Background(), *a))
		kept, err := s.Agency(context.Background(), a.ID)
		must(t, err)
		*a = kept
	}
	place(&x.province, "92", "Thành phố Cần Thơ", catalog.ProvinceCommittee, catalog.Province, nil)
	place(&x.health, "SYT", "Sở Y tế", catalog.Department, catalog.Province, &x.province)
	place(&x.land, "SNNMT", "Sở Nông nghiệp và Môi trường", catalog.Department, catalog.Province, &x.province)
	place(&x.north, "31321", "Xã Vị Thuỷ", catalog.CommuneCommittee, catalog.Commune, &x.province)
	place(&x.south, "31338", "Xã Vĩnh Tường", catalog.CommuneCommittee, catalog.Commune, &x.province)
	place(&x.counter, "31321-1", "Bộ phận Một cửa xã Vị Thuỷ", catalog.OneStopCentre, catalog.Commune, &x.north)
	return x
}

func (x town) all() []catalog.Agency {
	return []catalog.Agency{x.province, x.health, x.land, x.north, x.south, x.counter}
}

// eyes are those of a supervisor of the agency.
func eyes(a catalog.Agency) staff.Scope {
	return staff.Actor{ID: uuid.New(), Username: "x", Role: staff.Supervisor, AgencyID: a.ID, AgencyPath: a.Path}.Scope()
}

var everything = staff.System().Scope()

// monday is the instant at which every test begins: a Monday, 08:00 in Vietnam.
var monday = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)

var clerk = dossier.By{ID: uuid.Must(uuid.NewV7()), Name: "Nguyễn Thị Một Cửa", Role: string(staff.Clerk)}

// mark is due at the instant, warned of a day before, told to the level above two days after; it is late when the next day begins,
// which in these tests is at eight, so that instants fall on the border.
func mark(due time.Time) dossier.Mark {
	day := due.Add(-time.Hour).Truncate(24 * time.Hour).Add(time.Hour)
	return dossier.Mark{
		DueAt: due, OnTimeFrom: day, LateFrom: day.Add(24 * time.Hour), WarnAt: due.Add(-24 * time.Hour), EscalateAt: due.Add(48 * time.Hour),
	}
}

// intake is a paper dossier for one agency, with two steps there.
func (x town) intake(code string, receiving, deciding catalog.Agency) *dossier.Intake {
	return &dossier.Intake{
		ID: uuid.Must(uuid.NewV7()), Code: code, Channel: string(catalog.InPerson), ReceivingID: receiving.ID, DecidingID: deciding.ID,
		Procedure: dossier.Procedure{Code: "1.000001", Name: "Cấp giấy phép", Field: "Y tế", Level: deciding.Level},
		Applicant: dossier.Person{Kind: dossier.Citizen, Name: "Trần Văn Đức"},
		Steps: []dossier.PlannedStep{
			{Name: "Thẩm định", AgencyID: deciding.ID, Role: string(staff.Officer)}, {Name: "Ký duyệt", AgencyID: deciding.ID, Role: string(staff.Supervisor)},
		},
	}
}

// received is a dossier taken in at the instant and due three days later.
func (x town) received(t testing.TB, code string, at time.Time, receiving, deciding catalog.Agency) (dossier.Dossier, dossier.Event) {
	t.Helper()
	return open(t, dossier.WasReceived, at, dossier.Facts{
		Intake: x.intake(code, receiving, deciding), Promise: &dossier.Promise{No: 1, Kind: dossier.FirstPromise, MadeAt: at, Mark: mark(at.Add(72 * time.Hour))},
	})
}

func open(t testing.TB, kind dossier.Kind, at time.Time, f dossier.Facts) (dossier.Dossier, dossier.Event) {
	t.Helper()
	d, e, err := dossier.Open(kind, dossier.Move{At: at, Recorded: at, By: clerk}, f)
	must(t, err)
	return d, e
}

func act(t testing.TB, d dossier.Dossier, a dossier.Action, at time.Time, f dossier.Facts) (dossier.Dossier, dossier.Event) {
	t.Helper()
	if f.Reason == "" {
		f.Reason = "Lý do nêu đầy đủ"
	}
	switch a {
	case dossier.Finish:
		f.Result = &dossier.Result{Summary: "Giấy phép", Number: "12/KQ"}
	case dossier.Stop:
		f.Document = &dossier.Document{Number: "15/TB-UBND", Date: catalog.Date(at.UTC().Format(time.DateOnly))}
	case dossier.Withdraw:
		f.Request = &dossier.Request{By: dossier.ByApplicant, How: dossier.Written}
	case dossier.EndWait, dossier.Contribute:
		f.Note = "Công văn 12/CV"
	case dossier.Return:
		if f.HandedOut == nil {
			f.HandedOut = &dossier.HandedOut{Method: dossier.ReturnInPerson}
		}
	case dossier.GivePapersBack:
		if f.HandedOut == nil {
			f.HandedOut = &dossier.HandedOut{Method: dossier.ReturnInPerson, Originals: []string{"Giấy chứng nhận"}}
		}
	}
	by := clerk
	if a == dossier.ApproveRefund { // whoever asked may not
		by = dossier.By{ID: uuid.MustParse("00000000-0000-7000-8000-0000000000b2"), Name: "Lãnh đạo", Role: string(staff.Supervisor)}
	}
	next, e, err := d.Act(a, dossier.Move{At: at, Recorded: at, By: by}, f)
	must(t, err)
	return next, e
}

// moved is act, kept.
func moved(t testing.TB, s *store.Store, d dossier.Dossier, a dossier.Action, at time.Time, f dossier.Facts) dossier.Dossier {
	t.Helper()
	next, e := act(t, d, a, at, f)
	must(t, s.MoveDossier(context.Background(), next, e))
	return next
}

// added is received, kept.
func (x town) added(t testing.TB, s *store.Store, n int, at time.Time, receiving, deciding catalog.Agency) dossier.Dossier {
	t.Helper()
	d, e := x.received(t, fmt.Sprintf("H13-260302-%04d", n), at, receiving, deciding)
	must(t, s.AddDossier(context.Background(), d, e))
	return d
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
