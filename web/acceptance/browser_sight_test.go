package acceptance

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"haggle/internal/testenv"
)

// TestNothingIsHidden looks at every page as people do who see little, see large, or see no motion: nothing is blank, cut off
// or written over something else, nothing has to be pushed sideways at 320 px or at twice the size, nothing moves for those
// who asked for rest, and with a few colours of the reader's own every control and every kind's shape is still there. All
// sights in a full run, else some that the seed draws.
func TestNothingIsHidden(t *testing.T) {
	t.Parallel()
	chromium := chromium(t)
	m := start(t)
	l := look{lang: "en", width: phone, script: true}
	reader, guest := m.browser(chromium, "reader", l), m.browser(chromium, "guest", l)
	g := m.gallery(reader)
	m.shelves(4)
	m.found("/search", 4)
	drawn := g.drawn(crashSeed(t))
	for _, s := range drawn {
		b := s.by(reader, guest)
		b.clear(s, "")
		b.narrow(s)
		b.atRest(s)
		b.ownColours(s)
	}
	t.Logf("%d sights", len(drawn))
	reader.quiet()
	guest.quiet()
	guest.notices()
}

// seenUsually and seenLarge are how many sights are drawn beside the page of all parts; a full run takes all.
const seenUsually, seenLarge = 7, 14

// drawn are the sights of a run.
func (g gallery) drawn(r *rand.Rand) []sight {
	all := g.sights(r)
	if testenv.Full() {
		return all
	}
	slices.SortStableFunc(all, func(a, b sight) int { return a.first() - b.first() })
	r.Shuffle(len(all)-1, func(i, j int) { all[i+1], all[j+1] = all[j+1], all[i+1] })
	all = all[:1+testenv.Draw(seenUsually, seenLarge, len(all)-1)]
	slices.SortStableFunc(all, func(a, b sight) int { return strings.Compare(a.look.lang, b.look.lang) })
	return all
}

// first puts the page of all parts before the others.
func (s sight) first() int {
	if s.path == "/dev/design" {
		return 0
	}
	return 1
}

// clear fails the test where something on the page cannot be read.
func (b *browser) clear(s sight, how string) {
	b.t.Helper()
	for _, wrong := range b.unclear() {
		b.t.Errorf("%s%s: %s", s, how, wrong)
	}
}

func (b *browser) unclear() []string {
	b.t.Helper()
	wrong, err := evaluate[[]string](b, unclear, cut)
	if err != nil {
		b.fatalf("the page cannot be looked at: %v", err)
	}
	return wrong
}

// cut are the classes whose text may be cut off: titles on cards keep two lines and are whole on their deal's page, a
// name beside the menu keeps its begin and is whole in the settings.
var cut = []string{"card-title", "top-name"}

