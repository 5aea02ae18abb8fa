package acceptance

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	_ "modernc.org/sqlite"
)

// digest is a hash of every table of a market's embedded store, taken from a backup beside the running server. Left out
// is what moves by itself: leases, and when a session was last seen.
func (m *market) digest() map[string]string {
	m.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		out, quiet := m.tables()
		if quiet || time.Now().After(end) {
			return out
		}
	}
}

// tables is quiet when no message of an earlier commit is still on its way.
func (m *market) tables() (out map[string]string, quiet bool) {
	m.t.Helper()
	file := filepath.Join(m.t.TempDir(), fmt.Sprintf("copy-%d.db", time.Now().UnixNano()))
	if msg, code := m.run("backup", file); code != 0 {
		m.t.Fatalf("backup exits %d: %s", code, msg)
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		m.t.Fatal(err)
	}
	defer db.Close()
	out = map[string]string{}
	for _, table := range column(m.t, db, `SELECT name FROM sqlite_master WHERE type = 'table'`) {
		what := "id || ':' || hex(doc)"
		switch table {
		case "leases", "outbox", "haggle_indexes":
			continue
		case "sessions":
			what = "id"
		}
		rows := column(m.t, db, `SELECT `+what+` FROM "`+table+`" ORDER BY id`)
		h := sha256.New()
		for _, r := range rows {
			_, _ = fmt.Fprintln(h, r)
		}
		out[table] = fmt.Sprintf("%d rows %x", len(rows), h.Sum(nil)[:8])
	}
	if !slices.Contains([]string{out["deals"], out["accounts"]}, "") {
		return out, len(column(m.t, db, `SELECT id FROM outbox`)) == 0
	}
	m.t.Fatal("the backup has no deals or accounts")
	return nil, false
}

func column(t testing.TB, db *sql.DB, query string) (out []string) {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
