package demo

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
)

// What fees and counters add to a life is decided by the dossier's id and not by the dice of the year: those lives stay the same with it.
func (p *play) oneIn(n int) bool { return int(p.id[15])%n == 0 }

// helped is the counter where somebody was helped to file online: that of who entered it, now and then a commune's for the province.
func (p *play) helped() uuid.UUID {
	switch {
	case p.onBehalf:
		return p.home.centre.ID
	case p.channel == catalog.Online && p.home == p.places.province && p.oneIn(5):
		return p.nearest().centre.ID
	}
	return uuid.Nil
}

// chosen is a counter near home for the result of what was filed at the province's.
func (p *play) chosen() uuid.UUID {
	if p.home == p.places.province && p.channel != catalog.Post && !p.item.OnTheSpot && p.oneIn(7) {
		return p.nearest().centre.ID
	}
	return uuid.Nil
}

// nearest is a commune's office, always the same for a dossier.
func (p *play) nearest() *office {
	return p.places.communes[int(p.id[14])%len(p.places.communes)]
}

// duty is what state 6 asks for: a duty that was worked out on the way.
func (p *play) duty() []dossier.FeeLine {
	vnd := int64(1+int(p.id[11])) * 250_000
	return []dossier.FeeLine{{Kind: dossier.Duty, Name: "Tiền sử dụng đất, thuế", VND: &vnd}}
}

// settle has what is open paid, or exempt, shortly before the instant of what waits for it.
func (p *play) settle(before time.Time, by dossier.By, method dossier.PayMethod) bool {
	var open []dossier.FeeLine
	for _, f := range p.d.Fees {
		if f.Open() {
			open = append(open, dossier.FeeLine{No: f.No})
		}
	}
	if len(open) == 0 {
		return true
	}
	at := before.Add(-2 * time.Second)
	if !at.After(p.now) {
		at = p.now.Add(time.Second)
	}
	if by.ID != p.roster.portal.ID && p.d.State != dossier.PaymentRequired && p.d.Applicant.Kind == dossier.Citizen && int(p.id[13])%40 == 0 {
		for i := range open {
			open[i].Class, open[i].Basis = "Người thuộc hộ nghèo", "Quy định của địa phương về miễn, giảm phí, lệ phí"
		}
		return p.move(dossier.ExemptFees, at, by, dossier.Facts{Fees: open})
	}
	for i := range open {
		kind := p.d.Fees[open[i].No-1].Kind
		open[i].Method, open[i].Receipt = method, &dossier.FeeReceipt{Number: fmt.Sprintf("FT%X%02d%d", p.id[10:16], p.d.Version, i)}
		if method == dossier.Cash {
			open[i].Receipt.Form = map[dossier.FeeKind]string{dossier.Charge: "01BLP0-001", dossier.Levy: "01BLP2-001"}[kind]
			open[i].Receipt.Number = fmt.Sprintf("%03d%s%02d%d", p.d.SubmittedAt.YearDay(), p.d.Code[strings.LastIndex(p.d.Code, "-")+1:], p.d.Version, i)
			open[i].Receipt.Series = fmt.Sprintf("MH-%sT", at.Format("06"))
		}
	}
	return p.move(dossier.PayFees, at, by, dossier.Facts{Fees: open})
}
