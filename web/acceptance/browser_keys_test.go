package acceptance

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// keys is somebody at a browser with nothing but a keyboard. There is no way here to click, to focus or to set a value.
type keys struct {
	*browser
	told  map[string]bool // what was wrong already, so that it is said once
	stops int             // Tabs since the page was loaded
	seen  int             // stops looked at
}

// stop is where the focus is.
type stop struct {
	Tag, Type, ID, Name, Value, Text string
	In                               string // the action of its form
	Novalidate                       bool
	Wrong                            []string
	None                             bool // on nothing: the page's end, or its begin
}

func (s stop) String() string {
	return strings.TrimSpace(s.Tag + " " + s.Type + " " + s.ID + " " + s.Name + " " + s.Text)
}

// most is how many Tabs the main act may be away from the top of its page.
const most = 40

// visit loads a page, as an address that is typed.
func (k *keys) visit(path string) {
	k.t.Helper()
	k.open(path)
	k.landed()
}

// landed begins a page: nothing may look as if it had the focus.
func (k *keys) landed() {
	k.t.Helper()
	k.stops = 0
	loud, err := evaluate[[]string](k.browser, `() => [...document.querySelectorAll('a, button, input, select, textarea, summary, [tabindex]')]
    .filter((e) => e !== document.activeElement && getComputedStyle(e).outlineStyle !== 'none' && parseFloat(getComputedStyle(e).outlineWidth) > 0)
    .map((e) => e.outerHTML.slice(0, 120))`)
	if err != nil || len(loud) > 0 {
		k.t.Errorf("%s: %d elements look focused and are not: %q %v", k.page(), len(loud), loud, err)
	}
}

func (k *keys) key(keys string, with ...chromedp.Modifier) {
	k.t.Helper()
	ctx, cancel := context.WithTimeout(k.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.KeyEvent(keys, chromedp.KeyModifiers(with...))); err != nil {
		k.fatalf("key %q: %v", keys, err)
	}
}

// tab goes one stop on and looks at it.
func (k *keys) tab() stop {
	k.t.Helper()
	k.key(kb.Tab)
	k.stops++
	return k.here()
}

// back goes one stop back and looks at it.
func (k *keys) back() stop {
	k.t.Helper()
	k.key(kb.Tab, chromedp.ModifierShift)
	return k.here()
}

// here looks at where the focus is: whether it can be seen at all, and whether it can be told from what has it not.
func (k *keys) here() stop {
	k.t.Helper()
	s, err := evaluate[stop](k.browser, focused)
	if err != nil {
		k.fatalf("no focus: %v", err)
	}
	k.seen++
	for _, wrong := range s.Wrong {
		if line := k.page() + ": " + s.String() + " " + wrong; !k.told[line] {
			k.told[line] = true
			k.t.Error(line)
		}
	}
	return s
}

// to goes on until a stop is the one, at most so many Tabs from the top of the page.
func (k *keys) to(what string, limit int, is func(stop) bool) stop {
	k.t.Helper()
	var way []string
	for k.stops < limit {
		s := k.tab()
		if is(s) {
			return s
		}
		way = append(way, s.String())
	}
	k.fatalf("%s is not within %d Tabs, but %q", what, limit, way)
	return stop{}
}

func (k *keys) field(name string) {
	k.t.Helper()
	k.to(name, most, func(s stop) bool { return s.Name == name && s.Type != "hidden" })
}

// button goes to the button of this name.
func (k *keys) button(label string) {
	k.t.Helper()
	k.to(label, most, func(s stop) bool { return s.Tag == "button" && s.Text == label })
}

// leads presses a key that leads to another page, and waits for it.
func (k *keys) leads(key string) {
	k.t.Helper()
	before := k.document()
	k.key(key)
	k.until(func() bool { now := k.document(); return now != 0 && now != before }, nil, []string{"(the next page)"})
	k.landed()
}

// write types over what the field has; Tab has selected it.
func (k *keys) write(text string) {
	k.t.Helper()
	k.key(text)
	if got := k.here().Value; got != text {
		k.fatalf("typed %q, the field has %q", text, got)
	}
}

