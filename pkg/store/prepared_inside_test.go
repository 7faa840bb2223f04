package store

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	sqlitedriver "modernc.org/sqlite"
)

func TestAStatementCanBeUsedWhileItsRowsAreRead(t *testing.T) {
	t.Parallel()
	connector, err := sqlitedriver.NewConnector("file:" + filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	pool := sql.OpenDB(preparing{connector})
	defer pool.Close()
	conn, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const numbers = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?) SELECT n FROM c"
	count := func(up int, each func()) (sum int) {
		rows, err := conn.QueryContext(t.Context(), numbers, up)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var n int
			if err := rows.Scan(&n); err != nil {
				t.Fatal(err)
			}
			sum += n
			each()
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return sum
	}
	for range 3 {
		inner := 0
		outer := count(4, func() { inner += count(3, func() {}) })
		if outer != 10 || inner != 24 {
			t.Errorf("1 to 4 add up to %d, 1 to 3 four times to %d", outer, inner)
		}
	}
	for i := range 3 * keptStatements { // each a statement of its own
		if _, err := conn.ExecContext(t.Context(), fmt.Sprintf("SELECT %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.Raw(func(driver any) error {
		if kept := len(driver.(*preparedConn).idle); kept != keptStatements {
			t.Errorf("%d statements are kept", kept)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
