package catalog

import "slices"

// Summary counts the procedures in force, each once; Repealed counts the others.
type Summary struct {
	Total       int64           `json:"total"`
	ByHomeLevel map[Level]int64 `json:"by_home_level"`
	Shared      int64           `json:"shared"`       // done at two or three of province, district and commune
	SameLevel   int64           `json:"same_level"`   // liên thông cùng cấp
	CrossLevel  int64           `json:"cross_level"`  // liên thông giữa các cấp
	Shortened   int64           `json:"shortened"`    // with a deadline cut below the statutory one
	OnTheSpot   int64           `json:"on_the_spot"`  // 5 tại chỗ
	NeedsReview int64           `json:"needs_review"` // a person must look at the record
	Repealed    int64           `json:"repealed"`
}

// Shared says whether the procedure is done at several of the three levels of local government.
func (p Procedure) Shared() bool {
	n := 0
	for _, l := range []Level{Province, District, Commune} {
		if known(p.Levels, l) {
			n++
		}
	}
	return n > 1
}

// Shortened says whether any of its deadlines was cut below the statutory one.
func (p Procedure) Shortened() bool {
	return slices.ContainsFunc(p.allTerms(), func(t Term) bool { return t.Shortened != nil })
}
