package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
)

// AddUser keeps a new user. The fault is Conflict "username-taken" if somebody has that name.
func (s *Store) AddUser(ctx context.Context, u staff.User) error {
	row := rowOfUser(u)
	return s.taken("add user", s.writer(ctx).Create(&row).Error, "username-taken", "somebody else has this user name")
}

// ChangeUser replaces everything but the id and the day of entry.
func (s *Store) ChangeUser(ctx context.Context, u staff.User) error {
	row := rowOfUser(u)
	done := s.writer(ctx).Model(&userRow{}).Where("id = ?", u.ID).Select("*").Omit("id", "created_at").Updates(&row)
	if done.Error != nil {
		return s.taken("change user", done.Error, "username-taken", "somebody else has this user name")
	}
	if done.RowsAffected == 0 {
		return fault.New(fault.NotFound, "user-not-found", "there is no such user")
	}
	return nil
}

// User finds one by id. The error is NotFound "user-not-found".
func (s *Store) User(ctx context.Context, id uuid.UUID) (staff.User, error) {
	var row userRow
	err := s.reader(ctx).Where("id = ?", id).Take(&row).Error
	return row.user(), s.missing("user", err, "user-not-found", "there is no such user")
}

// UserByUsername finds one by the name signed in with.
func (s *Store) UserByUsername(ctx context.Context, name string) (staff.User, error) {
	var row userRow
	err := s.reader(ctx).Where("username = ?", name).Take(&row).Error
	return row.user(), s.missing("user", err, "user-not-found", "there is no such user")
}

// UserFilter narrows a list of users; what is empty does not count.
type UserFilter struct {
	AgencyPath string    // employed at or below
	AgencyID   uuid.UUID // employed at this one agency
	Role       staff.Role
	Disabled   *bool
	Search     string // words in the name or user name
}

// Users lists users by user name.
func (s *Store) Users(ctx context.Context, f UserFilter, p Page) ([]staff.User, Next, error) {
	const order = "users"
	after, err := p.place(order)
	if err != nil {
		return nil, "", err
	}
	w := where{}
	equal(&w, "role", f.Role)
	flag(&w, "disabled", f.Disabled)
	w.containing("search_fold", catalog.Fold(f.Search))
	if f.AgencyPath != "" {
		condition, arguments := under("path", f.AgencyPath)
		w.add("agency_id IN (SELECT id FROM agencies WHERE "+condition+")", arguments...)
	}
	if f.AgencyID != uuid.Nil {
		w.add("agency_id = ?", f.AgencyID)
	}
	if after != nil {
		w.add("username > ?", after.Text)
	}
	var rows []userRow
	if err := w.on(s.reader(ctx)).Order("username").Limit(p.limit() + 1).Find(&rows).Error; err != nil {
		return nil, "", s.fault("users", err)
	}
	rows, next := cut(rows, p, func(r userRow) place { return place{Order: order, Text: r.Username} })
	return each(rows, userRow.user), next, nil
}

// AddToken keeps a new token.
func (s *Store) AddToken(ctx context.Context, t staff.Token) error {
	row := tokenRow{
		ID: t.ID, UserID: t.UserID, Name: t.Name, Hash: t.Hash, CreatedAt: instant(t.CreatedAt), ExpiresAt: instantOf(t.ExpiresAt), RevokedAt: instantOf(t.RevokedAt),
	}
	return s.fault("add token", s.writer(ctx).Create(&row).Error)
}

// TokenByHash finds a token with the user that it belongs to and the path of that user's agency, in one question. The error is
// NotFound "token-not-found"; whether the token is still good is not decided here.
func (s *Store) TokenByHash(ctx context.Context, hash string) (staff.Token, staff.User, string, error) {
	var row struct {
		Token tokenRow `gorm:"embedded;embeddedPrefix:t_"`
		User  userRow  `gorm:"embedded;embeddedPrefix:u_"`
		Path  string
	}
	err := s.reader(ctx).Raw(`SELECT t.id AS t_id, t.user_id AS t_user_id, t.name AS t_name, t.hash AS t_hash, t.created_at AS t_created_at,
			t.expires_at AS t_expires_at, t.revoked_at AS t_revoked_at, u.id AS u_id, u.username AS u_username, u.name AS u_name, u.role AS u_role,
			u.agency_id AS u_agency_id, u.password_hash AS u_password_hash, u.disabled AS u_disabled, u.created_at AS u_created_at, a.path AS path
		FROM tokens t JOIN users u ON u.id = t.user_id JOIN agencies a ON a.id = u.agency_id WHERE t.hash = ?`, hash).Take(&row).Error
	return row.Token.token(), row.User.user(), row.Path, s.missing("token", err, "token-not-found", "there is no such token")
}

// Tokens lists the tokens of a user, the newest first.
func (s *Store) Tokens(ctx context.Context, user uuid.UUID) ([]staff.Token, error) {
	var rows []tokenRow
	err := s.reader(ctx).Where("user_id = ?", user).Order("created_at DESC, id DESC").Find(&rows).Error
	return each(rows, tokenRow.token), s.fault("tokens", err)
}

// RevokeToken ends a token of the user; one that was ended before stays ended since then. The error is NotFound "token-not-found" if
// the user has no such token.
func (s *Store) RevokeToken(ctx context.Context, id, user uuid.UUID, at time.Time) error {
	done := s.writer(ctx).Exec("UPDATE tokens SET revoked_at = COALESCE(revoked_at, ?) WHERE id = ? AND user_id = ?", instant(at), id, user)
	if done.Error == nil && done.RowsAffected == 0 {
		return fault.New(fault.NotFound, "token-not-found", "there is no such token")
	}
	return s.fault("revoke token", done.Error)
}

func rowOfUser(u staff.User) userRow {
	return userRow{
		ID: u.ID, Username: u.Username, Name: u.Name, Role: string(u.Role), AgencyID: u.AgencyID, PasswordHash: u.PasswordHash,
		Disabled: u.Disabled, CreatedAt: instant(u.CreatedAt), SearchFold: catalog.Fold(u.Name + " " + u.Username),
	}
}

func (r userRow) user() staff.User {
	return staff.User{
		ID: r.ID, Username: r.Username, Name: r.Name, Role: staff.Role(r.Role), AgencyID: r.AgencyID, PasswordHash: r.PasswordHash,
		Disabled: r.Disabled, CreatedAt: r.CreatedAt,
	}
}

func (r tokenRow) token() staff.Token {
	return staff.Token{
		ID: r.ID, UserID: r.UserID, Name: r.Name, Hash: r.Hash, CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt, RevokedAt: r.RevokedAt,
	}
}
