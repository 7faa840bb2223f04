package main

import (
	"fmt"
	"os"
	"time"
)

// progress shows on the error stream how far long work has come, at most five times a second; where nobody looks (no terminal), once
// every five seconds.
type progress struct {
	what  string
	every time.Duration
	next  time.Time
	shown bool
	tty   bool
}

func newProgress(what string) *progress {
	info, err := os.Stderr.Stat()
	tty := err == nil && info.Mode()&os.ModeCharDevice != 0
	p := &progress{what: what, every: 5 * time.Second, tty: tty}
	if tty {
		p.every = 200 * time.Millisecond
	}
	p.next = time.Now().Add(p.every)
	return p
}

// at says how many are done, of how many if that is known (else 0).
func (p *progress) at(done, total int) {
	if time.Now().Before(p.next) {
		return
	}
	p.next, p.shown = time.Now().Add(p.every), true
	line := fmt.Sprintf("%d %s", done, p.what)
	if total > 0 {
		line = fmt.Sprintf("%d/%d %s (%d %%)", done, total, p.what, done*100/total)
	}
	if p.tty {
		fmt.Fprint(os.Stderr, "\r", line, "\x1b[K")
	} else {
		fmt.Fprintln(os.Stderr, line)
	}
}

func (p *progress) end() {
	if p.tty && p.shown {
		fmt.Fprint(os.Stderr, "\r\x1b[K")
	}
}
