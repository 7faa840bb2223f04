package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/configs"
	"github.com/motcua/motcua/pkg/demo"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/worktime"
)

var benchOpen = flag.Int("open", 20_000, "BenchmarkReplan: open dossiers")

// BenchmarkReplan has the government announce a day off: every one of many open dossiers gets another date while a counter goes on taking
// in. It prints how long that takes and how long the counter waits for a receipt meanwhile, beside how long it waits before.
func BenchmarkReplan(b *testing.B) {
	if b.N > 1 {
		b.Fatal("one run says it all: -benchtime 1x")
	}
	for _, name := range databases() {
		replanOn(b, name)
	}
	b.ReportMetric(0, "ns/op") // left out: what is printed is the result
}

func replanOn(b *testing.B, name string) {
	s := &site{b: b, database: databaseNames[name]}
	s.config = configOf(b, name)
	var d worktime.Definition
	body, err := configs.Files.ReadFile("calendars/vn.json")
	must(b, err)
	must(b, json.Unmarshal(body, &d))
	calendar, err := worktime.Compile(d)
	must(b, err)
	province, err := demo.Generate(demo.Plan{Seed: 1, Now: clock(), Calendar: calendar, Revision: 1, Dossiers: 200})
	must(b, err)
	s.fill(province)
	opened, office := s.open(s.config)
	begun := time.Now()
	multiply(b, opened, office, province, *benchOpen)
	if s.config.DatabaseURL != "" {
		say(b, s.config.DatabaseURL, "VACUUM (ANALYZE)")
	}
	made := time.Since(begun)

	clerk, err := office.Identify(background, clock(), s.clerk)
	must(b, err)
	input := onestop.ReceiveInput{
		Procedure: "9.000001", Channel: "IN_PERSON", Applicant: dossier.Person{Kind: dossier.Citizen, Name: "Nguyễn Văn Mẫu", Phone: "0912345678"},
	}
	intake := func(stop <-chan struct{}) []time.Duration {
		var took []time.Duration
		for tick := time.NewTicker(20 * time.Millisecond); ; {
			select {
			case <-stop:
				return took
			case <-tick.C:
				from := time.Now()
				_, _, err := office.Receive(background, clerk, clock(), input)
				must(b, err)
				took = append(took, time.Since(from))
			}
		}
	}
	alone := make(chan struct{})
	time.AfterFunc(3*time.Second, func() { close(alone) })
	before := intake(alone)

	// A day off on every working day of the weeks ahead moves everything.
	for on, n := clock().In(zone), 0; n < 60; n++ {
		on = on.AddDate(0, 0, 1)
		d.Off = append(d.Off, worktime.DayOff{Date: on.Format(time.DateOnly), Name: worktime.Text{VI: "Nghỉ thử"}})
		n += 6
	}
	changed, err := json.Marshal(d)
	must(b, err)
	_, err = office.KeepCalendar(background, staff.System(), clock(), onestop.CalendarInput{Name: onestop.DefaultCalendar, Definition: changed, Act: "thử"})
	must(b, err)
	stop := make(chan struct{})
	var during []time.Duration
	var counter sync.WaitGroup
	counter.Go(func() { during = intake(stop) })
	begun = time.Now()
	moved, err := office.FollowCalendars(background, clock, "bench", nil)
	must(b, err)
	took := time.Since(begun)
	close(stop)
	counter.Wait()
	fmt.Printf("%s: %d open dossiers (made in %.0f s), %d got a new date in %.1f s, %.0f a second; intake beside it took %.1f ms, at most %.0f ms, and %.1f ms, at most %.0f ms, before (%d and %d receipts)\n",
		s.database, *benchOpen, made.Seconds(), moved, took.Seconds(), float64(moved)/took.Seconds(), milli(median(during)), milli(slices.Max(during)),
		milli(median(before)), milli(slices.Max(before)), len(during), len(before))
	if moved < *benchOpen/2 {
		b.Errorf("only %d moved: that measures little", moved)
	}
	must(b, opened.Close())
}

func milli(d time.Duration) float64 { return d.Seconds() * 1000 }

// multiply adds open dossiers in their first step like one of the province's, each received on one of the last mornings for a term that
// reaches beyond today.
func multiply(b *testing.B, s *store.Store, office *onestop.Office, province demo.Province, n int) {
	i := slices.IndexFunc(province.Lives, func(l dossier.Life) bool {
		return l.Dossier.State == dossier.InProgress && l.Events[0].Kind == dossier.WasReceived
	})
	if i < 0 {
		b.Fatal("no dossier of the province is in progress")
	}
	first := province.Lives[i].Events[0]
	facts, err := first.Read()
	must(b, err)
	agency, err := s.Agency(background, facts.Intake.DecidingID)
	must(b, err)
	r, err := office.Reckoner(background, agency, clock())
	must(b, err)
	const batch = 1000
	lives := make([]dossier.Life, 0, batch)
	for k := range n {
		at := clock().Add(-time.Duration(k%96) * time.Hour)
		f, in := facts, *facts.Intake
		f.Intake = &in
		in.ID, in.Code = uuid.Must(uuid.NewV7()), fmt.Sprintf("H30.99-000000-%07d", k)
		f.Basis, f.Promise, err = r.First(at, worktime.Term{Value: worktime.Whole(uint32(15 + k%20)), Unit: worktime.WorkingDay})
		must(b, err)
		move := dossier.Move{At: at, Recorded: at, By: first.By}
		d, received, err := dossier.Open(dossier.WasReceived, move, f)
		must(b, err)
		var next dossier.Facts
		must(b, r.Dates(d, dossier.HandOver, at, worktime.Term{}, &next))
		d, handed, err := d.Act(dossier.HandOver, move, next)
		must(b, err)
		if lives = append(lives, dossier.Life{Dossier: d, Events: []dossier.Event{received, handed}}); len(lives) == batch || k == n-1 {
			must(b, s.AddDossiers(background, lives))
			lives = lives[:0]
		}
	}
}
