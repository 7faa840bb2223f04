package demo

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/worktime"
)

// What people write.
var (
	missing    = []string{"Giấy tờ nộp chưa đủ, đề nghị bổ sung", "Thông tin chưa đủ, đề nghị kê khai lại", "Giấy tờ chưa có xác nhận theo quy định", "Giấy tờ đã hết hiệu lực, đề nghị nộp bản mới"}
	refusals   = []string{"Hồ sơ không thuộc thẩm quyền giải quyết", "Thành phần hồ sơ không hợp lệ", "Thông tin kê khai không khớp với giấy tờ kèm theo"}
	withdrawal = []string{"Người nộp đề nghị rút hồ sơ để bổ sung giấy tờ", "Người nộp không còn nhu cầu", "Nộp trùng hồ sơ"}
	stops      = []string{"Nội dung đề nghị đang có tranh chấp được tòa án thụ lý", "Không đủ điều kiện theo quy định của pháp luật", "Quá thời hạn mà người nộp không phối hợp kiểm tra thực tế"}
)

// accept is a clerk's answer to what came online, mostly well within the eight working hours. It says whether the dossier goes on.
func (p *play) accept() bool {
	if p.fate.rests == dossier.Registered {
		return false
	}
	if p.fate.supplement == atRegistration && !p.ask(p.clerk(), 20*time.Minute, 5*time.Hour) {
		return false
	}
	at := p.work(10*time.Minute, 7*time.Hour)
	if p.in(15) { // a clerk was ill
		at = p.work(9*time.Hour, 14*time.Hour)
	}
	if p.fate.end == dossier.Refused {
		p.move(dossier.Refuse, at, p.clerk(), dossier.Facts{Reason: oneOf(p.chance, refusals)})
		return false
	}
	if p.d.PrepaidOpen() && !p.settle(p.now.Add(at.Sub(p.now)/2), p.roster.portal, dossier.OnlinePayment) {
		return false
	}
	return p.move(dossier.Accept, at, p.clerk(), dossier.Facts{})
}

// ask for papers once, and get them some days later unless the demonstration leaves it at that. It says whether the dossier goes on.
func (p *play) ask(by dossier.By, low, high time.Duration) bool {
	no := 1 + p.IntN(len(p.item.Components))
	if !p.move(dossier.RequestSupplement, p.work(low, high), by, dossier.Facts{Reason: oneOf(p.chance, missing), PartNos: []int{no}}) {
		return false
	}
	if p.fate.rests == dossier.SupplementRequested {
		return false
	}
	p.away(18*time.Hour, 12*24*time.Hour)
	return p.move(dossier.CompleteSupplement, p.work(5*time.Minute, 2*time.Hour), p.clerk(), dossier.Facts{Received: []dossier.Received{{No: no, Copies: p.item.Components[no-1].Copies}}})
}

// away is time that passes while it is others' turn, day and night; nothing is written down of it.
func (p *play) away(low, high time.Duration) {
	p.now = p.now.Add(p.span(low, high))
}

// pay is a financial duty that comes up.
func (p *play) pay(by dossier.By) bool {
	if !p.move(dossier.RequestPayment, p.work(10*time.Minute, 90*time.Minute), by, dossier.Facts{Note: "Thông báo nộp nghĩa vụ tài chính", Fees: p.duty()}) {
		return false
	}
	if p.fate.rests == dossier.PaymentRequired {
		return false
	}
	p.away(20*time.Hour, 9*24*time.Hour)
	at := p.work(5*time.Minute, 2*time.Hour)
	return at.Before(p.cut) && p.settle(at, p.clerk(), dossier.Transfer) &&
		p.move(dossier.ConfirmPayment, at, p.clerk(), dossier.Facts{Note: "Đã nộp đủ"})
}

