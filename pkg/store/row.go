package store

import (
	"time"

	"github.com/google/uuid"
)

// The rows as they stand in the tables: here who works and what becomes of dossiers, beside it what may be asked for and what leaves the house. A pointer is a column that may be NULL; a test holds these against both databases.

type userRow struct {
	ID           uuid.UUID `gorm:"primaryKey"`
	Username     string    `gorm:"uniqueIndex:users_username"`
	Name         string
	Role         string
	AgencyID     uuid.UUID
	PasswordHash string
	Disabled     bool
	CreatedAt    time.Time `gorm:"autoCreateTime:false"`
	SearchFold   string
}

func (userRow) TableName() string { return "users" }

type tokenRow struct {
	ID        uuid.UUID `gorm:"primaryKey"`
	UserID    uuid.UUID
	Name      string
	Hash      string    `gorm:"uniqueIndex:tokens_hash"`
	CreatedAt time.Time `gorm:"autoCreateTime:false"`
	ExpiresAt *time.Time
	RevokedAt *time.Time
}

func (tokenRow) TableName() string { return "tokens" }

type idempotencyRow struct {
	ActorID     uuid.UUID `gorm:"primaryKey"`
	Key         string    `gorm:"primaryKey"`
	Fingerprint string
	ClaimedAt   time.Time
	Status      int
	Header      string
	Body        []byte
}

func (idempotencyRow) TableName() string { return "idempotency_keys" }

// dossierRow is what lists, reports and alerts ask of a dossier, and the dossier itself as a document.
type dossierRow struct {
	ID               uuid.UUID `gorm:"primaryKey"`
	Code             string
	ProcedureID      *uuid.UUID
	ProcedureVersion int
	ProcedureCode    string
	Field            string
	Level            string
	Channel          string
	ReceivingID      uuid.UUID
	DecidingID       uuid.UUID
	HolderID         uuid.UUID
	State            string
	StepNo           int
	SubmittedAt      time.Time
	AcceptBy         *time.Time
	AcceptedAt       *time.Time
	FinishedAt       *time.Time
	OverAt           time.Time // FinishedAt, or never
	ReturnedAt       *time.Time
	SuspendedAt      *time.Time // beginning of the open pause
	PausedUntil      *time.Time // the latest end of a closed pause
	PromisedAt       *time.Time // beginning of the promise in force
	DueAt            *time.Time // of the promise in force, like the four behind it
	OnTimeFrom       *time.Time
	LateFrom         *time.Time
	WarnAt           *time.Time
	EscalateAt       *time.Time
	FirstOnTimeFrom  *time.Time // of the first promise
	FirstLateFrom    *time.Time
	ApplicantFold    string
	SourceSystem     *string
	SourceKey        *string
	Version          int
	Head             string
	Body             string
	HelpedID         *uuid.UUID // where somebody was helped to file
	ReturningID      uuid.UUID  // where the result is handed out, or was
	ChosenID         *uuid.UUID // where it was to be, where another counter handed it out
	AnswerBy         *time.Time // end of the time for what was asked for, of the applicant or of a body outside
	AnswerStep       int        // that waits for it; 0 where it is the applicant's
	AnswerAgencyID   *uuid.UUID // whose it is to look after the answer
	AnswerUserID     *uuid.UUID
	OriginalsHeld    int    // that are to be given back: of a dossier that is over, and waits for no result to go with
	Calendar         string // that its dates are reckoned by; "" where no date is ours
}

func (dossierRow) TableName() string { return "dossiers" }

type codeRow struct {
	Code      string `gorm:"primaryKey"`
	DossierID uuid.UUID
}

func (codeRow) TableName() string { return "dossier_codes" }

type sourceRow struct {
	SourceSystem string `gorm:"primaryKey"`
	SourceKey    string `gorm:"primaryKey"`
	DossierID    uuid.UUID
}

func (sourceRow) TableName() string { return "dossier_sources" }

type counterRow struct {
	Identifier string `gorm:"primaryKey"`
	Day        string `gorm:"primaryKey"`
	Last       int
}

func (counterRow) TableName() string { return "dossier_counters" }

type eventRow struct {
	DossierID  uuid.UUID `gorm:"primaryKey"`
	Seq        int       `gorm:"primaryKey;autoIncrement:false"`
	Kind       string
	At         time.Time
	RecordedAt time.Time
	ByID       uuid.UUID
	ByName     string
	ByRole     string
	ByAgency   uuid.UUID
	Facts      string
	Prev       string
	Hash       string
}

