package httpapi_test

import (
	"fmt"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/dossier"
)

// file is a dossier of a story, as its receipt names it.
type file struct {
	s            *teller
	Code, Secret string
}

// seen is what the API says of a dossier that stories look at.
type seen struct {
	State, Timing string
	Version       int
	Holder        struct{ Code string }
	AcceptBy      string `json:"accept_by"`
	DueAt         string `json:"due_at"`
	FinishedAt    string `json:"finished_at"`
	Promises      []struct {
		Kind  string
		DueAt string `json:"due_at"`
	}
	Document struct{ Number, Date string }
	Request  struct{ By, How, Name string }
	Pauses   []struct{ From, To, Cause string }
	Steps    []struct {
		No            int
		Name          string
		DueAt         string                `json:"due_at"`
		TakenBy       struct{ Name string } `json:"taken_by"`
		Contributions []struct {
			Text, At string
			By       struct{ Name string }
		}
	}
	Actions []struct {
		Action  string
		Allowed bool
		Code    string
	}
}

func (x seen) offers(action string) bool {
	for _, a := range x.Actions {
		if a.Action == action {
			return a.Allowed
		}
	}
	return false
}

func (d *file) receipt() string {
	return asJSON(d.s.t, map[string]string{"code": d.Code, "secret": d.Secret})
}

// as is the dossier as somebody sees it.
func (d *file) as(who string) seen {
	d.s.t.Helper()
	var x seen
	d.s.want(200, "GET", "/api/v1/dossiers/"+d.Code, d.s.who(who), "").into(d.s.t, &x)
	return x
}

func (d *file) try(who, action, body string) answer {
	d.s.t.Helper()
	version := d.as("head 92").Version
	return d.s.ask("POST", "/api/v1/dossiers/"+d.Code+"/actions/"+action, d.s.who(who), body, fmt.Sprintf(`If-Match: "%d"`, version))
}

// does makes a move, which must also be among those that the dossier offered.
func (d *file) does(who, action string, body ...string) {
	d.s.t.Helper()
	offered := d.as(who).offers(action)
	got := d.try(who, action, strings.Join(body, ""))
	if got.status != 200 || !offered {
		d.s.t.Fatalf("%s by %s, offered: %t, answered: %d %s", action, who, offered, got.status, got.body)
	}
}

// cannot tries a move that must be refused, with this status and code.
func (d *file) cannot(who, action, body, want string) {
	d.s.t.Helper()
	got := d.try(who, action, body)
	if is := fmt.Sprint(got.status, " ", got.problem(d.s.t).Code); is != want {
		d.s.t.Errorf("%s by %s: %s, not %s: %s", action, who, is, want, got.body)
	}
}

// is says state and timing: "4 IN_TIME". The citizen must be told the same.
func (d *file) is(want string) {
	d.s.t.Helper()
	x := d.as("head 92")
	var told seen
	d.s.want(200, "POST", "/api/v1/lookup", "", d.receipt()).into(d.s.t, &told)
	if got := x.State + " " + x.Timing; got != want || told.State != x.State || told.Timing != x.Timing {
		d.s.t.Errorf("at %s it is %s, the citizen is told %s %s, not %s", d.s.clock().In(zone).Format("02/01 15:04"), got, told.State, told.Timing, want)
	}
	if told.DueAt != x.DueAt || told.FinishedAt != x.FinishedAt || len(told.Promises) != len(x.Promises) {
		d.s.t.Errorf("the office says due %s, end %s, the citizen is told %s and %s", x.DueAt, x.FinishedAt, told.DueAt, told.FinishedAt)
	}
}

// promised lists every date that was ever promised: "FIRST 2026-11-06 17:00".
func (d *file) promised(want ...string) {
	d.s.t.Helper()
	got := []string{}
	for _, p := range d.as("head 92").Promises {
		got = append(got, p.Kind+" "+wall(p.DueAt))
	}
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		d.s.t.Errorf("promises: %s", diff)
	}
}

// acceptBy is until when what came online has to be answered, "" once it is.
func (d *file) acceptBy(want string) {
	d.s.t.Helper()
	if got := wall(d.as("head 92").AcceptBy); got != want {
		d.s.t.Errorf("it is to be answered by %s, not %s", got, want)
	}
}

