package onestop

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
)

// recheckTerm names a term that is not the one of the procedure's version that the dossier was taken in under.
func (o *Office) recheckTerm(ctx context.Context, who *rollCall, before dossier.Dossier, e dossier.Event, f dossier.Facts) []string {
	p, channel := before.Procedure, before.Channel
	if e.Kind == dossier.WasReceived && f.Intake != nil {
		p, channel = f.Intake.Procedure, catalog.Channel(f.Intake.Channel)
	} else if e.Kind != dossier.WasAccepted {
		return nil
	}
	version, err := o.version(ctx, who, p)
	if err != nil {
		return []string{fmt.Sprintf("event %d: %v", e.Seq, err)}
	}
	term, err := version.TermFor(channel, p.Variant)
	if err != nil || f.Basis == nil || !same(term, f.Basis.Term) {
		return []string{fmt.Sprintf("event %d: the term is not the one of version %d of procedure %s", e.Seq, p.Version, p.Code)}
	}
	return nil
}

func waitBy(f dossier.Facts) *time.Time {
	if f.Wait == nil {
		return nil
	}
	return f.Wait.AnswerBy
}

// differences names what an event says and the rules do not give, with what they give.
func differences(said, given any) string {
	is, should := members(said), members(given)
	if len(is) == 0 || len(should) == 0 {
		return brief(is) + ", not " + brief(should)
	}
	names := maps.Clone(is)
	maps.Copy(names, should)
	var all []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		switch a, b := is[name], should[name]; {
		case a == b:
		case name == "reason" || name == "asked_by": // what people wrote, and who they are: a finding repeats neither
			all = append(all, name+" is another")
		default:
			all = append(all, fmt.Sprintf("%s %s, not %s", name, cmp.Or(a, "none"), cmp.Or(b, "none")))
		}
	}
	return strings.Join(all, "; ")
}

func brief(parts map[string]string) string {
	if len(parts) == 0 {
		return "none"
	}
	return cmp.Or(parts["due_at"], "one")
}

// members are the parts of something as a journal has them, none where there is nothing.
func members(x any) map[string]string {
	all, raw := map[string]string{}, map[string]json.RawMessage{}
	if body, err := json.Marshal(x); err != nil || json.Unmarshal(body, &raw) != nil {
		return map[string]string{"all": "unreadable"} // a time beyond year 9999
	}
	for name, value := range raw {
		all[name] = strings.Trim(string(value), `"`)
	}
	return all
}

func instantText(at *time.Time) string {
	if at == nil {
		return "none"
	}
	return at.Format(time.RFC3339)
}

// recheckFees names payments that are not what the fees before them were, and answers to a refund that nobody asked for so.
func recheckFees(before dossier.Dossier, e dossier.Event, f dossier.Facts) []string {
	var wrong []string
	if answers := e.Kind == dossier.FeesWereRefunded || e.Kind == dossier.RefundWasRefused; answers && !(same(f.Refund, before.Refund) && before.Refund.Names(f.Fees)) {
		wrong = append(wrong, fmt.Sprintf("event %d: the refund is not the one that was asked for", e.Seq))
	}
	for _, what := range before.Unfit(e.Kind, f) {
		wrong = append(wrong, fmt.Sprintf("event %d: %s", e.Seq, what))
	}
	return wrong
}

// recheckPapers names papers that an event gives back although the office did not have them or had them elsewhere, and a result that went out as a file which is not
// the dossier's.
func recheckPapers(before dossier.Dossier, e dossier.Event, f dossier.Facts) []string {
	var wrong []string
	for _, what := range before.Overdrawn(e.Kind, f) {
		wrong = append(wrong, fmt.Sprintf("event %d: %s", e.Seq, what))
	}
	if before.PapersElsewhere(e.Kind, f) {
		wrong = append(wrong, fmt.Sprintf("event %d: the papers went back at another counter than where they lay", e.Seq))
	}
	if what := before.Misfiled(e.Kind, f); what != "" {
		wrong = append(wrong, fmt.Sprintf("event %d: %s", e.Seq, what))
	}
	return wrong
}

// recheckTime names an event that is recorded for a time to come, or says that it happened at another time than it was recorded. Only what came in
// may have come earlier than it was entered, and what another system did; everything else happens when the office writes it down.
func recheckTime(e dossier.Event, now time.Time) []string {
	if e.RecordedAt.After(now.Add(actTakes)) {
		return []string{fmt.Sprintf("event %d says that it was recorded at %s, which is still to come", e.Seq, e.RecordedAt.UTC().Format(time.RFC3339))}
	}
	switch e.Kind {
	case dossier.WasRegistered, dossier.WasReceived, dossier.WasImported, dossier.WasUpdated:
		if !e.At.After(e.RecordedAt) {
			return nil
		}
	default:
		if e.At.Equal(e.RecordedAt) {
			return nil
		}
	}
	return []string{fmt.Sprintf("event %d says that it happened at %s, and was recorded at %s", e.Seq, e.At.UTC().Format(time.RFC3339), e.RecordedAt.UTC().Format(time.RFC3339))}
}
