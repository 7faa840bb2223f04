package main

import (
	"context"
	"fmt"
	"os"

	"github.com/motcua/motcua/pkg/forms"
	"github.com/motcua/motcua/pkg/httpapi"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

type formVerb struct {
	data
	public
	Form  string   `arg:"" help:"receipt, supplement, refusal, apology, stop, control-slip, hand-over or papers-back." enum:"receipt,supplement,refusal,apology,stop,control-slip,hand-over,papers-back"`
	Codes []string `arg:"" name:"code" help:"Dossier codes."`
	Out   string   `help:"File to write the PDF to." required:"" placeholder:"FILE.pdf"`
}

// Run prints a paper of one or more dossiers into one PDF. One that it does not apply to is an error, and nothing is written.
func (v formVerb) Run() error {
	address, err := v.address("")
	if err != nil {
		return err
	}
	return v.with(func(ctx context.Context, s *store.Store, o *onestop.Office) error {
		scope := staff.System().Scope()
		sheets := make([]forms.Sheet, len(v.Codes))
		for i, code := range v.Codes {
			d, err := s.DossierByCode(ctx, scope, code)
			if err != nil {
				return fmt.Errorf("%s: %w", code, err)
			}
			p, err := o.Paper(ctx, scope, v.Form, d, 0)
			if err != nil {
				return fmt.Errorf("%s: %w", code, err)
			}
			p.Lookup = address + httpapi.LookupPath
			sheets[i] = forms.Fill(v.Form, p)
		}
		body, err := forms.PDF(clock(), sheets...)
		if err != nil {
			return err
		}
		return os.WriteFile(v.Out, body, 0o600) // it names people
	})
}
