package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Component is a paper that belongs into the dossier (thành phần hồ sơ): which one, how many copies of each kind are asked for, and whether
// everybody has to hand it in. Copies are only what the record says in so many words; what it says otherwise is quoted in Note, for a person
// to read.
type Component struct {
	Name     string `json:"name"`
	Copies          // asked for; all 0 where the record gives no number
	Optional bool   `json:"optional,omitempty"` // not asked of everybody: "nếu có", "trường hợp …"
	Note     string `json:"note,omitempty"`     // what the record says of copies and cannot be put into numbers
}

// Copies is how many there are of a paper, by kind.
type Copies struct {
	Original  int `json:"original,omitempty"`  // bản chính, bản gốc
	Certified int `json:"certified,omitempty"` // bản sao có chứng thực, công chứng
	Copy      int `json:"copy,omitempty"`      // bản sao, bản chụp, bản photo
	Form      int `json:"form,omitempty"`      // tờ khai, đơn: filled in for this dossier
}

// Any says whether there is at least one of any kind.
func (c Copies) Any() bool { return c.Original+c.Certified+c.Copy+c.Form > 0 }

// Plus adds them up.
func (c Copies) Plus(x Copies) Copies {
	return Copies{c.Original + x.Original, c.Certified + x.Certified, c.Copy + x.Copy, c.Form + x.Form}
}

// Minus takes some away; what is less than 0 was not there.
func (c Copies) Minus(x Copies) Copies {
	return Copies{c.Original - x.Original, c.Certified - x.Certified, c.Copy - x.Copy, c.Form - x.Form}
}

// Least is the smallest of the numbers.
func (c Copies) Least() int { return min(c.Original, c.Certified, c.Copy, c.Form) }

// mostCopies is beyond what a published number of copies can mean.
const mostCopies = 99

// components reads texts, as the national portal's pages give them, and objects with a number of originals and of copies, as its packages do
// (TENGIAYTO, SOBANCHINH, SOBANSAO).
func (r record) components() []Component {
	raw := r.raw("components")
	var items []json.RawMessage
	if raw == nil || raw[0] != '[' || json.Unmarshal(raw, &items) != nil {
		return namesOnly(r.list("components"))
	}
	objects := false
	for _, item := range items {
		item = bytes.TrimSpace(item)
		objects = objects || len(item) > 0 && item[0] == '{'
	}
	if !objects {
		return namesOnly(r.list("components"))
	}
	var all []Component
	for _, one := range r.objects("components") {
		c := Component{Name: tidy(one.first("name", "TENGIAYTO")), Note: tidy(one.first("note", "GHICHU"))}
		if c.Name == "" {
			r.wrong.Add(one.at+"name", "required", "is missing")
		}
		if one.raw("optional") != nil {
			c.Optional = one.flag("optional")
		}
		for _, x := range []struct {
			into  *int
			names []string
			says  string
		}{
			{&c.Original, []string{"original", "SOBANCHINH"}, "bản chính"},
			{&c.Certified, []string{"certified", "SOBANCHUNGTHUC"}, "bản chứng thực"},
			{&c.Copy, []string{"copy", "SOBANSAO"}, "bản sao"},
			{&c.Form, []string{"form"}, "tờ khai"},
		} {
			text := line(one.first(x.names...))
			n, err := strconv.Atoi(text)
			switch {
			case text == "":
			case err == nil && n >= 0 && n <= mostCopies:
				*x.into = n
			default:
				c.note(fmt.Sprintf("%s: %s", x.says, cut(text, 100)))
			}
		}
		all = append(all, c)
	}
	return all
}

func namesOnly(names []string) []Component {
	var all []Component
	for _, name := range names {
		all = append(all, Component{Name: name})
	}
	return all
}

// first is the first of the named fields that says something.
func (r record) first(names ...string) string {
	for _, name := range names {
		if s := r.text(name); s != "" {
			return s
		}
	}
	return ""
}

func (c *Component) note(text string) {
	if c.Note != "" {
		c.Note += "; "
	}
	c.Note += text
}

