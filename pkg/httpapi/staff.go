package httpapi

import (
	"context"
	"net/netip"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// SignIn begins a session. A go of the limits is used up before the password is looked at and given back when it was right, so that
// guesses made at the same time count too.
func (s *server) SignIn(ctx context.Context, r SignInRequestObject) (SignInResponseObject, error) {
	address := addressOf(ctx)
	ctx, v := enter(ctx)
	var who Credentials
	switch {
	case r.JSONBody != nil:
		who = *r.JSONBody
	case r.FormdataBody != nil:
		who = Credentials{Username: r.FormdataBody.Username, Password: r.FormdataBody.Password}
	default:
		return nil, unreadable(nil)
	}
	name := strings.ToLower(strings.TrimSpace(who.Username))
	back, err := s.signIns.take(name, address, v.now)
	if err != nil {
		return nil, err
	}
	token, expires, actor, err := s.Office.SignIn(ctx, v.now, name, who.Password)
	if err != nil {
		if fault.As(err) == nil || fault.As(err).Kind != fault.Unauthenticated {
			back() // nobody guessed wrong
		}
		return nil, err
	}
	back()
	v.actor = actor // for the log
	me, err := s.me(ctx, actor)
	if err != nil {
		return nil, err
	}
	return SignIn200JSONResponse{
		AccessToken: token, TokenType: SessionTokenTypeBearer, ExpiresAt: s.local(expires), ExpiresIn: int(expires.Sub(v.now).Seconds()), User: me,
	}, nil
}

// addressOf is where a request comes from, as far as the trusted proxies tell.
func addressOf(ctx context.Context) string {
	c, ok := ctx.(*gin.Context)
	if !ok {
		return ""
	}
	if a, err := netip.ParseAddr(c.ClientIP()); err == nil {
		return a.Unmap().String()
	}
	return ""
}

// ReadMe says who the token belongs to.
func (s *server) ReadMe(ctx context.Context, _ ReadMeRequestObject) (ReadMeResponseObject, error) {
	ctx, v := enter(ctx)
	me, err := s.me(ctx, v.actor)
	return ReadMe200JSONResponse(me), err
}

var allRights = []staff.Right{
	staff.ReadDossiers, staff.ReceiveDossiers, staff.WorkDossiers, staff.LeadDossiers, staff.ImportDossiers, staff.ReadReports,
	staff.ReadAlerts, staff.EditCatalogue, staff.EditAgencies, staff.EditUsers, staff.EditReceivers,
}

func (s *server) me(ctx context.Context, a staff.Actor) (Me, error) {
	names, err := s.names(ctx, a.AgencyID)
	me := Me{Id: a.ID, Username: a.Username, Name: a.Name, Role: Role(a.Role), Agency: names.ref(a.AgencyID), Rights: []string{}}
	for _, r := range allRights {
		if a.May(r) {
			me.Rights = append(me.Rights, string(r))
		}
	}
	return me, err
}

// ListTokens lists one's own tokens.
func (s *server) ListTokens(ctx context.Context, _ ListTokensRequestObject) (ListTokensResponseObject, error) {
	ctx, v := enter(ctx)
	all, err := s.Store.Tokens(ctx, v.actor.ID)
	return ListTokens200JSONResponse{Items: each(all, s.token)}, err
}

func (s *server) token(t staff.Token) Token {
	return Token{
		Id: t.ID, Name: t.Name, CreatedAt: s.local(t.CreatedAt), ExpiresAt: s.localOf(t.ExpiresAt), RevokedAt: s.localOf(t.RevokedAt),
	}
}

// CreateToken makes a personal token.
func (s *server) CreateToken(ctx context.Context, r CreateTokenRequestObject) (CreateTokenResponseObject, error) {
	ctx, v := enter(ctx)
	username := r.Body.Username
	if username == "" {
		username = v.actor.Username
	}
	token, kept, err := s.Office.CreateToken(ctx, v.actor, v.now, username, r.Body.Name, given(r.Body.ExpiresAt))
	if err != nil {
		return nil, err
	}
	t := s.token(kept)
	return CreateToken201JSONResponse{Id: t.Id, Name: t.Name, CreatedAt: t.CreatedAt, ExpiresAt: t.ExpiresAt, Token: token}, nil
}

// RevokeToken ends one of one's own tokens.
func (s *server) RevokeToken(ctx context.Context, r RevokeTokenRequestObject) (RevokeTokenResponseObject, error) {
	ctx, v := enter(ctx)
	return RevokeToken204Response{}, s.Office.RevokeToken(ctx, v.actor, v.now, r.Id)
}

// ListUsers lists the users whom an administrator looks after.
func (s *server) ListUsers(ctx context.Context, r ListUsersRequestObject) (ListUsersResponseObject, error) {
	ctx, v := enter(ctx)
	if err := v.actor.Must(staff.EditUsers); err != nil {
		return nil, err
	}
	all, next, err := s.Store.Users(ctx, store.UserFilter{
		AgencyPath: v.actor.AgencyPath, Search: r.Params.Search, Role: staff.Role(r.Params.Role), Disabled: r.Params.Disabled,
	}, page(r.Params.Limit, r.Params.After))
	if err != nil {
		return nil, err
	}
	items, err := s.users(ctx, all...)
	if err != nil {
		return nil, err
	}
	link := ListUsers200ResponseHeaders{Link: nextLink(ctx, next)}
	if r.Params.Format == FormatCsv {
		t := table{header: []string{"username", "name", "role", "agency", "agency_name", "disabled", "created_at"}}
		for _, u := range items {
			t.rows = append(t.rows, []string{u.Username, u.Name, string(u.Role), u.Agency.Code, u.Agency.Name, yesNo(u.Disabled), when(u.CreatedAt)})
		}
		body, length, err := t.csv()
		return ListUsers200TextcsvResponse{Body: body, ContentLength: length, Headers: link}, err
	}
	return ListUsers200JSONResponse{Body: UserList{Items: items, Next: string(next)}, Headers: link}, nil
}

// CreateUser employs somebody.
func (s *server) CreateUser(ctx context.Context, r CreateUserRequestObject) (CreateUserResponseObject, error) {
	ctx, v := enter(ctx)
	u, err := s.Office.CreateUser(ctx, v.actor, v.now, onestop.NewUser{
		Username: r.Body.Username, Name: r.Body.Name, Role: staff.Role(r.Body.Role), Agency: r.Body.Agency, Password: r.Body.Password,
	})
	if err != nil {
		return nil, err
	}
	out, err := s.users(ctx, u)
	if err != nil {
		return nil, err
	}
	return CreateUser201JSONResponse(out[0]), nil
}

// DisableUser ends a user's access.
func (s *server) DisableUser(ctx context.Context, r DisableUserRequestObject) (DisableUserResponseObject, error) {
	ctx, v := enter(ctx)
	u, err := s.Office.DisableUser(ctx, v.actor, r.Username)
	if err != nil {
		return nil, err
	}
	out, err := s.users(ctx, u)
	if err != nil {
		return nil, err
	}
	return DisableUser200JSONResponse(out[0]), nil
}

func (s *server) users(ctx context.Context, all ...staff.User) ([]User, error) {
	names, err := s.names(ctx, each(all, func(u staff.User) uuid.UUID { return u.AgencyID })...)
	return each(all, func(u staff.User) User {
		return User{
			Id: u.ID, Username: u.Username, Name: u.Name, Role: Role(u.Role), Agency: names.ref(u.AgencyID), Disabled: u.Disabled,
			CreatedAt: s.local(u.CreatedAt),
		}
	}), err
}

// given is a time that may have been left out.
func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
