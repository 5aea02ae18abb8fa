package market_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"haggle/internal/engine"
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/internal/store"
	"haggle/internal/store/mongo"
	"haggle/internal/store/sqlite"
	"haggle/internal/testenv"
)

// watched is a store that counts its calls and fails, or lets something happen, where it is told to.
type watched struct {
	store.Engine
	mu    sync.Mutex
	calls map[string]int // by method and collection
	marks func()         // once, after the next read of marks
	full  string         // no mail that holds this can be written
	lose  bool           // the next commit happens, and nobody hears of it
}

func (s *watched) count(call, coll string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[strings.TrimSpace(call+" "+coll)]++
}

// counted is what was called since the last time.
func (s *watched) counted() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.calls
	s.calls = map[string]int{}
	return was
}

func (s *watched) read(coll string) {
	if do := s.marks; do != nil && coll == market.MailMarks {
		s.marks = nil
		do()
	}
}

func (s *watched) Tx(ctx context.Context, fn func(ctx context.Context) error) error {
	s.count("Tx", "")
	err := s.Engine.Tx(ctx, fn)
	if s.lose && err == nil {
		s.lose = false
		return store.ErrUnknown
	}
	return err
}

func (s *watched) Get(ctx context.Context, coll, id string) (bson.Raw, error) {
	s.count("Get", coll)
	return s.Engine.Get(ctx, coll, id)
}

func (s *watched) GetMany(ctx context.Context, coll string, ids []string) ([]bson.Raw, error) {
	s.count("GetMany", coll)
	docs, err := s.Engine.GetMany(ctx, coll, ids)
	s.read(coll)
	return docs, err
}

func (s *watched) Find(ctx context.Context, coll string, q store.Query) (store.Page, error) {
	s.count("Find", coll)
	page, err := s.Engine.Find(ctx, coll, q)
	s.read(coll)
	return page, err
}

func (s *watched) Insert(ctx context.Context, coll string, docs ...bson.Raw) error {
	s.count("Insert", coll)
	for _, d := range docs {
		if coll == market.Mails && s.full != "" && strings.Contains(d.String(), s.full) {
			return errFull
		}
	}
	return s.Engine.Insert(ctx, coll, docs...)
}

func (s *watched) Replace(ctx context.Context, coll string, docs ...store.Versioned) error {
	s.count("Replace", coll)
	return s.Engine.Replace(ctx, coll, docs...)
}

func (s *watched) Put(ctx context.Context, coll string, docs ...bson.Raw) error {
	s.count("Put", coll)
	return s.Engine.Put(ctx, coll, docs...)
}

// busy is a door with many deals at once.
type busy struct {
	*door
	watched                      *watched
	seller, ann, bob, carl, dora market.Actor
	deals                        []string
}

// onEveryStore runs a test over each kind of store.
func onEveryStore(t *testing.T, test func(t *testing.T, b *busy)) {
	for name, open := range map[string]func(*testing.T, store.Hooks) (store.Engine, error){
		"sqlite": func(t *testing.T, hooks store.Hooks) (store.Engine, error) { return sqlite.Open(t.TempDir(), hooks) },
		"mongo":  openMongo,
	} {
		t.Run(name, func(t *testing.T) {
			b := &busy{watched: &watched{calls: map[string]int{}}}
			b.door = newDoorOver(t, func(hooks store.Hooks) store.Engine {
				s, err := open(t, hooks)
				must(t, err)
				b.watched.Engine = s
				return b.watched
			}, sandboxed)
			b.seller, b.ann, b.bob, b.carl, b.dora = b.member("seller"), b.member("ann"), b.member("bob"), b.member("carl"), b.member("dora")
			test(t, b)
		})
	}
}

// openMongo opens a database of the test's own, which goes with it.
func openMongo(t *testing.T, hooks store.Hooks) (store.Engine, error) {
	uri := testenv.Mongod(t)
	name := fmt.Sprintf("market_%d", time.Now().UnixNano())
	t.Cleanup(func() {
		client, err := driver.Connect(options.Client().ApplyURI(uri))
		must(t, err)
		must(t, client.Database(name).Drop(context.Background()))
		must(t, client.Disconnect(context.Background()))
	})
	return mongo.Open(t.Context(), uri, name, hooks)
}

