package web

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"haggle/web/view"
)

// everyPage lists every page a reader can look at, by who may.
func everyPage() map[string]reader {
	pages := map[string]reader{
		"/": guest, "/search": guest, "/search?kind=english&priceMin=100&q=": guest, "/search?q=nothing": guest, "/people/ann": guest, "/help": guest, "/dev/design": guest,
		"/sign-in?next=/wallet": guest, "/sign-up": guest, "/sell": guest, "/nowhere": guest,
		"/sell/auction": member, "/sell/fixed": member, "/request": member, "/group": member, "/my": member, "/my?tab=bids": member,
		"/orders": member, "/orders?side=seller": member, "/wallet": member, "/wallet?amount=300": member, "/settings": member, "/notifications": member, "/messages": member, "/watchlist": member, "/saved-searches": member, "/settings/mail": member, "/offline": guest,
		"/orders/nobody": member,
	}
	for _, d := range dealFixtures() {
		pages[d.URL] = guest
		pages[d.URL+"?member"] = member
		pages[d.URL+"?owner"] = owner
	}
	for _, o := range orderFixtures() {
		pages["/orders/"+o.ID] = member
	}
	for _, tab := range view.MyTabs() {
		pages["/my?tab="+tab] = member
	}
	return pages
}

func TestEveryPageInBothLanguages(t *testing.T) {
	r := newRig(t)
	for path, who := range everyPage() {
		for _, lang := range []string{"en", "zh-TW"} {
			t.Run(lang+" "+path, func(t *testing.T) {
				a := r.get(who.in(lang), path)
				if want := expectedStatus(path); a.StatusCode != want {
					t.Fatalf("answered %d, want %d: %s\n%s", a.StatusCode, want, clip(a.body), r.log)
				}
				checkPage(t, lang, a)
			})
		}
	}
}

func expectedStatus(path string) int {
	if path == "/nowhere" || path == "/orders/nobody" {
		return http.StatusNotFound
	}
	return http.StatusOK
}

// checkPage holds what every page promises.
func checkPage(t *testing.T, lang string, a answer) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	page := &inspection{t: t, ids: map[string]bool{}}
	page.walk(doc)
	if page.lang != lang {
		t.Errorf("the page says it is in %q", page.lang)
	}
	if page.headings != 1 {
		t.Errorf("the page has %d main headings", page.headings)
	}
	for _, target := range page.targets {
		if !page.ids[target] {
			t.Errorf("something points at #%s, which is not there", target)
		}
	}
	if csp := a.Header.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("content policy: %q", csp)
	}
	if got := a.Header.Get("Vary"); got != "Cookie, Accept-Language, Accept-Encoding" {
		t.Errorf("Vary: %q", got)
	}
	for _, raw := range []string{"<script>alert", "Ann & Söhne <b>", "friendly <i>"} {
		if strings.Contains(a.body, raw) {
			t.Errorf("%q stands unescaped", raw)
		}
	}
}

// inspection walks a page and notes what it promises to readers of every sort.
type inspection struct {
	t        *testing.T
	lang     string
	headings int
	ids      map[string]bool
	targets  []string // ids that labels, descriptions and headings point at
}

// key looks like a message that has no words.
var key = regexp.MustCompile(`^[a-z][A-Za-z]*(\.[A-Za-z_-]+)+$|\{[a-zA-Z]+\}`)

func (p *inspection) walk(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		if text := strings.TrimSpace(n.Data); key.MatchString(text) && n.Parent.Data != "code" && n.Parent.Data != "dd" {
			p.t.Errorf("no words for %q", text)
		}
	case html.ElementNode:
		p.element(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		p.walk(c)
	}
}

