// Package dossier says what a dossier is, which moves it may make, what it was promised, and whether it is on time.
package dossier

import (
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/worktime"
)

// State is a dossier's state as the national synchronisation interface numbers it (trạng thái hồ sơ, "1" to "10").
type State string

// The ten national states.
const (
	Registered          State = "1"  // Mới đăng ký
	Accepted            State = "2"  // Được tiếp nhận
	Refused             State = "3"  // Không được tiếp nhận
	InProgress          State = "4"  // Đang xử lý
	SupplementRequested State = "5"  // Yêu cầu bổ sung giấy tờ
	PaymentRequired     State = "6"  // Yêu cầu thực hiện nghĩa vụ tài chính
	Withdrawn           State = "7"  // Công dân yêu cầu rút hồ sơ
	Stopped             State = "8"  // Dừng xử lý
	Resolved            State = "9"  // Đã xử lý xong
	Returned            State = "10" // Đã trả kết quả
)

// States lists the ten in their order; StateNames gives each its English identifier.
var (
	States     = []State{Registered, Accepted, Refused, InProgress, SupplementRequested, PaymentRequired, Withdrawn, Stopped, Resolved, Returned}
	StateNames = map[State]string{
		Registered: "REGISTERED", Accepted: "ACCEPTED", Refused: "REFUSED", InProgress: "IN_PROGRESS",
		SupplementRequested: "SUPPLEMENT_REQUESTED", PaymentRequired: "PAYMENT_REQUIRED", Withdrawn: "WITHDRAWN",
		Stopped: "STOPPED", Resolved: "RESOLVED", Returned: "RETURNED",
	}
)

// Ended says whether processing is over in this state: refused, withdrawn, stopped, resolved or returned.
func (s State) Ended() bool {
	return s == Refused || s == Withdrawn || s == Stopped || s == Resolved || s == Returned
}

