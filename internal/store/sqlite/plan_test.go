package sqlite

import (
	"strings"
	"testing"

	"haggle/internal/store"
)

// TestStatementsUseTheirIndex asks SQLite how it would run each query: by searching the declared index, without
// sorting and without scanning.
func TestStatementsUseTheirIndex(t *testing.T) {
	e := fresh(t, t.TempDir())
	table, err := e.table("things")
	ok(t, err)
	for _, x := range append(things.Indexes, store.Index{Name: store.ByID}) {
		for _, text := range []string{table.find(x.Name, false), table.find(x.Name, true), table.count(x.Name)} {
			var plan []string
			args := []any{"a", "b", 10}
			rows, err := e.readers.db.Query("EXPLAIN QUERY PLAN "+text, args[:strings.Count(text, "?")]...)
			ok(t, err)
			for rows.Next() {
				var a, b, c int
				var detail string
				ok(t, rows.Scan(&a, &b, &c, &detail))
				plan = append(plan, detail)
			}
			ok(t, rows.Close())
			got := strings.Join(plan, "; ")
			if len(plan) != 1 || !strings.HasPrefix(got, "SEARCH things USING") || !strings.Contains(got, "INDEX") || !strings.Contains(got, ">? AND") {
				t.Errorf("%s\n%s", text, got)
			}
		}
	}
}