func (p *inspection) element(n *html.Node) {
	p.attributes(n)
	switch n.Data {
	case "html":
		p.lang = attr(n, "lang")
	case "h1":
		p.headings++
	case "style":
		p.t.Error("the page has an inline style sheet")
	case "script":
		if attr(n, "type") != "application/ld+json" && (attr(n, "src") == "" || n.FirstChild != nil) { // data is not run
			p.t.Error("the page has an inline script")
		}
	case "img":
		if !has(n, "alt") {
			p.t.Errorf("a picture without alt: %s", attr(n, "src"))
		}
	case "svg":
		if attr(n, "aria-hidden") == "" && attr(n, "aria-label") == "" {
			p.t.Error("a drawing without words")
		}
	case "form":
		p.form(n)
	case "input", "select", "textarea":
		p.named(n)
	}
}

// bareKeys are attributes whose {n} is for a script to fill in.
var bareKeys = []string{"data-day", "data-hour", "data-minute", "data-second"}

func (p *inspection) attributes(n *html.Node) {
	for _, a := range n.Attr {
		switch {
		case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
			p.t.Errorf("<%s> has an inline %s", n.Data, a.Key)
		case a.Key == "id":
			if p.ids[a.Val] {
				p.t.Errorf("two elements are #%s", a.Val)
			}
			p.ids[a.Val] = true
		case a.Key == "for" || a.Key == "aria-labelledby" || a.Key == "aria-describedby":
			p.targets = append(p.targets, strings.Fields(a.Val)...)
		case (a.Key == "src" || a.Key == "href" || a.Key == "action") && strings.HasPrefix(a.Val, "//"):
			p.t.Errorf("<%s> leads away: %s", n.Data, a.Val)
		case a.Key == "aria-label" || a.Key == "placeholder" || strings.HasPrefix(a.Key, "data-"):
			if key.MatchString(a.Val) && !slices.Contains(bareKeys, a.Key) {
				p.t.Errorf("no words for %s=%q", a.Key, a.Val)
			}
		}
	}
}

// form checks that every act carries its token and key.
func (p *inspection) form(n *html.Node) {
	if !strings.EqualFold(attr(n, "method"), "post") {
		return
	}
	names := map[string]bool{}
	collect(n, names)
	if !names["csrf"] || !names["key"] {
		p.t.Errorf("the form to %s has no token or no key", attr(n, "action"))
	}
}

func collect(n *html.Node, names map[string]bool) {
	if n.Type == html.ElementNode && n.Data == "input" {
		names[attr(n, "name")] = true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		collect(c, names)
	}
}

// named checks that a field has a label: one that points at it, or one around it.
func (p *inspection) named(n *html.Node) {
	if kind := attr(n, "type"); kind == "hidden" {
		return
	}
	for up := n.Parent; up != nil; up = up.Parent {
		if up.Data == "label" {
			return
		}
	}
	id := attr(n, "id")
	if id == "" {
		p.t.Errorf("the field %s has no label", attr(n, "name"))
		return
	}
	root := n
	for root.Parent != nil {
		root = root.Parent
	}
	if !labelled(root, id) {
		p.t.Errorf("no label points at #%s", id)
	}
}

func labelled(n *html.Node, id string) bool {
	if n.Type == html.ElementNode && n.Data == "label" && attr(n, "for") == id {
		return true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if labelled(c, id) {
			return true
		}
	}
	return false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func TestOwnPagesAskGuestsToSignIn(t *testing.T) {
	r := newRig(t)
	for path, who := range everyPage() {
		if who.token == "" || strings.HasPrefix(path, "/deals/") || slices.Contains([]string{"/sell/auction", "/sell/fixed", "/request", "/group"}, path) {
			continue // a guest may look at deals, and fill in a form
		}
		a := r.get(guest, path)
		if a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/sign-in?next=%2F") {
			t.Errorf("%s: %d %s", path, a.StatusCode, a.Header.Get("Location"))
		}
	}
}