// pick goes down a list of choices to a value.
func (k *keys) pick(value string) {
	k.t.Helper()
	var seen []string
	for range 80 {
		got := k.here().Value
		if got == value {
			return
		}
		seen = append(seen, got)
		k.key(kb.ArrowDown)
	}
	k.fatalf("the list has no %q but %q", value, slices.Compact(seen))
}

// rest waits until the page shows something new, as a reader who has done nothing.
func (k *keys) rest(shows func() bool, what string) {
	k.t.Helper()
	for end := time.Now().Add(patience); !shows(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			k.fatalf("the page does not show %s: %s", what, k.text())
		}
	}
}

// contrast has the functions of colours that tests of looks share.
const contrast = `
  const rgba = (s) => { const m = s.match(/[\d.]+/g).map(Number); return m.length > 3 ? m : [...m, 1]; };
  const over = (a, b) => [0, 1, 2].map((i) => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
  const ground = (e) => {
    const layers = [];
    for (; e; e = e.parentElement) {
      const c = rgba(getComputedStyle(e).backgroundColor);
      if (c[3] > 0) layers.push(c);
      if (c[3] === 1) break;
    }
    return layers.reverse().reduce((below, c) => over(c, below), [255, 255, 255, 1]);
  };
  const light = (c) => {
    const [r, g, b] = c.map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
`

// focused describes the element that has the focus, and what is wrong with how it is shown: it must be on the screen, not
// covered by something foreign to it, and wear an outline that stands out 3:1 from what is behind it.
const focused = `() => {` + contrast + `
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return { none: true };
  const wrong = [];
  const label = e.closest('label');
  const shown = label && getComputedStyle(e).clipPath !== 'none' ? label : e; // a field that is hidden in its label is seen by it
  const r = shown.getClientRects()[0] || shown.getBoundingClientRect();
  if (r.width < 2 || r.height < 2) wrong.push('has no size');
  const fits = r.height <= innerHeight && r.width <= innerWidth;
  if (fits && (r.top < -1 || r.left < -1 || r.bottom > innerHeight + 1 || r.right > innerWidth + 1)) wrong.push('is off the screen: ' + JSON.stringify(r));
  const x0 = Math.max(r.left, 0), x1 = Math.min(r.right, innerWidth), y0 = Math.max(r.top, 0), y1 = Math.min(r.bottom, innerHeight);
  const cx = (x0 + x1) / 2, cy = (y0 + y1) / 2;
  for (const [x, y] of [[cx, cy], [x0 + 3, cy], [x1 - 3, cy], [cx, y0 + 3], [cx, y1 - 3]]) {
    const hit = document.elementFromPoint(x, y);
    if (hit && !shown.contains(hit) && !hit.contains(shown) && hit.closest('label')?.control !== e && !shown.parentElement.contains(hit)) {
      wrong.push('is covered by ' + hit.outerHTML.slice(0, 120));
      break;
    }
  }
  const worn = [shown, shown.parentElement, shown.closest('.card')].find((x) => x && getComputedStyle(x).outlineStyle !== 'none' && parseFloat(getComputedStyle(x).outlineWidth) >= 2);
  if (!worn) wrong.push('looks as it does without the focus');
  else {
    const style = getComputedStyle(worn);
    const behind = ground(parseFloat(style.outlineOffset) < 0 ? worn : worn.parentElement);
    const stands = ratio(over(rgba(style.outlineColor), behind), behind);
    if (stands < 3) wrong.push('wears an outline of ' + stands.toFixed(1) + ':1');
  }
  return {
    tag: e.tagName.toLowerCase(), type: e.type || '', id: e.id, name: e.name || '', value: e.value || '',
    text: (e.innerText || e.getAttribute('aria-label') || '').replace(/\s+/g, ' ').trim().slice(0, 60),
    in: e.form?.getAttribute('action') || '', novalidate: Boolean(e.formNoValidate), wrong,
  };
}`
