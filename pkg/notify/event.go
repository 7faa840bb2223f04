package notify

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
)

// envelope is a CloudEvents 1.0 event in structured JSON mode.
type envelope struct {
	SpecVersion     string    `json:"specversion"`
	ID              string    `json:"id"`
	Source          string    `json:"source"`
	Type            string    `json:"type"`
	Subject         string    `json:"subject,omitempty"`
	Time            time.Time `json:"time"`
	DataContentType string    `json:"datacontenttype"`
	Data            any       `json:"data"`
}

// ContentType is that of every message.
const ContentType = "application/cloudevents+json; charset=utf-8"

// Happened is the data of an event: identifiers, kind, times, state and the hashes that prove it. Who the applicant is stands only in the
// facts, which are there for receivers that get everything.
type Happened struct {
	Dossier    string          `json:"dossier"` // code
	DossierID  uuid.UUID       `json:"dossier_id"`
	Seq        int             `json:"seq"`
	Kind       dossier.Kind    `json:"kind"`
	At         time.Time       `json:"at"`
	RecordedAt time.Time       `json:"recorded_at"`
	Entry      int64           `json:"entry"` // place in the log over all journals
	Prev       string          `json:"prev"`
	Hash       string          `json:"hash"`
	ByRole     string          `json:"by_role,omitempty"`
	ByAgency   string          `json:"by_agency,omitempty"` // code
	By         *dossier.By     `json:"by,omitempty"`        // full only
	Facts      json.RawMessage `json:"facts,omitempty"`     // full only

	State       dossier.State `json:"state"`
	StateName   string        `json:"state_name"`
	Procedure   string        `json:"procedure"`
	Variant     string        `json:"variant,omitempty"`
	Channel     string        `json:"channel"`
	Receiving   string        `json:"receiving_agency"`
	Deciding    string        `json:"deciding_agency"`
	Holder      string        `json:"holder"`
	SubmittedAt time.Time     `json:"submitted_at"`
	AcceptedAt  *time.Time    `json:"accepted_at,omitempty"`
	DueAt       *time.Time    `json:"due_at,omitempty"`
	FinishedAt  *time.Time    `json:"finished_at,omitempty"`
	ReturnedAt  *time.Time    `json:"returned_at,omitempty"`
}

// MessageID names the message of an event, the same however often and to whomever it is sent: Standard Webhooks wants one identifier for one
// event, by which whoever hears of it twice, be it at two addresses, takes it once.
func MessageID(e dossier.Event) string { return fmt.Sprintf("%s-%d", e.DossierID, e.Seq) }

// Tell makes the message of a moment for a receiver. entry is the event's place in the log; times of national records are in the zone.
func Tell(r Receiver, m Moment, entry int64, n Names, zone *time.Location) (Message, error) {
	e := envelope{
		SpecVersion: "1.0", ID: MessageID(m.Event), Source: n.Source, Subject: m.Dossier.Code, Time: m.Event.At.UTC(),
		DataContentType: "application/json",
	}
	if r.Format == National {
		e.Type, e.Data = "vn.motcua.national-record", nationalRecords(m, n, zone)
	} else {
		e.Type = "vn.motcua.dossier." + strings.ReplaceAll(strings.ToLower(string(m.Event.Kind)), "_", "-")
		h := happened(m, entry, n)
		if r.Full {
			facts, err := m.Event.Public()
			if err != nil {
				return Message{}, err
			}
			h.By, h.Facts = &m.Event.By, facts
		}
		e.Data = h
	}
	body, err := json.Marshal(e)
	return Message{ID: e.ID, Body: body}, err
}

func happened(m Moment, entry int64, n Names) Happened {
	d, e := m.Dossier, m.Event
	h := Happened{
		Dossier: d.Code, DossierID: d.ID, Seq: e.Seq, Kind: e.Kind, At: e.At.UTC(), RecordedAt: e.RecordedAt.UTC(), Entry: entry, Prev: e.Prev, Hash: e.Hash,
		ByRole: e.By.Role, ByAgency: n.Agencies[e.By.AgencyID].Code,
		State: d.State, StateName: dossier.StateNames[d.State], Procedure: d.Procedure.Code, Variant: d.Procedure.Variant, Channel: string(d.Channel),
		Receiving: n.Agencies[d.ReceivingID].Code, Deciding: n.Agencies[d.DecidingID].Code, Holder: n.Agencies[d.HolderID].Code,
		SubmittedAt: d.SubmittedAt, AcceptedAt: d.AcceptedAt, FinishedAt: d.FinishedAt, ReturnedAt: d.ReturnedAt,
	}
	if p := d.Promise(); p != nil {
		h.DueAt = &p.DueAt
	}
	return h
}

// Ping is a message that says nothing but that messages arrive.
func Ping(id uuid.UUID, source string, at time.Time) (Message, error) {
	e := envelope{
		SpecVersion: "1.0", ID: id.String(), Source: source, Type: "vn.motcua.ping", Time: at.UTC(), DataContentType: "application/json",
		Data: map[string]string{"message": "Kiểm tra kết nối / connection test"},
	}
	body, err := json.Marshal(e)
	return Message{ID: e.ID, Body: body}, err
}
