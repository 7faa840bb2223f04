package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/demo"
	"github.com/motcua/motcua/pkg/dossier"
)

// measurement is one thing that people wait for.
type measurement struct {
	what   string
	pairs  int // of requests in a round
	status int
	next   func() call
	after  func(reply) // hears every answer
	needed bool        // by a later one
}

// cast is who plays, and what about.
type cast struct {
	province demo.Province
	seen     []string // codes of dossiers that the clerk may see
	common   []item   // that come in at the clerk's counter
	underWay []moving
}

// item is something to hand in.
type item struct{ procedure, variant string }

// moving is a dossier in the middle of its steps.
type moving struct {
	code          string
	version       int
	taken         bool // the step under way
	step, ofSteps int
}

// action that the dossier waits for; "" when its steps are done.
func (m moving) action() dossier.Action {
	switch {
	case !m.taken:
		return dossier.Take
	case m.step < m.ofSteps:
		return dossier.CompleteStep
	}
	return ""
}

// learn picks what is played with out of the province.
func (c *cast) learn(b *testing.B) {
	var centre uuid.UUID
	for _, u := range c.province.Users {
		if u.Username == demo.ClerkName {
			centre = u.AgencyID
		}
	}
	common := map[item]int{}
	for _, l := range c.province.Lives {
		d := l.Dossier
		if d.ReceivingID == centre {
			c.seen = append(c.seen, d.Code)
			if d.Channel == catalog.InPerson {
				common[item{d.Procedure.Code, d.Procedure.Variant}]++
			}
		}
		if s := d.Step(); s != nil && d.State == dossier.InProgress {
			m := moving{d.Code, d.Version, s.TakenBy != nil, d.StepNo, len(d.Steps)}
			if m.action() != "" {
				c.underWay = append(c.underWay, m)
			}
		}
	}
	for x := range common {
		c.common = append(c.common, x)
	}
	slices.SortFunc(c.common, func(a, b item) int { return common[b] - common[a] })
	c.common = c.common[:min(20, len(c.common))]
	if len(c.seen) == 0 || len(c.common) == 0 || len(c.underWay) == 0 {
		b.Fatal("the province has too few dossiers to measure on")
	}
}

// play lists the measurements, in an order in which each finds what it needs.
func (c *cast) play(s *site) []measurement {
	r := rand.New(rand.NewPCG(1, 1))
	type receipt struct{ Code, Secret string }
	var receipts []receipt
	underWay, at := slices.Clone(c.underWay), 0
	r.Shuffle(len(underWay), func(i, j int) { underWay[i], underWay[j] = underWay[j], underWay[i] })
	after := "" // cursor of the next page
	return []measurement{
		{
			what: "intake: POST /dossiers", pairs: 10, status: 201, needed: true,
			next: func() call { return c.intake(r, s.clerk) },
			after: func(a reply) {
				var x receipt
				must(s.b, json.Unmarshal(a.body, &x))
				receipts = append(receipts, x)
			},
		},
		{
			what: "look-up by code: GET /dossiers/{code}", pairs: 10, status: 200,
			next: func() call {
				return call{method: "GET", path: "/api/v1/dossiers/" + c.seen[r.IntN(len(c.seen))], token: s.clerk}
			},
		},
		{
			what: "look-up by receipt: POST /lookup", pairs: 10, status: 200,
			next: func() call {
				x := receipts[r.IntN(len(receipts))]
				return call{method: "POST", path: "/api/v1/lookup", body: fmt.Sprintf(`{"code": %q, "secret": %q}`, x.Code, x.Secret)}
			},
		},
		{
			what: "one step: POST …/actions/{action}", pairs: 10, status: 200,
			next: func() call {
				for at = (at + 1) % len(underWay); underWay[at].action() == ""; at = (at + 1) % len(underWay) {
				}
				m := underWay[at]
				return call{
					method: "POST", path: "/api/v1/dossiers/" + m.code + "/actions/" + string(m.action()), token: s.supervisor, body: "{}",
					header: map[string]string{"If-Match": strconv.Quote(strconv.Itoa(m.version)), "Idempotency-Key": uuid.NewString()},
				}
			},
			after: func(reply) {
				m := &underWay[at]
				if m.version++; m.taken {
					m.step++
				}
				m.taken = !m.taken
			},
		},
		{
			what: "50 overdue dossiers", pairs: 10, status: 200,
			next: func() call {
				return call{method: "GET", path: "/api/v1/dossiers?overdue=true&sort=due&limit=50&after=" + url.QueryEscape(after), token: s.supervisor}
			},
			after: func(a reply) {
				var page struct{ Next string }
				must(s.b, json.Unmarshal(a.body, &page))
				after = page.Next
			},
		},
		{what: "on-time report by agency", pairs: 1, status: 200, next: func() call { return report(r, s.supervisor, "agency") }},
		{what: "on-time report by field", pairs: 1, status: 200, next: func() call { return report(r, s.supervisor, "field") }},
	}
}

func (c *cast) intake(r *rand.Rand, token string) call {
	x := c.common[r.IntN(len(c.common))]
	body, _ := json.Marshal(map[string]any{ // texts only
		"procedure": x.procedure, "variant": x.variant, "channel": "IN_PERSON",
		"applicant": map[string]any{
			"kind": "CITIZEN", "name": "Nguyễn Văn Mẫu", "id_number": fmt.Sprintf("0930%08d", r.IntN(1e8)), "phone": "0912345678",
			"address": "Ấp Mẫu, xã Mẫu, tỉnh Hậu Giang",
		},
	})
	return call{method: "POST", path: "/api/v1/dossiers", token: token, body: string(body), header: map[string]string{"Idempotency-Key": uuid.NewString()}}
}

// report is one over the past year, from another day each time.
func report(r *rand.Rand, token, by string) call {
	to := clock().In(zone)
	from := to.AddDate(-1, 0, r.IntN(30))
	return call{
		method: "GET", token: token,
		path: fmt.Sprintf("/api/v1/reports/on-time?by=%s&from=%s&to=%s", by, from.Format(time.DateOnly), to.Format(time.DateOnly)),
	}
}
