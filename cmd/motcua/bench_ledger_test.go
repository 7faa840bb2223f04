package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/motcua/motcua/configs"
	"github.com/motcua/motcua/pkg/demo"
	"github.com/motcua/motcua/pkg/httpapi"
	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/worktime"
)

var (
	benchPairs   = flag.Int("pairs", 40, "BenchmarkLedgerCost: pairs of minutes")
	benchMinute  = flag.Int("minute", 200, "BenchmarkLedgerCost: dossiers that come in within what stands for a minute")
	benchClients = flag.Int("clients", 4, "BenchmarkLedgerCost: counters that take in at once")
)

// BenchmarkLedgerCost measures how much longer intake takes because every event is entered into the log over all journals. Two equal
// databases take in the same dossiers, a minute's worth by turns and as fast as they can; on one of them the job enters meanwhile what came in the
// minute before, on the other it never runs. So that the machine's own unrest can be told from the log's share, the same pairs are run first
// without the job on either. The clock of both moves on by a minute with each pair, so that the job has as much behind it to look through as it
// would have at that rate.
func BenchmarkLedgerCost(b *testing.B) {
	if b.N > 1 {
		b.Fatal("one run says it all: -benchtime 1x")
	}
	var d worktime.Definition
	body, err := configs.Files.ReadFile("calendars/vn.json")
	must(b, err)
	must(b, json.Unmarshal(body, &d))
	calendar, err := worktime.Compile(d)
	must(b, err)
	province, err := demo.Generate(demo.Plan{Seed: 1, Now: clock(), Calendar: calendar, Revision: 1, Dossiers: *benchDossiers})
	must(b, err)
	c := &cast{province: province}
	c.learn(b)
	fmt.Printf("\nIntake beside the log over %d dossiers: %d pairs of %d intakes, %d clients, ratio of each pair with the log to without\n",
		*benchDossiers, *benchPairs, *benchMinute, *benchClients)
	for _, name := range databases() {
		costOn(b, name, c)
	}
	b.ReportMetric(0, "ns/op") // left out: what is printed is the result
}

// taker is one of the two databases, with the program over it.
type taker struct {
	door   door
	office *onestop.Office
	took   []time.Duration // of each intake
}

func costOn(b *testing.B, name string, c *cast) {
	s := &site{b: b, database: databaseNames[name], config: configOf(b, name)}
	twin := configOf(b, name)
	s.fill(c.province)
	s.settle(twin)
	now := clock()
	minutes := func() time.Time { return now }
	logged, plain := s.taker(s.config, minutes), s.taker(twin, minutes)
	private, public, err := ledger.NewKey("bench")
	must(b, err)
	signer, err := ledger.NewSigner(private, public)
	must(b, err)
	enter := func() time.Duration {
		begun := time.Now()
		_, err := logged.office.EnterEvents(background, now, signer)
		must(b, err)
		return time.Since(begun)
	}
	r := rand.New(rand.NewPCG(2, 2))
	for _, with := range []bool{false, true} {
		logged.took, plain.took = nil, nil
		var ratios, work []float64
		var jobs []time.Duration
		s.minute(logged, c, r, nil)
		s.minute(plain, c, r, nil)
		enter() // whatever is there
		now = now.Add(time.Minute)
		logged.took, plain.took = nil, nil
		for pair := range *benchPairs {
			now = now.Add(time.Minute)
			var mine, bare stretch
			job := func() { jobs = append(jobs, enter()) }
			if !with {
				job = nil
			}
			if pair%2 == 0 {
				mine, bare = s.minute(logged, c, r, job), s.minute(plain, c, r, nil)
			} else {
				bare = s.minute(plain, c, r, nil)
				mine = s.minute(logged, c, r, job)
			}
			ratios = append(ratios, float64(mine.wall)/float64(bare.wall))
			work = append(work, float64(mine.processor)/float64(bare.processor))
		}
		slices.Sort(ratios)
		slices.Sort(work)
		what := "without the job on either"
		if with {
			what = fmt.Sprintf("with the job (%.0f ms each time)", milli(median(jobs)))
		}
		fmt.Printf("%s: %s: ratio %.3f (quartiles %.3f–%.3f), of the program's processor time %.3f (%.3f–%.3f); one intake %.2f and %.2f ms\n",
			s.database, what, median(ratios), ratios[len(ratios)/4], ratios[len(ratios)*3/4], median(work), work[len(work)/4], work[len(work)*3/4],
			milli(median(logged.took)), milli(median(plain.took)))
	}
}

func (s *site) taker(config store.Config, clock func() time.Time) *taker {
	opened, office := s.open(config)
	return &taker{office: office, door: openDoor(s.b, httpapi.New(httpapi.Options{
		Office: office, Store: opened, Clock: clock, Log: config.Log, Version: version, Zone: zone, LookupsPerMinute: 1e6,
	}))}
}

// minute takes in what stands for a minute's dossiers, with the job beside it, and says how long the dossiers took. It does not end before the
// job has.
func (s *site) minute(t *taker, c *cast, r *rand.Rand, job func()) stretch {
	calls := make(chan call, *benchMinute)
	for range *benchMinute {
		calls <- c.intake(r, s.clerk)
	}
	close(calls)
	var beside, clients sync.WaitGroup
	var mu sync.Mutex
	worked, begun := processorTime(), time.Now()
	if job != nil {
		beside.Go(job)
	}
	for range *benchClients {
		clients.Go(func() {
			for x := range calls {
				a := t.door.send(s.b, x)
				if a.status != 201 {
					s.b.Errorf("intake: %d %s", a.status, a.body)
				}
				mu.Lock()
				t.took = append(t.took, a.took)
				mu.Unlock()
			}
		})
	}
	clients.Wait()
	took := time.Since(begun)
	beside.Wait()
	return stretch{took, processorTime() - worked}
}

// stretch is how long the dossiers of a minute took, and what the processors did for them and for the job: the latter says the same on a machine
// that others use as well. What PostgreSQL does is not in it.
type stretch struct{ wall, processor time.Duration }

func processorTime() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
