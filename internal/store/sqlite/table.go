package sqlite

import (
	"fmt"
	"strings"

	"haggle/internal/store"
	"haggle/internal/store/key"
)

// bulk is how many rows one statement writes: many at a time, and the rest one by one.
var bulk = []int{32, 8, 1}

// table is the SQL of one collection. Names are letters, digits and _ (store.Spec.Check), so they are safe to quote.
type table struct {
	spec  store.Spec
	width int // columns: id, version, one for each index, doc

	inserts, puts []string // for as many rows as bulk says
	replace       string   // takes a row without its id, then the id and the version that was read
}

func newTable(s store.Spec) *table {
	t := &table{spec: s}
	cols := []string{`"version"`}
	for _, x := range s.Indexes {
		cols = append(cols, column(x.Name))
	}
	cols = append(cols, `"doc"`)
	t.width = 1 + len(cols)
	var again []string
	for _, c := range cols {
		again = append(again, c+" = excluded."+c)
	}
	for _, rows := range bulk {
		insert := "INSERT INTO " + t.quoted() + ` ("id", ` + strings.Join(cols, ", ") + ") VALUES " + repeat(placeholders(t.width), rows)
		t.inserts = append(t.inserts, insert)
		t.puts = append(t.puts, insert+` ON CONFLICT ("id") DO UPDATE SET `+strings.Join(again, ", "))
	}
	t.replace = "UPDATE " + t.quoted() + " SET " + strings.Join(cols, " = ?, ") + ` = ? WHERE "id" = ? AND "version" = ?`
	return t
}

// column is the quoted column that holds the keys of an index.
func column(index string) string { return `"k_` + index + `"` }

// indexName is the quoted name of SQLite's own index over that column.
func indexName(coll, index string) string { return `"` + fileName(coll, index) + `"` }

// fileName is that name as the file knows it.
func fileName(coll, index string) string { return coll + "." + index }

func (t *table) quoted() string { return `"` + t.spec.Name + `"` }

// args appends the values of a row, in the order of the columns.
func (t *table) args(dst []any, r key.Row) []any {
	dst = append(dst, r.ID, r.Version)
	for _, k := range r.Keys {
		dst = append(dst, keyArg(k))
	}
	return append(dst, []byte(r.Doc))
}

// keyArg makes no key a NULL.
func keyArg(k []byte) any {
	if k == nil {
		return nil
	}
	return k
}

func (t *table) remove(ids int) string {
	return "DELETE FROM " + t.quoted() + ` WHERE "id" IN ` + placeholders(ids)
}

func (t *table) get() string { return `SELECT "doc" FROM ` + t.quoted() + ` WHERE "id" = ?` }

func (t *table) getMany(ids int) string {
	return `SELECT "doc" FROM ` + t.quoted() + ` WHERE "id" IN ` + placeholders(ids)
}

// by is the table as a query of an index reads it, and the column that bounds the query. INDEXED BY makes SQLite refuse the
// statement rather than scan the table.
func (t *table) by(index string) (from, col string) {
	if index == store.ByID {
		return t.quoted(), `"id"`
	}
	return t.quoted() + " INDEXED BY " + indexName(t.spec.Name, index), column(index)
}

// ranged is what a query of an index selects, and the column that bounds it.
func (t *table) ranged(what, index string) (query, col string) {
	from, col := t.by(index)
	return fmt.Sprintf("SELECT %s FROM %s WHERE %s >= ? AND %s < ?", what, from, col, col), col
}

func (t *table) find(index string, desc bool) string {
	query, col := t.ranged(`"doc"`, index)
	if desc {
		col += " DESC"
	}
	return query + " ORDER BY " + col + " LIMIT 0 + ?" // of a bare ? SQLite prepares the statement again for every value
}

// findSpans finds what is in any of some spans, span by span. A CROSS JOIN is not turned round.
func (t *table) findSpans(index string, spans int) string {
	from, col := t.by(index)
	return fmt.Sprintf(`WITH "spans" ("lo", "hi") AS (VALUES %s) SELECT "doc" FROM "spans" CROSS JOIN %s ON %s >= "lo" AND %s < "hi"`,
		repeat("(?, ?)", spans), from, col, col)
}

func (t *table) count(index string) string {
	query, _ := t.ranged("count(*)", index)
	return query
}

func placeholders(n int) string { return "(" + strings.Repeat("?, ", n-1) + "?)" }

func repeat(s string, n int) string { return strings.Repeat(s+", ", n-1) + s }
