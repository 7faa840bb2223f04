package forms

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
)

// PapersBackSlip says which papers went back to whom without a result (phiếu trả lại giấy tờ). Before they do, that is left to be filled in.
func PapersBackSlip(p Paper) Sheet {
	d, counter := p.Dossier, p.keeping()
	var out dossier.HandedOut
	if p.Facts.HandedOut != nil {
		out = *p.Facts.HandedOut
		if a, known := p.Agencies[out.AgencyID]; known {
			counter = a
		}
	}
	s := p.sheet(dossier.FormPapersBack, p.counterOf(counter, counter.series()))
	s.Under = []Text{italic("(Liên: Lưu / Giao tổ chức, cá nhân)")}
	receiver, method, at, post := blank(8), blank(8), blank(8), ""
	if p.Facts.HandedOut == nil { // the day that they go is not known
		s.Head.Place = p.placeOpen(counter)
	} else {
		receiver, method, at = p.receiver(out), ways[out.Method], p.hour(p.At)
	}
	if out.Method == dossier.ReturnPost {
		post = cmp.Or(out.Address, d.Applicant.Address)
	}
	s.Blocks = append(s.Blocks,
		fields([]Field{{"Chủ hồ sơ", bold(d.Applicant.Name)}}, field("Địa chỉ", d.Applicant.Address), field("Nội dung yêu cầu giải quyết", p.subject()),
			field("Ngày nhận hồ sơ", p.hour(d.SubmittedAt)), field("Lý do trả lại", reasons[p.Over])),
		Block{Text: plain("Đã trả lại các giấy tờ sau đây:")},
		Block{Table: p.papersTable(out)},
		fields(field("Thời gian trả", at), field("Hình thức nhận", method), field("Nơi trả", counter.Name), field("Số hiệu bưu gửi", out.Tracking),
			field("Địa chỉ nhận", post), field("Người nhận", receiver), field("Giấy tờ của người nhận", out.Document)),
	)
	giver := ""
	if p.Facts.HandedOut != nil {
		giver = p.By.Name
	}
	s.Signatures = []Signature{{"Người trả giấy tờ", "(Ký và ghi rõ họ tên)", giver}, {"Người nhận", "(Ký và ghi rõ họ tên)", ""}}
	s.Foot = p.lookupLines(false)
	return s
}

// reasons are why papers go back without a result, in words.
var reasons = map[dossier.State]string{
	dossier.Refused: "Hồ sơ không được tiếp nhận", dossier.Withdrawn: "Rút hồ sơ theo yêu cầu", dossier.Stopped: "Dừng giải quyết hồ sơ",
	dossier.Returned: "Trả bản chính còn lưu sau khi đã trả kết quả",
}

// papersTable lists what the office had of each paper, what went back of it now and what is left; papers in words stand below.
func (p Paper) papersTable(out dossier.HandedOut) *Table {
	t := &Table{Columns: []Column{
		{"", "TT", 6, Centred}, {"", "Tên giấy tờ", 43, ToLeft}, {"", "Đang giữ", 17, ToLeft}, {"", "Trả lại", 17, ToLeft}, {"", "Còn giữ", 17, ToLeft},
	}}
	row := func(name, had, back, left string) {
		t.Rows = append(t.Rows, Row{Cells: []Text{plain(strconv.Itoa(len(t.Rows) + 1)), plain(name), plain(had), plain(back), plain(left)}})
	}
	for _, part := range p.Parts {
		had, back := part.Held(), catalog.Copies{}
		for _, x := range out.GivenBack {
			if x.No == part.No {
				back = x.Copies
			}
		}
		switch {
		case !had.Any():
		case p.Facts.HandedOut == nil:
			row(part.Name, copies(had), "", "")
		default:
			row(part.Name, copies(had), cmp.Or(copies(back), "không"), cmp.Or(copies(had.Minus(back)), "không"))
		}
	}
	for _, name := range out.Originals {
		row(name, "", "đã trả lại", "")
	}
	return t
}

// copies are numbers of copies by kind, in words: "2 bản chính, 1 bản sao"; "" for none.
func copies(n catalog.Copies) string {
	var counts []string
	for _, x := range []struct {
		n    int
		kind string
	}{{n.Original, "bản chính"}, {n.Certified, "bản chứng thực"}, {n.Copy, "bản sao"}, {n.Form, "tờ khai"}} {
		if x.n > 0 {
			counts = append(counts, strconv.Itoa(x.n)+" "+x.kind)
		}
	}
	return strings.Join(counts, ", ")
}

// receiver is who received something, and as whom.
func (p Paper) receiver(out dossier.HandedOut) string {
	name := cmp.Or(out.Receiver, p.Dossier.Applicant.Name)
	if out.Party == dossier.Authorised {
		name += " (người được ủy quyền)"
	}
	return name
}
