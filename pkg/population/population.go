// Package population asks an outside register of persons who has a number, so that a clerk need not type what is known.
package population

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
)

// Config says where the register is and how it speaks (api/applicants.md).
type Config struct {
	URL     string
	Token   string            // sent as Bearer; "" sends none
	Timeout time.Duration     // for the whole answer; 0 is five seconds
	Send    map[string]string // where in the question what stands: JSON pointers by id_number, purpose; nil is /id_number, /purpose
	Fields  map[string]string // where in the answer what stands: JSON pointers by name, birth_date, sex, phone, email, address, kind, id_number
}

// Register is the outside register. It is safe for concurrent use.
type Register struct {
	Config
	client *http.Client
	slots  chan struct{} // questions under way

	mu       sync.Mutex
	failures int       // in a row
	restTo   time.Time // nothing is asked before
}

const (
	atOnce     = 8                // questions under way
	giveUpAt   = 5                // failures in a row
	rest       = 30 * time.Second // without questions after that many
	longest    = 64 << 10         // of an answer, in bytes
	usualPause = 5 * time.Second
)

var usualFields = map[string]string{
	"name": "/name", "birth_date": "/birth_date", "sex": "/sex", "phone": "/phone", "email": "/email", "address": "/address", "kind": "/kind",
	"id_number": "/id_number",
}

// New is the register at the address. The error says what of the configuration cannot be.
func New(c Config) (*Register, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, errors.New("the register's address is none like https://register.example.vn/person")
	}
	if c.Timeout <= 0 {
		c.Timeout = usualPause
	}
	send := map[string]string{"id_number": "/id_number", "purpose": "/purpose"}
	if c.Send, err = mapping(send, c.Send); err != nil {
		return nil, err
	}
	if c.Fields, err = mapping(usualFields, c.Fields); err != nil {
		return nil, err
	}
	return &Register{
		Config: c, slots: make(chan struct{}, atOnce),
		client: &http.Client{
			Timeout: c.Timeout,
			// The token is for this address and no other.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// Ask is the person who has the tidy number. The error is NotFound "person-not-in-register", or Unavailable "register-unavailable" when the
// register is down, slow, busy or says what makes no sense. No error holds what was asked or answered. now decides whether it is let rest.
func (r *Register) Ask(ctx context.Context, now time.Time, number, purpose string) (dossier.Person, error) {
	if r == nil {
		return dossier.Person{}, fault.New(fault.Unavailable, "register-not-configured", "no outside register is set up; fill in the form by hand")
	}
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	default:
		return dossier.Person{}, unavailable(errors.New("too many questions are under way"))
	}
	if r.resting(now) {
		return dossier.Person{}, unavailable(errors.New("it failed too often and is let rest"))
	}
	p, err := r.ask(ctx, number, purpose)
	if errors.Is(err, fault.NotFound) {
		r.note(now, nil)
		return p, err
	}
	if ctx.Err() == nil { // a caller who left says nothing about the register
		r.note(now, err)
	}
	if err != nil {
		return dossier.Person{}, unavailable(err)
	}
	return p, nil
}

func unavailable(cause error) error {
	return fault.New(fault.Unavailable, "register-unavailable", "the outside register does not answer; fill in the form by hand").Because(cause)
}

func (r *Register) resting(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return now.Before(r.restTo)
}

// note counts failures in a row. After a rest one question is let through; if that fails too, the rest begins again.
func (r *Register) note(now time.Time, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		r.failures = 0
		return
	}
	if r.failures++; r.failures >= giveUpAt {
		r.restTo = now.Add(rest)
	}
}

func (r *Register) ask(ctx context.Context, number, purpose string) (dossier.Person, error) {
	question := map[string]any{}
	put(question, r.Send["id_number"], number)
	put(question, r.Send["purpose"], purpose)
	body, err := json.Marshal(question)
	if err != nil {
		return dossier.Person{}, err
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL, bytes.NewReader(body))
	if err != nil {
		return dossier.Person{}, err
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Accept", "application/json")
	if r.Token != "" {
		q.Header.Set("Authorization", "Bearer "+r.Token)
	}
	answer, err := r.client.Do(q)
	if err != nil {
		return dossier.Person{}, err
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return dossier.Person{}, fault.New(fault.NotFound, "person-not-in-register", "the register knows nobody with this number")
	default:
		return dossier.Person{}, fmt.Errorf("the register answered %d", answer.StatusCode)
	}
	said, err := io.ReadAll(io.LimitReader(answer.Body, longest+1))
	if err != nil {
		return dossier.Person{}, err
	}
	if len(said) > longest {
		return dossier.Person{}, errors.New("the answer is too long")
	}
	return r.read(said, number)
}

// read makes a person of an answer. What is not understood is left out, but for the name, and a number that is somebody else's.
func (r *Register) read(said []byte, number string) (dossier.Person, error) {
	var document any
	if err := json.Unmarshal(said, &document); err != nil {
		return dossier.Person{}, errors.New("the answer is no JSON") // the cause might repeat some of it
	}
	field := func(name string) string { return text(find(document, r.Fields[name])) }
	if other := dossier.TidyIDNumber(field("id_number")); other != "" && other != number {
		return dossier.Person{}, errors.New("the answer is about another number")
	}
	p := dossier.Person{
		Kind: kindOf(field("kind"), number), Name: field("name"), IDNumber: number, BirthDate: dateOf(field("birth_date")), Sex: sexOf(field("sex")),
		Phone: dossier.TidyPhone(field("phone")), Email: field("email"), Address: field("address"),
	}
	if p.Name == "" {
		return p, errors.New("the answer has no name")
	}
	return p, nil
}

func kindOf(said, number string) dossier.PersonKind {
	for _, k := range dossier.PersonKinds {
		if said == string(k) {
			return k
		}
	}
	if dossier.IDKindOf(number) == dossier.TaxCode {
		return dossier.Enterprise
	}
	return dossier.Citizen
}

// dateOf reads a date as registers here write it; "" for any other, such as a bare year.
func dateOf(said string) catalog.Date {
	for _, layout := range []string{time.DateOnly, "20060102", "02/01/2006", time.RFC3339} {
		if at, err := time.Parse(layout, said); err == nil {
			return catalog.Date(at.Format(time.DateOnly))
		}
	}
	return ""
}

func sexOf(said string) dossier.Sex {
	switch catalog.Fold(said) {
	case "male", "m", "nam", "1":
		return dossier.Male
	case "female", "f", "nu", "2":
		return dossier.Female
	}
	return ""
}
