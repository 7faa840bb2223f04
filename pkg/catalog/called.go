package catalog

import (
	"slices"
	"strings"
)

// Called says whether a text names the agency: by its code or identifier, or by a name in whatever way people write it, with "UBND" for "Ủy ban
// nhân dân" or without either, and perhaps with the names of agencies above it behind.
func (a Agency) Called(text string, above ...Agency) bool {
	whole := Fold(text)
	if whole != "" && (whole == Fold(a.Code) || whole == Fold(a.Identifier)) {
		return true
	}
	said := calling(text)
	for _, title := range titles {
		if rest, ok := cutWords(said, title); ok {
			said = rest
		}
	}
	for _, name := range a.callings() {
		if rest, ok := cutWords(said, name); ok && followedBy(rest, above) || withoutPlace(said, name) {
			return true
		}
		if rest, ok := cutShort(said, name); ok && followedBy(rest, above) {
			return true
		}
	}
	return false
}

// Within says whether a text names somebody of the agency: its head, or a room that is no agency of its own, with the agency's name behind. The
// name of a people's committee says where, not whose: the police of a ward are not its committee.
func (a Agency) Within(text string, above ...Agency) bool {
	switch a.Kind {
	case ProvinceCommittee, DistrictCommittee, CommuneCommittee:
		return false
	}
	words := strings.Fields(calling(text))
	for i := range words {
		if rest := strings.Join(words[i:], " "); i > 0 && len(words)-i >= 2 && a.Called(rest, above...) {
			return true
		}
	}
	return false
}

// titles are what stands before the name of an agency for whoever heads it or works there.
var titles = []string{"lanh dao", "pho", "giam doc", "chu tich", "truong", "thu truong", "can bo", "cong chuc"}

// cutShort takes the name off the beginning that is written without its "và" or with its last words, two or more, as initials: Sở TNMT, STN&MT.
func cutShort(said, name string) (rest string, ok bool) {
	short, long := withoutAnd(said), withoutAnd(name)
	if len(long) < 3 {
		return said, false
	}
	for i := range long {
		initials := ""
		for _, word := range long[i:] {
			initials += word[:1]
		}
		if len(initials) < 2 || len(short) <= i || !slices.Equal(short[:i], long[:i]) {
			continue
		}
		for n, joined := i, ""; n < len(short) && len(joined) < len(initials); n++ {
			if joined += short[n]; joined == initials {
				return strings.Join(short[n+1:], " "), true
			}
		}
	}
	return cutWords(strings.Join(short, " "), strings.Join(long, " "))
}

func withoutAnd(words string) []string {
	return slices.DeleteFunc(strings.Fields(words), func(w string) bool { return w == "va" })
}

// withoutPlace says whether words are all of the name but where the agency is.
func withoutPlace(said, name string) bool {
	rest, ok := cutWords(name, said)
	if !ok || len(strings.Fields(said)) < 4 {
		return false
	}
	for _, place := range []string{"tinh", "thanh pho", "huyen", "quan", "thi xa", "thi tran", "phuong", "xa"} {
		if _, ok := cutWords(rest, place); ok {
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
var written = strings.NewReplacer(" uy ban nhan dan ", " ", " ubnd ", " ", " tp ", " thanh pho ", " & ", " va ")

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
	folded = strings.ReplaceAll(folded, "&", " & ")
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
