package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/worktime"
)

type explainVerb struct {
	data
	Code    string `arg:"" help:"Dossier code."`
	Promise int    `help:"Number of the promise; the one in force if left out."`
	JSON    bool   `name:"json" help:"Print it as JSON."`
}

// Run prints how a dossier's date came about, day by day.
func (v explainVerb) Run() error {
	return v.with(func(ctx context.Context, s *store.Store, o *onestop.Office) error {
		scope := staff.System().Scope()
		d, err := s.DossierByCode(ctx, scope, v.Code)
		if err != nil {
			return err
		}
		x, err := o.Explain(ctx, scope, d, v.Promise)
		if err != nil {
			return err
		}
		if v.JSON {
			return json.NewEncoder(os.Stdout).Encode(x.Explanation)
		}
		for _, p := range d.Promises {
			fmt.Printf("%d. %s: %s (%s)\n", p.No, p.Kind, p.DueAt.In(zone).Format("2006-01-02 15:04"), p.MadeAt.In(zone).Format("2006-01-02 15:04"))
		}
		fmt.Printf("%s %d, %s\n\n", x.Calendar, x.Revision, x.Rules.ID)
		printExplanation(os.Stdout, x.Explanation)
		return nil
	})
}

func printExplanation(w io.Writer, e worktime.Explanation) {
	fmt.Fprintf(w, "%s → %s\n", e.Start, e.Due)
	for _, r := range e.Remarks {
		fmt.Fprintf(w, "  · %s / %s\n", r.VI, r.EN)
	}
	for _, d := range e.Dates {
		fmt.Fprintf(w, "%s %-8s %8s", d.Date, d.Weekday.VI, (time.Duration(d.Seconds) * time.Second).String())
		for _, r := range d.Remarks {
			fmt.Fprintf(w, "  %s / %s", r.VI, r.EN)
		}
		fmt.Fprintln(w)
		for _, p := range d.Parts {
			if p.Seconds > 0 || p.Counted {
				fmt.Fprintf(w, "    %s–%s  %s / %s\n", p.From, p.To, p.VI, p.EN)
			}
		}
	}
}
