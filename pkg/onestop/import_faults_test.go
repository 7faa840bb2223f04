package onestop_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

func TestBrokenCasesAreListedAndTheOthersAreTakenOver(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := town(t, s)
		const file = "\ufeffCode;Agency;Received_At;Due_At;Finished_At;Note\r\n" +
			"a;92;2026-11-02;;;\"two\r\nlines\"\r\n" + // lines 2 and 3
			"b;92;2026-11-02;;2026-11-01;\r\n" +
			";;;;;\r\n" +
			"c;nobody;2026-11-02;;;\r\n" +
			"d;92;2026-11-02;32/13/2026;;\r\n" +
			"e;92;2026-11-02\r\n" +
			"f;92;2026-11-02;;;a\"b\r\n" +
			"g;;2026-11-02;;;\r\n" +
			"h;92;2027-11-02;;;\r\n" +
			"i;92;2026-11-02;;;\r\n"
		done := importDossiers(t, o, file, onestop.DossierOptions{})
		if d := cmp.Diff(caseCounts{Lines: 9, New: 2, Failed: 7}, caseCountsOf(done)); d != "" {
			t.Error(d)
		}
		var got []string
		for _, f := range done.Failed {
			got = append(got, fmt.Sprintf("%d %s", f.Line, f.Field))
		}
		want := []string{
			"4 finished_at", "6 agency", "7 due_at", "8 ", "9 ", "10 agency", "11 received_at",
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		if kept := foreign(t, s, "OTHER", "a").Source.Kept["Note"]; kept != "two\nlines" {
			t.Errorf("kept %q", kept)
		}

		_, err := o.ImportDossiers(t.Context(), staff.System(), importedAt, strings.NewReader(file), onestop.DossierOptions{System: "strict", Strict: true}, nil)
		if f := fault.As(err); f == nil || f.Fields[0].Name != "line 4, finished_at" {
			t.Errorf("strict: %v", err)
		}
	})
}

func TestAStrayQuotationMarkCostsItsOwnLineOnly(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := town(t, s)
		const head = "code,agency,received_at,note\n"
		long := strings.Repeat("x", 5000)
		var many strings.Builder
		for i := range 1000 {
			fmt.Fprintf(&many, "many-%d,92,2026-11-02,\n", i)
		}
		for name, c := range map[string]struct {
			file  string
			new   int
			fault []int // lines
		}{
			"never closed":           {head + "1,92,2026-11-02,\"open\n2,92,2026-11-02,\n\n3,92,2026-11-02," + long + "\n", 2, []int{2}},
			"on the last line":       {head + "4,92,2026-11-02,\n5,92,2026-11-02,\"open", 1, []int{3}},
			"closed by a later one":  {head + "6,92,2026-11-02,\"open\n7,92,2026-11-02,\"whole\"\n8,92,2026-11-02,\n", 2, []int{2}},
			"closed by another like": {head + "9,92,2026-11-02,\"open\n10,92,2026-11-02,\n11,92,2026-11-02,\",\n12,92,2026-11-02,\n", 2, []int{2, 4}},
			"far from the end":       {head + "\n\n\"13,92,2026-11-02,\n" + many.String(), 1000, []int{4}},
			"blank lines for long":   {head + strings.Repeat("\r\n", 1000) + "14,92,2026-11-02,\n15,92\n", 1, []int{1003}},
			"lines within a cell":    {head + "16,92,2026-11-02,\"" + strings.Repeat("a\n", 100) + "\"\n17,92\n", 1, []int{103}},
		} {
			done := importDossiers(t, o, c.file, onestop.DossierOptions{System: name})
			var lines []int
			for _, f := range done.Failed {
				lines = append(lines, f.Line)
			}
			if done.New != c.new || done.Lines != c.new+len(c.fault) || !slices.Equal(lines, c.fault) {
				t.Errorf("%s: %d new, faults on %v, not %d and %v: %+v", name, done.New, lines, c.new, c.fault, done.Failed)
			}
		}
		done := importDossiers(t, o, head+"1,92,2026-11-02,\"open\n2,92,2026-11-02,\n", onestop.DossierOptions{System: "told"})
		if d := done.Failed[0].Detail; !strings.Contains(d, "quotation mark") || !strings.Contains(d, "line 3") {
			t.Errorf("told: %s", d)
		}
	})
}

