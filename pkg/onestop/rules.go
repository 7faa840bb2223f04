package onestop

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
)

// KeepRules adds a set of deadline rules. It holds for what is accepted from its first day on and after it was added; dossiers already
// accepted keep theirs. The fault is Conflict "rules-exist" if the id is taken: what changes the law is another set.
func (o *Office) KeepRules(ctx context.Context, actor staff.Actor, now time.Time, r dossier.RuleSet) error {
	if err := leadsAll(actor, staff.EditCatalogue); err != nil {
		return err
	}
	if err := r.Check(); err != nil {
		return err
	}
	return o.store.AddRuleSet(ctx, r, now, actor.Username)
}

// ReadRules reads a set of rules strictly: a field that does not exist is a mistake, not something to pass over. The fault is Invalid.
func ReadRules(body []byte) (dossier.RuleSet, error) {
	var r dossier.RuleSet
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return r, fault.New(fault.Invalid, "rules-invalid", "the rules cannot be read: %v", err)
	}
	return r, r.Check()
}

// ruleSets are all sets that are kept. They are read again when one came on top, here or in another process.
func (o *Office) ruleSets(ctx context.Context) ([]dossier.RuleSet, error) {
	n, err := o.store.RuleSetCount(ctx)
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	known := o.rules
	o.mu.Unlock()
	if len(known) == n {
		return known, nil
	}
	if known, err = o.store.RuleSets(ctx); err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.rules = known
	return known, nil
}

// rulesOn is the set in force on the day of an instant.
func (o *Office) rulesOn(ctx context.Context, at time.Time) (dossier.RuleSet, error) {
	all, err := o.ruleSets(ctx)
	if err != nil {
		return dossier.RuleSet{}, err
	}
	return dossier.RulesOn(all, catalog.DateOf(at, o.zone))
}

// rulesFor is the set that a dossier is reckoned by; before it is accepted, that of the day.
func (o *Office) rulesFor(ctx context.Context, d dossier.Dossier, at time.Time) (dossier.RuleSet, error) {
	if d.Basis == nil {
		return o.rulesOn(ctx, at)
	}
	return o.ruleSet(ctx, d.Basis.Rules)
}

// ruleSet is the set of the id.
func (o *Office) ruleSet(ctx context.Context, id string) (dossier.RuleSet, error) {
	o.mu.Lock()
	known := o.rules
	o.mu.Unlock()
	for range 2 { // a set never changes: only one that is not known yet has to be looked for
		for _, r := range known {
			if r.ID == id {
				return r, nil
			}
		}
		var err error
		if known, err = o.ruleSets(ctx); err != nil {
			return dossier.RuleSet{}, err
		}
	}
	return dossier.RuleSet{}, fmt.Errorf("rule set %q is not known here", id)
}
