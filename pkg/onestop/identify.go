package onestop

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/crypto/argon2"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// sessionLength is how long a sign-in with a password lasts: a working day and its overtime.
const sessionLength = 12 * time.Hour

// argon2id with the parameters that OWASP names for 19 MiB.
const (
	hashMemory = 19 * 1024 // KiB
	hashTime   = 2
	hashLength = 32
)

// SignIn begins a session. A wrong password and an unknown user give the same answer after the same work.
func (o *Office) SignIn(ctx context.Context, now time.Time, username, password string) (string, time.Time, staff.Actor, error) {
	u, err := o.store.UserByUsername(ctx, username)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return "", time.Time{}, staff.Actor{}, err
	}
	hash := u.PasswordHash
	if err != nil || hash == "" {
		hash = nobodysHash
	}
	if !o.passwordFits(password, hash) || err != nil || u.Disabled || u.PasswordHash == "" {
		return "", time.Time{}, staff.Actor{}, fault.New(fault.Unauthenticated, "sign-in-failed", "user name and password do not belong together")
	}
	expires := now.Add(sessionLength)
	token, kept := newToken(u.ID, "sign-in", now, &expires)
	if err := o.store.InTx(ctx, func(ctx context.Context) error { return o.store.AddToken(ctx, kept) }); err != nil {
		return "", time.Time{}, staff.Actor{}, err
	}
	actor, err := o.Identify(ctx, now, token)
	return token, expires, actor, err
}

// Identify says who a token belongs to.
func (o *Office) Identify(ctx context.Context, now time.Time, token string) (staff.Actor, error) {
	refused := fault.New(fault.Unauthenticated, "token-refused", "the token is unknown, revoked or expired")
	t, u, path, err := o.store.TokenByHash(ctx, hashToken(token))
	switch {
	case errors.Is(err, fault.NotFound):
		return staff.Actor{}, refused
	case err != nil:
		return staff.Actor{}, err
	case !t.Live(now) || u.Disabled:
		return staff.Actor{}, refused
	}
	return staff.Actor{ID: u.ID, Username: u.Username, Name: u.Name, Role: u.Role, AgencyID: u.AgencyID, AgencyPath: path}, nil
}

// CreateToken gives a user a personal token. Users make their own; an administrator makes them for users of the own agency and below.
// The token is told this once and kept only as a hash.
func (o *Office) CreateToken(ctx context.Context, actor staff.Actor, now time.Time, username, name string, expires *time.Time) (string, staff.Token, error) {
	var token string
	var kept staff.Token
	err := o.store.InTx(ctx, func(ctx context.Context) error {
		u, err := o.employed(ctx, actor, username)
		if err != nil {
			return err
		}
		if u.Disabled {
			return fault.New(fault.Conflict, "user-disabled", "user %s has no access any more; a token would open nothing", u.Username)
		}
		var wrong fault.Fields
		if strings.TrimSpace(name) == "" {
			wrong.Add("name", "required", "is missing")
		}
		if expires != nil && !expires.After(now) {
			wrong.Add("expires_at", "past", "lies in the past")
		}
		if err := wrong.Err("token-invalid", "the token cannot be made"); err != nil {
			return err
		}
		token, kept = newToken(u.ID, name, now, expires)
		return o.store.AddToken(ctx, kept)
	})
	return token, kept, err
}

// RevokeToken ends one of the actor's own tokens at once.
func (o *Office) RevokeToken(ctx context.Context, actor staff.Actor, now time.Time, id uuid.UUID) error {
	return o.store.InTx(ctx, func(ctx context.Context) error { return o.store.RevokeToken(ctx, id, actor.ID, now) })
}

// NewUser is what an administrator says of somebody new. An empty password makes a user who can only use tokens.
type NewUser struct {
	Username, Name string
	Role           staff.Role
	Agency         string // code, identifier or id
	Password       string
}

