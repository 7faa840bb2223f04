package forms

import (
	"strings"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
)

// Supplement asks for what is missing (phiếu yêu cầu bổ sung, hoàn thiện hồ sơ).
func Supplement(p Paper) Sheet {
	s := p.sheet(dossier.FormSupplement, p.counter("HDHS"))
	s.Blocks = append(s.Blocks,
		fields(append(p.applicant(), field("Nội dung yêu cầu giải quyết", p.subject()))...),
		Block{Text: plain("Để hồ sơ được giải quyết, đề nghị Ông/Bà bổ sung, hoàn thiện những nội dung sau:")},
	)
	if asked := p.asked(); len(asked) > 0 {
		s.Blocks = append(s.Blocks, Block{Table: componentTable(asked)})
	}
	s.Blocks = append(s.Blocks, Block{Text: join(bold("Lý do: "), p.Facts.Reason)})
	if p.Facts.LegalBasis != "" {
		s.Blocks = append(s.Blocks, Block{Text: plain("Căn cứ: " + p.Facts.LegalBasis)})
	}
	if p.Facts.AnswerBy != nil {
		s.Blocks = append(s.Blocks, Block{Text: join("Thời hạn bổ sung, hoàn thiện: chậm nhất ", bold(p.hour(*p.Facts.AnswerBy)), ".")})
	}
	if p.Facts.StopsClock {
		s.Blocks = append(s.Blocks, Block{Text: plain("Thời gian chờ bổ sung không tính vào thời hạn giải quyết hồ sơ.")})
	}
	s.Blocks = append(s.Blocks, p.contact())
	s.Signatures = []Signature{{}, {"Người hướng dẫn", "(Ký và ghi rõ họ tên)", p.By.Name}}
	s.Foot = p.lookupLines(false)
	return s
}

// asked are the papers that are asked for: of a part of the checklist the copies that are lacking, or all of them where something else is wrong
// with it.
func (p Paper) asked() []Component {
	var all []Component
	for _, part := range p.Facts.Asked(p.Parts) {
		n, had := part.Required, part.Held()
		lacking := catalog.Copies{
			Original: max(n.Original-had.Original, 0), Certified: max(n.Certified-had.Certified, 0), Copy: max(n.Copy-had.Copy, 0), Form: max(n.Form-had.Form, 0),
		}
		if lacking.Any() {
			n = lacking
		}
		all = append(all, ComponentOf(part.Name, n))
	}
	return all
}

// Refusal says that the dossier is not taken in, and why (phiếu từ chối tiếp nhận giải quyết hồ sơ).
func Refusal(p Paper) Sheet {
	s := p.sheet(dossier.FormRefusal, p.counter(p.series()))
	s.Blocks = append(s.Blocks,
		fields(append(p.applicant(), field("Nội dung yêu cầu giải quyết", p.subject()))...),
		Block{Text: plain("Sau khi xem xét, " + p.receiving().Name + " không tiếp nhận, giải quyết hồ sơ này.")},
		Block{Text: join(bold("Lý do: "), p.Facts.Reason)},
	)
	if p.Facts.LegalBasis != "" {
		s.Blocks = append(s.Blocks, Block{Text: plain("Căn cứ: " + p.Facts.LegalBasis)})
	}
	s.Blocks = append(s.Blocks, p.contact())
	s.Signatures = []Signature{
		{"Người nộp hồ sơ", "(Ký và ghi rõ họ tên)", ""}, {"Người tiếp nhận hồ sơ", "(Ký và ghi rõ họ tên)", p.By.Name},
	}
	return s
}

func (p Paper) contact() Block {
	return Block{Text: plain("Cần biết thêm, xin liên hệ " + p.By.Name + ", điện thoại " + blank(8) + ".")}
}

