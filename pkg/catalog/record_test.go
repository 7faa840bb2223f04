package catalog_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/worktime"
)

func read(t *testing.T, line string) catalog.Procedure {
	t.Helper()
	p, err := catalog.ReadRecord([]byte(line))
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return p
}

func reasons(p catalog.Procedure) []string {
	var all []string
	for _, r := range p.Reviews {
		all = append(all, r.Code)
	}
	return all
}

func term(t *testing.T, value string, unit worktime.Unit) *worktime.Term {
	t.Helper()
	a, err := worktime.ParseAmount(value)
	if err != nil {
		t.Fatal(err)
	}
	return &worktime.Term{Value: a, Unit: unit}
}

func TestARecordOfTheNationalPortalIsRead(t *testing.T) {
	t.Parallel()
	got := read(t, `{"code":"1.003784","name":" Thủ tục\u00a0thông báo\nnhập khẩu ","field":"Văn hóa","field_code":["G16-VH19"],
		"levels":["province","commune"],"status":"UPDATED","non_territorial":true,"online":"toan_trinh","agency":["Sở\u00a0Văn hóa"],
		"authority":null,"publisher":"Bộ Văn hóa","publisher_code":"G16","decision_number":"999/QĐ-BVHTTDL","decision_date":"2026-05-04",
		"deadlines":[{"channel":"ONLINE","value":7.5,"unit":"WORKING_DAY","text":"7,5 ngày làm việc","note":"a\r\nb"},
			{"channel":"DIRECT","value":null,"unit":"OTHER","text":"-","note":""},{"channel":"POSTAL","value":1,"unit":"OTHER","text":"1"}],
		"cases":[{"code":"1.003784.01","name":"một","value":"7,5","unit":"WORKING_DAY"}],
		"channels":["DIRECT","ONLINE","POSTAL"],"components":["(1) Đơn",""],
		"fees":[{"channel":"ONLINE","kind":"FEE","value_vnd":8000,"note":""},{"channel":"DIRECT","kind":"SERVICE_FEE","value_vnd":null}],
		"legal_basis":["32/2012/NĐ-CP"],"results":["Giấy"],"subjects":["Công dân"],"origin":"portal","new_field":{"x":[1]}}`)
	vnd := int64(8000)
	want := catalog.Procedure{
		Code: "1.003784", Name: "Thủ tục thông báo nhập khẩu", Field: "Văn hóa", FieldCode: "G16-VH19",
		Levels: []catalog.Level{catalog.Province, catalog.Commune}, HomeLevel: catalog.Province, Agencies: []string{"Sở Văn hóa"},
		Publisher: "Bộ Văn hóa", PublisherCode: "G16", DecisionNumber: "999/QĐ-BVHTTDL", DecisionDate: "2026-05-04",
		Status: catalog.InForce, OnlineLevel: catalog.OnlineFull, NonBoundary: true,
		Channels: []catalog.Channel{catalog.InPerson, catalog.Online, catalog.Post},
		Terms: []catalog.Term{
			{Channel: catalog.Online, Statutory: term(t, "7.5", worktime.WorkingDay), Text: "7,5 ngày làm việc", Note: "a\nb"},
			{Channel: catalog.InPerson, Text: "-"},
			{Channel: catalog.Post, Text: "1"},
		},
		Variants:   []catalog.Variant{{Code: "1.003784.01", Name: "một", Terms: []catalog.Term{{Statutory: term(t, "7.5", worktime.WorkingDay)}}}},
		Components: []catalog.Component{{Name: "(1) Đơn"}},
		Fees:       []catalog.Fee{{Channel: catalog.Online, Kind: "CHARGE", VND: &vnd}, {Channel: catalog.InPerson, Kind: "LEVY"}},
		LegalBasis: []string{"32/2012/NĐ-CP"}, Results: []string{"Giấy"}, Subjects: []string{"Công dân"}, Source: "portal",
	}
	if got.RecordHash == "" {
		t.Error("no fingerprint")
	}
	got.RecordHash = ""
	if d := cmp.Diff(want, got, cmp.Comparer(func(a, b worktime.Amount) bool { return a == b })); d != "" {
		t.Error(d)
	}
}

