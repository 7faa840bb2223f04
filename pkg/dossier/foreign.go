package dossier

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
)

// ForeignRecord is what one line of another system's table says of one dossier (api/dossiers-import.md).
type ForeignRecord struct {
	Line            int
	Code            string // names the dossier over there
	Procedure       string // its code, "" where the system does not say
	ProcedureName   string
	Field           string
	Variant         string
	Agency          string // that decides
	ReceivingAgency string // "" is the same
	Channel         catalog.Channel
	StateGiven      string // as the cell says it
	Foreign
	DueAt     *time.Time
	Applicant Person
	Kept      map[string]string // every other column that is not empty
}

// ForeignTable knows which column of a table holds what. Naive times are read in its zone; nothing may lie after its now.
type ForeignTable struct {
	names []string
	at    map[string]int
	zone  *time.Location
	now   time.Time
}

// The columns with a meaning. Any other is kept as it is.
var foreignColumns = []string{
	"code", "procedure", "procedure_name", "field", "variant", "agency", "receiving_agency", "channel", "received_at", "due_at",
	"finished_at", "returned_at", "state", "applicant_kind", "applicant_name", "applicant_id_number", "applicant_phone",
	"applicant_email", "applicant_address",
}

// NewForeignTable reads the header. Letter case does not matter, a space or dash stands for an underscore. code and received_at must
// be there, and whatever else is named in must. The error is Invalid, "table-invalid", and names every column at fault.
func NewForeignTable(header []string, zone *time.Location, now time.Time, must ...string) (ForeignTable, error) {
	t := ForeignTable{at: map[string]int{}, zone: zone, now: now}
	var wrong fault.Fields
	for i, cell := range header {
		name := strings.TrimSpace(cell)
		if plain := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(name)); slices.Contains(foreignColumns, plain) {
			name = plain
		}
		if name == "" {
			name = fmt.Sprintf("column %d", i+1)
		}
		if _, twice := t.at[name]; twice {
			wrong.Add(name, "duplicate", "stands in the header twice")
		}
		t.at[name] = i
		t.names = append(t.names, name)
	}
	for _, name := range append([]string{"code", "received_at"}, must...) {
		if _, ok := t.at[name]; !ok {
			wrong.Add(name, "required", "is missing in the header")
		}
	}
	return t, wrong.Err("table-invalid", "the table cannot be read")
}

// Read makes sense of one record that begins on the line. The error is Invalid, "record-invalid", and names line and column of
// everything that is wrong with it, without repeating what may be personal data.
func (t ForeignTable) Read(line int, cells []string) (ForeignRecord, error) {
	f := foreignLine{t: t, cells: cells, record: ForeignRecord{Line: line}}
	switch {
	case len(cells) != len(t.names):
		f.wrong.Add(fmt.Sprintf("line %d", line), "length", "has %d cells where the header has %d", len(cells), len(t.names))
	case f.unreadable():
	default:
		f.texts()
		f.channel()
		f.times()
		f.keep()
	}
	return f.record, f.wrong.Err("record-invalid", "the record cannot be taken over")
}

// foreignLine is one line while it is read.
type foreignLine struct {
	t      ForeignTable
	cells  []string
	record ForeignRecord
	wrong  fault.Fields
}

func (f *foreignLine) bad(column, code, detail string, args ...any) {
	f.wrong.Add(fmt.Sprintf("line %d, %s", f.record.Line, column), code, detail, args...)
}

// cell is the trimmed text of a column, "" where the table has none.
func (f *foreignLine) cell(column string) string {
	i, ok := f.t.at[column]
	if !ok {
		return ""
	}
	return f.clean(i)
}

func (f *foreignLine) clean(i int) string {
	return strings.TrimSpace(strings.ReplaceAll(f.cells[i], "\x00", "")) // no database keeps a NUL in a text
}

func (f *foreignLine) unreadable() bool {
	for i, s := range f.cells {
		if !utf8.ValidString(s) {
			f.bad(f.t.names[i], "encoding", "is not UTF-8")
		}
	}
	return len(f.wrong) > 0
}

