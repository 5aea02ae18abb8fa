package acceptance

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"hash"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store/archive"
)

// digest is a hash of every table of a market's embedded store, taken from a backup beside the running server. Left out
// is what moves by itself: leases, when a session was last seen, when a saved search was last asked, and what became of a mail
// or a push.
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
	hashes, rows, quiet := map[string]hash.Hash{}, map[string]int{}, true
	m.backup().read(func(coll string, doc bson.Raw) {
		what := []byte(doc)
		switch coll {
		case "leases", "mails", "pushes":
			return
		case "outbox":
			quiet = false
			return
		case "sessions", "searches":
			what = []byte(doc.Lookup("_id").StringValue())
		}
		if hashes[coll] == nil {
			hashes[coll] = sha256.New()
		}
		rows[coll]++
		hashes[coll].Write(what)
	})
	out = map[string]string{}
	for coll, h := range hashes {
		out[coll] = fmt.Sprintf("%d rows %x", rows[coll], h.Sum(nil)[:8])
	}
	if out["deals"] == "" || out["accounts"] == "" {
		m.t.Fatal("the backup has no deals or accounts")
	}
	return out, quiet
}

// copied is a backup of a market.
type copied struct {
	t    testing.TB
	file string
	said string // what the command said
}

// backup takes one beside the running market.
func (m *market) backup() copied {
	m.t.Helper()
	file := filepath.Join(m.t.TempDir(), "backup")
	said, code := m.run("backup", "--json", file)
	if code != 0 {
		m.t.Fatalf("backup exits %d: %s", code, said)
	}
	return copied{t: m.t, file: file, said: said}
}

// read reads every document of a backup.
func (c copied) read(each func(coll string, doc bson.Raw)) {
	c.t.Helper()
	f, err := os.Open(c.file)
	if err != nil {
		c.t.Fatal(err)
	}
	defer f.Close()
	_, _, err = archive.Read(bufio.NewReader(f), archive.Visitor{Document: func(coll string, doc bson.Raw) error { each(coll, doc); return nil }})
	if err != nil {
		c.t.Fatal(err)
	}
}
