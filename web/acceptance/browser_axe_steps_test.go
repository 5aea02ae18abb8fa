package acceptance

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"haggle/internal/testenv"
)

// opening is a form in four steps: its address, and what its second step is filled with.
type opening struct {
	path   string
	prices map[string]string // by name; with # and its place where several have one
}

var allOpenings = []opening{
	{"/sell/auction", map[string]string{"startPrice": "1,000"}},
	{"/sell/fixed", map[string]string{"price": "500", "quantity": "3"}},
	{"/request", map[string]string{"namedPrice": "800"}},
	{"/group", map[string]string{"from#0": "2", "unitPrice#0": "720", "from#1": "4", "unitPrice#1": "640"}},
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
		b.frame(4000, 1) // as tall as the page: what lies under the bar at the foot of the screen can be scrolled out from it
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
		b.fill("#f-"+strings.Replace(field, "#", "", 1), price)
	}
	for step := 3; step <= 4; step++ {
		b.next()
		see(fmt.Sprintf("step %d", step))
	}
}