// Dossier (hồ sơ) is what its journal says: every field below follows from its events, by apply and by nothing else.
type Dossier struct {
	ID          uuid.UUID       `json:"id"`
	Code        string          `json:"code"` // mã hồ sơ: agency identifier, date, running number of the day
	Procedure   Procedure       `json:"procedure"`
	Channel     catalog.Channel `json:"channel"`
	OnBehalf    bool            `json:"on_behalf,omitempty"` // entered by a clerk on the citizen's behalf
	ReceivingID uuid.UUID       `json:"receiving_id"`
	DecidingID  uuid.UUID       `json:"deciding_id"`
	HolderID    uuid.UUID       `json:"holder_id"`             // whose move it is
	HelpedID    uuid.UUID       `json:"helped_id,omitzero"`    // where somebody was helped to file; not set where nobody was
	ReturningID uuid.UUID       `json:"returning_id,omitzero"` // where the result is handed out; not set where it is the receiving agency
	Applicant   Person          `json:"applicant"`
	Submitter   *Person         `json:"submitter,omitempty"`   // who handed it in for the applicant
	Authority   *Authority      `json:"authority,omitempty"`   // what the submitter stands on
	ReusedFrom  []Reused        `json:"reused_from,omitempty"` // papers of earlier dossiers that were not asked for again
	Note        string          `json:"note,omitempty"`
	SecretHash  string          `json:"secret_hash,omitempty"` // of the receipt's look-up secret

	State        State      `json:"state"`
	ResumeState  State      `json:"resume_state,omitempty"` // where a supplement or payment leads back to
	SubmittedAt  time.Time  `json:"submitted_at"`
	AcceptBy     *time.Time `json:"accept_by,omitempty"`     // limit for accepting what came online
	HeldUpSince  *time.Time `json:"held_up_since,omitempty"` // since when accepting it waits for money or papers
	AcceptMissed *time.Time `json:"accept_missed,omitempty"` // the limit for accepting that passed before anybody accepted, refused or asked
	AcceptedAt   *time.Time `json:"accepted_at,omitempty"`
	FinishedAt   *time.Time `json:"finished_at,omitempty"` // end of processing: decides on time or late (NgayKetThucXuLy)
	ReturnedAt   *time.Time `json:"returned_at,omitempty"`
	Reason       string     `json:"reason,omitempty"` // of the last refusal, stop, withdrawal, request

	Basis         *Basis         `json:"basis,omitempty"`
	Promises      []Promise      `json:"promises,omitempty"`
	Extension     *Extension     `json:"extension,omitempty"` // asked for and not yet answered
	Pauses        []Pause        `json:"pauses,omitempty"`
	Supplements   int            `json:"supplements,omitempty"` // how often papers were asked for
	Asked         *Asked         `json:"asked,omitempty"`       // papers or money that the applicant has not answered with yet
	Fees          []Fee          `json:"fees,omitempty"`
	Refund        *Refund        `json:"refund,omitempty"`   // asked for and not yet answered
	FeeText       string         `json:"fee_text,omitempty"` // what the catalogue says of fees in words, where it has no rows
	Awaited       []int          `json:"awaited,omitempty"`  // the fees that state 6 waits for
	Steps         []Step         `json:"steps,omitempty"`
	StepNo        int            `json:"step_no,omitempty"`       // the first of the steps under way, 1 up; 0 before hand-over and after the end
	Turns         []Turn         `json:"turns,omitempty"`         // that are over, in the order of their ends
	Waits         []Wait         `json:"waits,omitempty"`         // for bodies outside
	Desks         []uuid.UUID    `json:"desks,omitempty"`         // that steps were assigned to beside their agencies; they keep it in sight
	Contributions []Contribution `json:"contributions,omitempty"` // of officers in support
	Result        *Result        `json:"result,omitempty"`
	ReturnChoice  *ReturnChoice  `json:"return_choice,omitempty"` // how the applicant wants the result; where is ReturningID
	Return        *HandedOut     `json:"return,omitempty"`
	PapersBack    []PapersBack   `json:"papers_back,omitempty"` // that went without a result
	Document      *Document      `json:"document,omitempty"`    // that a stop rests on
	Request       *Request       `json:"request,omitempty"`     // that a withdrawal follows
	Resumptions   []Resumed      `json:"resumptions,omitempty"` // recalls and re-openings: the ends that were taken back
	Parts         []Part         `json:"parts,omitempty"`       // the checklist, then what was handed in beyond it
	Files         []File         `json:"files,omitempty"`
	Source        *Source        `json:"source,omitempty"` // set when another system's record was taken over

	Version int    `json:"version"` // number of its events
	Head    string `json:"head"`    // hash of the last one
}

// Procedure is the version of a procedure that the dossier was taken in under; it stays, whatever the catalogue does later.
type Procedure struct {
	ID           uuid.UUID     `json:"id,omitzero"`
	VersionID    uuid.UUID     `json:"version_id,omitzero"`
	Version      int           `json:"version,omitempty"`
	Code         string        `json:"code"`
	Name         string        `json:"name"`
	Field        string        `json:"field"`
	Level        catalog.Level `json:"level"`
	Variant      string        `json:"variant,omitempty"`
	OnTheSpot    bool          `json:"on_the_spot,omitempty"`
	NoResult     bool          `json:"no_result,omitempty"`
	PaymentStops bool          `json:"payment_stops,omitempty"`
	Excluded     []PauseCause  `json:"excluded,omitempty"` // waiting that does not count into the term
}

// Basis is the law and calendar that the dossier's dates are reckoned by, kept from its day of acceptance, and what was granted since.
type Basis struct {
	Term        worktime.Term   `json:"term"`
	Rules       string          `json:"rules"`                 // id of the rule set
	RulesSum    string          `json:"rules_sum,omitempty"`   // of what it said then
	Calendar    string          `json:"calendar"`              // name
	From        time.Time       `json:"from"`                  // the instant that the term runs from
	Extensions  []worktime.Term `json:"extensions,omitempty"`  // granted in time, one after another
	Reappointed []worktime.Term `json:"reappointed,omitempty"` // granted too late: they move the date told, not the one that lateness counts from
}

