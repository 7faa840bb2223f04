package dossier

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/worktime"
)

// Kind is what happened.
type Kind string

// The kinds of events.
const (
	WasRegistered          Kind = "REGISTERED" // came in online, not yet accepted
	WasReceived            Kind = "RECEIVED"   // came in over a counter and was accepted at once
	WasImported            Kind = "IMPORTED"   // taken over from another system
	WasUpdated             Kind = "UPDATED"    // the other system told more about it
	WasAccepted            Kind = "ACCEPTED"
	WasRefused             Kind = "REFUSED"
	WasHandedOver          Kind = "HANDED_OVER"
	StepWasTaken           Kind = "STEP_TAKEN"
	StepWasCompleted       Kind = "STEP_COMPLETED"
	SupplementWasRequested Kind = "SUPPLEMENT_REQUESTED"
	SupplementWasCompleted Kind = "SUPPLEMENT_COMPLETED"
	PaymentWasRequested    Kind = "PAYMENT_REQUESTED"
	PaymentWasConfirmed    Kind = "PAYMENT_CONFIRMED"
	WasFinished            Kind = "FINISHED"
	WasReturned            Kind = "RETURNED"
	PapersWereGivenBack    Kind = "PAPERS_GIVEN_BACK" // without a result, after an end
	ReturnWasChanged       Kind = "RETURN_CHANGED"    // the applicant wants the result elsewhere, or otherwise
	WasWithdrawn           Kind = "WITHDRAWN"
	WasStopped             Kind = "STOPPED"
	WasRecalled            Kind = "RECALLED"
	WasReopened            Kind = "REOPENED"
	ExtensionWasRequested  Kind = "EXTENSION_REQUESTED"
	ExtensionWasApproved   Kind = "EXTENSION_APPROVED"
	ExtensionWasRefused    Kind = "EXTENSION_REFUSED"
	WasReplanned           Kind = "REPLANNED" // its calendar changed
	StepWasAssigned        Kind = "STEP_ASSIGNED"
	StepWasGivenBack       Kind = "STEP_GIVEN_BACK" // by who had it, to anybody of the agency
	StepWasSentBack        Kind = "STEP_SENT_BACK"  // to a stage before
	StepWasRecalled        Kind = "STEP_RECALLED"   // by who had just completed it
	WaitBegan              Kind = "WAIT_BEGAN"      // for somebody outside
	WaitEnded              Kind = "WAIT_ENDED"
	ContributionWasMade    Kind = "CONTRIBUTION_MADE" // by an officer in support
	FeesWereSet            Kind = "FEES_SET"
	FeesWereBilled         Kind = "FEES_BILLED" // the payer was asked for them
	FeesWerePaid           Kind = "FEES_PAID"
	FeesWereExempted       Kind = "FEES_EXEMPTED"
	RefundWasRequested     Kind = "REFUND_REQUESTED"
	FeesWereRefunded       Kind = "FEES_REFUNDED" // what was asked for was granted
	RefundWasRefused       Kind = "REFUND_REFUSED"
	FeesWereCancelled      Kind = "FEES_CANCELLED"
	FileWasAttached        Kind = "FILE_ATTACHED"
	FileWasRemoved         Kind = "FILE_REMOVED" // marked only: the bytes stay
)

// Kinds lists them.
var Kinds = []Kind{
	WasRegistered, WasReceived, WasImported, WasUpdated, WasAccepted, WasRefused, WasHandedOver, StepWasTaken, StepWasCompleted,
	SupplementWasRequested, SupplementWasCompleted, PaymentWasRequested, PaymentWasConfirmed, WasFinished, ReturnWasChanged, WasReturned, PapersWereGivenBack, WasWithdrawn, WasStopped,
	WasRecalled, WasReopened, ExtensionWasRequested, ExtensionWasApproved, ExtensionWasRefused, WasReplanned,
	StepWasAssigned, StepWasGivenBack, StepWasSentBack, StepWasRecalled, WaitBegan, WaitEnded, ContributionWasMade,
	FeesWereSet, FeesWereBilled, FeesWerePaid, FeesWereExempted, RefundWasRequested, FeesWereRefunded, RefundWasRefused, FeesWereCancelled,
	FileWasAttached, FileWasRemoved,
}

