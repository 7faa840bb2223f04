package worktime

import (
	"testing"
	"time"
)

func TestZonesReadTheClockAsGoDoes(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"Asia/Ho_Chi_Minh", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "America/St_Johns", "Pacific/Apia", "Europe/Dublin",
		"Africa/Casablanca", "Asia/Gaza", "Antarctica/Troll", "UTC",
	} {
		z, err := zoneNamed(name)
		if err != nil {
			t.Fatal(err)
		}
		for u := firstInstant; u < endInstant; u += 11*hour + 13*minute {
			_, want := time.UnixMicro(u).In(z.loc).Zone()
			if got := z.reading(u) - u; got != int64(want)*second {
				t.Fatalf("%s at %s: offset %d s, want %d s", name, instant(u), got/second, want)
			}
		}
		for e := 1; e < len(z.from); e++ {
			before, after := z.off[e-1], z.off[e]
			change := z.from[e]
			if _, got := time.UnixMicro(change - second).In(z.loc).Zone(); int64(got)*second != before {
				t.Fatalf("%s: the change at %s comes late", name, instant(change))
			}
			if after > before { // every reading that is jumped over is met at the jump
				for _, w := range []int64{change + before, change + after - 1} {
					if f, l := z.firstAt(w), z.lastAt(w); f != change || l != change {
						t.Fatalf("%s: the reading %s is met at %s and %s, want %s", name, instant(w), instant(f), instant(l), instant(change))
					}
				}
				continue
			}
			w := change + after // comes twice
			if f, l := z.firstAt(w), z.lastAt(w); f != change+after-before || l != change {
				t.Fatalf("%s: the reading %s is met at %s and %s", name, instant(w), instant(f), instant(l))
			}
		}
	}
}
