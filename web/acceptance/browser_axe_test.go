package acceptance

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"haggle/internal/testenv"
)

// sight is one page as somebody sees it.
type sight struct {
	path  string
	guest bool
	look  look
}

func (s sight) String() string {
	who, scheme := "reader", "light"
	if s.guest {
		who = "guest"
	}
	if s.look.dark {
		scheme = "dark"
	}
	return fmt.Sprintf("%s as %s, %s, %s, %d px", s.path, who, s.look.lang, scheme, s.look.width)
}

// by opens the page in the browser of whoever looks at it.
func (s sight) by(reader, guest *browser) *browser {
	b := reader
	if s.guest {
		b = guest
	}
	b.t.Helper()
	b.show(s.look)
	b.speak(s.look.lang)
	b.open(s.path)
	if s.path == missing {
		b.refusals++
	}
	return b
}

// lookedUsually is how many pages a usual run draws, each as one sight of it; with large samples it is every page, and in a
// full run every sight.
const lookedUsually = 20

// TestAccessibility holds the pages against axe's rules and looks for sideways scrolling on small telephones: all of them
// in a full run, else some that the seed draws.
func TestAccessibility(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile(testenv.Axe(t))
	if err != nil {
		t.Fatal(err)
	}
	chromium := chromium(t)
	m := start(t)
	reader := m.browser(chromium, "reader", look{lang: "en", width: phone, script: true})
	guest := m.browser(chromium, "guest", look{lang: "en", width: phone, script: true})
	g := m.gallery(reader)
	random := crashSeed(t)
	all := g.sights(random)
	if !testenv.Large() {
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		all = all[:min(len(all), lookedUsually)]
		slices.SortStableFunc(all, func(a, b sight) int { return strings.Compare(a.look.lang, b.look.lang) }) // the language is chosen once
	}
	t.Logf("%d sights", len(all))
	for _, s := range all {
		b := s.by(reader, guest)
		for _, line := range b.axe(string(script)) {
			t.Errorf("%s: %s", s, line)
		}
		b.fits(s)
	}
	for _, s := range openingSteps(random) {
		reader.walk(s, string(script))
	}
	reader.refused(g.auction)
	for _, line := range reader.axe(string(script)) {
		t.Errorf("a refused bid: %s", line)
	}
	reader.quiet()
	guest.quiet()
}

// gallery is a market with a deal of each kind in each state, as one reader sees them.
type gallery struct {
	auction string   // where the reader was outbid
	public  []string // pages for everybody
	private []string // pages of somebody signed in
}

// missing is a page that is not there.
const missing = "/deals/none"

// gallery signs the reader up in his browser and makes the deals.
func (m *market) gallery(b *browser) gallery {
	m.t.Helper()
	b.signUp()
	b.deposit()
	var got struct{ Token, ID string }
	m.guest().do("POST", "/sessions", obj{"email": b.who + "@haggle.test", "password": password}).want(201).into(&got)
	reader := person{m: m, id: got.ID, token: got.Token}
	seller, other := m.person("seller", plenty), m.person("other", plenty)

	won := seller.auction(2, obj{"softClose": obj{"windowSeconds": 0, "extendSeconds": 0}})
	reader.do("POST", "/listings/"+won+"/bids", obj{"max": 200_000}).want(201)
	second := seller.auction(2, obj{"softClose": obj{"windowSeconds": 0, "extendSeconds": 0}})
	reader.do("POST", "/listings/"+second+"/bids", obj{"max": 200_000}).want(201)
	other.do("POST", "/listings/"+second+"/bids", obj{"max": 300_000}).want(201)
	failed := seller.group(2, nil)
	reader.do("POST", "/groups/"+failed+"/pledges", obj{"quantity": 1}).want(201)
	outbid := seller.auction(3600, obj{"reservePrice": 900_000, "buyNowPrice": 1_000_000})
	reader.do("POST", "/listings/"+outbid+"/bids", obj{"max": 200_000}).want(201)
	other.do("POST", "/listings/"+outbid+"/bids", obj{"max": 300_000}).want(201)
	own := reader.auction(3600, nil)
	other.do("POST", "/listings/"+own+"/bids", obj{"max": 300_000}).want(201)
	stock := seller.fixed(nil)
	quoted := other.request(3600, obj{"rule": "open"})
	reader.do("POST", "/requests/"+quoted+"/quotes", obj{"unitPrice": 79_000}).want(201)
	chosen := reader.request(3600, obj{"rule": "choice"})
	other.do("POST", "/requests/"+chosen+"/quotes", obj{"unitPrice": 70_000}).want(201)
	joined := seller.group(3600, nil)
	reader.do("POST", "/groups/"+joined+"/pledges", obj{"quantity": 3, "ceiling": 64_000}).want(201)
	led := reader.group(3600, nil)
	other.do("POST", "/groups/"+led+"/pledges", obj{"quantity": 1}).want(201)
	thread := reader.do("POST", "/messages", obj{"deal": outbid, "text": "Does the shutter work?"}).want(201).obj().str("thread")
	seller.do("POST", "/messages", obj{"thread": thread, "text": "At every speed."}).want(201)
	order := reader.closed(won, longest).str("outcome.awards.0.order")
	reader.closed(failed, longest)
	other.do("POST", "/orders/"+other.closed(second, longest).str("outcome.awards.0.order")+"/cancel", obj{}).want(200) // it is offered to the reader

	g := gallery{
		auction: "/deals/" + outbid,
		public: []string{"/", "/search", "/search?q=nothing-like-it", "/search?kind=group", "/help", "/help/auctions", "/help/group-buys", "/help/terms", "/sign-in", "/sign-up", missing,
			"/people/" + reader.id},
		private: []string{"/sell", "/sell/auction", "/sell/fixed", "/request", "/group", "/my", "/deals/" + second, "/my?tab=bids", "/my?tab=quotes", "/my?tab=pledges",
			"/orders", "/orders/" + order, "/wallet", "/settings", "/settings/two-factor", "/messages/" + thread, "/messages/new?deal=" + stock},
	}
	for _, id := range []string{won, failed, outbid, own, stock, quoted, chosen, joined, led} {
		g.public = append(g.public, "/deals/"+id)
	}
	return g.complete(reader)
}

