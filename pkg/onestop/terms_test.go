package onestop_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/worktime"
)

func term(n uint32, unit worktime.Unit) *worktime.Term {
	return &worktime.Term{Value: worktime.Whole(n), Unit: unit}
}

func TestADossierIsPromisedByTheVersionOfItsDay(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		online := input("9.000001")
		online.Channel = catalog.Online
		registered, _ := h.receive(t, h.clerk, online)
		h.now = when("2026-11-04T10:00:00+07:00")
		in := onestop.TermsInput{Terms: []catalog.Term{{Statutory: term(9, worktime.WorkingDay)}}, Reason: "NĐ 1"}
		if _, err := h.SetTerms(ctx, h.administrator, h.now, "9.000001", in); err != nil {
			t.Fatal(err)
		}
		for received, version := range map[string]int{
			"2026-10-30T09:00:00+07:00": 1, // before anything was recorded
			"2026-11-03T23:59:59+07:00": 1,
			"2026-11-04T00:00:00+07:00": 2, // the day counts, not the hour
			"2026-11-04T10:00:00+07:00": 2,
		} {
			in, at := input("9.000001"), when(received)
			in.ReceivedAt = &at
			if d, _ := h.receive(t, h.clerk, in); d.Procedure.Version != version || d.Basis.Term.Value != map[int]*worktime.Term{1: term(3, worktime.WorkingDay), 2: term(9, worktime.WorkingDay)}[version].Value {
				t.Errorf("received %s: version %d, %s days", received, d.Procedure.Version, d.Basis.Term.Value)
			}
		}
		accepted := h.act(t, h.clerk, registered, dossier.Accept, onestop.ActInput{})
		if accepted.Procedure.Version != 1 || accepted.Basis.Term.Value != term(2, worktime.WorkingDay).Value {
			t.Errorf("registered before the change: version %d, %s days", accepted.Procedure.Version, accepted.Basis.Term.Value)
		}
	})
}

func TestWhatHoldsForAllIsNotForACommuneToSet(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		local := h.employ(t, "local", staff.Administrator, h.commune)
		_, err := h.SetTerms(ctx, local, h.now, "9.000001", onestop.TermsInput{Terms: []catalog.Term{{Statutory: term(1, worktime.WorkingDay)}}, Reason: "tự đặt"})
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("terms: %v", err)
		}
		if _, err := h.ImportProcedures(ctx, local, h.now, strings.NewReader(records), nil); !errors.Is(err, fault.Forbidden) {
			t.Errorf("import: %v", err)
		}
	})
}

func TestTermsThatCannotBeMeantAreRefused(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		for name, c := range map[string]struct {
			term  catalog.Term
			field string // "" is taken
		}{
			"shortened by being longer":  {catalog.Term{Statutory: term(5, worktime.WorkingDay), Shortened: term(6, worktime.WorkingDay)}, "terms[0].shortened"},
			"shortened to the same":      {catalog.Term{Statutory: term(5, worktime.WorkingDay), Shortened: term(5, worktime.WorkingDay)}, ""},
			"shortened in another unit":  {catalog.Term{Statutory: term(5, worktime.WorkingDay), Shortened: term(36, worktime.Hour)}, ""},
			"no working day":             {catalog.Term{Statutory: term(0, worktime.WorkingDay)}, "terms[0].statutory"},
			"no hour":                    {catalog.Term{Statutory: term(0, worktime.Hour)}, "terms[0].statutory"},
			"no month":                   {catalog.Term{Statutory: term(5, worktime.WorkingDay), Shortened: term(0, worktime.Month)}, "terms[0].shortened"},
			"the same day":               {catalog.Term{Statutory: term(0, worktime.SameDay)}, ""},
			"without an appointment":     {catalog.Term{Statutory: term(0, worktime.NoAppointment)}, ""},
			"no appointment but a value": {catalog.Term{Statutory: term(1, worktime.NoAppointment)}, "terms[0].statutory"},
		} {
			for _, as := range []string{"terms", "variants"} {
				in := onestop.TermsInput{Terms: []catalog.Term{c.term}, Reason: "NĐ 1"}
				field := c.field
				if as == "variants" {
					in = onestop.TermsInput{Variants: []catalog.Variant{{Code: "1", Name: "một", Terms: []catalog.Term{c.term}}}, Reason: "NĐ 1"}
					field = strings.Replace(field, "terms[0]", "variants[0].terms[0]", 1)
				}
				_, err := h.SetTerms(context.Background(), h.administrator, h.now, "9.000003", in)
				var got []string
				if f := fault.As(err); f != nil {
					for _, x := range f.Fields {
						got = append(got, x.Name)
					}
				}
				if (err == nil) != (field == "") || err != nil && !slices.Equal(got, []string{field}) {
					t.Errorf("%s as %s: %v", name, as, err)
				}
			}
		}
	})
}

