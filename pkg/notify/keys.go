package notify

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// Keys lock the secrets of receivers, so that a copy of the database gives none away. The first key locks, each of them opens: a new one is put in
// front of the others, and those can go once everything is locked with it.
type Keys struct{ all []lock }

type lock struct {
	name string // short, tells keys apart
	aead cipher.AEAD
}

// A locked secret is the prefix, the key's name, a colon and base64.
const lockedPrefix = "locked1:"

// ErrLocked says that a secret was locked with a key that is not among these, or for another receiver.
var ErrLocked = errors.New("the secret is locked with a key that the server does not have")

// NewKey draws a key for a file that ReadKeys reads.
func NewKey() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return base64.StdEncoding.EncodeToString(key)
}

// ReadKeys reads keys, one a line: 32 bytes in base64. Empty lines and those with a # in front are none.
func ReadKeys(body string) (Keys, error) {
	var k Keys
	for i, line := range strings.Split(body, "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		key, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(key) != 32 {
			return Keys{}, fmt.Errorf("line %d is no key: 32 bytes in base64", i+1)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return Keys{}, err
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return Keys{}, err
		}
		sum := sha256.Sum256(append([]byte("motcua-secret-key|"), key...))
		k.all = append(k.all, lock{hex.EncodeToString(sum[:4]), aead})
	}
	if len(k.all) == 0 {
		return Keys{}, errors.New("there is no key")
	}
	return k, nil
}

// Lock locks a secret for its receiver; "" stays "".
func (k Keys) Lock(secret string, receiver uuid.UUID) (string, error) {
	if secret == "" {
		return "", nil
	}
	if len(k.all) == 0 {
		return "", errors.New("there is no key to lock secrets with")
	}
	l := k.all[0]
	return lockedPrefix + l.name + ":" + base64.StdEncoding.EncodeToString(l.aead.Seal(nil, nil, []byte(secret), receiver[:])), nil
}

// Open gives the secret back. One from before secrets were locked is given as it is. The error is ErrLocked.
func (k Keys) Open(locked string, receiver uuid.UUID) (string, error) {
	rest, ok := strings.CutPrefix(locked, lockedPrefix)
	if !ok {
		return locked, nil
	}
	name, body, _ := strings.Cut(rest, ":")
	for _, l := range k.all {
		if l.name != name {
			continue
		}
		sealed, err := base64.StdEncoding.DecodeString(body)
		if err != nil {
			break
		}
		if secret, err := l.aead.Open(nil, nil, sealed, receiver[:]); err == nil {
			return string(secret), nil
		}
	}
	return "", ErrLocked
}

// Current says whether a secret is locked with the first key, or there is none.
func (k Keys) Current(locked string) bool {
	return locked == "" || len(k.all) > 0 && strings.HasPrefix(locked, lockedPrefix+k.all[0].name+":")
}
