// Package forms makes the papers of the office. Each form is a function from what the journal says (Paper) to what stands on it (Sheet); a
// sheet is then printed as a page or as PDF, so that no text of a form exists twice. Vietnamese first, English beside it where a paper explains.
package forms

import (
	"github.com/motcua/motcua/pkg/dossier"
)

// makers are the forms of one dossier by name.
var makers = map[string]func(Paper) Sheet{
	dossier.FormReceipt:     Receipt,
	dossier.FormSupplement:  Supplement,
	dossier.FormRefusal:     Refusal,
	dossier.FormApology:     Apology,
	dossier.FormStop:        Stop,
	dossier.FormControlSlip: ControlSlip,
	dossier.FormHandOver:    HandOverSlip,
	dossier.FormPapersBack:  PapersBackSlip,
}

// Fill makes the named form of one dossier from a paper that Find began.
func Fill(name string, p Paper) Sheet { return makers[name](p) }
