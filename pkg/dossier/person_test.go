package dossier_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
)

func wrongWith(in dossier.Intake) []string {
	in.ID, in.Channel = uuid.Must(uuid.NewV7()), "IN_PERSON"
	err := in.Check(time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC))
	f := fault.As(err)
	if f == nil {
		return nil
	}
	var all []string
	for _, x := range f.Fields {
		all = append(all, x.Name+" "+x.Code)
	}
	return all
}

func TestANumberFitsThePersonWhoHasIt(t *testing.T) {
	t.Parallel()
	const id, fits = "applicant.id_number ", ""
	for _, x := range []struct {
		kind                dossier.PersonKind
		number, birth, sex  string
		wrong               string
		furtherWrong, which string
	}{
		{kind: "CITIZEN", number: "093190000001", birth: "1990-02-28", sex: "FEMALE", wrong: fits},
		{kind: "CITIZEN", number: "093 190.000 001", birth: "1990-02-28", wrong: fits, which: "written with spaces"},
		{kind: "CITIZEN", number: "093090000001", birth: "1990-02-28", sex: "MALE", wrong: fits},
		{kind: "CITIZEN", number: "093204000001", birth: "2004-02-29", sex: "MALE", wrong: fits},
		{kind: "CITIZEN", number: "999326000001", wrong: fits, which: "of no province, born this year"},
		{kind: "CITIZEN", number: "093190000001", birth: "1991-02-28", wrong: id + "birth-mismatch"},
		{kind: "CITIZEN", number: "093190000001", birth: "2090-02-28", wrong: id + "birth-mismatch", furtherWrong: "applicant.birth_date future"},
		{kind: "CITIZEN", number: "093190000001", sex: "MALE", wrong: id + "sex-mismatch"},
		{kind: "CITIZEN", number: "093190000001", sex: "NAM", wrong: "applicant.sex unknown"},
		{kind: "CITIZEN", number: "093190000001", birth: "1990-02-30", wrong: "applicant.birth_date date"},
		{kind: "CITIZEN", number: "093327000001", wrong: id + "implausible", which: "born next year"},
		{kind: "CITIZEN", number: "123456789012", wrong: id + "implausible"},
		{kind: "CITIZEN", number: "361234567", wrong: fits, which: "the old card"},
		{kind: "CITIZEN", number: "b1234567", wrong: fits, which: "a passport"},
		{kind: "CITIZEN", number: "1800000001", wrong: id + "kind-mismatch"},
		{kind: "CITIZEN", number: "09319000001", wrong: id + "pattern"},
		{kind: "HOUSEHOLD", number: "093190000001", wrong: fits, which: "its head's"},
		{kind: "HOUSEHOLD", number: "1800000001", wrong: fits},
		{kind: "ENTERPRISE", number: "1800000001", wrong: fits},
		{kind: "ENTERPRISE", number: "1800000001-001", wrong: fits, which: "a branch"},
		{kind: "ENTERPRISE", number: "1800000001-01", wrong: id + "pattern"},
		{kind: "ENTERPRISE", number: "093190000001", wrong: id + "kind-mismatch"},
		{kind: "ORGANISATION", number: "361234567", wrong: id + "kind-mismatch"},
		{kind: "STATE_BODY", number: "", wrong: fits},
	} {
		p := dossier.Person{Kind: x.kind, Name: "Người Thử", IDNumber: x.number, Sex: dossier.Sex(x.sex), BirthDate: catalog.Date(x.birth)}
		var want []string
		for _, w := range []string{x.wrong, x.furtherWrong} {
			if w != "" {
				want = append(want, w)
			}
		}
		if diff := cmp.Diff(want, wrongWith(dossier.Intake{Applicant: p})); diff != "" {
			t.Errorf("%+v: %s", x, diff)
		}
	}
}

