package web

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/letter"
	"haggle/web/locale"
	"haggle/web/view"
)

// wrapped is the English catalogue with every message between ⟦ and ⟧, its placeholders and plural forms as they were.
func wrapped(t *testing.T, raw []byte) []byte {
	t.Helper()
	var all map[string]json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	out := map[string]any{}
	for key, v := range all {
		var text string
		if json.Unmarshal(v, &text) == nil {
			out[key] = wrap(text)
			continue
		}
		forms := map[string]string{}
		if err := json.Unmarshal(v, &forms); err != nil {
			t.Fatal(err)
		}
		for form, text := range forms {
			forms[form] = wrap(text)
		}
		out[key] = forms
	}
	b, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// wrap leaves what only joins texts as it is.
func wrap(text string) string {
	if strings.TrimSpace(text) == "" {
		return text
	}
	return "⟦" + text + "⟧"
}

// inThirdLanguage makes English read as a language nobody wrote, for the rest of a test.
func inThirdLanguage(t *testing.T) {
	t.Helper()
	raw, err := os.ReadFile("locale/en.json")
	if err != nil {
		t.Fatal(err)
	}
	restore, err := locale.Replace(locale.En, wrapped(t, raw))
	if err != nil {
		t.Fatal(err)
	}
	tree, person := categoriesFixture, seller
	categoriesFixture, seller.Name = translatedTree(tree), wrap(seller.Name)
	t.Cleanup(func() { restore(); categoriesFixture, seller = tree, person })
}

// newWrappedRig is a rig whose people write in ⟦⟧, too: what they say is known by where it comes from.
func newWrappedRig(t *testing.T) *rig {
	t.Helper()
	inThirdLanguage(t)
	r := newRig(t)
	for i := range r.market.deals {
		d := &r.market.deals[i]
		d.Title, d.Description = wrap(d.Title), wrap(d.Description)
		attributes := map[string]string{}
		for k, v := range d.Attributes {
			attributes[wrap(k)] = wrap(v)
		}
		d.Attributes = attributes
	}
	for i := range r.market.orders {
		o := &r.market.orders[i]
		o.Title, o.Tracking, o.Buyer.Name = wrap(o.Title), wrap(o.Tracking), wrap(o.Buyer.Name)
	}
	for i := range r.market.chance {
		r.market.chance[i].Title = wrap(r.market.chance[i].Title)
	}
	r.market.letters, r.market.notices = letterFixtures(), noticeFixtures()
	for i := range r.market.threads {
		c := &r.market.threads[i]
		c.Title, c.Last, c.Other.Name = wrap(c.Title), wrap(c.Last), wrap(c.Other.Name)
	}
	for i := range r.market.written {
		r.market.written[i].Text = wrap(r.market.written[i].Text)
	}
	for i := range r.market.notices {
		n := &r.market.notices[i]
		n.Title, n.Facts.Title, n.Facts.Who, n.Facts.Tracking = wrap(n.Title), wrap(n.Facts.Title), wrap(n.Facts.Who), wrap(n.Facts.Tracking)
	}
	return r
}

// translatedTree is the category tree with its names wrapped: the market has their words, not the catalogue.
func translatedTree(tree []market.CategoryView) []market.CategoryView {
	out := make([]market.CategoryView, len(tree))
	for i, c := range tree {
		c.Name.En, c.Children = wrap(c.Name.En), translatedTree(c.Children)
		out[i] = c
	}
	return out
}

// spoken are the attributes that people read or hear.
var spoken = []string{"title", "placeholder", "alt", "aria-label", "aria-description", "label"}

// programs are elements whose text no people's language is.
var programs = []string{"script", "style", "code", "pre"}

// dates are how the printer writes instants of the English reader; they are numbers, not words.
var dates = regexp.MustCompile(`^(until )?[A-Z][a-z]{2} \d{1,2}(, \d{4})?(, \d{2}:\d{2})?$`)

// said are names and people's words of the fixtures that no catalogue has: the site, the currency, a browser, languages as
// their own readers call them, and what the people of the fake market wrote where it is not wrapped.
var said = []string{"haggle", "NT$", "Firefox", "English", "繁體中文", "City bike", "Fast & friendly <i>", "Alishan oolong, 150 g", "price watcher", "robot"}

// linked are addresses, of the web and of mail.
var linked = regexp.MustCompile(`https?://\S+|\S+@example\.org`)

// outside is what of a text stands outside of ⟦⟧ and has a letter.
func outside(text string) string {
	var b strings.Builder
	depth := 0
	for _, r := range text {
		switch {
		case r == '⟦':
			depth++
		case r == '⟧':
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	rest := linked.ReplaceAllString(b.String(), "")
	for _, s := range said {
		rest = strings.ReplaceAll(rest, s, "")
	}
	rest = strings.TrimSpace(rest)
	if !strings.ContainsFunc(rest, unicode.IsLetter) || dates.MatchString(rest) {
		return ""
	}
	return rest
}

// untranslated walks a page and gives what is said in no language's catalogue.
func untranslated(n *html.Node, found *[]string) {
	if n.Type == html.ElementNode {
		if attr(n, "translate") == "no" || slices.Contains(programs, n.Data) {
			return
		}
		for _, name := range spoken {
			if rest := outside(attr(n, name)); rest != "" {
				*found = append(*found, "<"+n.Data+" "+name+">: "+rest)
			}
		}
		for _, a := range n.Attr { // what scripts say stands in data attributes
			if strings.HasPrefix(a.Key, "data-") && strings.Contains(strings.TrimSpace(a.Val), " ") && !strings.Contains(a.Val, "/") {
				if rest := outside(a.Val); rest != "" {
					*found = append(*found, "<"+n.Data+" "+a.Key+">: "+rest)
				}
			}
		}
		if n.Data == "input" && (attr(n, "type") == "submit" || attr(n, "type") == "button") {
			if rest := outside(attr(n, "value")); rest != "" {
				*found = append(*found, "<input value>: "+rest)
			}
		}
	}
	if n.Type == html.TextNode {
		if rest := outside(n.Data); rest != "" {
			*found = append(*found, "<"+n.Parent.Data+" class="+attr(n.Parent, "class")+">: "+rest)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		untranslated(c, found)
	}
}

func (r *rig) saysOnlyTheCatalogue(what string, a answer) {
	r.t.Helper()
	r.bodySaysOnlyTheCatalogue(what, a.body)
}

func (r *rig) bodySaysOnlyTheCatalogue(what, body string) {
	r.t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	var found []string
	untranslated(doc, &found)
	for _, line := range found {
		r.t.Errorf("%s: %s", what, line)
	}
	if !strings.Contains(body, "⟦") {
		r.t.Errorf("%s says nothing of the catalogue: %s", what, clip(body))
	}
}

// TestEveryWordIsInTheCatalogue draws every page in a language whose every message stands in ⟦⟧: what a reader sees outside
// of it would be said to everybody in English. Only what is marked as not to be translated may be: people's words, names,
// programs.
func TestEveryWordIsInTheCatalogue(t *testing.T) {
	r := newWrappedRig(t)
	pages := everyPage()
	for _, topic := range view.Topics() {
		pages["/help/"+topic.ID] = guest
	}
	for _, path := range []string{"/forgot", "/confirm", "/reset", "/mail/off"} {
		pages[path] = guest
	}
	for _, path := range []string{"/settings/mail", "/settings/two-factor", "/notifications"} {
		pages[path] = member
	}
	pages["/messages/t1"] = member
	pages["/sign-in/welcome"] = reader{lang: "en", cookies: []*http.Cookie{{Name: "haggle-welcome", Value: "t"}}}
	pages["/sign-in/code"] = reader{lang: "en", cookies: []*http.Cookie{{Name: "haggle-step", Value: "t"}}}
	delete(pages, "/dev/design") // for developers, who read English
	for path, who := range pages {
		a := r.get(who, path)
		if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			continue
		}
		r.saysOnlyTheCatalogue(path, a)
	}
	r.everyRouteWasSeen(pages)
}

// everyRouteWasSeen holds the pages of the test against the routes of the site. One that no page of the test is of is asked
// for here, as a member, under an id that is there; where that is not enough, the page belongs into everyPage.
func (r *rig) everyRouteWasSeen(pages map[string]reader) {
	r.t.Helper()
	for _, route := range r.app.GetRoutes(true) {
		if route.Method != http.MethodGet || noPages.MatchString(route.Path) {
			continue
		}
		pattern := regexp.MustCompile("^" + regexp.MustCompile(`:[a-z]+`).ReplaceAllString(route.Path, "[^/?]+") + `(\?.*)?$`)
		seen := false
		for path := range pages {
			seen = seen || pattern.MatchString(path)
		}
		if seen {
			continue
		}
		path := strings.NewReplacer(":id", "auction", ":act", "bids", "*", "x").Replace(route.Path)
		switch a := r.get(member, path); {
		case a.StatusCode >= 400:
			r.t.Errorf("no page of %s was looked at: %s answers %d", route.Path, path, a.StatusCode)
		case a.StatusCode == http.StatusOK && strings.HasPrefix(a.Header.Get("Content-Type"), "text/html"):
			r.saysOnlyTheCatalogue(path, a)
		}
	}
}

// noPages are routes that draw no page: files, streams, parts of a page, what is for programs, and what only leads on.
var noPages = regexp.MustCompile(`^/(static|photos|sitemaps|dev)/|/(live|events|code\.svg|code\.png|card\.png|receipt|callback|:file)$|^/(notifications|saved-searches)/:id$|\.(xml|txt|ico)$`)

// TestEveryRefusalIsInTheCatalogue shows every refusal of the table, with its numbers and without.
func TestEveryRefusalIsInTheCatalogue(t *testing.T) {
	r := newWrappedRig(t)
	some := map[string]any{"minimum": int64(265000), "maximum": int64(1), "missing": int64(5), "limit": 5, "left": 2, "until": clock, "closesAt": clock, "lockedFrom": clock,
		"cashUnit": int64(100), "namedPrice": int64(9), "unitPrice": int64(9), "retryAfter": int64(3)}
	for _, row := range fault.Table() {
		for _, params := range []fault.Params{nil, some} {
			r.market.refuse = fault.New(row.Code, params)
			for path, pairs := range map[string][]string{"/deals/fresh/bids": {"max", "900", "confirm", "on"}, "/wallet/deposits": {"amount", "5", "card", "4242424242424242"}} {
				a := r.post(member, path, pairs...)
				if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
					r.saysOnlyTheCatalogue(string(row.Code)+" at "+path, a)
				}
			}
			r.market.refuse = nil
		}
	}
	// Every field that can be wrong, in each of the large forms.
	for _, path := range []string{"/sell/auction", "/sell/fixed", "/request", "/group"} {
		var wrong fault.Collect
		for _, key := range locale.Keys(locale.En) {
			if field, ok := strings.CutPrefix(key, "field."); ok {
				wrong.Addf(field, "wrong", "no English of ours may be shown")
			}
		}
		r.market.refuse = wrong.Err()
		r.saysOnlyTheCatalogue("every wrong field at "+path, r.post(member, path, "title", ""))
	}
}

// TestEveryMailIsInTheCatalogue writes every mail.
func TestEveryMailIsInTheCatalogue(t *testing.T) {
	r := newWrappedRig(t)
	w := letter.Writer{Site: "haggle", URL: "https://haggle.test", Currency: r.site.Currency, Zone: taipei}
	due := clock.Add(96e12)
	for _, what := range market.MailWhats() {
		l := market.Letter{ID: "1", What: what, Kind: market.KindOf(what), To: "mei@example.org", Locale: "en", Name: "Mei", At: clock, Link: "/confirm?token=x",
			Facts: market.Facts{Deal: "d1", Order: "o1", Title: "Film camera", Amount: 260_000, Price: 64_000, Minimum: 265_000, Fee: 13_000, Quantity: 2, DueAt: &due, Tracking: "TW1", Agent: "Firefox"}}
		if l.Kind != "" {
			l.Off = "/mail/off?kind=" + l.Kind
		}
		m, err := w.Write(l, clock)
		if err != nil {
			t.Fatal(err)
		}
		for part, text := range map[string]string{"subject": m.Subject, "text": m.Text} {
			if rest := outside(text); rest != "" {
				t.Errorf("%s: the %s says %q", what, part, rest)
			}
		}
		r.bodySaysOnlyTheCatalogue("the mail "+what, m.HTML)
	}
}

// TestScriptsSayNothingOfTheirOwn looks through the scripts for words: what they show comes from the page.
func TestScriptsSayNothingOfTheirOwn(t *testing.T) {
	shown := regexp.MustCompile("(?:textContent|innerText|innerHTML|placeholder|title|ariaLabel|alert\\(|confirm\\(|setAttribute\\('aria-label', )\\s*=?\\s*['\"`]([^'\"`]*)")
	files, err := os.ReadDir("static/js")
	if err != nil || len(files) < 4 {
		t.Fatal(err, files)
	}
	for _, f := range files {
		src, err := os.ReadFile("static/js/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range shown.FindAllStringSubmatch(string(src), -1) {
			if strings.ContainsFunc(m[1], unicode.IsLetter) && !strings.Contains(m[1], "${") {
				t.Errorf("%s shows %q", f.Name(), m[1])
			}
		}
	}
}

func TestTheThirdLanguageFindsWhatIsMissing(t *testing.T) {
	page := `<p>⟦In⟧ 12 · 3</p><p title="Out">⟦In ⟦nested⟧⟧ and out</p><p translate="no">Mei</p><input placeholder="Out"><time>Nov 24, 22:03</time>`
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	untranslated(doc, &found)
	if want := "<p title>: Out|<p class=>: and out|<input placeholder>: Out"; strings.Join(found, "|") != want {
		t.Errorf("%q", found)
	}
}