func (f *foreignLine) texts() {
	r := &f.record
	r.Code, r.Procedure, r.ProcedureName = f.cell("code"), f.cell("procedure"), f.cell("procedure_name")
	r.Field, r.Variant, r.Agency, r.ReceivingAgency = f.cell("field"), f.cell("variant"), f.cell("agency"), f.cell("receiving_agency")
	switch {
	case r.Code == "":
		f.bad("code", "required", "is empty")
	case len(r.Code) > 200:
		f.bad("code", "too-long", "is longer than 200 bytes")
	}
	r.Applicant = Person{
		Kind: PersonKind(strings.ToUpper(f.cell("applicant_kind"))), Name: f.cell("applicant_name"), IDNumber: f.cell("applicant_id_number"),
		Phone: f.cell("applicant_phone"), Email: f.cell("applicant_email"), Address: f.cell("applicant_address"),
	}
	if r.Applicant.Kind == "" {
		r.Applicant.Kind = Citizen
	}
	if !slices.Contains(PersonKinds, r.Applicant.Kind) {
		f.bad("applicant_kind", "unknown", "is none of %v", PersonKinds)
	}
}

// channel of a record that says nothing is the counter, where all dossiers once came in.
func (f *foreignLine) channel() {
	s := f.cell("channel")
	if s == "" {
		f.record.Channel = catalog.InPerson
		return
	}
	c, ok := foreignChannels[plain(s)]
	if !ok {
		f.bad("channel", "unknown", "%q is none of %v", s, catalog.Channels)
	}
	f.record.Channel = c
}

// The channels by our names, by those and the numbers of the national interface, and by common ones of other systems.
var foreignChannels = map[string]catalog.Channel{
	"in person": catalog.InPerson, "direct": catalog.InPerson, "truc tiep": catalog.InPerson, "1": catalog.InPerson,
	"desk": catalog.InPerson, "counter": catalog.InPerson,
	"online": catalog.Online, "truc tuyen": catalog.Online, "2": catalog.Online,
	"internet": catalog.Online, "web": catalog.Online, "e mail": catalog.Online, "email": catalog.Online,
	"post": catalog.Post, "postal": catalog.Post, "3": catalog.Post, "mail": catalog.Post,
	"buu chinh": catalog.Post, "buu dien": catalog.Post, "buu chinh cong ich": catalog.Post, "dich vu buu chinh cong ich": catalog.Post,
}

// The states by number, by our names and by those of the national table.
var foreignStates = func() map[string]State {
	all := map[string]State{}
	for i, s := range States {
		all[string(s)] = s
		all[plain(StateNames[s])] = s
		all[plain([]string{
			"Mới đăng ký", "Được tiếp nhận", "Không được tiếp nhận", "Đang xử lý", "Yêu cầu bổ sung giấy tờ",
			"Yêu cầu thực hiện nghĩa vụ tài chính", "Công dân yêu cầu rút hồ sơ", "Dừng xử lý", "Đã xử lý xong", "Đã trả kết quả",
		}[i])] = s
	}
	return all
}()

func plain(s string) string { return catalog.Fold(strings.NewReplacer("_", " ", "-", " ").Replace(s)) }

func (f *foreignLine) times() {
	received, finished, returned := f.time("received_at"), f.time("finished_at"), f.time("returned_at")
	if due := f.time("due_at"); due != nil {
		at := due.at
		if due.bare { // a date without a time of day is kept until it ends
			y, m, d := at.In(f.t.zone).Date()
			at = time.Date(y, m, d, 23, 59, 59, 0, f.t.zone).UTC()
		}
		f.record.DueAt = &at
		if received != nil && at.Before(received.at) {
			f.bad("due_at", "order", "lies before received_at")
		}
	}
	finished.notBefore(received)
	returned.notBefore(received)
	returned.notBefore(finished)
	f.order(received, finished, returned)
	if received != nil {
		f.record.ReceivedAt = received.at
	}
	if finished == nil { // handed out, so done at that time at the latest
		finished = returned
	}
	if finished != nil {
		f.record.FinishedAt = &finished.at
	}
	if returned != nil {
		f.record.ReturnedAt = &returned.at
	}
	f.state()
}

