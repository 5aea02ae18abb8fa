package acceptance

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"haggle/internal/testenv"
)

// What may happen to a form before it is taken. Without the site's scripts a page that is loaded again is empty, as on any
// site: the way back is the browser's own.
var (
	mishaps = []string{"invalid", "revoked", "killed", "back", "reload"}
	without = []string{"invalid", "revoked", "killed"}
)

// typedUsually and typedLarge are how many forms with a mishap each are drawn; a full run takes all.
const typedUsually, typedLarge = 8, 14

// TestNothingTypedIsLost fills every form of every page, each field with a word of its own, and then something happens:
// the form is refused, the session was ended elsewhere, the server dies and comes back, the reader goes back or loads the
// page again. Every word is there again in its place, and another account that signs in sees none of them.
func TestNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	typedIsKept(t, look{lang: "en", width: phone, script: true}, mishaps)
}

// TestNothingTypedIsLostWithoutJavaScript is the same through the plain forms.
func TestNothingTypedIsLostWithoutJavaScript(t *testing.T) {
	t.Parallel()
	typedIsKept(t, look{lang: "en", width: phone}, without)
}

// desk is one reader before his forms.
type desk struct {
	*browser
	reader, other string // addresses
	token         string // of the reader's session
	n             int
}

// form is one form of a page.
type form struct {
	page, action string
	index        int // among the forms of its page
}

func typedIsKept(t *testing.T, l look, mishaps []string) {
	chromium := chromium(t)
	random := crashSeed(t)
	m := start(t, "--listen="+testenv.FreeAddress(t)) // it comes back where it was
	d := &desk{browser: m.browser(chromium, "typist", l), reader: "typist@haggle.test", other: "neighbour@haggle.test"}
	g := m.gallery(d.browser)
	m.guest().do("POST", "/accounts", obj{"email": d.other, "password": password, "name": "neighbour", "locale": "en"}).want(201)
	forms := d.forms(g)
	type job struct {
		form
		mishap string
	}
	var all []job
	for _, f := range forms {
		for _, what := range mishaps {
			all = append(all, job{f, what})
		}
	}
	if !testenv.Full() {
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		all = spread(all, func(j job) string { return j.mishap }, mishaps)[:testenv.Draw(typedUsually, typedLarge, len(all))]
	}
	for _, j := range all {
		d.try(j.form, j.mishap, random)
	}
	t.Logf("%d forms, %d mishaps tried", len(forms), len(all))
	if len(forms) < 15 {
		t.Errorf("only %d forms were found", len(forms))
	}
}

// spread puts one of each sort in turn, so that a few hold all sorts.
func spread[T any](all []T, sort func(T) string, sorts []string) (out []T) {
	for len(out) < len(all) {
		for _, s := range sorts {
			if i := slices.IndexFunc(all, func(x T) bool { return sort(x) == s }); i >= 0 {
				out = append(out, all[i])
				all = slices.Delete(slices.Clone(all), i, i+1)
			}
		}
		if len(all) == 0 {
			break
		}
	}
	return append(out, all...)
}

// typable finds the forms of a page that somebody types into, and in each the fields; secrets are those for passwords,
// codes and cards.
const typable = `
  const secret = (e) => e.type === 'password' || /one-time-code|cc-/.test(e.autocomplete) || ['card', 'code', 'confirm'].includes(e.name);
  const fields = (f) => [...f.elements].filter((e) => e.name && !e.readOnly && !secret(e)
    && (e.tagName === 'TEXTAREA' || e.tagName === 'INPUT' && ['text', 'email', 'number', 'datetime-local', 'time', 'search', 'tel', 'url'].includes(e.type)));
  const forms = () => [...document.querySelectorAll('#main form')].filter((f) => f.getAttribute('method') === 'post' && fields(f).length);
  const path = (f) => new URL(f.getAttribute('action'), location.href).pathname;
`

// forms are all of the gallery's, each once, and the steps of the openings.
func (d *desk) forms(g gallery) (all []form) {
	d.signIn(d.reader)
	pages := slices.Concat(g.public, g.private)
	for _, o := range allOpenings {
		pages = append(pages, o.path+"?at=2", o.path+"?at=3")
	}
	seen := map[string]bool{}
	for _, page := range pages {
		if strings.HasPrefix(page, "/help") || strings.HasPrefix(page, "/api") || strings.HasPrefix(page, "/sign-") || page == missing {
			continue
		}
		d.open(page)
		found, err := evaluate[[]string](d.browser, `() => {`+typable+`return forms().map((f) => path(f) + ' ' + fields(f).map((e) => e.name).join(' ')); }`)
		if err != nil {
			d.fatalf("%s: %v", page, err)
		}
		for i, f := range found {
			action, _, _ := strings.Cut(f, " ")
			if !seen[f] {
				seen[f] = true
				all = append(all, form{page, action, i})
			}
		}
	}
	return all
}

