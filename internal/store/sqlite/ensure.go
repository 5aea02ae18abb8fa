package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
	"haggle/internal/store/key"
)

// catalogueTable remembers how each index was declared when its column was filled.
const catalogueTable = `CREATE TABLE IF NOT EXISTS "haggle_indexes" ("coll" TEXT NOT NULL, "name" TEXT NOT NULL, "spec" TEXT NOT NULL, PRIMARY KEY ("coll", "name")) WITHOUT ROWID`

// Ensure makes collections and indexes exist: see store.Engine. It takes the writer only where something is to be done.
func (e *Engine) Ensure(ctx context.Context, specs []store.Spec) error {
	for _, s := range specs {
		if err := checkSpec(s); err != nil {
			return err
		}
		if err := e.ensure(ctx, s); err != nil {
			return err
		}
		e.mu.Lock()
		e.tables[s.Name] = newTable(s)
		e.mu.Unlock()
	}
	return nil
}

func checkSpec(s store.Spec) error {
	if strings.HasPrefix(s.Name, "sqlite_") || strings.HasPrefix(s.Name, "haggle_") {
		return fmt.Errorf("store: the collection name %s is taken by the engine", s.Name)
	}
	return s.Check()
}

// Inspect says what Ensure would mend: see store.Engine.
func (e *Engine) Inspect(ctx context.Context, specs []store.Spec) (all []store.Difference, err error) {
	for _, spec := range specs {
		if err := checkSpec(spec); err != nil {
			return nil, err
		}
		var todo changes
		err := e.read(ctx, func(ctx context.Context, s statements) (err error) {
			todo, err = compare(ctx, s, spec)
			return err
		})
		if err != nil {
			return nil, err
		}
		all = append(all, todo.differences()...)
	}
	return all, nil
}

func (e *Engine) ensure(ctx context.Context, spec store.Spec) error {
	var todo changes
	err := e.read(ctx, func(ctx context.Context, s statements) (err error) {
		todo, err = compare(ctx, s, spec)
		return err
	})
	if err != nil || todo.none() {
		return err
	}
	return e.write(ctx, func(ctx context.Context, s *session) error {
		todo, err := compare(ctx, s, spec) // again: another process may have been faster
		if err != nil || todo.none() {
			return err
		}
		return todo.apply(ctx, s)
	})
}

// changes are what is between a declaration and the file.
type changes struct {
	spec    store.Spec
	missing bool            // there is no table
	columns map[string]bool // the table's columns
	drop    []string        // indexes, as the file names them, that are not declared, or declared otherwise
	build   []store.Index
}

func (c changes) none() bool { return !c.missing && len(c.drop) == 0 && len(c.build) == 0 }

func (c changes) differences() (all []store.Difference) {
	add := func(what string) { all = append(all, store.Difference{Coll: c.spec.Name, What: what, Mends: true}) }
	if c.missing {
		add("the collection is missing")
		return all
	}
	for _, full := range c.drop {
		if name, declared := c.declared(full); declared {
			add("the index " + name + " is another than declared")
		} else {
			add("the index " + name + " is not declared")
		}
	}
	for _, x := range c.build {
		if !slices.Contains(c.drop, fileName(c.spec.Name, x.Name)) {
			add("the index " + x.Name + " is missing")
		}
	}
	return all
}

// declared is an index's own name, and whether it is declared.
func (c changes) declared(full string) (name string, ok bool) {
	name, ours := strings.CutPrefix(full, c.spec.Name+".")
	if !ours {
		return full, false
	}
	_, ok = c.spec.Index(name)
	return name, ok && name != store.ByID
}

// compare reads what the file has of a collection: what the catalogue says, and what is there.
func compare(ctx context.Context, s statements, spec store.Spec) (changes, error) {
	c := changes{spec: spec, columns: map[string]bool{}}
	columns, err := pairs(ctx, s, `SELECT "name", '' FROM pragma_table_info(?)`, spec.Name)
	if err != nil {
		return c, err
	}
	for name := range columns {
		c.columns[name] = true
	}
	c.missing = len(columns) == 0
	noted, err := pairs(ctx, s, `SELECT "name", "spec" FROM "haggle_indexes" WHERE "coll" = ?`, spec.Name)
	if err != nil {
		return c, err
	}
	built, err := pairs(ctx, s, `SELECT "name", "sql" FROM sqlite_schema WHERE "type" = 'index' AND "sql" IS NOT NULL AND "tbl_name" = ?`, spec.Name)
	if err != nil {
		return c, err
	}
	for _, x := range spec.Indexes {
		if noted[x.Name] != declaration(x) || built[fileName(spec.Name, x.Name)] != indexText(spec.Name, x) {
			c.build = append(c.build, x)
		}
	}
	for full := range built {
		name, ok := c.declared(full)
		if !ok || slices.ContainsFunc(c.build, func(b store.Index) bool { return b.Name == name }) {
			c.drop = append(c.drop, full)
		}
	}
	for name := range noted { // what the catalogue alone knows is forgotten
		full := fileName(spec.Name, name)
		if _, ok := c.declared(full); !ok && built[full] == "" {
			c.drop = append(c.drop, full)
		}
	}
	slices.Sort(c.drop)
	return c, nil
}