// sights draws which pages are looked at, by whom and how; in a full run it gives all.
func (g gallery) sights(r *rand.Rand) []sight {
	var list []sight
	for _, path := range slices.Concat(g.public, g.private) {
		all := everyLook(path, !slices.Contains(g.private, path))
		if !testenv.Full() {
			r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			all = all[:1]
		}
		list = append(list, all...)
	}
	return list
}

func everyLook(path string, guests bool) []sight {
	var all []sight
	for _, lang := range []string{"en", "zh-TW"} {
		for _, dark := range []bool{false, true} {
			for _, width := range []int64{phone, 1280} {
				l := look{lang: lang, width: width, dark: dark, script: true}
				all = append(all, sight{path: path, look: l})
				if guests {
					all = append(all, sight{path: path, guest: true, look: l})
				}
			}
		}
	}
	return all
}

// speak chooses the language at the foot of a page, as a reader does, where it is not the one already.
func (b *browser) speak(lang string) {
	b.t.Helper()
	if b.spoken == lang {
		return
	}
	b.open("/help")
	now, err := evaluate[string](b, `() => document.documentElement.lang`)
	if err != nil {
		b.fatalf("no language: %v", err)
	}
	if now != lang {
		b.press(map[string]string{"en": "English", "zh-TW": "繁體中文"}[lang])
	}
	b.spoken = lang
}

// refused sends a bid that is too low.
func (b *browser) refused(deal string) {
	b.t.Helper()
	b.speak("en")
	b.open(deal)
	b.fill("#f-max", "1")
	b.review()
	b.see("or more.")
	b.refusals++
}

// tags are the rules that are asked for.
var tags = []string{"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"}

// axe holds the open page against axe's rules and says what breaks one. It runs in a world of its own beside the page's
// scripts, so the page's policy stays as it is.
func (b *browser) axe(script string) []string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	frame, err := chromedp.Call(ctx, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		b.fatalf("no frame: %v", err)
	}
	world, err := chromedp.Call(ctx, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: frame.FrameTree.Frame.ID, WorldName: "axe"})
	if err != nil {
		b.fatalf("no world: %v", err)
	}
	rules, _ := json.Marshal(tags)
	run := script + `;axe.run(document, { runOnly: ` + string(rules) + ` }).then((r) => ({ kept: r.passes.length, broken: r.violations.flatMap((v) =>
    v.nodes.map((n) => v.id + ': ' + n.target.join(' ') + ': ' + n.failureSummary)) }))`
	yes := true
	res, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: run, ContextID: world.ExecutionContextID, AwaitPromise: &yes, ReturnByValue: &yes})
	if err != nil || res.ExceptionDetails != nil {
		b.fatalf("axe does not run: %v %v", err, res.ExceptionDetails)
	}
	var found struct {
		Kept   int
		Broken []string
	}
	if err := json.Unmarshal(res.Result.Value, &found); err != nil || found.Kept < 10 {
		b.fatalf("axe says %s: %v", res.Result.Value, err)
	}
	return found.Broken
}

// fits fails the test where a page is wider than a telephone.
func (b *browser) fits(s sight) {
	b.t.Helper()
	for _, width := range []int64{phone, 320} {
		l := s.look
		l.width = width
		b.show(l)
		wide, err := evaluate[string](b, `() => {
      const root = document.documentElement;
      if (root.scrollWidth <= innerWidth && innerWidth <= screen.width) return '';
      const out = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > screen.width + 1);
      return root.scrollWidth + ' px: ' + out.slice(0, 3).map((e) => e.outerHTML.slice(0, 120)).join(' | ');
    }`)
		if err != nil || wide != "" {
			b.t.Errorf("%s is wider than %d px: %s %v", s, width, strings.TrimSpace(wide), err)
		}
	}
}