// signIn opens a session of this account in the browser.
func (d *desk) signIn(email string) {
	d.t.Helper()
	var got struct{ Token string }
	d.m.guest().do("POST", "/sessions", obj{"email": email, "password": password}).want(201).into(&got)
	d.must(chromedp.Call(d.ctx, network.SetCookie, network.SetCookieParams{Name: "haggle", Value: got.Token, URL: d.m.site.URL + "/"}))
	d.token = got.Token
}

// typeAll fills a form, every field with a word of its own, the secret ones too, and gives the words that may come back.
func (d *desk) typeAll(f form) []string {
	d.t.Helper()
	d.n++
	words, err := evaluate[[]string](d.browser, `(i, n) => {`+typable+`
    const f = forms()[i];
    const words = [];
    const put = (e, v) => { e.value = v; e.dispatchEvent(new Event('input', { bubbles: true })); };
    for (const e of f.elements) if (e.name && e.tagName === 'INPUT' && secret(e)) put(e, 'hush' + n);
    fields(f).forEach((e, k) => {
      const day = String(1 + k % 28).padStart(2, '0');
      const word = e.type === 'email' ? 'word' + n + 'x' + k + '@x.test' : e.type === 'datetime-local' ? '2031-01-' + day + 'T03:04'
        : e.type === 'time' ? '03:' + day : e.type === 'number' ? String(n * 1000 + k) : 'word' + n + 'x' + k;
      put(e, word);
      words.push(e.name + '=' + e.value);
    });
    return words; }`, f.index, d.n)
	if err != nil {
		d.fatalf("%+v takes no typing: %v", f, err)
	}
	return words
}

// shown says which of the words stand in a form that is sent to this address.
func (d *desk) shown(action string, words []string) (missing []string) {
	missing, _ = evaluate[[]string](d.browser, `(action, words) => {`+typable+`
    const have = [...document.querySelectorAll('form')].filter((f) => f.getAttribute('method') === 'post' && path(f) === action)
      .flatMap((f) => [...f.elements].map((e) => e.name + '=' + e.value));
    return words.filter((w) => !have.includes(w)); }`, action, words)
	return missing
}

// holds waits until every word stands where it was typed.
func (d *desk) holds(f form, mishap string, words []string) {
	d.t.Helper()
	end := time.Now().Add(8 * time.Second)
	var missing []string
	for missing = []string{"?"}; len(missing) > 0 && time.Now().Before(end); time.Sleep(60 * time.Millisecond) {
		if d.document() != 0 {
			missing = d.shown(f.action, words)
		}
	}
	if len(missing) > 0 {
		address, _ := evaluate[string](d.browser, `() => location.href`)
		state, _ := evaluate[string](d.browser, `() => JSON.stringify({ kept: { ...localStorage }, from: document.referrer, nav: performance.getEntriesByType('navigation')[0].toJSON?.().type,
      said: [...document.querySelectorAll('#main > .notice')].map((e) => e.textContent) })`)
		d.t.Errorf("%s of %s, %s: lost are %q; at %s, %s: %.300s", f.action, f.page, mishap, missing, address, state, d.text())
	}
}

// post sends the form as its first button would, whatever the browser thinks of its fields.
func (d *desk) post(f form) {
	d.t.Helper()
	d.must(evaluate[bool](d.browser, `(i) => {`+typable+`const f = forms()[i]; f.noValidate = true; f.requestSubmit(f.querySelector('button[type=submit]') || undefined); return true; }`, f.index))
}

// pressed presses the form's first button as a reader does, so that the browser remembers the page; false where none can be
// seen.
func (d *desk) pressed(f form) bool {
	d.t.Helper()
	seen, err := evaluate[bool](d.browser, `(i) => {`+typable+`
    const f = forms()[i];
    f.noValidate = true;
    const b = [...f.querySelectorAll('button[type=submit]')].find((e) => e.checkVisibility() && !e.closest('[aria-hidden=true]') && !e.disabled);
    if (b) b.id = 'press-this';
    return Boolean(b); }`, f.index)
	if err != nil {
		d.fatalf("%+v: %v", f, err)
	}
	if seen {
		d.click(d.aim(selected, "#press-this"))
	}
	return seen
}

