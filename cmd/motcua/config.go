package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/configs"
	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// data is where a verb finds its database: the same two flags everywhere.
type data struct {
	Data        string `help:"Folder of the embedded database and of files." default:"./data" env:"MOTCUA_DATA" placeholder:"DIR"`
	DatabaseURL string `help:"PostgreSQL to use instead of the embedded database." env:"MOTCUA_DATABASE_URL" placeholder:"URL"`
	LogLevel    string `help:"debug, info, warn or error." default:"info" enum:"debug,info,warn,error" env:"MOTCUA_LOG_LEVEL"`
}

// public is how the world outside reaches the server.
type public struct {
	PublicURL string `help:"Address of the server for the world outside, like https://motcua.example.vn: papers and their QR codes lead there." env:"MOTCUA_PUBLIC_URL" placeholder:"URL"`
}

// address is the one given, or the other one where none is. It ends without a slash.
func (p public) address(otherwise string) (string, error) {
	if p.PublicURL == "" {
		return otherwise, nil
	}
	u, err := url.Parse(p.PublicURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("--public-url: %q is not an address like https://motcua.example.vn", p.PublicURL)
	}
	return strings.TrimRight(u.String(), "/"), nil
}

// zone is the office's. Viet Nam has had one zone and no summer time since 1975.
var zone = func() *time.Location {
	z, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		panic(err) // tzdata is embedded
	}
	return z
}()

func clock() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

func (d data) logger() *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(d.LogLevel)) // kong let only names of levels through
	return slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}

// open brings up store and office: migrated, with the calendars and rules that come with the program.
func (d data) open(ctx context.Context, c store.Config) (*store.Store, *onestop.Office, error) {
	c.DataDir, c.DatabaseURL, c.Log = d.Data, d.DatabaseURL, d.logger()
	s, err := store.Open(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	o, err := furnish(ctx, s)
	if err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	return s, o, nil
}

func furnish(ctx context.Context, s *store.Store) (*onestop.Office, error) {
	if err := s.Migrate(ctx); err != nil {
		return nil, err
	}
	var process []catalog.Step
	if err := read("processes/default.json", &process); err != nil {
		return nil, err
	}
	o := onestop.New(s, process, zone)
	return o, errors.Join(calendars(ctx, s, o), rules(ctx, s, o))
}

// rules adds the sets that come with the program, where there is none of the id. Further ones are an administrator's.
func rules(ctx context.Context, s *store.Store, o *onestop.Office) error {
	kept, err := s.RuleSets(ctx)
	if err != nil {
		return err
	}
	delivered, err := each[dossier.RuleSet]("rules")
	if err != nil {
		return err
	}
	for _, r := range delivered {
		if slices.ContainsFunc(kept, func(k dossier.RuleSet) bool { return k.ID == r.ID }) {
			continue
		}
		// Another process may be starting up beside this one.
		if err := o.KeepRules(ctx, staff.System(), clock(), r); err != nil && !errors.Is(err, fault.Conflict) {
			return fmt.Errorf("configs/rules, %s: %w", r.ID, err)
		}
	}
	return nil
}

// calendars adds those that come with the program, where there is none of the name. Later revisions are an administrator's.
func calendars(ctx context.Context, s *store.Store, o *onestop.Office) error {
	entries, err := fs.ReadDir(configs.Files, "calendars")
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".json")
		if _, err := s.CalendarHead(ctx, name); err == nil {
			continue
		} else if !errors.Is(err, fault.NotFound) {
			return err
		}
		definition, err := fs.ReadFile(configs.Files, path.Join("calendars", e.Name()))
		if err != nil {
			return err
		}
		// Another process may be starting up beside this one.
		in := onestop.CalendarInput{Name: name, Definition: definition}
		if _, err := o.KeepCalendar(ctx, staff.System(), clock(), in); err != nil && !errors.Is(err, fault.Conflict) {
			return err
		}
	}
	return nil
}

func each[T any](folder string) ([]T, error) {
	entries, err := fs.ReadDir(configs.Files, folder)
	if err != nil {
		return nil, err
	}
	all := make([]T, len(entries))
	for i, e := range entries {
		if err := read(path.Join(folder, e.Name()), &all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func read(name string, into any) error {
	body, err := fs.ReadFile(configs.Files, name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("configs/%s: %w", name, err)
	}
	return nil
}