// declaration is how an index was declared, comparable.
func declaration(x store.Index) string {
	b, err := json.Marshal(x)
	if err != nil {
		panic(err) // strings and bools always encode
	}
	return string(b)
}

func pairs(ctx context.Context, s statements, text, arg string) (map[string]string, error) {
	stmt, err := s.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(ctx, arg)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var k, v string
		if err := rows.Scan(&k, &v); err != nil {
			return nil, err
		}
		out[k] = v
	}
	return out, rows.Err()
}

func (c changes) apply(ctx context.Context, s *session) error {
	for _, name := range c.drop {
		if err := c.dropIndex(ctx, s, name); err != nil {
			return err
		}
	}
	if err := c.shape(ctx, s); err != nil {
		return err
	}
	if !c.missing && len(c.build) > 0 {
		if err := c.fill(ctx, s); err != nil {
			return err
		}
	}
	for _, x := range c.build {
		if err := c.buildIndex(ctx, s, x); err != nil {
			return err
		}
	}
	return nil
}

func (c changes) dropIndex(ctx context.Context, s *session, full string) error {
	if _, err := s.conn.ExecContext(ctx, `DROP INDEX IF EXISTS "`+strings.ReplaceAll(full, `"`, `""`)+`"`); err != nil {
		return err
	}
	name, _ := c.declared(full)
	_, err := s.conn.ExecContext(ctx, `DELETE FROM "haggle_indexes" WHERE "coll" = ? AND "name" = ?`, c.spec.Name, name)
	return err
}

// shape makes the table, or the columns that it lacks. The document is the last column of a new table, so that keys are
// read without it.
func (c changes) shape(ctx context.Context, s *session) error {
	t := newTable(c.spec)
	if c.missing {
		cols := `"id" TEXT NOT NULL PRIMARY KEY, "version" INTEGER, `
		for _, x := range c.spec.Indexes {
			cols += column(x.Name) + " BLOB, "
		}
		_, err := s.conn.ExecContext(ctx, "CREATE TABLE "+t.quoted()+" ("+cols+`"doc" BLOB NOT NULL)`)
		return err
	}
	for _, x := range c.build {
		if c.columns["k_"+x.Name] {
			continue
		}
		if _, err := s.conn.ExecContext(ctx, "ALTER TABLE "+t.quoted()+" ADD COLUMN "+column(x.Name)+" BLOB"); err != nil {
			return err
		}
	}
	return nil
}

// indexText is the statement that makes an index; the file keeps it as it is.
func indexText(coll string, x store.Index) string {
	kind, where := "INDEX ", ""
	if x.Unique {
		kind = "UNIQUE INDEX "
	}
	if x.Sparse {
		where = " WHERE " + column(x.Name) + " IS NOT NULL"
	}
	return "CREATE " + kind + indexName(coll, x.Name) + ` ON "` + coll + `" (` + column(x.Name) + ")" + where
}

func (c changes) buildIndex(ctx context.Context, s *session, x store.Index) error {
	if _, err := s.conn.ExecContext(ctx, indexText(c.spec.Name, x)); err != nil {
		return err
	}
	_, err := s.conn.ExecContext(ctx, `INSERT OR REPLACE INTO "haggle_indexes" ("coll", "name", "spec") VALUES (?, ?, ?)`, c.spec.Name, x.Name, declaration(x))
	return err
}

// fillChunk is how many documents fill reads at a time.
const fillChunk = 512

// fill writes the keys of new indexes of the documents that are there, a chunk at a time.
func (c changes) fill(ctx context.Context, s *session) error {
	t := newTable(store.Spec{Name: c.spec.Name, Indexes: c.build})
	last := ""
	for {
		docs, err := query(ctx, s, nil, `SELECT "doc" FROM `+t.quoted()+` WHERE "id" > ? ORDER BY "id" LIMIT ?`, last, fillChunk)
		if err != nil || len(docs) == 0 {
			return err
		}
		if last, err = c.fillSome(ctx, s, t, docs); err != nil {
			return err
		}
	}
}

func (c changes) fillSome(ctx context.Context, s *session, t *table, docs []bson.Raw) (last string, err error) {
	rows, err := key.NewRows(t.spec, docs)
	if err != nil {
		return "", err
	}
	var set []string
	for _, x := range c.build {
		set = append(set, column(x.Name)+" = ?")
	}
	text := "UPDATE " + t.quoted() + " SET " + strings.Join(set, ", ") + ` WHERE "id" = ?`
	for _, r := range rows {
		var args []any
		for _, k := range r.Keys {
			args = append(args, keyArg(k))
		}
		if _, err := s.exec(ctx, text, append(args, r.ID)...); err != nil {
			return "", err
		}
		last = r.ID
	}
	return last, nil
}
