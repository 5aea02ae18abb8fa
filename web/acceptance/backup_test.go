package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/testenv"
)

// TestBackupWhileTrading takes a backup while people bid and put money into their wallets, restores it into the other
// engine and from there back into the first, and serves from both: everything acknowledged before the backup began is
// there, every log and the books are sound, and the three hold the same.
func TestBackupWhileTrading(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		backupWhileTrading(t, start(t, "--secret="+testSecret), func(t testing.TB) *market { return farAway(t) }, func(t testing.TB) *market { return atHome(t) })
	})
	t.Run("mongo", func(t *testing.T) {
		backupWhileTrading(t, onMongo(t), func(t testing.TB) *market { return atHome(t) }, func(t testing.TB) *market { return farAway(t) })
	})
}

const testSecret = "0123456789abcdef0123456789abcdef"

// atHome and farAway are places for a market that is not served yet: a folder, and a database of its own.
func atHome(t testing.TB) *market { return nowhere(t) }

func farAway(t testing.TB) *market {
	uri := strings.Replace(testenv.Mongod(t), "/?", fmt.Sprintf("/restored%d?", people.Add(1)), 1)
	return nowhere(t, "--mongo="+uri)
}

func nowhere(t testing.TB, more ...string) *market {
	return &market{t: t, args: append([]string{"--limits=off", "--secret=" + testSecret}, more...), site: &testenv.Site{Data: t.TempDir()}}
}

// serve serves from what is there.
func (m *market) serve() {
	m.t.Helper()
	data := m.site.Data
	m.site = testenv.Serve(m.t, append([]string{"--data=" + data}, m.args...)...) // of two flags the last one counts
	m.site.Data = data
}

func backupWhileTrading(t *testing.T, m *market, there, back func(testing.TB) *market) {
	seller := m.person("seller", 0)
	deals := []string{seller.auction(3600, obj{"startPrice": 100, "increments": [][]int{{0, 100}}}), seller.auction(3600, nil), seller.auction(3600, nil)}
	photo := m.photo(seller)
	var amount atomic.Int64
	var acked sync.Map // deal and seq of every bid that was answered
	stop := make(chan struct{})
	var all sync.WaitGroup
	for i := range 8 {
		p := m.person(fmt.Sprint("bidder", i), 0)
		all.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				deal := deals[0]
				if n%8 == 0 {
					p.do("POST", "/wallet/deposits", obj{"amount": 1000, "card": "4242424242424242"}).want(201)
				}
				a := p.do("POST", "/listings/"+deal+"/bids", obj{"max": 1000 + amount.Add(100)})
				if a.status == http.StatusCreated {
					acked.Store(a.obj().num("receipt.seq"), a.obj().str("receipt.hash"))
				}
			}
		})
	}
	time.Sleep(700 * time.Millisecond)
	before := map[int64]string{}
	acked.Range(func(seq, hash any) bool { before[seq.(int64)] = hash.(string); return true })
	copied := m.backup()
	after := m.lines(deals[0])
	close(stop)
	all.Wait()

	lines := copied.log(deals[0])
	for seq, hash := range before {
		if seq >= int64(len(lines)) || !strings.Contains(lines[seq], hash) {
			t.Errorf("entry %d was acknowledged before the backup began, and is not in it", seq)
		}
	}
	if len(before) == 0 || len(lines) > len(after) {
		t.Fatalf("%d entries before, %d lines in the backup, %d after it: nothing was tested", len(before), len(lines), len(after))
	}

	first := there(t)
	first.restore(copied)
	second := back(t)
	again := first.backup()
	second.restore(again)
	if a, b := copied.digest(), again.digest(); a != b || a == "" {
		t.Errorf("the backup has digest %s, that of the other engine %s", a, b)
	}
	for _, x := range []*market{first, second} {
		x.serve()
		x.balanced()
		for _, d := range deals {
			x.verified(d)
		}
		if got := len(x.lines(deals[0])); got != len(lines) {
			t.Errorf("the restored log has %d lines, the backup %d", got, len(lines))
		}
		if status := x.get(photo); status != http.StatusOK {
			t.Errorf("the photo answers %d", status)
		}
		x.answers(deals[1])
	}
	if out, code := first.run("restore", copied.file); code != 1 || !strings.Contains(out, "is not empty: there are documents in accounts") {
		t.Errorf("restoring into a store that is in use: exit %d, %s", code, out)
	}
}

