package onestop

import (
	"context"
	"slices"
	"strings"

	"github.com/motcua/motcua/pkg/catalog"
)

// competent refuses an agency that the record of the procedure does not let decide. Where every name in the record is that of an agency of
// the province, it must be one of them or stand under one; where a name is a description ("Ủy ban nhân dân cấp xã"), being of a level of the
// procedure is enough. A record that says neither refuses nobody.
func (o *Office) competent(ctx context.Context, p catalog.Procedure, a catalog.Agency, on catalog.Date) error {
	if len(p.Agencies)+len(p.Authorities) == 0 && !p.SaysLevel() {
		return nil
	}
	described := false
	var names []string
	for _, name := range slices.Concat(p.Agencies, p.Authorities) {
		found, err := o.store.AgenciesByName(ctx, name, root(a)+"/", on)
		if err != nil {
			return err
		}
		for _, x := range found {
			if a.Under(x.Path) {
				return nil
			}
		}
		described = described || len(found) == 0
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if (described || len(names) == 0) && (!p.SaysLevel() || p.DecidedAt(a.Level, on)) {
		return nil
	}
	if len(names) == 0 {
		return fieldFault("deciding_agency", "agency-not-competent",
			"agency %s is of the level %s; by its record procedure %s is done at the levels %v", a.Code, a.Level, p.Code, p.Levels)
	}
	return fieldFault("deciding_agency", "agency-not-competent",
		"agency %s does not decide procedure %s; by its record that is: %s", a.Code, p.Code, strings.Join(names, ", "))
}
