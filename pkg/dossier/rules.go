package dossier

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/worktime"
)

// RuleSet is how dates are reckoned from a day on: law and local practice as data (configs/rules). A dossier keeps the set of its
// day of acceptance. A set that was once kept never changes; what changes the law is another set.
type RuleSet struct {
	ID            string         `json:"id"`
	EffectiveFrom catalog.Date   `json:"effective_from"`
	Source        string         `json:"source"` // act and article
	Rules         worktime.Rules `json:"rules"`
	// Which states stop the clock; one that is not named does not.
	StopsClock map[State]ClockStop `json:"stops_clock"`
	// What a supplement does to the term: SHIFT adds the time waited, RESTART gives the full term again (NĐ 61/2018 art. 19).
	SupplementBeforeSteps string `json:"supplement_before_steps"`
	SupplementInSteps     string `json:"supplement_in_steps"`
	// Until when after acceptance a request for papers can bring the full term again; what is asked for later shifts the date (NĐ 61/2018 art. 19:
	// sent back within three working days; (mem), hence a setting). nil is RestartWithin.
	RestartWithin *worktime.Term `json:"restart_within,omitempty"`
	// How often papers may be asked for before a superior has to: everything is to be asked for once, in writing.
	SupplementsUnapproved int `json:"supplements_unapproved"`
	// How often officers may let the clock of a dossier stand for somebody outside, and how often for a payment, before a superior has to:
	// whoever can stop the own clock again and again is never late ((mem), hence a setting); nil is WaitsUnapproved.
	WaitsUnapproved *int          `json:"waits_unapproved,omitempty"`
	Extension       ExtensionRule `json:"extension"`
	// Working hours: for accepting what came online (NĐ 45/2020 art. 11), before due at which to warn, after due at which the level
	// above is told.
	AcceptanceHours int           `json:"acceptance_hours"`
	WarnHours       int           `json:"warn_hours"`
	EscalateHours   int           `json:"escalate_hours"`
	Answer          worktime.Term `json:"answer"` // that an applicant has for a supplement, or to pay what was asked for
	// The longest that an applicant can be given for either, as long as the clock may stand for one ((mem), hence a setting); nil is
	// MostForAnAnswer.
	AnswerMost *worktime.Term `json:"answer_most,omitempty"`
	// The least that an applicant can be given, where an officer sets a day ((mem), hence a setting); nil is LeastForAnAnswer.
	AnswerLeast *worktime.Term `json:"answer_least,omitempty"`
	// That the counter has to hand a dossier over (NĐ 61/2018 art. 18: the same day, or first thing on the next working day; (mem), hence a
	// setting); nil for no time of its own.
	HandOver *worktime.Term `json:"hand_over,omitempty"`
	// Whether a step that came from another agency has to be taken before it is completed: on the control slip both sign, whoever hands over
	// and whoever receives (NĐ 61/2018, form 05; TT 03/2025/TT-VPCP, form 06).
	TakeOver bool `json:"take_over,omitempty"`
	// How many days afterwards a clerk may write down what came in: a power cut is over then. What is older a superior writes down ((mem), hence
	// a setting); nil is LateEntryDays.
	LateEntryDays *int `json:"late_entry_days,omitempty"`
	// Which counters may take in what is not free of boundaries: BOUND, the default, or ANY of the province.
	Counters Counters `json:"counters,omitempty"`
	// Until when fees are to be paid by channel, where the procedure does not say; AFTER for one that is not named.
	FeesDue map[catalog.Channel]FeeDue `json:"fees_due,omitempty"`
	Forms   FormSet                    `json:"forms"`
}

