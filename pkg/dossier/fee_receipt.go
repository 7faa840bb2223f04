package dossier

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
)

// FeeReceipt names the receipt that was written for a payment (biên lai).
type FeeReceipt struct {
	Form   string `json:"form,omitempty"`   // mẫu số
	Series string `json:"series,omitempty"` // ký hiệu
	Number string `json:"number"`           // số
}

// tidy is the receipt without stray spaces.
func (r *FeeReceipt) tidy() *FeeReceipt {
	if r == nil {
		return nil
	}
	plain := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	return &FeeReceipt{plain(r.Form), plain(r.Series), plain(r.Number)}
}

// Key is the receipt as it is told from others of its agency. Case, marks, spaces and punctuation are how it was typed, not which it is:
// series are of twenty plain letters (TT 303/2016/TT-BTC). Leading zeros of the number are print.
func (r FeeReceipt) Key() FeeReceipt {
	return FeeReceipt{bare(r.Form), bare(r.Series), cmp.Or(strings.TrimLeft(bare(r.Number), "0"), "0")}
}

// bare is what a text has of letters and digits, folded.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, catalog.Fold(s))
}

// Issued is a receipt that an agency wrote. It writes each once.
type Issued struct {
	AgencyID uuid.UUID
	FeeReceipt
}

// Receipts are those that were written for the dossier's fees, as keys, each once: also those of money that was given back.
func (d Dossier) Receipts() []Issued {
	var all []Issued
	add := func(r *FeeReceipt, by *By) {
		if r == nil || by == nil {
			return
		}
		if x := (Issued{by.AgencyID, r.Key()}); !slices.Contains(all, x) {
			all = append(all, x)
		}
	}
	for _, f := range d.Fees {
		for i := range f.Earlier {
			add(f.Earlier[i].Receipt, &f.Earlier[i].PaidBy)
		}
		add(f.Receipt, f.PaidBy)
	}
	return all
}