// auctions opens auctions that ann leads.
func (b *busy) auctions(n int) {
	b.t.Helper()
	for range n {
		id := b.auction(b.seller, 24)
		b.bid(b.ann, id, 20_000)
		b.deals = append(b.deals, id)
	}
}

func (b *busy) bids(who market.Actor, max money.Amount) {
	b.t.Helper()
	for _, id := range b.deals {
		b.bid(who, id, max)
	}
}

// request opens a request and quote answers it.
func (b *busy) request() {
	b.t.Helper()
	seconds := int64(24 * 3600)
	v, _, err := b.OpenRequest(b.t.Context(), b.seller, market.Key{}, market.RequestInput{About: market.About{Title: "A desk", Category: b.Categories()[0].ID},
		Until: market.Until{DurationSeconds: &seconds}, NamedPrice: 500_000, Rule: "open"})
	must(b.t, err)
	b.deals = append(b.deals, v.ID)
}

func (b *busy) quote(who market.Actor, id string, price money.Amount) {
	b.t.Helper()
	_, err := b.SubmitQuote(b.t.Context(), who, market.Key{}, id, market.QuoteInput{UnitPrice: price})
	must(b.t, err)
}

// read reads the deals as they are now.
func (b *busy) read() []engine.Deal {
	b.t.Helper()
	all, err := b.Engine().DealsByID(b.t.Context(), b.deals)
	must(b.t, err)
	return all
}

// another is the market of another process.
func (b *busy) another() *market.Market { return market.New(b.cfg) }

// each tells of every deal by itself, by a process of its own, and says why some failed.
func (b *busy) each() map[string]error {
	failed := map[string]error{}
	for _, d := range b.read() {
		maps.Copy(failed, b.another().MailDeals(b.t.Context(), []engine.Deal{d}))
	}
	return failed
}

// all tells of all deals.
func (b *busy) all(m *market.Market) map[string]error { return m.MailDeals(b.t.Context(), b.read()) }

// toldIn is where it stands what was told.
var toldIn = []string{market.MailMarks, market.Mails, market.Notices, market.MailSlots}

// rows are the documents that say what was told, by collection and id.
func (b *busy) rows() map[string]map[string]bson.Raw {
	b.t.Helper()
	out := map[string]map[string]bson.Raw{}
	for _, coll := range toldIn {
		out[coll] = map[string]bson.Raw{}
		must(b.t, b.store.Scan(b.t.Context(), coll, func(raw bson.Raw) error {
			out[coll][raw.Lookup("_id").StringValue()] = slices.Clone(raw)
			return nil
		}))
	}
	return out
}

// restore makes it be told what rows say.
func (b *busy) restore(rows map[string]map[string]bson.Raw) {
	b.t.Helper()
	for coll, there := range b.rows() {
		must(b.t, b.store.Delete(b.t.Context(), coll, slices.Collect(maps.Keys(there))...))
		must(b.t, b.store.Put(b.t.Context(), coll, slices.Collect(maps.Values(rows[coll]))...))
	}
}

// same holds that one way to tell leaves the same as another, from the same point on, and not nothing.
func (b *busy) same(what string, one, other func()) {
	b.t.Helper()
	before := b.rows()
	one()
	want := b.rows()
	b.restore(before)
	other()
	got := b.rows()
	for _, coll := range toldIn {
		if diff := differing(want[coll], got[coll]); len(diff) > 0 {
			b.t.Errorf("%s: of %d and %d %s %d differ: %s", what, len(want[coll]), len(got[coll]), coll, len(diff), diff[0])
		}
	}
	if len(differing(before[market.MailMarks], got[market.MailMarks]))+len(differing(before[market.Mails], got[market.Mails])) == 0 {
		b.t.Errorf("%s: nothing was done", what)
	}
}

