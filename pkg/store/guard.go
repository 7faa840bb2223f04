package store

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Guards are the triggers that keep what is append-only, as the migrations make them.
var (
	sqliteTrigger    = regexp.MustCompile(`(?ms)^CREATE TRIGGER (\w+) .*?^END`)
	postgresTrigger  = regexp.MustCompile(`(?m)^CREATE TRIGGER (\w+) [^;]*`)
	postgresFunction = regexp.MustCompile(`(?ms)^CREATE FUNCTION (\w+)\(\) RETURNS trigger.*?\$\$(.*?)\$\$`)
)

// Both tell name, text and whether it fires. Of PostgreSQL the functions belong to the triggers, and rules and switched off foreign keys are told
// like triggers that nobody made.
const (
	sqliteGuards   = "SELECT name, sql AS text, 1 AS fires FROM sqlite_master WHERE type = 'trigger'"
	postgresGuards = `SELECT t.tgname AS name, pg_get_triggerdef(t.oid, true) AS text, t.tgenabled IN ('O', 'A') AS fires
			FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
		UNION ALL SELECT DISTINCT p.proname, p.prosrc, true FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace AND p.proname IN ?
		UNION ALL SELECT rulename, definition, true FROM pg_rules WHERE schemaname = current_schema()
		UNION ALL SELECT DISTINCT 'foreign keys of ' || c.relname, '', false FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
			WHERE t.tgisinternal AND t.tgenabled NOT IN ('O', 'A') AND c.relnamespace = current_schema()::regnamespace`
)

// UnsoundGuards names what of the guards is missing, is another than the migrations make, or does not fire, and triggers that nobody knows.
func (s *Store) UnsoundGuards(ctx context.Context) ([]Unsound, error) {
	want, functions, err := s.guards()
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Name, Text string
		Fires      bool
	}
	query := s.reader(ctx).Raw(sqliteGuards)
	if !s.sqlite() {
		query = s.reader(ctx).Raw(postgresGuards, functions)
	}
	if err := query.Find(&rows).Error; err != nil {
		return nil, s.fault("guards", err)
	}
	var found []Unsound
	for _, r := range rows {
		text, known := want[r.Name]
		delete(want, r.Name)
		switch {
		case !r.Fires:
			found = append(found, Unsound{r.Name, "is switched off"})
		case !known:
			found = append(found, Unsound{r.Name, "is none of this program's"})
		case s.plainText(text) != s.plainText(r.Text):
			found = append(found, Unsound{r.Name, "is not as this program makes it"})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		found = append(found, Unsound{name, "is missing"})
	}
	return found, nil
}

// mostLines is how many lines SQLite tells of what is wrong with its file.
const mostLines = 1000

// UnsoundFile names what SQLite itself finds wrong with its file, a line each, at most a thousand: pages that do not fit together, and indexes that
// leave out a row or lead to one that is not there, which hides a dossier from lists. A line names places, never values. PostgreSQL
// answers such a question only with an extension (amcheck).
func (s *Store) UnsoundFile(ctx context.Context) ([]string, error) {
	if !s.sqlite() {
		return nil, nil
	}
	var lines []string
	err := s.reader(ctx).Raw(fmt.Sprintf("PRAGMA integrity_check(%d)", mostLines)).Find(&lines).Error
	return slices.DeleteFunc(lines, func(line string) bool { return line == "ok" }), s.fault("database file", err)
}

// guards reads triggers and, of PostgreSQL, their functions from the migrations, by name.
func (s *Store) guards() (texts map[string]string, functions []string, err error) {
	texts = map[string]string{}
	files, err := fs.Glob(migrations, "migrations/"+s.dialect+"/*.sql")
	if err != nil {
		return nil, nil, err
	}
	for _, f := range files {
		body, err := fs.ReadFile(migrations, f)
		if err != nil {
			return nil, nil, err
		}
		if s.sqlite() {
			for _, m := range sqliteTrigger.FindAllStringSubmatch(string(body), -1) {
				texts[m[1]] = m[0]
			}
			continue
		}
		for _, m := range postgresTrigger.FindAllStringSubmatch(string(body), -1) {
			texts[m[1]] = strings.Replace(m[0], "UPDATE OR DELETE", "DELETE OR UPDATE", 1) // as PostgreSQL tells it
		}
		for _, m := range postgresFunction.FindAllStringSubmatch(string(body), -1) {
			texts[m[1]], functions = m[2], append(functions, m[1])
		}
	}
	return texts, functions, nil
}

// plainText is what two spellings have in common: PostgreSQL sets parentheses of its own into a trigger, and writes names small.
func (s *Store) plainText(text string) string {
	if !s.sqlite() && strings.HasPrefix(text, "CREATE TRIGGER") {
		text = strings.ToLower(strings.NewReplacer("(", " ", ")", " ").Replace(text))
	}
	return strings.Join(strings.Fields(text), " ")
}
