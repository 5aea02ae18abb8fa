package web

import (
	"bytes"
	"crypto/ed25519"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

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

// hall is pages over a real market, with a clock that the test turns on, and its people.
type hall struct {
	testing.TB
	*market.Market
	store  store.Engine
	folder string
	ahead  *atomic.Int64 // of the real clock
	stands *atomic.Int64 // when the clock was stopped, in Unix milliseconds; 0: it goes
	app    *fiber.App    // as it is
	bare   *fiber.App    // without fragments
	people map[string]caller
}

// caller is somebody with his session.
type caller struct {
	market.Actor
	token string
}

func newHall(t testing.TB) *hall {
	t.Helper()
	h := &hall{TB: t, folder: t.TempDir(), ahead: new(atomic.Int64), stands: new(atomic.Int64), people: map[string]caller{}}
	var err error
	h.store, err = sqlite.Open(h.folder, store.Hooks{})
	h.must(err)
	t.Cleanup(func() { _ = h.store.Close() })
	h.must(h.store.Ensure(t.Context(), market.Specs()))
	h.open()
	return h
}

// beside is the same market as another process has it: an engine, a search copy and pages of its own over one store.
func (h *hall) beside() *hall {
	h.Helper()
	o := *h
	o.open()
	return &o
}

func (h *hall) open() {
	h.Helper()
	photos, err := blob.Folder(h.folder + "/photos")
	h.must(err)
	h.Cleanup(func() { _ = photos.Close() })
	index, err := bleve.Open("")
	h.must(err)
	h.Cleanup(func() { _ = index.Close() })
	currency, err := money.Lookup("TWD")
	h.must(err)
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	gateway := sandbox.New(sandbox.Config{Storage: sandbox.NewMemory(), Clock: h.now})
	e := engine.New(engine.Config{Store: h.store, Mechanisms: registry.All(), Currency: currency, LogKey: key, Gateway: gateway.Name(), Clock: h.now,
		Changed: func(d engine.Deal, lines []deal.Line) { h.Market.Announce(d, lines) }})
	h.Cleanup(e.Close)
	h.Market = market.New(market.Config{Name: "haggle", URL: "http://haggle.test", Currency: currency, FeeBasis: 500, MinDuration: time.Second, LogKey: key,
		Store: h.store, Engine: e, Gateway: gateway, Blobs: photos, Search: index, Clock: h.now,
		Hasher: identity.NewHasher(identity.Cost{Memory: 64, Time: 1, Threads: 1})})
	h.must(h.Reindex(h.Context()))
	h.app, h.bare = fiber.New(fiber.Config{Immutable: true}), fiber.New(fiber.Config{Immutable: true})
	deps := Deps{Market: h.Market, URL: "http://haggle.test", Currency: currency, FormKey: bytes.Repeat([]byte{7}, 32), Now: h.now}
	newSite(deps).pages(h.app)
	plain := newSite(deps)
	plain.fragments = nil
	plain.pages(h.bare)
}

func (h *hall) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *hall) now() time.Time {
	now := time.Now()
	if ms := h.stands.Load(); ms != 0 {
		now = time.UnixMilli(ms)
	}
	return now.Add(time.Duration(h.ahead.Load()))
}

// later turns the clock on.
func (h *hall) later(d time.Duration) { h.ahead.Add(int64(d)) }

// person registers somebody with money.
func (h *hall) person(name string) caller {
	h.Helper()
	if p, ok := h.people[name]; ok {
		return p
	}
	g, err := h.Register(h.Context(), market.RegisterInput{Email: name + "@haggle.test", Password: "a long password", Name: name, Locale: "en"})
	h.must(err)
	a, err := h.Authenticate(h.Context(), g.Token)
	h.must(err)
	_, _, err = h.Deposit(h.Context(), a, market.Key{}, market.DepositInput{Amount: 90_000_000, Card: "4242424242424242"})
	h.must(err)
	h.people[name] = caller{a, g.Token}
	return h.people[name]
}

func lasting(d time.Duration) market.Until {
	seconds := int64(d / time.Second)
	return market.Until{DurationSeconds: &seconds}
}

// auction opens an auction, and lets the search copy know.
func (h *hall) auction(owner caller, title string, d time.Duration) string {
	h.Helper()
	start := money.Amount(10_000)
	v, _, err := h.OpenListing(h.Context(), owner.Actor, market.Key{}, market.ListingInput{
		About: market.About{Title: title, Category: "home-lighting", Condition: "good"}, Until: lasting(d),
		Format: "english", StartPrice: &start, SoftClose: &market.SoftClose{}})
	h.must(err)
	h.must(h.IndexDeals(h.Context(), v.ID))
	return v.ID
}

func (h *hall) bid(who caller, id string, most money.Amount) {
	h.Helper()
	_, err := h.PlaceBid(h.Context(), who.Actor, market.Key{}, id, market.BidInput{Max: most})
	h.must(err)
}

// see loads a page as somebody, in a language; a caller without a token is a guest.
func (h *hall) see(app *fiber.App, who caller, lang, path string) string {
	h.Helper()
	req := httptest.NewRequest("GET", path, nil)
	req.Host = "haggle.test"
	req.Header.Set("Cookie", "lang="+lang)
	if who.token != "" {
		req.Header.Set("Cookie", "haggle="+who.token+"; lang="+lang)
	}
	res, err := app.Test(req, 10_000)
	h.must(err)
	var b bytes.Buffer
	_, err = b.ReadFrom(res.Body)
	h.must(err)
	if res.StatusCode != 200 {
		h.Fatalf("GET %s: %d %s", path, res.StatusCode, clip(b.String()))
	}
	return b.String()
}

// cards cuts the cards out of a page, by the address of their deals.
func cards(page string) map[string]string {
	out := map[string]string{}
	for _, part := range strings.Split(page, "<article ")[1:] {
		part, _, _ = strings.Cut(part, "</article>")
		if m := address.FindStringSubmatch(part); m != nil {
			out[m[1]] = part
		}
	}
	return out
}

var address = regexp.MustCompile(`href="/deals/([^"]+)"`)

func (h *hall) card(who caller, id string) string {
	return cards(h.see(h.app, who, "en", "/search"))[id]
}

func (h *hall) wants(what, text string, want ...string) {
	h.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			h.Errorf("%s does not say %q:\n%s", what, w, text)
		}
	}
}

func (h *hall) refuses(what, text string, not ...string) {
	h.Helper()
	for _, w := range not {
		if strings.Contains(text, w) {
			h.Errorf("%s says %q:\n%s", what, w, text)
		}
	}
}
