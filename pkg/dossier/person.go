package dossier

import (
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
)

// PersonKind is what an applicant is.
type PersonKind string

// The kinds (loại đối tượng).
const (
	Citizen      PersonKind = "CITIZEN"
	Household    PersonKind = "HOUSEHOLD" // hộ gia đình, hộ kinh doanh
	Enterprise   PersonKind = "ENTERPRISE"
	StateBody    PersonKind = "STATE_BODY"
	Organisation PersonKind = "ORGANISATION"
)

// PersonKinds lists every kind.
var PersonKinds = []PersonKind{Citizen, Household, Enterprise, StateBody, Organisation}

// NationalCode is the number of the kind in the national synchronisation (LoaiDoiTuong), "" for no kind. That table has none for a
// household: it is no legal person, its members are the party (BLDS 2015 art. 101), so it counts as citizens.
func (k PersonKind) NationalCode() string {
	switch k {
	case Citizen, Household:
		return "1"
	case Enterprise:
		return "2"
	case StateBody:
		return "3"
	case Organisation:
		return "4"
	}
	return ""
}

// Sex as an identity number tells it (giới tính).
type Sex string

// The sexes.
const (
	Male   Sex = "MALE"
	Female Sex = "FEMALE"
)

// Person is an applicant (chủ hồ sơ) or submitter (người nộp). All of it is personal data: it goes into no log and no error.
type Person struct {
	Kind      PersonKind   `json:"kind"`
	Name      string       `json:"name"`
	IDNumber  string       `json:"id_number,omitempty"` // số định danh, CMND, passport or tax code
	BirthDate catalog.Date `json:"birth_date,omitempty"`
	Sex       Sex          `json:"sex,omitempty"`
	Phone     string       `json:"phone,omitempty"` // E.164 where we took it in, else as another system had it
	Email     string       `json:"email,omitempty"`
	Address   string       `json:"address,omitempty"`
}

// tidy is the person as the journal keeps one: numbers without spaces, telephones as E.164.
func (p Person) tidy() Person {
	p.IDNumber, p.Phone = TidyIDNumber(p.IDNumber), TidyPhone(p.Phone)
	return p
}

// check looks at a person who is taken in at the instant. What it says never repeats what was given.
func (p Person) check(at string, on time.Time, wrong *fault.Fields) {
	p = p.tidy()
	if strings.TrimSpace(p.Name) == "" {
		wrong.Add(at+".name", "required", "is missing")
	}
	if len(p.Name) > 500 {
		wrong.Add(at+".name", "too-long", "is longer than 500 bytes")
	}
	onOneLine(at+".name", p.Name, wrong)
	onOneLine(at+".address", p.Address, wrong)
	if !slices.Contains(PersonKinds, p.Kind) {
		wrong.Add(at+".kind", "unknown", "is none of %v", PersonKinds)
	}
	p.checkNumber(at+".id_number", on, wrong)
	if p.BirthDate != "" {
		born, err := time.Parse(time.DateOnly, string(p.BirthDate))
		switch {
		case err != nil:
			wrong.Add(at+".birth_date", "date", "is no date like 1990-12-31")
		case born.After(on.AddDate(0, 0, 1)):
			wrong.Add(at+".birth_date", "future", "lies in the future")
		case born.Year() < 1900: // the oldest identity numbers are of that year
			wrong.Add(at+".birth_date", "implausible", "lies before 1900")
		}
	}
	if natural := []PersonKind{Citizen, Household}; !slices.Contains(natural, p.Kind) {
		if p.BirthDate != "" {
			wrong.Add(at+".birth_date", "kind-mismatch", "belongs to %v", natural)
		}
		if p.Sex != "" {
			wrong.Add(at+".sex", "kind-mismatch", "belongs to %v", natural)
		}
	}
	if p.Sex != "" && p.Sex != Male && p.Sex != Female {
		wrong.Add(at+".sex", "unknown", "is neither %s nor %s", Male, Female)
	}
	if p.Phone != "" && !phoneValid(p.Phone) {
		wrong.Add(at+".phone", "pattern", "is no telephone number like 0912345678, 02923123456, +84912345678, 19001234 or 1022")
	}
	if p.Email != "" {
		if a, err := mail.ParseAddress(p.Email); err != nil || a.Address != p.Email { // the address alone, without a name
			wrong.Add(at+".email", "pattern", "is no e-mail address")
		}
	}
}

