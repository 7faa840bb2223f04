package store

import (
	"time"

	"github.com/google/uuid"
)

// The rows of what may be asked for, of whom, and by which calendar and rules.

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

type agencyMoveRow struct {
	AgencyID uuid.UUID `gorm:"primaryKey"`
	MovedAt  time.Time `gorm:"primaryKey"`
	Path     string    // until then
}

func (agencyMoveRow) TableName() string { return "agency_moves" }

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
