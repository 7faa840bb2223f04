package httpapi

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/motcua/motcua/pkg/store"
)

// keepable are the operations that write, each with the way its answer is written out. An operation that is not here pays no attention to
// Idempotency-Key: signing in and looking up change nothing that a repetition could double.
var keepable = map[string]func(answer any, w http.ResponseWriter) error{
	"CreateToken":      visitWith(CreateTokenResponseObject.VisitCreateTokenResponse),
	"RevokeToken":      visitWith(RevokeTokenResponseObject.VisitRevokeTokenResponse),
	"CreateUser":       visitWith(CreateUserResponseObject.VisitCreateUserResponse),
	"DisableUser":      visitWith(DisableUserResponseObject.VisitDisableUserResponse),
	"SetTerms":         visitWith(SetTermsResponseObject.VisitSetTermsResponse),
	"SetProcess":       visitWith(SetProcessResponseObject.VisitSetProcessResponse),
	"Reassign":         visitWith(ReassignResponseObject.VisitReassignResponse),
	"ReceiveDossier":   visitWith(ReceiveDossierResponseObject.VisitReceiveDossierResponse),
	"ActOnDossier":     visitWith(ActOnDossierResponseObject.VisitActOnDossierResponse),
	"AcknowledgeAlert": visitWith(AcknowledgeAlertResponseObject.VisitAcknowledgeAlertResponse),
	"ReviseCalendar":   visitWith(ReviseCalendarResponseObject.VisitReviseCalendarResponse),
	"AttachFile":       visitWith(AttachFileResponseObject.VisitAttachFileResponse),
	"ReuseFile":        visitWith(ReuseFileResponseObject.VisitReuseFileResponse),
	"RemoveFile":       visitWith(RemoveFileResponseObject.VisitRemoveFileResponse),
	"AddRules":         visitWith(AddRulesResponseObject.VisitAddRulesResponse),
	"AddReceiver":      visitWith(AddReceiverResponseObject.VisitAddReceiverResponse),
	"ChangeReceiver":   visitWith(ChangeReceiverResponseObject.VisitChangeReceiverResponse),
	"RemoveReceiver":   visitWith(RemoveReceiverResponseObject.VisitRemoveReceiverResponse),
	"RenewSecret":      visitWith(RenewSecretResponseObject.VisitRenewSecretResponse),
	"ReplayReceiver":   visitWith(ReplayReceiverResponseObject.VisitReplayReceiverResponse),
}

func visitWith[T any](visit func(T, http.ResponseWriter) error) func(any, http.ResponseWriter) error {
	if _, ok := any(again{}).(T); !ok {
		panic(fmt.Sprintf("an answer that is kept cannot be repeated as %T", visit))
	}
	return func(answer any, w http.ResponseWriter) error {
		a, ok := answer.(T)
		if !ok {
			return fmt.Errorf("unexpected answer %T", answer)
		}
		return visit(a, w)
	}
}

// once lets a write with an Idempotency-Key happen once: act, answer and key are kept in one transaction, and a repetition is told the
// same again, byte for byte.
func (s *server) once(f StrictHandlerFunc, operation string) StrictHandlerFunc {
	visit, writes := keepable[operation]
	if !writes {
		return f
	}
	return func(c *gin.Context, request any) (any, error) {
		key := c.GetHeader("Idempotency-Key")
		if key == "" {
			return f(c, request)
		}
		v, outer := visitOf(c), c.Request
		defer func() { c.Request = outer }()
		seal := newSeal(v.actor.ID[:], key)
		var plain store.Answer
		kept, replayed, err := s.Office.Once(outer.Context(), v.actor, seal.name, fingerprint(outer, v.body), v.now,
			func(ctx context.Context) (store.Answer, error) {
				c.Request = outer.WithContext(ctx) // the handler takes part in the transaction
				answer, err := f(c, request)
				if err != nil {
					return store.Answer{}, err
				}
				if plain, err = written(answer, visit); err != nil {
					return store.Answer{}, err
				}
				return seal.close(plain), nil
			})
		if err != nil {
			return nil, err
		}
		if replayed {
			c.Header("Idempotency-Replayed", "true")
			if plain, err = seal.open(kept); err != nil {
				return nil, err
			}
		}
		return again(plain), nil
	}
}

