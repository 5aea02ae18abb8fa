package acceptance

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// TestOutbidIsHeardOnAnyPage: who leads an auction looks at the help meanwhile. Once somebody bids more, the corner of the
// page says so and the bell counts it; then its list leads to the auction, and the bell is quiet.
func TestOutbidIsHeardOnAnyPage(t *testing.T) {
	t.Parallel()
	chromium := chromium(t)
	m := start(t)
	deal := m.person("seller", plenty).auction(3600, nil)
	rival := m.person("rival", plenty)
	b := m.browser(chromium, "leader", look{lang: "en", width: phone, script: true})
	b.signUp()
	b.bid("/deals/"+deal, "1,500")
	b.listens()
	b.open("/help")
	b.until(func() bool {
		open, _ := evaluate[bool](b, `() => performance.getEntriesByType('resource').some((e) => e.name.endsWith('/notices.js')) && document.readyState === 'complete'`)
		return open
	}, nil, []string{"(that it listens)"})
	time.Sleep(time.Second) // the stream is open
	took := b.toldOf("Outbid on", func() { rival.do("POST", "/listings/"+deal+"/bids", obj{"max": 3_000_000}).want(201) })
	t.Logf("outbid was heard after %v (promised %v)", took, outbidTold)
	if took > 2*outbidTold {
		t.Errorf("heard after %v", took)
	}
	unread := func() string {
		n, _ := evaluate[string](b, `() => document.querySelector('[data-bell-count]').textContent`)
		return n
	}
	b.until(func() bool { return unread() == "1" }, nil, []string{"(1 at the bell)"})
	over := func() string { // of the note that was said, and of what the keyboard is on
		said, _ := evaluate[string](b, `() => {
      const note = document.querySelector('[data-toasts] > .toast');
      if (!note) return 'nothing is said';
      const brand = document.querySelector('header a');
      const r = (e) => e.getBoundingClientRect();
      const meet = () => r(note).top < r(brand).bottom && r(brand).top < r(note).bottom;
      const before = meet();
      brand.focus();
      return 'before ' + before + ', with the focus ' + (note.isConnected && meet());
    }`)
		return said
	}
	if said := over(); said != "before true, with the focus false" {
		t.Errorf("a note and the focus under it: %s", said)
	}
	b.tick("[data-toasts] [data-toast-close]")
	if said := over(); said != "nothing is said" {
		t.Errorf("a note that was closed: %s", said)
	}
	b.open("/notifications")
	b.see("1 unread", "Outbid on")
	b.must(nil, b.follow(".notice-row"))
	b.until(func() bool { return b.page() == "/deals/"+deal }, nil, []string{"(the auction)"})
	b.until(func() bool { return unread() == "0" }, nil, []string{"(0 at the bell)"})
	b.quiet()
}

// awaited is evaluate of a function that answers later.
func awaited[T any](b *browser, function string) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T]("("+function+")()", chromedp.EvalAwaitPromise))
}

// follow presses the first link that a selector finds.
func (b *browser) follow(selector string) error {
	_, err := evaluate[bool](b, `(selector) => { document.querySelector(selector).click(); return true; }`, selector)
	return err
}

// TestTheSiteIsInstalled looks at the site as a browser that may put it on a home screen: nothing is missing. Its worker keeps
// assets and one page, which is shown once the site is away.
func TestTheSiteIsInstalled(t *testing.T) {
	t.Parallel()
	chromium := chromium(t)
	m := start(t)
	b := m.browser(chromium, "member", look{lang: "zh-TW", width: phone, script: true})
	b.signUp()
	b.until(func() bool {
		active, _ := awaited[bool](b, `() => navigator.serviceWorker.getRegistration().then((r) => Boolean(r && r.active && r.active.state === 'activated'))`)
		return active
	}, nil, []string{"(that its worker is active)"})
	b.open("/my")
	b.open("/wallet")
	missing, err := chromedp.Call(b.ctx, page.GetInstallabilityErrors, cdp.Empty{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range missing.InstallabilityErrors {
		if e.ErrorID != "in-incognito" { // as every browser of these tests is
			t.Errorf("it cannot be installed: %s %v", e.ErrorID, e.ErrorArguments)
		}
	}
	kept, err := awaited[[]string](b, `async () => {
    const all = [];
    for (const key of await caches.keys()) for (const r of await (await caches.open(key)).keys()) all.push(r.url.replace(location.origin, ''));
    return all;
  }`)
	if err != nil || len(kept) < 10 || !slices.Contains(kept, "/offline?lang=zh-TW") {
		t.Errorf("kept %q, %v", kept, err)
	}
	for _, path := range kept {
		if path != "/offline?lang=zh-TW" && !strings.HasPrefix(path, "/static/") {
			t.Errorf("it keeps %s", path)
		}
	}
	whose, err := awaited[string](b, `async () => (await caches.match('/offline?lang=zh-TW')).text()`)
	if err != nil || strings.Contains(whose, "member") || !strings.Contains(whose, "沒有網路連線") {
		t.Errorf("the kept page names its reader, or is another one: %v", err)
	}
	for _, lang := range []string{"en", "zh-TW"} { // the page follows its reader, under the worker that is there
		b.speak(lang)
		b.open("/wallet")
		b.until(func() bool {
			pages, _ := awaited[[]string](b, `async () => {
        const all = [];
        for (const key of await caches.keys()) for (const r of await (await caches.open(key)).keys()) all.push(r.url.replace(location.origin, ''));
        return all.filter((path) => !path.startsWith('/static/'));
      }`)
			return slices.Equal(pages, []string{"/offline?lang=" + lang})
		}, nil, []string{"(the page that says there is no net, in " + lang + ")"})
	}
	b.quiet()
	m.site.Stop()
	_ = b.follow(`a[href="/orders"]`)
	b.see("沒有網路連線", "再試一次")
}
