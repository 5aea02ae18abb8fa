package acceptance

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"haggle/internal/testenv"
)

// What a page may weigh on the wire, cold, as haggle itself packs it; headers count.
const (
	frameBytes = 40 << 10  // the page, its style sheet, its scripts and its pictures of lines
	photoBytes = 120 << 10 // all photos that a telephone fetches for a list before anybody scrolls
)

// TestPagesAreSmall loads every page into an empty cache, as a guest and signed in, and counts what comes over the wire.
func TestPagesAreSmall(t *testing.T) {
	t.Parallel()
	chromium := chromium(t)
	m := start(t)
	l := look{lang: "zh-TW", width: phone, script: true} // the language with the longer words, in bytes
	guest, reader := m.browser(chromium, "guest", l), m.browser(chromium, "reader", l)
	g := m.gallery(reader)
	m.shelves(20)
	m.found("/search", 20)
	var worst, most load
	all := g.everyone(crashSeed(t))
	for _, s := range all {
		b := reader
		if s.guest {
			b = guest
		}
		now := b.weigh(s)
		worst, most = heavier(worst, now, load.frame), heavier(most, now, load.photos)
		if n := now.frame(); n > frameBytes {
			t.Errorf("%s weighs %d bytes without its photos, more than %d: %s", s, n, frameBytes, now)
		}
		if n := now.photos(); n > photoBytes && s.list() {
			t.Errorf("%s has %d bytes of photos, more than %d: %s", s, n, photoBytes, now)
		}
	}
	t.Logf("the heaviest page of %d: %s with %d bytes: %s", len(all), worst.of, worst.frame(), worst)
	t.Logf("the most photos: %s with %d bytes", most.of, most.photos())
	if most.photos() < 20<<10 || worst.frame() < 8<<10 {
		t.Errorf("no page has photos, style and scripts: was anything counted?")
	}
}

// weighedUsually and weighedLarge are how many pages are drawn beside the lists; a full run takes all.
const weighedUsually, weighedLarge = 6, 12

// everyone is every page once for each who may see it; in a usual run the lists, the page with the most parts, and some
// that the seed draws.
func (g gallery) everyone(r *rand.Rand) (all []sight) {
	l := look{lang: "zh-TW", width: phone, script: true}
	for _, path := range slices.Concat(g.public, g.private) {
		all = append(all, sight{path: path, look: l})
		if slices.Contains(g.public, path) {
			all = append(all, sight{path: path, look: l, guest: true})
		}
	}
	if testenv.Full() {
		return all
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	slices.SortStableFunc(all, func(a, b sight) int { return b.weight() - a.weight() })
	n := slices.IndexFunc(all, func(s sight) bool { return s.weight() == 0 })
	return all[:n+testenv.Draw(weighedUsually, weighedLarge, len(all)-n)]
}

// weight says which pages are never left out.
func (s sight) weight() int {
	if s.path == "/" || s.path == "/search" || s.path == "/dev/design" && s.guest {
		return 1
	}
	return 0
}

// list says whether a page is a list of deals. /dev/design is none: it shows every card in every state.
func (s sight) list() bool {
	path, _, _ := strings.Cut(s.path, "?")
	return slices.Contains([]string{"/", "/search", "/my", "/orders"}, path) || strings.HasPrefix(path, "/people/")
}

// load is what one loading of a page fetched: bytes on the wire by kind of file.
type load struct {
	of    sight
	bytes map[string]int
	files int
}

// frame is everything but photos: what has to be there before there is a page.
func (l load) frame() (n int) {
	for kind, bytes := range l.bytes {
		if kind != "photo" {
			n += bytes
		}
	}
	return n
}

func (l load) photos() int { return l.bytes["photo"] }

func (l load) String() string { return fmt.Sprintf("%d files %v", l.files, l.bytes) }

func heavier(a, b load, by func(load) int) load {
	if by(b) > by(a) {
		return b
	}
	return a
}

// wire listens to what a browser fetches.
type wire struct {
	mu      sync.Mutex
	kinds   map[network.RequestID]string
	open    map[network.RequestID]bool
	bytes   map[string]int
	files   int
	stirred time.Time
}

// heard counts one event of the network. A stream of events never ends and weighs what its deal is worth; the service
// worker and the manifest are fetched once for all pages, behind them.
func (w *wire) heard(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if kind := kindOf(e); kind != "" {
			w.kinds[e.RequestID], w.open[e.RequestID] = kind, true
			w.stirred = time.Now()
		}
	case *network.EventLoadingFinished:
		if kind, ok := w.kinds[e.RequestID]; ok {
			w.bytes[kind] += int(e.EncodedDataLength)
			w.files++
			delete(w.open, e.RequestID)
			w.stirred = time.Now()
		}
	case *network.EventLoadingFailed:
		delete(w.open, e.RequestID)
	}
}

