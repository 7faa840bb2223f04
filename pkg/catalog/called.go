package catalog

import "strings"

// Called says whether a text names the agency: by its code or identifier, or by a name in whatever way people write it, with "UBND" for "Ủy ban
// nhân dân" or without either, and perhaps with the names of agencies above it behind.
func (a Agency) Called(text string, above ...Agency) bool {
	whole := Fold(text)
	if whole != "" && (whole == Fold(a.Code) || whole == Fold(a.Identifier)) {
		return true
	}
	said := calling(text)
	for _, name := range a.callings() {
		if rest, ok := cutWords(said, name); ok && followedBy(rest, above) {
			return true
		}
	}
	return false
}

// followedBy says whether words are the names of agencies and nothing else.
func followedBy(rest string, above []Agency) bool {
	for rest != "" {
		before := rest
		for _, word := range []string{"thuoc", "cua"} {
			if left, ok := cutWords(rest, word); ok {
				rest = left
			}
		}
		for _, x := range above {
			for _, name := range append(x.callings(), calling(x.Place())) {
				if left, ok := cutWords(rest, name); ok {
					rest = left
				}
			}
		}
		if rest == before {
			return false
		}
	}
	return true
}

// callings are the names of the agency in the form that calling gives.
func (a Agency) callings() []string {
	return []string{calling(a.Name), calling(a.ShortName)}
}

// written is what several ways of writing an agency's name come to.
var written = strings.NewReplacer(" uy ban nhan dan ", " ", " ubnd ", " ", " tp ", " thanh pho ")

// calling is a name without what people write one way or another: marks, case, what stands in brackets, and that it is a people's committee.
func calling(name string) string {
	folded := Fold(name)
	for {
		from, rest, open := strings.Cut(folded, "(")
		_, after, closed := strings.Cut(rest, ")")
		if !open || !closed {
			break
		}
		folded = from + " " + after
	}
	words := strings.FieldsFunc(folded, func(r rune) bool { return strings.ContainsRune(" ,;:.-–()\"'", r) })
	return strings.TrimSpace(written.Replace(" " + strings.Join(words, " ") + " "))
}

// cutWords takes whole words off the beginning.
func cutWords(s, words string) (rest string, ok bool) {
	if words == "" {
		return s, false
	}
	rest, ok = strings.CutPrefix(s+" ", words+" ")
	return strings.TrimSpace(rest), ok
}
