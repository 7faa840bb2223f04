package httpapi

import (
	"context"
	"encoding/json"
	"reflect"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// ReceiveDossier takes in a dossier and answers what its receipt says.
func (s *server) ReceiveDossier(ctx context.Context, r ReceiveDossierRequestObject) (ReceiveDossierResponseObject, error) {
	ctx, v := enter(ctx)
	in := onestop.ReceiveInput{
		Procedure: r.Body.Procedure, Variant: r.Body.Variant, Channel: catalog.Channel(r.Body.Channel), OnBehalf: r.Body.OnBehalf,
		ReceivingAgency: r.Body.ReceivingAgency, DecidingAgency: r.Body.DecidingAgency,
		HelpedAgency: r.Body.HelpedAgency, ReturningAgency: r.Body.ReturningAgency, Applicant: personOf(r.Body.Applicant),
		Commune: r.Body.Commune, Note: r.Body.Note, ReceivedAt: given(r.Body.ReceivedAt), Received: received(r.Body.Received),
	}
	if r.Body.Submitter != (Person{}) {
		submitter := personOf(r.Body.Submitter)
		in.Submitter = &submitter
	}
	if a := r.Body.Authority; a != (Authority{}) {
		in.Authority = &dossier.Authority{Kind: dossier.AuthorityKind(a.Kind), Number: a.Number, Date: catalog.Date(a.Date)}
	}
	if c := r.Body.ReturnChoice; c != (ReturnChoice{}) {
		in.ReturnChoice = &dossier.ReturnChoice{Method: dossier.ReturnMethod(c.Method), Address: c.Address}
	}
	in.ReusedFrom = each(r.Body.ReusedFrom, func(x Reused) dossier.Reused {
		return dossier.Reused{Dossier: x.Dossier, Kind: dossier.ReusableKind(x.Kind), Name: x.Name, Number: x.Number, No: x.No}
	})
	d, secret, err := s.Office.Receive(ctx, v.actor, v.now, in)
	if err != nil {
		return nil, err
	}
	names, err := s.namesOf(ctx, d)
	if err != nil {
		return nil, err
	}
	out := Receipt{
		Code: d.Code, Secret: secret, State: State(d.State), StateName: StateName(dossier.StateNames[d.State]), StateLabel: labels[d.State],
		Procedure: dossierProcedure(d), Channel: Channel(d.Channel), Receiving: names.ref(d.ReceivingID), Deciding: names.ref(d.DecidingID),
		Applicant: personView(&d.Applicant), Submitter: personView(d.Submitter), Authority: authority(d.Authority), ReusedFrom: reused(d.ReusedFrom),
		ReceivedAt: s.local(d.SubmittedAt), AcceptBy: s.localOf(d.AcceptBy),
		Version: d.Version, Href: dossierHref(d.Code), LookupHref: "/api/v1/lookup",
	}
	out.Helped, out.Returning, out.ReturnChoice = names.refOf(d.HelpedID), names.refOf(d.ReturningID), returnChoice(d.ReturnChoice)
	out.Fees, out.FeeTotals, out.FeeText = s.fees(d, names), feeTotals(d), d.FeeText
	if p := d.Promise(); p != nil {
		out.DueAt, out.Unconfirmed = s.local(p.DueAt), p.Unconfirmed
	}
	if d.Basis != nil {
		out.Term, out.Rules, out.Calendar = workTerm(&d.Basis.Term), d.Basis.Rules, d.Basis.Calendar
	}
	return ReceiveDossier201JSONResponse{Body: out, Headers: ReceiveDossier201ResponseHeaders{ETag: etag(d), Location: out.Href}}, nil
}

func personOf(p Person) dossier.Person {
	return dossier.Person{
		Kind: dossier.PersonKind(p.Kind), Name: p.Name, IDNumber: p.IdNumber, BirthDate: catalog.Date(p.BirthDate), Sex: dossier.Sex(p.Sex),
		Phone: p.Phone, Email: p.Email, Address: p.Address,
	}
}

// personView is a person as kept, whose form our own intake has seen to.
func personView(p *dossier.Person) Person {
	a := applicant(p)
	return Person{
		Kind: PersonKind(a.Kind), Name: a.Name, IdNumber: a.IdNumber, BirthDate: a.BirthDate, Sex: Sex(a.Sex), Phone: a.Phone, Email: a.Email,
		Address: a.Address,
	}
}

// ListDossiers lists what one may see; with a figure, what that figure of a report counts.
func (s *server) ListDossiers(ctx context.Context, r ListDossiersRequestObject) (ListDossiersResponseObject, error) {
	ctx, v := enter(ctx)
	if err := v.actor.Must(staff.ReadDossiers); err != nil {
		return nil, err
	}
	f, err := s.dossierFilter(ctx, v, r.Params)
	if err != nil {
		return nil, err
	}
	all, next, err := s.Store.Dossiers(ctx, v.actor.Scope(), f, page(r.Params.Limit, r.Params.After))
	if err != nil {
		return nil, err
	}
	names, err := s.namesOf(ctx, all...)
	if err != nil {
		return nil, err
	}
	items := each(all, func(d dossier.Dossier) DossierSummary { return s.summary(d, v, names) })
	link := ListDossiers200ResponseHeaders{Link: nextLink(ctx, next)}
	if r.Params.Format == FormatCsv {
		body, length, err := dossierTable(items).csv()
		return ListDossiers200TextcsvResponse{Body: body, ContentLength: length, Headers: link}, err
	}
	list := DossierList{Items: items, Next: string(next)}
	if f.Figure != "" {
		total, err := s.Store.CountDossiers(ctx, v.actor.Scope(), f)
		if err != nil {
			return nil, err
		}
		list.Total = &total
	}
	return ListDossiers200JSONResponse{Body: list, Headers: link}, nil
}

// selection is what the parameters of another operation choose among dossiers: those that it shares with the list, by name. What it has of its own, such
// as a format, chooses nothing.
func selection(parameters any) ListDossiersParams {
	var q ListDossiersParams
	from, to := reflect.ValueOf(parameters), reflect.ValueOf(&q).Elem()
	for i := range from.NumField() {
		if into := to.FieldByName(from.Type().Field(i).Name); into.IsValid() {
			into.Set(from.Field(i).Convert(into.Type()))
		}
	}
	return q
}

func (s *server) dossierFilter(ctx context.Context, v *visit, q ListDossiersParams) (store.DossierFilter, error) {
	f := store.DossierFilter{
		Selection: store.Selection{
			Place: store.Place(q.Place), Field: q.Field, Procedure: q.Procedure, Level: string(q.Level), Channel: string(q.Channel), SourceSystem: q.Source,
		},
		States: renamed[State, dossier.State](q.State), Search: q.Search, Open: q.Open, Overdue: q.Overdue,
		Originals: q.HoldsOriginals, Sort: string(q.Sort), Figure: dossier.Figure(q.Figure),
	}
	f.Now = asOf(q.AsOf, v.now)
	var err error
	if f.Figure != "" || q.From != nil || q.To != nil {
		if f.Period, err = s.figurePeriod(q, f.Now); err != nil {
			return f, err
		}
	}
	if f.Submitted, err = store.Between("submitted", dateOf(q.SubmittedFrom), dateOf(q.SubmittedTo), s.Zone); err != nil {
		return f, err
	}
	if f.Finished, err = store.Between("finished", dateOf(q.FinishedFrom), dateOf(q.FinishedTo), s.Zone); err != nil {
		return f, err
	}
	on := []catalog.Date{catalog.DateOf(v.now, s.Zone), ""} // what was theirs stays to be found when agencies have ended
	if !f.To.IsZero() {
		on = f.Period.Naming(s.Zone)
	}
	for _, p := range []struct {
		name, code string
		path       *string
	}{
		{"agency", q.Agency, &f.AgencyPath},
		{"receiving", q.Receiving, &f.ReceivingPath},
		{"helped", q.Helped, &f.HelpedPath},
		{"returning", q.Returning, &f.ReturningPath},
		{"holder", q.Holder, &f.HolderPath},
	} {
		if *p.path, err = s.pathOf(ctx, p.name, p.code, on...); err != nil {
			return f, err
		}
	}
	if q.Officer != "" {
		id, err := s.officerNamed(ctx, v, q.Officer)
		if err != nil {
			return f, err
		}
		f.OfficerID = id
	}
	if q.DecidedBy != "" {
		a, err := s.agencyNamed(ctx, "decided_by", q.DecidedBy, on...)
		if err != nil {
			return f, err
		}
		f.AgencyID = a.ID
	}
	return f, nil
}

// figurePeriod is the period that a figure of the report is of: neither says anything without the other.
func (s *server) figurePeriod(q ListDossiersParams, now time.Time) (store.Period, error) {
	var wrong fault.Fields
	for _, x := range []struct {
		name    string
		missing bool
	}{{"figure", q.Figure == ""}, {"from", q.From == nil}, {"to", q.To == nil}} {
		if x.missing {
			wrong.Add(x.name, "required", "is missing: figure, from and to belong together")
		}
	}
	if err := wrong.Err("period-invalid", "figure, from and to belong together"); err != nil {
		return store.Period{}, err
	}
	return store.Days(dateOf(q.From), dateOf(q.To), now, s.Zone)
}

func asOf(t *time.Time, now time.Time) time.Time {
	if t != nil {
		return *t
	}
	return now
}

// ReadDossier shows one dossier.
func (s *server) ReadDossier(ctx context.Context, r ReadDossierRequestObject) (ReadDossierResponseObject, error) {
	ctx, v := enter(ctx)
	d, err := s.Store.DossierByCode(ctx, v.actor.Scope(), r.Code)
	if err != nil {
		return nil, err
	}
	out, err := s.dossier(ctx, v, d)
	if err != nil {
		return nil, err
	}
	return ReadDossier200JSONResponse{Body: out, Headers: ReadDossier200ResponseHeaders{ETag: etag(d)}}, nil
}

// ReadJournal shows a dossier's events.
func (s *server) ReadJournal(ctx context.Context, r ReadJournalRequestObject) (ReadJournalResponseObject, error) {
	ctx, v := enter(ctx)
	d, err := s.Store.DossierByCode(ctx, v.actor.Scope(), r.Code)
	if err != nil {
		return nil, err
	}
	events, err := s.Store.Journal(ctx, v.actor.Scope(), d.ID)
	if err != nil {
		return nil, err
	}
	names, err := s.names(ctx, each(events, func(e dossier.Event) uuid.UUID { return e.By.AgencyID })...)
	if err != nil {
		return nil, err
	}
	out := Journal{Items: []Event{}}
	t := table{header: []string{"seq", "kind", "at", "recorded_at", "by", "role", "agency", "hash"}}
	for _, e := range events {
		facts, err := publicFacts(e)
		if err != nil {
			return nil, err
		}
		x := Event{
			Seq: e.Seq, Kind: string(e.Kind), At: s.local(e.At), RecordedAt: s.local(e.RecordedAt), By: by(&e.By, names), Facts: facts,
			Prev: e.Prev, Hash: e.Hash,
		}
		out.Items = append(out.Items, x)
		t.rows = append(t.rows, []string{number(x.Seq), x.Kind, when(x.At), when(x.RecordedAt), x.By.Name, x.By.Role, x.By.Agency.Name, x.Hash})
	}
	if r.Params.Format == FormatCsv {
		body, length, err := t.csv()
		return ReadJournal200TextcsvResponse{Body: body, ContentLength: length}, err
	}
	return ReadJournal200JSONResponse(out), nil
}

// publicFacts are the facts of an event as others than the office may read them.
func publicFacts(e dossier.Event) (map[string]any, error) {
	body, err := e.Public()
	if err != nil {
		return nil, err
	}
	facts := map[string]any{}
	return facts, json.Unmarshal(body, &facts)
}