// extend has more time asked for by an officer of the deciding agency and granted by its head.
func (p *play) extend() bool {
	officers := p.roster.officers[p.deciding.ID]
	if len(officers) == 0 {
		return true
	}
	today, err := p.reckoner(p.now)
	if err != nil {
		p.fail(err)
		return false
	}
	facts := dossier.Facts{
		Reason: "Chờ ý kiến của cơ quan phối hợp", LegalBasis: today.Rules.Source,
		Extension: &dossier.Extension{Term: worktime.Term{Value: worktime.Whole(uint32(p.between(2, 5))), Unit: worktime.WorkingDay}},
	}
	return p.move(dossier.RequestExtension, p.work(20*time.Minute, 3*time.Hour), oneOf(p.chance, officers), facts) &&
		p.move(dossier.ApproveExtension, p.work(10*time.Minute, 3*time.Hour), p.roster.heads[p.deciding.ID], dossier.Facts{})
}

// steps go on until the dossier is finished, ends otherwise or the present is reached.
func (p *play) steps() {
	slow := p.IntN(max(1, len(p.d.Steps))) // where a late dossier lies
	asking, paying := 0, max(0, len(p.d.Steps)-2)
	finish := p.target()
	for p.d.State == dossier.InProgress && !p.over && p.err == nil {
		step := p.d.Step()
		by := p.worker(step)
		no := step.No
		whole := p.portion(no, slow, finish)
		if !p.move(dossier.Take, p.after(p.now, whole*int64(p.between(5, 25))/100), by, dossier.Facts{StepNo: no}) {
			return
		}
		if p.ends(no) {
			return
		}
		if p.fate.extended && no == 1 {
			if !p.extend() {
				return
			}
			finish = p.target()
		}
		if p.fate.supplement == withinStep && no-1 == asking {
			if !p.ask(by, 20*time.Minute, 4*time.Hour) {
				return
			}
			finish = p.target()
		}
		if p.fate.payment && no-1 == paying {
			if !p.pay(by) {
				return
			}
			finish = p.target()
		}
		if no == len(p.d.Steps) {
			p.move(dossier.Finish, finish, by, p.result())
			return
		}
		p.move(dossier.CompleteStep, p.after(p.now, p.portion(no, slow, finish)), by, dossier.Facts{StepNo: no})
	}
}

// ends a dossier that is withdrawn or stopped while its first step is under way.
func (p *play) ends(step int) bool {
	if step != 1 {
		return false
	}
	switch p.fate.end {
	case dossier.Withdrawn:
		p.move(dossier.Withdraw, p.work(time.Hour, 10*time.Hour), p.clerk(), dossier.Facts{
			Reason: oneOf(p.chance, withdrawal), Request: p.request(),
		})
	case dossier.Stopped:
		at := p.work(2*time.Hour, 20*time.Hour)
		p.move(dossier.Stop, at, p.roster.heads[p.deciding.ID], dossier.Facts{Reason: oneOf(p.chance, stops), Document: &dossier.Document{
			Number: fmt.Sprintf("%d/TB-%s", p.between(1, 900), signs(p.deciding)), Date: catalog.DateOf(at, p.plan.Calendar.Zone()),
		}})
	default:
		return false
	}
	return true
}

// portion is the working time until the finish that falls to the numbered step: as much as its term is of all those to come. Steps that
// are timed by the hour keep to their hours as long as there are others that can take what is left over: an office minds those.
func (p *play) portion(no, slow int, finish time.Time) int64 {
	var all, loose, strict int64 // of this step and those to come
	weigh := func(i int) (weight int64, byHour bool) {
		weight = 1800
		if t := p.item.Process[i].Term; t != nil {
			weight, byHour = int64(spanFrom(*t).hours()*3600), t.Unit == worktime.Hour
		}
		if p.fate.timing == late && i == slow {
			return 4 * weight, false
		}
		return weight, byHour
	}
	for i := no - 1; i < len(p.d.Steps); i++ {
		weight, byHour := weigh(i)
		if all += weight; byHour {
			strict += weight * 3 / 4
		} else {
			loose += weight
		}
	}
	left := max(0, p.elapsed(p.now, finish))
	own, byHour := weigh(no - 1)
	switch {
	case loose == 0 || strict > left/2:
		own = left * own / all
	case byHour:
		own = own * 3 / 4
	default:
		own = (left - strict) * own / loose
	}
	return own * int64(p.between(75, 105)) / 100
}

