package catalog

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/motcua/motcua/pkg/fault"
)

// ReadRecord reads one line of a published catalogue: a JSON object as the national portal's data or a city's own list give it
// (api/procedures.md). Nothing is dropped and nothing guessed: what a person has to look at is noted in Reviews, values of
// enumerations that are not known are noted there too. Codes stay as they were published, so that the record can be found again; an
// empty one is replaced by a stable one that begins with X-. Other fields than the known ones are passed over.
//
// The error is Invalid, code "record-invalid", and names every field that cannot be read. The text should be in NFC.
func ReadRecord(data []byte) (Procedure, error) {
	var wrong fault.Fields
	r := record{wrong: &wrong}
	switch {
	case !utf8.Valid(data):
		wrong.Add("", "encoding", "is not UTF-8")
	case len(bytes.TrimSpace(data)) == 0 || bytes.TrimSpace(data)[0] != '{':
		wrong.Add("", "type", "is no JSON object")
	default:
		if err := json.Unmarshal(data, &r.fields); err != nil {
			wrong.Add("", "syntax", "is no JSON: %v", err)
		}
	}
	if len(wrong) > 0 {
		return Procedure{}, wrong.Err("record-invalid", "the record cannot be read")
	}
	p := r.procedure()
	if p.Name == "" && len(wrong) == 0 {
		wrong.Add("name", "required", "is missing")
	}
	if len(wrong) > 0 {
		return Procedure{}, wrong.Err("record-invalid", "the record cannot be read")
	}
	p.RecordHash = p.fingerprint()
	for i := range p.Components { // after the fingerprint: what follows from the record is no part of it, however well it is read
		p.Components[i].read()
	}
	return p, nil
}

func (r record) procedure() Procedure {
	p := Procedure{
		Code: r.text("code"), Name: line(r.text("name")), Field: line(r.text("field")), FieldCode: join(r.list("field_code")),
		Agencies: lines(r.list("agency")), Authorities: lines(r.list("authority")), Coordinating: lines(r.list("coordinating")),
		Publisher: line(r.text("publisher")), PublisherCode: line(r.text("publisher_code")),
		DecisionNumber: line(r.text("decision_number")),
		NonBoundary:    r.flag("non_territorial"), NoResult: r.flag("no_result"), PaymentStops: r.flag("payment_stops"),
		Components: r.components(), FeeText: tidy(r.text("fee_text")), LegalBasis: lines(r.list("legal_basis")),
		Results: r.list("results"), Subjects: r.list("subjects"),
	}
	if p.Source = line(r.text("origin")); p.Source == "" {
		p.Source = line(r.text("source"))
	}
	p.identify()
	r.enumerations(&p)
	r.decisionDate(&p)
	r.terms(&p)
	p.Fees = r.fees(&p)
	return p
}

// identify flags a code that has none of the official forms and gives a record without one a code that stays the same as long as
// name, field and publisher do.
func (p *Procedure) identify() {
	switch {
	case tidy(p.Code) == "":
		sum := sha256.Sum256([]byte(p.Name + "\n" + p.Field + "\n" + p.Publisher + "\n" + p.PublisherCode))
		p.Code = "X-" + hex.EncodeToString(sum[:4])
		p.review(ReviewCodeMissing, "the record has no code; it is kept under %s", p.Code)
	case !CodeWellFormed(p.Code):
		p.review(ReviewCodeMalformed, "%q has none of the official forms of a code", p.Code)
	}
}

// review notes a reason once, however many channels it is found in.
func (p *Procedure) review(code, detail string, args ...any) {
	r := Review{Code: code, Detail: fmt.Sprintf(detail, args...)}
	if !known(p.Reviews, r) {
		p.Reviews = append(p.Reviews, r)
	}
}

// Duplicate is the procedure as the nth record (2 up) that bears its code, to be kept beside the first under a code of its own.
func (p Procedure) Duplicate(n int) Procedure {
	published := p.Code
	p.Code = fmt.Sprintf("%s~%d", published, n)
	p.Reviews = append(append([]Review(nil), p.Reviews...), Review{
		Code: ReviewCodeDuplicate, Detail: fmt.Sprintf("code %q was already borne by another record; this one is kept under %s", published, p.Code),
	})
	return p
}

func (r record) enumerations(p *Procedure) {
	p.Levels = []Level{}
	for _, s := range r.list("levels") {
		level, ok := recordLevels[Fold(s)]
		if !ok {
			level = OtherLevel
			p.review(ReviewValueUnknown, "level %q is not known; it counts as %s", s, level)
		}
		if !known(p.Levels, level) {
			p.Levels = append(p.Levels, level)
		}
	}
	if len(p.Levels) == 0 {
		p.review(ReviewLevelMissing, "the record does not say at which level it is done")
	}
	p.HomeLevel = Home(p.Levels)

	for _, s := range r.list("channels") {
		if c, ok := recordChannels[Fold(s)]; !ok {
			p.review(ReviewValueUnknown, "channel %q is not known; it is left out", s)
		} else if !known(p.Channels, c) {
			p.Channels = append(p.Channels, c)
		}
	}

	p.OnlineLevel = OnlineNone
	if s := r.text("online"); tidy(s) != "" {
		level, ok := recordOnline[Fold(s)]
		if ok {
			p.OnlineLevel = level
		} else {
			p.review(ReviewValueUnknown, "online level %q is not known; it counts as %s", s, p.OnlineLevel)
		}
	}

	p.Status = InForce // what is published and says nothing else is in force
	if s := Fold(r.text("status")); s != "" {
		status, ok := recordStatus(s)
		if ok {
			p.Status = status
		} else {
			p.review(ReviewValueUnknown, "status %q is not known; it counts as %s", cut(line(r.text("status")), 60), p.Status)
		}
	}
}

