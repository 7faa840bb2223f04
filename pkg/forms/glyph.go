package forms

import (
	"encoding/binary"
	"sync"
)

// stranger is printed for a letter that the typeface does not have, so that nobody takes what is missing for nothing.
const stranger = '?'

// covered is which letters of the basic plane the typeface has. The library prints nothing at all for the others.
var covered = sync.OnceValue(func() map[rune]bool {
	font, err := fonts.ReadFile("fonts/BeVietnamPro-Regular.ttf")
	if err != nil {
		panic(err) // part of the program
	}
	return glyphs(font)
})

// glyphs reads the character map of a TrueType font: the segments of its table of format 4 (OpenType 1.9, cmap).
func glyphs(font []byte) map[rune]bool {
	u16 := func(at int) int { return int(binary.BigEndian.Uint16(font[at:])) }
	u32 := func(at int) int { return int(binary.BigEndian.Uint32(font[at:])) }
	found := map[rune]bool{}
	for i := range u16(4) {
		entry := 12 + 16*i
		if string(font[entry:entry+4]) != "cmap" {
			continue
		}
		cmap := u32(entry + 8)
		for j := range u16(cmap + 2) {
			table := cmap + u32(cmap+4+8*j+4)
			if u16(table) != 4 {
				continue
			}
			segments := u16(table+6) / 2
			ends := table + 14
			starts, deltas, ranges := ends+2*segments+2, ends+4*segments+2, ends+6*segments+2
			for s := range segments {
				for r := u16(starts + 2*s); r <= u16(ends+2*s) && r != 0xffff; r++ {
					glyph, offset := r, u16(ranges+2*s)
					if offset != 0 {
						glyph = u16(ranges + 2*s + offset + 2*(r-u16(starts+2*s)))
					}
					if (glyph != 0 || offset == 0) && (glyph+u16(deltas+2*s))&0xffff != 0 {
						found[rune(r)] = true
					}
				}
			}
		}
	}
	return found
}
