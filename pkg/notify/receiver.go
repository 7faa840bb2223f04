// Package notify says what leaves the house: who receives the events of the journals, how a message is signed, what stands in it, and where it
// may be sent. The journals with the log over them are the outbox; nothing is copied.
package notify

import (
	"crypto/rand"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
)

// Format is what stands in the messages to a receiver.
type Format string

// The formats.
const (
	Events   Format = "EVENTS"   // each event of a journal
	National Format = "NATIONAL" // the national portal's synchronisation records (DongBoHoSoMC, CapNhatTienDoHoSoMC)
)

// Formats lists them.
var Formats = []Format{Events, National}

// Receiver is a system outside that is told what happens to dossiers. It says which, and how; how far it got is the store's to know.
type Receiver struct {
	ID        uuid.UUID
	Name      string
	URL       string
	Format    Format
	Full      bool           // the journal's facts too, which hold personal data; National records always do
	AgencyID  *uuid.UUID     // only dossiers that an agency at or below it receives, decides or holds; nil is all
	Kinds     []dossier.Kind // only these; none is all, and National records are told of all
	Paused    bool
	Note      string // why it is paused
	Secret    string // whsec_…, that its messages are signed with; locked where it comes from the store, see Keys
	OldSecret string // that signs beside it until OldUntil, so that a receiver can change over
	OldUntil  *time.Time
	CreatedAt time.Time
	CreatedBy dossier.By
}

// Check names every wrong field beside those that are known to be; the error is an Invalid fault "receiver-invalid".
func (r Receiver) Check(wrong fault.Fields) error {
	switch {
	case strings.TrimSpace(r.Name) == "":
		wrong.Add("name", "required", "is missing")
	case len(r.Name) > 200:
		wrong.Add("name", "too-long", "is longer than 200 bytes")
	}
	if why := WrongURL(r.URL); !why.Empty() {
		wrong.Put("url", "pattern", why)
	}
	if !slices.Contains(Formats, r.Format) {
		wrong.Add("format", "unknown", "%q is none of %v", r.Format, Formats)
	}
	for _, k := range r.Kinds {
		if !slices.Contains(dossier.Kinds, k) {
			wrong.Add("kinds", "unknown", "%q is none of %v", k, dossier.Kinds)
		}
	}
	if r.Format == National && len(r.Kinds) > 0 { // the portal would keep a dossier in a state that it left
		wrong.Add("kinds", "not-here", "belongs to %v: the national portal is told of every event", Events)
	}
	return wrong.Err("receiver-invalid", "the receiver cannot be kept")
}

// WrongURL says what is wrong with the address of a receiver, nothing when nothing is.
func WrongURL(s string) fault.Text {
	u, err := url.Parse(s)
	switch {
	case len(s) > 2000:
		return fault.Say("is longer than 2000 bytes")
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.Opaque != "":
		return fault.Say("is no address like https://nhan.example.vn/su-kien")
	case u.User != nil:
		return fault.Say("must not hold a user name or password; messages are signed")
	case u.Fragment != "":
		return fault.Say("must not have a fragment")
	}
	return fault.Text{}
}

// Wants says whether the receiver is told of an event of the kind.
func (r Receiver) Wants(k dossier.Kind) bool { return len(r.Kinds) == 0 || slices.Contains(r.Kinds, k) }

// Secrets are those that sign at the instant, the present one first.
func (r Receiver) Secrets(at time.Time) []string {
	if r.OldUntil != nil && at.Before(*r.OldUntil) {
		return []string{r.Secret, r.OldSecret}
	}
	return []string{r.Secret}
}

// NewSecret draws one, as Standard Webhooks writes it.
func NewSecret() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(key)
}