// Event is one line of a dossier's journal. Events are only ever added. Hash covers every other field and, through Prev, every
// event before it; the facts are kept and hashed as the very bytes that were written.
type Event struct {
	DossierID  uuid.UUID       `json:"dossier_id"`
	Seq        int             `json:"seq"` // 1 up, without gaps
	Kind       Kind            `json:"kind"`
	At         time.Time       `json:"at"`          // when it happened, UTC, whole microseconds
	RecordedAt time.Time       `json:"recorded_at"` // when it was written down
	By         By              `json:"by"`
	Facts      json.RawMessage `json:"facts"`
	Prev       string          `json:"prev"` // hash of the event before, "" for the first
	Hash       string          `json:"hash"` // SHA-256, hex
}

// Facts is what an event says beyond its kind; each kind uses a few of the fields.
type Facts struct {
	Intake       *Intake       `json:"intake,omitempty"`
	Basis        *Basis        `json:"basis,omitempty"`
	Promise      *Promise      `json:"promise,omitempty"`
	AcceptBy     *time.Time    `json:"accept_by,omitempty"`
	StepNo       int           `json:"step_no,omitempty"`    // the step that is taken, completed, assigned…
	StepMarks    []StepMark    `json:"step_marks,omitempty"` // of the steps that begin or go on
	ToStage      int           `json:"to_stage,omitempty"`   // where it is sent back to
	Assignment   *Assignment   `json:"assignment,omitempty"`
	Wait         *Wait         `json:"wait,omitempty"` // that begins; whose it is and since when is the event's to say
	Reason       string        `json:"reason,omitempty"`
	Papers       []string      `json:"papers,omitempty"`      // asked for or handed in later
	AnswerBy     *time.Time    `json:"answer_by,omitempty"`   // the applicant's own limit
	Limit        *Limit        `json:"limit,omitempty"`       // what AcceptBy, AnswerBy and StopsClock were reckoned by
	StopsClock   bool          `json:"stops_clock,omitempty"` // the pause counts
	Note         string        `json:"note,omitempty"`
	Extension    *Extension    `json:"extension,omitempty"` // that is asked for; who asks and when is the event's to say
	LegalBasis   string        `json:"legal_basis,omitempty"`
	Form         *Form         `json:"form,omitempty"` // that the applicant is given
	Result       *Result       `json:"result,omitempty"`
	HandedOut    *HandedOut    `json:"handed_out,omitempty"`
	ReturnChoice *ReturnChoice `json:"return_choice,omitempty"`
	Foreign      *Foreign      `json:"foreign,omitempty"`
	Fees         []FeeLine     `json:"fees,omitempty"`
	Refund       *Refund       `json:"refund,omitempty"`   // that is granted or refused, as it was asked for
	PartNos      []int         `json:"part_nos,omitempty"` // of the checklist, asked for
	Received     []Received    `json:"received,omitempty"` // papers that came with it
	File         *File         `json:"file,omitempty"`     // that is attached
	FileNo       int           `json:"file_no,omitempty"`  // of the file that is removed, or that a contribution speaks of
	Document     *Document     `json:"document,omitempty"` // that a stop rests on
	Request      *Request      `json:"request,omitempty"`  // that a withdrawal follows
}

// StepMark is the time of a numbered step.
type StepMark struct {
	No int `json:"no"`
	Mark
}

// Intake is all that is known when a dossier comes in.
type Intake struct {
	ID          uuid.UUID     `json:"id"`
	Code        string        `json:"code"`
	Procedure   Procedure     `json:"procedure"`
	Channel     string        `json:"channel"`
	OnBehalf    bool          `json:"on_behalf,omitempty"`
	ReceivingID uuid.UUID     `json:"receiving_id"`
	DecidingID  uuid.UUID     `json:"deciding_id"`
	HelpedID    uuid.UUID     `json:"helped_id,omitzero"`
	ReturningID uuid.UUID     `json:"returning_id,omitzero"`
	Applicant   Person        `json:"applicant"`
	Submitter   *Person       `json:"submitter,omitempty"`
	Authority   *Authority    `json:"authority,omitempty"`
	ReusedFrom  []Reused      `json:"reused_from,omitempty"`
	Note        string        `json:"note,omitempty"`
	SecretHash  string        `json:"secret_hash,omitempty"`
	Steps       []PlannedStep `json:"steps,omitempty"`
	Fees        []FeeLine     `json:"fees,omitempty"`
	FeeText     string        `json:"fee_text,omitempty"`
	Parts       []PlannedPart `json:"parts,omitempty"`
	Source      *Source       `json:"source,omitempty"`
}

