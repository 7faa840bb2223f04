package demo

import (
	"fmt"
	"strings"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
)

// registry invents persons. Names are common ones put together; numbers have the right form and are nobody's as far as that can be had:
// telephones begin with 051, which no network has; tax codes have a wrong check digit. Identity numbers have no check digit, so that any
// could be somebody's; ours keep to serial numbers from 990000 up, as a mark and because hardly anybody's lie there.
type registry struct {
	chance
	*people
	year int // of the demonstration's present
}

func (r registry) name(woman bool) string {
	half := r.Men
	if woman {
		half = r.Women
	}
	name := oneOf(r.chance, r.Family) + " " + oneOf(r.chance, half.Middle) + " " + oneOf(r.chance, half.Given)
	return name
}

// citizen of the office's unit.
func (r registry) citizen(home *office) dossier.Person {
	woman := r.in(500)
	p := dossier.Person{Kind: dossier.Citizen, Name: r.name(woman), Phone: r.phone(), Address: r.address(home)}
	p.IDNumber = r.idNumber(woman, r.year-r.between(19, 78))
	if r.in(350) {
		p.Email = r.email(p.Name)
	}
	return p
}

// organisation of the office's unit: mostly an enterprise.
func (r registry) organisation(home *office) dossier.Person {
	if r.in(60) {
		return dossier.Person{Kind: dossier.StateBody, Name: oneOf(r.chance, r.Bodies), Phone: r.phone(), Address: r.address(home)}
	}
	b := oneOf(r.chance, r.Businesses)
	name := fmt.Sprintf("%s %s %s %d", b.form, oneOf(r.chance, r.Trades), oneOf(r.chance, b.names), r.between(1, 99))
	kind := dossier.Enterprise
	if strings.HasPrefix(name, "Hợp tác xã") {
		kind = dossier.Organisation
	}
	return dossier.Person{
		Kind: kind, Name: name, IDNumber: r.taxCode(), Phone: r.phone(), Email: fmt.Sprintf("lienhe%d@example.com", r.between(100, 999)),
		Address: r.address(home),
	}
}

// idNumber: province of birth registration, century and sex, year, serial (Luật Căn cước; NĐ 137/2015/NĐ-CP art. 13).
func (r registry) idNumber(woman bool, born int) string {
	province := []string{"093", "093", "093", "093", "093", "093", "092", "094", "091", "095", "089"}
	sex := 2 * (born/100 - 19)
	if woman {
		sex++
	}
	return fmt.Sprintf("%s%d%02d99%04d", oneOf(r.chance, province), sex, born%100, r.IntN(10000))
}

// taxCode of a province's enterprise, with a check digit that is off by one.
func (r registry) taxCode() string {
	code := fmt.Sprintf("63009%04d", r.IntN(10000))
	sum := 0
	for i, weight := range []int{31, 29, 23, 19, 17, 13, 7, 5, 3} {
		sum += weight * int(code[i]-'0')
	}
	return fmt.Sprintf("%s%d", code, (10-sum%11+1)%10)
}

func (r registry) phone() string { return fmt.Sprintf("0510%06d", r.IntN(1_000_000)) }

func (r registry) email(name string) string {
	words := strings.Fields(catalog.Fold(name))
	return fmt.Sprintf("%s.%s%d@example.com", words[len(words)-1], words[0], r.between(10, 99))
}

func (r registry) address(home *office) string {
	unit := home
	for len(unit.members) > 0 {
		unit = oneOf(r.chance, unit.members)
	}
	at := oneOf(r.chance, r.Hamlets)
	if unit.urban {
		at = oneOf(r.chance, r.Quarters)
		if r.in(500) {
			at = oneOf(r.chance, r.Streets) + ", " + lowerFirst(at)
		}
	}
	parts := []string{fmt.Sprintf("Số %d", r.between(1, 399)), at}
	for o := unit; o != nil; o = o.parent {
		parts = append(parts, o.name)
	}
	return strings.Join(parts, ", ")
}

// secret of a receipt, in the letters that the office gives out.
func (r registry) secret() string {
	const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	b := make([]byte, 10)
	for i := range b {
		b[i] = letters[r.IntN(len(letters))]
	}
	return string(b)
}
