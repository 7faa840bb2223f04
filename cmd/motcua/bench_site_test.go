package main

import (
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/motcua/motcua/pkg/archive"
	"github.com/motcua/motcua/pkg/demo"
	"github.com/motcua/motcua/pkg/httpapi"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

// site is a database with the program over it, and a copy of the database with the floor over it.
type site struct {
	b                 *testing.B
	database          string
	config            store.Config
	store, copy       *store.Store
	ear               ear
	ours              door
	floor             *floor
	clerk, supervisor string // tokens
}

// openSite fills a database, copies it and opens both doors.
func openSite(b *testing.B, name string, p demo.Province) *site {
	s := &site{b: b, database: databaseNames[name], config: configOf(b, name)}
	twin := configOf(b, name)
	log := s.config.Log
	begun := time.Now()
	s.fill(p)
	s.settle(twin)
	fmt.Printf("%s: loaded and copied in %.0f s\n", s.database, time.Since(begun).Seconds())

	var office *onestop.Office
	s.store, office = s.open(s.config)
	s.copy, _ = s.open(twin)
	s.ours = openDoor(b, httpapi.New(httpapi.Options{
		Office: office, Store: s.store, Clock: clock, Log: log, Version: version, Zone: zone, LookupsPerMinute: 1e6,
	}))
	x := beneath(s.store)
	s.ear.put(b, x.write, true)
	if x.read != x.write {
		s.ear.put(b, x.read, false)
	}
	s.floor = newFloor(b, s.copy)
	return s
}

var databaseNames = map[string]string{"sqlite": "SQLite", "postgres": "PostgreSQL"}

// databases are those that ARGS name.
func databases() []string { return strings.Split(*benchOn, ",") }

// configOf is a database of its own. What a server logs is worked out and thrown away.
func configOf(b *testing.B, name string) store.Config {
	c := store.Config{Log: slog.New(slog.NewJSONHandler(io.Discard, nil))}
	switch name {
	case "sqlite":
		c.DataDir = onDisk(b)
	case "postgres":
		c.DatabaseURL = storetest.Postgres(b)
	default:
		b.Fatalf("there is no database %q to measure on; there are sqlite and postgres", name)
	}
	return c
}

func (s *site) open(c store.Config) (*store.Store, *onestop.Office) {
	opened, err := store.Open(background, c)
	must(s.b, err)
	s.b.Cleanup(func() { _ = opened.Close() })
	office, err := furnish(background, opened)
	must(s.b, err)
	return opened, office
}

// fill loads the province and gives those who ask their tokens.
func (s *site) fill(p demo.Province) {
	opened, office := s.open(s.config)
	office.KeepFiles(onestop.FileRules{Archive: archive.NewFolder(s.b.TempDir())})
	must(s.b, demo.Load(background, office, opened, p, clock(), nil))
	for name, token := range map[string]*string{demo.ClerkName: &s.clerk, demo.SupervisorName: &s.supervisor} {
		var err error
		*token, _, err = office.CreateToken(background, staff.System(), clock(), name, "bench", nil)
		must(s.b, err)
	}
	must(s.b, opened.Close())
}

// settle does what a server's idle minutes do, and copies the database.
func (s *site) settle(twin store.Config) {
	if s.config.DatabaseURL == "" {
		from, err := os.Open(filepath.Join(s.config.DataDir, "motcua.db"))
		must(s.b, err)
		defer from.Close()
		to, err := os.Create(filepath.Join(twin.DataDir, "motcua.db"))
		must(s.b, err)
		_, err = io.Copy(to, from)
		must(s.b, err)
		must(s.b, to.Sync())
		must(s.b, to.Close())
		return
	}
	say(s.b, s.config.DatabaseURL, "VACUUM (ANALYZE)") // autovacuum's work
	nameOf := func(address string) string {
		u, err := url.Parse(address)
		must(s.b, err)
		return strings.TrimPrefix(u.Path, "/")
	}
	server := os.Getenv("MOTCUA_TEST_DATABASE_URL")
	say(s.b, server, "DROP DATABASE "+nameOf(twin.DatabaseURL))
	say(s.b, server, "CREATE DATABASE "+nameOf(twin.DatabaseURL)+" TEMPLATE "+nameOf(s.config.DatabaseURL))
	say(s.b, server, "CHECKPOINT")
}

func say(b *testing.B, address, text string) {
	c, err := pgx.Connect(background, address)
	must(b, err)
	defer c.Close(background)
	_, err = c.Exec(background, text)
	must(b, err)
}

func (s *site) close() {
	must(s.b, s.store.Close())
	must(s.b, s.copy.Close())
	runtime.GC()
}

// onDisk is a folder that lies on a disk, where the usual one may be memory: a commit must cost what it costs.
func onDisk(b *testing.B) string {
	parent := "/var/tmp"
	if _, err := os.Stat(parent); err != nil {
		parent = ""
	}
	folder, err := os.MkdirTemp(parent, "motcua-bench-") //nolint:usetesting // see above
	must(b, err)
	b.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}
