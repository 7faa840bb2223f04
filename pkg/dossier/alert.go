package dossier

import (
	"time"

	"github.com/google/uuid"
)

// AlertKind is what an alert warns of.
type AlertKind string

// The kinds of alerts.
const (
	DossierNear    AlertKind = "DOSSIER_NEAR"    // soon due
	DossierLate    AlertKind = "DOSSIER_LATE"    // late
	StepNear       AlertKind = "STEP_NEAR"       // the step under way is soon due
	StepLate       AlertKind = "STEP_LATE"       // the step under way is late
	AcceptanceLate AlertKind = "ACCEPTANCE_LATE" // nobody has answered what came in online
	AnswerOverdue  AlertKind = "ANSWER_OVERDUE"  // the applicant, or a body outside, has not answered what was asked
)

// AlertKinds lists every kind.
var AlertKinds = []AlertKind{DossierNear, DossierLate, StepNear, StepLate, AcceptanceLate, AnswerOverdue}

// Audience is who is meant to act on an alert.
type Audience string

// The audiences.
const (
	ToOfficer  Audience = "OFFICER"  // whoever has the dossier in hand
	ToHead     Audience = "HEAD"     // the head of that unit
	ToSuperior Audience = "SUPERIOR" // the agency above, after a while
)

// Audiences lists every audience.
var Audiences = []Audience{ToOfficer, ToHead, ToSuperior}

// Alert says to one audience that a date has come near or has passed. For one date each is raised once.
type Alert struct {
	ID             uuid.UUID
	DossierID      uuid.UUID
	DossierCode    string
	StepNo         int // 0 for the dossier as a whole
	Kind           AlertKind
	Audience       Audience
	AgencyID       uuid.UUID  // whose alert it is
	UserID         *uuid.UUID // of the officer who took the step
	DueAt          time.Time
	RaisedAt       time.Time
	AcknowledgedAt *time.Time
	AcknowledgedBy *By
}