func TestARecordOfAPrintedListIsRead(t *testing.T) {
	t.Parallel()
	got := read(t, `{"code":"2.000205.000.00.00.H17","name":"Cấp giấy phép","field":"Việc làm","field_code":[],"levels":["district"],
		"levels_inferred":true,"agency":["UBND quận"],"online":"mot_phan","decision_date":"04/07/2023","decision_number":null,
		"deadlines":[{"channel":null,"value":5,"unit":"DAY","text":"05 ngày"}],"channels":[],"fees":[],"fee_text":"600.000 đồng",
		"results":[""],"status":"• Còn hiệu lực Cách thức nộp: …","source":"x@1"}`)
	if got.DecisionDate != "2023-07-04" || got.Status != catalog.InForce || got.HomeLevel != catalog.District || got.Results != nil || got.FeeText != "600.000 đồng" || got.Source != "x@1" {
		t.Errorf("%+v", got)
	}
	if want := (catalog.Term{Statutory: term(t, "5", worktime.CalendarDay), Text: "05 ngày"}); len(got.Terms) != 1 || *got.Terms[0].Statutory != *want.Statutory || got.Terms[0].Channel != "" {
		t.Errorf("%+v", got.Terms)
	}
	if got.NeedsReview() {
		t.Errorf("nothing is wrong with it, yet %v", got.Reviews)
	}
}

// sound is a record without anything to review; the tests below spoil one field each.
const sound = `"code":"1.000001","name":"n","field":"f","levels":["commune"],"deadlines":[{"channel":null,"value":3,"unit":"WORKING_DAY"}]`

