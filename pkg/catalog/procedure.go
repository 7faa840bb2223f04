package catalog

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/worktime"
)

// Channel is the way by which a dossier comes in (kênh thực hiện).
type Channel string

// The channels.
const (
	InPerson Channel = "IN_PERSON" // trực tiếp
	Online   Channel = "ONLINE"    // trực tuyến
	Post     Channel = "POST"      // bưu chính công ích
)

// Channels lists every channel.
var Channels = []Channel{InPerson, Online, Post}

// OnlineLevel is how far a procedure can be done online (NĐ 42/2022/NĐ-CP).
type OnlineLevel string

// The online levels.
const (
	OnlineFull    OnlineLevel = "FULL"    // toàn trình
	OnlinePartial OnlineLevel = "PARTIAL" // một phần
	OnlineInfo    OnlineLevel = "INFO"    // only information
	OnlineNone    OnlineLevel = "NONE"
)

// OnlineLevels lists every online level.
var OnlineLevels = []OnlineLevel{OnlineFull, OnlinePartial, OnlineInfo, OnlineNone}

// Interconnection says that several agencies work on one dossier (liên thông). The two are flags: a procedure may be both or neither.
type Interconnection string

// The interconnections.
const (
	SameLevel  Interconnection = "SAME_LEVEL"  // liên thông cùng cấp
	CrossLevel Interconnection = "CROSS_LEVEL" // liên thông giữa các cấp
)

// Interconnections lists both.
var Interconnections = []Interconnection{SameLevel, CrossLevel}

// Status is whether a procedure is published.
type Status string

// The statuses.
const (
	InForce  Status = "IN_FORCE" // đang công khai
	Repealed Status = "REPEALED" // bãi bỏ
)

// Statuses lists both.
var Statuses = []Status{InForce, Repealed}

// Term is how long the procedure may take by one channel or in one variant, the value by law and the shortened one side by side.
type Term struct {
	Channel   Channel        `json:"channel,omitempty"` // "" for every channel
	Statutory *worktime.Term `json:"statutory,omitempty"`
	Shortened *worktime.Term `json:"shortened,omitempty"` // sau cắt giảm; when there is one it is what is promised
	Text      string         `json:"text,omitempty"`      // as published
	Note      string         `json:"note,omitempty"`
}

// Promised is the term that a receipt is reckoned by, nil if none is usable.
func (t Term) Promised() *worktime.Term {
	if t.Shortened != nil {
		return t.Shortened
	}
	return t.Statutory
}

// Variant is a case of the procedure with terms of its own (trường hợp), one for every channel or one for each.
type Variant struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Terms []Term `json:"terms"`
	Fees  []Fee  `json:"fees,omitempty"` // where they are not the procedure's
}

// Fee is a charge (phí) or levy (lệ phí) in whole đồng.
type Fee struct {
	Channel Channel `json:"channel,omitempty"`
	Kind    string  `json:"kind"` // CHARGE or LEVY
	VND     *int64  `json:"vnd,omitempty"`
	Note    string  `json:"note,omitempty"`
	Due     string  `json:"due,omitempty"` // until when it is to be paid: BEFORE, AFTER (acceptance) or AT_RETURN; "" as the rules have it
}

// StepPlace binds a step to an agency by its part in the dossier.
type StepPlace string

// The places. Any other value is the code of an agency.
const (
	AtDeciding  StepPlace = "DECIDING"
	AtReceiving StepPlace = "RECEIVING"
	AtCommune   StepPlace = "COMMUNE" // the people's committee of the applicant's commune
)

// Step is one step of the internal process (quy trình nội bộ).
type Step struct {
	Stage  int            `json:"stage,omitempty"` // steps of one number run side by side; 0: a stage of its own after the one before
	Name   string         `json:"name"`
	Agency StepPlace      `json:"agency"`
	Role   string         `json:"role"` // staff.Role that takes it
	Term   *worktime.Term `json:"term,omitempty"`
	Output string         `json:"output,omitempty"`
}

