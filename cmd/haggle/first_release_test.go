package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/engine"
	"haggle/internal/market"
	"haggle/internal/store"
	"haggle/internal/store/migrate"
	"haggle/internal/store/mongo"
	"haggle/internal/store/sqlite"
	"haggle/internal/testenv"
)

// firstSecret is the one the first program is given.
const firstSecret = "--secret=the secret of the first program, 32 bytes and more"

// crowded is how many copies of its deals a store is given, so that there is time to kill who brings it up.
const crowded = 6000

// TestAStoreOfTheFirstRelease takes a market that the first released program itself had filled, built of the repository's
// history (its backup, where the checkout has none). Two processes bring it up at once; one is killed on its way, the
// other ends it. Deals, logs, money and orders are what they were, and the first program refuses what it does not know.
func TestAStoreOfTheFirstRelease(t *testing.T) {
	for _, base := range []string{"sqlite", "mongo"} {
		t.Run(base, func(t *testing.T) {
			t.Parallel()
			var where []string
			if base == "mongo" {
				where = []string{"--mongo=" + strings.Replace(testenv.Mongod(t), "/?", "/first?", 1)}
			}
			old, data := firstStore(t, where)
			where = append(where, "--data="+data)
			s := openAt(t, data, where[0])
			crowd(t, s)
			before := substance(t, s)
			bringUpTwice(t, s, where)
			after := substance(t, s)
			for name, want := range before {
				if after[name] != want {
					t.Errorf("%s: %s, it was %s", name, after[name], want)
				}
			}
			ok(t, s.Close())
			if old == "" {
				return
			}
			out, err := exec.Command(old, append([]string{"serve", firstSecret, "--listen=127.0.0.1:0"}, where...)...).CombinedOutput()
			if err == nil || !strings.Contains(string(out), "written by a newer haggle") {
				t.Errorf("the first program, started again: %v, %s", err, out)
			}
		})
	}
}

// firstStore is a store as the first program left it, and that program where it can be had.
func firstStore(t *testing.T, where []string) (program, data string) {
	t.Helper()
	program, built := testenv.FirstRelease(t)
	if built {
		site := testenv.ServeWith(t, program, append([]string{"--demo", firstSecret}, where...)...)
		if code := site.Stop(); code != 0 {
			t.Fatalf("the first program ends with %d; %s", code, site.Log())
		}
		return program, site.Data
	}
	data = filepath.Join(t.TempDir(), "data")
	if _, errs, code := testenv.Run(t, "", append([]string{"restore", filepath.Join("testdata", "version1.backup"), "--data=" + data}, where...)...); code != 0 {
		t.Fatalf("restore: %s", errs)
	}
	return "", data
}

