package forms

// inset is what stays free on both sides of a cell, in mm.
const inset = 0.6

// grid is a table with the widths of its columns in millimetres.
type grid struct {
	Table
	widths []float64
	size   float64 // of its letters
	heads  []heading
	high   float64 // of the head
}

func (p *printer) table(t Table) {
	g := grid{Table: t, widths: make([]float64, len(t.Columns)), size: p.minor}
	if p.sheet.Lying {
		g.size = lyingSize
	}
	all := 0.0
	for _, c := range t.Columns {
		all += c.Share
	}
	for i, c := range t.Columns {
		g.widths[i] = c.Share / all * p.width
	}
	g.heads, g.high = p.headings(g)
	p.room(g.high + 2*g.size*p.leading)
	p.tableHead(g)
	for _, r := range t.Rows {
		p.row(g, r)
	}
}

// row prints a row. One that would fit on a leaf is kept together; a longer one goes over several.
func (p *printer) row(g grid, r Row) {
	cells, lines := make([][]word, len(g.Columns)), 1
	for i := range g.Columns {
		if i < len(r.Cells) {
			cells[i] = p.set(r.Cells[i], g.widths[i]-2*inset, g.size)
			lines = max(lines, len(cells[i]))
		}
	}
	step := g.size * p.leading
	for from := 0; from < lines; {
		fit := int((p.end - p.y - 2*p.padding) / step)
		whole := int((p.end - p.margin - g.high - 2*p.padding) / step)
		if fit < 1 || fit < lines-from && lines-from <= whole {
			p.newLeaf()
			p.tableHead(g)
			fit = whole
		}
		to := min(lines, from+max(fit, 1))
		p.cells(g, cells, from, to, r.Faint)
		from = to
	}
}

// cells prints some lines of a row with a box around each column.
func (p *printer) cells(g grid, cells [][]word, from, to int, faint bool) {
	step := g.size * p.leading
	x, height := p.margin, float64(to-from)*step+2*p.padding
	for i, c := range g.Columns {
		p.box(x, p.y, g.widths[i], height, faint)
		for n := from; n < min(to, len(cells[i])); n++ {
			p.line(cells[i][n], x+inset, p.y+p.padding+float64(n-from)*step+step*0.76, g.widths[i]-2*inset, g.size, c.Align)
		}
		x += g.widths[i]
	}
	p.y += height
}

func (p *printer) box(x, y, width, height float64, faint bool) {
	if p.dry {
		return
	}
	p.f.SetLineWidth(0.2)
	p.f.SetDrawColor(60, 60, 60)
	p.f.SetFillColor(240, 240, 240)
	p.f.Rect(x, y, width, height, map[bool]string{true: "FD", false: "D"}[faint])
	p.f.SetDrawColor(0, 0, 0)
}

// heading is one box of a table's head.
type heading struct {
	x, y, width, height float64
	lines               []word
}

// headings lays out the head of a table, in two lines where columns are grouped.
func (p *printer) headings(g grid) (all []heading, height float64) {
	step := g.size * p.leading
	tall := func(lines []word) float64 { return float64(len(lines))*step + 2*p.padding }
	upper, lower := 0.0, 0.0
	groups := g.Groups()
	x, column := p.margin, 0
	for _, span := range groups {
		width := 0.0
		for i := range span.Span {
			width += g.widths[column+i]
		}
		h := heading{x: x, width: width, lines: p.set(bold(span.Title), width-2*inset, g.size)}
		if !span.Own {
			upper = max(upper, tall(h.lines))
		}
		all = append(all, h)
		x, column = x+width, column+span.Span
	}
	x = p.margin
	for i, c := range g.Columns {
		h := heading{x: x, width: g.widths[i], lines: p.set(bold(c.Title), g.widths[i]-2*inset, g.size)}
		x += g.widths[i]
		switch {
		case groups == nil || c.Group != "":
			h.y = upper
			lower = max(lower, tall(h.lines))
			all = append(all, h)
		default:
			lower = max(lower, tall(h.lines)-upper)
		}
	}
	for i := range all {
		switch {
		case i >= len(groups):
			all[i].height = lower
		case groups[i].Own:
			all[i].height = upper + lower
		default:
			all[i].height = upper
		}
	}
	return all, upper + lower
}

func (p *printer) tableHead(g grid) {
	step := g.size * p.leading
	for _, h := range g.heads {
		p.box(h.x, p.y+h.y, h.width, h.height, false)
		top := p.y + h.y + (h.height-float64(len(h.lines))*step)/2
		for n, l := range h.lines {
			p.line(l, h.x+inset, top+float64(n)*step+step*0.76, h.width-2*inset, g.size, Centred)
		}
	}
	p.y += g.high
}
