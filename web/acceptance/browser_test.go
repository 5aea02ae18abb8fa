package acceptance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"haggle/internal/testenv"
)

// chromium starts one Chromium, which ends with the test.
func chromium(t *testing.T) context.Context {
	t.Helper()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(testenv.Chromium(t)), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(allocator)
	t.Cleanup(end)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("chromium does not start: %v", err)
	}
	return ctx
}

// look is how somebody looks at the site.
type look struct {
	lang   string
	width  int64
	dark   bool
	script bool // the site's scripts run
}

// phone is a telephone held upright.
const phone = 390

// browser is somebody's browser, with cookies of its own.
type browser struct {
	t    testing.TB
	m    *market
	who  string
	ctx  context.Context
	look look

	spoken string // the language chosen at the foot of a page

	mu       sync.Mutex
	console  []string
	refusals int           // answers with an error status that the test asked for
	loads    int           // pages loaded
	loading  time.Duration // the time that took
}

// patience is how long a browser waits for what should come at once, on a busy machine.
const patience = 20 * time.Second

// browser opens a browser for somebody, on a page of nothing.
func (m *market) browser(chromium context.Context, who string, l look) *browser {
	m.t.Helper()
	ctx, end := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	m.t.Cleanup(end)
	b := &browser{t: m.t, m: m, who: who, ctx: ctx}
	messages := chromedp.Console(ctx)
	go func() {
		for message, err := range messages {
			if err != nil {
				return
			}
			b.heard(message)
		}
	}()
	b.show(l)
	language := network.Headers{"Accept-Language": l.lang}
	b.must(chromedp.Call(ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: language}))
	b.must(chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !l.script}))
	return b
}

// screen is how tall the screens of the tests are.
const screen = 844

// frame makes the screen so tall, with so many fine pixels to one of the page's.
func (b *browser) frame(height int64, fine float64) {
	b.t.Helper()
	b.must(chromedp.Call(b.ctx, emulation.SetDeviceMetricsOverride,
		emulation.SetDeviceMetricsOverrideParams{Width: b.look.width, Height: height, DeviceScaleFactor: fine, Mobile: b.look.width < 600}))
}

// show changes the screen.
func (b *browser) show(l look) {
	b.t.Helper()
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	b.look = l
	b.frame(screen, 1)
	b.must(chromedp.Call(b.ctx, emulation.SetEmulatedMedia,
		emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}))
}

// heard keeps what a page complained of: errors of scripts, refused styles and scripts, missing files.
func (b *browser) heard(m chromedp.ConsoleMessage) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleWarning || m.IsException() || m.Source == "security" {
		b.console = append(b.console, fmt.Sprintf("%s (%s)", m, m.URL))
	}
}

// quiet fails the test where a page complained. A refused form and a page that is not there are answers with an error status,
// of which Chromium tells.
func (b *browser) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	refusals := 0
	for _, line := range b.console {
		if strings.Contains(line, "the server responded with a status of 4") {
			refusals++
			continue
		}
		b.t.Errorf("%s's browser: %s", b.who, line)
	}
	if refusals != b.refusals {
		b.t.Errorf("%s's browser was refused %d times, expected %d: %q", b.who, refusals, b.refusals, b.console)
	}
}

// in is a sentence in the browser's language.
func (b *browser) in(en, zh string) string {
	if b.look.lang == "en" {
		return en
	}
	return zh
}

// open loads a page.
func (b *browser) open(path string) {
	b.t.Helper()
	ask := func() error {
		ctx, cancel := context.WithTimeout(b.ctx, patience)
		defer cancel()
		return chromedp.Do(ctx, chromedp.Navigate(b.m.site.URL+path))
	}
	begin := time.Now()
	err := ask()
	failed, aborted := errors.AsType[*chromedp.LoadError](err)
	aborted = aborted && failed.ErrorText == "net::ERR_ABORTED"
	address, _, _ := strings.Cut(path, "?")
	if aborted || errors.Is(err, context.DeadlineExceeded) && b.page() != address {
		// Chromium says the first now and then of a page that it shows all the same, and a page that loads itself again in
		// the instant of the asking wins over what is asked for; a reader would ask once more at most
		b.t.Logf("%s, %s: %v, asked again", b.who, path, err)
		err = ask()
	}
	if err != nil {
		b.fatalf("%s does not load: %v", path, err)
	}
	b.loaded(begin)
}

