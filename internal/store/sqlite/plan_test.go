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
			plan := planOf(t, e, text, "a", "b", 10)
			if len(plan) != 1 || !searches(plan[0]) {
				t.Errorf("%s\n%s", text, plan)
			}
		}
		text := table.findSpans(x.Name, 2)
		plan := planOf(t, e, text, "a", "b", "c", "d")
		if n := len(plan); n < 2 || !strings.HasPrefix(plan[n-2], "SCAN spans") || !searches(plan[n-1]) {
			t.Errorf("%s\n%s", text, plan)
		}
	}
}

func planOf(t *testing.T, e *Engine, text string, args ...any) (plan []string) {
	t.Helper()
	rows, err := e.readers.db.Query("EXPLAIN QUERY PLAN "+text, args[:strings.Count(text, "?")]...)
	ok(t, err)
	for rows.Next() {
		var a, b, c int
		var detail string
		ok(t, rows.Scan(&a, &b, &c, &detail))
		plan = append(plan, detail)
	}
	ok(t, rows.Close())
	return plan
}

func searches(step string) bool {
	return strings.HasPrefix(step, "SEARCH things USING") && strings.Contains(step, "INDEX") && strings.Contains(step, ">? AND")
}
