package forms

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

//go:embed fonts/*.ttf fonts/OFL.txt
var fonts embed.FS

// family is the typeface: Be Vietnam Pro (SIL Open Font License, fonts/OFL.txt), of which a document holds only the letters it uses.
const family = "be"

// measures are those of a paper: millimetres, but letters in points.
type measures struct {
	margin   float64 // at the sides; a little less above and below
	leading  float64 // of a line, in mm for each point of its letters
	body     float64
	minor    float64 // of tables and lists
	note     float64
	gap      float64 // between blocks
	qr       float64
	signRoom float64
	padding  float64 // above and below what stands in a cell
}

// settings are how a paper may be set, roomily first: it takes the first that brings it onto one leaf, and is set roomily over several if
// none does. What is to be read is never smaller than 9 points, only notes are.
var settings = []measures{
	{margin: 10, leading: 0.49, body: 9.2, minor: 9, note: 8, gap: 1.3, qr: 19, signRoom: 13, padding: 0.8},
	{margin: 9, leading: 0.455, body: 9.2, minor: 9, note: 8, gap: 0.9, qr: 18, signRoom: 11, padding: 0.6},
	{margin: 8, leading: 0.42, body: 9, minor: 9, note: 8, gap: 0.5, qr: 15.5, signRoom: 9.5, padding: 0.35},
}

// lyingSize is of the letters of a table with as many columns as a register has.
const lyingSize = 6.8

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
		p := printer{f: f, sheet: s, measures: settings[0]}
		if n := slices.IndexFunc(settings, p.fits); n >= 0 && !s.Lying {
			p.measures = settings[n]
		}
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
	measures
	dry   bool    // nothing is printed: only how many leaves it takes is wanted
	y     float64 // where the next block begins
	width float64 // between the margins
	end   float64 // below which nothing stands
	leaf  int
}