// target is when the dossier is to be finished, seen from now and from what is promised now.
func (p *play) target() time.Time {
	promise := p.d.Promise()
	if promise == nil || p.over || p.err != nil {
		return p.now
	}
	if !p.fate.finish.IsZero() {
		return p.fate.finish
	}
	part := func(from, to time.Time, low, high int) time.Time {
		return p.after(from, max(0, p.elapsed(from, to))*int64(p.between(low, high))/100)
	}
	low, high := 22, 82
	if p.d.Basis.Term.Unit == worktime.SameDay { // people wait, and the day is longer than the steps
		low, high = 8, 40
	}
	switch before := p.elapsed(p.now, promise.OnTimeFrom); {
	case p.fate.timing == late:
		lateBy := p.between(1, 8)
		if p.in(350) {
			lateBy = p.between(8, 120)
		}
		return p.after(promise.LateFrom, int64(lateBy)*3600-int64(p.IntN(3000)))
	case p.fate.timing == early && before > 1800:
		return part(p.now, promise.OnTimeFrom, low, high)
	case promise.OnTimeFrom.After(p.now) && p.elapsed(promise.OnTimeFrom, promise.DueAt) > 600:
		return part(promise.OnTimeFrom, promise.DueAt, 10, 85)
	default:
		return part(p.now, promise.DueAt, low, high)
	}
}

// result of the procedure, nothing where it has none.
func (p *play) result() dossier.Facts {
	if p.item.NoResult {
		return dossier.Facts{Note: "Đã tiếp nhận"}
	}
	mark := "KQ"
	if strings.HasPrefix(p.item.result, "Quyết định") {
		mark = "QĐ"
	}
	return dossier.Facts{Result: &dossier.Result{
		Summary: p.item.result, Number: fmt.Sprintf("%d/%s-%s", p.between(1, 4000), mark, signs(p.deciding)),
	}}
}

// request of whoever handed the dossier in to have it back.
func (p *play) request() *dossier.Request {
	r := &dossier.Request{By: dossier.ByApplicant, How: dossier.Written}
	if p.submitter != nil {
		r.By = dossier.BySubmitter
	}
	if p.channel == catalog.Online {
		r.How = dossier.FromAfar
	}
	return r
}

// handOut gives the result to whoever asked for it: at once where it was waited for, by the way it came in, or when somebody calls.
func (p *play) handOut() {
	if p.d.State != dossier.Resolved || p.fate.rests == dossier.Resolved || p.item.NoResult {
		return
	}
	desk, paid := p.clerk(), dossier.Cash
	if p.d.ReturningID != uuid.Nil {
		desk = p.roster.clerks[p.d.ReturningID]
	}
	out := &dossier.HandedOut{Method: dossier.ReturnInPerson, Receiver: p.applicant.Name, AgencyID: p.d.Returning(), Signed: true}
	if p.submitter != nil {
		out.Party, out.Receiver, out.Document = dossier.Authorised, p.submitter.Name, p.submitter.IDNumber
	}
	if !p.item.OnTheSpot && p.oneIn(4) && len(p.item.Components) > 0 {
		out.Originals = []string{p.item.Components[len(p.item.Components)-1].Name + " (bản gốc)"}
	}
	at := p.work(time.Minute, 8*time.Minute)
	switch {
	case p.goesOnline():
		out.Method, out.FileNo, out.Signed, out.Originals, paid = dossier.ReturnOnline, len(p.d.Files), false, nil, dossier.OnlinePayment
		at = p.work(5*time.Minute, 2*time.Hour)
	case p.channel == catalog.Post:
		out.Method, out.Tracking = dossier.ReturnPost, fmt.Sprintf("MH%09dVN", p.IntN(1_000_000_000))
		out.Address, out.Signed, paid = p.applicant.Address, false, dossier.Transfer
		at = p.work(2*time.Hour, 16*time.Hour)
	case !p.item.OnTheSpot:
		at = p.work(20*time.Minute, 16*time.Hour)
		if p.in(60) { // forgotten for a while
			at = p.work(24*time.Hour, 120*time.Hour)
		}
	}
	if at.Before(p.cut) && p.settle(at, desk, paid) {
		p.move(dossier.Return, at, desk, dossier.Facts{HandedOut: out})
	}
}

// signs is how an agency signs its papers: UBND, without the unit.
func signs(a catalog.Agency) string {
	short, _, _ := strings.Cut(a.ShortName, " ")
	return short
}
