package forms

import (
	"bytes"
	"embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

//go:embed fonts/*.ttf fonts/OFL.txt
var fonts embed.FS

// family is the typeface: Be Vietnam Pro (SIL Open Font License, fonts/OFL.txt), of which a document holds only the letters it uses.
const family = "be"

// Measures in millimetres, but letters in points.
const (
	margin   = 11.0
	leading  = 0.51 // of a line, in mm for each point of its letters
	body     = 8.6
	minor    = 7.4
	gap      = 1.3 // between blocks
	qrWidth  = 19.0
	signRoom = 13.0
)

// PDF prints sheets into one document, each beginning on a leaf of its own. made is written into it as its date.
func PDF(made time.Time, sheets ...Sheet) ([]byte, error) {
	f := fpdf.New("P", "mm", "A5", "")
	f.SetCatalogSort(true)
	f.SetCreationDate(made)
	f.SetModificationDate(made)
	f.SetLang("vi")
	f.SetProducer("Motcua", true)
	if len(sheets) > 0 {
		f.SetTitle(sheets[0].Name, true)
	}
	for _, cut := range []string{"Regular", "Bold", "Italic"} {
		letters, err := fonts.ReadFile("fonts/BeVietnamPro-" + cut + ".ttf")
		if err != nil {
			return nil, fmt.Errorf("font %s: %w", cut, err)
		}
		f.AddUTF8FontFromBytes(family, strings.TrimPrefix(cut[:1], "R"), letters)
	}
	f.SetAutoPageBreak(false, 0)
	f.SetMargins(0, 0, 0)
	for _, s := range sheets {
		p := printer{f: f, sheet: s}
		p.print()
	}
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	return b.Bytes(), nil
}

// printer sets one sheet.
type printer struct {
	f     *fpdf.Fpdf
	sheet Sheet
	y     float64 // where the next block begins
	width float64 // between the margins
	end   float64 // below which nothing stands
	leaf  int
}

func (p *printer) print() {
	p.newLeaf()
	p.head()
	p.title()
	for _, b := range p.sheet.Blocks {
		p.block(b)
	}
	p.sign()
	if len(p.sheet.Foot) > 0 {
		p.y += gap
		for _, t := range p.sheet.Foot {
			p.paragraph(t, margin, p.width, minor, ToLeft)
		}
	}
	if len(p.sheet.Annex) > 0 {
		p.newLeaf()
		for _, b := range p.sheet.Annex {
			p.block(b)
		}
	}
}

// newLeaf begins a leaf; from the second one on, and always in a register, it carries its number.
func (p *printer) newLeaf() {
	size, orientation := fpdf.SizeType{Wd: 148, Ht: 210}, "P"
	if p.sheet.Lying {
		size, orientation = fpdf.SizeType{Wd: 210, Ht: 297}, "L"
	}
	p.f.AddPageFormat(orientation, size)
	p.leaf++
	wide, high := p.f.GetPageSize()
	p.width, p.y, p.end = wide-2*margin, margin-2, high-margin+2
	if p.leaf > 1 || p.sheet.Lying {
		mark := strconv.Itoa(p.leaf)
		if p.sheet.Code != "" {
			mark = p.sheet.Code + " – " + mark
		}
		p.line(p.set(plain(mark), p.width, minor)[0], margin, high-margin+5, p.width, minor, ToRight)
	}
}

// room begins a new leaf unless so many millimetres are left.
func (p *printer) room(height float64) {
	if p.y+height > p.end {
		p.newLeaf()
	}
}

// head is who writes on the left, the nation's name on the right, and below them number and date.
func (p *printer) head() {
	s := p.sheet
	if s.Cited != "" {
		p.paragraph(italic(s.Cited), margin, p.width, minor-0.6, ToRight)
	}
	top, left, right := p.y, p.width*0.42, p.width*0.56
	at, size := margin+p.width-right, body-0.6
	if s.Head.Above != "" {
		p.paragraph(plain(strings.ToUpper(s.Head.Above)), margin, left, size-0.6, Centred)
	}
	p.paragraph(bold(strings.ToUpper(s.Head.Unit)), margin, left, size-0.6, Centred)
	p.rule(margin+left/3, p.y+0.4, left/3)
	below := p.y
	p.y = top
	p.paragraph(bold(nation), at, right, size-0.6, Centred)
	p.paragraph(bold(motto), at, right, size, Centred)
	p.font(Bold, size)
	long := p.f.GetStringWidth(motto)
	p.rule(at+(right-long)/2, p.y+0.2, long)
	p.y = max(p.y, below) + 1.6
	top = p.y
	if s.Head.Number != "" {
		p.paragraph(plain(s.Head.Number), margin, left, size, Centred)
	}
	below, p.y = p.y, top
	if s.Head.Place != "" {
		p.paragraph(italic(s.Head.Place), at, right, size, Centred)
	}
	p.y = max(p.y, below) + 1
}

// title stands in the middle, the QR code on its left.
func (p *printer) title() {
	top, left, width := p.y, margin, p.width
	if q := p.sheet.Squares(); q != nil {
		p.squares(*q, margin, top, qrWidth)
		left, width = margin+qrWidth+1, p.width-2*(qrWidth+1)
		defer func() { p.y = max(p.y, top+qrWidth+0.5) }()
	}
	p.y += 2
	p.balanced(bold(compounds.Replace(strings.ToUpper(p.sheet.Title))), left, width, body+2.2)
	if p.sheet.Code != "" {
		p.paragraph(join("Mã hồ sơ: ", bold(p.sheet.Code)), left, width, body, Centred)
	}
	for _, t := range p.sheet.Under {
		p.paragraph(t, left, width, body, Centred)
	}
	p.y += gap
}

func (p *printer) squares(q Squares, x, y, width float64) {
	unit := width / float64(q.Size)
	p.f.SetFillColor(0, 0, 0)
	for _, r := range q.Runs {
		p.f.Rect(x+float64(r.X)*unit, y+float64(r.Y)*unit, float64(r.Width)*unit, unit, "F")
	}
}

func (p *printer) rule(x, y, width float64) {
	p.f.SetLineWidth(0.25)
	p.f.Line(x, y, x+width, y)
}

func (p *printer) block(b Block) {
	switch {
	case len(b.Heading) > 0:
		p.room(12)
		p.paragraph(join(bold(b.Heading[0].Letters), b.Heading[1:]), margin, p.width, body+1, ToLeft)
	case b.Table != nil:
		p.table(*b.Table)
	case len(b.Fields) > 0:
		for _, f := range b.Fields {
			p.paragraph(join(f.Label+": ", f.Value), margin, p.width, body, ToLeft)
		}
	case len(b.List) > 0:
		for _, t := range b.List {
			p.paragraph(join("- ", t), margin+2, p.width-2, minor, ToLeft)
		}
	default:
		p.paragraph(b.Text, margin, p.width, body, ToLeft)
	}
	p.y += gap / 2
}

// sign leaves room for signatures side by side, and says on the left who receives the paper.
func (p *printer) sign() {
	n := len(p.sheet.Signatures)
	if n == 0 {
		return
	}
	at, width := margin, p.width/float64(n)
	if len(p.sheet.Recipients) > 0 {
		width = p.width * 0.58 / float64(n)
		at = margin + p.width*0.42
	}
	p.room(signRoom + 14)
	p.y += gap
	top, bottom := p.y, p.y
	for i, s := range p.sheet.Signatures {
		x := at + float64(i)*width
		p.y = top
		if s.Role != "" {
			p.paragraph(bold(strings.ToUpper(s.Role)), x, width, body-0.4, Centred)
			p.paragraph(italic(s.Note), x, width, minor, Centred)
			p.y += signRoom
			p.paragraph(bold(s.Name), x, width, body, Centred)
		}
		bottom = max(bottom, p.y)
	}
	if len(p.sheet.Recipients) > 0 {
		p.y = top
		p.paragraph(bold("Nơi nhận:"), margin, p.width*0.4, minor, ToLeft)
		for _, r := range p.sheet.Recipients {
			p.paragraph(plain("- "+r), margin, p.width*0.4, minor, ToLeft)
		}
	}
	p.y = max(bottom, p.y)
}
