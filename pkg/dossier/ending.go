package dossier

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
)

// LeastReason is how many characters it takes to say why a dossier is ended, or an end of it taken back, and what an applicant is told to bring or
// to wait for: "x" is no reason that anybody could answer.
const LeastReason = 10

// Document is a paper of an office (văn bản): its number and its day.
type Document struct {
	Number string       `json:"number"`
	Date   catalog.Date `json:"date"`
}

// Request (đề nghị rút hồ sơ) says who asked for a dossier to be given up, and how: an office cannot withdraw for the applicant in silence.
type Request struct {
	By   Requester `json:"by"`
	How  Manner    `json:"how"`
	Name string    `json:"name,omitempty"` // of the proxy
}

// Requester is as whom somebody asks.
type Requester string

// The requesters.
const (
	ByApplicant Requester = "APPLICANT"
	BySubmitter Requester = "SUBMITTER" // who handed it in
	ByProxy     Requester = "PROXY"     // somebody else, authorised
)

// Requesters lists them.
var Requesters = []Requester{ByApplicant, BySubmitter, ByProxy}

// Manner is how a request came.
type Manner string

// The manners.
const (
	Written   Manner = "WRITTEN"
	AtCounter Manner = "COUNTER"
	FromAfar  Manner = "ONLINE"
)

// Manners lists them.
var Manners = []Manner{Written, AtCounter, FromAfar}

// Resumed is an end of processing that was taken back. It stays in the journal and here; what counts is the end that came after.
type Resumed struct {
	State      State     `json:"state"` // that the dossier was in
	FinishedAt time.Time `json:"finished_at"`
	At         time.Time `json:"at"`
	Reason     string    `json:"reason"`
	By         By        `json:"by"`
}

// wasResolved says whether a result was there and was recalled.
func (d Dossier) wasResolved() bool {
	return slices.ContainsFunc(d.Resumptions, func(r Resumed) bool { return r.State == Resolved })
}

// inFull says whether the reason of an action is one that somebody is told and may contest: of an end before its time or one that is taken back,
// of papers that are asked for, of more time, of work that is begun again.
func (a Action) inFull() bool {
	return a == Refuse || a == Withdraw || a == Stop || a == Recall || a == Reopen || a == RequestSupplement || a == RequestExtension ||
		a == SendBack || a == RecallStep
}

// checkReason names what is wrong with the reason of an action that needs one.
func checkReason(a Action, reason string, wrong *fault.Fields) {
	least := 1
	if a.inFull() {
		least = LeastReason
	}
	checkLength("reason", reason, least, fault.Say("is missing"), wrong)
}

// checkLength refuses a text that says nothing, and one that says less than so many characters.
func checkLength(field, text string, least int, missing fault.Text, wrong *fault.Fields) {
	switch n := letters(text); {
	case n == 0:
		wrong.Put(field, "required", missing)
	case n < least:
		wrong.Add(field, "too-short", "says too little: at least %d characters", least)
	}
}

// checkSays refuses a text that says nothing, as a dot does.
func checkSays(field, text string, missing fault.Text, wrong *fault.Fields) {
	switch {
	case letters(text) == 0:
		wrong.Put(field, "required", missing)
	case !says(text):
		wrong.Add(field, "too-short", "says nothing")
	}
}

// says is true of a text with two letters or digits.
func says(text string) bool {
	n := 0
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n >= 2
}

// letters counts what is written in a text; white space counts once, and not at its ends.
func letters(s string) int { return utf8.RuneCountInString(strings.Join(strings.Fields(s), " ")) }