// Review is a reason why a person must look at the record before it can be relied on.
type Review struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// The reasons for review.
const (
	ReviewCodeMissing      = "code-missing"
	ReviewCodeMalformed    = "code-malformed"
	ReviewCodeDuplicate    = "code-duplicate"
	ReviewDeadlineMissing  = "deadline-missing"
	ReviewDeadlineConflict = "deadline-conflict"
	ReviewProcessTooLong   = "process-too-long" // than the terms that it has to be done within
)

// Procedure is an administrative procedure as published (thủ tục hành chính). ID names it for good; Version counts its contents.
type Procedure struct {
	ID               uuid.UUID         `json:"-"`
	VersionID        uuid.UUID         `json:"-"`
	Version          int               `json:"-"`
	Code             string            `json:"code"`
	Name             string            `json:"name"`
	Field            string            `json:"field"` // lĩnh vực
	FieldCode        string            `json:"field_code,omitempty"`
	Levels           []Level           `json:"levels"`
	HomeLevel        Level             `json:"home_level"` // where it is counted once
	Agencies         []string          `json:"agencies"`   // names as published
	Authorities      []string          `json:"authorities,omitempty"`
	Coordinating     []string          `json:"coordinating,omitempty"`
	Publisher        string            `json:"publisher,omitempty"`
	PublisherCode    string            `json:"publisher_code,omitempty"`
	DecisionNumber   string            `json:"decision_number,omitempty"`
	DecisionDate     Date              `json:"decision_date,omitempty"`
	Status           Status            `json:"status"`
	OnlineLevel      OnlineLevel       `json:"online_level"`
	Interconnections []Interconnection `json:"interconnections,omitempty"`
	OnTheSpot        bool              `json:"on_the_spot,omitempty"`   // 5 tại chỗ
	NonBoundary      bool              `json:"non_boundary,omitempty"`  // phi địa giới
	NoResult         bool              `json:"no_result,omitempty"`     // nothing is handed out at the end
	PaymentStops     bool              `json:"payment_stops,omitempty"` // the clock stops while a financial duty is open
	Excluded         []string          `json:"excluded,omitempty"`      // causes of waiting that do not count into the term (dossier.WaitCauses)
	Channels         []Channel         `json:"channels,omitempty"`
	Terms            []Term            `json:"terms,omitempty"`
	Variants         []Variant         `json:"variants,omitempty"`
	Components       []Component       `json:"components,omitempty"`
	Fees             []Fee             `json:"fees,omitempty"`
	FeeText          string            `json:"fee_text,omitempty"`
	LegalBasis       []string          `json:"legal_basis,omitempty"`
	Results          []string          `json:"results,omitempty"`
	Subjects         []string          `json:"subjects,omitempty"`
	Process          []Step            `json:"process,omitempty"`
	ProcessDecision  string            `json:"process_decision,omitempty"` // that set the process: number and date
	Decided          Decided           `json:"decided,omitzero"`           // by such a decision
	Source           string            `json:"source,omitempty"`
	Reviews          []Review          `json:"reviews,omitempty"`
	Answers          []Answer          `json:"answers,omitempty"`
	RecordHash       string            `json:"record_hash,omitempty"` // of the published record that it was read from, SHA-256
}

// Decided is what a decision says in place of the published record; nil where it says nothing.
type Decided struct {
	NoResult     *bool `json:"no_result,omitempty"`
	PaymentStops *bool `json:"payment_stops,omitempty"`
}

// Decide lays what a decision says over the procedure. What it says nothing of stays as it was.
func (p *Procedure) Decide(by Decided) {
	if by.NoResult != nil {
		p.NoResult, p.Decided.NoResult = *by.NoResult, by.NoResult
	}
	if by.PaymentStops != nil {
		p.PaymentStops, p.Decided.PaymentStops = *by.PaymentStops, by.PaymentStops
	}
}

// Answer says that a person looked at a record under review and set its terms. It outlives the import of the unchanged record.
type Answer struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"` // act and article
}

// A national code, alone or localised in the older or the newer way (domain: 2,642 of 2,642 crawled codes match).
var procedureCode = regexp.MustCompile(`^\d\.\d{6}(\.(\d{3}\.\d{2}\.\d{2}\.)?[A-Z]\d{2})?$`)

// CodeWellFormed says whether the code has one of the official forms.
func CodeWellFormed(code string) bool { return procedureCode.MatchString(code) }

