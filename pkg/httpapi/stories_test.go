package httpapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/motcua/motcua/configs"
	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

// story is the life of one real kind of dossier, told through the API. Every date in it was worked out by hand on the calendar.
type story struct {
	name string
	tell func(s *teller)
}

// tell runs each story on SQLite and on PostgreSQL, in a province of its own, and lets the auditor look at the end.
func tell(t *testing.T, stories []story) {
	t.Helper()
	for _, x := range stories {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			storetest.EachConfig(t, func(t *testing.T, config store.Config) {
				s := newTeller(t, config)
				x.tell(s)
				s.audited()
			})
		})
	}
}

// teller is a counter in a province as it really is, with the calendar, the rules and the process that come with the program. Whoever a
// story names works there: "clerk VT" is a clerk of the commune VT.
type teller struct {
	*counter
	calendar json.RawMessage
	people   map[string]string // token by name
	files    []*file
}

func newTeller(t *testing.T, config store.Config) *teller {
	t.Helper()
	s := &teller{people: map[string]string{}}
	s.counter = openWith(t, config, defaultProcess(t), s.furnish)
	return s
}

func defaultProcess(t *testing.T) []catalog.Step {
	t.Helper()
	var steps []catalog.Step
	delivered(t, "processes/default.json", &steps)
	return steps
}

func delivered(t *testing.T, name string, v any) {
	t.Helper()
	body, err := configs.Files.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(body, v)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func (s *teller) furnish(c *counter) {
	c.t.Helper()
	ctx, system := context.Background(), staff.System()
	c.now = time.Date(2025, 1, 1, 0, 0, 0, 0, zone)
	delivered(c.t, "calendars/vn.json", &s.calendar)
	must(c.t)(c.office.KeepCalendar(ctx, system, c.now, onestop.CalendarInput{Name: onestop.DefaultCalendar, Definition: s.calendar}))
	for _, name := range []string{"vn-2018", "vn-2025", "vn-2025-09"} {
		var set dossier.RuleSet
		delivered(c.t, "rules/"+name+".json", &set)
		must(c.t)(nil, c.office.KeepRules(ctx, system, c.now, set))
	}
	province := c.place(nil, "92", "Thành phố Cần Thơ", catalog.ProvinceCommittee, catalog.Province)
	for _, a := range []struct {
		code, name string
		kind       catalog.AgencyKind
		level      catalog.Level
	}{
		{"DD", "Văn phòng đăng ký đất đai", catalog.Department, catalog.Province},
		{"XD", "Sở Xây dựng", catalog.Department, catalog.Province},
		{"BH", "Bảo hiểm xã hội thành phố", catalog.OtherAgency, catalog.OtherLevel},
		{"CA", "Công an xã Vị Thủy", catalog.OtherAgency, catalog.OtherLevel},
		{"VT", "Xã Vị Thủy", catalog.CommuneCommittee, catalog.Commune},
		{"LM", "Phường Long Mỹ", catalog.CommuneCommittee, catalog.Commune},
	} {
		c.place(&province, a.code, a.name, a.kind, a.level)
	}
	for _, p := range storyProcedures {
		p.ID, p.Status, p.HomeLevel = uuid.Must(uuid.NewV7()), catalog.InForce, p.Levels[0]
		if p.OnlineLevel == "" {
			p.OnlineLevel = catalog.OnlineNone
		}
		must(c.t)(nil, c.store.AddProcedure(ctx, p, c.now))
	}
}

// at sets the clock: "2026-11-02 08:30", as it hangs on the wall.
func (s *teller) at(wall string) {
	s.t.Helper()
	s.moveTo(strings.Replace(wall, " ", "T", 1) + ":00+07:00")
}

// wall is an instant of an answer as the clock on the wall shows it; "" for none.
func wall(at string) string {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return at
	}
	return t.In(zone).Format("2006-01-02 15:04")
}

var roles = map[string]staff.Role{"clerk": staff.Clerk, "officer": staff.Officer, "second": staff.Officer, "head": staff.Supervisor, "admin": staff.Administrator}

