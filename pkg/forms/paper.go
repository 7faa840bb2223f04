package forms

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/worktime"
)

// Paper is what a form of one dossier is filled from. Find reads most of it in the journal; names and addresses are the office's to add.
type Paper struct {
	Zone        *time.Location
	Form        *dossier.Form // in use when what the paper tells happened
	Dossier     dossier.Dossier
	Agencies    map[uuid.UUID]Agency
	Components  []Component   // papers that belong into the dossier
	At          time.Time     // when what the paper tells happened
	By          dossier.By    // who did it
	Facts       dossier.Facts // what the journal says of it
	Promise     dossier.Promise
	Before      dossier.Promise // an apology's: the one that is not kept
	Granted     *worktime.Term  // an apology's: how much more time
	HandOvers   []HandOver
	Parts       []dossier.Part // as they stood before it
	Over        dossier.State  // the same: how the dossier was over
	Explanation *worktime.Explanation
	Lookup      string // address at which the holder asks where the dossier stands
	Secret      string // a receipt's: what the look-up asks for beside the code; "" is room to write it on
}

// Agency is an agency as papers name it.
type Agency struct {
	Name  string
	Above string // name of the agency over it
	Place string // địa danh: where it writes from
	Kind  catalog.AgencyKind
}

// Component is a paper with how many of each kind are in the dossier; what is 0 is left to be filled in by hand.
type Component struct {
	Name                      string
	Original, Certified, Copy int
	Reused                    []string // codes of earlier dossiers whose papers stand in for it
}

// HandOver is the dossier passing from one agency to another. What is planned and has not happened has no time.
type HandOver struct {
	From, To     uuid.UUID
	Giver, Taker string
	At, TakenAt  time.Time
	Timing       string // of whoever gives it on: see onTime
	Note         string
	step         int // whose agency takes it; 0 where that is none of the steps
}

// hour is an instant as the forms write it: "17 giờ 00 phút, ngày 05 tháng 3 năm 2026".
func (p Paper) hour(t time.Time) string {
	t = t.In(p.zone())
	return fmt.Sprintf("%02d giờ %02d phút, %s", t.Hour(), t.Minute(), p.day(t))
}

// due is the date promised that lateness counts from, and beside it the one that was told since where that is another.
func (p Paper) due() string {
	at := p.Dossier.JudgedBy()
	if at == nil {
		return ""
	}
	words := p.hour(*at)
	if told := p.Dossier.Told(); told != nil {
		words += "; hẹn lại: " + p.hour(*told)
	}
	return words
}

// day is a date in words. The day has always two digits, the month only where it could be mistaken: January and February.
func (p Paper) day(t time.Time) string {
	t = t.In(p.zone())
	month := fmt.Sprint(int(t.Month()))
	if t.Month() <= time.February {
		month = "0" + month
	}
	return fmt.Sprintf("ngày %02d tháng %s năm %d", t.Day(), month, t.Year())
}

func (p Paper) zone() *time.Location {
	if p.Zone == nil {
		return time.UTC
	}
	return p.Zone
}

func (p Paper) receiving() Agency { return p.Agencies[p.Dossier.ReceivingID] }
func (p Paper) deciding() Agency  { return p.Agencies[p.Dossier.DecidingID] }
func (p Paper) returning() Agency { return p.Agencies[p.Dossier.Returning()] }
func (p Paper) keeping() Agency   { return p.Agencies[p.Dossier.PapersAt()] }

// counter is the head of what the counter that took the dossier in writes. series is how its papers are numbered, "" for those that have no number.
func (p Paper) counter(series string) Head { return p.counterOf(p.receiving(), series) }

func (p Paper) counterOf(a Agency, series string) Head {
	h := Head{Above: a.Name, Unit: "Bộ phận Tiếp nhận và Trả kết quả", Place: p.place(a)}
	if a.Kind == catalog.OneStopCentre {
		h.Above, h.Unit = a.Above, a.Name
	}
	if series != "" {
		h.Number = number(series)
	}
	return h
}

// decider is the head of what the deciding agency writes.
func (p Paper) decider(series string) Head {
	a := p.deciding()
	return Head{Above: a.Above, Unit: a.Name, Number: number(series), Place: p.place(a)}
}

// series of the papers of the counter.
func (p Paper) series() string { return p.receiving().series() }

func (a Agency) series() string {
	if a.Kind == catalog.OneStopCentre && strings.HasPrefix(catalog.Fold(a.Name), "trung tam") {
		return "TTPVHCC"
	}
	return "BPTNTKQ"
}

