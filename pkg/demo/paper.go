package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/forms"
)

// Who hands in what, and of what there is a file, is decided by the dossier's id as fees are: the lives stay as they were, and files are attached in
// the seconds behind the event that they come with, before anything else can happen.
const (
	scannedIn    = 8  // one in so many of what comes over a counter is scanned
	filedOnline  = 3  // of what comes online has files
	comesAgain   = 16 // of citizens has been there before
	resultAsFile = 2  // of the results of those
)

// component of a procedure, with the copies that its kind takes: one of whatever its name says.
func component(name string) catalog.Component {
	c := catalog.Component{Name: name, Optional: strings.HasSuffix(name, "(nếu có)")}
	switch first := strings.ToLower(name); {
	case strings.HasPrefix(first, "bản sao"):
		c.Copy = 1
	case strings.HasPrefix(first, "tờ khai"), strings.HasPrefix(first, "đơn "), strings.HasPrefix(first, "giấy đề nghị"):
		c.Form = 1
	default:
		c.Original = 1
	}
	return c
}

// onPaper says whether it is handed in over a counter or by post.
func (a *arrival) onPaper() bool { return a.channel != catalog.Online || a.onBehalf }

// handedIn is what comes over the counter with the dossier: all of the checklist, and now and then what not everybody has.
func (p *play) handedIn() []dossier.Received {
	if !p.onPaper() {
		return nil
	}
	var all []dossier.Received
	for i, c := range p.item.Components {
		if !c.Optional || p.oneIn(3) {
			all = append(all, dossier.Received{No: i + 1, Copies: c.Copies})
		}
	}
	return all
}

// sample is a file that many dossiers name: a page that says that it is none.
type sample struct {
	content []byte
	file    dossier.File
}

// samples are one for each origin of papers, and one for results.
func samples(made time.Time) (all []sample, err error) {
	for _, x := range []struct {
		of     dossier.FileOf
		origin dossier.Origin
		title  string
	}{
		{dossier.OfPart, dossier.Scanned, "Bản quét minh họa"},
		{dossier.OfPart, dossier.BornDigital, "Giấy tờ điện tử minh họa"},
		{dossier.OfResult, dossier.BornDigital, "Kết quả minh họa"},
	} {
		content, err := forms.PDF(made, forms.Sheet{Name: x.title, Title: x.title, Blocks: []forms.Block{{Text: forms.Text{{Letters: Notice}}}}})
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(content)
		all = append(all, sample{content, dossier.File{
			Of: x.of, Origin: x.origin, MediaType: "application/pdf", Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:]),
		}})
	}
	return all, nil
}

// filed is what the office has of citizens as files.
type filed struct {
	papers map[string]dossier.File // by number and name of the paper, each with where it lies in From
	last   map[*office]*arrival    // who was there last with files, by counter
}

// again makes somebody else of the arrival now and then: a citizen who has handed in files there before.
func (w *world) again(a, known *arrival) {
	before := w.filed.last[a.home]
	if before != nil && a != known && a.applicant.Kind == dossier.Citizen && a.submitter == nil && int(a.id[10])%comesAgain == 0 {
		a.applicant = before.applicant
	}
}

// attachPapers attaches what comes as files with the intake: each paper, from a dossier of before where it is there.
func (p *play) attachPapers() {
	new, some, by := p.samples[0].file, scannedIn, p.clerk()
	if !p.onPaper() {
		new, some, by = p.samples[1].file, filedOnline, p.roster.portal
	}
	known := func(c catalog.Component) (dossier.File, bool) {
		f, there := p.filed.papers[p.applicant.IDNumber+" "+c.Name]
		return f, there && p.applicant.Kind == dossier.Citizen
	}
	if !p.oneIn(some) && !slices.ContainsFunc(p.item.Components, func(c catalog.Component) bool { _, there := known(c); return there }) {
		return
	}
	for i, c := range p.item.Components {
		if c.Optional && !p.d.Parts[i].Received.Any() {
			continue
		}
		f, there := known(c)
		if !there {
			f = new
		}
		f.Part, f.Name = i+1, strings.TrimSuffix(c.Name, " (nếu có)")+".pdf"
		p.attach(f, by)
		if !there && len(p.d.Files) > 0 && p.applicant.Kind == dossier.Citizen {
			f.Origin, f.From = dossier.FromReuse, &dossier.FileSource{Dossier: p.code, File: len(p.d.Files), Of: f.Of}
			p.filed.papers[p.applicant.IDNumber+" "+c.Name], p.filed.last[p.home] = f, p.arrival
		}
	}
}

// attachResult attaches the result as it was signed: always where it goes out online, and to some of the other dossiers that have files.
func (p *play) attachResult() {
	some := len(p.d.Files) > 0 && int(p.id[9])%resultAsFile == 0
	if p.d.State == dossier.Resolved && !p.item.NoResult && (p.goesOnline() || some) {
		f := p.samples[2].file
		f.Name = p.code + "-KQ.pdf"
		p.attach(f, p.clerk())
	}
}

// goesOnline says whether the result goes out online.
func (p *play) goesOnline() bool {
	return p.channel == catalog.Online && p.item.OnlineLevel == catalog.OnlineFull
}

func (p *play) attach(f dossier.File, by dossier.By) {
	at := p.events[len(p.events)-1].At.Add(time.Second)
	if !at.Before(p.cut) {
		return
	}
	d, e, err := p.d.Attach(dossier.Move{At: at, Recorded: at, By: by}, f)
	if err != nil {
		p.fail(err)
		return
	}
	p.d, p.events = d, append(p.events, e)
}
