package demo

import (
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
)

// chance is a stream of drawn numbers. Each part of the province has its own, so that a change in one does not stir up the others.
type chance struct{ *rand.Rand }

// The streams.
const (
	forProcedures uint64 = iota + 1
	forDecisions
	forStaff
	forArrivals
	forPersons
	forPlay
)

func draw(seed, stream uint64) chance { return chance{rand.New(rand.NewPCG(seed, stream))} }

// in says yes n times in a thousand.
func (c chance) in(n int) bool { return c.IntN(1000) < n }

// between is one of low to high, both included.
func (c chance) between(low, high int) int { return low + c.IntN(high-low+1) }

// span is a time from low up to high, in whole seconds.
func (c chance) span(low, high time.Duration) time.Duration {
	return low + time.Duration(c.Int64N(int64((high-low)/time.Second)+1))*time.Second
}

func oneOf[T any](c chance, all []T) T { return all[c.IntN(len(all))] }

// weighted is the index of one of the weights, the heavier the likelier.
func (c chance) weighted(weights []int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	n := c.IntN(sum)
	for i, w := range weights {
		if n < w {
			return i
		}
		n -= w
	}
	return len(weights) - 1
}

// some are n of the numbers below all, in random order.
func (c chance) some(n, all int) []int { return c.Perm(all)[:n] }

// newID is a version 7 identifier of the instant.
func (c chance) newID(at time.Time) uuid.UUID {
	var u uuid.UUID
	ms := uint64(at.UnixMilli())
	for i := range 6 {
		u[i] = byte(ms >> (40 - 8*i))
	}
	a, b := c.Uint64(), c.Uint64()
	for i := range 8 {
		u[8+i] = byte(a >> (8 * i))
	}
	u[6], u[7] = 0x70|byte(b&15), byte(b>>8)
	u[8] = 0x80 | u[8]&0x3f
	return u
}
