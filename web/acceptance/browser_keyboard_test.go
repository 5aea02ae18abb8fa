package acceptance

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"haggle/internal/testenv"
)

// TestTradesByKeyboard bids, quotes, pledges and buys with nothing but keys: the act is at most 40 Tabs away, and every
// stop on the way can be seen and told from the others.
func TestTradesByKeyboard(t *testing.T) {
	t.Parallel()
	chromium := chromium(t)
	m := start(t)
	seller, buyer := m.person("seller", plenty), m.person("buyer", plenty)
	k := m.keyboard(chromium, look{lang: "en", width: phone, script: true, dark: crashSeed(t).IntN(2) == 0})
	acts := []struct {
		name, deal  string
		fill        map[string]string
		order       []string
		place, says string
	}{
		{"bid", seller.auction(3600, obj{"buyNowPrice": 900_000}), map[string]string{"max": "2,500"}, []string{"max"}, "Place the bid", "Your bid stands."},
		{"quote", buyer.request(3600, obj{"rule": "open"}), map[string]string{"unitPrice": "780"}, []string{"unitPrice"}, "Send the quote", "Your quote stands."},
		{"pledge", seller.group(3600, nil), map[string]string{"quantity": "2"}, []string{"quantity"}, "Join the group", "You are in."},
		{"buy", seller.fixed(nil), map[string]string{"quantity": "2"}, []string{"quantity"}, "Buy", "The pieces are yours to pay for."},
	}
	for _, a := range acts {
		k.visit("/deals/" + a.deal)
		for _, name := range a.order {
			k.field(name)
			k.write(a.fill[name])
		}
		k.button(k.reviewLabel())
		to := k.stops
		k.leads(kb.Enter)
		k.button(a.place)
		t.Logf("%s: %d Tabs to see what it means, %d to confirm", a.name, to, k.stops)
		k.leads(" ")
		k.see(a.says)
	}
	k.skips("/deals/" + acts[0].deal)
	k.around("/deals/" + acts[2].deal)
	for _, path := range []string{"/", "/search?kind=english", "/dev/design"} {
		if testenv.Full() || path != "/dev/design" {
			k.around(path)
		}
	}
	t.Logf("%d stops were looked at", k.seen)
	k.quiet()
}

// keyboard signs somebody up who then uses keys alone.
func (m *market) keyboard(chromium context.Context, l look) *keys {
	m.t.Helper()
	b := m.browser(chromium, "typist", l)
	b.signUp()
	b.deposit()
	return &keys{browser: b, told: map[string]bool{}}
}

// skips holds that the first stop of a page leads past what stands on top of every page.
func (k *keys) skips(path string) {
	k.t.Helper()
	k.visit(path)
	first := k.tab()
	k.key(kb.Enter)
	next := k.tab()
	inMain, err := evaluate[bool](k.browser, `() => document.querySelector('main').contains(document.activeElement)`)
	if err != nil || !inMain {
		k.t.Errorf("%s: behind the first stop (%s) comes %s, which is not in the page itself: %v", path, first, next, err)
	}
}

// around goes through every stop of a page and some back again, and comes out at its end.
func (k *keys) around(path string) {
	k.t.Helper()
	k.visit(path)
	for last := (stop{}); ; {
		s := k.tab()
		if s.None || k.stops > 400 {
			if k.stops > 400 {
				k.t.Errorf("%s has no end: the focus is at %s", path, last)
			}
			break
		}
		last = s
	}
	for range 10 {
		k.back()
	}
}

// TestOpeningByKeyboard opens a deal of each kind with nothing but keys.
func TestOpeningByKeyboard(t *testing.T) {
	t.Parallel()
	chromium := chromium(t)
	m := start(t)
	k := m.keyboard(chromium, look{lang: "en", width: phone, script: true, dark: crashSeed(t).IntN(2) == 0})
	thing := map[string]string{"title": "Film camera", "category": "electronics-cameras"}
	for _, o := range allOpenings {
		fill := maps.Clone(o.prices)
		maps.Copy(fill, thing)
		k.opens(o.path, fill)
		t.Logf("%s leads to %s", o.path, k.page())
	}
	k.quiet()
}

