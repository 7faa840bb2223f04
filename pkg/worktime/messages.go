package worktime

import "strings"

// Remark is one statement of an explanation: a stable code for programs, a sentence for people.
type Remark struct {
	Code string `json:"code"`
	VI   string `json:"vi"`
	EN   string `json:"en"`
}

// remark fills the sentence of the code; pairs are placeholder and value, as for strings.NewReplacer.
func remark(code string, pairs ...string) Remark {
	m := messages[code]
	if len(pairs) > 0 {
		fill := strings.NewReplacer(pairs...)
		m.VI, m.EN = fill.Replace(m.VI), fill.Replace(m.EN)
	}
	return Remark{Code: code, VI: m.VI, EN: m.EN}
}

// messages is the catalogue of everything that an explanation can say.
var messages = map[string]Text{
	// the rules used
	"term":            {"Thời hạn: {value} {unit_vi}.", "Term: {value} {unit_en}."},
	"term-same-day":   {"Thời hạn: trong ngày.", "Term: the same day."},
	"first-calendar":  {"Ngày nhận không tính; tính từ ngày tiếp theo (Điều 147 Bộ luật Dân sự 2015).", "The date of receipt is not counted; counting begins on the next date (Civil Code 2015, art. 147)."},
	"first-roll":      {"Ngày đầu không tính là ngày có thời điểm làm việc đầu tiên kể từ lúc nhận.", "The first date, not counted, is that of the first working instant at or after receipt."},
	"end-closing":     {"Kết thúc khi hết giờ làm việc của ngày cuối (Điều 148 Bộ luật Dân sự 2015).", "It ends at closing time of the last date (Civil Code 2015, art. 148)."},
	"end-same-time":   {"Kết thúc vào cùng giờ với lúc bắt đầu; nếu giờ đó không làm việc thì vào lúc làm việc tiếp theo.", "It ends at the time of day at which it began, or at the next working instant if nobody works then."},
	"day-date":        {"Phần lẻ của ngày làm việc tính theo ngày tám giờ.", "A part of a working day is that part of eight working hours."},
	"day-office":      {"Phần lẻ của ngày làm việc tính theo giờ làm việc của chính ngày đó.", "A part of a working day is that part of the office's own hours of the date."},
	"day-eight":       {"Mỗi ngày làm việc tính là tám giờ làm việc.", "Each working day is eight working hours."},
	"every-date":      {"Mọi ngày đều tính; nếu ngày cuối không làm việc thì {off_vi}.", "Every date counts; if nobody works on the last one, {off_en}."},
	"extension":       {"Gia hạn lần {n}: {value} {unit_vi}.", "Extension {n}: {value} {unit_en}."},
	"extension-first": {"Ngày kết thúc thời hạn trước đó không tính vào gia hạn; tính từ ngày tiếp theo.", "The date on which what is extended ends is not counted; counting begins on the next date."},
	"cutoff":          {"Nhận sau {cutoff} thì trả kết quả trong ngày làm việc tiếp theo.", "What comes in after {cutoff} is due on the next working date."},
	"hours":           {"Chỉ tính giờ làm việc, từng phút.", "Only working time counts, to the minute."},
	"pauses":          {"Thời gian tạm dừng không tính.", "Paused time does not count."},
	"pauses-shift":    {"Thời gian làm việc bị tạm dừng được cộng vào sau ngày hẹn.", "The working time that the pauses took is added behind the due date."},

	// why a date counts or does not
	"day-counted":        {"Ngày làm việc thứ {n}.", "Working day {n}."},
	"date-counted":       {"Ngày thứ {n}.", "Day {n}."},
	"first-day":          {"Ngày đầu, không tính.", "The first day, not counted."},
	"before-first-day":   {"Trước ngày đầu, không tính.", "Before the first day, not counted."},
	"weekday-off":        {"{weekday_vi} không làm việc.", "Nobody works on a {weekday_en}."},
	"day-off":            {"Ngày nghỉ.", "A day off."},
	"day-off-named":      {"Ngày nghỉ: {name_vi}.", "A day off: {name_en}."},
	"makeup":             {"Ngày làm việc theo giờ riêng hoặc làm bù.", "A make-up day, or a day with hours of its own."},
	"makeup-named":       {"Ngày làm bù: {name_vi}.", "A make-up day: {name_en}."},
	"clock-change":       {"Đồng hồ nhảy qua một phần giờ làm việc của ngày này.", "The clock jumps over some of the office hours of this date."},
	"moved":              {"Thời hạn hết vào ngày không làm việc nên chuyển sang ngày làm việc tiếp theo.", "The term ran out on a date without work and moves to the next working date."},
	"moved-back":         {"Thời hạn hết vào ngày {date_vi} không làm việc nên chuyển về ngày làm việc liền trước.", "The term ran out on {date}, a date without work, and moves back to the last working date before it."},
	"extension-counted":  {"Trong thời gian gia hạn lần {n}.", "Within extension {n}."},
	"stands-for-paused":  {"Bù thời gian đã tạm dừng.", "Stands in for paused time."},
	"due":                {"Đến hạn lúc {clock}.", "Due at {clock}."},
	"suspended":          {"Đang tạm dừng; chưa có ngày hẹn.", "The clock stands; there is no due date yet."},
	"not-confirmed":      {"Ngày nghỉ của năm {year} chưa được xác nhận.", "The days off of {year} are not confirmed."},
	"hours-changed":      {"Giờ làm việc mới từ ngày {date_vi}.", "New office hours from {date}."},
	"hours-changed-act":  {"Giờ làm việc mới từ ngày {date_vi}: {act}.", "New office hours from {date}: {act}."},
	"too-long-to-list":   {"Chỉ liệt kê {n} ngày đầu.", "Only the first {n} dates are listed."},
	"due-before-receipt": {"Ngày hẹn là giờ đóng cửa của ngày nhận, trước lúc nhận.", "It is due at closing of the date of receipt, which is before receipt."},

	// why an hour counts or does not
	"extension-first-day": {"Phần còn lại của ngày kết thúc thời hạn trước đó, không tính vào gia hạn.", "What is left of the date on which what is extended ends, not counted."},
	"counted":             {"Tính.", "Counted."},
	"not-yet":             {"Chưa tính.", "Not counted yet."},
	"before-opening":      {"Trước giờ làm việc.", "Before office hours."},
	"break":               {"Nghỉ giữa giờ.", "The break between office hours."},
	"after-closing":       {"Sau giờ làm việc.", "After office hours."},
	"no-work":             {"Không làm việc.", "No work."},
	"paused":              {"Tạm dừng, không tính.", "Paused, not counted."},
	"paused-cause":        {"Tạm dừng, không tính: {cause}.", "Paused, not counted: {cause}."},
	"to-closing":          {"Đến giờ đóng cửa của ngày hẹn.", "Up to closing of the due date."},
}

