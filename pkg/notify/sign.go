package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const secretPrefix = "whsec_"

// Message is one thing to be told: its ID stays the same however often it is sent.
type Message struct {
	ID   string
	Body []byte
}

// Sign is the header webhook-signature of Standard Webhooks for a message sent at the instant, one signature for each secret.
func Sign(m Message, at time.Time, secrets ...string) (string, error) {
	all := make([]string, len(secrets))
	for i, secret := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
		if err != nil || len(key) == 0 || !strings.HasPrefix(secret, secretPrefix) {
			return "", fmt.Errorf("a secret is not %s and base64", secretPrefix)
		}
		h := hmac.New(sha256.New, key)
		fmt.Fprintf(h, "%s.%s.", m.ID, Timestamp(at))
		h.Write(m.Body)
		all[i] = "v1," + base64.StdEncoding.EncodeToString(h.Sum(nil))
	}
	return strings.Join(all, " "), nil
}

// Timestamp is the header webhook-timestamp of a message sent at the instant.
func Timestamp(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }
