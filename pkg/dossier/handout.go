package dossier

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/fault"
)

// HandedOut says who received the result, or papers without one, how and where, and which papers went.
type HandedOut struct {
	Method    ReturnMethod `json:"method"`
	Party     Party        `json:"party,omitempty"`    // "" is Self
	Receiver  string       `json:"receiver,omitempty"` // "" is the applicant
	Document  string       `json:"document,omitempty"` // number of the receiver's paper: identity card, letter of authority
	Address   string       `json:"address,omitempty"`  // that the post takes it to; "" is the applicant's
	Tracking  string       `json:"tracking,omitempty"` // of the post
	FileNo    int          `json:"file_no,omitempty"`  // of the dossier's file of the result that went online
	File      string       `json:"file,omitempty"`     // its name; the event says it itself, whatever becomes of the file
	FileHash  string       `json:"file_hash,omitempty"`
	GivenBack []GivenBack  `json:"given_back,omitempty"` // of the checklist
	Originals []string     `json:"originals,omitempty"`  // papers given back, in words
	Signed    bool         `json:"signed,omitempty"`     // the receiver signed for it
	AgencyID  uuid.UUID    `json:"agency_id,omitzero"`   // where it was handed out
}

// Party is as whom somebody received a result.
type Party string

// The parties.
const (
	Self       Party = "SELF"       // the applicant, or for an organisation whoever speaks for it
	Authorised Party = "AUTHORISED" // người được ủy quyền
)

// ReturnMethod is how a result leaves (hình thức trả).
type ReturnMethod string

// The return methods.
const (
	ReturnInPerson ReturnMethod = "IN_PERSON"
	ReturnPost     ReturnMethod = "POST"
	ReturnOnline   ReturnMethod = "ONLINE"
)

// Methods lists them.
var Methods = []ReturnMethod{ReturnInPerson, ReturnPost, ReturnOnline}

// Returning is the agency that hands out the result, or did.
func (d Dossier) Returning() uuid.UUID {
	switch {
	case d.Return != nil && d.Return.AgencyID != uuid.Nil:
		return d.Return.AgencyID
	case d.ReturningID != uuid.Nil:
		return d.ReturningID
	}
	return d.ReceivingID
}

// undocumented says whether the result has neither the number of its document nor its file. What is done on the spot may have no document.
func (d Dossier) undocumented() bool {
	return d.Result != nil && !numbers(d.Result.Number) && len(d.FilesOf(OfResult, 0)) == 0 && !d.Procedure.OnTheSpot
}

// check names everything that is wrong with how the result of the dossier left.
func (h *HandedOut) check(d Dossier, wrong *fault.Fields) {
	if h == nil {
		wrong.Add("handed_out", "required", "is missing: say how the result left")
		return
	}
	switch {
	case h.Method != ReturnOnline:
		if h.FileNo != 0 {
			wrong.Add("handed_out.file_no", "not-here", "belongs to %v", ReturnOnline)
		}
	case h.FileNo != 0:
		if d.resultFile(h.FileNo) == nil {
			wrong.Add("handed_out.file_no", "unknown", "is the number of no file of the result")
		}
	case d.Result != nil: // without a result there is no document
		wrong.Add("handed_out.file_no", "required", "is missing: attach the file of the result and say its number")
	}
	h.checkWay(d, Methods, wrong)
}

// checkWay names everything that is wrong with by which of the ways something left, who received it and which papers went.
func (h *HandedOut) checkWay(d Dossier, methods []ReturnMethod, wrong *fault.Fields) {
	require := func(field, value string, why fault.Text) {
		if strings.TrimSpace(value) == "" {
			wrong.Put("handed_out."+field, "required", why)
		}
	}
	if !slices.Contains(methods, h.Method) {
		wrong.Add("handed_out.method", "unknown", "%q is none of %v", h.Method, methods)
	}
	if h.Method == ReturnPost {
		require("tracking", h.Tracking, fault.Say("is missing: the post gives a number"))
		require("address", cmp.Or(h.Address, d.Applicant.Address), fault.Say("is missing: the applicant has none on record, say where it was sent"))
	}
	if h.Method != ReturnPost {
		if h.Tracking != "" {
			wrong.Add("handed_out.tracking", "not-here", "belongs to %v", ReturnPost)
		}
		if h.Address != "" {
			wrong.Add("handed_out.address", "not-here", "belongs to %v", ReturnPost)
		}
	}
	switch h.Party {
	case "", Self:
	case Authorised:
		require("receiver", h.Receiver, fault.Say("is missing: say who received it"))
		require("document", h.Document, fault.Say("is missing: say by which paper"))
	default:
		wrong.Add("handed_out.party", "unknown", "%q is none of SELF, AUTHORISED", h.Party)
	}
	onOneLine("handed_out.receiver", h.Receiver, wrong)
	onOneLine("handed_out.document", h.Document, wrong)
	onOneLine("handed_out.tracking", h.Tracking, wrong)
	onOneLine("handed_out.address", h.Address, wrong)
	checkGivenBack(d, h.GivenBack, wrong)
	for i, paper := range h.Originals {
		field := fmt.Sprintf("originals[%d]", i)
		require(field, paper, fault.Say("is missing: name the paper"))
		onOneLine("handed_out."+field, paper, wrong)
	}
}

// resultFile is the file of the number, if it is one of the result and still attached.
func (d Dossier) resultFile(no int) *File {
	if x := d.File(no); x != nil && x.Of == OfResult && x.RemovedAt == nil {
		return x
	}
	return nil
}

// nameFile writes down what the file is that goes out.
func (d Dossier) nameFile(f *Facts) {
	if f.HandedOut == nil {
		return
	}
	out := *f.HandedOut
	out.File, out.FileHash = "", ""
	if x := d.resultFile(out.FileNo); x != nil {
		out.File, out.FileHash = x.Name, x.SHA256
	}
	f.HandedOut = &out
}

// Misfiled says what is wrong with the file that an event says went out, "" if nothing is.
func (d Dossier) Misfiled(k Kind, f Facts) string {
	out := f.HandedOut
	if out == nil || k != WasReturned {
		return ""
	}
	x := d.resultFile(out.FileNo)
	switch {
	case x == nil && (out.FileNo != 0 || out.File != "" || out.FileHash != "" || out.Method == ReturnOnline && d.Result != nil):
		return "what went out is no file of the dossier's result"
	case x != nil && (out.File != x.Name || out.FileHash != x.SHA256):
		return "the file that went out has another name or hash than the one attached"
	}
	return ""
}

// ReturnChoice is how and where the applicant wants the result (đăng ký nhận kết quả), at the intake or changed later; what is empty then stays as it
// was.
type ReturnChoice struct {
	AgencyID uuid.UUID    `json:"agency_id,omitzero"`
	Method   ReturnMethod `json:"method,omitempty"`
	Address  string       `json:"address,omitempty"` // for the post; "" is the applicant's
}

// check names everything that is wrong with a choice of somebody who lives at the address.
func (c *ReturnChoice) check(address string, wrong *fault.Fields) {
	if c == nil || *c == (ReturnChoice{}) {
		wrong.Add("return_choice", "required", "is missing: say where or how the result is wanted")
		return
	}
	onOneLine("return_choice.address", c.Address, wrong)
	switch c.Method {
	case ReturnPost:
		if strings.TrimSpace(c.Address) == "" && address == "" {
			wrong.Add("return_choice.address", "required", "is missing: the applicant has none on record, say where it is to be sent")
		}
	case "", ReturnInPerson, ReturnOnline:
		if c.Address != "" {
			wrong.Add("return_choice.address", "not-here", "belongs to POST")
		}
	default:
		wrong.Add("return_choice.method", "unknown", "%q is none of %v", c.Method, Methods)
	}
}

// choose writes the choice down. A result that is there already waits at the counter that was chosen.
func (d *Dossier) choose(c *ReturnChoice) {
	if c == nil {
		return
	}
	if c.AgencyID != uuid.Nil {
		if d.ReturningID = c.AgencyID; c.AgencyID == d.ReceivingID {
			d.ReturningID = uuid.Nil
		}
		if d.State == Resolved {
			d.HolderID = d.Returning()
		}
	}
	if c.Method != "" {
		d.ReturnChoice = &ReturnChoice{Method: c.Method, Address: c.Address}
	}
}

// handOut writes down how the result left, and from which counter.
func (d *Dossier) handOut(e Event, out *HandedOut) {
	d.State, d.ReturnedAt, d.Return = Returned, ptr(e.At), out
	d.HolderID = d.Returning()
	if out == nil {
		return
	}
	d.takeOff(*out)
}
