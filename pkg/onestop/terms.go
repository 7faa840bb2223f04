package onestop

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/worktime"
)

// TermsInput is a person's answer to a procedure whose published record gives no usable term, or several that contradict each other.
type TermsInput struct {
	Terms    []catalog.Term    // replace the channel terms
	Variants []catalog.Variant // replace the variants
	Reason   string            // where the answer comes from: act and article
}

// SetTerms writes a new version of the procedure with the terms that a person read out of its text, and takes the deadline reasons off
// its review. Terms that are too short for the process are refused. Dossiers already taken in keep the version of their day.
func (o *Office) SetTerms(ctx context.Context, actor staff.Actor, now time.Time, code string, in TermsInput) (catalog.Procedure, error) {
	if err := leadsAll(actor, staff.EditCatalogue); err != nil {
		return catalog.Procedure{}, err
	}
	if err := in.check(); err != nil {
		return catalog.Procedure{}, err
	}
	var p catalog.Procedure
	err := o.store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if p, err = o.store.Procedure(ctx, code); err != nil {
			return err
		}
		p.Terms, p.Variants = in.Terms, withFees(in.Variants, p.Variants)
		p.Reviews = slices.DeleteFunc(slices.Clone(p.Reviews), func(r catalog.Review) bool {
			return r.Code == catalog.ReviewDeadlineMissing || r.Code == catalog.ReviewDeadlineConflict || r.Code == catalog.ReviewDeadlineUncountable
		})
		var wrong fault.Fields
		p.CheckTerms(&wrong)
		if err := wrong.Err("terms-invalid", "the terms cannot be kept"); err != nil {
			return err
		}
		p.ReviewProcess()
		p.Answers = append(slices.Clone(p.Answers), catalog.Answer{By: actor.Name, At: instant(now), Reason: in.Reason})
		p.Version, p.VersionID = p.Version+1, uuid.Must(uuid.NewV7())
		return o.store.AddProcedureVersion(ctx, p, instant(now))
	})
	return p, err
}

// withFees are the variants with the fees that those of the same code had before: an answer speaks of terms only.
func withFees(all, before []catalog.Variant) []catalog.Variant {
	all = slices.Clone(all)
	for i := range all {
		for _, old := range before {
			if old.Code == all[i].Code {
				all[i].Fees = old.Fees
			}
		}
	}
	return all
}

func (in TermsInput) check() error {
	var wrong fault.Fields
	if strings.TrimSpace(in.Reason) == "" {
		wrong.Add("reason", "required", "is missing")
	}
	usable := 0
	for i, t := range in.Terms {
		usable += checkTerm(&wrong, fmt.Sprintf("terms[%d]", i), t)
	}
	if len(in.Variants) == 0 {
		checkChannels(&wrong, "terms", in.Terms)
	}
	for i, v := range in.Variants {
		at := fmt.Sprintf("variants[%d]", i)
		if v.Code == "" || v.Name == "" {
			wrong.Add(at, "required", "each variant needs a code and a name")
		}
		for k, t := range v.Terms {
			usable += checkTerm(&wrong, fmt.Sprintf("%s.terms[%d]", at, k), t)
		}
		checkChannels(&wrong, at+".terms", v.Terms)
	}
	if usable == 0 {
		wrong.Add("terms", "required", "no usable term is given")
	}
	return wrong.Err("terms-invalid", "the terms cannot be kept")
}

// checkChannels finds a channel with two terms: nobody at a counter could choose between them. Cases that differ are variants.
func checkChannels(wrong *fault.Fields, at string, terms []catalog.Term) {
	seen := map[catalog.Channel]bool{}
	for i, t := range terms {
		if seen[t.Channel] {
			wrong.Add(fmt.Sprintf("%s[%d].channel", at, i), "duplicate", "has a term already; cases that differ are variants")
		}
		seen[t.Channel] = true
	}
}

// checkTerm says what is wrong with a term and counts it, as 1, if it promises something.
func checkTerm(wrong *fault.Fields, at string, t catalog.Term) int {
	check := func(field string, term *worktime.Term) {
		switch {
		case term == nil || !term.Dated() && term.Value.IsZero(): // there is nothing to count
		case term.Value.IsZero() && term.Unit != worktime.SameDay:
			wrong.Add(at+field, "term-invalid", "0 %s is no time to do anything in", term.Unit)
		default:
			if err := term.Check(); err != nil {
				wrong.Add(at+field, "term-invalid", "%v", err)
			}
		}
	}
	check(".statutory", t.Statutory)
	check(".shortened", t.Shortened)
	if t.Statutory != nil && t.Shortened != nil && t.Statutory.Unit == t.Shortened.Unit && amount(t.Shortened).Cmp(amount(t.Statutory)) > 0 {
		wrong.Add(at+".shortened", "term-invalid", "%s is longer than the statutory %s", t.Shortened.Value, t.Statutory.Value)
	}
	if t.Promised() == nil {
		return 0
	}
	return 1
}

func amount(t *worktime.Term) *big.Rat {
	n, ok := new(big.Rat).SetString(t.Value.String())
	if !ok {
		panic("an amount is written as a number")
	}
	return n
}
