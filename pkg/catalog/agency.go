// Package catalog says what may be asked for, of whom: agencies, levels, procedures and their versions, and the decisions that published them.
package catalog

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/fault"
)

// Level is the level of government at which something is done (cấp thực hiện).
type Level string

// The levels. Districts ended on 30 June 2025; what happened on them stays.
const (
	Ministry   Level = "MINISTRY"
	Province   Level = "PROVINCE"
	District   Level = "DISTRICT"
	Commune    Level = "COMMUNE"
	Vertical   Level = "VERTICAL" // a central body's own branch in the locality (ngành dọc): tax, customs, police
	OtherLevel Level = "OTHER"
)

// Levels lists every level from the top down; the order also chooses a procedure's home level.
var Levels = []Level{Ministry, Province, District, Commune, Vertical, OtherLevel}

// AgencyKind is what an agency is within its level.
type AgencyKind string

// The kinds. A PROVINCE, DISTRICT or COMMUNE agency is that unit's people's committee.
const (
	ProvinceCommittee AgencyKind = "PROVINCE"
	Department        AgencyKind = "DEPARTMENT" // sở, ban, ngành
	DistrictCommittee AgencyKind = "DISTRICT"
	CommuneCommittee  AgencyKind = "COMMUNE"
	OneStopCentre     AgencyKind = "ONE_STOP_CENTRE" // trung tâm phục vụ hành chính công, bộ phận một cửa
	OtherAgency       AgencyKind = "OTHER"
)

// AgencyKinds lists every kind.
var AgencyKinds = []AgencyKind{ProvinceCommittee, Department, DistrictCommittee, CommuneCommittee, OneStopCentre, OtherAgency}

// Agency (cơ quan, đơn vị) receives or decides dossiers. Its code alone does not name it in time: a code is used again after a
// merger, so code and ValidFrom together do.
type Agency struct {
	ID         uuid.UUID
	Code       string // official unit code (QĐ 19/2025/QĐ-TTg for territorial units) or the office's own
	Name       string
	ShortName  string
	Kind       AgencyKind
	Level      Level
	ParentID   *uuid.UUID
	Path       string // ids from the root down, each with a slash behind it: a prefix names a subtree
	Identifier string // mã định danh (QĐ 20/2020/QĐ-TTg), heads its dossier codes; "" cannot receive dossiers
	Calendar   string // name of its working calendar; "" takes the parent's
	ValidFrom  Date   // first day it exists
	ValidTo    Date   // first day it no longer exists; "" while it lasts
}

// Succession says that work and rights of one agency passed to another (sáp nhập, chia tách).
type Succession struct {
	PredecessorID uuid.UUID
	SuccessorID   uuid.UUID
	On            Date
}

// ValidOn says whether the agency exists on the date.
func (a Agency) ValidOn(d Date) bool {
	return a.ValidFrom <= d && (a.ValidTo == "" || d < a.ValidTo)
}

// Under says whether a stands at or below the agency whose path is given.
func (a Agency) Under(path string) bool { return path != "" && strings.HasPrefix(a.Path, path) }

// Check names every field that is wrong. The error is a fault of code "agency-invalid".
func (a Agency) Check() error {
	var wrong fault.Fields
	if a.Code == "" {
		wrong.Add("code", "required", "is missing")
	}
	if strings.TrimSpace(a.Name) == "" {
		wrong.Add("name", "required", "is missing")
	}
	if !known(AgencyKinds, a.Kind) {
		wrong.Add("kind", "unknown", "%q is none of %v", a.Kind, AgencyKinds)
	}
	if !known(Levels, a.Level) {
		wrong.Add("level", "unknown", "%q is none of %v", a.Level, Levels)
	}
	if _, err := ParseDate(string(a.ValidFrom)); err != nil {
		wrong.Add("valid_from", "date", "%q is not a date like 2025-07-01", a.ValidFrom)
	}
	if a.ValidTo != "" {
		if _, err := ParseDate(string(a.ValidTo)); err != nil {
			wrong.Add("valid_to", "date", "%q is not a date like 2025-07-01", a.ValidTo)
		} else if a.ValidTo <= a.ValidFrom {
			wrong.Add("valid_to", "order", "is not after valid_from")
		}
	}
	return wrong.Err("agency-invalid", "the agency cannot be kept")
}

// Date is a civil date in the office's zone, written 2025-07-01; dates compare as strings.
type Date string

// ParseDate refuses what is not a date of the calendar.
func ParseDate(s string) (Date, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fault.New(fault.Invalid, "date-invalid", "%q is not a date like 2025-07-01", s)
	}
	return Date(s), nil
}

// DateOf is the date on the wall at t in the zone.
func DateOf(t time.Time, zone *time.Location) Date { return Date(t.In(zone).Format(time.DateOnly)) }

func known[T comparable](all []T, one T) bool {
	for _, x := range all {
		if x == one {
			return true
		}
	}
	return false
}

// unitWords are what a territorial unit's name begins with, folded, the longer ones first.
var unitWords = []string{"thanh pho", "thi tran", "thi xa", "dac khu", "tinh", "huyen", "quan", "phuong", "xa"}

// Place is the name of the territorial unit whose people's committee this is, as it stands before the date of a letter (địa danh,
// NĐ 30/2020/NĐ-CP, Phụ lục I): without the word for the unit, unless a number or a person's name would be all that is left. It is "" for
// every other agency.
func (a Agency) Place() string {
	if a.Kind != ProvinceCommittee && a.Kind != DistrictCommittee && a.Kind != CommuneCommittee {
		return ""
	}
	name, _, _ := strings.Cut(a.Name, " (")
	words := strings.Fields(name)
	switch folded := Fold(name) + " "; {
	case strings.HasPrefix(folded, "uy ban nhan dan "):
		words = words[4:]
	case strings.HasPrefix(folded, "ubnd "):
		words = words[1:]
	}
	full := upperFirst(strings.Join(words, " "))
	for _, unit := range unitWords {
		rest, ok := strings.CutPrefix(Fold(full)+" ", unit+" ")
		if rest = strings.TrimSpace(rest); !ok || rest == "" {
			continue
		}
		if strings.Trim(rest, "0123456789") == "" || rest == "ho chi minh" {
			return full
		}
		return strings.Join(strings.Fields(full)[len(strings.Fields(unit)):], " ")
	}
	return full
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