// How a folded text speaks of copies: "01 bản chính", "02 (hai) bản chính", "01 bản sao có chứng thực", "bản chính, 01 bản". A kind that is
// written without a number is no number.
var (
	kindOfCopy = `(ban (?:sao|photo|photocopy|chup|dich) (?:co |duoc )?(?:chung thuc|cong chung)|ban (?:chung thuc|cong chung)|ban (?:chinh|goc)|ban (?:sao|chup|photo|photocopy)|to khai|don (?:de nghi|xin|dang ky|yeu cau|khoi kien|to cao|khieu nai))`
	aboutCopy  = regexp.MustCompile(kindOfCopy)
	soMany     = regexp.MustCompile(`\b(\d{1,2}) ?(?:\([a-z ]+\) ?)?` + kindOfCopy)
	manyBehind = regexp.MustCompile(kindOfCopy + ` ?[,:] ?(\d{1,2}) (?:\([a-z ]+\) ?)?ban\b`)
	oneOrOther = regexp.MustCompile(`\bhoac\b|\bhay\b|/`)
	// "nếu có" makes any paper one that not everybody has, a case at its head one that is only asked for in it.
	notForAll = regexp.MustCompile(`\(?\bneu co\b|^[^a-z0-9]*(?:\(?[a-z0-9.]{1,4}\)[^a-z0-9]*)?(?:trong )?(?:truong hop|doi voi)\b`)
)

// read takes from the name what it says of copies and of who has to hand the paper in.
func (c *Component) read() {
	folded := strings.ReplaceAll(Fold(c.Name), "uy ban ", "uy b-n ") // a committee is no copy
	c.Optional = c.Optional || notForAll.MatchString(folded)
	if c.Any() {
		return // the record gave numbers
	}
	kinds := aboutCopy.FindAllStringIndex(folded, -1)
	counted := soMany.FindAllStringSubmatch(folded, -1)
	for _, m := range manyBehind.FindAllStringSubmatch(folded, -1) {
		counted = append(counted, []string{m[0], m[2], m[1]})
	}
	if all, clear := add(counted, len(copiesIn(folded))); clear && !oneOrOther.MatchString(folded) {
		c.Copies = all
		return
	}
	if len(copiesIn(folded)) > 0 {
		c.note(quote(c.Name, folded, kinds))
	}
}

// add puts what is counted together. It is clear where every kind that is spoken of has one number.
func add(counted [][]string, spokenOf int) (all Copies, clear bool) {
	copies := 0
	for _, m := range counted {
		n, _ := strconv.Atoi(m[1]) // two digits
		into := all.kind(m[2])
		if *into != 0 {
			return Copies{}, false
		}
		*into = n
		copies += len(copiesIn(m[2]))
	}
	return all, len(counted) > 0 && (copies == spokenOf && (copies > 0 || len(counted) == 1))
}

// copiesIn are the kinds of copies that are spoken of; a form is not one of something else.
func copiesIn(folded string) []string {
	var all []string
	for _, kind := range aboutCopy.FindAllString(folded, -1) {
		if strings.HasPrefix(kind, "ban ") {
			all = append(all, kind)
		}
	}
	return all
}

func (c *Copies) kind(folded string) *int {
	switch {
	case strings.Contains(folded, "chung"):
		return &c.Certified
	case strings.HasPrefix(folded, "ban chinh"), strings.HasPrefix(folded, "ban goc"):
		return &c.Original
	case strings.HasPrefix(folded, "ban"):
		return &c.Copy
	}
	return &c.Form
}

// quote is the part of the name from the first word about copies to the last; the whole name where folding moved the letters.
func quote(name, folded string, kinds [][]int) string {
	whole, plain := []rune(name), []rune(folded)
	if len(whole) != len(plain) || len(kinds) == 0 {
		return cut(line(name), 200)
	}
	from := len([]rune(folded[:kinds[0][0]]))
	to := len([]rune(folded[:kinds[len(kinds)-1][1]]))
	return cut(line(string(whole[from:to])), 200)
}
