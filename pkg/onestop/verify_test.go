package onestop_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

// silenced takes the guards off the journal, as somebody with the database in hand could.
func silenced(t *testing.T, c store.Config) {
	t.Helper()
	for _, table := range []string{"dossier_events", "ledger_leaves", "ledger_hashes", "ledger_checkpoints", "rule_sets", "calendars", "procedure_versions"} {
		if c.DatabaseURL != "" {
			storetest.Tamper(t, c, "ALTER TABLE "+table+" DISABLE TRIGGER USER")
			continue
		}
		for _, trigger := range []string{"_keep", "_stay", "_once"} {
			storetest.Tamper(t, c, "DROP TRIGGER "+table+trigger)
		}
	}
}

func TestVerifyTellsAndRepairsOnlyWhatTheJournalProves(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tamper []string // # is the dossier's id
		want   []string
		open   int // findings left after the repair
	}{
		"the last event is cut off":      {[]string{"DELETE FROM dossier_events WHERE dossier_id = # AND seq = 3"}, []string{"journal: event 3 is missing"}, 1},
		"two are":                        {[]string{"DELETE FROM dossier_events WHERE dossier_id = # AND seq > 1"}, []string{"journal: events 2 to 3 are missing"}, 1},
		"the row knows another":          {[]string{"UPDATE dossiers SET head = 'x' WHERE id = #"}, []string{"journal: event 3 is not the one that the row was written with"}, 1},
		"the row stayed behind":          {[]string{"UPDATE dossiers SET version = 1, head = (SELECT hash FROM dossier_events WHERE dossier_id = # AND seq = 1) WHERE id = #"}, []string{"differs from its journal: dossiers.version", "differs from its journal: dossiers.head"}, 0},
		"the row is deleted":             {[]string{"DELETE FROM dossiers WHERE id = #"}, []string{"differs from its journal: dossiers: there is no row"}, 0},
		"the row and all beside it":      {[]string{"DELETE FROM dossiers WHERE id = #", "DELETE FROM dossier_codes", "DELETE FROM dossier_promises", "DELETE FROM dossier_steps", "DELETE FROM fee_receipts"}, []string{"differs from its journal: dossiers: there is no row"}, 0},
		"the state is another":           {[]string{"UPDATE dossiers SET state = '9' WHERE id = #"}, []string{"differs from its journal: dossiers.state"}, 0},
		"the code leads elsewhere":       {[]string{"UPDATE dossier_codes SET dossier_id = '00000000-0000-0000-0000-000000000007'"}, []string{"differs from its journal: dossier_codes: the code does not lead to the dossier", "dossier_codes: leads to no journal"}, 3},
		"everything but the code is cut": {[]string{"DELETE FROM dossier_events", "DELETE FROM dossier_promises", "DELETE FROM dossier_steps", "DELETE FROM fee_receipts", "DELETE FROM dossiers"}, []string{"dossier_codes: leads to no journal", "dossier_persons: leads to no journal"}, 2},
		"a source leads nowhere":         {[]string{"INSERT INTO dossier_sources (source_system, source_key, dossier_id) VALUES ('H99.X1-261102-0001', '', '00000000-0000-0000-0000-000000000007')"}, []string{"dossier_sources: leads to no journal"}, 1},
		"a limit is moved":               {[]string{"UPDATE dossiers SET accept_by = submitted_at WHERE id = #"}, []string{"differs from its journal: dossiers.accept_by"}, 0},
		"a deadline is moved":            {[]string{"UPDATE dossiers SET answer_by = submitted_at WHERE id = #"}, []string{"differs from its journal: dossiers.answer_by"}, 0},
		"money is moved":                 {[]string{"UPDATE dossiers SET body = replace(body, '77000', '7000') WHERE id = #"}, []string{"differs from its journal: dossiers.body"}, 0},
		"a receipt is taken out":         {[]string{"DELETE FROM fee_receipts"}, []string{"differs from its journal: fee_receipts: 0 rows, not 1"}, 0},
		"a receipt is another":           {[]string{"UPDATE fee_receipts SET number = '8'"}, []string{"differs from its journal: fee_receipts[1].number"}, 0},
		"a person is taken out":          {[]string{"DELETE FROM dossier_persons"}, []string{"differs from its journal: dossier_persons: 0 rows, not 1"}, 0},
		"a person is put in":             {[]string{"INSERT INTO dossier_persons (dossier_id, no, digest) VALUES (#, 2, 'x')"}, []string{"differs from its journal: dossier_persons: 2 rows, not 1"}, 0},
		"a person is another":            {[]string{"UPDATE dossier_persons SET digest = 'x'"}, []string{"differs from its journal: dossier_persons[1].digest"}, 0},
	} {
		for dialect, config := range map[string]func(testing.TB) store.Config{
			store.SQLite:     storetest.SQLite,
			store.PostgreSQL: func(t testing.TB) store.Config { return store.Config{DatabaseURL: storetest.Postgres(t)} },
		} {
			t.Run(name+"/"+dialect, func(t *testing.T) {
				t.Parallel()
				config := config(t)
				h := newHouse(t, storetest.Open(t, config))
				d, _ := h.receive(t, h.clerk, input("9.000001"))
				vnd := int64(77000)
				d = h.act(t, h.clerk, d, dossier.SetFees, onestop.ActInput{Fees: []dossier.FeeLine{{Kind: dossier.Levy, VND: &vnd}}})
				d = h.act(t, h.clerk, d, dossier.PayFees, onestop.ActInput{Fees: []dossier.FeeLine{
					{No: 1, Method: dossier.Transfer, Receipt: &dossier.FeeReceipt{Number: "7"}},
				}})
				silenced(t, config)
				for _, statement := range c.tamper {
					storetest.Tamper(t, config, strings.ReplaceAll(statement, "#", "'"+d.ID.String()+"'"))
				}
				for _, repair := range []bool{false, true} {
					v, err := h.Verify(t.Context(), h.now, repair, nil)
					if err != nil {
						t.Fatal(err)
					}
					var got []string
					for _, f := range v.Findings {
						if got = append(got, f.What); strings.TrimSpace(f.Dossier) != d.Code {
							t.Errorf("%s is told of %q", f.What, f.Dossier)
						}
					}
					if got = got[:min(len(got), len(c.want))]; !slices.Equal(got, c.want) {
						t.Errorf("found %q, not %q", got, c.want)
					}
					if repair && v.Open() != c.open {
						t.Errorf("%d findings are left, not %d: %+v", v.Open(), c.open, v.Findings)
					}
				}
				if v, err := h.Verify(t.Context(), h.now, false, nil); err != nil || (len(v.Findings) == 0) != (c.open == 0) {
					t.Errorf("after the repair: %+v, %v", v.Findings, err)
				}
			})
		}
	}
}