func number(series string) string { return "Số: " + blank(6) + "/" + series }

// blank is room to write by hand.
func blank(n int) string { return strings.Repeat("…", n) }

func (p Paper) place(a Agency) string { return cmp.Or(a.Place, blank(6)) + ", " + p.day(p.At) }

// placeOpen leaves the day to be filled in by hand.
func (p Paper) placeOpen(a Agency) string {
	return cmp.Or(a.Place, blank(6)) + ", ngày …… tháng …… năm ……"
}

// sheet is what all forms of one dossier have in common.
func (p Paper) sheet(name string, head Head) Sheet {
	s := Sheet{Name: name + "-" + p.Dossier.Code, Code: p.Dossier.Code, Head: head, Address: p.address()}
	s.headed(p.Form)
	if s.Title == "" {
		s.Title = p.Dossier.Code
	}
	return s
}

func (s *Sheet) headed(f *dossier.Form) {
	if f == nil {
		return
	}
	s.Title = f.Title
	if f.Number != "" {
		s.Cited = f.Act + ", mẫu số " + f.Number
	}
}

// address is where the look-up page opens with the code filled in; the secret is for the holder to know.
func (p Paper) address() string {
	if !strings.Contains(p.Lookup, "://") {
		return ""
	}
	return p.Lookup + "?code=" + url.QueryEscape(p.Dossier.Code)
}

// subject is what was asked for.
func (p Paper) subject() string {
	return fmt.Sprintf("%s (%s)", p.Dossier.Procedure.Name, p.Dossier.Procedure.Code)
}

// applicant is who asks and how to reach them.
func (p Paper) applicant() [][]Field {
	a := p.Dossier.Applicant
	id := "Mã số doanh nghiệp, mã số thuế"
	switch {
	case a.Kind == dossier.Citizen || a.Kind == "":
		id = "Số CCCD, hộ chiếu"
	case a.Kind == dossier.Household:
		id = "Số CCCD của chủ hộ, mã số thuế"
	}
	all := [][]Field{{{"Tiếp nhận hồ sơ của", bold(a.Name)}}}
	if p.Dossier.Submitter != nil {
		all = append(all, field("Người nộp", p.Dossier.Submitter.Name), field("Căn cứ nộp thay", authority(p.Dossier.Authority)),
			field("Số điện thoại người nộp", dossier.LocalPhone(p.Dossier.Submitter.Phone)))
	}
	reach := field("Số điện thoại", dossier.LocalPhone(a.Phone))
	if a.Email != "" && reach != nil {
		reach[0].Value = plain(dossier.LocalPhone(a.Phone) + "; Email: " + a.Email)
	} else if a.Email != "" {
		reach = field("Email", a.Email)
	}
	return append(all, field("Địa chỉ", a.Address), reach, field(id, a.IDNumber))
}

// authority is what the submitter stands on, "" where that is not said.
func authority(a *dossier.Authority) string {
	if a == nil {
		return ""
	}
	text := map[dossier.AuthorityKind]string{
		dossier.Authorisation: "Giấy ủy quyền", dossier.LegalRepresentative: "Đại diện theo pháp luật", dossier.Family: "Người thân trong gia đình",
	}[a.Kind]
	if a.Number != "" {
		text += " số " + a.Number
	}
	if day, err := time.Parse(time.DateOnly, string(a.Date)); err == nil {
		text += " ngày " + day.Format("02/01/2006")
	}
	return text
}

func term(t worktime.Term) string {
	name := t.Unit.Name().VI
	if t.Unit == worktime.SameDay {
		return name
	}
	return strings.Replace(t.Value.String(), ".", ",", 1) + " " + name // the decimal sign of Vietnamese
}

// hours is a number of seconds as hours and minutes.
func hours(seconds int64) string { return fmt.Sprintf("%d:%02d", seconds/3600, seconds/60%60) }

// lookupLines say how to ask where the dossier stands; here says whether the paper has the secret.
func (p Paper) lookupLines(here bool) []Text {
	if p.Lookup == "" {
		return nil
	}
	if here {
		return []Text{join("Tra cứu tình trạng hồ sơ: "+p.Lookup+", bằng mã hồ sơ và mã bí mật trên giấy này. ", foreign("Look-up with the code and the secret on this paper."))}
	}
	return []Text{join("Tra cứu tình trạng hồ sơ: "+p.Lookup+", bằng mã hồ sơ và mã bí mật được cho biết khi nộp. ", foreign("Look-up with the code and the secret told at intake."))}
}
