package onestop_test

import (
	"context"
	"slices"
	"testing"

	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

func TestVerifyNamesGuardsThatWereTakenOffOrPutIn(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		sqlite, postgres []string
		want             onestop.Finding // the name on PostgreSQL, where it is another, in alias
		alias            string
	}{
		"one is dropped": {
			[]string{"DROP TRIGGER dossier_events_keep"},
			[]string{"DROP TRIGGER dossier_events_keep ON dossier_events"},
			onestop.Finding{Dossier: "trigger dossier_events_keep", What: "is missing"},
			"",
		},
		"one is another": {
			[]string{"DROP TRIGGER ledger_leaves_keep", "CREATE TRIGGER ledger_leaves_keep BEFORE UPDATE ON ledger_leaves WHEN 1 = 0 BEGIN SELECT RAISE (ABORT, 'the ledger is append-only'); END"},
			[]string{"DROP TRIGGER ledger_leaves_keep ON ledger_leaves", "CREATE TRIGGER ledger_leaves_keep BEFORE UPDATE ON ledger_leaves FOR EACH ROW EXECUTE FUNCTION keep_ledger()"},
			onestop.Finding{Dossier: "trigger ledger_leaves_keep", What: "is not as this program makes it"},
			"",
		},
		"what it does is another": {
			[]string{"DROP TRIGGER calendars_stay", "CREATE TRIGGER calendars_stay BEFORE DELETE ON calendars BEGIN SELECT 1; END"},
			[]string{"CREATE OR REPLACE FUNCTION keep_law() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$"},
			onestop.Finding{Dossier: "trigger calendars_stay", What: "is not as this program makes it"},
			"trigger keep_law",
		},
		"one is put in": {
			[]string{"CREATE TRIGGER x AFTER INSERT ON dossier_events BEGIN UPDATE dossiers SET state = '9'; END"},
			[]string{"CREATE TRIGGER x BEFORE INSERT ON dossier_events FOR EACH ROW EXECUTE FUNCTION keep_journal()"},
			onestop.Finding{Dossier: "trigger x", What: "is none of this program's"},
			"",
		},
		"one is switched off": {nil, []string{"ALTER TABLE dossier_events DISABLE TRIGGER dossier_events_stay"}, onestop.Finding{Dossier: "trigger dossier_events_stay", What: "is switched off"}, ""},
		"foreign keys are":    {nil, []string{"ALTER TABLE dossiers DISABLE TRIGGER ALL"}, onestop.Finding{Dossier: "trigger foreign keys of dossiers", What: "is switched off"}, ""},
		"a rule is put in":    {nil, []string{"CREATE RULE y AS ON INSERT TO dossier_events DO INSTEAD NOTHING"}, onestop.Finding{Dossier: "trigger y", What: "is none of this program's"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.EachConfig(t, func(t *testing.T, config store.Config) {
				h := newHouse(t, storetest.Open(t, config))
				look := func() []onestop.Finding {
					var v onestop.Verification
					if err := h.VerifyGuards(context.Background(), &v); err != nil {
						t.Fatal(err)
					}
					return v.Findings
				}
				if found := look(); len(found) > 0 {
					t.Fatalf("before anything was done: %+v", found)
				}
				statements, want := x.sqlite, []onestop.Finding{x.want}
				if config.DatabaseURL != "" {
					if statements = x.postgres; x.alias != "" {
						want[0].Dossier = x.alias
					}
				}
				if statements == nil {
					return
				}
				storetest.Tamper(t, config, statements...)
				if found := look(); !slices.Equal(found, want) {
					t.Errorf("found %+v, not %+v", found, want)
				}
			})
		})
	}
}