// restore fills a place from a backup.
func (m *market) restore(c copied) {
	m.t.Helper()
	if out, code := m.run("restore", c.file); code != 0 || !strings.Contains(out, "holds the same") {
		m.t.Fatalf("restore exits %d: %s", code, out)
	}
}

// log is the log of a deal as a backup has it.
func (c copied) log(deal string) (lines []string) {
	c.t.Helper()
	c.read(func(coll string, doc bson.Raw) {
		var s struct {
			Deal  string
			From  int
			Lines [][]byte
		}
		if coll != "segments" || bson.Unmarshal(doc, &s) != nil || s.Deal != deal {
			return
		}
		if s.From != len(lines) {
			c.t.Errorf("a segment begins at %d behind %d lines", s.From, len(lines))
		}
		for _, l := range s.Lines {
			lines = append(lines, string(l))
		}
	})
	whole := filepath.Join(c.t.TempDir(), "log")
	if err := os.WriteFile(whole, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		c.t.Fatal(err)
	}
	if out, errs, code := testenv.Run(c.t, "", "verify", whole); code != 0 {
		c.t.Errorf("the log in the backup: exit %d, %s%s", code, out, errs)
	}
	return lines
}

func (c copied) digest() string {
	c.t.Helper()
	var said struct{ Digest string }
	if err := json.Unmarshal([]byte(c.said), &said); err != nil {
		c.t.Fatalf("%v: %s", err, c.said)
	}
	return said.Digest
}

// answers trades on: somebody new bids, the seller's auction takes it.
func (m *market) answers(deal string) {
	m.t.Helper()
	m.person("newcomer", 0).do("POST", "/listings/"+deal+"/bids", obj{"max": 200_000}).want(201)
	m.verified(deal)
}

// photo uploads one and gives its address.
func (m *market) photo(p person) string {
	m.t.Helper()
	body, kind := upload("photo", picture())
	return p.do("POST", "/photos", body, "Content-Type", kind).want(201).obj().str("url")
}

func (m *market) get(path string) int {
	m.t.Helper()
	res, err := client.Get(m.site.URL + path)
	if err != nil {
		m.t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

// TestDamagedBackupsAreRefused: a backup that was cut, or of which one bit flipped, is refused with the place, and nothing
// is written.
func TestDamagedBackupsAreRefused(t *testing.T) {
	t.Parallel()
	m := start(t)
	m.person("somebody", 5000)
	whole, err := os.ReadFile(m.backup().file)
	if err != nil {
		t.Fatal(err)
	}
	spoiled := filepath.Join(t.TempDir(), "spoiled")
	for _, at := range []int{3, 20, 60, len(whole) / 2, len(whole) - 40, len(whole) - 1} {
		flipped := bytes.Clone(whole)
		flipped[at] ^= 4
		for name, b := range map[string][]byte{"flipped": flipped, "cut": whole[:at]} {
			if err := os.WriteFile(spoiled, b, 0o600); err != nil {
				t.Fatal(err)
			}
			x := nowhere(t)
			if out, code := x.run("restore", spoiled); code != 1 || !strings.Contains(out, "not a whole archive: block ") || !strings.Contains(out, ", at byte ") {
				t.Errorf("%s at %d: exit %d, %s", name, at, code, out)
			}
			if left, _ := os.ReadDir(x.site.Data); len(left) > 0 {
				t.Errorf("%s at %d: %v was made", name, at, left)
			}
		}
	}
}