func (eventRow) TableName() string { return "dossier_events" }

// promiseRow says what was promised and from when until when it was the promise in force.
type promiseRow struct {
	DossierID  uuid.UUID `gorm:"primaryKey"`
	No         int       `gorm:"primaryKey;autoIncrement:false"`
	Kind       string
	MadeAt     time.Time
	FromAt     time.Time
	UntilAt    *time.Time
	DueAt      time.Time
	OnTimeFrom time.Time
	LateFrom   time.Time
}

func (promiseRow) TableName() string { return "dossier_promises" }

type pauseRow struct {
	DossierID uuid.UUID `gorm:"primaryKey"`
	No        int       `gorm:"primaryKey;autoIncrement:false"`
	Cause     string
	FromAt    time.Time
	ToAt      *time.Time
}

func (pauseRow) TableName() string { return "dossier_pauses" }

type stepRow struct {
	DossierID  uuid.UUID `gorm:"primaryKey"`
	No         int       `gorm:"primaryKey;autoIncrement:false"`
	Stage      int
	UnderWay   bool
	Beside     bool       // in reach beside the one that is the dossier's StepNo
	OfficerID  *uuid.UUID // who has it in hand
	Name       string
	AgencyID   uuid.UUID
	Role       string
	StartedAt  *time.Time
	DueAt      *time.Time
	LateFrom   *time.Time
	WarnAt     *time.Time
	EscalateAt *time.Time
	TakenAt    *time.Time
	TakenBy    *uuid.UUID
	DoneAt     *time.Time
	DoneBy     *uuid.UUID
}

func (stepRow) TableName() string { return "dossier_steps" }

type deskRow struct {
	DossierID uuid.UUID `gorm:"primaryKey"`
	No        int       `gorm:"primaryKey;autoIncrement:false"`
	AgencyID  uuid.UUID // that a step was assigned to beside its own
}

func (deskRow) TableName() string { return "dossier_desks" }

// personRow leads from somebody's number to the dossiers of that person.
type personRow struct {
	DossierID uuid.UUID `gorm:"primaryKey"`
	No        int       `gorm:"primaryKey;autoIncrement:false"` // 1 the applicant, 2 the submitter
	Digest    string
}

func (personRow) TableName() string { return "dossier_persons" }

type receiptRow struct {
	AgencyID  uuid.UUID `gorm:"primaryKey"` // that took the money
	Form      string    `gorm:"primaryKey"`
	Series    string    `gorm:"primaryKey"`
	Number    string    `gorm:"primaryKey"`
	DossierID uuid.UUID
}

func (receiptRow) TableName() string { return "fee_receipts" }

type personKeyRow struct {
	ID      int `gorm:"primaryKey;autoIncrement:false"` // 1: there is one
	Key     []byte
	Indexed bool // the dossiers that were there before the index have all been entered
}

func (personKeyRow) TableName() string { return "person_key" }

type accessRow struct {
	ID       uuid.UUID `gorm:"primaryKey"`
	At       time.Time
	Act      string
	Digest   string
	Purpose  string
	ByID     uuid.UUID
	ByName   string
	ByRole   string
	ByAgency uuid.UUID
}

func (accessRow) TableName() string { return "person_accesses" }

type alertRow struct {
	DossierID      uuid.UUID `gorm:"primaryKey"`
	StepNo         int       `gorm:"primaryKey;autoIncrement:false"`
	Kind           string    `gorm:"primaryKey"`
	Audience       string    `gorm:"primaryKey"`
	DueAt          time.Time `gorm:"primaryKey"`
	ID             uuid.UUID
	AgencyID       uuid.UUID
	UserID         *uuid.UUID
	RaisedAt       time.Time
	AcknowledgedAt *time.Time
	AcknowledgedBy *string // dossier.By as JSON
}

func (alertRow) TableName() string { return "alerts" }

type jobRow struct {
	Job        string    `gorm:"primaryKey"`
	Slot       time.Time `gorm:"primaryKey"`
	Holder     string
	StartedAt  time.Time
	FinishedAt *time.Time
	Outcome    string
	Detail     string
}

func (jobRow) TableName() string { return "job_runs" }
