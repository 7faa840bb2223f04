// Package staff says who works here, what each may do, and whose eyes a query serves.
package staff

import (
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/fault"
)

// Role is what a user is employed for; it decides what the user may do, the agency decides where.
type Role string

// The roles.
const (
	Clerk         Role = "CLERK"         // one-stop counter: takes in, asks for papers, hands over, returns results
	Officer       Role = "OFFICER"       // takes the steps of the process
	Supervisor    Role = "SUPERVISOR"    // head of the unit: whatever clerk and officer may, and what needs a second person
	Administrator Role = "ADMINISTRATOR" // catalogue, agencies, users; moves no dossier
	Auditor       Role = "AUDITOR"       // reads everything, changes nothing
)

// Roles lists every role.
var Roles = []Role{Clerk, Officer, Supervisor, Administrator, Auditor}

// User is a person who signs in. PasswordHash is argon2id in PHC form.
type User struct {
	ID           uuid.UUID
	Username     string
	Name         string
	Role         Role
	AgencyID     uuid.UUID
	PasswordHash string
	Disabled     bool
	CreatedAt    time.Time
}

var username = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,63}$`)

// Check names every field that is wrong. The error is a fault of code "user-invalid".
func (u User) Check() error {
	var wrong fault.Fields
	if !username.MatchString(u.Username) {
		wrong.Add("username", "pattern", "must be 2 to 64 of a-z, 0-9, dot, dash, underscore and begin with a letter or digit")
	}
	if u.Name == "" {
		wrong.Add("name", "required", "is missing")
	}
	if !u.Role.valid() {
		wrong.Add("role", "unknown", "%q is none of %v", u.Role, Roles)
	}
	if u.AgencyID == uuid.Nil {
		wrong.Add("agency", "required", "is missing")
	}
	return wrong.Err("user-invalid", "the user cannot be kept")
}

// Called is a role in a sentence: "an officer".
type Called struct{ Role Role }

// Called is the role in a sentence.
func (r Role) Called() Called { return Called{r} }

// String is the role with its article.
func (c Called) String() string {
	name := strings.ToLower(string(c.Role))
	if strings.HasPrefix(name, "o") || strings.HasPrefix(name, "a") {
		return "an " + name
	}
	return "a " + name
}

func (r Role) valid() bool {
	for _, x := range Roles {
		if x == r {
			return true
		}
	}
	return false
}

// Token is a personal token of a user for an API client, or a session begun with a password. Only the hash is kept.
type Token struct {
	ID        uuid.UUID
	UserID    uuid.UUID
	Name      string
	Hash      string // SHA-256 of the token, hex
	CreatedAt time.Time
	ExpiresAt *time.Time
	RevokedAt *time.Time
}

// Live says whether the token opens anything at the instant.
func (t Token) Live(at time.Time) bool {
	return t.RevokedAt == nil && (t.ExpiresAt == nil || at.Before(*t.ExpiresAt))
}

// Right is something that an actor may be allowed to do.
type Right string

// The rights.
const (
	ReadDossiers    Right = "dossiers.read"
	ReceiveDossiers Right = "dossiers.receive" // take in, accept, refuse, hand over, return
	WorkDossiers    Right = "dossiers.work"    // take and complete steps, ask for papers, finish
	LeadDossiers    Right = "dossiers.lead"    // recall, reopen, whatever needs a superior
	FindPersons     Right = "persons.find"     // look for somebody's dossiers by number
	ReadAccesses    Right = "accesses.read"    // who looked for whom
	ImportDossiers  Right = "dossiers.import"
	ReadReports     Right = "reports.read"
	ReadAlerts      Right = "alerts.read"
	EditCatalogue   Right = "catalogue.edit"
	EditAgencies    Right = "agencies.edit"
	EditUsers       Right = "users.edit"
	EditReceivers   Right = "receivers.edit" // who outside is told of what happens
)

var rights = map[Role][]Right{
	Clerk:         {ReadDossiers, ReceiveDossiers, FindPersons, ReadAlerts, ReadReports},
	Officer:       {ReadDossiers, WorkDossiers, ReadAlerts, ReadReports},
	Supervisor:    {ReadDossiers, ReceiveDossiers, WorkDossiers, LeadDossiers, FindPersons, ReadAccesses, ReadAlerts, ReadReports},
	Administrator: {ReadDossiers, ReadAlerts, ReadReports, ImportDossiers, EditCatalogue, EditAgencies, EditUsers, EditReceivers},
	Auditor:       {ReadDossiers, FindPersons, ReadAccesses, ReadAlerts, ReadReports},
}

// Actor is whoever an act is done by: a signed-in user with the place from which that user sees the province. The zero Actor may
// nothing and sees nothing.
type Actor struct {
	ID         uuid.UUID
	Username   string
	Name       string
	Role       Role
	AgencyID   uuid.UUID
	AgencyPath string // catalog.Agency.Path: the actor acts at and below it
	system     bool
}

// System is the office itself: the command line and the jobs, which a person with the machine in hand started.
func System() Actor {
	return Actor{Username: "system", Name: "Hệ thống", Role: Administrator, system: true}
}

// IsSystem says whether the office itself acts.
func (a Actor) IsSystem() bool { return a.system }

// May says whether the actor has the right, wherever it may be used.
func (a Actor) May(r Right) bool {
	if a.system {
		return true
	}
	for _, x := range rights[a.Role] {
		if x == r {
			return true
		}
	}
	return false
}

// Must is a Forbidden fault unless the actor has the right.
func (a Actor) Must(r Right) error {
	if a.May(r) {
		return nil
	}
	if a.Role == "" {
		return fault.New(fault.Unauthenticated, "not-signed-in", "sign in or send a token")
	}
	return fault.New(fault.Forbidden, "not-allowed", "role %s has not the right %s", a.Role, r)
}

// Covers says whether the agency with the path is the actor's own or under it.
func (a Actor) Covers(path string) bool {
	return a.system || (a.AgencyPath != "" && len(path) >= len(a.AgencyPath) && path[:len(a.AgencyPath)] == a.AgencyPath)
}

// Scope is whose eyes a query on dossiers serves. Only an Actor makes one; the zero Scope sees nothing.
type Scope struct {
	all  bool
	path string
}

// Scope is what the actor may see of dossiers and of what hangs on them: nothing without the right to read them.
func (a Actor) Scope() Scope {
	if a.system {
		return Scope{all: true}
	}
	if !a.May(ReadDossiers) {
		return Scope{}
	}
	return Scope{path: a.AgencyPath}
}

// All says whether the scope has no bounds.
func (s Scope) All() bool { return s.all }

// Path is the prefix of the paths of all agencies within the scope; "" with All false sees nothing.
func (s Scope) Path() string { return s.path }
