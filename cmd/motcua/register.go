package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/motcua/motcua/pkg/demo"
	"github.com/motcua/motcua/pkg/population"
	"github.com/motcua/motcua/pkg/store"
)

// outside is the register of persons that fills forms (api/applicants.md).
type outside struct {
	RegisterURL       string            `help:"Outside register of persons that fills forms: where it is asked, by POST." env:"MOTCUA_REGISTER_URL" placeholder:"URL"`
	RegisterToken     string            `help:"Sent to it as a Bearer token; better set in the environment." env:"MOTCUA_REGISTER_TOKEN" placeholder:"TOKEN"`
	RegisterTimeout   time.Duration     `help:"How long it is waited for." default:"5s" env:"MOTCUA_REGISTER_TIMEOUT"`
	RegisterSend      map[string]string `help:"Where in the question id_number and purpose stand, if elsewhere than usual: id_number=/soDinhDanh;purpose=/mucDich" env:"MOTCUA_REGISTER_SEND" placeholder:"FIELD=POINTER;…"`
	RegisterFields    map[string]string `help:"Where in the answer what stands, if elsewhere than usual: name=/data/hoTen;birth_date=/data/ngaySinh" env:"MOTCUA_REGISTER_FIELDS" placeholder:"FIELD=POINTER;…"`
	RegisterPerMinute int               `help:"How often a minute one user may ask." default:"20" env:"MOTCUA_REGISTER_PER_MINUTE"`
	DemoRegister      bool              `help:"Ask a made-up register in place of a real one: for trying it out." env:"MOTCUA_DEMO_REGISTER"`
}

// register is the one that the settings speak of, nil for none. done lets go of it.
func (o outside) register(ctx context.Context, s *store.Store, log *slog.Logger) (r *population.Register, done func(), err error) {
	done = func() {}
	c := population.Config{URL: o.RegisterURL, Token: o.RegisterToken, Timeout: o.RegisterTimeout, Send: o.RegisterSend, Fields: o.RegisterFields}
	switch {
	case o.DemoRegister && o.RegisterURL != "":
		return nil, done, fmt.Errorf("--demo-register and --register-url exclude each other")
	case o.DemoRegister:
		if c, done, err = standIn(ctx, s, log); err != nil {
			return nil, done, err
		}
		c.Timeout = o.RegisterTimeout
	case o.RegisterURL == "":
		return nil, done, nil
	}
	r, err = population.New(c)
	return r, done, err
}

// standIn is a register of made-up persons, on this machine only. It speaks as a real one would.
func standIn(ctx context.Context, s *store.Store, log *slog.Logger) (population.Config, func(), error) {
	var listening net.ListenConfig
	listener, err := listening.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return population.Config{}, func() {}, err
	}
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var q struct {
				IDNumber string `json:"id_number"`
			}
			if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4<<10)).Decode(&q); err != nil || r.Method != http.MethodPost {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			p, err := demo.Registered(r.Context(), s, clock(), q.IDNumber)
			switch {
			case err != nil:
				w.WriteHeader(http.StatusBadGateway)
			case p == nil:
				w.WriteHeader(http.StatusNotFound)
			default:
				w.Header().Set("Content-Type", "application/json")
				_ = json.NewEncoder(w).Encode(p) // whoever asked has left
			}
		}),
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	go func() { _ = server.Serve(listener) }() // ends when it is closed
	return population.Config{URL: "http://" + listener.Addr().String()}, func() { _ = server.Close() }, nil
}