// unclear lists what cannot be read: a page without words, text that its box cuts off, text over text.
const unclear = `(cut) => {
  const wrong = [];
  const main = document.querySelector('main');
  if (!main || main.innerText.trim().length < 20 || !document.querySelector('h1')?.checkVisibility()) wrong.push('the page is blank');
  const box = (r) => ({ left: r.left, right: r.right, top: r.top, bottom: r.bottom });
  const hidden = (s) => s === 'hidden' || s === 'clip';
  const unseen = (e) => { const s = getComputedStyle(e); return s.clipPath !== 'none' || (s.position === 'absolute' && e.offsetWidth <= 1); };
  const layer = (e) => { for (; e; e = e.parentElement) if (['fixed', 'sticky'].includes(getComputedStyle(e).position)) return e; return null; };
  const words = (e) => (e.textContent || '').replace(/\s+/g, ' ').trim().slice(0, 50);
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walker.nextNode(); n; n = walker.nextNode()) {
    const e = n.parentElement;
    if (!n.nodeValue.trim() || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || e.closest('option, script, style, [aria-hidden=true] .skeleton')) continue;
    let clip = null, skip = false, scrolls = false;
    const rects = () => { const range = document.createRange(); range.selectNodeContents(n); return [...range.getClientRects()]; };
    let lines = e.closest('svg') ? [e.getBoundingClientRect()] : rects();
    lines = lines.filter((r) => r.width > 1 && r.height > 1).map(box);
    for (let a = e; a && a !== document.body; a = a.parentElement) {
      if (unseen(a)) { skip = true; break; }
      const s = getComputedStyle(a);
      if (s.display === 'inline' || s.display === 'contents') continue;
      const r = a.getBoundingClientRect();
      const x = s.overflowX, y = s.overflowY;
      if (x === 'visible' && y === 'visible') continue;
      const free = cut.some((c) => a.classList.contains(c));
      if (!free && !scrolls) {
        for (const l of lines) {
          if ((hidden(x) && (l.left < r.left - 1.5 || l.right > r.right + 1.5)) || (hidden(y) && (l.top + 2 < r.top - 1.5 || l.bottom - 2 > r.bottom + 1.5 + (l.bottom - l.top) * 0.2))) {
            wrong.push('cut off: "' + words(e) + '" by ' + a.tagName.toLowerCase() + '.' + a.className);
            break;
          }
        }
      }
      lines = lines.map((l) => ({ left: Math.max(l.left, r.left), right: Math.min(l.right, r.right), top: Math.max(l.top, r.top), bottom: Math.min(l.bottom, r.bottom) }))
        .filter((l) => l.right - l.left > 1 && l.bottom - l.top > 1);
      if (!hidden(x) || !hidden(y)) scrolls = true;
    }
    if (skip) continue;
    const on = layer(e);
    for (const l of lines) {
      // what is inked of a line lies in its middle; the rest is room for accents
      const h = l.bottom - l.top;
      texts.push({ e, on, n, left: l.left + 1, right: l.right - 1, top: l.top + h * 0.25, bottom: l.bottom - h * 0.25 });
    }
  }
  for (const e of document.querySelectorAll('body *')) {
    const s = getComputedStyle(e);
    if (!hidden(s.overflowX) && !hidden(s.overflowY)) continue;
    if (!e.checkVisibility() || unseen(e) || e.closest('svg') || e.matches('input, select, textarea') || cut.some((c) => e.classList.contains(c)) || !words(e)) continue;
    if ((hidden(s.overflowX) && e.scrollWidth > e.clientWidth + 1) || (hidden(s.overflowY) && e.scrollHeight > e.clientHeight + 2)) {
      wrong.push('cuts its content: ' + e.outerHTML.slice(0, 100) + ' ' + [e.scrollWidth, e.clientWidth, e.scrollHeight, e.clientHeight].join(' '));
    }
  }
  texts.sort((a, b) => a.top - b.top);
  const said = new Set();
  for (let i = 0; i < texts.length; i++) {
    for (let j = i + 1; j < texts.length && texts[j].top < texts[i].bottom - 1; j++) {
      const a = texts[i], b = texts[j];
      if (a.n === b.n || a.on !== b.on || a.e.contains(b.e) || b.e.contains(a.e)) continue;
      if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1) {
        const line = 'over each other: "' + words(a.e) + '" and "' + words(b.e) + '"';
        if (!said.has(line)) wrong.push(line);
        said.add(line);
      }
    }
  }
  return wrong.slice(0, 12);
}`

// narrow looks at the page on the narrowest screen and at twice the size on a desk, and takes it back to its look.
func (b *browser) narrow(s sight) {
	b.t.Helper()
	b.fits(s)
	for how, p := range map[string]emulation.SetDeviceMetricsOverrideParams{
		" at 320 px":           {Width: 320, Height: 640, DeviceScaleFactor: 1, Mobile: true},
		" at 200 % of 1280 px": {Width: 640, Height: 400, DeviceScaleFactor: 2},
	} {
		b.must(chromedp.Call(b.ctx, emulation.SetDeviceMetricsOverride, p))
		b.clear(s, how)
		wide, err := evaluate[float64](b, `() => document.documentElement.scrollWidth - innerWidth`)
		if err != nil || wide > 0 {
			b.t.Errorf("%s%s has to be pushed sideways by %.0f px: %v", s, how, wide, err)
		}
	}
	b.show(s.look)
}

// prefer sets what a reader has asked of his machine, beside the scheme of colours.
func (b *browser) prefer(name, value string) {
	b.t.Helper()
	b.must(chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: name, Value: value}}}))
}

// atRest fails the test where something would move for somebody who asked for rest, also when a price changes.
func (b *browser) atRest(s sight) {
	b.t.Helper()
	b.prefer("prefers-reduced-motion", "reduce")
	moving, err := evaluate[[]string](b, restlessParts)
	if err != nil {
		b.fatalf("no motion: %v", err)
	}
	for _, line := range moving {
		b.t.Errorf("%s moves for who asked for rest: %s", s, line)
	}
	b.show(s.look)
}

const restlessParts = `() => {
  for (const e of document.querySelectorAll('[data-live], .ladder')) e.classList.add('changed');
  for (const e of document.querySelectorAll('[popover]')) e.showPopover();
  const long = (s) => s.split(',').some((t) => parseFloat(t) > 0.001);
  const out = [...document.querySelectorAll('*')].filter((e) => {
    const s = getComputedStyle(e);
    return (s.animationName !== 'none' && long(s.animationDuration)) || (s.transitionProperty !== 'none' && long(s.transitionDuration)) || s.scrollBehavior === 'smooth';
  }).map((e) => e.outerHTML.slice(0, 100));
  const runs = document.getAnimations().filter((a) => a.playState === 'running').map((a) => a.animationName || 'an animation');
  for (const e of document.querySelectorAll('[popover]')) e.hidePopover();
  for (const e of document.querySelectorAll('.changed')) e.classList.remove('changed');
  return [...out, ...runs].slice(0, 5);
}`

