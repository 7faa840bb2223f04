package dossier

import (
	"net/mail"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
)

// PersonKind is what an applicant is.
type PersonKind string

// The kinds (loại đối tượng).
const (
	Citizen      PersonKind = "CITIZEN"
	Enterprise   PersonKind = "ENTERPRISE"
	StateBody    PersonKind = "STATE_BODY"
	Organisation PersonKind = "ORGANISATION"
)

// PersonKinds lists every kind.
var PersonKinds = []PersonKind{Citizen, Enterprise, StateBody, Organisation}

// Person is an applicant (chủ hồ sơ) or submitter (người nộp). All of it is personal data: it goes into no log and no error.
type Person struct {
	Kind     PersonKind `json:"kind"`
	Name     string     `json:"name"`
	IDNumber string     `json:"id_number,omitempty"` // số định danh, CMND or tax code
	Phone    string     `json:"phone,omitempty"`
	Email    string     `json:"email,omitempty"`
	Address  string     `json:"address,omitempty"`
}

var (
	// 12 digits (Luật Căn cước), 9 of the old card, 10 or 10-3 of a tax code, or a passport.
	idNumber = regexp.MustCompile(`^(\d{12}|\d{9}|\d{10}(-\d{3})?|[A-Z]{1,2}\d{6,8})$`)
	// Vietnamese mobile, fixed and short numbers, or an international one.
	phone = regexp.MustCompile(`^(0[35789]\d{8}|02\d{9}|1[89]\d{2,8}|\+\d{8,15})$`)
)

func (p Person) check(at string, wrong *fault.Fields) {
	if strings.TrimSpace(p.Name) == "" {
		wrong.Add(at+".name", "required", "is missing")
	}
	if len(p.Name) > 500 {
		wrong.Add(at+".name", "too-long", "is longer than 500 bytes")
	}
	known := false
	for _, k := range PersonKinds {
		known = known || k == p.Kind
	}
	if !known {
		wrong.Add(at+".kind", "unknown", "is none of %v", PersonKinds)
	}
	if p.IDNumber != "" && !idNumber.MatchString(p.IDNumber) {
		wrong.Add(at+".id_number", "pattern", "is no identity number (12 or 9 digits), tax code (10 digits, or 10-3) or passport")
	}
	if p.Phone != "" && !phone.MatchString(strings.NewReplacer(" ", "", ".", "").Replace(p.Phone)) {
		wrong.Add(at+".phone", "pattern", "is no telephone number like 0912345678, 02923123456 or +84912345678")
	}
	if p.Email != "" {
		if _, err := mail.ParseAddress(p.Email); err != nil {
			wrong.Add(at+".email", "pattern", "is no e-mail address")
		}
	}
}

// Check names every wrong field of what came in; the error is an Invalid fault "dossier-invalid".
func (in *Intake) Check() error { return in.check(WasReceived) }

func (in *Intake) check(kind Kind) error {
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
		in.Applicant.check("applicant", &wrong)
		if in.Submitter != nil {
			in.Submitter.check("submitter", &wrong)
		}
	}
	return wrong.Err("dossier-invalid", "the dossier cannot be received")
}
