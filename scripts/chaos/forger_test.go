package chaos

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// forger makes mistakes in a copy of a store and of its journal.
type forger struct {
	t             *testing.T
	file, journal string
}

// pick chooses a document.
type pick func(d bson.M) bool

func anyone(bson.M) bool { return true }

func has(field string, value any) pick { return func(d bson.M) bool { return d[field] == value } }

func begins(prefix string) pick {
	return func(d bson.M) bool { return strings.HasPrefix(d["_id"].(string), prefix) }
}

// db opens the copy.
func (f forger) db() *sql.DB {
	f.t.Helper()
	db, err := sql.Open("sqlite", f.file)
	if err != nil {
		f.t.Fatal(err)
	}
	return db
}

// find gives the first document, by id, that is picked.
func (f forger) find(coll string, p pick) (d bson.M) {
	f.t.Helper()
	db := f.db()
	defer db.Close()
	rows, err := db.Query(fmt.Sprintf("SELECT doc FROM %q ORDER BY id", coll))
	if err != nil {
		f.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var raw []byte
		d = bson.M{}
		if err := rows.Scan(&raw); err != nil {
			f.t.Fatal(err)
		}
		if err := bson.Unmarshal(raw, &d); err != nil {
			f.t.Fatal(err)
		}
		if p(d) {
			return d
		}
	}
	f.t.Fatalf("%s has no such document: the crowd did not do enough", coll)
	return nil
}

// exec runs a statement that must change one row.
func (f forger) exec(query string, args ...any) {
	f.t.Helper()
	db := f.db()
	defer db.Close()
	res, err := db.Exec(query, args...)
	if err != nil {
		f.t.Fatal(err)
	}
	if n, err := res.RowsAffected(); n != 1 || err != nil {
		f.t.Fatalf("%s changes %d rows, %v", query, n, err)
	}
}

func (f forger) raw(d bson.M) []byte {
	f.t.Helper()
	raw, err := bson.Marshal(d)
	if err != nil {
		f.t.Fatal(err)
	}
	return raw
}

// deposit gives a transfer that filled a wallet for good: one that the gateway takes back later may be missing.
func (f forger) deposit() (id string) {
	f.t.Helper()
	return f.find("journal", func(d bson.M) bool {
		intent, ok := strings.CutPrefix(d["_id"].(string), "deposit:")
		return ok && f.find("sandbox", has("_id", intent))["failsAt"] == nil
	})["_id"].(string)
}

func (f forger) change(coll string, p pick, do func(d bson.M)) {
	f.t.Helper()
	d := f.find(coll, p)
	do(d)
	f.exec(fmt.Sprintf("UPDATE %q SET doc = ? WHERE id = ?", coll), f.raw(d), d["_id"])
}

func (f forger) remove(coll string, p pick) {
	f.t.Helper()
	f.exec(fmt.Sprintf("DELETE FROM %q WHERE id = ?", coll), f.find(coll, p)["_id"])
}

// twice adds a document a second time, under another id.
func (f forger) twice(coll string, p pick) {
	f.t.Helper()
	d := f.find(coll, p)
	f.bare(coll)
	d["_id"] = d["_id"].(string) + "x"
	f.exec(fmt.Sprintf("INSERT INTO %q (id, doc) VALUES (?, ?)", coll), d["_id"], f.raw(d))
}

// bare takes a collection's indexes away, which would want values for them: the checker needs none.
func (f forger) bare(coll string) {
	f.t.Helper()
	db := f.db()
	defer db.Close()
	for _, q := range []string{"CREATE TABLE bare AS SELECT id, doc FROM %q", "DROP TABLE %q", "ALTER TABLE bare RENAME TO %q"} {
		if _, err := db.Exec(fmt.Sprintf(q, coll)); err != nil {
			f.t.Fatal(err)
		}
	}
}

// paying picks the standing of somebody who pays in a group.
func (f forger) paying(d bson.M) bool {
	if d["kind"] != "group" {
		return false
	}
	db := f.db()
	defer db.Close()
	var n int
	err := db.QueryRow("SELECT count(*) FROM orders WHERE id = ?", fmt.Sprintf("o-%s-%d", d["deal"], d["seq"])).Scan(&n)
	return err == nil && n == 1
}

// auction is an auction that was sold.
func (f forger) auction() string {
	f.t.Helper()
	return f.find("deals", func(d bson.M) bool { return d["kind"] == "english" && d["status"] == "settled" })["_id"].(string)
}

func (f forger) addToOutbox() {
	f.t.Helper()
	f.bare("outbox")
	f.exec("INSERT INTO outbox (id, doc) VALUES (?, ?)", "deal:x", f.raw(bson.M{"_id": "deal:x", "at": time.Now()}))
}

// told changes what the last client was told who was told yes; toldAgain adds that as a second answer.
func (f forger) told(path string, do func(a obj)) { f.t.Helper(); f.retell(path, do, false) }

func (f forger) toldAgain(path string, do func(a obj)) { f.t.Helper(); f.retell(path, do, true) }

func (f forger) retell(path string, do func(a obj), twice bool) {
	f.t.Helper()
	text, err := os.ReadFile(f.journal)
	if err != nil {
		f.t.Fatal(err)
	}
	lines := bytes.SplitAfter(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
	keys := map[any]int{}
	for _, l := range lines {
		keys[f.line(l)["key"]]++
	}
	for i := len(lines) - 1; i >= 0; i-- {
		a := f.line(lines[i])
		if status, _ := a["status"].(float64); !strings.HasSuffix(a["path"].(string), path) || status != 201 || keys[a["key"]] > 1 {
			continue
		}
		do(a)
		forged, err := json.Marshal(a)
		if err != nil {
			f.t.Fatal(err)
		}
		all := bytes.Replace(text, bytes.TrimSuffix(lines[i], []byte("\n")), forged, 1)
		if twice {
			all = append(append(bytes.Clone(text), forged...), '\n')
		}
		if err := os.WriteFile(f.journal, all, 0o600); err != nil {
			f.t.Fatal(err)
		}
		return
	}
	f.t.Fatalf("nobody was told yes to %s", path)
}

func (f forger) line(raw []byte) obj {
	f.t.Helper()
	var a obj
	if err := json.Unmarshal(raw, &a); err != nil {
		f.t.Fatalf("%v: %s", err, raw)
	}
	return a
}

// inside is an object in an object.
func inside(a obj, path ...string) map[string]any {
	m := map[string]any(a)
	for _, p := range path {
		m = m[p].(map[string]any)
	}
	return m
}

// set sets a field of a document inside another.
func set(d bson.M, inner, field string, value any) {
	doc := d[inner].(bson.D)
	for i := range doc {
		if doc[i].Key == field {
			doc[i].Value = value
		}
	}
	d[inner] = doc
}