func differing(want, got map[string]bson.Raw) (all []string) {
	for id, raw := range want {
		if string(raw) != string(got[id]) {
			all = append(all, fmt.Sprintf("want %v, got %v", raw, got[id]))
		}
	}
	for id, raw := range got {
		if want[id] == nil {
			all = append(all, fmt.Sprintf("got %v", raw))
		}
	}
	return all
}

func (b *busy) none(what string, failed map[string]error) {
	b.t.Helper()
	if len(failed) > 0 {
		b.t.Errorf("%s: %v", what, failed)
	}
}

// TestTheNewsOfManyDealsAreThoseOfEach tells of many deals of all kinds together and one by one.
func TestTheNewsOfManyDealsAreThoseOfEach(t *testing.T) {
	onEveryStore(t, func(t *testing.T, b *busy) {
		b.auctions(54)
		b.none("before", b.all(b.another()))
		b.auctions(4) // nobody told of them
		b.later(2 * time.Second)
		for i, id := range b.deals {
			switch i % 5 {
			case 0:
				b.bid(b.bob, id, 30_000)
			case 1: // several led in between
				first, second := b.bob, b.carl
				if i%2 == 0 {
					first, second = second, first
				}
				b.bid(first, id, 30_000)
				b.bid(second, id, 40_000)
				b.bid(b.dora, id, 50_000)
			case 2: // he who led leads again
				b.bid(b.bob, id, 30_000)
				b.bid(b.ann, id, 40_000)
			case 3: // whoever takes his own bid back knows it, and the one before leads
				b.bid(b.bob, id, 30_000)
				_, err := b.Retract(t.Context(), b.bob, market.Key{}, id, market.ReasonInput{Reason: "typo"})
				must(t, err)
			}
		}
		for range 3 {
			b.request()
		}
		requests := b.deals[len(b.deals)-3:]
		for _, id := range requests[:2] {
			b.quote(b.ann, id, 400_000)
			b.quote(b.bob, id, 300_000)
		}
		group := b.group(b.seller)
		b.deals = append(b.deals, group)
		for _, who := range []market.Actor{b.ann, b.bob} {
			_, _, err := b.Deposit(t.Context(), who, market.Key{}, market.DepositInput{Amount: 10_000_000, Card: "4242424242424242"})
			must(t, err)
			_, err = b.Pledge(t.Context(), who, market.Key{}, group, market.PledgeInput{Quantity: 1})
			must(t, err)
		}
		_, err := b.EndEarly(t.Context(), b.seller, market.Key{}, b.deals[0], market.ReasonInput{})
		must(t, err)

		many := b.another()
		b.same("now", func() { b.none("each", b.each()) }, func() { b.none("all", b.all(many)) })
		b.none("again", b.all(many))
		b.later(100 * time.Millisecond)
		for _, id := range b.deals[1:44] {
			b.bid(b.carl, id, 60_000)
			b.bid(b.bob, id, 70_000)
		}
		b.quote(b.carl, requests[0], 200_000)
		b.same("a moment later", func() { b.none("each", b.each()) }, func() { b.none("all", b.all(many)) })
		b.later(time.Second)
		b.same("when its time has come", func() {
			for n, err := b.another().SweepNews(t.Context(), 1); n > 0; n, err = b.another().SweepNews(t.Context(), 1) {
				must(t, err)
			}
		}, func() {
			n, err := many.SweepNews(t.Context(), 1000)
			if must(t, err); n != 36 { // of 44, 8 were not told of a moment ago
				t.Errorf("swept %d deals, want 36", n)
			}
		})
		if n, err := b.SweepNews(t.Context(), 1000); n != 0 || err != nil {
			t.Errorf("swept again: %d, %v", n, err)
		}
		told := slices.Collect(maps.Keys(b.rows()[market.Notices]))
		for _, what := range []string{"outbid-", "quote", "tier-", "lost-"} {
			if !slices.ContainsFunc(told, func(id string) bool { return strings.HasPrefix(id, what) }) {
				t.Errorf("nobody is told %s", what)
			}
		}
	})
}

