package onestop

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
)

// keep writes the cases that wait, all in one transaction, and only then counts them.
func (im *dossierImport) keep(ctx context.Context) error {
	b, err := im.inBatch(ctx, func(ctx context.Context, b *caseBatch) error {
		if err := b.look(ctx, im.batch); err != nil {
			return err
		}
		for _, c := range im.batch {
			if err := b.take(c); err != nil {
				return err
			}
		}
		return im.office.store.AddDossiers(ctx, b.lives)
	})
	if err != nil {
		return err
	}
	d := &im.done
	d.Lines += len(im.batch) + len(im.failed)
	d.Failed = append(d.Failed, im.failed...)
	for _, c := range im.batch {
		d.add(c.reckoned)
		if news, there := b.told[c.Line]; there {
			if _, twice := im.later[c.Code]; twice {
				d.Unchanged++ // for the line before, which this one overrules
			}
			if delete(im.later, c.Code); news {
				im.later[c.Code] = c
			}
		}
	}
	im.batch, im.failed = im.batch[:0], nil
	return nil
}

// follow writes down what the file says anew of cases that were there: once for each, when all of it is read, so that of several lines of
// one case the last counts however often the file is taken over.
func (im *dossierImport) follow(ctx context.Context) error {
	cases := slices.SortedFunc(maps.Values(im.later), func(x, y foreignCase) int { return x.Line - y.Line })
	for some := range slices.Chunk(cases, dossiersInTx) {
		_, err := im.inBatch(ctx, func(ctx context.Context, b *caseBatch) error {
			if err := b.look(ctx, some); err != nil {
				return err
			}
			var moved []dossier.Life
			for _, c := range some {
				next, e, err := b.follow(b.known[c.Code], c)
				if err != nil {
					return err
				}
				if e != nil {
					moved = append(moved, dossier.Life{Dossier: next, Events: []dossier.Event{*e}})
				}
			}
			// In one order everywhere, so that two imports at once cannot wait for each other in a circle.
			slices.SortFunc(moved, func(x, y dossier.Life) int { return bytes.Compare(x.Dossier.ID[:], y.Dossier.ID[:]) })
			return im.office.store.MoveDossiers(ctx, moved)
		})
		if err != nil {
			return err
		}
	}
	clear(im.later)
	return nil
}

// inBatch runs work in a transaction and counts what it did. It is run anew when somebody else was quicker with one of the cases.
func (im *dossierImport) inBatch(ctx context.Context, work func(ctx context.Context, b *caseBatch) error) (b *caseBatch, err error) {
	for range 5 {
		err = im.office.store.InTx(ctx, func(ctx context.Context) error {
			b = &caseBatch{im: im, fresh: map[string]int{}, told: map[int]bool{}}
			return work(ctx, b)
		})
		if !errors.Is(err, fault.Conflict) && !errors.Is(err, fault.Stale) {
			break
		}
	}
	if err == nil {
		d := &im.done
		d.New, d.Updated, d.Unchanged = d.New+b.done.New, d.Updated+b.done.Updated, d.Unchanged+b.done.Unchanged
		d.Followed = append(d.Followed, b.done.Followed...)
		d.Suspect += b.done.Suspect
		d.NotFollowed, d.Failed = append(d.NotFollowed, b.done.NotFollowed...), append(d.Failed, b.done.Failed...)
	}
	return b, err
}

// caseBatch is one transaction's work; it begins from nothing each time the transaction is tried.
type caseBatch struct {
	im    *dossierImport
	known map[string]dossier.Dossier // by the source's code
	taken map[string]uuid.UUID       // codes that a dossier bears already
	lives []dossier.Life             // to be added
	fresh map[string]int             // place in lives by the source's code: a file may name one case twice
	told  map[int]bool               // by line, of cases that were there before: whether the line has news
	done  DossierImport
}

func (b *caseBatch) look(ctx context.Context, cases []foreignCase) error {
	keys, codes := make([]string, len(cases)), []string{}
	for i, c := range cases {
		keys[i] = c.Code
		codes = append(codes, b.im.codes(c)...)
	}
	var err error
	if b.known, err = b.im.office.store.BySource(ctx, b.im.system, keys); err != nil {
		return err
	}
	b.taken, err = b.im.office.store.DossierCodes(ctx, codes)
	return err
}

func (b *caseBatch) take(c foreignCase) error {
	if d, there := b.known[c.Code]; there {
		if b.told[c.Line] = b.news(d, c) != nil; b.told[c.Line] {
			return nil
		}
		_, _, err := b.follow(d, c)
		return err
	}
	if i, there := b.fresh[c.Code]; there {
		next, e, err := b.follow(b.lives[i].Dossier, c)
		if err != nil || e == nil {
			return err
		}
		b.lives[i] = dossier.Life{Dossier: next, Events: append(b.lives[i].Events, *e)}
		return nil
	}
	d, e, err := b.open(c)
	if err != nil {
		return b.refuse(c, err)
	}
	b.fresh[c.Code] = len(b.lives)
	b.lives = append(b.lives, dossier.Life{Dossier: d, Events: []dossier.Event{e}})
	b.done.New++
	return nil
}

// refuse lists a case that the dossier itself would not have.
func (b *caseBatch) refuse(c foreignCase, err error) error {
	if f := fault.As(err); f == nil || f.Kind != fault.Invalid || b.im.opts.Strict {
		return err
	}
	b.done.Failed = append(b.done.Failed, lineFault(c.Line, err))
	return nil
}

