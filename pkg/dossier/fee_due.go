package dossier

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/motcua/motcua/pkg/catalog"
)

// FeesFor are the fees that a dossier by the channel in the variant owes by the catalogue: those of the channel itself, else those of every
// channel. due says until when, where the catalogue does not. Of one kind with several amounts the record does not tell which; that is one
// line with all of them in words and no amount, for somebody to set.
func FeesFor(p catalog.Procedure, variant string, channel catalog.Channel, due FeeDue) []FeeLine {
	all := p.Fees
	for _, v := range p.Variants {
		if v.Code == variant && len(v.Fees) > 0 {
			all = v.Fees
		}
	}
	var lines []FeeLine
	for _, kind := range []FeeKind{Charge, Levy} {
		own := slices.ContainsFunc(all, func(f catalog.Fee) bool { return FeeKind(f.Kind) == kind && f.Channel == channel })
		var of []catalog.Fee
		for _, f := range all {
			if FeeKind(f.Kind) == kind && (f.Channel == channel || !own && f.Channel == "") && !slices.ContainsFunc(of, func(x catalog.Fee) bool { return sameFee(x, f) }) {
				of = append(of, f)
			}
		}
		if len(of) == 0 || len(of) == 1 && of[0].VND != nil && *of[0].VND == 0 {
			continue
		}
		line := FeeLine{Kind: kind, Due: cmp.Or(FeeDue(of[0].Due), due)}
		if line.Name, line.VND = of[0].Note, of[0].VND; len(of) > 1 || line.VND == nil {
			line.Name, line.VND, line.Text = "", nil, inWords(of)
		}
		lines = append(lines, line)
	}
	return lines
}

func sameFee(a, b catalog.Fee) bool {
	return (a.VND == nil) == (b.VND == nil) && (a.VND == nil || *a.VND == *b.VND) && (a.VND != nil || a.Note == b.Note)
}

// inWords lists fees of which one applies.
func inWords(all []catalog.Fee) string {
	words := make([]string, len(all))
	for i, f := range all {
		words[i] = f.Note
		if f.VND != nil {
			words[i] = strings.TrimPrefix(f.Note+": ", ": ") + strconv.FormatInt(*f.VND, 10) + " đồng"
		}
	}
	return cmp.Or(strings.Join(words, "; "), "chưa rõ mức thu")
}