func TestWhatADealSays(t *testing.T) {
	r := newRig(t)
	for path, words := range map[string][]string{
		"/deals/auction":  {"You lead at NT$ 2,600. You pay at most NT$ 3,000.", "The reserve is not met yet.", "your maximum 3,000", "others: 2,650", "start 1,000"},
		"/deals/outbid":   {"Next bid: NT$ 2,650 or more."},
		"/deals/fresh":    {"first bid 800", "Pay NT$ 2,500 at once", "NT$ 800 or more"},
		"/deals/sold":     {"You won at NT$ 2,700.", "/orders/o-paid", "/api/v1/deals/sold/log", "haggle verify"},
		"/deals/group":    {"6 more → NT$ 640 for everyone.", "6 more → NT$ 640 for everyone.", "your ceiling 720", "NT$ 2,160 is held until Nov 25", "From 12 pieces: NT$ 720 each.", "NT$ 20 is added for each member."},
		"/deals/young":    {"3 more pieces and the group goes ahead, at NT$ 800 each."},
		"/deals/failed":   {"The group did not go ahead; your NT$ 2,160 is free again.", "Too few pieces by the end."},
		"/deals/request":  {"Funded: NT$ 8,000 is held already; the seller who wins is paid out of it.", "ranks number 2", "NT$ 6,720 or less: below your last quote", "At least 2 sellers must quote"},
		"/deals/sealed":   {"3 quotes", "Hidden", "The named price is hidden until the end."},
		"/deals/fixed":    {"4 of 10 left", "No end set"},
		"/deals/gone":     {"All pieces are taken for now."},
		"/deals/clearing": {"The result is being worked out"},
	} {
		t.Run(path, func(t *testing.T) { r.get(member, path).says(t, http.StatusOK, words...) })
	}
	r.get(member.in("zh-TW"), "/deals/auction").says(t, http.StatusOK, "目前由你領先，出價 NT$ 2,600；你最多付 NT$ 3,000。", "尚未達到底價。")
	r.get(member.in("zh-TW"), "/deals/group").says(t, http.StatusOK, "再 6 份，全團每份 NT$ 640。", "款項保留 NT$ 2,160 至 11/25，不會再多付；未成團全額退回。")
	r.get(owner, "/deals/auction").says(t, http.StatusOK, "Your reserve, which nobody sees: NT$ 2,800", "Sell now", "Bidder 1")
	r.get(owner, "/deals/choice").says(t, http.StatusOK, "Seller 1: NT$ 6,400")
}

func TestASealedRequestShowsNoAmount(t *testing.T) {
	a := newRig(t).get(guest, "/deals/sealed/live")
	if strings.Contains(a.body, "NT$") {
		t.Errorf("the state of a sealed request names an amount:\n%s", a.body)
	}
}

func TestHistoryIsToldInWords(t *testing.T) {
	newRig(t).get(member, "/deals/auction").says(t, http.StatusOK, "The seller opened the deal.", "You took the lead at NT$ 2,600.", "Bidder 1 bid; the price is now NT$ 2,550.",
		"the bid does not count", "bought at once for NT$ 5,000", "handed in a sealed quote", "took bids back. (A typing mistake)",
		"Bidder 1: the maximum was NT$ 2,550.", "Closed: sold.")
}

func TestLiveIsAPartOfThePage(t *testing.T) {
	a := newRig(t).get(member, "/deals/auction/live")
	a.says(t, http.StatusOK, `data-part="state"`, `data-part="history"`, "You lead at")
	if strings.Contains(a.body, "<html") {
		t.Error("the live part is a whole page")
	}
}

func TestOtherAddressesOfADeal(t *testing.T) {
	r := newRig(t)
	for _, path := range []string{"/listings/auction", "/requests/auction", "/groups/auction", "/deals/auction/bids", "/deals/auction/pledges"} {
		if a := r.get(guest, path); a.StatusCode != http.StatusFound || a.Header.Get("Location") != "/deals/auction" {
			t.Errorf("%s: %d %s", path, a.StatusCode, a.Header.Get("Location"))
		}
	}
}
