package dossier

import (
	"cmp"
	"slices"
	"strings"

	"github.com/google/uuid"
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

// Key is the receipt as it is told from others of its agency: leading zeros of the number are print, not number.
func (r FeeReceipt) Key() FeeReceipt {
	r.Number = cmp.Or(strings.TrimLeft(r.Number, "0"), "0")
	return r
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
