package acceptance

import (
	"fmt"
	"math/rand/v2"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"haggle/internal/testenv"
)

// opening is a form in four steps: its address, and what its second step cannot do without.
type opening struct {
	path   string
	prices map[string]string // by field
}

var allOpenings = []opening{
	{"/sell/auction", map[string]string{"#f-startPrice": "1,000"}},
	{"/sell/fixed", map[string]string{"#f-price": "1,000"}},
	{"/request", map[string]string{"#f-namedPrice": "1,000"}},
	{"/group", map[string]string{"#f-from0": "2", "#f-unitPrice0": "720", "#f-from1": "4", "#f-unitPrice1": "640"}},
}

// stepped is an opening in a language and a scheme.
type stepped struct {
	opening
	look
}

// openingSteps draws one opening in one look; in a full run it gives all.
func openingSteps(r *rand.Rand) []stepped {
	var all []stepped
	for _, o := range allOpenings {
		for _, lang := range []string{"en", "zh-TW"} {
			for _, dark := range []bool{false, true} {
				all = append(all, stepped{o, look{lang: lang, dark: dark, width: phone, script: true}})
			}
		}
	}
	if testenv.Full() {
		return all
	}
	return []stepped{all[r.IntN(len(all))]}
}

// walk takes each step of an opening, refused once where it can be, and holds every page of the way against axe's rules.
func (b *browser) walk(s stepped, script string) {
	b.t.Helper()
	b.show(s.look)
	b.speak(s.lang)
	see := func(step string) {
		// as tall as the page: what lies under the bar at the foot of the screen can be scrolled out from it
		b.must(chromedp.Call(b.ctx, emulation.SetDeviceMetricsOverride,
			emulation.SetDeviceMetricsOverrideParams{Width: s.width, Height: 4000, DeviceScaleFactor: 1, Mobile: true}))
		for _, line := range b.axe(script) {
			b.t.Errorf("%s, %s, dark %v, %s: %s", s.path, s.lang, s.dark, step, line)
		}
		b.fits(sight{path: s.path, look: s.look})
		b.show(s.look)
	}
	b.open(s.path)
	anyway := func() { // past the browser's own check of what is required
		_, err := evaluate[bool](b, `() => { for (const f of document.forms) f.noValidate = true; return true; }`)
		b.must(nil, err)
		b.next()
		b.refusals++
	}
	anyway()
	see("step 1 refused")
	b.fill("#f-title", "Oolong tea")
	b.choose("#f-category", "food-tea")
	b.next()
	see("step 2")
	anyway()
	see("step 2 refused")
	for field, price := range s.prices {
		b.fill(field, price)
	}
	for step := 3; step <= 4; step++ {
		b.next()
		see(fmt.Sprintf("step %d", step))
	}
}