// TestAMarkThatMovesIsOneDealsAlone lets another process tell of one of many deals, between the read of their marks and the
// write: nothing is told twice and nothing is lost.
func TestAMarkThatMovesIsOneDealsAlone(t *testing.T) {
	onEveryStore(t, func(t *testing.T, b *busy) {
		b.auctions(8)
		meanwhile := func() {
			d, err := b.Engine().Deal(t.Context(), b.deals[3])
			must(t, err)
			b.none("the other process", b.another().MailDeals(t.Context(), []engine.Deal{d}))
		}
		together := func(what string) {
			t.Helper()
			b.same(what, func() { b.none("each", b.each()) }, func() {
				b.watched.marks = meanwhile
				b.none("all", b.all(b.another()))
				if b.watched.marks != nil {
					t.Error("nothing happened meanwhile")
				}
			})
		}
		b.same("a deal that is named twice", func() { b.none("each", b.each()) }, func() {
			b.none("all", b.another().MailDeals(t.Context(), append(b.read(), b.read()...)))
		})
		b.auctions(8)
		b.bids(b.bob, 25_000)
		together("a first mark")
		b.later(2 * time.Second)
		b.bids(b.carl, 30_000)
		together("a mark")
		b.later(100 * time.Millisecond)
		b.bids(b.dora, 40_000)
		together("a note")
		b.later(time.Second)
		b.same("a sweep", func() {
			_, err := b.another().SweepNews(t.Context(), 100)
			must(t, err)
		}, func() {
			b.watched.marks = func() {
				n, err := b.another().SweepNews(t.Context(), 1)
				if must(t, err); n != 1 {
					t.Errorf("the other process swept %d", n)
				}
			}
			n, err := b.another().SweepNews(t.Context(), 100)
			if must(t, err); n != len(b.deals) {
				t.Errorf("swept %d", n)
			}
		})
	})
}

// TestOneOfManyDealsFailsAlone makes one deal's mail, its log and the deal itself fail.
func TestOneOfManyDealsFailsAlone(t *testing.T) {
	onEveryStore(t, func(t *testing.T, b *busy) {
		b.auctions(8)
		b.none("before", b.all(b.another()))
		b.later(2 * time.Second)
		b.bids(b.bob, 30_000)
		bad := b.deals[3]
		only := func(what string, failed map[string]error) {
			t.Helper()
			if len(failed) != 1 || failed[bad] == nil {
				t.Errorf("%s: failed %v, want %s alone", what, failed, bad)
			}
		}
		before := b.rows()
		b.watched.full = bad
		b.same("no room for a mail", func() { only("each", b.each()) }, func() { only("all", b.all(b.another())) })
		b.watched.full = ""
		after := b.rows()
		if string(before[market.MailMarks][bad]) != string(after[market.MailMarks][bad]) || len(after[market.Notices])-len(before[market.Notices]) != 7 {
			t.Error("it is marked as told, or not the others")
		}
		b.none("room again", b.all(b.Market))
		if now := b.rows(); len(now[market.Notices])-len(before[market.Notices]) != 8 {
			t.Error("it is not told when there is room again")
		}

		b.restore(before)
		var last engine.Segment
		d, err := b.Engine().Deal(t.Context(), bad)
		must(t, err)
		raw, err := b.store.Get(t.Context(), engine.Segments, fmt.Sprintf("%s:%012d", bad, d.Seq))
		must(t, err)
		must(t, store.Decode(raw, &last))
		whole := last.Lines
		last.Lines = [][]byte{[]byte("{}")}
		b.put(engine.Segments, last)
		b.same("a log that cannot be read", func() { only("each", b.each()) }, func() { only("all", b.all(b.another())) })
		last.Lines = whole
		b.put(engine.Segments, last)

		b.restore(before)
		people := b.gone(bad, engine.Entries, engine.Standings)
		b.same("bidders that nobody is", func() { only("each", b.each()) }, func() { only("all", b.all(b.another())) })
		for coll, docs := range people {
			must(t, b.store.Put(t.Context(), coll, docs...))
		}

		b.none("a whole log", b.all(b.Market))
		b.bids(b.carl, 40_000)
		b.none("notes", b.all(b.Market))
		b.later(time.Second)
		must(t, b.store.Delete(t.Context(), engine.Deals, bad))
		before = b.rows()
		if n, err := b.SweepNews(t.Context(), 100); n != 8 || !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a deal that is gone: swept %d, %v", n, err)
		}
		after = b.rows()
		if moved := len(differing(before[market.MailMarks], after[market.MailMarks])); moved != 7 || string(before[market.MailMarks][bad]) != string(after[market.MailMarks][bad]) {
			t.Errorf("a deal that is gone: %d marks moved", moved)
		}
	})
}

