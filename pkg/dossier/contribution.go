package dossier

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/fault"
)

// Contribution (ý kiến phối hợp) is what an officer in support says to a step. It moves neither the step nor a clock: the main officer
// answers for the step, with or without it.
type Contribution struct {
	StepNo int       `json:"step_no"`
	Text   string    `json:"text"`
	FileNo int       `json:"file_no,omitempty"` // of the dossier's file that it speaks of
	At     time.Time `json:"at"`
	By     By        `json:"by"`
}

// Supports says whether somebody is assigned to the step in support.
func (s Step) Supports(officer uuid.UUID) bool {
	if s.Assigned == nil {
		return false
	}
	for _, o := range s.Assigned.Support {
		if o.ID == officer {
			return true
		}
	}
	return false
}

// checkContribution names what is wrong with a contribution.
func (d Dossier) checkContribution(f Facts, wrong *fault.Fields) {
	if strings.TrimSpace(f.Note) == "" {
		wrong.Add("note", "required", "is missing: say what you have to say to the step")
	}
	if f.FileNo == 0 {
		return
	}
	if x := d.File(f.FileNo); x == nil || x.RemovedAt != nil {
		wrong.Add("file_no", "unknown", "is the number of no file of the dossier")
	}
}

func (d *Dossier) contribute(e Event, f Facts) {
	d.Contributions = append(d.Contributions, Contribution{StepNo: f.StepNo, Text: f.Note, FileNo: f.FileNo, At: e.At, By: e.By})
}