func (b *browser) loaded(begin time.Time) {
	b.loads++
	b.loading += time.Since(begin)
}

// page is the path of the page that is open.
func (b *browser) page() string {
	b.t.Helper()
	path, err := evaluate[string](b, `() => location.pathname`)
	if err != nil {
		b.fatalf("no address: %v", err)
	}
	return path
}

// text is what can be read on the page, with single blanks.
func (b *browser) text() string {
	text, _ := evaluate[string](b, `() => document.body.innerText`)
	return strings.Join(strings.Fields(text), " ")
}

// see waits until the page says all of this.
func (b *browser) see(sentences ...string) {
	b.t.Helper()
	b.until(func() bool { return says(b.text(), sentences) }, nil, sentences)
}

// await waits until the page says what somebody else brings about: without a reload where scripts run, else by loading
// it again as its reader would.
func (b *browser) await(sentences ...string) {
	b.t.Helper()
	seen := func() bool { return says(b.text(), sentences) }
	if !b.look.script {
		b.until(seen, b.reload, sentences)
		return
	}
	before := b.document()
	b.until(seen, nil, sentences)
	if b.document() != before {
		b.fatalf("the page was loaded again to say %q", sentences)
	}
}

// ended waits until the page says how a deal ended; a page that follows the deal loads itself again then.
func (b *browser) ended(sentences ...string) {
	b.t.Helper()
	if !b.look.script {
		b.comes(sentences...)
		return
	}
	b.until(func() bool {
		open, err := evaluate[bool](b, `() => document.querySelector('[data-open]') !== null`)
		return err == nil && !open && says(b.text(), sentences)
	}, nil, sentences)
}

// comes loads the page again until it says all of this.
func (b *browser) comes(sentences ...string) {
	b.t.Helper()
	b.until(func() bool { return says(b.text(), sentences) }, b.reload, sentences)
}

func says(text string, sentences []string) bool {
	return !slices.ContainsFunc(sentences, func(s string) bool { return !strings.Contains(text, s) })
}

// until polls for a condition and does something between, until patience and the longest deal are over.
func (b *browser) until(ok func() bool, between func(), what []string) {
	b.t.Helper()
	for end := time.Now().Add(patience + longest); !ok(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			b.fatalf("the page does not say %q but: %s", what, b.text())
		}
		if between != nil {
			time.Sleep(400 * time.Millisecond)
			between()
		}
	}
}

// reload loads the page again, except while it does so itself.
func (b *browser) reload() {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	_ = chromedp.Do(ctx, chromedp.Reload())
}

// document tells one loading of a page from another.
func (b *browser) document() float64 {
	at, _ := evaluate[float64](b, `() => document.readyState === 'complete' ? performance.timeOrigin : 0`)
	return at
}

// fatalf fails the test and says on which page.
func (b *browser) fatalf(format string, args ...any) {
	b.t.Helper()
	address, _ := evaluate[string](b, `() => location.href`)
	b.t.Fatalf("%s, on %s: %s", b.who, address, fmt.Sprintf(format, args...))
}

func (b *browser) must(_ any, err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// evaluate calls a function in the page; its arguments are JSON.
func evaluate[T any](b *browser, function string, args ...any) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	list, err := json.Marshal(append([]any{}, args...))
	if err != nil {
		var none T
		return none, err
	}
	return chromedp.Run(ctx, chromedp.Evaluate[T](fmt.Sprintf("(%s)(...%s)", function, list)))
}

// labelled finds what a reader would press: the button, link or summary of this name, first in the page itself.
const labelled = `(label) => {
  const clean = (s) => (s || '').replace(/\s+/g, ' ').trim();
  const named = [...document.querySelectorAll('button, a, summary')]
    .filter((e) => e.checkVisibility() && !e.closest('[aria-hidden=true]'))
    .filter((e) => clean(e.innerText) === label || clean(e.getAttribute('aria-label')) === label);
  return named.find((e) => e.closest('main form')) || named.find((e) => e.closest('main')) || named[0];
}`

