package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/motcua/motcua/configs"
	"github.com/motcua/motcua/pkg/demo"
	"github.com/motcua/motcua/pkg/worktime"
)

// What `make bench ARGS=…` can change.
var (
	benchDossiers = flag.Int("dossiers", 100_000, "BenchmarkAgainstFloor, BenchmarkLedgerCost: dossiers in each database")
	benchRounds   = flag.Int("rounds", 30, "BenchmarkAgainstFloor: rounds of each measurement; a round is ten pairs of requests, of a report one")
	benchLimit    = flag.Duration("limit", 10*time.Second, "BenchmarkAgainstFloor: no round of a measurement begins later than this, once there are five")
	benchOn       = flag.String("on", "sqlite,postgres", "the databases")
	benchOnly     = flag.String("only", "", "BenchmarkAgainstFloor: only what has this in its name")
	benchTell     = flag.Bool("tell", false, "BenchmarkAgainstFloor: print the statements of one request of each kind")
	benchDirect   = flag.Bool("direct", false, "BenchmarkAgainstFloor: call the handlers themselves, without a network (for profiles)")
)

// BenchmarkAgainstFloor measures what people wait for over a year of 100,000 dossiers, on both databases, and prints each beside its
// floor: a bare Gin handler that has the database carry out the very statements that the program issued for the same request, with the
// arguments ready, and writes the very same bytes. Both stand behind an http.Server on a loopback connection that is kept open; they take
// turns, request by request, so that whatever else the machine does hits both alike. Of each pair of requests the floor's is the one
// that the program answered one turn before, in a copy of the database, which stays equal to the original that way.
func BenchmarkAgainstFloor(b *testing.B) {
	if b.N > 1 {
		b.Fatal("one run says it all: -benchtime 1x")
	}
	begun := time.Now()
	fmt.Printf("\n%s %s/%s, %d processors, %s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), processor())
	if *benchOnly == "" {
		benchWorktime(b)
	}
	cast := stage(b)
	var results []result
	var memory []footprint
	path, size := release(b)
	for _, name := range databases() {
		s := openSite(b, name, cast.province)
		if name == lastOf(*benchOn) {
			cast.province = demo.Province{} // a gigabyte that the collector would look through again and again
			runtime.GC()
		}
		results = append(results, s.measureAll(cast)...)
		s.close()
		if *benchOnly == "" {
			memory = append(memory, s.footprint(path, cast))
		}
	}
	printResults(results)
	for _, f := range memory {
		fmt.Println(f)
	}
	fmt.Printf("The program is %.1f MB. Everything took %.0f s.\n\n", float64(size)/1e6, time.Since(begun).Seconds())
	b.ReportMetric(0, "ns/op") // left out: the table is the result
}

func lastOf(list string) string { return list[strings.LastIndexByte(list, ',')+1:] }

// result is one line of the table.
type result struct {
	what, database       string
	statements           int
	ours, floor          []time.Duration // of each request
	ratios               []float64       // of each round
	ourAllocs, bareAlloc float64
}

func printResults(all []result) {
	fmt.Printf("\nOver %d dossiers, loopback HTTP, one client; medians; ratio of each round, its median and from least to most:\n", *benchDossiers)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "database\twhat\tstatements\tours µs\tfloor µs\tratio\tleast–most\tallocations\tfloor\t")
	for _, r := range all {
		fmt.Fprintf(w, "%s\t%s\t%d\t%.0f\t%.0f\t%.2f\t%.2f–%.2f\t%.0f\t%.0f\t\n", r.database, r.what, r.statements, micros(median(r.ours)), micros(median(r.floor)),
			median(r.ratios), slices.Min(r.ratios), slices.Max(r.ratios), r.ourAllocs, r.bareAlloc)
	}
	w.Flush()
}

func median[T time.Duration | float64](all []T) T {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// stage makes the province that is measured on.
func stage(b *testing.B) *cast {
	body, err := configs.Files.ReadFile("calendars/vn.json")
	must(b, err)
	var d worktime.Definition
	must(b, json.Unmarshal(body, &d))
	calendar, err := worktime.Compile(d)
	must(b, err)
	begun := time.Now()
	province, err := demo.Generate(demo.Plan{Seed: 1, Now: clock(), Calendar: calendar, Revision: 1, Dossiers: *benchDossiers})
	must(b, err)
	c := &cast{province: province}
	c.learn(b)
	fmt.Printf("%d dossiers were made in %.0f s; %d of them are under way.\n", len(province.Lives), time.Since(begun).Seconds(), len(c.underWay))
	return c
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// processor is the machine's, as far as it can be told.
func processor() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

// measureAll takes every measurement of one database.
func (s *site) measureAll(c *cast) []result {
	var all []result
	for _, m := range c.play(s) {
		if strings.Contains(m.what, *benchOnly) || m.needed {
			r := s.measure(m)
			fmt.Printf("%s: %s: %d pairs\n", s.database, m.what, len(r.ours))
			all = append(all, r)
		}
	}
	return all
}

// measure sends request after request to both doors.
func (s *site) measure(m measurement) result {
	r := result{what: m.what, database: s.database}
	_, pending := s.ask(m)
	for range 8 { // until statements are prepared and pages are in memory
		s.floor.replay(s.b, pending)
		_, pending = s.ask(m)
	}
	begun := time.Now()
	for round := 0; round < *benchRounds && (round < 5 || time.Since(begun) < *benchLimit); round++ {
		var mine, bare time.Duration
		for turn := range m.pairs {
			script := pending
			var a, f time.Duration
			if floorFirst := (round+turn)%2 == 0; floorFirst {
				f = s.floor.replay(s.b, script)
				a, pending = s.ask(m)
			} else {
				a, pending = s.ask(m)
				f = s.floor.replay(s.b, script)
			}
			r.ours, r.floor = append(r.ours, a), append(r.floor, f)
			mine, bare = mine+a, bare+f
		}
		r.ratios = append(r.ratios, float64(mine)/float64(bare))
	}
	r.statements = len(pending.said)
	if *benchTell {
		pending.tell()
	}
	s.floor.replay(s.b, pending) // the copy must not lag behind what is measured next
	r.ourAllocs, r.bareAlloc = s.allocations(m)
	return r
}

// allocations are the means of what a request makes the handlers allocate.
func (s *site) allocations(m measurement) (ours, floor float64) {
	const requests = 20
	for range requests {
		x := s.hear(m, s.ours.counted)
		s.floor.script = x
		ours += float64(x.answer.mallocs) / requests
		floor += float64(s.floor.door.counted(s.b, x.call).mallocs) / requests
	}
	return ours, floor
}

// ask sends the next request to the program.
func (s *site) ask(m measurement) (time.Duration, script) {
	x := s.hear(m, s.ours.send)
	return x.answer.took, x
}

// hear takes down what the program says to the database for the next request.
func (s *site) hear(m measurement, send func(*testing.B, call) reply) script {
	x := script{call: m.next()}
	s.ear.open()
	x.answer = send(s.b, x.call)
	x.said = s.ear.close()
	if x.answer.status != m.status {
		s.b.Fatalf("%s: %s %s: %d\n%s", m.what, x.method, x.path, x.answer.status, x.answer.body)
	}
	if m.after != nil {
		m.after(x.answer)
	}
	s.floor.prepare(s.b, &x)
	return x
}