// ownColours fails the test where a control or a shape is gone when the reader's own few colours stand for the site's.
func (b *browser) ownColours(s sight) {
	b.t.Helper()
	b.prefer("forced-colors", "active")
	gone, err := evaluate[[]string](b, gone)
	if err != nil {
		b.fatalf("no colours: %v", err)
	}
	for _, line := range gone {
		b.t.Errorf("%s in the reader's own colours: %s", s, line)
	}
	b.show(s.look)
}

const gone = `() => {` + contrast + `
  if (!matchMedia('(forced-colors: active)').matches) return ['they are not used'];
  const out = [];
  const stands = (colour, e) => ratio(over(rgba(colour), ground(e)), ground(e)) >= 3;
  const painted = (v) => v && v !== 'none' && rgba(v)[3] > 0;
  const drawn = (e) => [e, ...e.querySelectorAll('*')].some((x) => {
    const s = getComputedStyle(x);
    return (painted(s.stroke) && parseFloat(s.strokeWidth) > 0 && stands(s.stroke, e)) || (painted(s.fill) && stands(s.fill, e));
  });
  for (const e of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    if (!e.checkVisibility() || getComputedStyle(e).clipPath !== 'none' || e.closest('.hide, .unseen, .skip')) continue;
    const s = getComputedStyle(e);
    const bordered = ['Top', 'Right', 'Bottom', 'Left'].some((side) => s['border' + side + 'Style'] !== 'none' && parseFloat(s['border' + side + 'Width']) > 0 && stands(s['border' + side + 'Color'], e.parentElement));
    const own = e.type === 'file' || (s.appearance !== 'none' && e.matches('input, select, textarea')); // drawn by the system itself
    const text = (e.innerText || '').trim() && stands(s.color, e);
    const picture = [...e.querySelectorAll('img')].some((i) => i.checkVisibility()) || [...e.querySelectorAll('svg')].some(drawn);
    if (!bordered && !own && !text && !picture) out.push('nothing is seen of ' + e.outerHTML.slice(0, 140));
  }
  for (const e of document.querySelectorAll('.badge svg, .kind-tab svg, .door svg, .ladder')) {
    if (e.checkVisibility() && !drawn(e)) out.push('the shape is gone: ' + (e.closest('[class]').outerHTML.slice(0, 140)));
  }
  return out.slice(0, 5);
}`

// notices makes sure that what is looked for would be seen: it spoils a page in each way.
func (b *browser) notices() {
	b.t.Helper()
	b.show(look{lang: "en", width: phone, script: true})
	for what, spoil := range map[string]string{
		"blank":           `document.querySelector('main').replaceChildren()`,
		"cut off":         `const h = document.querySelector('h1'); h.style.overflow = 'hidden'; h.style.height = '8px'`,
		"cuts its":        `const h = document.querySelector('h1'); h.style.overflow = 'hidden'; h.style.whiteSpace = 'nowrap'; h.style.width = '40px'`,
		"over each other": `const p = document.querySelectorAll('main h2'); p[0].style.transform = 'translateY(' + (p[1].getBoundingClientRect().top - p[0].getBoundingClientRect().top) + 'px)'`,
	} {
		b.open("/help")
		b.must(evaluate[bool](b, `() => { `+spoil+`; return true; }`))
		if wrong := b.unclear(); !slices.ContainsFunc(wrong, func(w string) bool { return strings.Contains(w, what) }) {
			b.t.Errorf("a page was spoiled (%s) and this is all that was seen: %q", what, wrong)
		}
	}
	b.open("/help")
	b.prefer("prefers-reduced-motion", "reduce")
	b.must(evaluate[bool](b, `() => { document.querySelector('h1').style.transition = 'color 1s'; return true; }`))
	if moving, _ := evaluate[[]string](b, restlessParts); len(moving) == 0 {
		b.t.Error("a heading that changes its colour slowly was not seen")
	}
	b.prefer("forced-colors", "active")
	b.must(evaluate[bool](b, `() => { const a = document.querySelector('main a'); a.style.forcedColorAdjust = 'none'; a.style.color = 'white'; a.style.backgroundColor = 'white'; return true; }`))
	if out, _ := evaluate[[]string](b, gone); len(out) == 0 {
		b.t.Error("a link in white on white was not seen")
	}
}
