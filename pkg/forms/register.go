package forms

import (
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
)

// Ledger is what a register is filled from: the dossiers that a counter took in, in their order.
type Ledger struct {
	Zone     *time.Location
	Form     *dossier.Form
	Keeper   Agency
	From, To time.Time // first and last day
	Printed  time.Time // when it is printed: a register of days to come is not dated to them
	Dossiers []dossier.Dossier
	Agencies map[uuid.UUID]Agency
}

// Register is the register of dossiers of a period (sổ theo dõi hồ sơ).
func Register(l Ledger) Sheet {
	dated := l.To
	if l.Printed.Before(dated) {
		dated = l.Printed
	}
	p := Paper{Zone: l.Zone, At: dated, Form: l.Form, Agencies: map[uuid.UUID]Agency{uuid.Nil: l.Keeper}}
	s := Sheet{Name: dossier.FormRegister + "-" + l.date(l.From) + "-" + l.date(l.To), Lying: true, Head: p.counter("")}
	s.headed(l.Form)
	s.Under = []Text{
		italic("Từ " + p.day(l.From) + " đến " + p.day(l.To)),
		plain("Quyển số: " + blank(5)),
	}
	const days, back = "Ngày, tháng, năm", "Trả kết quả"
	t := &Table{Columns: []Column{
		{"", "STT", 4, Centred},
		{"", "Mã hồ sơ", 13.8, ToLeft},
		{"", "Tên thủ tục hành chính", 14.2, ToLeft},
		{"", "Số lượng (bộ)", 5, Centred},
		{"", "Tên cá nhân, tổ chức", 11, ToLeft},
		{"", "Địa chỉ, số điện thoại", 13, ToLeft},
		{"", "Cơ quan chủ trì giải quyết", 10, ToLeft},
		{days, "Nhận hồ sơ", 7, Centred},
		{days, "Hẹn trả kết quả", 7, Centred},
		{back, "Ngày, tháng, năm", 7, Centred},
		{back, "Phương thức nhận", 7, ToLeft},
		{back, "Bên giao, bên nhận ký", 6, ToLeft},
		{"", "Ghi chú", 7, ToLeft},
	}}
	for i, d := range l.Dossiers {
		t.Rows = append(t.Rows, Row{Cells: l.row(i+1, d)})
	}
	s.Blocks = []Block{{Table: t}}
	return s
}

func (l Ledger) row(no int, d dossier.Dossier) []Text {
	where := d.Applicant.Address
	if d.Applicant.Phone != "" {
		where = strings.TrimPrefix(where+"\n"+dossier.LocalPhone(d.Applicant.Phone), "\n")
	}
	due, returned, way := "không hẹn ngày", "", ""
	if at := d.JudgedBy(); at != nil {
		due = l.at(*at)
	}
	if d.ReturnedAt != nil {
		returned = l.at(*d.ReturnedAt)
	}
	if d.Return != nil {
		way = ways[d.Return.Method]
		if d.Return.Receiver != "" {
			way += ": " + d.Return.Receiver
		}
	}
	received := d.SubmittedAt
	if d.AcceptedAt != nil {
		received = *d.AcceptedAt
	}
	return []Text{
		plain(strconv.Itoa(no)), plain(d.Code), plain(d.Procedure.Name), plain("01"), plain(d.Applicant.Name), plain(where),
		plain(l.Agencies[d.DecidingID].Name), plain(l.at(received)), plain(due), plain(returned), plain(way), nil, plain(l.note(d)),
	}
}

// note says how a dossier ended that has no result, that it is late, and the date that was told since where it does not count.
func (l Ledger) note(d dossier.Dossier) string {
	var all []string
	if end := ends[d.State]; end != "" {
		all = append(all, end)
	}
	if t := d.Timing(l.Printed); t == dossier.Late || t == dossier.Overdue || t == dossier.Ended && d.EndedOverdue() {
		all = append(all, late)
	}
	if told := d.Told(); told != nil {
		all = append(all, "Hẹn lại "+l.at(*told))
	}
	return strings.Join(all, "\n")
}

// ends are what a register notes of dossiers that ended without a result.
var ends = map[dossier.State]string{
	dossier.Refused: "Không tiếp nhận", dossier.Withdrawn: "Đã rút", dossier.Stopped: "Dừng giải quyết",
}

func (l Ledger) at(t time.Time) string {
	return t.In(Paper{Zone: l.Zone}.zone()).Format("02/01/2006 15:04")
}

func (l Ledger) date(t time.Time) string {
	return t.In(Paper{Zone: l.Zone}.zone()).Format(time.DateOnly)
}
