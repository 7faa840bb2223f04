package dossier

import (
	"time"

	"github.com/google/uuid"
)

// AccessAct is how somebody looked for a person.
type AccessAct string

// The acts.
const (
	AccessSearch AccessAct = "SEARCH" // for the person's dossiers
	AccessExport AccessAct = "EXPORT" // the same, as a table
	AccessLookup AccessAct = "LOOKUP" // in an outside register
)

// Access says that somebody looked for a person: who, when, how and what for. It is written before anything is told. Person is what the
// index knows the person by; no record holds a number.
type Access struct {
	ID      uuid.UUID
	At      time.Time
	Act     AccessAct
	Person  string
	Purpose string // of a look-up: the code of the procedure
	By      By
}