func (f *foreignLine) order(received, finished, returned *moment) {
	if received == nil && f.cell("received_at") == "" {
		f.bad("received_at", "required", "is empty")
	}
	for _, m := range []*moment{received, finished, returned} {
		if m != nil && m.at.After(f.t.now) {
			f.bad(m.column, "future", "lies in the future")
		}
	}
	if received != nil && finished != nil && finished.at.Before(received.at) {
		f.bad("finished_at", "order", "lies before received_at")
	}
	if received != nil && returned != nil && returned.at.Before(received.at) {
		f.bad("returned_at", "order", "lies before received_at")
	}
	if finished != nil && returned != nil && returned.at.Before(finished.at) {
		f.bad("returned_at", "order", "lies before finished_at")
	}
}

// state is the one that the record names; where it names none, it follows from the dates. A state that the dates contradict is wrong.
func (f *foreignLine) state() {
	r := &f.record
	r.StateGiven = f.cell("state")
	if r.StateGiven == "" {
		switch {
		case r.ReturnedAt != nil:
			r.State = Returned
		case r.FinishedAt != nil:
			r.State = Resolved
		default:
			r.State = InProgress
		}
		return
	}
	s, ok := foreignStates[plain(r.StateGiven)]
	switch {
	case !ok:
		f.bad("state", "unknown", "%q is none of the states 1 to 10 nor one of their names", r.StateGiven)
	case s.Ended() && r.FinishedAt == nil && f.cell("finished_at")+f.cell("returned_at") == "":
		f.bad("finished_at", "required", "is empty, though state %s (%s) ends the processing", s, StateNames[s])
	case !s.Ended() && f.cell("finished_at")+f.cell("returned_at") != "":
		f.bad("state", "invalid", "is %s (%s), though finished_at or returned_at says that the processing has ended", s, StateNames[s])
	}
	r.State = s
}

func (f *foreignLine) keep() {
	for i, name := range f.t.names {
		if slices.Contains(foreignColumns, name) {
			continue
		}
		if s := f.clean(i); s != "" {
			if f.record.Kept == nil {
				f.record.Kept = map[string]string{}
			}
			f.record.Kept[name] = s
		}
	}
}

// moment is a time as a cell gives it; bare says that it gives a date only.
type moment struct {
	column string
	at     time.Time // UTC, whole microseconds
	bare   bool
	zone   *time.Location
}

// notBefore lets a bare date mean the later part of that date, if something else happened on the same date at a later hour.
func (m *moment) notBefore(other *moment) {
	if m == nil || other == nil || !m.bare || !m.at.Before(other.at) {
		return
	}
	if catalog.DateOf(m.at, m.zone) == catalog.DateOf(other.at, m.zone) {
		m.at = other.at
	}
}

// The ways in which a time may be written: with its own zone, with a time of day, as a date only. The day stands before the month.
var (
	zonedLayouts = []string{time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02 15:04Z07:00"}
	naiveLayouts = []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04", "2/1/2006 15:04:05", "2/1/2006 15:04"}
	dateLayouts  = []string{time.DateOnly, "2/1/2006"}
)

func (f *foreignLine) time(column string) *moment {
	s := f.cell(column)
	if s == "" {
		return nil
	}
	m := &moment{column: column, zone: f.t.zone}
	for _, way := range []struct {
		layouts []string
		zone    *time.Location
		bare    bool
	}{{zonedLayouts, time.UTC, false}, {naiveLayouts, f.t.zone, false}, {dateLayouts, f.t.zone, true}} {
		for _, layout := range way.layouts {
			at, err := time.ParseInLocation(layout, s, way.zone)
			if err != nil {
				continue
			}
			if at.Year() < 1901 || at.Year() > 2200 {
				f.bad(column, "date", "%q lies outside the years 1901 to 2200", s)
				return nil
			}
			m.at, m.bare = at.UTC().Truncate(time.Microsecond), way.bare
			return m
		}
	}
	f.bad(column, "time", "%q is no time like 2025-07-01T08:00:00+07:00, 2025-07-01 08:00, 01/07/2025 08:00 or 2025-07-01", cut(s))
	return nil
}

func cut(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
