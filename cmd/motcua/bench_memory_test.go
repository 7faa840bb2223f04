package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// release builds the program as `make build` does and says how large it is.
func release(b *testing.B) (path string, size int64) {
	path = filepath.Join(b.TempDir(), "motcua")
	build := exec.Command("go", "build", "-tags", "nomsgpack", "-trimpath", "-ldflags", "-s -w", "-o", path, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	info, err := os.Stat(path)
	must(b, err)
	return path, info.Size()
}

// footprint is the memory of a server process.
type footprint struct {
	database              string
	started, loaded, peak float64 // MB resident
	requests              int64
	clients               int
	during                time.Duration
}

func (f footprint) String() string {
	return fmt.Sprintf("%s: the server holds %.0f MB when it has started, %.0f MB after %d requests of %d clients at once (%.0f a second), %.0f MB at most.",
		f.database, f.started, f.loaded, f.requests, f.clients, float64(f.requests)/f.during.Seconds(), f.peak)
}

// footprint starts the program over the database and has clients ask it everything at once.
func (s *site) footprint(program string, c *cast) footprint {
	serve := exec.Command(program, "serve", "--addr", "127.0.0.1:0", "--log-level", "warn", "--data", cmp.Or(s.config.DataDir, s.b.TempDir()), "--database-url", s.config.DatabaseURL)
	out, err := serve.StdoutPipe()
	must(s.b, err)
	serve.Stderr = os.Stderr
	must(s.b, serve.Start())
	s.b.Cleanup(func() { _ = serve.Process.Kill() })
	address := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if _, at, ok := strings.Cut(lines.Text(), "http://"); ok {
				select {
				case address <- "http://" + at:
				default:
				}
			}
		}
	}()
	f := footprint{database: s.database, clients: 8, during: 5 * time.Second}
	select {
	case at := <-address:
		f.started = resident(serve.Process.Pid, "VmRSS")
		f.requests = s.crowd(at, c, f.clients, f.during)
	case <-time.After(time.Minute):
		s.b.Error("the server does not say where it is")
	}
	f.loaded, f.peak = resident(serve.Process.Pid, "VmRSS"), resident(serve.Process.Pid, "VmHWM")
	must(s.b, serve.Process.Signal(syscall.SIGTERM))
	_ = serve.Wait()
	return f
}

// resident reads the kernel's account of a process; it is 0 where there is no such account.
func resident(process int, name string) float64 {
	account, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", process))
	for line := range strings.Lines(string(account)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			kb, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
			return kb / 1024
		}
	}
	return 0
}

// crowd asks for everything that is measured: of twenty requests twelve are look-ups, four intakes, three pages, one a report.
func (s *site) crowd(address string, c *cast, clients int, during time.Duration) int64 {
	var answered atomic.Int64
	var working sync.WaitGroup
	client := http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	end := time.Now().Add(during)
	for i := range clients {
		working.Go(func() {
			r := rand.New(rand.NewPCG(2, uint64(i)))
			for n := r.IntN(20); time.Now().Before(end); n++ {
				x := call{method: "GET", path: "/api/v1/dossiers/" + c.seen[r.IntN(len(c.seen))], token: s.clerk}
				switch n % 20 {
				case 0:
					x = report(r, s.supervisor, "agency")
				case 1, 8, 15:
					x = call{method: "GET", path: "/api/v1/dossiers?overdue=true&sort=due&limit=50", token: s.supervisor}
				case 2, 7, 12, 17:
					x = c.intake(r, s.clerk)
				}
				answer, err := client.Do(x.request(s.b, address))
				if err != nil {
					s.b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
				if answer.StatusCode >= 300 {
					s.b.Errorf("%s %s: %s", x.method, x.path, answer.Status)
					return
				}
				answered.Add(1)
			}
		})
	}
	working.Wait()
	return answered.Load()
}
