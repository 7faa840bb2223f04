package main

import (
	"testing"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

func TestAnExportMeansTheAgencyThatHadTheCodeInThePeriod(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ids := map[string]uuid.UUID{}
		for name, a := range map[string]catalog.Agency{
			"before": {Code: "31321", ValidFrom: "2020-01-01", ValidTo: "2025-06-30"},
			"since":  {Code: "31321", ValidFrom: "2025-07-01"},
			"gone":   {Code: "912", ValidFrom: "2020-01-01", ValidTo: "2025-06-30"},
		} {
			a.ID, a.Name, a.Kind, a.Level = uuid.Must(uuid.NewV7()), name, catalog.CommuneCommittee, catalog.Commune
			if ids[name] = a.ID; s.AddAgency(t.Context(), a) != nil {
				t.Fatal(name)
			}
		}
		for name, x := range map[string]struct {
			export dossiersExport
			want   string
		}{
			"today":                     {dossiersExport{DecidedBy: "31321"}, "since"},
			"a figure of a period past": {dossiersExport{DecidedBy: "31321", Figure: "late", From: "2025-01-01", To: "2025-05-31"}, "before"},
			"one that there is no more": {dossiersExport{DecidedBy: "912"}, "gone"},
		} {
			f, err := x.export.filter(t.Context(), s)
			if err != nil || f.AgencyID != ids[x.want] {
				t.Errorf("%s: %v is not %s, %v", name, f.AgencyID, x.want, err)
			}
		}
	})
}