// PromiseKind says why a date was promised.
type PromiseKind string

// The kinds.
const (
	FirstPromise   PromiseKind = "FIRST"
	AfterPause     PromiseKind = "AFTER_PAUSE" // shifted by a supplement or payment
	Restarted      PromiseKind = "RESTARTED"   // the full term again after a supplement
	Extended       PromiseKind = "EXTENDED"    // gia hạn: asked for in time, approved by a second person
	Reappointed    PromiseKind = "REAPPOINTED" // hẹn lại: the same, but too late; whether it is late is still judged by the date before
	Recomputed     PromiseKind = "RECOMPUTED"  // the calendar changed
	SourcesPromise PromiseKind = "SOURCE"      // another system's own
)

// Mark is a due instant and what follows from it under the rules, as facts, so that "late" is a comparison anywhere: finished
// before OnTimeFrom is early, at or after LateFrom is late. WarnAt and EscalateAt say when to warn and when to tell the level above.
type Mark struct {
	DueAt      time.Time `json:"due_at"`
	OnTimeFrom time.Time `json:"on_time_from"`
	LateFrom   time.Time `json:"late_from"`
	WarnAt     time.Time `json:"warn_at"`
	EscalateAt time.Time `json:"escalate_at"`
	Revision   int       `json:"calendar_revision,omitempty"` // of the calendar that it was reckoned by
}

// Promise is a date that was once promised (ngày hẹn trả). Promises are added, never changed.
type Promise struct {
	No     int         `json:"no"`
	Kind   PromiseKind `json:"kind"`
	MadeAt time.Time   `json:"made_at"`
	Mark
	Unconfirmed bool `json:"unconfirmed,omitempty"` // reckoned over a year whose days off are not published yet
	Why
}

// Why says what a promise rests on and who stands for it. AskedBy is whoever made it, or asked for it where a second person had to agree;
// then ApprovedBy is that second person.
type Why struct {
	Reason     string `json:"reason,omitempty"`
	LegalBasis string `json:"legal_basis,omitempty"` // act and article
	AskedBy    *By    `json:"asked_by,omitempty"`
	ApprovedBy *By    `json:"approved_by,omitempty"`
	Form       *Form  `json:"form,omitempty"` // that tells the applicant
}

// Extension is more time that was asked for (đề nghị gia hạn). It changes nothing until a second person approves it.
type Extension struct {
	Term       worktime.Term `json:"term"` // from the date promised on
	Reason     string        `json:"reason"`
	LegalBasis string        `json:"legal_basis,omitempty"`
	OutOfTime  bool          `json:"out_of_time,omitempty"` // asked for after the last day for it
	AskedAt    time.Time     `json:"asked_at"`
	AskedBy    By            `json:"asked_by"`
}

// Asked says who asked the applicant for papers or money, and until when they may come.
type Asked struct {
	By     By         `json:"by"`
	Until  *time.Time `json:"until,omitempty"`  // nil where the rules give no time
	Chosen bool       `json:"chosen,omitempty"` // by an officer; what the rules give otherwise
}

// PauseCause says what the clock waits for.
type PauseCause string

// The causes.
const (
	ForSupplement PauseCause = "SUPPLEMENT"
	ForPayment    PauseCause = "PAYMENT"
	// Waiting for what others than the office have to do; it counts into the term unless the procedure says otherwise.
	ForOpinion    PauseCause = "OPINION"
	ForInspection PauseCause = "INSPECTION"
	ForPosting    PauseCause = "POSTING"
	ForAppraisal  PauseCause = "APPRAISAL"
	ForSigning    PauseCause = "SIGNING"
	ForOther      PauseCause = "OTHER"
)

// WaitCauses lists what a step may wait for outside the office.
var WaitCauses = []PauseCause{ForOpinion, ForInspection, ForPosting, ForAppraisal, ForSigning, ForOther}

