package workers

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"haggle/internal/blob"
	"haggle/internal/deal"
	"haggle/internal/deal/registry"
	"haggle/internal/engine"
	"haggle/internal/identity"
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/internal/pay/sandbox"
	"haggle/internal/search/bleve"
	"haggle/internal/store"
	"haggle/internal/store/sqlite"
)

// yard is a market over a store of its own, with a clock that the test turns.
type yard struct {
	*market.Market
	t      testing.TB
	store  store.Engine
	engine *engine.Engine
	config engine.Config // of it
	ahead  atomic.Int64  // of the real clock
	hook   atomic.Pointer[Workers]

	seller, buyer market.Actor
}

func (y *yard) now() time.Time { return time.Now().Add(time.Duration(y.ahead.Load())) }

// later turns the clock on.
func (y *yard) later(d time.Duration) { y.ahead.Add(int64(d)) }

func newYard(t testing.TB) *yard {
	t.Helper()
	y := &yard{t: t}
	dir := t.TempDir()
	s, err := sqlite.Open(dir, store.Hooks{})
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	must(t, s.Ensure(t.Context(), append(market.Specs(), Specs()...)))
	y.store = s
	secret, err := identity.OpenSecret(dir)
	must(t, err)
	photos, err := blob.Folder(dir + "/photos")
	must(t, err)
	index, err := bleve.Open("")
	must(t, err)
	t.Cleanup(func() { _ = index.Close() })
	currency, err := money.Lookup("TWD")
	must(t, err)
	gateway := sandbox.New(sandbox.Config{Storage: sandbox.NewMemory(), Clock: y.now})
	y.config = engine.Config{Store: s, Mechanisms: registry.All(), Currency: currency, LogKey: secret.LogKey(), Gateway: gateway.Name(),
		Clock: y.now, Changed: func(d engine.Deal, _ []deal.Line) {
			if w := y.hook.Load(); w != nil {
				w.Changed(d)
			}
		}}
	y.engine = engine.New(y.config)
	t.Cleanup(y.engine.Close)
	y.Market = market.New(market.Config{Name: "yard", URL: "http://yard.example", Currency: currency, FeeBasis: 500, MinDuration: time.Second,
		LogKey: secret.LogKey(), Store: s, Engine: y.engine, Gateway: gateway, Blobs: photos, Search: index, Clock: y.now,
		Hasher: identity.NewHasher(identity.Cost{Memory: 64, Time: 1, Threads: 1})})
	y.seller, y.buyer = y.member("seller"), y.member("buyer")
	return y
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// workers makes workers of this yard and hangs their hook into the engine.
func (y *yard) workers(change func(*Config)) *Workers {
	cfg := Config{Engine: y.engine, Market: y.Market, Store: y.store, Owner: "test", Alone: true, Index: true}
	if change != nil {
		change(&cfg)
	}
	w := New(cfg)
	y.hook.Store(w)
	return w
}

func (y *yard) member(name string) market.Actor {
	y.t.Helper()
	g, err := y.Register(y.t.Context(), market.RegisterInput{Email: name + "@yard.example", Password: "a long password", Name: name})
	must(y.t, err)
	a, err := y.Authenticate(y.t.Context(), g.Token)
	must(y.t, err)
	return a
}

// auction opens an auction with one bid.
func (y *yard) auction(length time.Duration) string {
	y.t.Helper()
	seconds := int64(length / time.Second)
	id := y.lamp(market.Until{DurationSeconds: &seconds})
	_, err := y.PlaceBid(y.t.Context(), y.buyer, market.Key{}, id, market.BidInput{Max: 20000})
	must(y.t, err)
	return id
}

// lamp opens an auction with a hard close.
func (y *yard) lamp(until market.Until) string {
	y.t.Helper()
	start := money.Amount(10000)
	d, _, err := y.OpenListing(y.t.Context(), y.seller, market.Key{}, market.ListingInput{
		About: market.About{Title: "A lamp", Category: "home-lighting", Condition: "good"}, Until: until,
		Format: "english", StartPrice: &start, SoftClose: &market.SoftClose{}})
	must(y.t, err)
	return d.ID
}

// purchase sells one of two pieces of a fixed-price listing, not paid.
func (y *yard) purchase() (dealID, orderID string) {
	y.t.Helper()
	price, two := money.Amount(10000), int64(2)
	d, _, err := y.OpenListing(y.t.Context(), y.seller, market.Key{}, market.ListingInput{
		About: market.About{Title: "Two cups", Category: "home-kitchen", Condition: "new"}, Format: "fixed", Price: &price, Quantity: &two})
	must(y.t, err)
	v, err := y.Buy(y.t.Context(), y.buyer, market.Key{}, d.ID, market.PurchaseInput{})
	must(y.t, err)
	return d.ID, v.Order.ID
}

func (y *yard) status(id string) deal.Status {
	y.t.Helper()
	d, err := y.engine.Deal(context.Background(), id)
	must(y.t, err)
	return d.Status
}

// waiting counts the rows of the outbox.
func (y *yard) waiting() int {
	y.t.Helper()
	rows, err := y.engine.OutboxRows(context.Background(), 10_000)
	must(y.t, err)
	return len(rows)
}

func eventually(t testing.TB, within time.Duration, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(within); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", within, what)
		}
	}
}

var errDown = errors.New("down")
