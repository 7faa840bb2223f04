package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/motcua/motcua/pkg/courier"
	"github.com/motcua/motcua/pkg/demo"
	"github.com/motcua/motcua/pkg/httpapi"
	"github.com/motcua/motcua/pkg/jobs"
	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
)

type serveVerb struct {
	data
	public
	Addr     string `help:"Address to listen on." default:"127.0.0.1:8080" env:"MOTCUA_ADDR"`
	Demo     bool   `help:"Fill an empty database with the demonstration province." env:"MOTCUA_DEMO"`
	LateScan string `help:"When to look for late dossiers: five cron fields." default:"* * * * *" env:"MOTCUA_LATE_SCAN"`
	outside
	ledgerKey
	secretsKey
	fileStore
	fileLimits
	WebhookNetworks string `help:"Networks within the house that receivers of events may lie in, like 10.20.0.0/16, separated by commas. Others are reached outside only." env:"MOTCUA_WEBHOOK_NETWORKS" placeholder:"NETWORKS"`
	mailbox
	CheckpointURL string `help:"Where to send each checkpoint of the log, away from this machine." env:"MOTCUA_CHECKPOINT_URL" placeholder:"URL"`
}

// Run is the whole wiring. The port is taken first, so that a second server on it fails before it touches anything.
func (v serveVerb) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	listener, err := net.Listen("tcp", v.Addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	address, err := v.address("http://" + listener.Addr().String())
	if err != nil {
		return err
	}
	networks, err := courier.ReadNetworks(v.WebhookNetworks)
	if err != nil {
		return fmt.Errorf("--webhook-networks: %w", err)
	}
	post := courier.New(clock, networks)
	byMail, err := v.mailCheckpoints(address)
	if err != nil {
		return err
	}
	s, office, err := v.open(ctx, store.Config{})
	if err != nil {
		return brokenOff(ctx, err)
	}
	defer s.Close()
	if err := v.keepFiles(office, v.Data, v.fileLimits); err != nil {
		return err
	}
	log := v.logger()
	if v.Demo {
		if err := fill(ctx, s, office); err != nil {
			return brokenOff(ctx, err)
		}
	}
	signer, err := v.signer(v.Data)
	if err != nil {
		return err
	}
	if err := v.lock(ctx, v.Data, office, log); err != nil {
		return err
	}
	register, done, err := v.outside.register(ctx, s, log)
	if err != nil {
		return err
	}
	defer done()
	runner, err := jobs.New(s, clock, log, zone, process(), append(append(v.duties(office, signer), sendEvents(office, address, post)), byMail(office)...)...)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: httpapi.New(httpapi.Options{
			Office: office, Store: s, Clock: clock, Log: log, Version: version, Zone: zone, PublicURL: address,
			Register: register, RegisterPerMinute: v.RegisterPerMinute, Send: post.Send, Reach: post.Reach,
		}),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       2 * time.Minute, // uploads over slow lines
		WriteTimeout:      5 * time.Minute, // exports
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	var working sync.WaitGroup
	working.Go(func() { runner.Run(ctx) })
	working.Go(func() {
		<-ctx.Done()
		finish, cancel := context.WithTimeout(context.Background(), 8*time.Second)
		defer cancel()
		if err := server.Shutdown(finish); err != nil {
			log.Warn("requests were cut off", "error", err)
		}
	})
	v.greet(ctx, s, listener.Addr().String())
	err = server.Serve(listener)
	stop()
	working.Wait()
	if !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// brokenOff tells a start that was broken off from one that failed.
func brokenOff(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return errors.New("stopped before the server was up")
	}
	return err
}

// duties is what the office does by the clock.
func (v serveVerb) duties(office *onestop.Office, signer *ledger.Signer) []jobs.Job {
	all := []jobs.Job{
		{Name: onestop.LateJob, Schedule: v.LateScan, Run: func(ctx context.Context, now time.Time) (string, error) {
			n, err := office.ScanLate(ctx, now)
			return fmt.Sprintf("%d alerts raised", n), err
		}},
		{Name: "forget-keys", Schedule: "17 * * * *", Run: func(ctx context.Context, now time.Time) (string, error) {
			n, err := office.ForgetKeys(ctx, now)
			return fmt.Sprintf("%d idempotency keys forgotten", n), err
		}},
		{Name: "sweep-files", Schedule: "41 * * * *", Run: func(ctx context.Context, now time.Time) (string, error) {
			n, err := office.SweepFiles(ctx, now)
			return fmt.Sprintf("%d files that nobody attached swept out", n), err
		}},
		{Name: "follow-calendars", Schedule: "* * * * *", Run: func(ctx context.Context, _ time.Time) (string, error) {
			n, err := office.FollowCalendars(ctx, clock, process(), nil)
			return fmt.Sprintf("%d dossiers moved", n), err
		}},
		{Name: onestop.EnterJob, Schedule: "* * * * *", Run: func(ctx context.Context, now time.Time) (string, error) {
			n, err := office.EnterEvents(ctx, now, signer)
			return fmt.Sprintf("%d events entered into the log", n), err
		}},
	}
	if v.CheckpointURL != "" {
		send := sendTo(v.CheckpointURL)
		all = append(all, jobs.Job{Name: "send-checkpoints", Schedule: "* * * * *", Run: func(ctx context.Context, _ time.Time) (string, error) {
			n, err := office.SendCheckpoints(ctx, clock, send)
			return fmt.Sprintf("%d checkpoints sent", n), err
		}})
	}
	return all
}

// sendEvents is the duty to tell receivers outside what happened. Every process does it: the receivers are shared out in the database.
func sendEvents(office *onestop.Office, source string, post *courier.Courier) jobs.Job {
	return jobs.Job{Name: "send-events", Every: 5 * time.Second, Run: func(ctx context.Context, _ time.Time) (string, error) {
		n, err := office.SendEvents(ctx, clock, source, post.Send)
		return fmt.Sprintf("%d messages taken", n), err
	}}
}

// process names this process among those that work on one database.
func process() string {
	host, _ := os.Hostname() // an unnamed host still has its process number
	return fmt.Sprintf("%s/%d", host, os.Getpid())
}

func fill(ctx context.Context, s *store.Store, office *onestop.Office) error {
	empty, err := s.Empty(ctx)
	if err != nil || !empty {
		return err
	}
	begun := time.Now()
	calendar, revision, err := office.Calendar(ctx, onestop.DefaultCalendar)
	if err != nil {
		return err
	}
	province, err := demo.Generate(demo.Plan{Seed: 1, Now: clock(), Calendar: calendar, Revision: revision})
	if err != nil {
		return err
	}
	fmt.Println("Đang tạo dữ liệu minh họa … / Filling the empty database with the demonstration province …")
	if err := demo.Load(ctx, office, s, province, clock(), nil); err != nil {
		return err
	}
	fmt.Printf("Xong sau %.1f giây. / Done in %.1f s.\n", time.Since(begun).Seconds(), time.Since(begun).Seconds())
	return nil
}

// greet says where the server is and, for a demonstration, how to sign in.
func (v serveVerb) greet(ctx context.Context, s *store.Store, addr string) {
	fmt.Printf("Motcua %s: http://%s\n  API: http://%s/api/docs\n", version, addr, addr)
	if citizen, err := demo.FindCitizen(ctx, s); err == nil {
		fmt.Print(demo.SignIns(addr), citizen.SignIn(addr))
	} else if v.Demo {
		fmt.Println("  Cơ sở dữ liệu đã có dữ liệu khác, không tạo dữ liệu minh họa. / The database holds other data; no demonstration was made.")
	}
}