func TestATableThatCannotBeReadIsOneClearError(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.MigratedSQLite(t))
	o := town(t, s)
	for file, field := range map[string]string{
		"":                               "file",
		"\xff\xfec\x00o\x00":             "file",
		"code,when\na,b\n":               "received_at",
		"code,received_at\na,2026-01-01": "agency",
		"code,received_at,agency,CODE\n": "CODE",
		"\"code,received_at":             "file",
	} {
		_, err := o.ImportDossiers(t.Context(), staff.System(), importedAt, strings.NewReader(file), onestop.DossierOptions{}, nil)
		if f := fault.As(err); f == nil || f.Code != "table-invalid" || !strings.EqualFold(f.Fields[0].Name, field) {
			t.Errorf("%q: %v, want field %s", file, err, field)
		}
	}
	for _, opts := range []onestop.DossierOptions{{System: "H13"}, {System: "H13.1"}, {System: "!"}, {System: "a/b"}, {Verdict: "guess"}} {
		if _, err := o.ImportDossiers(t.Context(), staff.System(), importedAt, strings.NewReader(threeCases), opts, nil); fault.As(err) == nil {
			t.Errorf("%+v was taken: %v", opts, err)
		}
	}
	if done := importDossiers(t, o, "code,received_at,agency\n", onestop.DossierOptions{}); done.Lines != 0 {
		t.Errorf("%+v", done)
	}
}

func TestUnknownAgenciesAreSetUpWhenAskedFor(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := town(t, s)
		const file = "code\tagency\treceived_at\na\tExperts\t2010-10-04\nb\tCustomer contact\t2010-10-04\nc\tExperts\t2010-10-04\n"
		done := importDossiers(t, o, file, onestop.DossierOptions{CreateAgencies: true, Under: "92"})
		if d := cmp.Diff([]string{"Experts", "Customer contact"}, done.CreatedAgencies); d != "" || done.New != 3 {
			t.Error(d, done.Failed)
		}
		again := importDossiers(t, o, file, onestop.DossierOptions{CreateAgencies: true, Under: "92"})
		if len(again.CreatedAgencies) != 0 || again.Unchanged != 3 {
			t.Errorf("%+v", again)
		}
		province, err := s.AgencyByCode(t.Context(), "92", "2026-11-23")
		if err != nil {
			t.Fatal(err)
		}
		a, err := s.AgencyByCode(t.Context(), "Experts", "2010-10-04")
		if err != nil || !a.Under(province.Path) || a.Kind != catalog.OtherAgency {
			t.Errorf("%+v (%v)", a, err)
		}

		// An administrator of the ward takes over the ward's cases only.
		ward, err := s.AgencyByCode(t.Context(), "31333", "2026-11-23")
		if err != nil {
			t.Fatal(err)
		}
		actor := staff.Actor{Role: staff.Administrator, Name: "x", AgencyID: ward.ID, AgencyPath: ward.Path}
		own, err := o.ImportDossiers(t.Context(), actor, importedAt, strings.NewReader("code,agency,received_at\na,31333,2026-11-02\nb,92,2026-11-02\n"), onestop.DossierOptions{System: "W"}, nil)
		if err != nil || own.New != 1 || len(own.Failed) != 1 || own.Failed[0].Line != 3 {
			t.Errorf("%+v (%v)", own, err)
		}
	})
}

func TestWhatIsWrongWithALineCanBeSaidInAnotherLanguage(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		done := importDossiers(t, town(t, s), "code,agency,received_at,channel\nx,nowhere,2026-11-02,\ny,92,gestern,FAX\n", onestop.DossierOptions{})
		if len(done.Failed) != 2 {
			t.Fatalf("%+v", done.Failed)
		}
		formats := func(said fault.Text) string { return said.Format }
		if f := done.Failed[0]; f.Field != "agency" || f.Detail != `no agency has the code, identifier or name "nowhere"` || f.In(formats) != "no agency has the code, identifier or name %q" {
			t.Errorf("%+v", f)
		}
		if f := done.Failed[1]; len(f.Parts) != 2 || !strings.Contains(f.In(formats), "received_at: %q is no time like") || !strings.HasPrefix(f.Detail, "received_at: ") && !strings.Contains(f.Detail, "; received_at: ") {
			t.Errorf("%+v: %s", f, f.In(formats))
		}
	})
}