var (
	recordLevels = map[string]Level{
		"ministry": Ministry, "province": Province, "district": District, "commune": Commune, "vertical": Vertical, "other": OtherLevel,
		"cap bo": Ministry, "cap tinh": Province, "cap huyen": District, "cap xa": Commune, "co quan khac": OtherLevel,
	}
	recordChannels = map[string]Channel{
		"direct": InPerson, "in_person": InPerson, "truc tiep": InPerson,
		"online": Online, "truc tuyen": Online,
		"postal": Post, "post": Post, "buu chinh": Post, "dich vu buu chinh": Post, "buu chinh cong ich": Post,
	}
	recordOnline = map[string]OnlineLevel{
		"toan_trinh": OnlineFull, "toan trinh": OnlineFull, "full": OnlineFull,
		"mot_phan": OnlinePartial, "mot phan": OnlinePartial, "partial": OnlinePartial,
		"cung_cap_thong_tin": OnlineInfo, "thong_tin": OnlineInfo, "cung cap thong tin": OnlineInfo, "info": OnlineInfo,
		"khong": OnlineNone, "none": OnlineNone,
	}
	// As they begin, since text cut out of a printed list carries bullets before and other fields behind. The longer come first.
	recordStatuses = []struct {
		begins string
		status Status
	}{
		{"het hieu luc", Repealed},
		{"bai bo", Repealed},
		{"bi bai bo", Repealed},
		{"repealed", Repealed},
		{"inactive", Repealed},
		{"con hieu luc", InForce},
		{"dang cong khai", InForce},
		{"updated", InForce},
		{"active", InForce},
		{"in_force", InForce},
	}
)

func recordStatus(folded string) (Status, bool) {
	for len(folded) > 0 && (folded[0] < 'a' || folded[0] > 'z') {
		folded = folded[1:]
	}
	for _, s := range recordStatuses {
		if len(folded) >= len(s.begins) && folded[:len(s.begins)] == s.begins {
			return s.status, true
		}
	}
	return "", false
}

// decisionDate reads a date in the two ways that lists write it; another is kept with the number of the decision.
func (r record) decisionDate(p *Procedure) {
	s := line(r.text("decision_date"))
	if s == "" {
		return
	}
	for _, layout := range []string{time.DateOnly, "02/01/2006", "2/1/2006", time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			p.DecisionDate = Date(t.Format(time.DateOnly))
			return
		}
	}
	p.review(ReviewValueUnknown, "decision date %q is no date", cut(s, 60))
}

// recordFees: the national portal's FEE is the charge for a service (phí), its SERVICE_FEE the state's levy (lệ phí): 8,000 đồng for
// an extract from the register of civil status is the former, 4,500,000 for an adoption the latter.
var recordFees = map[string]string{"fee": "CHARGE", "charge": "CHARGE", "phi": "CHARGE", "service_fee": "LEVY", "levy": "LEVY", "le phi": "LEVY"}

// recordDue is until when a fee is to be paid, as lists word it.
var recordDue = map[string]string{
	"before": "BEFORE", "thu truoc": "BEFORE", "after": "AFTER", "thu sau": "AFTER", "at_return": "AT_RETURN", "khi tra ket qua": "AT_RETURN",
}

// fees of the procedure, or of one of its cases.
func (r record) fees(p *Procedure) []Fee {
	var all []Fee
	for _, one := range r.objects("fees") {
		f := Fee{Channel: one.channel(p, "fee"), Note: tidy(one.text("note"))}
		kind := line(one.text("kind"))
		if f.Kind = recordFees[Fold(kind)]; f.Kind == "" {
			f.Kind = "CHARGE"
			if kind != "" {
				p.review(ReviewValueUnknown, "kind of fee %q is not known; it counts as %s", kind, f.Kind)
			}
		}
		if due := line(one.text("due")); due != "" {
			if f.Due = recordDue[Fold(due)]; f.Due == "" {
				p.review(ReviewValueUnknown, "time of payment %q is not known; the rules decide", due)
			}
		}
		f.VND = one.money(p, "value_vnd")
		all = append(all, f)
	}
	return all
}

// channel is the channel of a term or fee, "" for every channel; an unknown one is noted and counts for every channel.
func (r record) channel(p *Procedure, of string) Channel {
	s := line(r.text("channel"))
	if s == "" {
		return ""
	}
	c, ok := recordChannels[Fold(s)]
	if !ok {
		p.review(ReviewValueUnknown, "channel %q of a %s is not known; it counts for every channel", s, of)
	}
	return c
}

func (p Procedure) fingerprint() string {
	body, err := json.Marshal(p)
	if err != nil { // texts and numbers only: cannot happen
		return ""
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func join(all []string) string {
	out := ""
	for i, s := range all {
		if i > 0 {
			out += ", "
		}
		out += line(s)
	}
	return out
}

// cut shortens what is quoted from a record.
func cut(s string, runes int) string {
	r := []rune(s)
	if len(r) <= runes {
		return s
	}
	return string(r[:runes]) + "…"
}
