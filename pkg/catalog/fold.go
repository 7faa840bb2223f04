package catalog

import "strings"

// Fold makes two spellings of one Vietnamese text equal for search: lower case, no tone or letter marks, đ as d, one space between
// words. Because all marks go, hoà and hòa, Thuỷ and Thủy fold to the same. Composed (NFC) and decomposed (NFD) input agree.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := true
	for _, r := range s {
		if r >= 0x0300 && r <= 0x036f { // combining marks of decomposed text
			continue
		}
		if r < 0x80 {
			if r >= 'A' && r <= 'Z' {
				r += 'a' - 'A'
			}
		} else if f, ok := folded[r]; ok {
			r = f
		}
		if r <= ' ' || r == 0xa0 || (r >= 0x2000 && r <= 0x200f) || r == 0xfeff {
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		}
		space = false
		b.WriteRune(r)
	}
	return strings.TrimSuffix(b.String(), " ")
}

// folded leads every marked Vietnamese letter, small and capital, to its plain one.
var folded = func() map[rune]rune {
	table := map[rune]rune{}
	for plain, marked := range map[rune]string{
		'a': "àáảãạăằắẳẵặâầấẩẫậÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬ",
		'd': "đĐ",
		'e': "èéẻẽẹêềếểễệÈÉẺẼẸÊỀẾỂỄỆ",
		'i': "ìíỉĩịÌÍỈĨỊ",
		'o': "òóỏõọôồốổỗộơờớởỡợÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢ",
		'u': "ùúủũụưừứửữựÙÚỦŨỤƯỪỨỬỮỰ",
		'y': "ỳýỷỹỵỲÝỶỸỴ",
	} {
		for _, r := range marked {
			table[r] = plain
		}
	}
	return table
}()