// checkEnding names what is wrong with what a stop rests on and with who asked for a withdrawal.
func (d Dossier) checkEnding(a Action, at time.Time, f Facts, wrong *fault.Fields) {
	f.Document.check(d.SubmittedAt, at, wrong)
	if a == Stop && f.Document == nil && (!d.unanswered(at) || d.wasResolved()) {
		wrong.Add("document", "required", "is missing: number and day of the document that the stop rests on")
	}
	if a != Withdraw {
		return
	}
	r := f.Request
	if r == nil {
		wrong.Add("request", "required", "is missing: say who asked for it and how")
		return
	}
	if !slices.Contains(Requesters, r.By) {
		wrong.Add("request.by", "unknown", "%q is none of %v", r.By, Requesters)
	}
	if !slices.Contains(Manners, r.How) {
		wrong.Add("request.how", "unknown", "%q is none of %v", r.How, Manners)
	}
	switch {
	case r.By == BySubmitter && d.Submitter == nil:
		wrong.Add("request.by", "unknown", "is nobody: the applicant handed the dossier in")
	case r.By == ByProxy && strings.TrimSpace(r.Name) == "":
		wrong.Add("request.name", "required", "is missing: who asked for the applicant")
	}
}

// unansweredReasons say why a dossier ends of which the applicant did not do in time what was asked for.
var unansweredReasons = map[State]string{
	SupplementRequested: "Quá thời hạn bổ sung, hoàn thiện hồ sơ mà người nộp không bổ sung",
	PaymentRequired:     "Quá thời hạn thực hiện nghĩa vụ tài chính mà người nộp không nộp tiền",
}

// unanswered says whether the papers or the money that the applicant was asked for did not come in the time that the rules give: that is what a
// stop or a refusal then rests on. A time that an officer chose is no ground of its own.
func (d Dossier) unanswered(at time.Time) bool {
	by := d.AnswerBy()
	return by != nil && !d.Asked.Chosen && !at.Before(*by)
}

// check names what is wrong with a document about something that came in at an instant. Its day may be a day ahead of the clock, which is
// in no office's zone, and is over in UTC no sooner than there.
func (x *Document) check(came, at time.Time, wrong *fault.Fields) {
	if x == nil {
		return
	}
	if strings.TrimSpace(x.Number) == "" {
		wrong.Add("document.number", "required", "is missing")
	}
	checkDocumentNumber("document.number", x.Number, wrong)
	switch day, err := time.Parse(time.DateOnly, cmp.Or(string(x.Date), "-")); {
	case err != nil:
		wrong.Add("document.date", "date", "is no date like 2026-11-02")
	case day.After(at.AddDate(0, 0, 1)):
		wrong.Add("document.date", "future", "lies in the future")
	case day.AddDate(0, 0, 1).Before(came):
		wrong.Add("document.date", "order", "lies before the dossier came in")
	}
}

// checkDocumentNumber refuses a number of a document that is none, as a dot is, where one is given.
func checkDocumentNumber(field, number string, wrong *fault.Fields) {
	if strings.TrimSpace(number) != "" && !numbers(number) {
		wrong.Add(field, "pattern", "has neither a letter nor a digit")
	}
	onOneLine(field, number, wrong)
}

// numbers says whether a text can be the number of a document: one without a letter or a digit numbers nothing.
func numbers(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

func (d *Dossier) end(as State, at time.Time, reason string) {
	d.closePause(at)
	for i := range d.Waits {
		if d.Waits[i].To == nil {
			d.Waits[i].To = ptr(at)
		}
	}
	d.leaveCounter(at)
	for _, s := range d.UnderWay() {
		d.leave(*s, at)
	}
	d.State, d.ResumeState, d.FinishedAt, d.AcceptBy, d.Reason = as, "", ptr(at), nil, reason
	d.StepNo, d.HolderID, d.Extension, d.Asked, d.Awaited = 0, d.ReceivingID, nil, nil, nil
}

// reopen leads back to the steps that were not done, or to the last stage, which begin again. The end that is taken back stays to be seen.
func (d *Dossier) reopen(e Event, f Facts) {
	at := e.At
	if d.FinishedAt != nil {
		d.Resumptions = append(slices.Clip(d.Resumptions), Resumed{State: d.State, FinishedAt: *d.FinishedAt, At: at, Reason: f.Reason, By: e.By})
	}
	d.State, d.FinishedAt, d.Result, d.Document, d.Reason = InProgress, nil, nil, nil, f.Reason
	d.HolderID = d.DecidingID
	d.promise(e, f)
	d.begin(d.LeftOpen(), at, f)
}