// PlannedStep is a step of the process with the agency that it falls to for this dossier.
type PlannedStep struct {
	Stage    int            `json:"stage,omitempty"` // 0: a stage of its own after the one before
	Name     string         `json:"name"`
	AgencyID uuid.UUID      `json:"agency_id"`
	Role     string         `json:"role"`
	Term     *worktime.Term `json:"term,omitempty"`
	Output   string         `json:"output,omitempty"`
}

// Foreign is where another system's record stands: its state and its dates, as far as it knows them.
type Foreign struct {
	State      State      `json:"state"`
	ReceivedAt time.Time  `json:"received_at"`
	FinishedAt *time.Time `json:"finished_at,omitempty"`
	ReturnedAt *time.Time `json:"returned_at,omitempty"`
}

// Read unpacks the facts; the error says that they are not what an event holds.
func (e Event) Read() (Facts, error) {
	var f Facts
	dec := json.NewDecoder(bytes.NewReader(e.Facts))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return f, fmt.Errorf("event %d: facts: %w", e.Seq, err)
	}
	return f, nil
}

// Public are the facts as others than the office may read them: without the hash of the look-up secret, since with it somebody with enough
// machines could find the secret itself. Facts that have none stay the bytes that were hashed.
func (e Event) Public() (json.RawMessage, error) {
	var facts, intake map[string]json.RawMessage
	if err := json.Unmarshal(e.Facts, &facts); err != nil {
		return nil, fmt.Errorf("event %d: facts: %w", e.Seq, err)
	}
	if facts["intake"] == nil {
		return e.Facts, nil
	}
	if err := json.Unmarshal(facts["intake"], &intake); err != nil {
		return nil, fmt.Errorf("event %d: facts: %w", e.Seq, err)
	}
	if intake[secretHash] == nil {
		return e.Facts, nil
	}
	delete(intake, secretHash)
	var err error
	if facts["intake"], err = json.Marshal(intake); err != nil {
		return nil, fmt.Errorf("event %d: facts: %w", e.Seq, err)
	}
	return json.Marshal(facts)
}

// secretHash is what Facts call it.
const secretHash = "secret_hash"

// Asked are the papers that are asked for, the parts among them with what the record wants of each; a paper beyond the checklist has no number.
func (f Facts) Asked(parts []Part) []Part {
	var all, rest []Part
	for _, no := range f.PartNos {
		if no > 0 && no <= len(parts) {
			rest = append(rest, parts[no-1])
		}
	}
	for _, name := range f.Papers {
		paper := Part{Name: name}
		if i := slices.IndexFunc(rest, func(p Part) bool { return p.Name == name }); i >= 0 {
			paper = rest[i]
			rest = slices.Delete(rest, i, i+1)
		}
		all = append(all, paper)
	}
	return append(all, rest...)
}

// Sum is the hash that the event should carry.
func (e Event) Sum() string {
	body, err := json.Marshal(struct {
		Scheme     string    `json:"scheme"` // so that a later way of hashing can be told from this one
		DossierID  uuid.UUID `json:"dossier_id"`
		Seq        int       `json:"seq"`
		Kind       Kind      `json:"kind"`
		At         time.Time `json:"at"`
		RecordedAt time.Time `json:"recorded_at"`
		By         By        `json:"by"`
		Facts      string    `json:"facts"` // byte for byte: a string, so that nothing is tidied up on the way
		Prev       string    `json:"prev"`
	}{"motcua-event-1", e.DossierID, e.Seq, e.Kind, e.At.UTC(), e.RecordedAt.UTC(), e.By, string(e.Facts), e.Prev})
	if err != nil { // a time beyond year 9999: no event of ours, and never equal to a stored hash
		return "unreadable"
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// seal sets number, chain and hash behind the dossier's last event.
func (e Event) seal(d Dossier) Event {
	e.Seq, e.Prev = d.Version+1, d.Head
	e.Hash = e.Sum()
	return e
}

// HashSecret is how a look-up secret is kept: nobody who reads the journal learns the secret.
func HashSecret(dossier uuid.UUID, secret string) string {
	sum := sha256.Sum256([]byte("motcua-lookup-1|" + dossier.String() + "|" + secret))
	return hex.EncodeToString(sum[:])
}
