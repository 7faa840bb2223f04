package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

type userVerb struct {
	Create  userCreate  `cmd:"" help:"Employ somebody. / Thêm người dùng."`
	List    userList    `cmd:"" help:"List users. / Danh sách người dùng."`
	Disable userDisable `cmd:"" help:"End somebody's access at once. / Khóa người dùng."`
}

type userCreate struct {
	data
	Username      string `arg:"" help:"2 to 64 of a-z, 0-9, dot, dash, underscore."`
	Name          string `help:"Name as it stands in the journal." required:""`
	Role          string `help:"What the user may do." required:"" enum:"CLERK,OFFICER,SUPERVISOR,ADMINISTRATOR,AUDITOR"`
	Agency        string `help:"Code, identifier or id of the agency." required:""`
	PasswordStdin bool   `help:"Read a password from standard input; without it the user can only use tokens."`
}

// Run takes the password from standard input, since a command line is seen by others.
func (v userCreate) Run() error {
	password := ""
	if v.PasswordStdin {
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if err != nil && line == "" {
			return fmt.Errorf("no password on standard input: %w", err)
		}
		password = strings.TrimRight(line, "\r\n")
	}
	return v.begin(func(ctx context.Context, _ *store.Store, o *onestop.Office) error {
		u, err := o.CreateUser(ctx, staff.System(), clock(), onestop.NewUser{
			Username: v.Username, Name: v.Name, Role: staff.Role(v.Role), Agency: v.Agency, Password: password,
		})
		if err == nil {
			fmt.Printf("%s: %s\n", u.Username, u.Role)
		}
		return err
	})
}

type userList struct{ data }

// Run prints one line a user.
func (v userList) Run() error {
	return v.with(func(ctx context.Context, s *store.Store, _ *onestop.Office) error {
		w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
		defer w.Flush()
		for page := (store.Page{Limit: 500}); ; {
			users, next, err := s.Users(ctx, store.UserFilter{}, page)
			if err != nil {
				return err
			}
			for _, u := range users {
				state := "active"
				if u.Disabled {
					state = "disabled"
				}
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", u.Username, u.Role, state, u.Name)
			}
			if next == "" {
				return nil
			}
			page.After = string(next)
		}
	})
}

type userDisable struct {
	data
	Username string `arg:""`
}

// Run ends the user's access, tokens included.
func (v userDisable) Run() error {
	return v.with(func(ctx context.Context, _ *store.Store, o *onestop.Office) error {
		_, err := o.DisableUser(ctx, staff.System(), v.Username)
		return err
	})
}

type tokenVerb struct {
	Create tokenCreate `cmd:"" help:"Print a new personal token of a user. / Tạo mã truy cập."`
}

type tokenCreate struct {
	data
	User    string        `help:"User name." required:""`
	Name    string        `help:"What the token is for." default:"command line"`
	Expires time.Duration `help:"How long it is good for, like 720h; 0 is for ever." default:"8760h"`
}

// Run prints the token alone on its line, so that a script can take it.
func (v tokenCreate) Run() error {
	return v.with(func(ctx context.Context, _ *store.Store, o *onestop.Office) error {
		var expires *time.Time
		if v.Expires > 0 {
			t := clock().Add(v.Expires)
			expires = &t
		}
		token, _, err := o.CreateToken(ctx, staff.System(), clock(), v.User, v.Name, expires)
		if err == nil {
			fmt.Println(token)
		}
		return err
	})
}

// with opens store and office for one piece of work on a database that is there.
func (d data) with(work func(context.Context, *store.Store, *onestop.Office) error) error {
	return d.within(store.Config{MustExist: true}, work)
}

// begin is with for work that may begin a database.
func (d data) begin(work func(context.Context, *store.Store, *onestop.Office) error) error {
	return d.within(store.Config{}, work)
}

func (d data) within(c store.Config, work func(context.Context, *store.Store, *onestop.Office) error) error {
	ctx := context.Background()
	s, o, err := d.open(ctx, c)
	if err != nil {
		return err
	}
	defer s.Close()
	return work(ctx, s, o)
}
