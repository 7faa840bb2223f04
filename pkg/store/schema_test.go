package store_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

// The queries give one row for each column ("table.column null|not null") and one for each column of a unique key ("table(a,b)").
var askSchema = map[string]struct{ columns, keys string }{
	store.SQLite: {
		columns: `SELECT m.name || '.' || c.name || CASE WHEN c."notnull" THEN ' not null' ELSE ' null' END
			FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'goose_db_version'`,
		keys: `SELECT m.name || '(' || (SELECT group_concat(name, ',') FROM (SELECT i.name FROM pragma_index_info(x.name) i ORDER BY i.name)) || ')'
			FROM sqlite_master m JOIN pragma_index_list(m.name) x WHERE m.type = 'table' AND x."unique" AND m.name <> 'goose_db_version'`,
	},
	store.PostgreSQL: {
		columns: `SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE ' null' END
			FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'goose_db_version'`,
		keys: `SELECT t.relname || '(' || (SELECT string_agg(a.attname, ',' ORDER BY a.attname COLLATE "C") FROM pg_attribute a
				WHERE a.attrelid = x.indrelid AND a.attnum = ANY (x.indkey)) || ')'
			FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
			WHERE n.nspname = 'public' AND x.indisunique AND t.relname <> 'goose_db_version'`,
	},
}

func TestTablesAreWhatTheRowsSay(t *testing.T) {
	t.Parallel()
	columns, keys := store.Expected()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for what, c := range map[string]struct {
			query string
			want  map[string]bool
		}{
			"columns":     {askSchema[s.Dialect()].columns, columns},
			"unique keys": {askSchema[s.Dialect()].keys, keys},
		} {
			found, err := s.Strings(context.Background(), c.query)
			must(t, err)
			have := map[string]bool{}
			for _, f := range found {
				have[f] = true
			}
			if diff := cmp.Diff(c.want, have); diff != "" {
				t.Errorf("%s (-rows +tables):\n%s", what, diff)
			}
		}
	})
}
