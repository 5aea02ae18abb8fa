package demo_test

import (
	"context"
	"crypto/ed25519"
	"path/filepath"
	"testing"
	"time"

	"haggle/cmd/haggle/demo"
	"haggle/internal/blob"
	"haggle/internal/deal/registry"
	"haggle/internal/engine"
	"haggle/internal/identity"
	"haggle/internal/limit"
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/internal/pay/sandbox"
	"haggle/internal/search/bleve"
	"haggle/internal/store"
	"haggle/internal/store/sqlite"
)

// site is a market like the one of `haggle serve`, rate limits included, in a folder of the test.
type site struct {
	*market.Market
	clock *demo.Clock
}

func newSite(t *testing.T) site {
	t.Helper()
	dir := t.TempDir()
	s, err := sqlite.Open(dir, store.Hooks{})
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	must(t, s.Ensure(context.Background(), market.Specs()))
	index, err := bleve.Open("")
	must(t, err)
	t.Cleanup(func() { _ = index.Close() })
	blobs, err := blob.Folder(filepath.Join(dir, "photos"))
	must(t, err)
	t.Cleanup(func() { _ = blobs.Close() })
	currency, err := money.Lookup("TWD")
	must(t, err)

	clock, gateway := &demo.Clock{}, sandbox.New(sandbox.Config{Storage: sandbox.NewMemory()})
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	e := engine.New(engine.Config{Store: s, Mechanisms: registry.All(), Currency: currency, LogKey: key, Gateway: gateway.Name(), Clock: clock.Now})
	t.Cleanup(e.Close)
	m := market.New(market.Config{Name: "haggle", URL: "http://localhost", Currency: currency, FeeBasis: 500, MinDuration: time.Hour, LogKey: key, Store: s,
		Engine: e, Gateway: gateway, Blobs: blobs, Hasher: identity.NewHasher(identity.DefaultCost), Search: index, Limiter: limit.New(nil, nil), Clock: clock.Now})
	return site{m, clock}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
