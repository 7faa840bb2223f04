package demo

import (
	"slices"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/staff"
)

// stage is a step before its part of the term is known.
type stage struct {
	name   string
	agency catalog.StepPlace
	role   staff.Role
	parts  int // in a hundred of the whole term
	output string
}

const (
	draftOfResult = "Dự thảo kết quả"
	finalResult   = "Kết quả giải quyết"
)

// The steps that everything is made of.
var (
	transfer = stage{"Kiểm tra, số hóa và chuyển hồ sơ", catalog.AtReceiving, staff.Clerk, 8, "Hồ sơ điện tử"}
	examine  = stage{"Thẩm định hồ sơ", catalog.AtDeciding, staff.Officer, 55, draftOfResult}
	visit    = stage{"Kiểm tra thực tế", catalog.AtDeciding, staff.Officer, 25, "Biên bản kiểm tra"}
	compose  = stage{"Tổng hợp ý kiến, dự thảo kết quả", catalog.AtDeciding, staff.Officer, 25, draftOfResult}
	sign     = stage{"Ký duyệt kết quả", catalog.AtDeciding, staff.Supervisor, 15, finalResult}
	submit   = stage{"Lãnh đạo duyệt, trình Ủy ban nhân dân tỉnh", catalog.AtDeciding, staff.Supervisor, 12, "Tờ trình"}
	verify   = stage{"Văn phòng Ủy ban nhân dân tỉnh thẩm tra", prefix + "-VPUB", staff.Officer, 15, "Phiếu trình"}
	decide   = stage{"Ủy ban nhân dân tỉnh quyết định", rootCode, staff.Supervisor, 10, finalResult}
)

// opinion is a department's part in another's procedure.
const opinionAsked = "Cơ quan phối hợp cho ý kiến"

func opinion(code catalog.StepPlace) stage {
	return stage{opinionAsked, code, staff.Officer, 30, "Văn bản góp ý"}
}

// partners are departments that are asked for an opinion often.
var partners = []catalog.StepPlace{prefix + "-STNMT", prefix + "-STC", prefix + "-SKHDT", prefix + "-SXD", prefix + "-STP", prefix + "-SNV"}

// stages of a procedure follow from who has to work on it together. What is done on the spot has none: whoever takes it in also
// finishes it.
func stages(c chance, x *item) []stage {
	same := slices.Contains(x.Interconnections, catalog.SameLevel)
	cross := slices.Contains(x.Interconnections, catalog.CrossLevel)
	own := catalog.StepPlace(x.field.department.Code)
	partner := oneOf(c, partners)
	for partner == own {
		partner = oneOf(c, partners)
	}
	var all []stage
	switch {
	case x.OnTheSpot:
		return nil
	case x.HomeLevel == catalog.Province && same && own == prefix+"-VPUB":
		all = []stage{examine, submit, decide}
	case x.HomeLevel == catalog.Province && same:
		all = [][]stage{{examine, submit, verify, decide}, {examine, opinion(partner), compose, sign}, {examine, submit, decide}}[c.weighted([]int{3, 4, 3})]
	case x.HomeLevel == catalog.District && cross:
		all = [][]stage{{examine, opinion(own), compose, sign}, {transfer, examine, opinion(own), sign}}[c.weighted([]int{1, 1})]
	case x.HomeLevel == catalog.Commune && cross:
		all = []stage{examine, opinion(own), sign}
	case same || cross: // the centre itself is the other agency
		all = []stage{transfer, examine, sign}
	default:
		all = []stage{examine, sign}
	}
	if len(all) < 5 && x.shortest.hours() >= 80 && c.in(350) {
		at := slices.IndexFunc(all, func(s stage) bool { return s.name == examine.name }) + 1
		all = slices.Insert(slices.Clone(all), at, visit)
	}
	return all
}

// process is the internal process (quy trình nội bộ): the stages with their parts of the shortest term that can be promised, rounded
// down, so that the sum never passes it.
func process(c chance, x *item) []catalog.Step {
	all := stages(c, x)
	parts := 0
	for _, s := range all {
		parts += s.parts
	}
	steps, stage := make([]catalog.Step, len(all)), 0
	for i, s := range all {
		if i == 0 || s.name != opinionAsked { // an opinion is given while the dossier is looked into
			stage++
		}
		hours := x.shortest.hours() * float64(s.parts) / float64(parts)
		steps[i] = catalog.Step{Stage: stage, Name: s.name, Agency: s.agency, Role: string(s.role), Term: share(hours), Output: s.output}
	}
	return steps
}
