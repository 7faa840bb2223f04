package demo

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/onestop"
)

// prefix stands before every code that the demonstration gives an agency (MH: minh họa), so that a real unit's code never means one of
// ours and the real province can be imported beside it.
const prefix = "MH"

// founded is the first day of the province (NQ 22/2003/QH11). The real one ended on 30 June 2025; the demonstration does not, so that
// one can work with it.
const founded catalog.Date = "2004-01-01"

// rootCode is the province's own.
const rootCode = prefix + "93"

// namespace of the identifiers that do not depend on the seed.
var namespace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://github.com/motcua/motcua/pkg/demo"))

func fixedID(kind, name string) uuid.UUID { return uuid.NewSHA1(namespace, []byte(kind+"/"+name)) }

// office is one place where dossiers come in, with those who decide on them.
type office struct {
	unit    catalog.Agency // the people's committee
	centre  catalog.Agency // its one-stop centre
	parent  *office        // of the level above, nil for the province
	name    string         // of the unit, as in an address
	weight  int            // how much comes in here, against others of the level
	urban   bool
	members []*office // districts of the province, communes of a district
}

// places is the whole province.
type places struct {
	province    *office
	districts   []*office
	communes    []*office
	departments map[string]catalog.Agency // by code
	all         []catalog.Agency          // whoever stands above comes first
}

// settle makes the agencies. They are the same for every seed.
func settle(f *facts) *places {
	p := &places{departments: map[string]catalog.Agency{}}
	root := p.add(catalog.Agency{
		Code: rootCode, Name: "Ủy ban nhân dân tỉnh " + f.territory.Name + " (tỉnh minh họa)",
		ShortName: "Tỉnh " + f.territory.Name + " (minh họa)", Kind: catalog.ProvinceCommittee, Level: catalog.Province, Calendar: onestop.DefaultCalendar,
	}, nil)
	p.province = &office{unit: root, name: "tỉnh " + f.territory.Name, urban: true, weight: 1}
	p.province.centre = p.add(catalog.Agency{
		Code: root.Code + "-MC", Name: "Trung tâm Phục vụ hành chính công tỉnh " + f.territory.Name + " (minh họa)",
		ShortName: "TTPVHCC tỉnh", Kind: catalog.OneStopCentre, Level: catalog.Province, Identifier: "H30.01",
	}, &root)
	for _, d := range f.departments {
		p.departments[d.Code] = p.add(catalog.Agency{
			Code: d.Code, Name: d.Name, ShortName: d.Short, Kind: catalog.Department, Level: catalog.Province,
		}, &root)
	}
	for i, d := range f.territory.Districts {
		// 01 is the province's own centre, 02 to 20 are left to its departments.
		identifier := fmt.Sprintf("H30.%02d", 21+i)
		district := p.unit(d.Code, d.Name, catalog.District, catalog.DistrictCommittee, p.province, identifier)
		district.weight = 10 + 2*len(d.Communes)
		p.districts, p.province.members = append(p.districts, district), append(p.province.members, district)
		for j, c := range d.Communes {
			commune := p.unit(c[0], c[1], catalog.Commune, catalog.CommuneCommittee, district, fmt.Sprintf("%s.%02d", identifier, 1+j))
			commune.weight = 2
			if commune.urban {
				commune.weight = 3
			}
			p.communes = append(p.communes, commune)
			district.members = append(district.members, commune)
		}
	}
	return p
}

// unit adds a people's committee and its one-stop centre.
func (p *places) unit(code, name string, level catalog.Level, kind catalog.AgencyKind, parent *office, identifier string) *office {
	name = lowerFirst(strings.Replace(name, "Thị Trấn", "Thị trấn", 1))
	o := &office{name: name, parent: parent, urban: !strings.HasPrefix(name, "xã") && !strings.HasPrefix(name, "huyện")}
	o.unit = p.add(catalog.Agency{
		Code: prefix + code, Name: "Ủy ban nhân dân " + name, ShortName: "UBND " + name, Kind: kind, Level: level,
	}, &parent.unit)
	o.centre = p.add(catalog.Agency{
		Code: o.unit.Code + "-MC", Name: "Bộ phận Một cửa " + name, ShortName: "Một cửa " + name, Kind: catalog.OneStopCentre, Level: level,
		Identifier: identifier,
	}, &o.unit)
	return o
}

func (p *places) add(a catalog.Agency, parent *catalog.Agency) catalog.Agency {
	a.ID, a.ValidFrom = fixedID("agency", a.Code), founded
	a.Path = a.ID.String() + "/"
	if parent != nil {
		a.ParentID, a.Path = &parent.ID, parent.Path+a.Path
	}
	p.all = append(p.all, a)
	return a
}

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
