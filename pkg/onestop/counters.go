package onestop

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// counters finds where the dossier is received, where somebody was helped with it and where its result is handed out: three places that need
// not be one (phi địa giới). Whoever helps may file for a counter elsewhere, but only what that counter then accepts itself.
func (o *Office) counters(ctx context.Context, actor staff.Actor, x *arrival, in ReceiveInput) error {
	if in.Channel != catalog.Online && (in.HelpedAgency != "" || in.OnBehalf) {
		field := "helped_agency"
		if in.HelpedAgency == "" {
			field = "on_behalf"
		}
		return fieldFault(field, "not-online", "somebody is helped to file online; over a counter the dossier is received")
	}
	var helped catalog.Agency
	if in.HelpedAgency != "" {
		var err error
		if helped, err = o.counterNamed(ctx, "helped_agency", in.HelpedAgency, x.on); err != nil {
			return err
		}
		if err := mayHelp(actor, helped); err != nil {
			return err
		}
		x.helped = helped.ID
	}
	var err error
	elsewhere := helped.ID != uuid.Nil && !in.OnBehalf
	if x.receiving, err = o.receivingAgency(ctx, actor, in.ReceivingAgency, x.on, elsewhere); err != nil {
		return err
	}
	if in.OnBehalf && x.helped == uuid.Nil {
		x.helped = x.receiving.ID
	}
	if in.ReturningAgency == "" {
		return nil
	}
	returning, err := o.returningNamed(ctx, "returning_agency", in.ReturningAgency, x.receiving, x.on)
	if err == nil && returning.ID != x.receiving.ID {
		x.returning = returning.ID
	}
	return err
}

// returningNamed is a counter at which a result can be handed out of what the other received.
func (o *Office) returningNamed(ctx context.Context, field, code string, receiving catalog.Agency, on catalog.Date) (catalog.Agency, error) {
	a, err := o.counterNamed(ctx, field, code, on)
	if err == nil && root(a) != root(receiving) {
		err = fieldFault(field, "other-province", "agency %s is of another province", a.Code)
	}
	return a, err
}

// ReturnInput is where and how the applicant now wants the result; what is empty stays as it was, the address while it goes by post.
type ReturnInput struct {
	Agency  string // code, identifier or id
	Method  dossier.ReturnMethod
	Address string
}

func (o *Office) returnChoice(ctx context.Context, now time.Time, d dossier.Dossier, p places, in *ReturnInput) (*dossier.ReturnChoice, error) {
	if in == nil {
		return nil, nil
	}
	c := &dossier.ReturnChoice{Method: in.Method, Address: in.Address}
	if was := d.ReturnChoice; was != nil && was.Method == c.Method && c.Address == "" {
		c.Address = was.Address
	}
	if in.Agency != "" {
		a, err := o.returningNamed(ctx, "return_choice.agency", in.Agency, p.receiving, catalog.DateOf(now, o.zone))
		if err != nil {
			return nil, err
		}
		c.AgencyID = a.ID
	}
	return c, nil
}

// counterNamed is an agency that people can go to: one that has an identifier, as whoever receives dossiers must.
func (o *Office) counterNamed(ctx context.Context, field, code string, on catalog.Date) (catalog.Agency, error) {
	a, err := o.agencyNamed(ctx, field, code, on)
	switch {
	case err != nil:
		return a, err
	case !a.ValidOn(on):
		return a, fieldFault(field, "agency-not-valid", "agency %s does not exist on %s", a.Code, on)
	case a.Identifier == "":
		return a, fieldFault(field, "agency-without-identifier", "agency %s is no counter", a.Code)
	}
	return a, nil
}

// mayTakeIn says whether the receiving agency is one that takes in what the other decides: any of the province where the procedure is free of
// boundaries or the rules open all counters; else the counters of the agency that decides, those of its own level under the same
// committee, and those of another level that the procedure is done at too, or that works on it (liên thông giữa các cấp).
func (o *Office) mayTakeIn(ctx context.Context, x arrival) error {
	if root(x.receiving) == root(x.deciding) {
		rules, err := o.rulesOn(ctx, x.at)
		if err != nil {
			return err
		}
		if x.procedure.NonBoundary || rules.Counters == dossier.AnyCounter || bound(x) {
			return nil
		}
	}
	names, err := o.takers(ctx, x)
	if err != nil {
		return err
	}
	return fieldFault("receiving_agency", "other-counter", "agency %s does not take in procedure %s for %s (%s); it is received at: %s",
		x.receiving.Code, x.procedure.Code, x.deciding.Name, x.deciding.Code, names)
}

// bound says whether the receiving agency takes in what the deciding agency decides although there are boundaries.
func bound(x arrival) bool {
	r, d := x.receiving, x.deciding
	if strings.HasPrefix(r.Path, d.Path) {
		return true
	}
	if r.Level != d.Level {
		return slices.Contains(x.procedure.Levels, r.Level) || slices.Contains(x.procedure.Interconnections, catalog.CrossLevel)
	}
	above := parentPath(r)
	return strings.HasPrefix(d.Path, r.Path) || r.Kind == catalog.OneStopCentre && above != "" && strings.HasPrefix(d.Path, above)
}

// takers names the counters of the agency that decides: its own, else that of the committee above it.
func (o *Office) takers(ctx context.Context, x arrival) (string, error) {
	chain, err := o.store.AgencyNames(ctx, pathIDs(x.deciding.Path))
	if err != nil {
		return "", err
	}
	var names []string
	for ids := pathIDs(x.deciding.Path); len(ids) > 0; ids = ids[:len(ids)-1] {
		a := chain[ids[len(ids)-1]]
		counters, _, err := o.store.Agencies(ctx, store.AgencyFilter{Kind: catalog.OneStopCentre, Parent: &a.ID, On: x.on}, store.Page{})
		if err != nil {
			return "", err
		}
		if a.Identifier != "" {
			counters = append(counters, a)
		}
		for _, c := range counters {
			names = append(names, c.Name+" ("+c.Code+")")
		}
		if len(names) > 0 {
			break
		}
	}
	if len(names) == 0 {
		return x.deciding.Name, nil
	}
	return strings.Join(names, ", "), nil
}

// root is the id of the topmost agency above.
func root(a catalog.Agency) string {
	first, _, _ := strings.Cut(a.Path, "/")
	return first
}

// parentPath is the path of the agency above, "" for a topmost one.
func parentPath(a catalog.Agency) string {
	ids := pathIDs(a.Path)
	if len(ids) < 2 {
		return ""
	}
	return a.Path[:len(a.Path)-37]
}