// onOneLine refuses what would forge lines of a paper, or turn its letters round, where it is printed.
func onOneLine(field, text string, wrong *fault.Fields) {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) }) {
		wrong.Add(field, "text-invalid", "holds a line break or an invisible character")
	}
}

// checkNumber holds the number against the kind of person, and against date of birth and sex where those are given.
func (p Person) checkNumber(field string, on time.Time, wrong *fault.Fields) {
	if p.IDNumber == "" {
		return
	}
	kind := IDKindOf(p.IDNumber)
	if kind == "" {
		wrong.Add(field, "pattern", "is no identity number (12 or 9 digits), tax code (10 digits, or 10-3) or passport")
		return
	}
	if fit := idKinds[p.Kind]; fit != nil && !slices.Contains(fit, kind) {
		wrong.Add(field, "kind-mismatch", "does not fit: %s has one of %v, this has the form of a %s", p.Kind, fit, kind)
	}
	if kind != CitizenNumber {
		return
	}
	year, sex := bornBy(p.IDNumber)
	if year > on.AddDate(0, 0, 1).Year() {
		wrong.Add(field, "implausible", "has digits of century and year that lie in the future")
	}
	if born, err := time.Parse(time.DateOnly, string(p.BirthDate)); err == nil && born.Year() != year {
		wrong.Add(field, "birth-mismatch", "has digits of century and year that do not fit the date of birth")
	}
	if (p.Sex == Male || p.Sex == Female) && p.Sex != sex {
		wrong.Add(field, "sex-mismatch", "has a digit of century and sex that does not fit the sex")
	}
}

// AuthorityKind says what lets somebody hand in another's dossier.
type AuthorityKind string

// The kinds.
const (
	Authorisation       AuthorityKind = "AUTHORISATION"        // giấy ủy quyền
	LegalRepresentative AuthorityKind = "LEGAL_REPRESENTATIVE" // đại diện theo pháp luật
	Family              AuthorityKind = "FAMILY"               // người thân trong gia đình
)

// AuthorityKinds lists every kind.
var AuthorityKinds = []AuthorityKind{Authorisation, LegalRepresentative, Family}

// Authority is what a submitter stands on who is not the applicant (căn cứ ủy quyền, đại diện).
type Authority struct {
	Kind   AuthorityKind `json:"kind"`
	Number string        `json:"number,omitempty"` // of the paper
	Date   catalog.Date  `json:"date,omitempty"`   // of the paper
}

// checkSubmitter demands the authority of whoever hands in for somebody else.
func (in *Intake) checkSubmitter(at time.Time, wrong *fault.Fields) {
	a := in.Authority
	if in.Submitter == nil {
		if a != nil {
			wrong.Add("submitter", "required", "is missing: say whose authority it is")
		}
		return
	}
	in.Submitter.check("submitter", at, wrong)
	if in.Submitter.numbered(in.Applicant) && catalog.Fold(in.Submitter.Name) != catalog.Fold(in.Applicant.Name) {
		wrong.Add("submitter.name", "name-mismatch", "differs from the applicant's, whose number it is")
	}
	if a == nil {
		if !in.Submitter.is(in.Applicant) {
			wrong.Add("authority", "required", "is missing: say on what basis the submitter acts for the applicant")
		}
		return
	}
	switch {
	case !slices.Contains(AuthorityKinds, a.Kind):
		wrong.Add("authority.kind", "unknown", "is none of %v", AuthorityKinds)
	case a.Kind == Family && in.Applicant.Kind != Citizen && in.Applicant.Kind != Household:
		wrong.Add("authority.kind", "kind-mismatch", "%s has no family; use %s or %s", in.Applicant.Kind, Authorisation, LegalRepresentative)
	case a.Kind == Authorisation && a.Date == "":
		wrong.Add("authority.date", "required", "is missing: say of which day the paper is")
	}
	onOneLine("authority.number", a.Number, wrong)
	if len(a.Number) > 100 {
		wrong.Add("authority.number", "too-long", "is longer than 100 bytes")
	}
	if a.Date != "" {
		switch day, err := time.Parse(time.DateOnly, string(a.Date)); {
		case err != nil:
			wrong.Add("authority.date", "date", "is no date like 2026-11-02")
		case day.After(at.AddDate(0, 0, 1)):
			wrong.Add("authority.date", "future", "lies in the future")
		}
	}
}