// kindOf names what a request asks for, empty where it does not count.
func kindOf(e *network.EventRequestWillBeSent) string {
	switch {
	case e.Type == network.ResourceTypeEventSource, e.Type == network.ResourceTypeManifest, strings.HasPrefix(e.Request.URL, "data:"):
		return ""
	case strings.Contains(e.Request.URL, "/photos/"):
		return "photo"
	default:
		return strings.ToLower(string(e.Type))
	}
}

// still says that nothing is under way, and nothing has begun for a while.
func (w *wire) still() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.open) == 0 && w.files > 0 && time.Since(w.stirred) > 250*time.Millisecond
}

// weigh loads a page into an empty cache.
func (b *browser) weigh(s sight) load {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	b.cold()
	b.dense()
	w := &wire{kinds: map[network.RequestID]string{}, open: map[network.RequestID]bool{}, bytes: map[string]int{}}
	if err := chromedp.Listen(ctx, w.heard); err != nil {
		b.fatalf("no network events: %v", err)
	}
	b.open(s.path)
	b.until(w.still, nil, []string{"(everything it fetches)"})
	w.mu.Lock()
	defer w.mu.Unlock()
	return load{of: s, bytes: w.bytes, files: w.files}
}

// dense gives a telephone the fine pixels that telephones have: three by three to one of the page's.
func (b *browser) dense() {
	b.t.Helper()
	b.frame(screen, 3)
}

// cold empties what the browser keeps of earlier pages, and keeps a service worker from standing in.
func (b *browser) cold() {
	b.t.Helper()
	b.must(chromedp.Call(b.ctx, network.Enable, network.EnableParams{}))
	b.must(chromedp.Call(b.ctx, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true}))
	b.must(chromedp.Call(b.ctx, network.SetBypassServiceWorker, network.SetBypassServiceWorkerParams{Bypass: true}))
}

// shelves lists things with a photo each, so that lists look as they do in a real market; it gives the addresses of the
// first of each kind.
func (m *market) shelves(n int) (deals []string) {
	m.t.Helper()
	seller, buyer := m.person("shopkeeper", plenty), m.person("customer", plenty)
	for i := range n {
		body, kind := upload("photo", scenery(uint64(i)))
		id := seller.do("POST", "/photos", body, "Content-Type", kind).want(201).obj().str("id")
		more := obj{"photos": []string{id}, "title": fmt.Sprintf("Film camera number %d with its leather case and strap", i)}
		switch i % 4 {
		case 0:
			deals = append(deals, seller.auction(7200, more))
		case 1:
			more["quantity"] = 40
			deals = append(deals, seller.fixed(more))
		case 2:
			more["rule"] = "open"
			deals = append(deals, buyer.request(7200, more))
		default:
			deals = append(deals, seller.group(7200, more))
		}
	}
	return deals
}

// found waits until the search, which follows within seconds, has so many deals.
func (m *market) found(path string, n int64) {
	m.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		got := m.guest().do("GET", path, nil).want(200).obj().num("total")
		if got >= n {
			return
		}
		if time.Now().After(end) {
			m.t.Fatalf("%s finds %d, want %d", path, got, n)
		}
	}
}
