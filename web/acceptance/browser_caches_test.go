package acceptance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// TestTheNextReaderSeesNothing lets two people use one browser after another: who signs out leaves nothing behind that Back,
// or an address, would show to the next; and a deal's data for programs passes the pages' policy.
func TestTheNextReaderSeesNothing(t *testing.T) {
	t.Parallel()
	chromium := chromium(t)
	for _, script := range []bool{true, false} {
		m := start(t)
		b := m.browser(chromium, "first", look{lang: "en", width: 1280, script: script})
		b.signUp()
		b.deposit()
		seller := m.person("seller", 0)
		id := seller.auction(3600, nil)

		b.open("/wallet")
		private := b.html()
		if !strings.Contains(private, "first") {
			t.Fatalf("script %v: the page of somebody signed in does not name him", script)
		}
		b.open("/deals/" + id)
		if ok, err := evaluate[bool](b, `() => JSON.parse(document.querySelector('script[type="application/ld+json"]').text)['@context'] === 'https://schema.org'`); script && (err != nil || !ok) {
			t.Errorf("the deal says nothing to programs: %v", err)
		}
		b.open("/settings")
		b.press("Sign out")

		for range 3 {
			b.back()
			b.until(func() bool {
				text := b.html()
				return text != "" && !strings.Contains(text, "/sign-out") && !strings.Contains(text, "first@haggle.test")
			},
				nil, []string{"(nothing of who signed out)"})
		}
		for _, path := range []string{"/", "/deals/" + id, "/search"} {
			b.open(path)
			if text := b.html(); strings.Contains(text, "/sign-out") || strings.Contains(text, ">first<") {
				t.Errorf("script %v: %s still knows who signed out", script, path)
			}
		}

		b.who = "second"
		b.signUp()
		for _, path := range []string{"/wallet", "/", "/deals/" + id, "/settings", "/orders"} {
			b.open(path)
			if text := b.html(); !strings.Contains(text, "second") || strings.Contains(text, "first@haggle.test") || strings.Contains(text, ">first<") {
				t.Errorf("script %v: %s is not the second's", script, path)
			}
		}
		b.quiet()
	}
}

// html is the page as it stands.
func (b *browser) html() string {
	b.t.Helper()
	text, err := evaluate[string](b, `() => document.readyState === 'complete' && !document.documentElement.hidden ? document.documentElement.outerHTML : ''`)
	if err != nil {
		return "" // between two pages
	}
	return text
}

// back goes one page back, as the browser's button does.
func (b *browser) back() {
	b.t.Helper()
	before := b.document()
	past, err := chromedp.Call(b.ctx, page.GetNavigationHistory, cdp.Empty{})
	if err != nil || past.CurrentIndex < 1 {
		b.fatalf("no way back: %v", err)
	}
	b.must(chromedp.Call(b.ctx, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: past.Entries[past.CurrentIndex-1].ID}))
	for end := time.Now().Add(2 * time.Second); b.document() == before && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
}

// TestTheWayBackIsWhereOneWas: from a deal back to the list it was found in, with its filters, at the place one had come to.
func TestTheWayBackIsWhereOneWas(t *testing.T) {
	t.Parallel()
	chromium := chromium(t)
	m := start(t)
	m.shelves(24)
	m.found("/search?kind=english", 6)
	for _, script := range []bool{true, false} {
		b := m.browser(chromium, fmt.Sprintf("reader-%v", script), look{lang: "en", width: phone, script: script})
		b.signUp()
		b.open("/search?kind=english&sort=newest")
		at := func() float64 {
			y, _ := evaluate[float64](b, `() => document.readyState === 'complete' && location.pathname === '/search' ? scrollY : -1`)
			return y
		}
		_, err := evaluate[bool](b, `() => { [...document.querySelectorAll('main .card-link')].at(-1).scrollIntoView({ block: 'center', behavior: 'instant' }); return true; }`)
		b.must(nil, err)
		b.until(func() bool { return at() > 300 }, nil, []string{"(that the list is longer than the screen)"})
		was := at()
		b.must(nil, b.follow(`main .card-link`))
		b.until(func() bool { return strings.HasPrefix(b.page(), "/deals/") && b.document() != 0 }, nil, []string{"(the deal)"})
		b.back()
		b.until(func() bool { return at() >= 0 }, nil, []string{"(the list)"})
		b.until(func() bool { d := at() - was; return -2 < d && d < 2 }, nil, []string{"(the place one had come to)"})
		if query, err := evaluate[string](b, `() => location.search`); err != nil || query != "?kind=english&sort=newest" {
			t.Errorf("script %v: back at %s: %v", script, query, err)
		}
		b.quiet()
	}
}
