package forms

import (
	"strconv"
	"strings"

	"github.com/motcua/motcua/pkg/dossier"
)

var (
	feeKinds = map[dossier.FeeKind]string{
		dossier.Charge: "Phí", dossier.Levy: "Lệ phí", dossier.Duty: "Nghĩa vụ tài chính khác",
	}
	feeStates = map[dossier.FeeState]string{
		dossier.FeeUnpaid: "chưa thanh toán", dossier.FeePending: "chờ thanh toán", dossier.FeePaid: "đã thanh toán",
		dossier.FeeRefunded: "đã hoàn phí", dossier.FeeCancelled: "đã hủy", dossier.FeeExempt: "được miễn",
	}
)

// fees tells each fee and what is paid and open, nothing for a dossier without.
func (p Paper) fees() []Block {
	d := p.Dossier
	if len(d.Fees) == 0 {
		if d.FeeText == "" {
			return nil
		}
		return []Block{{Text: plain("7. Phí, lệ phí: " + strings.TrimSuffix(strings.Join(strings.Fields(d.FeeText), " "), ".") + ".")}}
	}
	words := make([]string, len(d.Fees))
	for i, f := range d.Fees {
		words[i] = feeKinds[f.Kind] + " " + amount(f) + " (" + feeStates[f.State] + ")"
	}
	line := "7. Phí, lệ phí: " + strings.Join(words, "; ") + "."
	if t := d.FeeTotals(); t.Due > 0 {
		line += " Tổng số: " + dong(t.Due) + "; đã nộp: " + dong(t.Paid)
		if t.Refunded > 0 { // else a fee that went back looks like one that was never paid
			line += "; đã hoàn: " + dong(t.Refunded)
		}
		line += "; còn phải nộp: " + dong(t.Open) + "."
	}
	return []Block{{Text: plain(line)}}
}

func amount(f dossier.Fee) string {
	if f.VND == nil {
		return f.Text
	}
	return dong(*f.VND)
}

// dong is an amount as Vietnamese papers write it: 1.250.000 đồng.
func dong(n int64) string {
	digits := strconv.FormatInt(n, 10)
	var b strings.Builder
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte('.')
		}
		b.WriteRune(c)
	}
	return b.String() + " đồng"
}