// finished is the end of processing, which decides on time or late.
func (d *file) finished(want string) {
	d.s.t.Helper()
	if got := wall(d.as("head 92").FinishedAt); got != want {
		d.s.t.Errorf("it ended at %s, not %s", got, want)
	}
}

// stood lists the spans in which the clock stood, the last one open if it stands: "SUPPLEMENT 2026-11-03 08:00 – ".
func (d *file) stood(want ...string) {
	d.s.t.Helper()
	got := []string{}
	for _, p := range d.as("head 92").Pauses {
		got = append(got, p.Cause+" "+wall(p.From)+" – "+wall(p.To))
	}
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		d.s.t.Errorf("pauses: %s", diff)
	}
}

// heldBy says whose move it is.
func (d *file) heldBy(agency string) {
	d.s.t.Helper()
	if got := d.as("head 92").Holder.Code; got != agency {
		d.s.t.Errorf("it is held by %s, not %s", got, agency)
	}
}

// prints lists the forms that can be printed of it; every other is refused.
func (d *file) prints(want string) {
	d.s.t.Helper()
	var got []string
	for _, name := range dossier.FormNames {
		if name == dossier.FormRegister {
			continue
		}
		a := d.s.ask("GET", "/api/v1/dossiers/"+d.Code+"/forms/"+name+"?format=pdf", d.s.who("head 92"), "")
		switch {
		case a.status == 200 && strings.HasPrefix(a.body, "%PDF-"):
			got = append(got, name)
		case a.status != 409:
			d.s.t.Errorf("form %s: %d %s", name, a.status, a.body)
		}
	}
	if got := strings.Join(got, " "); got != want {
		d.s.t.Errorf("forms: %s, not %s", got, want)
	}
}

// tells lists the kinds of the events in its journal.
func (d *file) tells(want string) {
	d.s.t.Helper()
	var journal struct{ Items []struct{ Kind string } }
	d.s.want(200, "GET", "/api/v1/dossiers/"+d.Code+"/events", d.s.who("head 92"), "").into(d.s.t, &journal)
	var got []string
	for _, e := range journal.Items {
		got = append(got, e.Kind)
	}
	if got := strings.Join(got, " "); got != want {
		d.s.t.Errorf("journal: %s, not %s", got, want)
	}
}

// through lets an officer and the head of an agency work through the default process to a result.
func (d *file) through(agency string) {
	d.s.t.Helper()
	if d.as("head 92").State == "2" {
		d.does("clerk VT", "hand-over")
	}
	d.does("officer "+agency, "take")
	d.does("officer "+agency, "complete-step")
	d.does("head "+agency, "finish", withResult)
}

const (
	withResult   = `{"result":{"summary":"Kết quả giải quyết","number":"12/KQ"}}`
	overCounter  = `{"handed_out":{"method":"IN_PERSON","receiver":"Nguyễn Thị Mẫu"}}`
	byPost       = `{"handed_out":{"method":"POST","receiver":"Nguyễn Thị Mẫu","tracking":"EA123456789VN","address":"Ấp Thử, xã Một"}}`
	online       = `{"handed_out":{"method":"ONLINE","file_no":3}}`
	forTax       = `{"fees":[{"kind":"DUTY","name":"Lệ phí trước bạ","vnd":2500000}]}`
	taxCame      = `{"fees":[{"no":1,"method":"TRANSFER","receipt":{"number":"NSNN-1"}}]}`
	forReason    = `{"reason":"Lý do nêu đầy đủ"}`
	stopping     = `{"reason":"Lý do nêu đầy đủ","document":{"number":"15/TB-UBND","date":"2026-11-09"}}`
	withdrawing  = `{"reason":"Lý do nêu đầy đủ","request":{"by":"APPLICANT","how":"WRITTEN"}}`
	askForPapers = `{"reason":"Thiếu giấy tờ","papers":["Bản vẽ thiết kế"]}`
	papersCame   = `{"papers":["Bản vẽ thiết kế"]}`
)

// stoppingOn is the same by a document of another day.
func stoppingOn(day string) string { return strings.Replace(stopping, "2026-11-09", day, 1) }