// openAt opens the store of a data folder, or of the address where one is given.
func openAt(t *testing.T, data, address string) store.Engine {
	t.Helper()
	var s store.Engine
	var err error
	if uri, ok := strings.CutPrefix(address, "--mongo="); ok {
		s, err = mongo.Open(t.Context(), uri, database(uri), store.Hooks{})
	} else {
		s, err = sqlite.Open(data, store.Hooks{})
	}
	ok(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// firstDeals is how the first program declared its deals.
var firstDeals = store.Spec{Name: engine.Deals, Indexes: []store.Index{
	{Name: "next", Fields: []store.Field{{Path: "nextAt"}}, Sparse: true},
	{Name: "owner", Fields: []store.Field{{Path: "owner"}, {Path: "kind"}, {Path: "openedAt", Desc: true}}},
	{Name: "status", Fields: []store.Field{{Path: "status"}, {Path: "openedAt", Desc: true}}},
}}

// crowd copies the deals until there are many.
func crowd(t *testing.T, s store.Engine) {
	t.Helper()
	var deals []bson.D
	ok(t, s.Dump(bg, func(coll string, doc bson.Raw) error {
		if coll != engine.Deals {
			return nil
		}
		var d bson.D
		deals = append(deals, d)
		return bson.Unmarshal(doc, &deals[len(deals)-1])
	}))
	if len(deals) < 60 {
		t.Fatalf("the first program left %d deals", len(deals))
	}
	ok(t, s.Ensure(bg, []store.Spec{firstDeals}))
	var batch []bson.Raw
	for i := range crowded {
		d := slices.Clone(deals[i%len(deals)])
		d[slices.IndexFunc(d, func(e bson.E) bool { return e.Key == "_id" })].Value = fmt.Sprintf("copy-%06d", i)
		raw, err := bson.Marshal(d)
		ok(t, err)
		if batch = append(batch, raw); len(batch) == 500 || i == crowded-1 {
			ok(t, s.Tx(bg, func(ctx context.Context) error { return s.Insert(ctx, engine.Deals, batch...) }))
			batch = batch[:0]
		}
	}
}

// bringUpTwice runs two migrations at once, kills one as soon as it has changed something, and waits for the other.
func bringUpTwice(t *testing.T, s store.Engine, where []string) {
	t.Helper()
	run := func() *exec.Cmd {
		cmd := exec.Command(testenv.Binary(t), append([]string{"migrate", firstSecret}, where...)...)
		cmd.Env = testenv.CleanEnv()
		var out strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &out
		ok(t, cmd.Start())
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		return cmd
	}
	first, second := run(), run()
	moved := func() (n int) {
		_ = s.Dump(bg, func(coll string, _ bson.Raw) error {
			if coll == engine.Papers {
				n++
			}
			return nil
		})
		return n
	}
	for end := time.Now().Add(time.Minute); moved() == 0; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("nothing moves: %s %s", first.Stdout, second.Stdout)
		}
	}
	_ = first.Process.Kill()
	_ = first.Wait()
	if n := moved(); n >= crowded {
		t.Logf("the first was killed when all %d deals had moved", n)
	} else {
		t.Logf("the first was killed when %d of over %d deals had moved", n, crowded)
	}
	if err := second.Wait(); err != nil {
		t.Fatalf("the second: %v, %s", err, second.Stdout)
	}
	ok(t, s.Ensure(bg, []store.Spec{migrate.Spec()}))
	if v, err := migrate.Read(bg, s); err != nil || v.Schema != market.Migrations().Known() {
		t.Errorf("the store is of version %+v, %v", v, err)
	}
}

// substance is what a migration may not change: every deal with its particulars, log, transfer, balance, hold, standing
// and order, as hashes of their fields in order of their names.
func substance(t *testing.T, s store.Engine) map[string]string {
	t.Helper()
	deals, hashes, counts := map[string]map[string]string{}, map[string][]string{}, map[string]int{}
	ok(t, s.Dump(bg, func(coll string, doc bson.Raw) error {
		elems, err := doc.Elements()
		if err != nil {
			return err
		}
		switch coll {
		case engine.Deals, engine.Papers:
			id := doc.Lookup("_id").StringValue()
			if deals[id] == nil {
				deals[id] = map[string]string{}
			}
			for _, e := range elems {
				deals[id][e.Key()] = e.Value().String()
			}
		case engine.Segments, engine.Journal, engine.Balances, engine.Holds, engine.Standings, engine.Orders:
			fields := ""
			for _, e := range elems {
				if added := coll == engine.Standings && e.Key() == "since" && e.Value().Equal(doc.Lookup("at")); !added {
					fields += string(e)
				}
			}
			counts[coll]++
			hashes[coll] = append(hashes[coll], fields)
		}
		return nil
	}))
	for id, fields := range deals {
		counts[engine.Deals]++
		hashes[engine.Deals] = append(hashes[engine.Deals], id+fmt.Sprint(fields)) // maps print in order of their keys
	}
	out := map[string]string{}
	for coll, list := range hashes {
		slices.Sort(list)
		sum := sha256.Sum256([]byte(strings.Join(list, "\x00")))
		out[coll] = fmt.Sprintf("%d rows %s", counts[coll], hex.EncodeToString(sum[:8]))
	}
	if len(out) < 6 {
		t.Fatalf("the store has only %v", out)
	}
	return out
}