// Sum is SHA-256, in hex, of all that the set says: with it a basis tells whether the set is still the one that it was reckoned by.
func (s RuleSet) Sum() string {
	body, err := json.Marshal(s)
	if err != nil { // nothing in it that JSON could not say
		return ""
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// Counters says which counters may take in a dossier.
type Counters string

// The ways.
const (
	BoundCounters Counters = "BOUND" // those of the agency that decides and of the levels that the procedure is done at
	AnyCounter    Counters = "ANY"   // every one-stop counter of the province
)

// Due is until when fees by the channel are to be paid.
func (s RuleSet) Due(channel catalog.Channel) FeeDue {
	return cmp.Or(s.FeesDue[channel], AfterAcceptance)
}

// ClockStop says whether the clock of the term stands in a state.
type ClockStop string

// The ways.
const (
	StopsAlways    ClockStop = "ALWAYS"
	StopsProcedure ClockStop = "PROCEDURE" // where the procedure says so
	StopsNever     ClockStop = "NEVER"
)

// What a supplement does to the term.
const (
	Shift   = "SHIFT"
	Restart = "RESTART"
)

// ExtensionRule says how often a date may be moved with an apology, and until when that must be asked for: by closing of so many working
// days before the date promised (NĐ 61/2018 art. 19: once, one day before; numbers (mem), hence settings).
type ExtensionRule struct {
	Most     int            `json:"most"`
	LeadDays int64          `json:"lead_days"`
	Longest  *worktime.Term `json:"longest,omitempty"` // nil is the dossier's own term ((mem), hence a setting)
}

// FormSet is the official forms in use (biểu mẫu): the act and, by what they tell, each form in it.
type FormSet struct {
	Act   string          `json:"act"`
	Forms map[string]Form `json:"forms"`
}

// Form is one form, as it is cited and headed. One without a number is in use without being in the act.
type Form struct {
	Act    string `json:"act,omitempty"`
	Number string `json:"number,omitempty"`
	Title  string `json:"title"`
}

// The forms: what goes to the applicant, and what goes along with the dossier or stays in the office.
const (
	FormReceipt    = "receipt"    // Giấy tiếp nhận hồ sơ và hẹn trả kết quả
	FormSupplement = "supplement" // Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ
	FormRefusal    = "refusal"    // Phiếu từ chối tiếp nhận giải quyết hồ sơ
	FormApology    = "apology"    // Phiếu xin lỗi và hẹn lại; Văn bản xin lỗi và đề nghị gia hạn
	FormStop       = "stop"       // Thông báo dừng giải quyết hồ sơ

	FormControlSlip = "control-slip" // Phiếu kiểm soát quá trình giải quyết hồ sơ
	FormRegister    = "register"     // Sổ theo dõi hồ sơ
	FormHandOver    = "hand-over"    // Giấy biên nhận trả kết quả: in use everywhere, in no act
	FormPapersBack  = "papers-back"  // Phiếu trả lại giấy tờ: likewise
)

// FormNames lists every form by what it tells.
var FormNames = []string{
	FormReceipt, FormSupplement, FormRefusal, FormApology, FormStop, FormControlSlip, FormRegister, FormHandOver, FormPapersBack,
}

// For is the form that tells the applicant what an action with these facts brought, nil where none does.
func (s FormSet) For(a Action, f Facts) *Form {
	if f.Promise != nil && (a == SetFees || a == PayFees || a == ExemptFees || a == CancelFees) { // the clock runs again
		return s.Named(FormReceipt)
	}
	return s.Named(map[Action]string{
		Accept: FormReceipt, Refuse: FormRefusal, RequestSupplement: FormSupplement, CompleteSupplement: FormReceipt,
		ConfirmPayment: FormReceipt, ApproveExtension: FormApology, Stop: FormStop,
	}[a])
}

// Named is a form with the act that it is in, nil where the set has none. The slip for papers is in no act, and a set need not name it.
func (s FormSet) Named(name string) *Form {
	f, there := s.Forms[name]
	switch {
	case !there && name == FormPapersBack:
		f.Title = "Phiếu trả lại giấy tờ"
	case !there:
		return nil
	}
	if f.Number != "" {
		f.Act = s.Act
	}
	return &f
}

// RulesOn is the set in force on the date, the one that stands last of several from the same day. The error is Invalid when none is.
func RulesOn(sets []RuleSet, on catalog.Date) (RuleSet, error) {
	var best RuleSet
	for _, s := range sets {
		if s.EffectiveFrom <= on && s.EffectiveFrom >= best.EffectiveFrom {
			best = s
		}
	}
	if best.ID == "" {
		return best, fault.New(fault.Invalid, "no-rules", "no deadline rules are in force on %s", on)
	}
	return best, nil
}

// stops says whether the clock of the dossier stands in the state.
func (s RuleSet) stops(in State, d Dossier) bool {
	switch s.StopsClock[in] {
	case StopsAlways:
		return true
	case StopsProcedure:
		return in == PaymentRequired && d.Procedure.PaymentStops
	}
	return false
}

// Allows says why the rules of the dossier do not allow the action, nil if they do; what its state allows is Can's to say. The step is the
// one that the action is about, 0 where it is about none.
func (s RuleSet) Allows(d Dossier, a Action, step int) error {
	if a == RequestExtension && d.Extensions() >= s.Extension.Most {
		return fault.New(fault.Conflict, "extensions-used-up", "the date was moved %d times; the rules allow %d", d.Extensions(), s.Extension.Most)
	}
	if x := d.endedBy(a, step); s.TakeOver && x != nil && x.TakenBy == nil && d.handedOn(*x) {
		return fault.New(fault.Conflict, "take-first", "step %d came from another agency; take it first, so that both sides of the hand-over stand in the journal", x.No)
	}
	return nil
}

// or is a setting, or what holds where the rules do not say.
func or[T any](setting *T, otherwise T) T {
	if setting == nil {
		return otherwise
	}
	return *setting
}

// MostForAnAnswer is the longest that an applicant can be given for a supplement, where the rules do not say: twice the usual thirty
// working days (mem).
var MostForAnAnswer = worktime.Term{Value: worktime.Whole(60), Unit: worktime.WorkingDay}

func (s RuleSet) answerMost() worktime.Term { return or(s.AnswerMost, MostForAnAnswer) }

// LeastForAnAnswer is the least that an applicant can be given for a supplement or a payment, where the rules do not say (mem).
var LeastForAnAnswer = worktime.Term{Value: worktime.Whole(1), Unit: worktime.WorkingDay}

func (s RuleSet) answerLeast() worktime.Term { return or(s.AnswerLeast, LeastForAnAnswer) }

// RestartWithin is until when a request for papers can bring the full term again, where the rules do not say.
var RestartWithin = worktime.Term{Value: worktime.Whole(3), Unit: worktime.WorkingDay}

func (s RuleSet) restartWithin() worktime.Term { return or(s.RestartWithin, RestartWithin) }

// LateEntryDays is how many days afterwards a clerk may write down what came in, where the rules do not say.
const LateEntryDays = 7

func (s RuleSet) lateEntryDays() int { return or(s.LateEntryDays, LateEntryDays) }

// Enters says why what was received at an instant cannot be written down at a later one; lead says whether a superior does it.
func (s RuleSet) Enters(received, recorded time.Time, zone *time.Location, lead bool) error {
	y, m, d := recorded.In(zone).Date()
	if n := s.lateEntryDays(); !lead && received.Before(time.Date(y, m, d-n, 0, 0, 0, 0, zone)) {
		var wrong fault.Fields
		wrong.Add("received_at", "approver-required", "is more than %d days ago", n)
		e := fault.New(fault.Forbidden, "approver-required", "what came in more than %d days ago a superior has to write down", n)
		e.Fields = wrong
		return e
	}
	return nil
}

// WaitsUnapproved is how often officers may stop the clock of a dossier for somebody outside, where the rules do not say.
const WaitsUnapproved = 1

func (s RuleSet) waitsUnapproved() int { return or(s.WaitsUnapproved, WaitsUnapproved) }

// Approved says whether an action at the instant that the rules leave to a superior is one's to take; lead says whether one is a superior.
// Without facts it speaks of the action as such.
func (s RuleSet) Approved(d Dossier, a Action, at time.Time, f Facts, lead bool) error {
	if n := d.clockWaits(); a == BeginWait && !lead && d.waitStops(f.Wait, at) && n >= s.waitsUnapproved() {
		return fault.New(fault.Forbidden, "wait-approver-required", "the clock stood for somebody outside %d times already; a superior has to stop it again", n)
	}
	if n := d.clockBills(); a == RequestPayment && !lead && s.stops(PaymentRequired, d) && !d.late(at) && n >= s.waitsUnapproved() {
		return fault.New(fault.Forbidden, "wait-approver-required", "the clock stood for a payment %d times already; a superior has to stop it again", n)
	}
	if a == RequestSupplement && !lead && d.Supplements >= s.SupplementsUnapproved {
		return fault.New(fault.Forbidden, "approver-required", "papers were asked for %d times already; a superior has to ask for more", d.Supplements)
	}
	if a == Return && !lead && d.FeesOpen() {
		return fault.New(fault.Conflict, "fees-open", "%d đồng are open; take them, or have a superior return the result with a reason", d.FeeTotals().Open)
	}
	return nil
}

var ruleSetID = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,63}$`)

// Check names every field that is wrong. The error is a fault of code "rules-invalid".
func (s RuleSet) Check() error {
	var wrong fault.Fields
	if !ruleSetID.MatchString(s.ID) {
		wrong.Add("id", "pattern", "must be 2 to 64 of a-z, 0-9, dot, dash, underscore and begin with a letter or digit")
	}
	if _, err := catalog.ParseDate(string(s.EffectiveFrom)); err != nil {
		wrong.Add("effective_from", "date", "is not a date like 2025-07-01")
	}
	if s.Source == "" {
		wrong.Add("source", "required", "is missing: say which act and article these rules come from")
	}
	if err := s.Rules.Check(); err != nil {
		wrong.Add("rules", "unknown", "%v", err)
	}
	s.checkPolicies(&wrong)
	for name, n := range map[string]int{
		"waits_unapproved": s.waitsUnapproved(), "late_entry_days": s.lateEntryDays(),
		"acceptance_hours": s.AcceptanceHours, "warn_hours": s.WarnHours, "escalate_hours": s.EscalateHours,
		"supplements_unapproved": s.SupplementsUnapproved, "extension.most": s.Extension.Most, "extension.lead_days": int(s.Extension.LeadDays),
	} {
		if n < 0 || n > 1000 {
			wrong.Add(name, "maximum", "must lie between 0 and 1000")
		}
	}
	if err := s.Answer.Check(); err != nil {
		wrong.Add("answer", "term-invalid", "%v", err)
	}
	for name, span := range map[string]*worktime.Term{"answer_most": s.AnswerMost, "answer_least": s.AnswerLeast, "restart_within": s.RestartWithin, "extension.longest": s.Extension.Longest} {
		if span != nil && (span.Check() != nil || !span.Dated() || span.Value.IsZero()) {
			wrong.Add(name, "term-invalid", "must be a span of time that is not nothing")
		}
	}
	if s.HandOver != nil {
		if err := s.HandOver.Check(); err != nil {
			wrong.Add("hand_over", "term-invalid", "%v", err)
		}
	}
	return wrong.Err("rules-invalid", "the rules cannot be kept")
}

func (s RuleSet) checkPolicies(wrong *fault.Fields) {
	if s.Counters != "" && s.Counters != BoundCounters && s.Counters != AnyCounter {
		wrong.Add("counters", "unknown", "%q is none of BOUND, ANY", s.Counters)
	}
	for channel, due := range s.FeesDue {
		if !slices.Contains(catalog.Channels, channel) || !slices.Contains(FeeDues, due) {
			wrong.Add("fees_due."+string(channel), "unknown", "channels are %v, times are %v", catalog.Channels, FeeDues)
		}
	}
	for state, stop := range s.StopsClock {
		if state != SupplementRequested && state != PaymentRequired {
			wrong.Add("stops_clock."+string(state), "unknown", "only in states 5 and 6 the clock can stand")
		}
		if stop != StopsAlways && stop != StopsProcedure && stop != StopsNever {
			wrong.Add("stops_clock."+string(state), "unknown", "%q is none of ALWAYS, PROCEDURE, NEVER", stop)
		}
	}
	for name, policy := range map[string]string{"supplement_before_steps": s.SupplementBeforeSteps, "supplement_in_steps": s.SupplementInSteps} {
		if policy != Shift && policy != Restart {
			wrong.Add(name, "unknown", "%q is none of SHIFT, RESTART", policy)
		}
	}
	for name, form := range s.Forms.Forms {
		if !slices.Contains(FormNames, name) {
			wrong.Add("forms.forms."+name, "unknown", "is none of %s", strings.Join(FormNames, ", "))
		}
		if form.Number == "" && name != FormHandOver && name != FormPapersBack || form.Title == "" {
			wrong.Add("forms.forms."+name, "required", "needs its number and its title")
		}
	}
	if s.Forms.Act == "" {
		wrong.Add("forms.act", "required", "is missing")
	}
}