// fingerprint tells one request from another: what was asked of what, in which version, with which words.
func fingerprint(r *http.Request, body []byte) string {
	h := sha256.New()
	kind := r.Header.Get("Content-Type")
	if strings.HasPrefix(kind, bytesInForm) {
		kind = bytesInForm // what stands between its parts is drawn anew for each repetition
	}
	for _, part := range []string{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, r.Header.Get("If-Match"), kind} {
		fmt.Fprintf(h, "%d:%s\n", len(part), part)
	}
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

func written(answer any, visit func(any, http.ResponseWriter) error) (store.Answer, error) {
	w := recorder{header: http.Header{}}
	if err := visit(answer, &w); err != nil {
		return store.Answer{}, fmt.Errorf("keep answer: %w", err)
	}
	a := store.Answer{Status: w.status, Header: map[string]string{}, Body: w.body.Bytes()}
	for name := range w.header {
		a.Header[name] = w.header.Get(name)
	}
	return a, nil
}

// recorder takes down what an answer writes.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

// seal locks kept answers with the key of the request, of which the database keeps only a hash: some answers hold what is told once (a
// token, the secret of a receipt), and a copy of the database must not give it away.
type seal struct {
	name string // what the database knows the key by
	aead cipher.AEAD
}

func newSeal(actor []byte, key string) seal {
	name := sha256.Sum256([]byte("motcua-key-name-1|" + key))
	lock := sha256.Sum256(append([]byte("motcua-key-lock-1|"+key+"|"), actor...))
	block, err := aes.NewCipher(lock[:])
	if err != nil {
		panic(err) // 32 bytes are a key
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return seal{name: hex.EncodeToString(name[:]), aead: aead}
}

func (s seal) close(a store.Answer) store.Answer {
	a.Body = s.aead.Seal(nil, nil, a.Body, nil)
	return a
}

func (s seal) open(a store.Answer) (store.Answer, error) {
	var err error
	if a.Body, err = s.aead.Open(nil, nil, a.Body, nil); err != nil {
		return a, fmt.Errorf("kept answer: %w", err)
	}
	return a, nil
}

// again is an answer that is already written out, for any operation that keeps one.
type again store.Answer

func (a again) write(w http.ResponseWriter) error {
	for name, value := range a.Header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(a.Status)
	_, err := w.Write(a.Body)
	return err
}

func (a again) VisitCreateTokenResponse(w http.ResponseWriter) error      { return a.write(w) }
func (a again) VisitRevokeTokenResponse(w http.ResponseWriter) error      { return a.write(w) }
func (a again) VisitCreateUserResponse(w http.ResponseWriter) error       { return a.write(w) }
func (a again) VisitDisableUserResponse(w http.ResponseWriter) error      { return a.write(w) }
func (a again) VisitSetTermsResponse(w http.ResponseWriter) error         { return a.write(w) }
func (a again) VisitSetProcessResponse(w http.ResponseWriter) error       { return a.write(w) }
func (a again) VisitReassignResponse(w http.ResponseWriter) error         { return a.write(w) }
func (a again) VisitReceiveDossierResponse(w http.ResponseWriter) error   { return a.write(w) }
func (a again) VisitActOnDossierResponse(w http.ResponseWriter) error     { return a.write(w) }
func (a again) VisitAcknowledgeAlertResponse(w http.ResponseWriter) error { return a.write(w) }
func (a again) VisitReviseCalendarResponse(w http.ResponseWriter) error   { return a.write(w) }
func (a again) VisitAttachFileResponse(w http.ResponseWriter) error       { return a.write(w) }
func (a again) VisitReuseFileResponse(w http.ResponseWriter) error        { return a.write(w) }
func (a again) VisitRemoveFileResponse(w http.ResponseWriter) error       { return a.write(w) }
func (a again) VisitAddRulesResponse(w http.ResponseWriter) error         { return a.write(w) }
func (a again) VisitAddReceiverResponse(w http.ResponseWriter) error      { return a.write(w) }
func (a again) VisitChangeReceiverResponse(w http.ResponseWriter) error   { return a.write(w) }
func (a again) VisitRemoveReceiverResponse(w http.ResponseWriter) error   { return a.write(w) }
func (a again) VisitRenewSecretResponse(w http.ResponseWriter) error      { return a.write(w) }
func (a again) VisitReplayReceiverResponse(w http.ResponseWriter) error   { return a.write(w) }
