package demo

import (
	"slices"
	"strconv"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/worktime"
)

// setTerms gives every procedure its term: statutory alone, shortened beside it, by case or by channel.
func (c chance) setTerms(all []*item) error {
	spans := map[*item]span{}
	for _, x := range all {
		if x.OnTheSpot {
			spans[x] = c.from(atOnce)
		} else {
			spans[x] = c.spanOf(x.pace)
		}
	}
	open := func(x *item) bool { return !x.OnTheSpot && len(x.Terms) == 0 && len(x.Variants) == 0 }
	inDays := func(x *item, least float64) bool {
		return open(x) && spans[x].unit == worktime.WorkingDay && spans[x].value >= least
	}
	for _, level := range homeLevels {
		err := mark(c, "shortened", report[level].shortened, all,
			func(x *item) bool { return x.HomeLevel == level && open(x) && cut[spans[x]] != nil },
			func(x *item) {
				less := span{oneOf(c, cut[spans[x]]), spans[x].unit}
				x.Terms, x.shortest = []catalog.Term{publish("", spans[x], &less)}, less
			})
		if err != nil {
			return err
		}
	}
	err := mark(c, "different by case", withVariants, all, func(x *item) bool { return inDays(x, 3) && !x.field.Payment },
		func(x *item) { x.Variants = c.variants(spans[x]) })
	if err != nil {
		return err
	}
	err = mark(c, "different by channel", byChannel, all, func(x *item) bool { return inDays(x, 5) && !x.field.Offline },
		func(x *item) {
			x.OnlineLevel = catalog.OnlineFull
			online := span{spans[x].value - float64(c.between(1, 2)), spans[x].unit}
			x.shortest = online
			x.Terms = []catalog.Term{publish(catalog.InPerson, spans[x], nil), publish(catalog.Online, online, nil), publish(catalog.Post, spans[x], nil)}
		})
	if err != nil {
		return err
	}
	for _, x := range all {
		if x.shortest.unit == "" { // the cases differ upwards from it
			x.shortest = spans[x]
		}
		if len(x.Terms) == 0 && len(x.Variants) == 0 {
			x.Terms = []catalog.Term{publish("", spans[x], nil)}
		}
	}
	return nil
}

// variants are the cases of a procedure; their codes follow from its own.
func (c chance) variants(s span) []catalog.Variant {
	names := []string{"Trường hợp thông thường", "Trường hợp phải kiểm tra thực tế", "Trường hợp phải lấy ý kiến cơ quan liên quan"}
	all := make([]catalog.Variant, c.between(2, 3))
	for i := range all {
		all[i] = catalog.Variant{Name: names[i], Terms: []catalog.Term{publish("", span{s.value + float64(5*i), s.unit}, nil)}}
	}
	return all
}

// describe adds everything that the figures do not depend on.
func (c chance) describe(x *item) {
	f := x.field
	x.Field, x.FieldCode, x.Status = f.Name, f.Code, catalog.InForce
	x.Publisher, x.PublisherCode, x.Source = "Chủ tịch Ủy ban nhân dân tỉnh Hậu Giang (minh họa)", "H30", Notice
	x.PaymentStops = f.Payment
	x.NonBoundary = c.in(120)
	c.openOnline(x)
	x.Agencies = []string{map[catalog.Level]string{
		catalog.Province: f.department.Name, catalog.District: "Ủy ban nhân dân cấp huyện", catalog.Commune: "Ủy ban nhân dân cấp xã",
	}[x.HomeLevel]}
	x.Authorities = slices.Clone(x.Agencies)
	if x.HomeLevel == catalog.Province && slices.Contains(x.Interconnections, catalog.SameLevel) {
		x.Authorities = []string{"Ủy ban nhân dân tỉnh"}
	}
	for _, level := range x.Levels[1:] {
		x.Agencies = append(x.Agencies, map[catalog.Level]string{
			catalog.District: "Ủy ban nhân dân cấp huyện", catalog.Commune: "Ủy ban nhân dân cấp xã",
		}[level])
	}
	for _, name := range x.kind.components[:c.between(2, len(x.kind.components))] {
		x.Components = append(x.Components, component(name))
	}
	if f.Law != "" {
		x.LegalBasis = []string{f.Law}
	}
	if x.NoResult = x.result == ""; !x.NoResult {
		x.Results = []string{x.result}
	}
	switch share := f.department.Organisations; {
	case x.HomeLevel == catalog.Province && share >= 70:
		x.Subjects = []string{"Doanh nghiệp", "Hợp tác xã", "Tổ chức (không bao gồm doanh nghiệp, HTX)"}
	case x.HomeLevel == catalog.Province && share >= 30:
		x.Subjects = []string{"Công dân Việt Nam", "Doanh nghiệp", "Tổ chức (không bao gồm doanh nghiệp, HTX)"}
	default:
		x.Subjects = []string{"Công dân Việt Nam"}
	}
	c.charge(x)
}

// openOnline decides by which channels the procedure may be asked for. What many ask for was put online first.
func (c chance) openOnline(x *item) {
	switch often := x.field.Dossiers[string(x.HomeLevel[:1])] > 0 && x.rank < 8; {
	case x.field.Offline:
		x.OnlineLevel = oneOf(c, []catalog.OnlineLevel{catalog.OnlineInfo, catalog.OnlineNone})
	case x.OnlineLevel != "":
	case often:
		x.OnlineLevel = oneOf(c, []catalog.OnlineLevel{catalog.OnlineFull, catalog.OnlineFull, catalog.OnlinePartial})
	default:
		levels := []catalog.OnlineLevel{catalog.OnlineFull, catalog.OnlinePartial, catalog.OnlineInfo, catalog.OnlineNone}
		x.OnlineLevel = levels[c.weighted([]int{40, 36, 19, 5})]
	}
	x.Channels = []catalog.Channel{catalog.InPerson}
	if x.OnlineLevel == catalog.OnlineFull || x.OnlineLevel == catalog.OnlinePartial {
		x.Channels = append(x.Channels, catalog.Online)
	}
	if len(x.Terms) > 1 || !x.OnTheSpot && c.in(900) {
		x.Channels = append(x.Channels, catalog.Post)
	}
}

// charge sets what it costs.
func (c chance) charge(x *item) {
	amount := int64(x.kind.fee) * 1000
	if x.nth > 0 {
		amount /= 2
	}
	if x.kind.fee == 0 && x.nth == 0 && c.in(300) {
		amount = oneOf(c, []int64{8_000, 15_000, 28_000, 50_000, 135_000})
	}
	if amount == 0 || x.field.department.Free || c.in(250) {
		x.FeeText = "Miễn phí"
		return
	}
	add := func(channel catalog.Channel, vnd int64, due dossier.FeeDue) {
		x.Fees = append(x.Fees, catalog.Fee{Channel: channel, Kind: oneOf(c, []string{"CHARGE", "LEVY"}), VND: &vnd, Due: string(due)})
	}
	if slices.Contains(x.Channels, catalog.Online) && c.in(400) { // cheaper for those who need no counter, and pay before acceptance
		add(catalog.InPerson, amount, "")
		add(catalog.Online, amount/2, dossier.BeforeAcceptance)
		x.FeeText = "Trực tiếp: " + dong(amount) + "; trực tuyến: " + dong(amount/2)
		return
	}
	add("", amount, "")
	x.FeeText = dong(amount)
}

// dong writes an amount as people do: 1.350.000 đồng.
func dong(vnd int64) string {
	digits := strconv.FormatInt(vnd, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "." + digits[i:]
	}
	return digits + " đồng"
}