// gone removes what some collections hold of a deal and gives it.
func (b *busy) gone(id string, colls ...string) map[string][]bson.Raw {
	b.t.Helper()
	out := map[string][]bson.Raw{}
	for _, coll := range colls {
		must(b.t, b.store.Scan(b.t.Context(), coll, func(raw bson.Raw) error {
			if raw.Lookup("deal").StringValue() == id {
				out[coll] = append(out[coll], raw)
			}
			return nil
		}))
		for _, raw := range out[coll] {
			must(b.t, b.store.Delete(b.t.Context(), coll, raw.Lookup("_id").StringValue()))
		}
	}
	return out
}

// TestACommitOfManyThatNobodyHeardOf: they are told once, whether or not it happened.
func TestACommitOfManyThatNobodyHeardOf(t *testing.T) {
	onEveryStore(t, func(t *testing.T, b *busy) {
		b.auctions(8)
		b.bids(b.bob, 30_000)
		b.same("lost", func() { b.none("heard of", b.all(b.another())) }, func() {
			b.watched.lose = true
			if failed := b.all(b.another()); len(failed) != len(b.deals) || !errors.Is(failed[b.deals[0]], store.ErrUnknown) {
				t.Errorf("failed %v", failed)
			}
			b.none("again", b.all(b.another()))
		})
	})
}

// TestManyBusyDealsAreOneTransaction counts what telling of forty deals asks of the store: as much as one deal does.
func TestManyBusyDealsAreOneTransaction(t *testing.T) {
	onEveryStore(t, func(t *testing.T, b *busy) {
		b.auctions(40)
		all := b.deals
		m := b.another()
		most := money.Amount(20_000)
		more := func(who market.Actor) []engine.Deal {
			t.Helper()
			most += 10_000
			b.bids(who, most)
			deals := b.read()
			b.watched.counted()
			return deals
		}
		round := func(n int) [3]map[string]int {
			t.Helper()
			b.deals = all[:n]
			b.later(15 * time.Minute) // longer than mails wait
			b.none("now", m.MailDeals(t.Context(), more(b.bob)))
			now := b.watched.counted()
			b.none("a moment later", m.MailDeals(t.Context(), more(b.ann)))
			noted := b.watched.counted()
			b.later(time.Second)
			more(b.bob)
			swept, err := m.SweepNews(t.Context(), 100)
			if must(t, err); swept != n {
				t.Errorf("swept %d of %d", swept, n)
			}
			return [3]map[string]int{now, noted, b.watched.counted()}
		}
		first := round(40) // who stands behind a pseudonym is read once, deal by deal
		if got := first[0]; got["Tx"] != 1 || got["Find entries"] > 40 || got["Find segments"] > 0 || got["Find standings"] > 0 {
			t.Errorf("the first time: %v", got)
		}
		many, one := round(40), round(1)
		for i, what := range []string{"told", "noted", "swept"} {
			if got := many[i]; got["Tx"] != 1 || !maps.Equal(got, one[i]) {
				t.Errorf("40 deals %s: %v; one: %v", what, got, one[i])
			}
		}
	})
}