// Apology is the letter for a date that was moved: it asks for more time and names the new date (phiếu xin lỗi và hẹn lại ngày trả kết quả;
// văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết).
func Apology(p Paper) Sheet {
	who := p.deciding().Name
	s := p.sheet(dossier.FormApology, p.decider("PXL"))
	s.Blocks = append(s.Blocks, p.addressee(), fields(
		field("Ngày tiếp nhận hồ sơ", p.acceptedAt()),
		field("Nội dung yêu cầu giải quyết", p.subject()),
		field("Ngày hẹn trả trước đây", p.hour(p.Before.DueAt))),
		Block{Text: plain("Đến nay " + who + " chưa giải quyết xong hồ sơ.")},
		Block{Text: join(bold("Lý do: "), p.Promise.Reason)})
	if p.Promise.LegalBasis != "" {
		s.Blocks = append(s.Blocks, Block{Text: plain("Căn cứ: " + p.Promise.LegalBasis)})
	}
	more := ""
	if p.Granted != nil {
		more = " và đề nghị gia hạn thời gian giải quyết thêm " + term(*p.Granted)
	}
	s.Blocks = append(s.Blocks,
		Block{Text: plain(who + " xin lỗi Ông/Bà vì sự chậm trễ này" + more + ".")},
		Block{Text: join("Thời gian trả kết quả mới: ", bold(p.hour(p.Promise.DueAt)), ", tại "+p.returning().Name+p.wanted()+".")})
	if p.Promise.Kind == dossier.Reappointed {
		s.Blocks = append(s.Blocks, Block{Text: join(small("Đề nghị được nêu sau thời hạn cho phép: hồ sơ vẫn được tính đúng hạn hay quá hạn theo ngày hẹn trước đây. "),
			foreign("Asked for too late: whether the dossier is on time is still judged by the date before."))})
	}
	name := ""
	if p.Promise.ApprovedBy != nil {
		name = p.Promise.ApprovedBy.Name
	}
	s.fromDecider(p, name)
	return s
}

// Stop says that the dossier is not worked on any more, and why (thông báo dừng giải quyết hồ sơ).
func Stop(p Paper) Sheet {
	who := p.deciding().Name
	s := p.sheet(dossier.FormStop, p.decider("TB"))
	due := ""
	if p.Promise.No > 0 {
		due = p.hour(p.Promise.DueAt)
	}
	s.Blocks = append(s.Blocks, p.addressee(), fields(
		field("Ngày tiếp nhận hồ sơ", p.acceptedAt()),
		field("Nội dung yêu cầu giải quyết", p.subject()), field("Ngày hẹn trả", due)),
		Block{Text: join(who+" thông báo dừng giải quyết hồ sơ nêu trên kể từ ", bold(p.hour(p.At)), ".")},
		Block{Text: join(bold("Lý do: "), p.Facts.Reason)})
	if basis := stopBasis(p.Facts); basis != "" {
		s.Blocks = append(s.Blocks, Block{Text: plain("Căn cứ: " + basis)})
	}
	s.Blocks = append(s.Blocks, Block{Text: plain("Ông/Bà nhận lại giấy tờ đã nộp tại " + p.keeping().Name + ".")})
	s.fromDecider(p, p.By.Name)
	return s
}

// stopBasis is what a stop rests on, the law and the document.
func stopBasis(f dossier.Facts) string {
	basis := f.LegalBasis
	if x := f.Document; x != nil {
		paper := "Văn bản số " + x.Number
		if day, err := time.Parse(time.DateOnly, string(x.Date)); err == nil {
			paper += " ngày " + day.Format("02/01/2006")
		}
		basis = strings.TrimPrefix(basis+"; "+paper, "; ")
	}
	return basis
}

// fromDecider ends a letter of the deciding agency.
func (s *Sheet) fromDecider(p Paper, name string) {
	s.Recipients = []string{"Như trên;", p.receiving().Name + ";"}
	if p.returning().Name != p.receiving().Name {
		s.Recipients = append(s.Recipients, p.returning().Name+";")
	}
	s.Recipients = append(s.Recipients, "Lưu: VT.")
	s.Signatures = []Signature{{"Thủ trưởng cơ quan giải quyết", "(Ký, ghi rõ họ tên, đóng dấu)", name}}
	s.Foot = p.lookupLines(false)
}

func (p Paper) addressee() Block {
	a := p.Dossier.Applicant
	words := []string{}
	if a.Address != "" {
		words = append(words, a.Address)
	}
	if a.Phone != "" {
		words = append(words, "điện thoại "+dossier.LocalPhone(a.Phone))
	}
	to := join("Kính gửi: ", bold(a.Name))
	if len(words) > 0 {
		to = join(to, ", "+strings.Join(words, ", "))
	}
	return Block{Text: join(to, ".")}
}

func (p Paper) acceptedAt() string {
	if p.Dossier.AcceptedAt == nil {
		return ""
	}
	return p.hour(*p.Dossier.AcceptedAt) + ", tại " + p.receiving().Name
}