// is says whether the two are one, as far as what is known of them tells.
func (p Person) is(other Person) bool {
	if p.IDNumber != "" && other.IDNumber != "" {
		return p.numbered(other)
	}
	return p.Kind == other.Kind && catalog.Fold(p.Name) == catalog.Fold(other.Name) && TidyPhone(p.Phone) == TidyPhone(other.Phone)
}

// numbered says whether both have one number.
func (p Person) numbered(other Person) bool {
	return p.IDNumber != "" && TidyIDNumber(p.IDNumber) == TidyIDNumber(other.IDNumber)
}

// Check names every wrong field of what came in at the instant; the error is an Invalid fault "dossier-invalid".
func (in *Intake) Check(at time.Time) error { return in.check(WasReceived, at) }

func (in *Intake) check(kind Kind, at time.Time) error {
	var wrong fault.Fields
	if in == nil {
		wrong.Add("intake", "required", "is missing")
		return wrong.Err("dossier-invalid", "the dossier cannot be received")
	}
	if in.ID == uuid.Nil {
		wrong.Add("id", "required", "is missing")
	}
	channel := false
	for _, c := range catalog.Channels {
		channel = channel || string(c) == in.Channel
	}
	if !channel {
		wrong.Add("channel", "unknown", "%q is none of %v", in.Channel, catalog.Channels)
	}
	if kind != WasImported { // what another system knows of persons is not ours to demand
		in.Applicant.check("applicant", at, &wrong)
		in.checkSubmitter(at, &wrong)
		in.checkReused(&wrong)
	}
	return wrong.Err("dossier-invalid", "the dossier cannot be received")
}

// tidy is the intake with its persons as the journal keeps them. Another system's are kept as they came.
func (in Intake) tidy() *Intake {
	in.Applicant = in.Applicant.tidy()
	if in.Submitter != nil {
		in.Submitter = ptr(in.Submitter.tidy())
	}
	return &in
}

// PersonWith is the applicant or submitter who has the number, nil if neither does.
func (d Dossier) PersonWith(number string) *Person {
	number = TidyIDNumber(number)
	for _, p := range []*Person{&d.Applicant, d.Submitter} {
		if p != nil && number != "" && TidyIDNumber(p.IDNumber) == number {
			return p
		}
	}
	return nil
}

// IsOf says whether the applicant has the number.
func (d Dossier) IsOf(number string) bool {
	number = TidyIDNumber(number)
	return number != "" && TidyIDNumber(d.Applicant.IDNumber) == number
}

// Completed is the person with what is missing taken from what was known before.
func (p Person) Completed(before Person) Person {
	for _, x := range []struct{ now, then *string }{
		{&p.Name, &before.Name},
		{&p.Phone, &before.Phone},
		{&p.Email, &before.Email},
		{&p.Address, &before.Address},
		{(*string)(&p.BirthDate), (*string)(&before.BirthDate)},
		{(*string)(&p.Sex), (*string)(&before.Sex)},
	} {
		if *x.now == "" {
			*x.now = *x.then
		}
	}
	return p
}
