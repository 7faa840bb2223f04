package forms

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/motcua/motcua/pkg/dossier"
)

// ControlSlip goes along with the dossier: one row for each time it passed from one agency to another (phiếu kiểm soát quá trình giải quyết
// hồ sơ). The rows that are still to come are left open, to be filled in by hand.
func ControlSlip(p Paper) Sheet {
	d := p.Dossier
	s := p.sheet(dossier.FormControlSlip, p.counter(""))
	done := ""
	if d.State == dossier.Resolved || d.State == dossier.Returned {
		done = p.hour(*d.FinishedAt)
		if at := d.Promise(); at != nil {
			done += " (" + onTime(&at.Mark, *d.FinishedAt) + ")"
		}
	}
	s.Blocks = append(s.Blocks, fields(
		[]Field{{"Kèm theo hồ sơ của", bold(d.Applicant.Name)}},
		field("Nội dung yêu cầu giải quyết", p.subject()),
		field("Ngày nhận", p.acceptedAt()), field("Ngày, giờ hẹn trả", cmp.Or(p.due(), "không hẹn ngày")), field("Ngày, giờ xử lý xong", done),
		field("Cơ quan (bộ phận) giải quyết", p.deciding().Name), field("Cơ quan phối hợp giải quyết", p.partners())))
	t := &Table{Columns: []Column{
		{"", "Tên cơ quan", 33, ToLeft},
		{"", "Thời gian giao, nhận hồ sơ", 34, ToLeft},
		{"", "Kết quả giải quyết hồ sơ (Trước hạn/ Đúng hạn/ Quá hạn)", 18, Centred},
		{"", "Ghi chú", 15, ToLeft},
	}}
	for _, h := range p.HandOvers {
		t.Rows = append(t.Rows, Row{Cells: []Text{
			plain("1. Giao: " + p.Agencies[h.From].Name + "\n2. Nhận: " + p.Agencies[h.To].Name),
			p.passing(h), plain(h.Timing), plain(h.Note),
		}})
	}
	s.Blocks = append(s.Blocks, Block{Table: t})
	return s
}

func (p Paper) passing(h HandOver) Text {
	if h.At.IsZero() {
		return plain("… giờ … phút, ngày … tháng … năm ……\nNgười giao: " + blank(6) + "\nNgười nhận: " + blank(6))
	}
	words := join(bold(p.hour(h.At)), "\nNgười giao: "+h.Giver)
	if h.Taker == "" {
		return join(words, "\nNgười nhận: "+blank(6))
	}
	words = join(words, "\nNgười nhận: "+h.Taker)
	if !h.TakenAt.IsZero() {
		words = join(words, small(" ("+h.TakenAt.In(p.zone()).Format("15:04, 02/01/2006")+")"))
	}
	return words
}

// partners are the agencies in the process besides those that receive and decide.
func (p Paper) partners() string {
	var names []string
	seen := map[string]bool{p.receiving().Name: true, p.deciding().Name: true}
	for _, s := range p.Dossier.Steps {
		if name := p.Agencies[s.AgencyID].Name; !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// onTime is how an end stands to its mark, as the slip words it; "" without a mark.
func onTime(m *dossier.Mark, at time.Time) string {
	if m == nil {
		return ""
	}
	return timings[m.Judge(at)]
}

var timings = map[dossier.Timing]string{dossier.Early: "Trước hạn", dossier.OnTime: "Đúng hạn", dossier.Late: late}

const late = "Quá hạn"

// HandOverSlip says what was handed out to whom (giấy biên nhận trả kết quả). Before the result leaves, that is left to be filled in.
func HandOverSlip(p Paper) Sheet {
	d := p.Dossier
	s := p.sheet(dossier.FormHandOver, p.counterOf(p.returning(), p.returning().series()))
	receiver, method, at, originals := blank(8), blank(8), blank(8), blank(8)
	var out dossier.HandedOut
	giver := ""
	if d.Return != nil {
		out, giver = *d.Return, p.By.Name
		receiver, method, originals = p.receiver(out), ways[out.Method], "không"
	} else { // the day that it goes is not known
		s.Head.Place = p.placeOpen(p.returning())
	}
	if all := append(p.givenBack(out), out.Originals...); len(all) > 0 {
		originals = strings.Join(all, "; ")
	}
	post := ""
	if out.Method == dossier.ReturnPost {
		post = cmp.Or(out.Address, d.Applicant.Address)
	}
	if d.ReturnedAt != nil {
		at = p.hour(*d.ReturnedAt)
	}
	result, document := blank(8), ""
	if d.Result != nil {
		result, document = d.Result.Summary, d.Result.Number
	}
	s.Blocks = append(s.Blocks,
		fields([]Field{{"Chủ hồ sơ", bold(d.Applicant.Name)}}, field("Nội dung yêu cầu giải quyết", p.subject()),
			field("Cơ quan giải quyết", p.deciding().Name), field("Ngày hẹn trả", p.due())),
		Block{Text: plain("Đã giao kết quả giải quyết hồ sơ:")},
		fields([]Field{{"Kết quả", bold(result)}}, field("Số, ký hiệu văn bản", document), field("Thời gian giao", at), field("Hình thức nhận", method),
			field("Nơi giao", p.returning().Name), field("Số hiệu bưu gửi", out.Tracking), field("Địa chỉ nhận", post), field("Tệp kết quả", out.File),
			field("Mã SHA-256 của tệp", out.FileHash),
			field("Người nhận", receiver), field("Giấy tờ của người nhận", out.Document), field("Giấy tờ gốc trả lại", originals), field("Bản chính còn lưu trong hồ sơ", p.held())),
	)
	s.Signatures = []Signature{{"Người giao", "(Ký và ghi rõ họ tên)", giver}, {"Người nhận", "(Ký và ghi rõ họ tên)", ""}}
	return s
}

// givenBack names what went back of the checklist: "Giấy chứng nhận (2 bản chính)".
func (p Paper) givenBack(out dossier.HandedOut) []string {
	var all []string
	for _, x := range out.GivenBack {
		part := p.Dossier.Part(x.No)
		if part == nil {
			continue
		}
		all = append(all, part.Name+" ("+copies(x.Copies)+")")
	}
	return all
}

// held names the originals that stay with the office although the result has left; "" before.
func (p Paper) held() string {
	var all []string
	for _, part := range p.Dossier.Parts {
		if n := part.OriginalsHeld(); n > 0 && p.Dossier.Return != nil {
			all = append(all, part.Name+" ("+strconv.Itoa(n)+" bản chính)")
		}
	}
	return strings.Join(all, "; ")
}

// ways are how a result leaves, in words.
var ways = map[dossier.ReturnMethod]string{
	dossier.ReturnInPerson: "Trực tiếp", dossier.ReturnPost: "Bưu chính công ích", dossier.ReturnOnline: "Trực tuyến",
}