// fits says whether the sheet takes one leaf, without its annex, which always begins one.
func (p *printer) fits(m measures) bool {
	try := printer{f: p.f, sheet: p.sheet, measures: m, dry: true}
	try.sheet.Annex = nil
	try.print()
	return try.leaf == 1
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
		p.y += p.gap
		for _, t := range p.sheet.Foot {
			p.paragraph(t, p.margin, p.width, p.note, ToLeft)
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
	wide, high := size.Wd, size.Ht
	if p.sheet.Lying {
		wide, high = high, wide
	}
	if p.leaf++; !p.dry {
		p.f.AddPageFormat(orientation, size)
	}
	p.width, p.y, p.end = wide-2*p.margin, p.margin-2, high-p.margin+2
	if p.leaf > 1 || p.sheet.Lying {
		mark := strconv.Itoa(p.leaf)
		if p.sheet.Code != "" {
			mark = p.sheet.Code + " – " + mark
		}
		p.line(p.set(plain(mark), p.width, p.note)[0], p.margin, high-p.margin+5, p.width, p.note, ToRight)
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
		p.paragraph(italic(s.Cited), p.margin, p.width, p.note-0.6, ToRight)
	}
	top, left, right := p.y, p.width*0.47, p.width*0.52
	at, size := p.margin+p.width-right, p.body-0.4
	if s.Head.Above != "" {
		p.balanced(plain(strings.ToUpper(s.Head.Above)), p.margin, left, size-0.4)
	}
	p.balanced(bold(strings.ToUpper(s.Head.Unit)), p.margin, left, size-0.4)
	p.rule(p.margin+left/3, p.y+0.4, left/3)
	below := p.y
	p.y = top
	p.paragraph(bold(nation), at, right, size-0.4, Centred)
	p.paragraph(bold(motto), at, right, size, Centred)
	p.font(Bold, size)
	long := p.f.GetStringWidth(motto)
	p.rule(at+(right-long)/2, p.y+0.2, long)
	p.y = max(p.y, below) + 1.6
	top = p.y
	if s.Head.Number != "" {
		p.paragraph(plain(s.Head.Number), p.margin, left, size, Centred)
	}
	below, p.y = p.y, top
	if s.Head.Place != "" {
		p.balanced(italic(s.Head.Place), at, right, size-0.4)
	}
	p.y = max(p.y, below) + 1
}

// title stands in the middle, the QR code on its left.
func (p *printer) title() {
	top, left, width := p.y, p.margin, p.width
	if q := p.sheet.Squares(); q != nil {
		p.squares(*q, p.margin, top, p.qr)
		left, width = p.margin+p.qr+1, p.width-2*(p.qr+1)
		defer func() { p.y = max(p.y, top+p.qr+0.5) }()
	}
	p.y += 2
	p.balanced(bold(compounds.Replace(strings.ToUpper(p.sheet.Title))), left, width, p.body+2.2)
	if p.sheet.Code != "" {
		p.paragraph(join("Mã hồ sơ: ", bold(p.sheet.Code)), left, width, p.body, Centred)
	}
	for _, t := range p.sheet.Under {
		p.paragraph(t, left, width, p.body, Centred)
	}
	p.y += p.gap
}

func (p *printer) squares(q Squares, x, y, width float64) {
	if p.dry {
		return
	}
	unit := width / float64(q.Size)
	p.f.SetFillColor(0, 0, 0)
	for _, r := range q.Runs {
		p.f.Rect(x+float64(r.X)*unit, y+float64(r.Y)*unit, float64(r.Width)*unit, unit, "F")
	}
}

func (p *printer) rule(x, y, width float64) {
	if p.dry {
		return
	}
	p.f.SetLineWidth(0.25)
	p.f.Line(x, y, x+width, y)
}

func (p *printer) block(b Block) {
	switch {
	case len(b.Heading) > 0:
		p.room(12)
		p.paragraph(join(bold(b.Heading[0].Letters), b.Heading[1:]), p.margin, p.width, p.body+1, ToLeft)
	case b.Table != nil:
		p.table(*b.Table)
	case len(b.Fields) > 0:
		for _, f := range b.Fields {
			p.paragraph(join(f.Label+": ", f.Value), p.margin, p.width, p.body, ToLeft)
		}
	case len(b.List) > 0:
		for _, t := range b.List {
			p.paragraph(join("- ", t), p.margin+2, p.width-2, p.minor, ToLeft)
		}
	default:
		p.paragraph(b.Text, p.margin, p.width, p.body, ToLeft)
	}
	p.y += p.gap / 2
}

// sign leaves room for signatures side by side, and says on the left who receives the paper.
func (p *printer) sign() {
	n := len(p.sheet.Signatures)
	if n == 0 {
		return
	}
	at, width := p.margin, p.width/float64(n)
	if len(p.sheet.Recipients) > 0 {
		width = p.width * 0.58 / float64(n)
		at = p.margin + p.width*0.42
	}
	p.room(p.signRoom + 14)
	p.y += p.gap
	top, bottom := p.y, p.y
	for i, s := range p.sheet.Signatures {
		x := at + float64(i)*width
		p.y = top
		if s.Role != "" {
			p.paragraph(bold(strings.ToUpper(s.Role)), x, width, p.body-0.4, Centred)
			p.paragraph(italic(s.Note), x, width, p.note, Centred)
			p.y += p.signRoom
			p.paragraph(bold(s.Name), x, width, p.body, Centred)
		}
		bottom = max(bottom, p.y)
	}
	if len(p.sheet.Recipients) > 0 {
		p.y = top
		p.paragraph(bold("Nơi nhận:"), p.margin, p.width*0.4, p.note, ToLeft)
		for _, r := range p.sheet.Recipients {
			p.paragraph(plain("- "+r), p.margin, p.width*0.4, p.note, ToLeft)
		}
	}
	p.y = max(bottom, p.y)
}
