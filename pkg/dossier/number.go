package dossier

import (
	"regexp"
	"strings"
)

// IDKind is which register a number names somebody in. Only its form tells: none of them has a check digit that holds for all.
type IDKind string

// The kinds (LoaiDinhDanh).
const (
	CitizenNumber IDKind = "CITIZEN_NUMBER" // số định danh cá nhân, 12 digits (Luật Căn cước 2023 art. 12)
	OldCard       IDKind = "OLD_CARD"       // CMND, 9 digits
	TaxCode       IDKind = "TAX_CODE"       // mã số thuế, 10 digits, or 10-3 for a dependent unit
	Passport      IDKind = "PASSPORT"
)

var idForms = []struct {
	kind IDKind
	form *regexp.Regexp
}{
	{CitizenNumber, regexp.MustCompile(`^\d{12}$`)},
	{OldCard, regexp.MustCompile(`^\d{9}$`)},
	{TaxCode, regexp.MustCompile(`^\d{10}(-\d{3})?$`)},
	{Passport, regexp.MustCompile(`^[A-Z]{1,2}\d{6,8}$`)},
}

// idKinds says which numbers each kind of person has. A household goes by its head's number or by that of its business.
var idKinds = map[PersonKind][]IDKind{
	Citizen:      {CitizenNumber, OldCard, Passport},
	Household:    {CitizenNumber, OldCard, Passport, TaxCode},
	Enterprise:   {TaxCode},
	StateBody:    {TaxCode},
	Organisation: {TaxCode},
}

// IDKindOf is the kind of a tidy number, "" for one of no known form.
func IDKindOf(number string) IDKind {
	for _, f := range idForms {
		if f.form.MatchString(number) {
			return f.kind
		}
	}
	return ""
}

// NationalCode is the number of the kind in the national synchronisation, "" where that has none.
func (k IDKind) NationalCode() string {
	return map[IDKind]string{CitizenNumber: "1", OldCard: "2", TaxCode: "3"}[k]
}

// TidyIDNumber leaves out the spaces and dots that people write for legibility.
func TidyIDNumber(number string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", ".", "", "\u00a0", "").Replace(number))
}

// BornBy reads year of birth and sex off a citizen number; ok is false for any other.
func BornBy(number string) (year int, sex Sex, ok bool) {
	if number = TidyIDNumber(number); IDKindOf(number) != CitizenNumber {
		return 0, "", false
	}
	year, sex = bornBy(number)
	return year, sex, true
}

// bornBy reads year of birth and sex off a citizen number: its fourth digit is 0 for men born 19xx, 1 for women, 2 and 3 for 20xx and so
// on (NĐ 137/2015 art. 13). The three digits before it are a province of old or a country, and any may come.
func bornBy(number string) (year int, sex Sex) {
	digit := int(number[3] - '0')
	year = 1900 + digit/2*100 + int(number[4]-'0')*10 + int(number[5]-'0')
	if digit%2 == 0 {
		return year, Male
	}
	return year, Female
}

var (
	separators   = strings.NewReplacer(" ", "", ".", "", "-", "", "(", "", ")", "", "\u00a0", "")
	national     = `([35789]\d{8}|2\d{9})` // mobile, fixed; without the leading 0
	homePhone    = regexp.MustCompile(`^(?:0|\+?840?)(` + national + `)$`)
	keptPhone    = regexp.MustCompile(`^\+84` + national + `$`)
	foreignPhone = regexp.MustCompile(`^\+[1-9]\d{7,14}$`)
	shortPhone   = regexp.MustCompile(`^(1[89]00\d{4,6}|1022)$`) // they have no international form
)

// TidyPhone is the number as it is kept: E.164, a short number as it is. What is no telephone number stays as it was.
func TidyPhone(phone string) string {
	s := separators.Replace(phone)
	if strings.HasPrefix(s, "00") {
		s = "+" + s[2:]
	}
	switch m := homePhone.FindStringSubmatch(s); {
	case m != nil:
		return "+84" + m[1]
	case phoneValid(s):
		return s
	}
	return phone
}

// LocalPhone is a kept number as people here dial and read it.
func LocalPhone(phone string) string {
	if keptPhone.MatchString(phone) {
		return "0" + phone[len("+84"):]
	}
	return phone
}

func phoneValid(tidy string) bool {
	if strings.HasPrefix(tidy, "+84") {
		return keptPhone.MatchString(tidy)
	}
	return foreignPhone.MatchString(tidy) || shortPhone.MatchString(tidy)
}