// NeedsReview says whether a person must look at it.
func (p Procedure) NeedsReview() bool { return len(p.Reviews) > 0 }

// TermFor is the term that a dossier by the channel in the variant ("" if none was named) is promised. It never guesses: where the
// record gives none or gives several that differ, the error (Invalid) says what to name or who must look.
func (p Procedure) TermFor(channel Channel, variant string) (worktime.Term, error) {
	if variant != "" {
		for _, v := range p.Variants {
			if v.Code != variant {
				continue
			}
			switch terms := distinct(v.Terms, channel); len(terms) {
			case 1:
				return terms[0], nil
			case 0:
				return worktime.Term{}, fault.New(fault.Invalid, "deadline-missing",
					"variant %s of procedure %s has no usable deadline for channel %s; it needs review", variant, p.Code, channel)
			default:
				return worktime.Term{}, fault.New(fault.Invalid, "deadline-ambiguous",
					"variant %s of procedure %s gives %d different deadlines for channel %s; it needs review", variant, p.Code, len(terms), channel)
			}
		}
		return worktime.Term{}, fieldFault("variant", "variant-unknown", "procedure %s has no variant %q", p.Code, variant)
	}
	terms := distinct(p.Terms, channel)
	for _, v := range p.Variants { // where they say something else
		for _, t := range distinct(v.Terms, channel) {
			if !known(terms, t) {
				terms = append(terms, t)
			}
		}
	}
	switch {
	case len(terms) == 1:
		return terms[0], nil
	case len(terms) == 0:
		return worktime.Term{}, fault.New(fault.Invalid, "deadline-missing",
			"procedure %s has no usable deadline for channel %s; it needs review", p.Code, channel)
	default:
		return worktime.Term{}, fieldFault("variant", "variant-required",
			"procedure %s gives %d different deadlines; name one of its variants: %s", p.Code, len(terms), p.variantCodes())
	}
}

// distinct are the different terms that could apply: those of the channel itself, else those of every channel.
func distinct(terms []Term, channel Channel) []worktime.Term {
	var own, any []worktime.Term
	add := func(list *[]worktime.Term, t *worktime.Term) {
		if t != nil && !known(*list, *t) {
			*list = append(*list, *t)
		}
	}
	for _, t := range terms {
		switch t.Channel {
		case channel:
			add(&own, t.Promised())
		case "":
			add(&any, t.Promised())
		}
	}
	if len(own) == 0 {
		return any
	}
	return own
}

// allTerms are those of the channels and those of the variants.
func (p Procedure) allTerms() []Term {
	all := slices.Clone(p.Terms)
	for _, v := range p.Variants {
		all = append(all, v.Terms...)
	}
	return all
}

// Promised are all terms that somebody can be promised.
func (p Procedure) Promised() []worktime.Term {
	var all []worktime.Term
	for _, t := range p.allTerms() {
		if x := t.Promised(); x != nil {
			all = append(all, *x)
		}
	}
	return all
}

func (p Procedure) variantCodes() string {
	codes := make([]string, len(p.Variants))
	for i, v := range p.Variants {
		codes[i] = v.Code
	}
	return strings.Join(codes, ", ")
}

// SaysLevel says whether the record tells at which levels the procedure is done; "other" tells nothing about an agency.
func (p Procedure) SaysLevel() bool { return len(p.Levels) > 0 && !known(p.Levels, OtherLevel) }

// DecidedAt says whether an agency of the level can decide on the day. What records of three tiers leave to a district passed to communes
// and provinces when districts ended.
func (p Procedure) DecidedAt(level Level, on Date) bool {
	return known(p.Levels, level) || known(p.Levels, District) && on >= merged && (level == Commune || level == Province)
}

// Home is the level at which a procedure of these levels is counted once: the highest one below the ministries, for want of a
// decision that says otherwise.
func Home(levels []Level) Level {
	for _, want := range []Level{Province, District, Commune, Ministry, Vertical, OtherLevel} {
		if known(levels, want) {
			return want
		}
	}
	return OtherLevel
}

func fieldFault(field, code, detail string, args ...any) error {
	var wrong fault.Fields
	wrong.Add(field, code, detail, args...)
	e := fault.Of(fault.Invalid, code, wrong[0].Said)
	e.Fields = wrong
	return e
}
