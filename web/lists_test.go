package web

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

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
	h := &hall{TB: t, folder: t.TempDir(), ahead: new(atomic.Int64), people: map[string]caller{}}
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

func (h *hall) now() time.Time { return time.Now().Add(time.Duration(h.ahead.Load())) }

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

func TestAListShowsWhatItsReaderDidAtOnce(t *testing.T) {
	h := newHall(t)
	owner, bidder, other := h.person("owner"), h.person("bidder"), h.person("other")
	id := h.auction(owner, "A lamp", time.Hour)
	h.wants("before", h.card(bidder, id), "100</span>")
	for i := range 30 {
		who, most := bidder, money.Amount(20_000+i*10_000)
		if i%2 == 1 {
			who = other
		}
		h.bid(who, id, most)
		v, err := h.Deal(t.Context(), market.Actor{}, id)
		h.must(err)
		want := fmt.Sprintf("%d bid", v.Entries)
		h.wants("the bidder's list", h.card(who, id), want, "You lead")
		h.wants("a guest's list", h.card(caller{}, id), want)
	}
}

func TestAListShowsWhatAnotherProcessDidWithinTwoSeconds(t *testing.T) {
	h := newHall(t)
	owner, bidder := h.person("owner"), h.person("bidder")
	id := h.auction(owner, "A lamp", time.Hour)
	far := h.beside()
	for i := range 3 {
		h.wants("before", far.card(bidder, id), fmt.Sprintf("%d bid", i))
		h.bid(bidder, id, money.Amount(20_000+i*10_000))
		h.wants("the deal's own page", far.see(far.app, bidder, "en", "/deals/"+id), fmt.Sprintf("%d bid", i+1))
		told := time.Now()
		for !strings.Contains(far.card(bidder, id), fmt.Sprintf("%d bid", i+1)) {
			if time.Since(told) > 2*time.Second {
				t.Fatalf("bid %d is not shown: %s", i+1, far.card(bidder, id))
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
}

func TestAListTellsNobodyWhatAnotherHas(t *testing.T) {
	h := newHall(t)
	owner, leader, outbid, out := h.person("owner"), h.person("leader"), h.person("outbid"), h.person("out")
	id, quiet := h.auction(owner, "A lamp", time.Hour), h.auction(owner, "A chair", time.Hour)
	h.bid(outbid, id, 20_000)
	h.bid(leader, id, 987_600)
	marks := map[string]string{"owner": "Yours", "leader": "You lead", "outbid": "Somebody is higher"}
	for range 3 {
		for _, who := range []caller{leader, {}, outbid, out, owner, leader} {
			for _, page := range []string{"/search", "/", "/search?sort=ending"} {
				text := h.see(h.app, who, "en", page)
				c := cards(text)[id]
				for name, mark := range marks {
					if has := strings.Contains(c, mark); has != (name == who.Name) {
						t.Errorf("%s of %q: mark of %s: %v", page, who.Name, name, has)
					}
				}
				h.refuses(page, text, "9,876")
				if who.Name != "owner" {
					h.refuses("the other card", cards(text)[quiet], `class="own"`)
				}
				for name, p := range h.people {
					if name != who.Name && (strings.Contains(text, ">"+name+"<") || strings.Contains(text, p.Session)) {
						t.Errorf("%s of %q names %s", page, who.Name, name)
					}
				}
			}
		}
	}
}

func TestLanguagesAreNeverMixed(t *testing.T) {
	h := newHall(t)
	owner := h.person("owner")
	h.auction(owner, "A lamp", time.Hour)
	for range 2 {
		for _, who := range []caller{{}, owner} {
			for _, page := range []string{"/", "/search"} {
				en, zh := h.see(h.app, who, "en", page), h.see(h.app, who, "zh-TW", page)
				h.wants("English", en, "Auction")
				h.refuses("English", strings.ReplaceAll(en, "繁體中文", ""), "競標", "拍賣", "出價", "目前")
				h.refuses("Chinese", zh, "Auction", "bids", ">Search<")
			}
		}
	}
}

func TestADealEndsInAListByTheClock(t *testing.T) {
	h := newHall(t)
	owner, bidder := h.person("owner"), h.person("bidder")
	id := h.auction(owner, "A lamp", 30*time.Second)
	h.bid(bidder, id, 20_000)
	h.wants("open", h.card(bidder, id), "data-countdown", "You lead")
	h.later(time.Minute)
	over := h.card(bidder, id)
	h.wants("over", over, "card-over")
	h.refuses("over", over, "data-countdown")
	h.wants("a guest's", h.card(caller{}, id), "card-over")
	h.must(h.CloseDue(t.Context(), id))
	h.wants("settled", cards(h.see(h.app, bidder, "en", "/search?status=any"))[id], "Done")
}

func BenchmarkList(b *testing.B) {
	h := newHall(b)
	owner, reader := h.person("owner"), h.person("reader")
	for i := range 24 {
		h.auction(owner, fmt.Sprintf("A lamp %d", i), time.Duration(i+1)*time.Hour)
	}
	h.load(b, "/search", reader)
}

func BenchmarkDealPage(b *testing.B) {
	h := newHall(b)
	owner, reader := h.person("owner"), h.person("reader")
	h.load(b, "/deals/"+h.auction(owner, "A lamp", time.Hour), reader)
}

// load serves one page to one reader, again and again.
func (h *hall) load(b *testing.B, path string, who caller) {
	var c fasthttp.RequestCtx
	c.Request.SetRequestURI(path)
	c.Request.Header.Set("Cookie", "haggle="+who.token)
	handle := h.app.Handler()
	for b.Loop() {
		c.Response.Reset()
		handle(&c)
	}
}
