package store

import (
	"time"

	"github.com/google/uuid"
)

// The rows as they stand in the tables. A pointer is a column that may be NULL; a test holds these against both databases.

type agencyRow struct {
	ID         uuid.UUID `gorm:"primaryKey"`
	Code       string    `gorm:"uniqueIndex:agencies_code"`
	Name       string
	ShortName  string
	Kind       string
	Level      string
	ParentID   *uuid.UUID
	Path       string `gorm:"uniqueIndex:agencies_path"`
	Identifier string
	Calendar   string
	ValidFrom  string `gorm:"uniqueIndex:agencies_code"`
	ValidTo    string
	NameFold   string
}

func (agencyRow) TableName() string { return "agencies" }

type successionRow struct {
	PredecessorID uuid.UUID `gorm:"primaryKey"`
	SuccessorID   uuid.UUID `gorm:"primaryKey"`
	HappenedOn    string
}

func (successionRow) TableName() string { return "agency_successions" }

type calendarRow struct {
	Name       string `gorm:"primaryKey"`
	Revision   int    `gorm:"primaryKey;autoIncrement:false"`
	Definition string // what dates are reckoned by
	RecordedAt time.Time
	RecordedBy string
	Written    string // what was handed in: less, where it inherits
	Inherits   string // name of another calendar
	Act        string
}

func (calendarRow) TableName() string { return "calendars" }

type ruleSetRow struct {
	ID            string `gorm:"primaryKey"`
	EffectiveFrom string
	Definition    string
	RecordedAt    time.Time
	RecordedBy    string
}

func (ruleSetRow) TableName() string { return "rule_sets" }

type replanRow struct {
	Calendar   string `gorm:"primaryKey"`
	Revision   int    `gorm:"primaryKey;autoIncrement:false"`
	BegunAt    time.Time
	BegunBy    string    // dossier.By as JSON
	Reached    uuid.UUID // the last dossier that was looked at
	Checked    int
	Moved      int
	Later      int
	Earlier    int
	BecameLate int
	Holder     string
	HeldUntil  time.Time
	FinishedAt *time.Time
}

func (replanRow) TableName() string { return "replans" }

type procedureRow struct {
	ID               uuid.UUID `gorm:"primaryKey"`
	Code             string    `gorm:"uniqueIndex:procedures_code"`
	Version          int
	VersionID        uuid.UUID
	Name             string
	Field            string
	FieldCode        string
	HomeLevel        string
	Levels           string // each between commas: ",PROVINCE,COMMUNE,"
	AgenciesFold     string
	Interconnections string // likewise
	OnlineLevel      string
	Status           string
	OnTheSpot        bool
	Shared           bool
	Shortened        bool
	NeedsReview      bool
	SearchFold       string
	ContentSHA256    string `gorm:"column:content_sha256"`
	ChangedAt        time.Time
}

func (procedureRow) TableName() string { return "procedures" }

type procedureVersionRow struct {
	ID            uuid.UUID `gorm:"primaryKey"`
	ProcedureID   uuid.UUID `gorm:"uniqueIndex:procedure_versions_version"`
	Version       int       `gorm:"uniqueIndex:procedure_versions_version"`
	Content       string
	ContentSHA256 string `gorm:"column:content_sha256"`
	RecordedAt    time.Time
}

func (procedureVersionRow) TableName() string { return "procedure_versions" }

type procedureTermRow struct {
	ProcedureID uuid.UUID `gorm:"primaryKey"`
	Unit        string    `gorm:"primaryKey"`
	Value       float64   `gorm:"primaryKey;autoIncrement:false"`
}

func (procedureTermRow) TableName() string { return "procedure_terms" }

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
	Calendar         string     // that its dates are reckoned by; "" where no date is ours
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

type leafRow struct {
	Idx       int64     `gorm:"primaryKey;autoIncrement:false"`
	DossierID uuid.UUID `gorm:"uniqueIndex:ledger_leaves_event"`
	Seq       int       `gorm:"uniqueIndex:ledger_leaves_event"`
	EventHash string
	EnteredAt time.Time
}

func (leafRow) TableName() string { return "ledger_leaves" }

type nodeRow struct {
	Idx  int64 `gorm:"primaryKey;autoIncrement:false"`
	Hash []byte
}

func (nodeRow) TableName() string { return "ledger_hashes" }

type checkpointRow struct {
	Size      int64 `gorm:"primaryKey;autoIncrement:false"`
	SignedAt  time.Time
	Signed    string
	PublicKey string
	SentAt    *time.Time
}

func (checkpointRow) TableName() string { return "ledger_checkpoints" }

type checkpointMailRow struct {
	Recipient string `gorm:"primaryKey"`
	Size      int64  `gorm:"primaryKey;autoIncrement:false"`
	MailedAt  time.Time
}

func (checkpointMailRow) TableName() string { return "checkpoint_mails" }

type receiverRow struct {
	ID          uuid.UUID `gorm:"primaryKey"`
	Name        string
	URL         string
	Format      string
	Everything  bool
	AgencyID    *uuid.UUID
	Kinds       string // with commas between them
	Paused      bool
	Note        string
	Secret      string
	OldSecret   string
	OldUntil    *time.Time
	CreatedAt   time.Time `gorm:"autoCreateTime:false"`
	CreatedBy   string    // dossier.By as JSON
	Position    int64     // of the next entry of the log to be told
	Delivered   int64     // messages
	Refused     int64     // attempts after which a message was not taken
	Retried     int64     // attempts at what was not taken before
	DeliveredAt *time.Time
	Failures    int // since the last message that it took
	RetryAt     time.Time
	LastError   string
	LastErrorAt *time.Time
	Turn        int64 // counts who works for it: only the last one may write down how far it is
	HeldUntil   time.Time
}

func (receiverRow) TableName() string { return "receivers" }

type heldDossierRow struct {
	ReceiverID uuid.UUID `gorm:"primaryKey"`
	DossierID  uuid.UUID `gorm:"primaryKey"`
	Seq        int       // of the event that waits
	Since      time.Time // when that was entered into the log
	Failures   int
	RetryAt    time.Time
	LastError  string
}

func (heldDossierRow) TableName() string { return "held_dossiers" }