func TestNothingOfAPersonForgesALineOfAPaper(t *testing.T) {
	t.Parallel()
	citizen := func(change func(p *dossier.Person)) dossier.Intake {
		p := dossier.Person{Kind: dossier.Citizen, Name: "Nguyễn Thị Mẫu"}
		change(&p)
		return dossier.Intake{Applicant: p}
	}
	for name, x := range map[string]struct {
		in   dossier.Intake
		want []string
	}{
		"a name of two lines":       {citizen(func(p *dossier.Person) { p.Name = "Lê Văn A\n5. Thời gian trả: ngày 30" }), []string{"applicant.name text-invalid"}},
		"a name that is seen by no": {citizen(func(p *dossier.Person) { p.Name = "\u200b" }), []string{"applicant.name text-invalid"}},
		"a name turned round":       {citizen(func(p *dossier.Person) { p.Name = "Lê \u202eA" }), []string{"applicant.name text-invalid"}},
		"an address of two lines":   {citizen(func(p *dossier.Person) { p.Address = "Ấp 1\u2028Ấp 2" }), []string{"applicant.address text-invalid"}},
		"a name in letters apart":   {citizen(func(p *dossier.Person) { p.Name = "Nguye\u0302\u0303n" }), nil},
		"a mail address with name":  {citizen(func(p *dossier.Person) { p.Email = "A <a@b.vn>" }), []string{"applicant.email pattern"}},
		"a mail address":            {citizen(func(p *dossier.Person) { p.Email = "a@b.vn" }), nil},
		"born in another age":       {citizen(func(p *dossier.Person) { p.BirthDate = "1899-12-31" }), []string{"applicant.birth_date implausible"}},
		"a company that was born": {
			citizen(func(p *dossier.Person) { p.Kind, p.BirthDate, p.Sex = dossier.Enterprise, "1990-01-01", dossier.Male }),
			[]string{"applicant.birth_date kind-mismatch", "applicant.sex kind-mismatch"},
		},
	} {
		if diff := cmp.Diff(x.want, wrongWith(x.in)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestWhatIsWrongWithSomebodyNeverRepeatsIt(t *testing.T) {
	t.Parallel()
	in := dossier.Intake{ID: uuid.Must(uuid.NewV7()), Channel: "IN_PERSON", Applicant: dossier.Person{
		Kind: dossier.Enterprise, Name: "Bí Mật", IDNumber: "093190000001", Phone: "0777", Email: "bímật", Sex: "kín", BirthDate: "kín",
	}}
	err := in.Check(time.Now())
	if err == nil {
		t.Fatal("nothing is wrong")
	}
	for _, secret := range []string{"Bí Mật", "093190000001", "0777", "bímật", "kín"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("%q stands in %q", secret, err)
		}
	}
}

func TestTelephonesAreKeptAsTheWorldDialsThem(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"0912345678": "+84912345678", "0912 345 678": "+84912345678", "0912.345.678": "+84912345678", "+84 912 345 678": "+84912345678",
		"84912345678": "+84912345678", "0084912345678": "+84912345678", "+84 (0) 912-345-678": "+84912345678", "02923123456": "+842923123456",
		"+4930123456": "+4930123456", "1022": "1022", "1800 1234": "18001234", "1900123456": "1900123456",
	} {
		d := takenIn(t, dossier.Person{Kind: dossier.Citizen, Name: "Người Thử", Phone: given})
		if d.Applicant.Phone != want {
			t.Errorf("%s is kept as %s, not %s", given, d.Applicant.Phone, want)
		}
	}
	for _, given := range []string{"091234567", "0112345678", "+84112345678", "1700123", "12", "không có", "+0912345678"} {
		got := wrongWith(dossier.Intake{Applicant: dossier.Person{Kind: dossier.Citizen, Name: "Người Thử", Phone: given}})
		if diff := cmp.Diff([]string{"applicant.phone pattern"}, got); diff != "" {
			t.Errorf("%s: %s", given, diff)
		}
	}
	if got := dossier.LocalPhone("+84912345678") + dossier.LocalPhone("1022"); got != "09123456781022" {
		t.Error(got)
	}
}

func TestWhoeverHandsInForSomebodyElseSaysOnWhatBasis(t *testing.T) {
	t.Parallel()
	an := dossier.Person{Kind: dossier.Citizen, Name: "Nguyễn Văn An", IDNumber: "093090000001"}
	binh := dossier.Person{Kind: dossier.Citizen, Name: "Trần Thị Bình"}
	company := dossier.Person{Kind: dossier.Enterprise, Name: "Công ty Thử", IDNumber: "1800000001"}
	same := an
	same.IDNumber, same.Phone = "093 090 000 001", "0912345678"
	for name, x := range map[string]struct {
		in   dossier.Intake
		want []string
	}{
		"nobody else":                {dossier.Intake{Applicant: an}, nil},
		"the same person":            {dossier.Intake{Applicant: an, Submitter: &same}, nil},
		"another name, one number":   {dossier.Intake{Applicant: an, Submitter: &dossier.Person{Kind: dossier.Citizen, Name: "Trần Thị Bình", IDNumber: an.IDNumber}}, []string{"submitter.name name-mismatch"}},
		"somebody, on no basis":      {dossier.Intake{Applicant: an, Submitter: &binh}, []string{"authority required"}},
		"family":                     {dossier.Intake{Applicant: an, Submitter: &binh, Authority: &dossier.Authority{Kind: dossier.Family}}, nil},
		"a company's family":         {dossier.Intake{Applicant: company, Submitter: &binh, Authority: &dossier.Authority{Kind: dossier.Family}}, []string{"authority.kind kind-mismatch"}},
		"a company's director":       {dossier.Intake{Applicant: company, Submitter: &binh, Authority: &dossier.Authority{Kind: dossier.LegalRepresentative}}, nil},
		"a paper of no day":          {dossier.Intake{Applicant: an, Submitter: &binh, Authority: &dossier.Authority{Kind: dossier.Authorisation}}, []string{"authority.date required"}},
		"a paper of tomorrow's day":  {dossier.Intake{Applicant: an, Submitter: &binh, Authority: &dossier.Authority{Kind: dossier.Authorisation, Date: "2026-11-04"}}, []string{"authority.date future"}},
		"a paper":                    {dossier.Intake{Applicant: an, Submitter: &binh, Authority: &dossier.Authority{Kind: dossier.Authorisation, Date: "2026-11-02"}}, nil},
		"no such basis":              {dossier.Intake{Applicant: an, Submitter: &binh, Authority: &dossier.Authority{Kind: "FRIEND"}}, []string{"authority.kind unknown"}},
		"a basis for nobody":         {dossier.Intake{Applicant: an, Authority: &dossier.Authority{Kind: dossier.Family}}, []string{"submitter required"}},
		"a submitter without a name": {dossier.Intake{Applicant: an, Submitter: &dossier.Person{Kind: dossier.Citizen}, Authority: &dossier.Authority{Kind: dossier.Family}}, []string{"submitter.name required"}},
	} {
		if diff := cmp.Diff(x.want, wrongWith(x.in)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestKindsHaveTheirNationalNumbers(t *testing.T) {
	t.Parallel()
	got := ""
	for _, k := range dossier.PersonKinds {
		got += fmt.Sprint(k, "=", k.NationalCode(), " ")
	}
	if got += fmt.Sprint("GHOST", "=", dossier.PersonKind("GHOST").NationalCode()); got != "CITIZEN=1 HOUSEHOLD=1 ENTERPRISE=2 STATE_BODY=3 ORGANISATION=4 GHOST=" {
		t.Error(got)
	}
	for number, want := range map[string]string{"093190000001": "1", "361234567": "2", "1800000001": "3", "1800000001-001": "3", "B1234567": "", "7": ""} {
		if got := dossier.IDKindOf(number).NationalCode(); got != want {
			t.Errorf("%s: %q", number, got)
		}
	}
}

func TestAnotherSystemsPersonsAreKeptAsTheyCame(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	in := &dossier.Intake{
		ID: uuid.Must(uuid.NewV7()), Code: "X-1", Channel: "IN_PERSON", Source: &dossier.Source{System: "X", Key: "1"},
		Applicant: dossier.Person{Kind: dossier.Enterprise, IDNumber: "không có", Phone: "0912 345 678"},
	}
	d, _, err := dossier.Open(dossier.WasImported, dossier.Move{At: at, Recorded: at}, dossier.Facts{Intake: in, Foreign: &dossier.Foreign{State: dossier.InProgress, ReceivedAt: at}})
	if err != nil || d.Applicant.IDNumber != "không có" || d.Applicant.Phone != "0912 345 678" {
		t.Errorf("%+v, %v", d.Applicant, err)
	}
}

func takenIn(t *testing.T, p dossier.Person) dossier.Dossier {
	t.Helper()
	at := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	in := &dossier.Intake{ID: uuid.Must(uuid.NewV7()), Code: "X-1", Channel: "IN_PERSON", Applicant: p}
	d, _, err := dossier.Open(dossier.WasReceived, dossier.Move{At: at, Recorded: at}, dossier.Facts{Intake: in})
	if err != nil {
		t.Fatal(err)
	}
	if in.Applicant != p {
		t.Error("what was handed over was changed")
	}
	return d
}