// CreateUser employs somebody in an agency that the actor covers.
func (o *Office) CreateUser(ctx context.Context, actor staff.Actor, now time.Time, in NewUser) (staff.User, error) {
	if err := actor.Must(staff.EditUsers); err != nil {
		return staff.User{}, err
	}
	u := staff.User{ID: uuid.Must(uuid.NewV7()), Username: in.Username, Name: in.Name, Role: in.Role, CreatedAt: now}
	if in.Password != "" {
		if len(in.Password) < 10 || len(in.Password) > 200 {
			return u, fieldFault("password", "length", "must be 10 to 200 bytes long")
		}
		u.PasswordHash = o.HashPassword(in.Password)
	}
	err := o.store.InTx(ctx, func(ctx context.Context) error {
		a, err := o.agencyNamed(ctx, "agency", in.Agency, catalog.DateOf(now, o.zone))
		if err != nil {
			return err
		}
		if !actor.Covers(a.Path) {
			return fault.New(fault.Forbidden, "not-your-agency", "you may not employ users in agency %s", a.Code)
		}
		u.AgencyID = a.ID
		if err := u.Check(); err != nil {
			return err
		}
		return o.store.AddUser(ctx, u)
	})
	return u, err
}

// DisableUser ends a user's access at once, tokens included; whatever the user did stays in the journal.
func (o *Office) DisableUser(ctx context.Context, actor staff.Actor, username string) (staff.User, error) {
	if err := actor.Must(staff.EditUsers); err != nil {
		return staff.User{}, err
	}
	var u staff.User
	err := o.store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if u, err = o.employed(ctx, actor, username); err != nil {
			return err
		}
		if err := o.leavesAnAdministrator(ctx, actor, u); err != nil {
			return err
		}
		u.Disabled = true
		return o.store.ChangeUser(ctx, u)
	})
	return u, err
}

// leavesAnAdministrator refuses the last administrator of the topmost agency to leave: what holds for all could then be set by nobody who
// signs in. Anybody else's leaving is survived by whoever disables that user.
func (o *Office) leavesAnAdministrator(ctx context.Context, actor staff.Actor, u staff.User) error {
	topmost := leadsAll(actor, staff.EditUsers) == nil
	if u.ID != actor.ID || !topmost {
		return nil
	}
	active := false
	left, _, err := o.store.Users(ctx, store.UserFilter{AgencyID: u.AgencyID, Role: staff.Administrator, Disabled: &active}, store.Page{Limit: 2})
	if err == nil && len(left) < 2 {
		err = fault.New(fault.Conflict, "last-administrator", "you are the last administrator of the topmost agency; employ another one first")
	}
	return err
}

// employed is the user, if it is the actor or somebody whom the actor may administer; else it is as if there were none.
func (o *Office) employed(ctx context.Context, actor staff.Actor, username string) (staff.User, error) {
	u, err := o.store.UserByUsername(ctx, username)
	if err != nil || u.ID == actor.ID {
		return u, err
	}
	a, err := o.store.Agency(ctx, u.AgencyID)
	if err != nil {
		return u, err
	}
	if !actor.May(staff.EditUsers) || !actor.Covers(a.Path) {
		return u, fault.New(fault.NotFound, "user-not-found", "there is no such user")
	}
	return u, nil
}

func newToken(user uuid.UUID, name string, now time.Time, expires *time.Time) (string, staff.Token) {
	b := make([]byte, 30)
	_, _ = rand.Read(b) // never fails
	token := "mct_" + strings.ToLower(base32.StdEncoding.EncodeToString(b))
	return token, staff.Token{
		ID: uuid.Must(uuid.NewV7()), UserID: user, Name: name, Hash: hashToken(token), CreatedAt: now, ExpiresAt: expires,
	}
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// HashPassword is argon2id in PHC form. It takes tens of milliseconds and 19 MiB; two run at once.
func (o *Office) HashPassword(password string) string {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	return phc(salt, o.derive(password, salt, hashMemory, hashTime))
}

func phc(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, hashMemory, hashTime, b64.EncodeToString(salt), b64.EncodeToString(key))
}

// nobodysHash is compared with where there is no user, so that the answer takes as long.
var nobodysHash = phc(make([]byte, 16), make([]byte, hashLength))

func (o *Office) derive(password string, salt []byte, memory, time uint32) []byte {
	o.hashing <- struct{}{}
	defer func() { <-o.hashing }()
	return argon2.IDKey([]byte(password), salt, time, memory, 1, hashLength)
}

func (o *Office) passwordFits(password, hash string) bool {
	var version int
	var memory, time uint32
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=1", &memory, &time); err != nil || memory > 1<<20 || time > 20 || time < 1 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false
	}
	return subtle.ConstantTimeCompare(o.derive(password, salt, memory, time), want) == 1
}
