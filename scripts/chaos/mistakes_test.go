package chaos

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	_ "modernc.org/sqlite" // the driver

	"haggle/internal/testenv"
	"haggle/scripts/chaos/laws"
)

// TestCheckerSeesEveryMistake makes a sound store, then one mistake each in a copy of it, or in a copy of the journal: the
// checker names the law that is broken.
func TestCheckerSeesEveryMistake(t *testing.T) {
	file, journal := soundStore(t)
	for _, c := range mistakes {
		t.Run(c.name, func(t *testing.T) {
			f := forger{t: t, file: filepath.Join(t.TempDir(), "haggle.db"), journal: filepath.Join(t.TempDir(), "journal.jsonl")}
			copyTo(t, file, f.file)
			copyTo(t, journal, f.journal)
			c.forge(f)
			args := []string{"--sqlite=" + f.file, "--journal=" + f.journal, "--patience=0s"}
			if c.final {
				args = append(args, "--final")
			}
			r := judge(t, args...)
			if r.Count(c.breaks) == 0 {
				t.Errorf("the checker does not say that the law %s is broken:\n%s", c.breaks, r)
			}
		})
	}
}

// soundStore lets a crowd trade, stops the site and gives its store and the journal, which the checker has found sound.
func soundStore(t *testing.T) (file, journal string) {
	t.Helper()
	s, journal := newSite(t)
	p := testenv.Serve(t, "--limits=off")
	s.doors.set(0, p.URL)
	c := newCrowd(s, size{people: 8, savers: 2, spread: 2, groups: 2})
	w := world{t: t, site: s, crowd: c, logs: p.Log, store: []string{"--sqlite=" + filepath.Join(p.Data, "haggle.db"), "--journal=" + journal}}
	w.run(fault{name: "nothing", groups: 6, inject: func(f *fate) { time.Sleep(time.Second) }}, 0)
	w.last()
	p.Stop()
	file = filepath.Join(t.TempDir(), "sound.db")
	db, err := sql.Open("sqlite", filepath.Join(p.Data, "haggle.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("VACUUM INTO ?", file); err != nil {
		t.Fatal(err)
	}
	return file, journal
}

func copyTo(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// mistakes are what a program that is wrong could leave behind.
var mistakes = []struct {
	name   string
	breaks string
	final  bool
	forge  func(f forger)
}{
	{"an acknowledged entry is gone", laws.Kept, false, func(f forger) {
		f.told("/bids", func(a obj) { inside(a, "answer", "receipt")["seq"] = 100_000 })
	}},
	{"an acknowledged entry is another", laws.Kept, false, func(f forger) {
		f.told("/bids", func(a obj) { inside(a, "answer", "receipt")["hash"] = strings.Repeat("0", 64) })
	}},
	{"an acknowledged deposit is gone", laws.Kept, false, func(f forger) { f.remove("journal", has("_id", f.deposit())) }},
	{"a key is forgotten", laws.Kept, false, func(f forger) { f.remove("keys", anyone) }},
	{"an account is gone", laws.Kept, false, func(f forger) { f.remove("accounts", anyone) }},
	{"an acknowledged deal is gone", laws.Kept, false, func(f forger) { f.remove("deals", anyone) }},
	{"an acknowledged order is gone", laws.Kept, false, func(f forger) { f.remove("orders", has("kind", "fixed")) }},
	{"two requests share a line", laws.Once, false, func(f forger) { f.toldAgain("/bids", func(a obj) { a["key"] = "another" }) }},
	{"a request is answered in two ways", laws.Once, false, func(f forger) {
		f.toldAgain("/bids", func(a obj) { inside(a, "answer")["leading"] = "perhaps" })
	}},
	{"a refused request left an answer", laws.Once, false, func(f forger) { f.told("/pledges", func(a obj) { a["status"] = 422 }) }},
	{"an entry row is gone", laws.Once, false, func(f forger) { f.remove("entries", has("act", "pledge")) }},
	{"two entry rows are one line", laws.Once, false, func(f forger) { f.twice("entries", has("act", "pledge")) }},
	{"a deposit that nobody asked for", laws.Once, false, func(f forger) { f.twice("journal", begins("deposit:")) }},
	{"a segment is gone", laws.Chains, false, func(f forger) { f.remove("segments", anyone) }},
	{"a byte of a log is another", laws.Chains, false, func(f forger) {
		f.change("segments", anyone, func(d bson.M) {
			line := d["lines"].(bson.A)[0].(bson.Binary)
			line.Data[len(line.Data)/2] ^= 1
		})
	}},
	{"a head is another", laws.Chains, false, func(f forger) {
		f.change("deals", anyone, func(d bson.M) { d["hash"] = strings.Repeat("0", 64) })
	}},
	{"a balance is too high", laws.Books, false, func(f forger) {
		f.change("balances", anyone, func(d bson.M) { d["available"] = d["available"].(int64) + 100 })
	}},
	{"a transfer does not sum to zero", laws.Books, false, func(f forger) {
		f.change("journal", anyone, func(d bson.M) { d["postings"] = d["postings"].(bson.A)[:1] })
	}},
	{"a hold is never released", laws.Books, false, func(f forger) {
		f.change("holds", has("state", "posted"), func(d bson.M) { d["state"], d["amount"] = "open", int64(100) })
	}},
	{"a hold is gone", laws.Books, false, func(f forger) { f.remove("holds", has("state", "open")) }},
	{"an order forgot its escrow", laws.Books, false, func(f forger) {
		f.change("orders", has("escrow", true), func(d bson.M) { d["escrow"] = false })
	}},
	{"an award is written twice", laws.Settled, false, func(f forger) { f.twice("awards", anyone) }},
	{"an order is made twice", laws.Settled, false, func(f forger) { f.twice("orders", has("kind", "group")) }},
	{"an award has no order", laws.Settled, false, func(f forger) { f.remove("orders", has("kind", "group")) }},
	{"a deal is over without its line", laws.Settled, false, func(f forger) {
		f.change("deals", has("status", "open"), func(d bson.M) { d["status"] = "settled" })
	}},
	{"a deal is open after its end", laws.Settled, false, func(f forger) {
		f.change("deals", has("status", "settled"), func(d bson.M) { d["status"] = "open" })
	}},
	{"a deal is due and nobody closes it", laws.Settled, false, func(f forger) {
		f.change("deals", has("status", "open"), func(d bson.M) { d["closesAt"] = time.Now().Add(-time.Minute) })
	}},
	{"somebody pays above his ceiling", laws.Prices, false, func(f forger) {
		f.change("standings", f.paying, func(d bson.M) { set(d, "values", "ceiling", int64(100)) })
	}},
	{"somebody gets fewer than he pledged", laws.Prices, false, func(f forger) {
		f.change("standings", f.paying, func(d bson.M) { set(d, "values", "quantity", int64(1000)) })
	}},
	{"a cap is passed", laws.Prices, false, func(f forger) {
		f.change("particulars", has("title", "A cake"), func(d bson.M) { set(d, "terms", "cap", int64(1)) })
	}},
	{"the wrong one wins an auction", laws.Prices, false, func(f forger) {
		f.change("awards", begins(f.auction()), func(d bson.M) { d["account"] = "somebody" })
	}},
	{"more pieces are sold than there are", laws.Prices, false, func(f forger) {
		f.change("orders", has("kind", "fixed"), func(d bson.M) { d["quantity"] = int64(50) })
	}},
	{"the gateway took what no wallet has", laws.Gateway, false, func(f forger) { f.remove("journal", has("_id", f.deposit())) }},
	{"a wallet has what the gateway never took", laws.Gateway, false, func(f forger) {
		f.change("sandbox", has("_id", strings.TrimPrefix(f.deposit(), "deposit:")), func(d bson.M) { d["state"] = "declined" })
	}},
	{"an intent is never finished", laws.Gateway, false, func(f forger) {
		f.change("intents", anyone, func(d bson.M) { d["openAt"], d["at"] = time.Now().Add(-time.Hour), time.Now().Add(-time.Hour) })
	}},
	{"something waits in the outbox", laws.Drained, true, func(f forger) { f.addToOutbox() }},
}