// opens fills a form that opens a deal, on one page or several, and sends it.
func (k *keys) opens(path string, fill map[string]string) {
	k.t.Helper()
	k.visit(path)
	first := k.to("the first field", most, func(s stop) bool { return fill[s.Name] != "" })
	for pages := 0; pages < 8; pages++ {
		k.fillStops(first, fill)
		k.leads(kb.Enter)
		if strings.HasPrefix(k.page(), "/deals/") {
			return
		}
		first = stop{}
	}
	k.fatalf("%s opens nothing: %s", path, k.text())
}

// fillStops goes from stop to stop, fills what it knows, and ends on the button that sends the form.
func (k *keys) fillStops(s stop, fill map[string]string) {
	k.t.Helper()
	nth := map[string]int{}
	for ; k.stops < 150; s = k.tab() {
		if s.Name == "" && s.Tag == "" {
			continue
		}
		value, ok := fill[s.Name]
		if !ok {
			value, ok = fill[fmt.Sprintf("%s#%d", s.Name, nth[s.Name])]
			nth[s.Name]++
		}
		switch {
		case s.Tag == "button" && s.Type == "submit" && !s.Novalidate && s.In == k.page():
			return
		case !ok || s.Value == value:
		case s.Tag == "select":
			k.pick(value)
		default:
			k.write(value)
		}
	}
	k.fatalf("there is no button that sends the form")
}

// TestFocusStaysWhereItIs writes in a field while others bid twenty times: the focus and the caret stay, and what was
// written; so does the focus on a part that is drawn anew.
func TestFocusStaysWhereItIs(t *testing.T) {
	t.Parallel() // it waits most of the time
	chromium := chromium(t)
	m := start(t)
	seller := m.person("seller", plenty)
	others := []person{m.person("one", plenty), m.person("two", plenty)}
	deal := seller.auction(3600, nil)
	others[1].do("POST", "/listings/"+deal+"/bids", obj{"max": 100_000}).want(201)
	k := m.keyboard(chromium, look{lang: "en", width: phone, script: true})
	k.visit("/deals/" + deal)
	isPick := func(s stop) bool {
		return strings.HasPrefix(s.Value, "pick") || s.Tag == "button" && s.Name == "step" && s.Novalidate
	}
	k.to("an amount to press", most, isPick)
	document := k.document()
	for i := range 20 {
		if i == 6 {
			k.field("max")
			k.write("99,999")
			k.key(kb.ArrowLeft)
			k.key(kb.ArrowLeft)
		}
		before := k.caret()
		standing := m.guest().deal(deal).num("minimum")
		others[i%2].do("POST", "/listings/"+deal+"/bids", obj{"max": standing}).want(201)
		next := m.guest().deal(deal).num("minimum") / 100
		k.rest(func() bool { return k.drawn(next) }, fmt.Sprintf("%d as the least", next))
		if now := k.caret(); now != before {
			t.Errorf("after %d updates the focus is at %q, was at %q", i+1, now, before)
		}
	}
	if k.document() != document {
		t.Error("the page was loaded again")
	}
	k.quiet()
}

// caret says where the focus is, and where in it the next letter goes.
func (k *keys) caret() string {
	k.t.Helper()
	at, err := evaluate[string](k.browser, `() => {
    const e = document.activeElement;
    const all = [...document.querySelectorAll('a, button, input, select, textarea, summary, [tabindex]')];
    const text = e.tagName === 'INPUT' ? [e.value, e.selectionStart, e.selectionEnd].join(' ') : '';
    return [e.tagName, e.id, e.name, 'stop ' + all.indexOf(e), text].join(' ');
  }`)
	if err != nil {
		k.fatalf("no caret: %v", err)
	}
	return at
}

// drawn says that the page has asked the server again: the hint of the field has the least bid, as the state has.
func (k *keys) drawn(least int64) bool {
	at, _ := evaluate[bool](k.browser, `(least) => document.querySelector('[data-hint]').textContent.replace(/\D/g, '').includes(String(least))`, least)
	return at
}
