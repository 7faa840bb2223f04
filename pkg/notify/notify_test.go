package notify_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/notify"
)

var (
	start     = time.Date(2026, 11, 2, 1, 30, 0, 0, time.UTC) // 08:30 in the office
	zone      = time.FixedZone("+07", 7*3600)
	receiving = uuid.MustParse("00000000-0000-7000-8000-0000000000a1")
	deciding  = uuid.MustParse("00000000-0000-7000-8000-0000000000a2")
	clerk     = dossier.By{ID: uuid.MustParse("00000000-0000-7000-8000-000000000001"), Name: "Cán bộ Một", Role: "CLERK", AgencyID: receiving}
	names     = notify.Names{
		Source:    "https://motcua.example.vn",
		Agencies:  map[uuid.UUID]catalog.Agency{receiving: {Code: "X1", Name: "Xã Một"}, deciding: {Code: "ST", Name: "Sở Thử"}},
		FieldCode: "G09-YT01",
	}
)

// life is a journal as the acts of the office write it, an hour apart.
type life struct {
	t *testing.T
	d dossier.Dossier
	e []dossier.Event
}

func (l *life) now() dossier.Move {
	at := start.Add(time.Duration(len(l.e)) * time.Hour)
	return dossier.Move{At: at, Recorded: at, By: clerk}
}

