package demo

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
)

// The sign-ins that are shown. Everybody has the same password; see Load.
const (
	ClerkName         = "canbo"      // at the province's one-stop centre
	CommuneClerkName  = "canbo.xa"   // at one commune's
	OfficerName       = "chuyenvien" // of the department for land and environment
	SupervisorName    = "lanhdao"    // of the whole province
	AdministratorName = "quantri"
	AuditorName       = "kiemtra"
	PortalName        = "congdvc" // no person: enters what comes in online
)

// Password of all of them. It opens nothing but invented data.
const Password = "motcua-demo"

const officerAt = prefix + "-STNMT"

// roster is everybody who works in the province.
type roster struct {
	all      []staff.User
	clerks   map[uuid.UUID]dossier.By // by centre
	officers map[uuid.UUID][]dossier.By
	heads    map[uuid.UUID]dossier.By
	portal   dossier.By
}

// employ fills every centre with a clerk, every deciding agency with officers and a head. Sign-ins of those who are not shown follow
// from the agency's code: canbo.930, cv1.stp, lanhdao.31318.
func employ(c chance, f *facts, p *places, since time.Time) *roster {
	r := &roster{clerks: map[uuid.UUID]dossier.By{}, officers: map[uuid.UUID][]dossier.By{}, heads: map[uuid.UUID]dossier.By{}}
	names := registry{chance: c, people: &f.people}
	hire := func(username string, role staff.Role, at catalog.Agency) dossier.By {
		u := staff.User{
			ID: fixedID("user", username), Username: username, Name: names.name(c.in(500)), Role: role, AgencyID: at.ID, CreatedAt: since,
		}
		r.all = append(r.all, u)
		return dossier.By{ID: u.ID, Name: u.Name, Role: string(u.Role), AgencyID: u.AgencyID}
	}
	shown := map[string]string{"canbo.93": ClerkName, "canbo." + plain(p.communes[0].unit): CommuneClerkName, "cv1." + plain(p.departments[officerAt]): OfficerName}
	known := func(username string) string {
		if name, ok := shown[username]; ok {
			return name
		}
		return username
	}
	deciders := func(a catalog.Agency, officers int) {
		for i := range officers {
			r.officers[a.ID] = append(r.officers[a.ID], hire(known("cv"+string(rune('1'+i))+"."+plain(a)), staff.Officer, a))
		}
		r.heads[a.ID] = hire("lanhdao."+plain(a), staff.Supervisor, a)
	}
	root := p.province.unit
	r.heads[root.ID] = hire(SupervisorName, staff.Supervisor, root)
	hire(AdministratorName, staff.Administrator, root)
	hire(AuditorName, staff.Auditor, root)
	for _, o := range p.offices() {
		r.clerks[o.centre.ID] = hire(known("canbo."+plain(o.unit)), staff.Clerk, o.centre)
		switch o.unit.Level {
		case catalog.District:
			deciders(o.unit, 3)
		case catalog.Commune:
			deciders(o.unit, 2)
		}
	}
	for _, d := range f.departments {
		deciders(p.departments[d.Code], 3)
	}
	r.portal = hire(PortalName, staff.Clerk, root) // it files for every counter
	last := len(r.all) - 1
	r.all[last].Name, r.portal.Name = portalTitle, portalTitle
	return r
}

const portalTitle = "Cổng dịch vụ công (minh họa)"

// offices is every place where dossiers come in, from the top down.
func (p *places) offices() []*office {
	all := append([]*office{p.province}, p.districts...)
	return append(all, p.communes...)
}

// plain is an agency's code as it stands in a sign-in.
func plain(a catalog.Agency) string {
	return strings.ToLower(strings.TrimLeft(strings.TrimPrefix(a.Code, prefix), "-"))
}