// goBack is the browser's own way back to a page, the last time that it was open before this one.
func (d *desk) goBack(page string) {
	d.t.Helper()
	h, err := chromedp.Call(d.ctx, cdppage.GetNavigationHistory, cdp.Empty{})
	d.must(h, err)
	for i := h.CurrentIndex - 1; i >= 0; i-- {
		if h.Entries[i].URL == d.m.site.URL+page {
			d.must(chromedp.Call(d.ctx, cdppage.NavigateToHistoryEntry, cdppage.NavigateToHistoryEntryParams{EntryID: h.Entries[i].ID}))
			return
		}
	}
	d.fatalf("there is no way back to %s", page)
}

// send posts the form and waits for what comes.
func (d *desk) send(f form) {
	d.t.Helper()
	before := d.document()
	d.post(f)
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		if now := d.document(); now != 0 && now != before || time.Now().After(end) {
			return
		}
	}
}

// status is the one of the page that is open.
func (d *desk) status() int {
	status, _ := evaluate[int](d.browser, `() => performance.getEntriesByType('navigation')[0].responseStatus`)
	return status
}

// backTo goes back to the step that was filled in, where a form in steps has shown an earlier one that is wrong, too.
func (d *desk) backTo(f form) {
	d.t.Helper()
	_, step, ok := strings.Cut(f.page, "?at=")
	if !ok {
		return
	}
	before := d.document()
	pressed, err := evaluate[bool](d.browser, `(step) => {
    const f = document.querySelector('[data-opening]');
    const b = f.querySelector('.open-stage button[value="go-' + step + '"]');
    if (f.dataset.opening === step) return false;
    f.requestSubmit(b);
    return true; }`, step)
	if err != nil {
		d.fatalf("no step %s: %v", step, err)
	}
	for end := time.Now().Add(patience); pressed && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if now := d.document(); now != 0 && now != before {
			return
		}
	}
}

func (d *desk) try(f form, mishap string, random *rand.Rand) {
	d.t.Helper()
	d.signIn(d.reader)
	d.open(f.page)
	words := d.typeAll(f)
	if d.look.script {
		d.hushed(f)
	}
	switch mishap {
	case "reload":
		d.reload()
	case "back":
		at, _ := evaluate[string](d.browser, `() => location.pathname + location.search`)
		d.open("/help")
		d.goBack(at)
	case "invalid":
		d.send(f)
		if status := d.status(); status < 400 || status == 404 {
			return // it was right as it was
		}
		d.backTo(f)
	case "killed":
		d.m.site.Kill()
		time.Sleep(time.Duration(random.IntN(200)) * time.Millisecond)
		at, _ := evaluate[string](d.browser, `() => location.pathname + location.search`)
		sent := d.pressed(f)
		// the browser says that nobody answers: before that, a server that is back would get the form after all
		for end := time.Now().Add(patience); sent && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
			if where, _ := evaluate[string](d.browser, `() => location.protocol`); where == "chrome-error:" {
				break
			}
		}
		d.m.site.Start()
		switch {
		case d.look.script:
			d.open(at)
		case sent && at == f.action: // an answer from the page's own address takes its place: it is asked for again, which sends the form
			d.reload()
			if d.status() < 400 {
				return
			}
			d.backTo(f)
		case sent:
			d.goBack(at)
		default:
			return
		}
	case "revoked":
		person{m: d.m, token: d.token}.do("DELETE", "/sessions/current", nil).want(204)
		d.send(f)
		if d.page() == f.action {
			break // a guest may send it: it is shown again at once
		}
		d.see("What you typed is kept")
		d.signIn(d.other)
		d.open("/kept")
		if text, _ := evaluate[string](d.browser, `() => document.documentElement.outerHTML`); strings.Contains(text, fmt.Sprintf("word%dx", d.n)) {
			d.t.Errorf("%s of %s: another account sees what was typed", f.action, f.page)
		}
		d.signIn(d.reader)
		d.open("/kept")
	}
	d.holds(f, mishap, words)
	if d.look.script {
		d.hushed(f)
	}
}

// hushed holds that no password, code or card is in what the tab keeps.
func (d *desk) hushed(f form) {
	d.t.Helper()
	if kept, _ := evaluate[string](d.browser, `() => JSON.stringify({ ...sessionStorage, ...localStorage })`); strings.Contains(kept, "hush") {
		d.t.Errorf("%s of %s: the tab keeps a secret: %s", f.action, f.page, kept)
	}
}
