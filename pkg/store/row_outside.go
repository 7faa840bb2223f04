package store

import (
	"time"

	"github.com/google/uuid"
)

// The rows of the log over all journals, and of what leaves the house by it.

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
	Size      int64     `gorm:"primaryKey;autoIncrement:false"`
	SignedAt  time.Time `gorm:"primaryKey"`
	Signed    string
	PublicKey string
	SentAt    *time.Time
	LookedAt  *time.Time
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
