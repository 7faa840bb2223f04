package forms

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
)

// Receipt is the receipt with the date promised (giấy tiếp nhận hồ sơ và hẹn trả kết quả), and how the date came about where that is given.
func Receipt(p Paper) Sheet {
	d := p.Dossier
	s := p.sheet(dossier.FormReceipt, p.counter(p.series()))
	s.Under = append(p.secret(), italic("(Liên: Lưu / Giao tổ chức, cá nhân)"))
	s.Blocks = append(s.Blocks, fields(append(p.applicant(),
		field("Nội dung yêu cầu giải quyết", p.subject()), field("Cơ quan giải quyết", p.deciding().Name))...))
	s.Blocks = append(s.Blocks, Block{Text: plain("1. Thành phần hồ sơ, yêu cầu và số lượng mỗi loại giấy tờ:")})
	if len(p.Components) > 0 {
		s.Blocks = append(s.Blocks, Block{Table: componentTable(p.Components)})
	}
	due := bold("không hẹn ngày")
	if p.Promise.No > 0 {
		due = bold(p.hour(p.Promise.DueAt))
	}
	due = join("5. Thời gian trả kết quả giải quyết hồ sơ: ", due, ".")
	if p.Promise.Kind == dossier.AfterPause || p.Promise.Kind == dossier.Restarted {
		due = join(due, " Ngày hẹn này thay cho ngày đã hẹn trước khi tạm dừng.")
	}
	if p.Promise.Unconfirmed {
		due = join(due, " Ngày nghỉ của năm có ngày hẹn chưa được công bố; ngày hẹn có thể thay đổi.")
	}
	received := d.SubmittedAt
	if d.AcceptedAt != nil {
		received = *d.AcceptedAt
	}
	law := blank(6)
	if d.Basis != nil {
		law = term(d.Basis.Term)
	}
	s.Blocks = append(s.Blocks,
		Block{Text: plain("2. Số lượng hồ sơ: 01 (bộ).")},
		Block{Text: plain("3. Thời gian giải quyết hồ sơ theo quy định: " + law + ".")},
		Block{Text: plain("4. Thời gian nhận hồ sơ: " + p.hour(received) + ".")},
		Block{Text: due},
		Block{Text: plain("6. Đăng ký nhận kết quả tại: " + p.returning().Name + p.wanted() + ".")},
	)
	s.Blocks = append(s.Blocks, p.fees()...)
	s.Blocks = append(s.Blocks,
		Block{Text: plain("Vào Sổ theo dõi hồ sơ, Quyển số: " + blank(5) + " Số thứ tự: " + blank(5))},
	)
	s.Signatures = []Signature{
		{"Người nộp hồ sơ", "(Ký và ghi rõ họ tên)", ""}, {"Người tiếp nhận hồ sơ", "(Ký và ghi rõ họ tên)", p.By.Name},
	}
	s.Foot = append(p.lookupLines(d.SecretHash != ""), plain("Khi đến nhận kết quả, xin mang theo giấy này; người nhận thay mang thêm giấy ủy quyền."))
	if p.Explanation != nil {
		s.Annex = explanation(*p.Explanation)
	}
	return s
}

// secret is what opens the look-up beside the code, or room to write it on: only whoever took the dossier in was told it. There is no line for a
// dossier that has none.
func (p Paper) secret() []Text {
	if p.Dossier.SecretHash == "" {
		return nil
	}
	return []Text{join("Mã bí mật: ", bold(cmp.Or(p.Secret, blank(10))))}
}

// wanted is how the applicant wants the result, "" where that was not said.
func (p Paper) wanted() string {
	c := p.Dossier.ReturnChoice
	if c == nil {
		return ""
	}
	words := "; hình thức nhận: " + ways[c.Method]
	if address := cmp.Or(c.Address, p.Dossier.Applicant.Address); c.Method == dossier.ReturnPost {
		words += ", địa chỉ " + address
	}
	return words
}

// ComponentOf is a paper with its copies; a declaration is an original.
func ComponentOf(name string, n catalog.Copies) Component {
	return Component{Name: name, Original: n.Original + n.Form, Certified: n.Certified, Copy: n.Copy}
}

func componentTable(all []Component) *Table {
	t := &Table{Columns: []Column{
		{"", "TT", 5, Centred},
		{"", "Thành phần hồ sơ", 60, ToLeft},
		{"Số lượng", "Bản chính", 10.5, Centred},
		{"Số lượng", "Bản chứng thực", 14.5, Centred},
		{"Số lượng", "Bản photo", 10, Centred},
	}}
	for i, c := range all {
		name := plain(c.Name)
		if len(c.Reused) > 0 {
			name = join(name, italic(" (dùng lại từ hồ sơ "+strings.Join(c.Reused, ", ")+")"))
		}
		t.Rows = append(t.Rows, Row{Cells: []Text{plain(strconv.Itoa(i + 1)), name, count(c.Original), count(c.Certified), count(c.Copy)}})
	}
	return t
}

func count(n int) Text {
	if n == 0 {
		return nil
	}
	return plain(strconv.Itoa(n))
}
