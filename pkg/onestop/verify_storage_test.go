package onestop_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store/storetest"
)

// SQLite keeps whatever it is given. A value of another class hides a dossier from lists and reports while it still reads as the same.
func TestVerifyNamesTheDossierOfAValueThatIsStoredOtherwise(t *testing.T) {
	t.Parallel()
	const journal = "dossier_events"
	log := onestop.Finding{Dossier: "log", What: "it was not held against the journals: some of them cannot be read"}
	for statement, want := range map[string]struct {
		column string
		kind   string // what sort of finding it is
	}{
		"UPDATE dossiers SET deciding_id = CAST(deciding_id AS BLOB) WHERE id = #":                {"dossiers.deciding_id", "row"},
		"UPDATE dossiers SET deciding_id = upper(deciding_id) WHERE id = #":                       {"dossiers.deciding_id", "row"},
		"UPDATE dossiers SET state = CAST(state AS BLOB) WHERE id = #":                            {"dossiers.state", "row"},
		"UPDATE dossiers SET applicant_fold = CAST(applicant_fold AS BLOB) WHERE id = #":          {"dossiers.applicant_fold", "row"},
		"UPDATE dossiers SET late_from = 'x' WHERE id = #":                                        {"dossiers.late_from", "row"},
		"UPDATE dossiers SET late_from = late_from + 0.5 WHERE id = #":                            {"dossiers.late_from", "row"},
		"UPDATE dossier_promises SET kind = CAST(kind AS BLOB) WHERE dossier_id = #":              {"dossier_promises.kind", "row"},
		"UPDATE dossier_steps SET under_way = 7 WHERE dossier_id = #":                             {"dossier_steps.under_way", "row"},
		"UPDATE dossiers SET id = CAST(id AS BLOB) WHERE id = #":                                  {"dossiers.id", "id"},
		"UPDATE dossiers SET id = upper(id) WHERE id = #":                                         {"dossiers.id", "id"},
		"UPDATE dossier_codes SET dossier_id = 'x' WHERE dossier_id = #":                          {"dossier_codes.dossier_id", "code"},
		"UPDATE dossier_events SET kind = CAST(kind AS BLOB) WHERE dossier_id = # AND seq = 2":    {journal + ".kind", journal},
		"UPDATE dossier_events SET recorded_at = 'x' WHERE dossier_id = # AND seq = 2":            {journal + ".recorded_at", journal},
		"UPDATE dossier_events SET dossier_id = CAST(dossier_id AS BLOB) WHERE dossier_id = #":    {journal + ".dossier_id", "gone"},
		"UPDATE dossier_events SET dossier_id = upper(dossier_id) WHERE dossier_id = # AND seq=2": {journal + ".dossier_id", journal},
		"UPDATE ledger_leaves SET entered_at = 'x' WHERE dossier_id = # AND seq = 1":              {"ledger_leaves.entered_at", "blind"},
	} {
		t.Run(statement, func(t *testing.T) {
			t.Parallel()
			config := storetest.MigratedSQLite(t)
			c := crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config)), signer: newSigner(t)}
			c.h.inProgress(t)
			c.victim = c.h.inProgress(t)
			c.h.inProgress(t)
			c.enter()
			c.finds("")
			silenced(t, config)
			c.sql(statement)
			ctx, stop := context.WithTimeout(context.Background(), time.Minute) // it never ended
			defer stop()
			v, err := c.h.Verify(ctx, c.h.now, false, nil)
			if err == nil {
				err = c.h.VerifyLedger(ctx, c.h.now, &v, "", nil)
			}
			if err != nil {
				t.Fatal(err)
			}
			what := want.column + " is not stored as its column says"
			named := onestop.Finding{Dossier: c.victim.Code, What: what}
			full := map[string][]onestop.Finding{
				"row":   {{Dossier: c.victim.Code, What: "differs from its journal: " + what}},
				"id":    {named, {Dossier: c.victim.Code, What: "differs from its journal: dossiers: there is no row"}, log},
				"code":  {named, {Dossier: c.victim.Code, What: "differs from its journal: dossier_codes: the code does not lead to the dossier"}, {Dossier: c.victim.Code, What: "dossier_codes: leads to no journal"}, log},
				journal: {named, log},
				"blind": {named, {Dossier: "database", What: "nothing else was held against the journals: these values must be put right first"}, log},
			}[want.kind]
			if want.kind == "gone" {
				if !slices.Contains(v.Findings, named) {
					t.Errorf("found %+v, not %+v", v.Findings, named)
				}
				return
			}
			if !slices.Equal(v.Findings, full) {
				t.Errorf("found %+v\nnot %+v", v.Findings, full)
			}
			if want.kind != "row" {
				return
			}
			if v, err = c.h.Verify(ctx, c.h.now, true, nil); err != nil || v.Open() > 0 || !strings.Contains(v.Findings[0].What, what) {
				t.Fatalf("not repaired: %+v, %v", v, err)
			}
			c.finds("")
		})
	}
}

// An index of SQLite that leaves out a row hides it from whatever is asked by that index, while the row itself is as it should be.
func TestVerifyNamesAnIndexThatLies(t *testing.T) {
	t.Parallel()
	config := storetest.MigratedSQLite(t)
	c := crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config)), signer: newSigner(t)}
	c.h.inProgress(t)
	c.victim = c.h.inProgress(t)
	c.enter()
	c.finds("")
	decided := c.victim.DecidingID.String()
	c.sql("UPDATE dossiers SET deciding_id = 'x' WHERE id = #")
	const of = "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = %s WHERE name = 'dossiers_deciding'"
	c.sql(fmt.Sprintf(of, "sql || ' WHERE deciding_id = ''x'' '"))
	c.sql("UPDATE dossiers SET deciding_id = '" + decided + "' WHERE id = #")
	c.sql(fmt.Sprintf(of, "replace(sql, ' WHERE deciding_id = ''x'' ', '')"))
	v, err := c.h.Verify(context.Background(), c.h.now, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []onestop.Finding{
		{Dossier: "database", What: "its file is not sound: wrong # of entries in index dossiers_deciding"},
		{Dossier: "database", What: "its file is not sound: row 2 missing from index dossiers_deciding"},
	}
	if !slices.Equal(v.Findings, want) {
		t.Errorf("found %+v\nnot %+v", v.Findings, want)
	}
	c.sql("REINDEX dossiers_deciding")
	c.finds("")
}