func TestWhatAPersonMustLookAtIsFlagged(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		record string
		want   []string
	}{
		"a sound record":                  {`{` + sound + `}`, nil},
		"a later field wins":              {`{` + sound + `,"code":" 1.014325"}`, []string{catalog.ReviewCodeMalformed}},
		"a digit too many":                {`{` + sound + `,"code":"1.0133611"}`, []string{catalog.ReviewCodeMalformed}},
		"a word behind the code":          {`{` + sound + `,"code":"1.014955-Xoa"}`, []string{catalog.ReviewCodeMalformed}},
		"another system's code":           {`{` + sound + `,"code":"DNG-288122_1"}`, []string{catalog.ReviewCodeMalformed}},
		"no code":                         {`{` + sound + `,"code":null}`, []string{catalog.ReviewCodeMissing}},
		"a blank code":                    {`{` + sound + `,"code":" \u00a0"}`, []string{catalog.ReviewCodeMissing}},
		"no deadline":                     {`{` + sound + `,"deadlines":null}`, []string{catalog.ReviewDeadlineMissing}},
		"a number without a unit":         {`{` + sound + `,"deadlines":[{"value":20,"unit":"OTHER"}]}`, []string{catalog.ReviewDeadlineMissing}},
		"nought days":                     {`{` + sound + `,"deadlines":[{"value":0,"unit":"DAY"}]}`, []string{catalog.ReviewDeadlineMissing}},
		"a number only in the text":       {`{` + sound + `,"deadlines":[{"value":null,"unit":"WORKING_DAY","text":"03 ngày làm việc"}]}`, []string{catalog.ReviewDeadlineMissing}},
		"the case gives the number":       {`{` + sound + `,"deadlines":[],"cases":[{"code":"a","value":2,"unit":"HOUR"}]}`, nil},
		"the lists agree":                 {`{` + sound + `,"cases":[{"code":"a","value":"03","unit":"WORKING_DAY"}]}`, nil},
		"the lists differ in number":      {`{` + sound + `,"cases":[{"code":"a","value":4,"unit":"WORKING_DAY"}]}`, []string{catalog.ReviewDeadlineConflict}},
		"the lists differ in unit":        {`{` + sound + `,"cases":[{"code":"a","value":3,"unit":"DAY"}]}`, []string{catalog.ReviewDeadlineConflict}},
		"cases that differ explain it":    {`{` + sound + `,"cases":[{"code":"a","value":3,"unit":"DAY"},{"code":"b","value":5,"unit":"DAY"}]}`, nil},
		"less than nothing":               {`{` + sound + `,"deadlines":[{"value":-3,"unit":"DAY"}]}`, []string{catalog.ReviewDeadlineUncountable}},
		"a word for a number":             {`{` + sound + `,"deadlines":[{"value":"ba","unit":"DAY"},{"value":3,"unit":"DAY"}]}`, []string{catalog.ReviewDeadlineUncountable}},
		"part of a calendar day":          {`{` + sound + `,"deadlines":[{"channel":"ONLINE","value":2.5,"unit":"DAY"},{"channel":"DIRECT","value":2.5,"unit":"DAY"}]}`, []string{catalog.ReviewDeadlineUncountable}},
		"no level":                        {`{` + sound + `,"levels":[]}`, []string{catalog.ReviewLevelMissing}},
		"an unknown level":                {`{` + sound + `,"levels":["region"]}`, []string{catalog.ReviewValueUnknown}},
		"an unknown channel":              {`{` + sound + `,"channels":["FAX"]}`, []string{catalog.ReviewValueUnknown}},
		"an unknown channel of a term":    {`{` + sound + `,"deadlines":[{"channel":"FAX","value":3,"unit":"DAY"}]}`, []string{catalog.ReviewValueUnknown}},
		"an unknown online level":         {`{` + sound + `,"online":"half"}`, []string{catalog.ReviewValueUnknown}},
		"an unknown status":               {`{` + sound + `,"status":"DRAFT"}`, []string{catalog.ReviewValueUnknown}},
		"an unknown unit":                 {`{` + sound + `,"deadlines":[{"value":3,"unit":"FORTNIGHT"}]}`, []string{catalog.ReviewValueUnknown, catalog.ReviewDeadlineMissing}},
		"an unknown kind of fee":          {`{` + sound + `,"fees":[{"kind":"GIFT","value_vnd":1}]}`, []string{catalog.ReviewValueUnknown}},
		"an amount with points":           {`{` + sound + `,"fees":[{"kind":"FEE","value_vnd":"500.000"}]}`, []string{catalog.ReviewValueUnknown}},
		"a decision date that is none":    {`{` + sound + `,"decision_date":"31/02/2023"}`, []string{catalog.ReviewValueUnknown}},
		"a year and a month can be meant": {`{` + sound + `,"deadlines":[{"value":1,"unit":"YEAR"},{"value":2,"unit":"MONTH"}]}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(c.want, reasons(read(t, c.record))); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestACodeStaysAsItWasPublished(t *testing.T) {
	t.Parallel()
	for _, code := range []string{" 1.014325", "1.014955-Xoa", "1.003650.000.00.00.H17,"} {
		if got := read(t, `{`+sound+`,"code":"`+code+`"}`).Code; got != code {
			t.Errorf("%q became %q", code, got)
		}
	}
	a, b := read(t, `{`+sound+`,"code":""}`), read(t, `{"code":"",`+sound[len(`"code":"1.000001",`):]+`,"status":"ACTIVE"}`)
	if a.Code != b.Code || !strings.HasPrefix(a.Code, "X-") || len(a.Code) != 10 {
		t.Errorf("substitutes %q and %q", a.Code, b.Code)
	}
	if d := a.Duplicate(2); d.Code != a.Code+"~2" || !cmp.Equal(reasons(d), []string{catalog.ReviewCodeMissing, catalog.ReviewCodeDuplicate}) || len(a.Reviews) != 1 {
		t.Errorf("duplicate %q %v", d.Code, d.Reviews)
	}
}

func TestCasesOfOneCodeAreToldApart(t *testing.T) {
	t.Parallel()
	p := read(t, `{`+sound+`,"cases":[{"code":"a","name":"x","value":7,"unit":"WORKING_DAY"},{"code":"a","name":"x","value":7,"unit":"DAY"},
		{"code":"a","name":"x","value":7,"unit":"WORKING_DAY"},{"code":"a","name":"x","value":7,"unit":"DAY"},{"code":null,"name":"y"}]}`)
	var codes []string
	for _, v := range p.Variants {
		codes = append(codes, v.Code)
	}
	if d := cmp.Diff([]string{"a", "a~2", "~3"}, codes); d != "" {
		t.Error(d)
	}
}

func TestTheFingerprintFollowsTheContentAndNothingElse(t *testing.T) {
	t.Parallel()
	a, b := read(t, `{`+sound+`,"snapshot":"2026-07-18"}`), read(t, `{`+sound+`,"snapshot":"2026-08-01","source_path":"elsewhere"}`)
	if a.RecordHash != b.RecordHash {
		t.Error("a new crawl of the same record counts as a change")
	}
	if c := read(t, `{`+sound+`,"fee_text":"1"}`); c.RecordHash == a.RecordHash {
		t.Error("a changed record counts as the same")
	}
}

func TestARecordThatCannotBeReadNamesItsFields(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		record string
		fields []string
	}{
		"no JSON":               {`{"name":`, []string{""}},
		"two records on a line": {`{"name":"a"}{"name":"b"}`, []string{""}},
		"a list":                {`[{"name":"a"}]`, []string{""}},
		"null":                  {`null`, []string{""}},
		"not UTF-8":             {"{\"name\":\"\xff\"}", []string{""}},
		"no name":               {`{"code":"1.000001"}`, []string{"name"}},
		"a blank name":          {`{"name":"\u00a0\n"}`, []string{"name"}},
		"wrong types":           {`{"name":["a"],"levels":{},"deadlines":"3","cases":[7],"fees":[{"value_vnd":{}}],"non_territorial":"maybe","no_result":2,"payment_stops":["true"]}`, []string{"name", "non_territorial", "no_result", "payment_stops", "levels[0]", "deadlines", "cases[0]", "fees[0].value_vnd"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := catalog.ReadRecord([]byte(c.record))
			f := fault.As(err)
			if f == nil || f.Kind != fault.Invalid || f.Code != "record-invalid" {
				t.Fatalf("got %v", err)
			}
			var fields []string
			for _, x := range f.Fields {
				fields = append(fields, x.Name)
			}
			if d := cmp.Diff(c.fields, fields); d != "" {
				t.Error(d)
			}
		})
	}
}

func FuzzARecordIsReadOrRefusedButNeverBreaksTheReader(f *testing.F) {
	f.Add([]byte(`{` + sound + `,"cases":[{"code":"a","value":"7,5","unit":"HOUR"}],"fees":[{"kind":"FEE","value_vnd":"1e3"}],"channels":"DIRECT"}`))
	f.Add([]byte(`{"name":"a","deadlines":[{"value":00.5,"unit":"DAY"},null],"levels":[null,1]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := catalog.ReadRecord(data)
		if err != nil {
			if fault.As(err) == nil {
				t.Errorf("an error without a field: %v", err)
			}
			return
		}
		again, err := catalog.ReadRecord(data)
		if err != nil || p.RecordHash != again.RecordHash || p.Name == "" || p.Code == "" || p.HomeLevel == "" || p.Status == "" || p.OnlineLevel == "" {
			t.Errorf("%+v (%v)", p, err)
		}
		for _, v := range p.Variants {
			if v.Code == "" {
				t.Errorf("a case without a code: %+v", p.Variants)
			}
		}
	})
}

func TestACaseMayTakeLongerOnPaperThanOnline(t *testing.T) {
	t.Parallel()
	p := catalog.Procedure{Code: "1.000001", Variants: []catalog.Variant{
		{Code: "a", Terms: []catalog.Term{{Statutory: term(t, "5", worktime.WorkingDay)}, {Channel: catalog.Online, Statutory: term(t, "4", worktime.WorkingDay), Shortened: term(t, "3", worktime.WorkingDay)}}},
		{Code: "b", Terms: []catalog.Term{{Statutory: term(t, "5", worktime.WorkingDay)}, {Statutory: term(t, "6", worktime.WorkingDay)}}},
		{Code: "c"},
	}}
	for _, c := range []struct {
		channel       catalog.Channel
		variant, want string
	}{
		{catalog.InPerson, "a", "5"},
		{catalog.Post, "a", "5"},
		{catalog.Online, "a", "3"}, // the shortened one is what is promised
		{catalog.Online, "b", "deadline-ambiguous"},
		{catalog.Online, "c", "deadline-missing"},
		{catalog.Online, "d", "variant-unknown"},
		{catalog.Online, "", "variant-required"},
	} {
		got, err := p.TermFor(c.channel, c.variant)
		said := got.Value.String()
		if f := fault.As(err); f != nil {
			said = f.Code
		}
		if said != c.want {
			t.Errorf("%s in case %q: %s, not %s", c.channel, c.variant, said, c.want)
		}
	}
}
