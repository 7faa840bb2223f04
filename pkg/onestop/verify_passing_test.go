package onestop_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

// keeps has an administrator keep a calendar.
func (c crime) keeps(definition, act string) {
	c.t.Helper()
	in := onestop.CalendarInput{Name: onestop.DefaultCalendar, Act: act, Definition: []byte(definition)}
	if _, err := c.h.KeepCalendar(context.Background(), c.h.administrator, c.h.now, in); err != nil {
		c.t.Fatal(err)
	}
}

// answers has an administrator set the term of the procedure, in working days.
func (c crime) answers(value uint32) {
	c.t.Helper()
	in := onestop.TermsInput{Terms: []catalog.Term{{Channel: catalog.InPerson, Statutory: days(value)}}, Reason: "Điều 5 Luật thử"}
	if _, err := c.h.SetTerms(context.Background(), c.h.administrator, c.h.now, "9.000001", in); err != nil {
		c.t.Fatal(err)
	}
}

// rule keeps a set of rules that holds from a day on.
func (c crime) rule(id string, from catalog.Date) {
	c.t.Helper()
	r := rules
	r.ID, r.EffectiveFrom = id, from
	if err := c.h.KeepRules(context.Background(), c.h.administrator, c.h.now, r); err != nil {
		c.t.Fatal(err)
	}
}

// Nobody who comes in later sees law that was replaced at once; the dossiers that rest on it are told of, whoever put it there.
func TestWhoGoesByLawThatWasReplacedAtOnceIsToldOf(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		story func(c crime, held time.Duration) dossier.Dossier
		says  string
	}{
		"a calendar": {func(c crime, held time.Duration) dossier.Dossier {
			c.keeps(string(dayOff.Definition), dayOff.Act)
			d := received(c)
			c.h.now = c.h.now.Add(held)
			c.keeps(calendar, "QĐ 2")
			return d
		}, "event 1: revision 2 of calendar vn was in force for "},
		"a version of the procedure": {func(c crime, held time.Duration) dossier.Dossier {
			c.answers(30)
			d := received(c)
			c.h.now = c.h.now.Add(held)
			c.answers(3)
			return d
		}, "event 1: version 2 of procedure 9.000001 was in force for "},
		"rules": {func(c crime, held time.Duration) dossier.Dossier {
			today := catalog.DateOf(c.h.now, zone)
			c.rule("kind", today)
			c.rule("again", catalog.DateOf(c.h.now.Add(held), zone))
			return received(c)
		}, "event 1: rule set kind was in force for "},
		"rules with a first day in the past": {func(c crime, held time.Duration) dossier.Dossier {
			c.h.now = c.h.now.Add(time.Minute)
			c.rule("kind", "2026-10-01")
			d := received(c)
			c.h.now = c.h.now.Add(held)
			c.rule("again", catalog.DateOf(c.h.now, zone))
			return d
		}, "event 1: rule set kind was in force for "},
	} {
		for held, told := range map[time.Duration]bool{24 * time.Hour: true, 49 * time.Hour: false} {
			t.Run(name+" for "+held.String(), func(t *testing.T) {
				t.Parallel()
				storetest.EachConfig(t, func(t *testing.T, config store.Config) {
					c := crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config))}
					c.victim = x.story(c, held)
					c.h.now = c.h.now.Add(time.Hour)
					if _, err := c.h.FollowCalendars(context.Background(), c.h.clock, "test", nil); err != nil {
						t.Fatal(err)
					}
					v, err := c.h.Verify(context.Background(), c.h.now, false, nil)
					if err != nil || len(v.Findings) > 0 {
						t.Fatalf("%+v %v", v.Findings, err)
					}
					is := slices.ContainsFunc(v.Notices, func(f onestop.Finding) bool { return f.Dossier == c.victim.Code && strings.HasPrefix(f.What, x.says) })
					if is != told || !told && len(v.Notices) > 0 {
						t.Errorf("told: %+v", v.Notices)
					}
				})
			})
		}
	}
}

// Rules that were put right within minutes held until then.
func TestWhoWentByRulesThatWerePutRightAtOnceIsSound(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		c := crime{t: t, h: h}
		h.now = h.now.Add(time.Minute)
		c.rule("wrong", catalog.DateOf(h.now, zone))
		h.now = h.now.Add(time.Second)
		if c.victim = received(c); c.victim.Basis.Rules != "wrong" {
			t.Fatalf("it goes by %s", c.victim.Basis.Rules)
		}
		h.now = h.now.Add(time.Second)
		c.rule("right", catalog.DateOf(h.now, zone))
		h.now = h.now.Add(time.Hour)
		c.finds("")
	})
}

func TestACalendarThatOpenDossiersDoNotFollowIsFound(t *testing.T) {
	t.Parallel()
	untold := func(crime) onestop.Finding {
		return onestop.Finding{Dossier: "calendar vn", What: "revision 2 came by no act: no open dossier was told to follow it"}
	}
	for name, x := range map[string]struct {
		trick func(c crime)
		want  func(c crime) onestop.Finding
	}{
		"put into the tables": {func(c crime) {
			c.sql(`INSERT INTO calendars (name, revision, definition, written, inherits, act, recorded_at, recorded_by)
				SELECT name, 2, replace(definition, '2026-11-05', '2026-11-06'), written, inherits, 'QĐ khống', recorded_at, recorded_by FROM calendars WHERE name = 'vn'`)
		}, untold},
		"and said to be followed at another time": {func(c crime) {
			c.keeps(string(dayOff.Definition), dayOff.Act)
			c.h.follow(c.t, 1)
			c.sql("UPDATE replans SET begun_at = (SELECT recorded_at FROM dossier_events WHERE dossier_id = # AND seq = 1)")
		}, untold},
		"and said to be followed by nobody who can be read": {func(c crime) {
			c.keeps(string(dayOff.Definition), dayOff.Act)
			c.h.follow(c.t, 1)
			c.sql("UPDATE replans SET begun_by = 'P'")
		}, untold},
		"followed by all but one": {func(c crime) {
			c.keeps(string(dayOff.Definition), dayOff.Act)
			c.sql("UPDATE replans SET finished_at = begun_at")
		}, func(c crime) onestop.Finding {
			return onestop.Finding{Dossier: c.victim.Code, What: "it is open, and its dates do not follow revision 2 of calendar vn"}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.EachConfig(t, func(t *testing.T, config store.Config) {
				c := crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config))}
				c.victim = handedOver(c)
				c.h.now = c.h.now.Add(time.Hour)
				c.finds("")
				x.trick(c)
				v, err := c.h.Verify(context.Background(), c.h.now, false, nil)
				if want := x.want(c); err != nil || !slices.Contains(v.Findings, want) {
					t.Errorf("found %+v, not %+v: %v", v.Findings, want, err)
				}
			})
		})
	}
}

// What had ended when the calendar changed did not follow it, and need not when its end is taken back.
func TestAnEndThatIsTakenBackAfterACalendarChangedIsSound(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		c := crime{t: t, h: h}
		c.victim = finished(c)
		h.now = h.now.Add(time.Hour)
		c.keeps(string(dayOff.Definition), dayOff.Act)
		h.follow(t, 0)
		h.now = h.now.Add(2 * time.Minute)
		h.follow(t, 0)
		d := h.act(t, h.head, c.victim, dossier.Recall, onestop.ActInput{Reason: "kết quả ghi sai tên"})
		if d.State != dossier.InProgress {
			t.Fatalf("it is %s", d.State)
		}
		c.finds("")
	})
}