func TestAChannelHasOneTerm(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		five, six := catalog.Term{Statutory: term(5, worktime.WorkingDay)}, catalog.Term{Statutory: term(6, worktime.WorkingDay)}
		online := catalog.Term{Channel: catalog.Online, Statutory: term(6, worktime.WorkingDay)}
		variant := func(terms ...catalog.Term) []catalog.Variant {
			return []catalog.Variant{{Code: "1", Name: "một", Terms: terms}}
		}
		for name, c := range map[string]struct {
			in    onestop.TermsInput
			field string // "" is taken
		}{
			"two for all":                     {onestop.TermsInput{Terms: []catalog.Term{five, six}}, "terms[1].channel"},
			"one of its own for a channel":    {onestop.TermsInput{Terms: []catalog.Term{five, online}}, ""},
			"two in one variant":              {onestop.TermsInput{Variants: variant(online, five, online)}, "variants[0].terms[2].channel"},
			"as published, told by a variant": {onestop.TermsInput{Terms: []catalog.Term{five, six}, Variants: variant(five)}, ""},
		} {
			c.in.Reason = "NĐ 1"
			_, err := h.SetTerms(context.Background(), h.administrator, h.now, "9.000003", c.in)
			if f := fault.As(err); (err == nil) != (c.field == "") || err != nil && (len(f.Fields) != 1 || f.Fields[0].Name != c.field) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestTermsAreNotShorterThanTheProcess(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		if _, err := h.SetProcess(ctx, h.administrator, h.now, "9.000001", beside); err != nil { // ten hours
			t.Fatal(err)
		}
		one, two, eight := term(1, worktime.WorkingDay), term(2, worktime.WorkingDay), term(8, worktime.Hour)
		in := onestop.TermsInput{Reason: "NĐ 1", Terms: []catalog.Term{{Statutory: two}, {Channel: catalog.Online, Statutory: two, Shortened: eight}}, Variants: []catalog.Variant{
			{Code: "1", Name: "một", Terms: []catalog.Term{{Statutory: two}}}, {Code: "2", Name: "hai", Terms: []catalog.Term{{Statutory: one}}},
		}}
		_, err := h.SetTerms(ctx, h.administrator, h.now, "9.000001", in)
		f := fault.As(err)
		if f == nil || f.Code != "terms-invalid" {
			t.Fatal(err)
		}
		var got []string
		for _, x := range f.Fields {
			got = append(got, x.Name+" "+x.Code)
		}
		if want := []string{"terms[1].shortened too-long-process", "variants[1].terms[0].statutory too-long-process"}; !slices.Equal(got, want) {
			t.Error(got)
		}
		in.Terms, in.Variants = in.Terms[:1], in.Variants[:1]
		if _, err := h.SetTerms(ctx, h.administrator, h.now, "9.000001", in); err != nil {
			t.Error(err)
		}
	})
}

func TestARecordThatIsPublishedShorterThanItsProcessIsForAPersonToLookAt(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		if _, err := h.SetProcess(ctx, h.administrator, h.now, "9.000001", beside); err != nil {
			t.Fatal(err)
		}
		shorter := strings.Replace(records, `"value":2,"unit":"WORKING_DAY"`, `"value":1,"unit":"WORKING_DAY"`, 1)
		reviewed := func(file string) (all []string) {
			done, err := h.ImportProcedures(ctx, h.administrator, h.now, strings.NewReader(file), nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range done.NeedsReview {
				if r.Code == "9.000001" {
					all = append(all, r.Reasons[0].Code+": "+r.Reasons[0].Detail)
				}
			}
			return all
		}
		want := []string{"process-too-long: the steps of its process take 10 hours of work, and it may take 8"}
		for range 2 { // the second time nothing changed
			if got := reviewed(shorter); !slices.Equal(got, want) {
				t.Fatal(got)
			}
		}
		p, err := h.store.Procedure(ctx, "9.000001")
		if err != nil || len(p.Process) != 3 || !p.NeedsReview() {
			t.Fatalf("%+v, %v", p, err)
		}
		quick := beside
		quick.Steps = slices.Clone(beside.Steps)
		quick.Steps[0].Term = hours(4)
		if p, err = h.SetProcess(ctx, h.administrator, h.now, p.Code, quick); err != nil || p.NeedsReview() {
			t.Fatalf("%v, %v", p.Reviews, err)
		}
		if got := reviewed(records); got != nil {
			t.Error(got)
		}
	})
}
