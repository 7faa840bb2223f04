// Package ledger is one log over all journals, of which a signed checkpoint leaves the machine now and then: whatever stands in the log by
// then can no longer be changed, taken out or dated back unseen, and a receipt can prove that it stands in it. A hash chain within each
// dossier alone cannot say that: whoever can write the tables can chain it anew, or take a whole dossier out.
//
// The hashes are those of RFC 6962 (golang.org/x/mod/sumdb/tlog), checkpoints are signed notes (golang.org/x/mod/sumdb/note).
package ledger

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/motcua/motcua/pkg/dossier"
)

// Leaf is one event in the log. Its place in the log is its index, 0 up.
type Leaf struct {
	Index     int64     `json:"index"`
	DossierID uuid.UUID `json:"dossier_id"`
	Seq       int       `json:"seq"`        // of the event in its dossier
	EventHash string    `json:"event_hash"` // dossier.Event.Hash
	EnteredAt time.Time `json:"entered_at"` // when it was entered into the log, UTC, whole microseconds
}

// Record is what is hashed of a leaf. The index is not in it: the tree says it.
func (l Leaf) Record() []byte {
	return fmt.Appendf(nil, "motcua-leaf-1\n%s\n%d\n%s\n%s\n", l.DossierID, l.Seq, l.EventHash, l.EnteredAt.UTC().Format("2006-01-02T15:04:05.000000Z"))
}

// Of says whether the leaf is that of the event.
func (l Leaf) Of(e dossier.Event) bool {
	return l.DossierID == e.DossierID && l.Seq == e.Seq && l.EventHash == e.Hash
}

// Hash is a node of the tree at its place among the stored hashes.
type Hash struct {
	Index int64 // tlog.StoredHashIndex
	Hash  tlog.Hash
}

// Append gives the hashes that leaves add behind a log of the size; they must be stored with the leaves, all or none. stored reads hashes
// that are there already. The leaves get their indices.
func Append(size int64, leaves []Leaf, stored tlog.HashReader) ([]Hash, error) {
	var added []Hash
	first := tlog.StoredHashCount(size)
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		var old, place []int64
		for i, x := range indexes {
			if x >= first {
				found[i] = added[x-first].Hash
			} else {
				old, place = append(old, x), append(place, int64(i))
			}
		}
		if len(old) == 0 {
			return found, nil
		}
		read, err := stored.ReadHashes(old)
		for i, p := range place {
			if err == nil {
				found[p] = read[i]
			}
		}
		return found, err
	})
	for i := range leaves {
		leaves[i].Index = size + int64(i)
		hashes, err := tlog.StoredHashes(leaves[i].Index, leaves[i].Record(), reader)
		if err != nil {
			return nil, fmt.Errorf("log of %d entries: %w", leaves[i].Index, err)
		}
		for _, h := range hashes {
			added = append(added, Hash{first + int64(len(added)), h})
		}
	}
	return added, nil
}

// Tree works out the root of a log leaf by leaf, from nothing but the leaves.
type Tree struct {
	Size  int64
	peaks []tlog.Hash // of the full subtrees, the largest first
}

// Add puts the next leaf into the tree. It returns the hashes that come with it, in the order in which they are stored.
func (t *Tree) Add(l Leaf) []tlog.Hash {
	h := tlog.RecordHash(l.Record())
	added := []tlog.Hash{h}
	for n := t.Size; n&1 == 1; n >>= 1 {
		last := len(t.peaks) - 1
		h = tlog.NodeHash(t.peaks[last], h)
		t.peaks = t.peaks[:last]
		added = append(added, h)
	}
	t.peaks = append(t.peaks, h)
	t.Size++
	return added
}

// Root is the hash of the whole tree.
func (t *Tree) Root() tlog.Hash {
	if t.Size == 0 {
		h, _ := tlog.TreeHash(0, nil) // of nothing: it reads nothing
		return h
	}
	h := t.peaks[len(t.peaks)-1]
	for i := len(t.peaks) - 2; i >= 0; i-- {
		h = tlog.NodeHash(t.peaks[i], h)
	}
	return h
}
