package notify

import (
	"time"

	"github.com/motcua/motcua/pkg/fault"
)

// Answer is what came of sending a message.
type Answer struct {
	Status     int           // 0 when nobody answered
	RetryAfter time.Duration // that the receiver asks for, 0 without
	Why        fault.Text    // nobody answered; empty when somebody did
}

// Delivered says whether the receiver took it.
func (a Answer) Delivered() bool { return a.Why.Empty() && a.Status >= 200 && a.Status < 300 }

// Gone says whether the receiver wants no more.
func (a Answer) Gone() bool { return a.Why.Empty() && a.Status == 410 }

// Unreachable says whether it is the receiver, or the way to it, that fails, rather than this message.
func (a Answer) Unreachable() bool {
	return !a.Why.Empty() || a.Status == 429 || a.Status >= 502 && a.Status <= 504
}

// Busy says whether the receiver asks to be left alone for a while.
func (a Answer) Busy() bool {
	return a.Why.Empty() && a.RetryAfter > 0 && (a.Status == 429 || a.Status == 503)
}

// Said is what is wrong, empty when it was delivered. It never repeats what the receiver wrote.
func (a Answer) Said() fault.Text {
	switch {
	case !a.Why.Empty():
		return a.Why
	case a.Delivered():
		return fault.Text{}
	case a.Status >= 300 && a.Status < 400:
		return fault.Say("answered with status %d; redirections are not followed", a.Status)
	}
	return fault.Say("answered with status %d", a.Status)
}