// CauseNames are the causes in words, as explanations print them and sentences about what went wrong say them.
var CauseNames = map[PauseCause]struct{ VI, EN string }{
	ForSupplement: {"chờ bổ sung giấy tờ", "waiting for papers"},
	ForPayment:    {"chờ thực hiện nghĩa vụ tài chính", "waiting for payment"},
	ForOpinion:    {"chờ ý kiến cơ quan khác", "waiting for another body's opinion"},
	ForInspection: {"chờ kiểm tra thực địa", "waiting for an inspection"},
	ForPosting:    {"niêm yết công khai", "public posting"},
	ForAppraisal:  {"chờ hội đồng thẩm định", "waiting for the appraisal council"},
	ForSigning:    {"chờ ký giáp ranh", "waiting for neighbours to sign"},
	ForOther:      {"chờ bên ngoài", "waiting for somebody outside"},
}

// label is the cause in both languages.
func (c PauseCause) label() string {
	if name, ok := CauseNames[c]; ok {
		return name.VI + " (" + name.EN + ")"
	}
	return string(c)
}

// Pause is a span in which the clock stands (tạm dừng tính thời hạn); To is nil while it lasts.
type Pause struct {
	From  time.Time  `json:"from"`
	To    *time.Time `json:"to,omitempty"`
	Cause PauseCause `json:"cause"`
}

// Result is what the applicant asked for.
type Result struct {
	Summary string `json:"summary"`
	Number  string `json:"number,omitempty"` // of the document
}

// Source is the record of another system that the dossier was taken over from, kept as it came.
type Source struct {
	System string            `json:"system"`
	Key    string            `json:"key"` // names the record there
	State  string            `json:"state,omitempty"`
	Kept   map[string]string `json:"kept,omitempty"` // every other column
}

// By is who did something, as it was then; it does not depend on the user still being there.
type By struct {
	ID       uuid.UUID `json:"id,omitzero"`
	Name     string    `json:"name"`
	Role     string    `json:"role"`
	AgencyID uuid.UUID `json:"agency_id,omitzero"`
}

// Extensions is how often the date was moved with an apology.
func (d Dossier) Extensions() int {
	n := 0
	for _, p := range d.Promises {
		if p.Kind == Extended || p.Kind == Reappointed {
			n++
		}
	}
	return n
}

// Promise in force: the last one, nil before acceptance.
func (d Dossier) Promise() *Promise {
	if len(d.Promises) == 0 {
		return nil
	}
	return &d.Promises[len(d.Promises)-1]
}

// JudgedBy is the date promised that lateness counts from, nil without one. A date that was moved once it was too late is told and counts for
// nothing: the one before it does. Where the clock stood after that, nobody was told the date that counts by itself; then it is the last second
// that is not late.
func (d Dossier) JudgedBy() *time.Time {
	now := d.Promise()
	if now == nil {
		return nil
	}
	for _, p := range d.Promises {
		if p.LateFrom.Equal(now.LateFrom) && p.DueAt.Before(p.LateFrom) && !p.DueAt.Before(p.OnTimeFrom) {
			return &p.DueAt
		}
	}
	return ptr(now.LateFrom.Add(-time.Second))
}

// Told is the date promised in force where another one counts, nil where it counts itself.
func (d Dossier) Told() *time.Time {
	if p := d.Promise(); p != nil && !p.DueAt.Equal(*d.JudgedBy()) {
		return &p.DueAt
	}
	return nil
}

// AnswerBy is until when the applicant may bring the papers, or pay, that were asked for; nil where nothing is asked for, or by no day.
func (d Dossier) AnswerBy() *time.Time {
	if d.Asked == nil {
		return nil
	}
	return d.Asked.Until
}

// Suspended is the open pause, nil while the clock runs.
func (d Dossier) Suspended() *Pause {
	if n := len(d.Pauses); n > 0 && d.Pauses[n-1].To == nil {
		return &d.Pauses[n-1]
	}
	return nil
}