// who gives somebody's token; whoever is named first begins to work there.
func (s *teller) who(name string) string {
	s.t.Helper()
	if s.people[name] == "" {
		role, agency, _ := strings.Cut(name, " ")
		if roles[role] == "" {
			s.t.Fatalf("nobody is %q", name)
		}
		s.people[name] = s.employ(role+"."+strings.ToLower(agency), roles[role], agency)
	}
	return s.people[name]
}

const applicant = `"applicant":{"kind":"CITIZEN","name":"Nguyễn Thị Mẫu","id_number":"093190000001","phone":"0912345678"}`

// arrives takes in a dossier; more are further fields of it.
func (s *teller) arrives(who, procedure, channel string, more ...string) *file {
	s.t.Helper()
	fields := append([]string{`"procedure":"` + procedure + `"`, `"channel":"` + channel + `"`, applicant}, more...)
	d := &file{s: s}
	s.want(201, "POST", "/api/v1/dossiers", s.who(who), "{"+strings.Join(fields, ",")+"}").into(s.t, d)
	s.files = append(s.files, d)
	return d
}

// alerted looks for what is late and tells what is raised at that instant: "DOSSIER_LATE HEAD DD".
func (s *teller) alerted(want ...string) {
	s.t.Helper()
	must(s.t)(s.office.ScanLate(context.Background(), s.clock()))
	var list struct {
		Items []struct {
			Kind, Audience string
			Agency         struct{ Code string }
			RaisedAt       string `json:"raised_at"`
		}
	}
	s.want(200, "GET", "/api/v1/alerts?limit=1000", s.who("head 92"), "").into(s.t, &list)
	got := []string{}
	for _, a := range list.Items {
		if wall(a.RaisedAt) == s.clock().In(zone).Format("2006-01-02 15:04") {
			got = append(got, a.Kind+" "+a.Audience+" "+a.Agency.Code)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		s.t.Errorf("alerts: %s", diff)
	}
}

// reports pulls the on-time report ("from=…&to=…&agency=…") and compares what is not 0 in it: "late 1, received 1, resolved 1". Each
// figure must list as many dossiers.
func (s *teller) reports(query, want string) {
	s.t.Helper()
	var r struct {
		Total struct {
			Figures map[string]struct {
				Count int
				Href  string
			}
		}
	}
	s.want(200, "GET", "/api/v1/reports/on-time?"+query, s.who("head 92"), "").into(s.t, &r)
	var got []string
	for _, name := range slices.Sorted(maps.Keys(r.Total.Figures)) {
		f := r.Total.Figures[name]
		if f.Count == 0 {
			continue
		}
		got = append(got, fmt.Sprint(name, " ", f.Count))
		var list struct{ Total int }
		if s.want(200, "GET", f.Href, s.who("head 92"), "").into(s.t, &list); list.Total != f.Count {
			s.t.Errorf("%s counts %d and lists %d", name, f.Count, list.Total)
		}
	}
	if got := strings.Join(got, ", "); got != want {
		s.t.Errorf("report of %s: %s, not %s", query, got, want)
	}
}

// audited holds the whole database against its journals, and the journals against the log.
func (s *teller) audited() {
	s.t.Helper()
	ctx := context.Background()
	private, public, err := ledger.NewKey("motcua-test")
	must(s.t)(nil, err)
	signer, err := ledger.NewSigner(private, public)
	must(s.t)(nil, err)
	must(s.t)(s.office.EnterEvents(ctx, s.clock(), signer))
	v, err := s.office.Verify(ctx, s.clock(), false, nil)
	must(s.t)(nil, err)
	must(s.t)(nil, s.office.VerifyLedger(ctx, s.clock(), &v, public, nil))
	if len(v.Findings) > 0 || v.Dossiers < len(s.files) || v.Entries != int64(v.Events) || v.Figures == 0 {
		s.t.Errorf("the auditor finds %+v", v)
	}
	for _, d := range s.files {
		var proof ledger.Proof
		s.want(200, "POST", "/api/v1/lookup/proof", "", d.receipt()).into(s.t, &proof)
		if shown, err := proof.Check(public); err != nil || shown.Intake == nil || shown.Intake.Code != d.Code {
			s.t.Errorf("the receipt of %s proves nothing: %v", d.Code, err)
		}
	}
}
