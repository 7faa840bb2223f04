package store

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"gorm.io/gorm/schema"
)

// Exec lets tests do to the tables what the store itself never does.
func (s *Store) Exec(ctx context.Context, statement string, arguments ...any) error {
	return s.writer(ctx).Exec(statement, arguments...).Error
}

// Strings lets tests look where the store itself never looks.
func (s *Store) Strings(ctx context.Context, query string, arguments ...any) ([]string, error) {
	var found []string
	err := s.reader(ctx).Raw(query, arguments...).Find(&found).Error
	return found, err
}

// LivesBy is Lives with another number of ids held in memory.
var LivesBy = (*Store).lives

// Expected is what the rows say of the tables: columns with their nullability, and unique keys.
func Expected() (columns, keys map[string]bool) {
	columns, keys = map[string]bool{}, map[string]bool{}
	for _, row := range tables {
		table, err := schema.Parse(row, &schemas, schema.NamingStrategy{})
		if err != nil {
			panic(err)
		}
		for _, f := range table.Fields {
			null := " not null"
			if f.FieldType.Kind() == reflect.Pointer {
				null = " null"
			}
			columns[table.Table+"."+f.DBName+null] = true
		}
		key := func(names []string) { slices.Sort(names); keys[table.Table+"("+strings.Join(names, ",")+")"] = true }
		key(slices.Clone(table.PrimaryFieldDBNames))
		for _, index := range table.ParseIndexes() {
			var names []string
			for _, f := range index.Fields {
				names = append(names, f.DBName)
			}
			if index.Class == "UNIQUE" {
				key(names)
			}
		}
	}
	return columns, keys
}
