package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/ledger"
)

// proofOf is the proof of an event that is alone in a log, and the public key.
func proofOf(t *testing.T, e dossier.Event) (ledger.Proof, string) {
	t.Helper()
	private, public, err := ledger.NewKey("motcua-test")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.NewSigner(private, public)
	if err != nil {
		t.Fatal(err)
	}
	leaf := ledger.Leaf{DossierID: e.DossierID, Seq: e.Seq, EventHash: e.Hash, EnteredAt: e.At}
	var tree ledger.Tree
	tree.Add(leaf)
	signed, err := signer.Sign(ledger.Checkpoint{Size: tree.Size, Root: tree.Root(), At: e.At})
	if err != nil {
		t.Fatal(err)
	}
	return ledger.Proof{Event: e, Leaf: leaf, Hashes: []string{}, Checkpoint: signed}, public
}

func TestAProofIsSoundHoweverItIsSetOutAndNothingStandsBehindIt(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC)
	facts, err := json.Marshal(dossier.Facts{Intake: &dossier.Intake{Code: "H99.X1-261102-0001", Applicant: dossier.Person{Name: "Công ty A & B <Thử>"}}})
	if err != nil {
		t.Fatal(err)
	}
	e := dossier.Event{DossierID: uuid.UUID{1}, Seq: 1, Kind: dossier.WasReceived, At: at, RecordedAt: at, By: dossier.By{Name: "Ông Bà"}, Facts: facts}
	e.Hash = e.Sum()
	proof, public := proofOf(t, e)
	sent, err := json.Marshal(proof)
	if err != nil {
		t.Fatal(err)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, sent, "", "  "); err != nil {
		t.Fatal(err)
	}
	jq := strings.NewReplacer(`\u0026`, "&", `\u003c`, "<", `\u003e`, ">").Replace(indented.String())
	if jq == indented.String() {
		t.Fatal("nothing in it is written in two ways")
	}
	python := strings.NewReplacer("ử", `\u1eed`, "Ô", `\u00d4`, "ô", `\u00F4`, "/", `\/`).Replace(jq)
	if !strings.Contains(python, `\u1eed`) || !strings.Contains(python, `\u00F4`) {
		t.Fatal("nothing of it is escaped")
	}
	for name, x := range map[string]struct{ body, says string }{
		"as it was sent":       {string(sent), ""},
		"set out":              {indented.String(), ""},
		"as jq sets it out":    {jq + "\n", ""},
		"as Python escapes it": {python, ""},
		"escaped and changed":  {strings.Replace(python, `\u1eed`, `\u1eeb`, 1), ledger.ErrEvent.Error()},
		"another applicant":    {strings.Replace(jq, "A & B", "A & C", 1), ledger.ErrEvent.Error()},
		"with a mark in front": {"\ufeff" + string(sent), ""},
		"said twice":           {strings.Replace(string(sent), `"facts":`, `"Facts":{},"facts":`, 1), `is no proof: it says "facts" twice`},
		"in another letter":    {strings.Replace(string(sent), `"facts":`, `"fact\u017f":{},"facts":`, 1), `is no proof: it says "facts" twice`},
		"a second value":       {string(sent) + "{}", "is no proof: something stands behind it"},
		"rubbish behind it":    {string(sent) + "\n]x", "is no proof: something stands behind it"},
		"broken off":           {string(sent[:len(sent)-1]), "is no proof: unexpected EOF"},
		"without what it says": {strings.Replace(string(sent), `"facts":`+string(facts)+`,`, "", 1), "is no proof: "},
	} {
		file := filepath.Join(t.TempDir(), "proof.json")
		if err := os.WriteFile(file, []byte(x.body), 0o600); err != nil {
			t.Fatal(err)
		}
		err := verifyReceiptVerb{File: file, Key: public}.Run()
		if x.says == "" && err != nil || x.says != "" && (err == nil || !strings.Contains(err.Error(), x.says)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
