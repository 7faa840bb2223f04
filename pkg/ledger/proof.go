package ledger

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/motcua/motcua/pkg/dossier"
)

// Proof shows that an event stands in the log, and with it the journal of its dossier up to there, whose hash it holds. Whoever has it and the
// public key needs nothing else: neither the office nor its database.
type Proof struct {
	Before     []dossier.Event `json:"before,omitempty"` // the journal up to the event
	Event      dossier.Event   `json:"event"`
	Leaf       Leaf            `json:"leaf"`
	Hashes     []string        `json:"hashes"`     // of RFC 6962's inclusion proof, base64
	Checkpoint string          `json:"checkpoint"` // signed, of a log that has the leaf
}

// Journal is that of the dossier up to the event that is proved.
func (p Proof) Journal() []dossier.Event { return append(slices.Clip(p.Before), p.Event) }

// Prove makes the proof for the last event of the beginning of a journal, whose leaf lies below the checkpoint. stored reads the log's hashes.
func Prove(journal []dossier.Event, l Leaf, signed, public string, stored tlog.HashReader) (Proof, error) {
	c, err := Open(signed, public)
	if err != nil {
		return Proof{}, err
	}
	hashes, err := tlog.ProveRecord(c.Size, l.Index, stored)
	if err != nil {
		return Proof{}, fmt.Errorf("proof: %w", err)
	}
	last := len(journal) - 1
	p := Proof{Before: journal[:last], Event: journal[last], Leaf: l, Checkpoint: signed, Hashes: make([]string, len(hashes))}
	for i, h := range hashes {
		p.Hashes[i] = h.String()
	}
	return p, nil
}

// What Check can find wrong.
var (
	ErrEvent = errors.New("the event is not what was written: its hash differs")
	ErrChain = errors.New("the events before it are not those that it follows on")
	ErrLeaf  = errors.New("the entry in the log is that of another event")
	ErrProof = errors.New("the entry does not stand in the log that the checkpoint speaks of")
)

// Shown is what a proof shows: a dossier that was taken in, what the event says of it, and the checkpoint that it was checked against.
type Shown struct {
	Intake      *dossier.Intake
	SubmittedAt time.Time
	Facts       dossier.Facts
	Checkpoint  Checkpoint
}

// Check says whether the event stands in the log, and the events before it in its journal, by the public key alone. The errors are ErrEvent,
// ErrChain, ErrLeaf, ErrProof and those of Open.
func (p Proof) Check(public string) (Shown, error) {
	journal := p.Journal()
	for i, e := range journal {
		if e.Hash != e.Sum() {
			return Shown{}, ErrEvent
		}
		if e.Seq != i+1 || e.DossierID != p.Event.DossierID || i == 0 && e.Prev != "" || i > 0 && e.Prev != journal[i-1].Hash {
			return Shown{}, ErrChain
		}
	}
	if !p.Leaf.Of(p.Event) {
		return Shown{}, ErrLeaf
	}
	c, err := Open(p.Checkpoint, public)
	if err != nil {
		return Shown{}, err
	}
	hashes := make(tlog.RecordProof, len(p.Hashes))
	for i, text := range p.Hashes {
		if hashes[i], err = tlog.ParseHash(text); err != nil {
			return Shown{}, fmt.Errorf("%w: %w", ErrProof, err)
		}
	}
	if err := tlog.CheckRecord(hashes, c.Size, c.Root, p.Leaf.Index, tlog.RecordHash(p.Leaf.Record())); err != nil {
		return Shown{}, fmt.Errorf("%w: %w", ErrProof, err)
	}
	first, err := journal[0].Read()
	if err != nil {
		return Shown{}, err
	}
	f, err := p.Event.Read()
	return Shown{Intake: first.Intake, SubmittedAt: journal[0].At, Facts: f, Checkpoint: c}, err
}
