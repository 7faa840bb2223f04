package ledger

import (
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint says how large the log was at an instant, and its root. Whoever keeps one elsewhere can have the log checked against it.
type Checkpoint struct {
	Origin string // name of the log, the same as the signing key's
	Size   int64
	Root   tlog.Hash
	At     time.Time // UTC, whole seconds
}

// NewKey makes a signing key for a log of that name and the public key that checks what it signs.
func NewKey(origin string) (private, public string, err error) {
	return note.GenerateKey(rand.Reader, origin)
}

// Signer signs checkpoints.
type Signer struct {
	signer note.Signer
	Public string // the key that checks what it signs

	// What it signed last, kept outside the database: whoever writes every table does not write this. Both nil where nothing is kept.
	Last func() (signed string, err error) // "" before the first time
	Keep func(signed string) error
}

// NewSigner reads a private key that NewKey made.
func NewSigner(private, public string) (*Signer, error) {
	s, err := note.NewSigner(private)
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	v, err := note.NewVerifier(public)
	if err != nil {
		return nil, fmt.Errorf("public key: %w", err)
	}
	if v.KeyHash() != s.KeyHash() || v.Name() != s.Name() {
		return nil, errors.New("the public key does not belong to the signing key")
	}
	return &Signer{signer: s, Public: public}, nil
}

// Origin names the log that the key signs for.
func (s *Signer) Origin() string { return s.signer.Name() }

// Sign is the checkpoint as a signed note: origin, size, root and time, a line each, and the signature.
func (s *Signer) Sign(c Checkpoint) (string, error) {
	text := fmt.Sprintf("%s\n%d\n%s\n%s\n", s.Origin(), c.Size, c.Root, c.At.UTC().Format(time.RFC3339))
	signed, err := note.Sign(&note.Note{Text: text}, s.signer)
	if err != nil {
		return "", fmt.Errorf("checkpoint: %w", err)
	}
	return string(signed), nil
}

// ErrSignature says that a note was not signed with the key.
var ErrSignature = errors.New("the checkpoint is not signed with this key")

// written is a signed checkpoint as it stands in a text: four lines, a blank one, and the signatures.
var written = regexp.MustCompile(`(?m)^.+\n\d+\n[A-Za-z0-9+/]{43}=\n.+\n\n(?:— \S+ \S+\n)+`)

// Find lists the signed checkpoints that stand in a text, such as a control sheet or a mail as it was saved, in its order, each once.
func Find(text string) []string {
	var found []string
	for _, part := range append([]string{text}, mailed(text)...) {
		for _, signed := range written.FindAllString(strings.ReplaceAll(part, "\r\n", "\n")+"\n", -1) {
			if !slices.Contains(found, signed) {
				found = append(found, signed)
			}
		}
	}
	return found
}

// Open reads a signed checkpoint and checks it against a public key. The error is ErrSignature when the signature is another's.
func Open(signed, public string) (Checkpoint, error) {
	v, err := note.NewVerifier(strings.TrimSpace(public))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("public key: %w", err)
	}
	n, err := note.Open([]byte(signed), note.VerifierList(v))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("%w: %w", ErrSignature, err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 5 || lines[4] != "" {
		return Checkpoint{}, errors.New("the note is no checkpoint of ours")
	}
	c := Checkpoint{Origin: lines[0]}
	if c.Origin != v.Name() {
		return Checkpoint{}, errors.New("the checkpoint is that of another log")
	}
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.Size < 0 {
		return Checkpoint{}, errors.New("the checkpoint has no size")
	}
	if c.Root, err = tlog.ParseHash(lines[2]); err != nil {
		return Checkpoint{}, fmt.Errorf("the checkpoint has no root: %w", err)
	}
	if c.At, err = time.Parse(time.RFC3339, lines[3]); err != nil {
		return Checkpoint{}, fmt.Errorf("the checkpoint has no time: %w", err)
	}
	return c, nil
}
