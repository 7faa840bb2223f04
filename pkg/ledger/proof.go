package ledger

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/motcua/motcua/pkg/dossier"
)

// Proof shows that an event stands in the log. Whoever has it and the public key needs nothing else: neither the office nor its database.
type Proof struct {
	Event      dossier.Event `json:"event"`
	Leaf       Leaf          `json:"leaf"`
	Hashes     []string      `json:"hashes"`     // of RFC 6962's inclusion proof, base64
	Checkpoint string        `json:"checkpoint"` // signed, of a log that has the leaf
}

// Prove makes the proof for an event whose leaf lies below the checkpoint. stored reads the log's hashes.
func Prove(e dossier.Event, l Leaf, signed, public string, stored tlog.HashReader) (Proof, error) {
	c, err := Open(signed, public)
	if err != nil {
		return Proof{}, err
	}
	hashes, err := tlog.ProveRecord(c.Size, l.Index, stored)
	if err != nil {
		return Proof{}, fmt.Errorf("proof: %w", err)
	}
	p := Proof{Event: e, Leaf: l, Checkpoint: signed, Hashes: make([]string, len(hashes))}
	for i, h := range hashes {
		p.Hashes[i] = h.String()
	}
	return p, nil
}

// What Check can find wrong.
var (
	ErrEvent = errors.New("the event is not what was written: its hash differs")
	ErrLeaf  = errors.New("the entry in the log is that of another event")
	ErrProof = errors.New("the entry does not stand in the log that the checkpoint speaks of")
)

// Check says whether the event stands in the log, by the public key alone. It returns what the event says and the checkpoint that it was
// checked against. The errors are ErrEvent, ErrLeaf, ErrProof and those of Open.
func (p Proof) Check(public string) (dossier.Facts, Checkpoint, error) {
	if p.Event.Hash != p.Event.Sum() {
		return dossier.Facts{}, Checkpoint{}, ErrEvent
	}
	if !p.Leaf.Of(p.Event) {
		return dossier.Facts{}, Checkpoint{}, ErrLeaf
	}
	c, err := Open(p.Checkpoint, public)
	if err != nil {
		return dossier.Facts{}, c, err
	}
	hashes := make(tlog.RecordProof, len(p.Hashes))
	for i, text := range p.Hashes {
		if hashes[i], err = tlog.ParseHash(text); err != nil {
			return dossier.Facts{}, c, fmt.Errorf("%w: %w", ErrProof, err)
		}
	}
	if err := tlog.CheckRecord(hashes, c.Size, c.Root, p.Leaf.Index, tlog.RecordHash(p.Leaf.Record())); err != nil {
		return dossier.Facts{}, c, fmt.Errorf("%w: %w", ErrProof, err)
	}
	f, err := p.Event.Read()
	return f, c, err
}
