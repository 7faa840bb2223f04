package notify

import (
	"fmt"
	"time"
)

// Answer is what came of sending a message.
type Answer struct {
	Status     int           // 0 when nobody answered
	RetryAfter time.Duration // that the receiver asks for, 0 without
	Err        error         // why nobody answered
}

// Delivered says whether the receiver took it.
func (a Answer) Delivered() bool { return a.Err == nil && a.Status >= 200 && a.Status < 300 }

// Gone says whether the receiver wants no more.
func (a Answer) Gone() bool { return a.Err == nil && a.Status == 410 }

// Unreachable says whether it is the receiver, or the way to it, that fails, rather than this message.
func (a Answer) Unreachable() bool {
	return a.Err != nil || a.Status == 429 || a.Status >= 502 && a.Status <= 504
}

// Busy says whether the receiver asks to be left alone for a while.
func (a Answer) Busy() bool {
	return a.Err == nil && a.RetryAfter > 0 && (a.Status == 429 || a.Status == 503)
}

// String says what is wrong, "" when it was delivered. It never repeats what the receiver wrote.
func (a Answer) String() string {
	switch {
	case a.Err != nil:
		return a.Err.Error()
	case a.Delivered():
		return ""
	case a.Status >= 300 && a.Status < 400:
		return fmt.Sprintf("answered with status %d; redirections are not followed", a.Status)
	}
	return fmt.Sprintf("answered with status %d", a.Status)
}
