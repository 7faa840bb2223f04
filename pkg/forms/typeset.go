package forms

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// word is what stands between two spaces: pieces in their styles that are not torn apart.
type word struct {
	pieces []piece
	width  float64
	spaced bool // a space stands before it, unless it begins a line
	forced bool // it begins a line
}

type piece struct {
	letters string
	style   Style
	width   float64
}

// set breaks a text into lines of at most the width, each of which has one piece for each change of style. There is at least one line.
func (p *printer) set(t Text, width, size float64) []word {
	var lines []word
	var line word
	for _, w := range p.words(t, width, size) {
		space := 0.0
		if w.spaced && len(line.pieces) > 0 {
			space = p.widthOf(" ", line.pieces[len(line.pieces)-1].style, size)
		}
		if w.forced || len(line.pieces) > 0 && line.width+space+w.width > width {
			lines, line, space = append(lines, line), word{}, 0
		}
		for i, x := range w.pieces {
			line.add(x, i == 0 && space > 0, space)
		}
	}
	return append(lines, line)
}

// add puts a piece at the end, joined to what is there where the style is the same.
func (w *word) add(x piece, spaced bool, space float64) {
	n := len(w.pieces)
	if spaced {
		w.pieces[n-1].letters += " "
		w.pieces[n-1].width += space
		w.width += space
	}
	w.width += x.width
	if n > 0 && w.pieces[n-1].style == x.style {
		w.pieces[n-1].letters += x.letters
		w.pieces[n-1].width += x.width
		return
	}
	w.pieces = append(w.pieces, x)
}

// words are the words of a text, none wider than the width: what is too long is broken between letters.
func (p *printer) words(t Text, width, size float64) []word {
	var all []word
	next := word{}
	end := func() {
		if len(next.pieces) > 0 || next.forced {
			all = append(all, p.broken(next, width, size)...)
		}
		next = word{spaced: true}
	}
	for _, r := range t {
		for i, part := range strings.Split(dated(clean(r.Letters)), "\n") {
			if i > 0 {
				end()
				next = word{forced: true}
			}
			for j, letters := range strings.Split(part, " ") {
				if j > 0 {
					end()
				}
				if letters != "" {
					next.add(piece{letters, r.Style, p.widthOf(letters, r.Style, size)}, false, 0)
				}
			}
		}
	}
	end()
	return all
}

func (p *printer) broken(w word, width, size float64) []word {
	if w.width <= width {
		return []word{w}
	}
	parts := []word{{spaced: w.spaced, forced: w.forced}}
	for _, x := range w.pieces {
		for _, r := range x.letters {
			one := piece{string(r), x.style, p.widthOf(string(r), x.style, size)}
			last := &parts[len(parts)-1]
			if last.width+one.width > width-0.1 && len(last.pieces) > 0 {
				parts = append(parts, word{})
				last = &parts[len(parts)-1]
			}
			last.add(one, false, 0)
		}
	}
	return parts
}

// clean leaves what the typeface can show: one code for each Vietnamese letter, no control or direction marks, a question mark for a letter
// that it does not have.
func clean(s string) string {
	known := covered()
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
			return -1
		case !known[r]:
			return stranger
		}
		return r
	}, norm.NFC.String(strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\r\n", "\n")))
}

// noBreak is a space at which no line ends.
const noBreak = "\u00a0"

var (
	numbered = regexp.MustCompile(`(ngày|tháng|năm|Số) ([0-9…])`)
	counted  = regexp.MustCompile(`([0-9…]) (giờ|phút)`)
	verdict  = regexp.MustCompile(`(Trước|Đúng|Quá) hạn`)
	// Words of two syllables that titles are made of.
	compounds = strings.NewReplacer(pairs("tiếp nhận", "hồ sơ", "kết quả", "bổ sung", "hoàn thiện", "từ chối", "giải quyết", "xin lỗi", "gia hạn",
		"đề nghị", "thời gian", "thông báo", "kiểm soát", "quá trình", "theo dõi", "biên nhận", "hẹn lại", "yêu cầu", "văn bản")...)
)

func pairs(words ...string) []string {
	var all []string
	for _, w := range words {
		w = strings.ToUpper(w)
		all = append(all, w, strings.ReplaceAll(w, " ", noBreak))
	}
	return all
}

// dated keeps together what belongs to one number of a date or time, and how an end stands to it.
func dated(s string) string {
	s = verdict.ReplaceAllString(s, "${1}"+noBreak+"hạn")
	return counted.ReplaceAllString(numbered.ReplaceAllString(s, "${1}"+noBreak+"$2"), "${1}"+noBreak+"$2")
}

// look is how a style is printed: the cut of the typeface, its size against the text around it, and how dark.
func look(s Style) (cut string, scale float64, grey int) {
	switch s {
	case Bold:
		return "B", 1, 0
	case Italic:
		return "I", 1, 0
	case Small:
		return "", 0.9, 0
	case Foreign:
		return "I", 0.88, 90
	}
	return "", 1, 0
}

func (p *printer) font(s Style, size float64) {
	cut, scale, grey := look(s)
	p.f.SetFont(family, cut, size*scale)
	p.f.SetTextColor(grey, grey, grey)
}

func (p *printer) widthOf(letters string, s Style, size float64) float64 {
	p.font(s, size)
	return p.f.GetStringWidth(letters)
}

// line prints one line whose letters stand on y.
func (p *printer) line(l word, x, y, width, size float64, align Align) {
	if p.dry {
		return
	}
	switch align {
	case Centred:
		x += (width - l.width) / 2
	case ToRight:
		x += width - l.width
	}
	for _, piece := range l.pieces {
		p.font(piece.style, size)
		p.f.Text(x, y, strings.ReplaceAll(piece.letters, noBreak, " ")) // so that whoever searches finds it
		x += piece.width
	}
}

// paragraph prints a text from where the sheet has come to, over as many leaves as it takes.
func (p *printer) paragraph(t Text, x, width, size float64, align Align) {
	for _, l := range p.set(t, width, size) {
		p.room(size * p.leading)
		p.line(l, x, p.y+size*p.leading*0.76, width, size, align)
		p.y += size * p.leading
	}
}

// balanced is a centred paragraph whose lines are about equally long.
func (p *printer) balanced(t Text, x, width, size float64) {
	lines, narrow := len(p.set(t, width, size)), width
	for narrow > 20 && len(p.set(t, narrow-2, size)) == lines {
		narrow -= 2
	}
	p.paragraph(t, x+(width-narrow)/2, narrow, size, Centred)
}