const selected = `(selector) => document.querySelector(selector)`

// aimed scrolls to the element that FIND finds and gives the middle of it; what lies over it there is in the reader's way too.
const aimed = `(what) => {
  const e = (FIND)(what);
  if (!e) return { wrong: 'is not there' };
  e.scrollIntoView({ block: 'center', behavior: 'instant' });
  const r = e.getClientRects()[0];
  const at = { x: r.x + r.width / 2, y: r.y + r.height / 2 };
  const hit = document.elementFromPoint(at.x, at.y);
  if (!hit || !(e.contains(hit) || hit.contains(e))) return { wrong: 'is covered by ' + (hit ? hit.outerHTML.slice(0, 200) : 'nothing') };
  return at;
}`

// aim gives the point on the screen to press.
func (b *browser) aim(find, what string) (x, y float64) {
	b.t.Helper()
	type point struct {
		X, Y  float64
		Wrong string
	}
	p, err := evaluate[point](b, strings.Replace(aimed, "FIND", find, 1), what)
	for end := time.Now().Add(patience); err == nil && strings.Contains(p.Wrong, `class="toast`) && time.Now().Before(end); {
		// what a reader does with a note that lies over what they want
		if rid, _ := evaluate[point](b, strings.Replace(aimed, "FIND", selected, 1), "[data-toasts] [data-toast-close]"); rid.Wrong == "" {
			b.click(rid.X, rid.Y)
		}
		p, err = evaluate[point](b, strings.Replace(aimed, "FIND", find, 1), what)
	}
	if err != nil || p.Wrong != "" {
		b.fatalf("%q %s %v; the page says: %s", what, p.Wrong, err, b.text())
	}
	return p.X, p.Y
}

func (b *browser) click(x, y float64) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.MouseClickXY(x, y)); err != nil {
		b.fatalf("click: %v", err)
	}
}

// tick presses a box.
func (b *browser) tick(selector string) {
	b.t.Helper()
	b.click(b.aim(selected, selector))
}

// press presses what has this name and waits for the page it leads to.
func (b *browser) press(label string) {
	b.t.Helper()
	before, begin := b.document(), time.Now()
	b.click(b.aim(labelled, label))
	b.until(func() bool { now := b.document(); return now != 0 && now != before }, nil, []string{"(the page behind " + label + ")"})
	b.loaded(begin)
}

// review presses the button that says what an act would mean, by its name.
func (b *browser) review() {
	b.t.Helper()
	b.press(b.reviewLabel())
}

func (b *browser) reviewLabel() string {
	b.t.Helper()
	label, err := evaluate[string](b, `() => document.querySelector('main button.button-wide[name=step][value=preview]').innerText.trim()`)
	if err != nil {
		b.fatalf("nothing to review: %v", err)
	}
	return label
}

// fill types into a field what is to stand there alone.
func (b *browser) fill(selector, text string) {
	b.t.Helper()
	b.click(b.aim(selected, selector))
	if ok, err := evaluate[bool](b, `(s) => { const e = document.querySelector(s); e.select(); return document.activeElement === e; }`, selector); err != nil || !ok {
		b.fatalf("%s takes no typing: %v", selector, err)
	}
	b.must(chromedp.Call(b.ctx, input.InsertText, input.InsertTextParams{Text: text}))
}

// choose picks a choice of a list.
func (b *browser) choose(selector, value string) {
	b.t.Helper()
	if got, err := evaluate[string](b, `(s, v) => { const e = document.querySelector(s); e.value = v; return e.value; }`, selector, value); err != nil || got != value {
		b.fatalf("%s offers no %q: %q, %v", selector, value, got, err)
	}
}

// lasting makes a form offer a length that no real deal has, and picks it.
func (b *browser) lasting(d time.Duration) {
	b.t.Helper()
	seconds := fmt.Sprint(int64(d / time.Second))
	b.must(evaluate[bool](b, `(s) => { document.querySelector('#f-duration').options[0].value = s; return true; }`, seconds))
	b.choose("#f-duration", seconds)
}

// attach chooses files.
func (b *browser) attach(selector string, files ...string) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.SetUploadFiles(selector, files)); err != nil {
		b.fatalf("%s: %v", selector, err)
	}
}
