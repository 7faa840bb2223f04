package ledger_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/ledger"
)

var entered = time.Date(2026, 11, 2, 1, 30, 0, 123456000, time.UTC)

// shelf keeps hashes as the store does.
type shelf []tlog.Hash

func (s *shelf) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x >= int64(len(*s)) {
			return nil, fmt.Errorf("hash %d is not there", x)
		}
		found[i] = (*s)[x]
	}
	return found, nil
}

func (s *shelf) put(t *testing.T, size int64, leaves []ledger.Leaf) {
	t.Helper()
	added, err := ledger.Append(size, leaves, s)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range added {
		if h.Index != int64(len(*s)) {
			t.Fatalf("hash %d comes as number %d", h.Index, len(*s))
		}
		*s = append(*s, h.Hash)
	}
}

func event(i int) dossier.Event {
	e := dossier.Event{
		DossierID: uuid.NewSHA1(uuid.Nil, fmt.Append(nil, i)), Seq: 1, Kind: dossier.WasReceived, At: entered, RecordedAt: entered,
		By: dossier.By{Name: "Ông Bà"}, Facts: json.RawMessage(`{"reason":"thử"}`),
	}
	e.Hash = e.Sum()
	return e
}

func leaf(e dossier.Event) ledger.Leaf {
	return ledger.Leaf{DossierID: e.DossierID, Seq: e.Seq, EventHash: e.Hash, EnteredAt: entered}
}

func key(t *testing.T) *ledger.Signer {
	t.Helper()
	private, public, err := ledger.NewKey("motcua-test")
	if err != nil {
		t.Fatal(err)
	}
	s, err := ledger.NewSigner(private, public)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEveryEntryIsProvedInEveryLaterLogAndNothingElseIs(t *testing.T) {
	t.Parallel()
	const all = 70
	signer, other := key(t), key(t)
	var stored shelf
	var tree ledger.Tree
	events := make([]dossier.Event, all)
	leaves := make([]ledger.Leaf, all)
	var checkpoints []string
	for i := range all {
		events[i] = event(i)
		one := []ledger.Leaf{leaf(events[i])}
		stored.put(t, int64(i), one)
		leaves[i] = one[0]
		added := tree.Add(leaves[i])
		if diff := cmp.Diff([]tlog.Hash(stored[len(stored)-len(added):]), added); diff != "" || int64(len(stored)) != tlog.StoredHashCount(tree.Size) {
			t.Fatalf("entry %d adds other hashes to the tree than are stored: %s", i, diff)
		}
		root, err := tlog.TreeHash(tree.Size, &stored)
		if err != nil || root != tree.Root() {
			t.Fatalf("after %d entries the root is %s, by the stored hashes %s: %v", i+1, tree.Root(), root, err)
		}
		signed, err := signer.Sign(ledger.Checkpoint{Size: tree.Size, Root: tree.Root(), At: entered})
		if err != nil {
			t.Fatal(err)
		}
		checkpoints = append(checkpoints, signed)
	}
	for size := 1; size <= all; size += 7 {
		for i := range size {
			p, err := ledger.Prove(events[i:i+1], leaves[i], checkpoints[size-1], signer.Public, &stored)
			if err != nil {
				t.Fatal(err)
			}
			shown, err := p.Check(signer.Public)
			if err != nil || shown.Checkpoint.Size != int64(size) || shown.Facts.Reason != "thử" {
				t.Fatalf("entry %d of %d: %v", i, size, err)
			}
			for what, x := range map[string]struct {
				change func(*ledger.Proof)
				public string
				want   error
			}{
				"another reason":    {func(p *ledger.Proof) { p.Event.Facts = json.RawMessage(`{"reason":"khác"}`) }, signer.Public, ledger.ErrEvent},
				"an earlier day":    {func(p *ledger.Proof) { p.Event.At = p.Event.At.Add(-time.Hour); p.Event.Hash = p.Event.Sum() }, signer.Public, ledger.ErrLeaf},
				"another leaf":      {func(p *ledger.Proof) { p.Event = event(99); p.Leaf = leaf(p.Event); p.Leaf.Index = int64(i) }, signer.Public, ledger.ErrProof},
				"entered earlier":   {func(p *ledger.Proof) { p.Leaf.EnteredAt = entered.Add(-time.Hour) }, signer.Public, ledger.ErrProof},
				"another's key":     {func(*ledger.Proof) {}, other.Public, ledger.ErrSignature},
				"a forged note":     {func(p *ledger.Proof) { p.Checkpoint = "x" + p.Checkpoint }, signer.Public, ledger.ErrSignature},
				"half of the proof": {func(p *ledger.Proof) { p.Hashes = append(p.Hashes, p.Leaf.EventHash) }, signer.Public, ledger.ErrProof},
			} {
				forged := p
				forged.Hashes = append([]string(nil), p.Hashes...)
				x.change(&forged)
				if _, err := forged.Check(x.public); !errors.Is(err, x.want) {
					t.Fatalf("%s, entry %d of %d: %v", what, i, size, err)
				}
			}
		}
	}
}

func TestEntriesAddedTogetherMakeTheSameTree(t *testing.T) {
	t.Parallel()
	var one, many shelf
	var leaves []ledger.Leaf
	for i := range 33 {
		leaves = append(leaves, leaf(event(i)))
		one.put(t, int64(i), []ledger.Leaf{leaf(event(i))})
	}
	many.put(t, 0, leaves[:5])
	many.put(t, 5, leaves[5:])
	if fmt.Sprint(one) != fmt.Sprint(many) {
		t.Fatal("the stored hashes differ")
	}
}

func TestANoteThatIsNoCheckpointIsRefused(t *testing.T) {
	t.Parallel()
	signer := key(t)
	private, public, err := ledger.NewKey("other")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.NewSigner(private, signer.Public); err == nil {
		t.Error("keys that do not belong together were taken")
	}
	if _, err := ledger.Open("", public); !errors.Is(err, ledger.ErrSignature) {
		t.Error(err)
	}
	if _, err := ledger.Open("", "no key"); err == nil {
		t.Error("no key was taken")
	}
}

func TestACheckpointIsFoundOnASheet(t *testing.T) {
	t.Parallel()
	signer := key(t)
	var notes []string
	for _, size := range []int64{0, 7} {
		signed, err := signer.Sign(ledger.Checkpoint{Size: size, At: entered})
		if err != nil {
			t.Fatal(err)
		}
		notes = append(notes, signed)
	}
	for name, text := range map[string]string{
		"alone":                  notes[0] + notes[1],
		"without the last line":  notes[0] + strings.TrimSuffix(notes[1], "\n"),
		"among other lines":      "TỜ KIỂM SOÁT\n\nkey:\n  x\n\n" + notes[0] + "\n— to be kept —\n\n" + notes[1] + "\nMotcua\n",
		"with another line ends": strings.ReplaceAll("x\n\n"+notes[0]+"\n"+notes[1]+"y\n", "\n", "\r\n"),
	} {
		found := ledger.Find(text)
		if len(found) != 2 {
			t.Fatalf("%s: %q", name, found)
		}
		for i, size := range []int64{0, 7} {
			if c, err := ledger.Open(found[i], signer.Public); err != nil || c.Size != size {
				t.Errorf("%s: %+v, %v", name, c, err)
			}
		}
	}
	if found := ledger.Find("motcua\n7\nno root\n\n— x y\n"); len(found) != 0 {
		t.Errorf("%q", found)
	}
}
