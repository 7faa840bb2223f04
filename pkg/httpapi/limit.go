package httpapi

import (
	"container/list"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/motcua/motcua/pkg/fault"
)

// limiter lets each key through so and so often a minute. It remembers the keys that came last and forgets the others, so that nobody
// can fill the memory; a forgotten key begins anew.
type limiter struct {
	perMinute int
	mu        sync.Mutex
	byKey     map[string]*list.Element
	recent    *list.List // of *bucket, the latest in front
}

type bucket struct {
	key string
	*rate.Limiter
}

const rememberedKeys = 10_000

func newLimiter(perMinute int) *limiter {
	return &limiter{perMinute: perMinute, byKey: map[string]*list.Element{}, recent: list.New()}
}

// take uses up one go of the key. back gives it back; err is TooMany when there is none left.
func (l *limiter) take(key string, now time.Time) (back func(), err error) {
	r := l.bucket(key).ReserveN(now, 1)
	if wait := r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return nil, retryLater{fault.New(fault.TooMany, "too-many-requests", "this was tried too often; wait and try again"), wait}
	}
	return func() { r.CancelAt(now) }, nil
}

func (l *limiter) bucket(key string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.byKey[key]; e != nil {
		l.recent.MoveToFront(e)
		return e.Value.(*bucket).Limiter
	}
	b := &bucket{key, rate.NewLimiter(rate.Every(time.Minute/time.Duration(l.perMinute)), l.perMinute)}
	l.byKey[key] = l.recent.PushFront(b)
	if l.recent.Len() > rememberedKeys {
		oldest := l.recent.Back()
		delete(l.byKey, l.recent.Remove(oldest).(*bucket).key)
	}
	return b.Limiter
}

// signInLimits slow down guessing: of one user's password, and of many users' from one address. Only failures count.
type signInLimits struct{ byName, byAddress *limiter }

func newSignInLimits(perMinute int) signInLimits {
	return signInLimits{newLimiter(perMinute), newLimiter(3 * perMinute)}
}

func (l signInLimits) take(name, address string, now time.Time) (back func(), err error) {
	backName, err := l.byName.take(name, now)
	if err != nil {
		return nil, err
	}
	backAddress, err := l.byAddress.take(network(address), now)
	if err != nil {
		backName()
		return nil, err
	}
	return func() { backName(); backAddress() }, nil
}

// network is what one caller can be expected to own: an IPv4 address, or the /64 of an IPv6 one.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil || a.Unmap().Is4() {
		return address
	}
	p, err := a.Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}