func open(t *testing.T, kind dossier.Kind) *life {
	t.Helper()
	l := &life{t: t}
	d, e, err := dossier.Open(kind, l.now(), dossier.Facts{Promise: due(kind, 1, 72), Intake: &dossier.Intake{
		ID: uuid.MustParse("0191b3c0-0000-7000-8000-00000000000a"), Code: "H30.1-261102-0001", Channel: "POST", ReceivingID: receiving, DecidingID: deciding,
		Procedure: dossier.Procedure{Code: "9.000001", Name: "Cấp giấy phép thử", Field: "Y tế"},
		Note:      "ghi chú nội bộ", SecretHash: "hash of the secret", Parts: []dossier.PlannedPart{{Name: "Đơn"}, {Name: "Bản vẽ"}},
		Applicant: dossier.Person{
			Kind: dossier.Enterprise, Name: "Công ty Thử", IDNumber: "1800123456-001", Phone: "02923123456", Email: "thu@example.vn", Address: "Ấp Thử",
		},
		Steps: []dossier.PlannedStep{{Name: "Thẩm định", AgencyID: deciding, Role: "OFFICER"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	l.d, l.e = d, []dossier.Event{e}
	return l
}

func due(kind dossier.Kind, no, hours int) *dossier.Promise {
	if kind == dossier.WasRegistered {
		return nil
	}
	at := start.Add(time.Duration(hours) * time.Hour)
	return &dossier.Promise{No: no, Kind: dossier.FirstPromise, MadeAt: start, Mark: dossier.Mark{DueAt: at, OnTimeFrom: at, LateFrom: at.Add(time.Second)}}
}

func (l *life) act(a dossier.Action, f dossier.Facts) *life {
	l.t.Helper()
	d, e, err := l.d.Act(a, l.now(), f)
	if err != nil {
		l.t.Fatalf("%s: %v", a, err)
	}
	l.d, l.e = d, append(l.e, e)
	return l
}

func (l *life) last() notify.Moment {
	l.t.Helper()
	all, err := notify.Follow(l.e)
	if err != nil || len(all) != len(l.e) {
		l.t.Fatal(len(all), err)
	}
	return all[len(all)-1]
}

// message is a told moment, as whoever receives it reads it.
func message[T any](t *testing.T, r notify.Receiver, m notify.Moment) (T, string) {
	t.Helper()
	told, err := notify.Tell(r, m, 7, names, zone)
	if err != nil {
		t.Fatal(err)
	}
	var out struct {
		SpecVersion, ID, Source, Type, Subject, Time string
		DataContentType                              string
		Data                                         T
	}
	if err := json.Unmarshal(told.Body, &out); err != nil {
		t.Fatal(err)
	}
	if out.SpecVersion != "1.0" || out.ID != told.ID || out.Source != names.Source || out.Subject != m.Dossier.Code || out.DataContentType != "application/json" {
		t.Errorf("%s", told.Body)
	}
	if at, err := time.Parse(time.RFC3339, out.Time); err != nil || !at.Equal(m.Event.At) {
		t.Errorf("%s, %v", out.Time, err)
	}
	return out.Data, string(told.Body)
}

var (
	stopped = dossier.Facts{Reason: "Đang có tranh chấp", Document: &dossier.Document{Number: "15/TB", Date: "2026-11-02"}}
	refused = dossier.Facts{Reason: "Không thuộc thẩm quyền"}
	asked   = dossier.Facts{Reason: "Không còn nhu cầu", Request: &dossier.Request{By: dossier.ByApplicant, How: dossier.Written}}
	licence = dossier.Facts{Result: &dossier.Result{Summary: "Giấy phép", Number: "12/GP"}}
	levy    = dossier.Facts{Fees: []dossier.FeeLine{{Kind: dossier.Levy, Name: "Lệ phí thử", VND: new(int64(50_000))}}}
	byPost  = dossier.Facts{HandedOut: &dossier.HandedOut{Method: dossier.ReturnPost, Tracking: "VN123"}}
)

func TestAnEventNamesNobodyUnlessTheReceiverGetsEverything(t *testing.T) {
	t.Parallel()
	m := open(t, dossier.WasReceived).last()
	told, body := message[notify.Happened](t, notify.Receiver{Format: notify.Events}, m)
	for _, personal := range []string{"Công ty Thử", "1800123456", "02923123456", "thu@example.vn", "Ấp Thử", "Cán bộ Một"} {
		if strings.Contains(body, personal) {
			t.Errorf("%s is told: %s", personal, body)
		}
	}
	if told.Hash != m.Event.Hash || told.Entry != 7 || told.State != dossier.Accepted || told.StateName != "ACCEPTED" || told.Receiving != "X1" ||
		told.Deciding != "ST" || told.ByAgency != "X1" || told.DueAt == nil || !strings.Contains(body, `"type":"vn.motcua.dossier.received"`) {
		t.Error(body)
	}
}

func TestAReceiverOfEverythingCanCheckItAndLearnsNoSecret(t *testing.T) {
	t.Parallel()
	l := open(t, dossier.WasReceived)
	everything := notify.Receiver{Format: notify.Events, Full: true}
	intake, body := message[notify.Happened](t, everything, l.last())
	if strings.Contains(body, "secret") || !strings.Contains(string(intake.Facts), `"name":"Công ty Thử"`) || intake.By.Name != clerk.Name {
		t.Error(body)
	}
	full, _ := message[notify.Happened](t, everything, l.act(dossier.HandOver, dossier.Facts{Note: "gấp"}).last())
	e := dossier.Event{
		DossierID: full.DossierID, Seq: full.Seq, Kind: full.Kind, At: full.At, RecordedAt: full.RecordedAt, By: *full.By, Facts: full.Facts, Prev: full.Prev,
	}
	if e.Sum() != full.Hash || full.Prev != intake.Hash {
		t.Error("the hash does not cover what was told")
	}
}

func TestAJournalThatDoesNotFitIsFollowedAsFarAsItDoes(t *testing.T) {
	t.Parallel()
	l := open(t, dossier.WasReceived).act(dossier.HandOver, dossier.Facts{}).act(dossier.Take, dossier.Facts{}).act(dossier.Finish, licence)
	for name, c := range map[string]struct {
		tamper func([]dossier.Event) []dossier.Event
		sound  int
	}{
		"as it was":     {func(e []dossier.Event) []dossier.Event { return e }, 4},
		"changed":       {func(e []dossier.Event) []dossier.Event { e[2].By.Name = "Ai đó"; return e }, 2},
		"one is gone":   {func(e []dossier.Event) []dossier.Event { return slices.Delete(e, 1, 2) }, 1},
		"first changed": {func(e []dossier.Event) []dossier.Event { e[0].Seq = 2; return e }, 0},
		"unknown kind":  {func(e []dossier.Event) []dossier.Event { e[3].Kind = "ĐÂU"; e[3].Hash = e[3].Sum(); return e }, 3},
		"nothing":       {func([]dossier.Event) []dossier.Event { return nil }, 0},
	} {
		all, err := notify.Follow(c.tamper(slices.Clone(l.e)))
		if len(all) != c.sound || (err == nil) != (name == "as it was" || name == "nothing") {
			t.Errorf("%s: %d moments, %v", name, len(all), err)
		}
		for i, m := range all {
			if m.Event.Seq != i+1 || m.Dossier.Version != i+1 {
				t.Errorf("%s: moment %d is of event %d, version %d", name, i, m.Event.Seq, m.Dossier.Version)
			}
		}
	}
}

func TestSignaturesAreThoseOfStandardWebhooks(t *testing.T) {
	t.Parallel()
	now := time.Now()
	until := now.Add(time.Hour)
	r := notify.Receiver{Secret: notify.NewSecret(), OldSecret: notify.NewSecret(), OldUntil: &until}
	m := notify.Message{ID: "0191b3c0-0000-7000-8000-00000000000a-1", Body: []byte(`{"tên":"Thử"}`)}
	headers := func(at time.Time) http.Header {
		s, err := notify.Sign(m, at, r.Secrets(at)...)
		if err != nil {
			t.Fatal(err)
		}
		return http.Header{"Webhook-Id": {m.ID}, "Webhook-Timestamp": {notify.Timestamp(at)}, "Webhook-Signature": {s}}
	}
	for name, c := range map[string]struct {
		secret string
		at     time.Time
		body   string
		good   bool
	}{
		"the present secret":             {r.Secret, now, string(m.Body), true},
		"the one before, for a day":      {r.OldSecret, now, string(m.Body), true},
		"another one":                    {notify.NewSecret(), now, string(m.Body), false},
		"another body":                   {r.Secret, now, string(m.Body) + " ", false},
		"the one before, when it is out": {r.OldSecret, until.Add(time.Minute), string(m.Body), false},
		"the present one then":           {r.Secret, until.Add(time.Minute), string(m.Body), true},
	} {
		key, err := standard.NewWebhook(c.secret)
		if err != nil {
			t.Fatal(err)
		}
		if err := key.VerifyIgnoringTimestamp([]byte(c.body), headers(c.at)); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
	key, _ := standard.NewWebhook(r.Secret)
	if err := key.Verify(m.Body, headers(now)); err != nil { // the time of day counts too
		t.Error(err)
	}
	for _, secret := range []string{"", "whsec_", "whsec_!!", "YWJj"} {
		if s, err := notify.Sign(m, now, secret); err == nil {
			t.Errorf("%q signs %s", secret, s)
		}
	}
}

func TestAReceiverThatCannotBeToldIsNotKept(t *testing.T) {
	t.Parallel()
	good := notify.Receiver{Name: "Sở Thử", URL: "https://nhan.example.vn:8443/a?b=c", Format: notify.Events, Kinds: []dossier.Kind{dossier.WasReceived}}
	if err := good.Check(nil); err != nil {
		t.Error(err)
	}
	bad := notify.Receiver{Name: " ", URL: "ftp://x", Format: "XML", Kinds: []dossier.Kind{"NÀO"}}
	f := fault.As(bad.Check(nil))
	if f == nil || f.Code != "receiver-invalid" || len(f.Fields) != 4 {
		t.Errorf("%+v", f)
	}
	portal := notify.Receiver{Name: "Cổng", URL: good.URL, Format: notify.National}
	if err := portal.Check(nil); err != nil {
		t.Error(err)
	}
	portal.Kinds = []dossier.Kind{dossier.WasFinished}
	if f = fault.As(portal.Check(nil)); f == nil || len(f.Fields) != 1 || f.Fields[0].Name != "kinds" || f.Fields[0].Code != "not-here" {
		t.Errorf("the national portal would never hear that a dossier was stopped: %+v", f)
	}
	for _, url := range []string{
		"", "x", "//x/y", "https:", "https://", "https:x", "file:///etc/passwd", "gopher://x:70/", "javascript:alert(1)", "https://a:b@x/", "https://a@x/", "https://x/#y",
		"https://x y/", "https://[::1/", "https://x/" + strings.Repeat("y", 2000),
	} {
		one := good
		one.URL = url
		if fault.As(one.Check(nil)) == nil {
			t.Errorf("%q is kept", url)
		}
	}
}