var weekdayNames = [7]Text{
	{"Thứ Hai", "Monday"},
	{"Thứ Ba", "Tuesday"},
	{"Thứ Tư", "Wednesday"},
	{"Thứ Năm", "Thursday"},
	{"Thứ Sáu", "Friday"},
	{"Thứ Bảy", "Saturday"},
	{"Chủ nhật", "Sunday"},
}

var unitNames = map[Unit]Text{
	Minute: {"phút làm việc", "working minute(s)"}, Hour: {"giờ làm việc", "working hour(s)"}, WorkingDay: {"ngày làm việc", "working day(s)"},
	CalendarDay: {"ngày", "calendar day(s)"}, Month: {"tháng", "month(s)"}, Year: {"năm", "year(s)"}, SameDay: {"trong ngày", "same day"},
	NoAppointment: {"không hẹn ngày", "no appointment"},
}

var offNames = map[OffRule]Text{
	OffNext: {"kết thúc vào ngày làm việc tiếp theo (Điều 148 Bộ luật Dân sự 2015)", "it ends on the next working date (Civil Code 2015, art. 148)"},
	OffPrevious: {
		"kết thúc vào ngày làm việc liền trước, hoặc ngày làm việc tiếp theo nếu từ sau ngày đầu đến đó không có ngày làm việc nào",
		"it ends on the last working date before it, or on the next one if there is none after the first day",
	},
}

// Name is the unit in words.
func (u Unit) Name() Text { return unitNames[u] }