func (b *caseBatch) open(c foreignCase) (dossier.Dossier, dossier.Event, error) {
	id, code := uuid.Must(uuid.NewV7()), ""
	for _, free := range b.im.codes(c) {
		if _, taken := b.taken[free]; !taken && code == "" {
			code = free
		}
	}
	if code == "" {
		return dossier.Dossier{}, dossier.Event{}, lineWrong(c.Line, "code", "duplicate", "would become %s, which another case bears", b.im.codes(c)[0])
	}
	b.taken[code] = id
	facts := dossier.Facts{
		Intake: &dossier.Intake{
			ID: id, Code: code, Procedure: c.procedure, Channel: string(c.Channel),
			ReceivingID: c.receiving.ID, DecidingID: c.deciding.ID, Applicant: c.Applicant,
			Source: &dossier.Source{System: b.im.system, Key: c.Code, State: c.StateGiven, Kept: c.Kept},
		},
		Foreign: &c.Foreign, Basis: c.basis, Promise: c.promise,
	}
	return dossier.Open(dossier.WasImported, b.when(c.ReceivedAt), facts)
}

// follow is the dossier after what the record now says, with no event if that is nothing new.
func (b *caseBatch) follow(d dossier.Dossier, c foreignCase) (dossier.Dossier, *dossier.Event, error) {
	for _, x := range []struct{ column, was, is string }{
		{"agency", d.DecidingID.String(), c.deciding.ID.String()},
		{"receiving_agency", d.ReceivingID.String(), c.receiving.ID.String()},
		{"procedure", d.Procedure.Code, c.procedure.Code},
		{"channel", string(d.Channel), string(c.Channel)},
	} {
		if x.was != x.is {
			b.done.NotFollowed = append(b.done.NotFollowed, wrongLine(c.Line, x.column, LinePart{Said: fault.Say("differs from what was first told; that stays")}))
		}
	}
	facts := b.news(d, c)
	if facts == nil {
		b.done.Unchanged++
		return d, nil, nil
	}
	next, e, err := d.Follow(b.when(b.im.now), *facts)
	if err == nil {
		b.done.Updated++
		b.followed(d, c.Line, *facts)
	}
	return next, &e, err
}

// followed lists what an update changes, so that whoever runs the import sees what it did to dates that were told before.
func (b *caseBatch) followed(d dossier.Dossier, line int, facts dossier.Facts) {
	add := func(x Followed) {
		count(&b.done.Suspect, x.Suspect)
		x.Line, x.Code = line, d.Code
		b.done.Followed = append(b.done.Followed, x)
	}
	if was, is := d.State, facts.Foreign.State; was != is {
		add(Followed{Field: "state", Was: dossier.StateNames[was], Is: dossier.StateNames[is]})
	}
	text := func(at *time.Time) string {
		if at == nil {
			return ""
		}
		return at.In(b.im.office.zone).Format(time.RFC3339)
	}
	for _, x := range d.Changes(facts, b.im.now) {
		add(Followed{Field: x.Field, Was: text(x.Was), Is: text(x.Is), Suspect: x.Suspect})
	}
}

// news is what the record says of the case that was not known, nil if that is nothing.
func (b *caseBatch) news(d dossier.Dossier, c foreignCase) *dossier.Facts {
	facts := dossier.Facts{Foreign: &c.Foreign}
	if last := d.Promise(); c.promise != nil && (last == nil || judgesOtherwise(last.Mark, c.promise.Mark)) {
		p := *c.promise
		p.No, p.MadeAt = len(d.Promises)+1, b.im.now
		if last == nil {
			p.MadeAt = c.ReceivedAt
		}
		facts.Promise = &p
	}
	if facts.Promise == nil && saysTheSame(d, c.Foreign) {
		return nil
	}
	return &facts
}

func (b *caseBatch) when(at time.Time) dossier.Move {
	return dossier.Move{At: at, Recorded: b.im.now, By: by(b.im.actor)}
}

// judgesOtherwise leaves out when to warn: that depends on the calendar's revision and is no news of the source.
func judgesOtherwise(a, b dossier.Mark) bool {
	return !a.DueAt.Equal(b.DueAt) || !a.OnTimeFrom.Equal(b.OnTimeFrom) || !a.LateFrom.Equal(b.LateFrom)
}

func saysTheSame(d dossier.Dossier, f dossier.Foreign) bool {
	return d.State == f.State && d.SubmittedAt.Equal(f.ReceivedAt) && equalTime(d.FinishedAt, f.FinishedAt) && equalTime(d.ReturnedAt, f.ReturnedAt)
}

func equalTime(a, b *time.Time) bool {
	return (a == nil) == (b == nil) && (a == nil || a.Equal(*b))
}

// officialCode is the form of TT 01/2018/TT-VPCP art. 19 with either kind of identifier; national data has tails of more than four digits.
var officialCode = regexp.MustCompile(`^([0-9A-Z]{3}\.[0-9A-Z]{2}\.[0-9A-Z]{2}\.[A-Z]\d{2}|[A-Z]\d{2}(\.[0-9A-Z]+)*)-(\d{6})-\d{4,6}$`)

// codes are those that the dossier may bear, the first free one: the source's own if it has the official form and is of a day gone by
// (on the present day our own counter may still come to the same number), and the source's with the system's name before it.
func (im *dossierImport) codes(c foreignCase) []string {
	plain := im.system + "-" + c.Code
	plain = strings.Map(func(r rune) rune {
		if r == '/' || unicode.IsSpace(r) || unicode.IsControl(r) { // a code stands in addresses
			return '_'
		}
		return r
	}, plain)
	parts := officialCode.FindStringSubmatch(c.Code)
	if parts != nil && parts[3] < strings.ReplaceAll(string(im.day(im.now)), "-", "")[2:] {
		return []string{c.Code, plain}
	}
	return []string{plain}
}
