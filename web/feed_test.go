package web

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/web/view"
)

// rssDocument is RSS 2.0 as its readers know it.
type rssDocument struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Channel struct {
		Title       string `xml:"title"`
		Link        string `xml:"link"`
		Description string `xml:"description"`
		Language    string `xml:"language"`
		Items       []struct {
			Title       string `xml:"title"`
			Link        string `xml:"link"`
			GUID        string `xml:"guid"`
			Description string `xml:"description"`
			PubDate     string `xml:"pubDate"`
		} `xml:"item"`
	} `xml:"channel"`
}

func TestFeed(t *testing.T) {
	r := newRig(t)
	for _, c := range []struct{ query, lang, kind, says string }{
		{"?lang=en", "en", "", "Auction · NT$"}, {"?lang=zh-TW", "zh-TW", "", "競標 · NT$"}, {"?lang=en&kind=group", "en", "group", "Group buy · NT$"},
	} {
		a := r.get(member.in("zh-TW"), "/feed.xml"+c.query) // neither his session nor his cookie may matter
		var doc rssDocument
		if err := xml.Unmarshal([]byte(a.body), &doc); err != nil || doc.Version != "2.0" || a.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %v\n%s", c.query, a.StatusCode, err, clip(a.body))
		}
		if doc.Channel.Language != c.lang || doc.Channel.Title == "" || doc.Channel.Description == "" || doc.Channel.Link != "http://haggle.test/search" {
			t.Errorf("%s: channel %+v", c.query, doc.Channel)
		}
		if len(doc.Channel.Items) == 0 || !strings.Contains(strings.ReplaceAll(a.body, "\u00a0", " "), strings.ReplaceAll(c.says, "\u00a0", " ")) {
			t.Errorf("%s: no %q in %s", c.query, c.says, clip(a.body))
		}
		for _, item := range doc.Channel.Items {
			if item.Title == "" || item.GUID != item.Link || !strings.HasPrefix(item.Link, "http://haggle.test/deals/") || item.PubDate == "" {
				t.Errorf("%s: %+v", c.query, item)
			}
		}
		if r.market.find.Kind != c.kind || r.market.find.Sort != "newest" {
			t.Errorf("%s asked for %+v", c.query, r.market.find)
		}
		for _, personal := range []string{"Ann", "Mei", "Söhne", "u1", "p2"} {
			if strings.Contains(a.body, ">"+personal) || strings.Contains(a.body, personal+" &") {
				t.Errorf("%s names %s", c.query, personal)
			}
		}
		if keep := a.Header.Get("Cache-Control"); keep != feedPublic || len(a.Cookies()) > 0 || strings.Contains(a.Header.Get("Vary"), "Cookie") {
			t.Errorf("%s: %q, Vary %q, cookies %v", c.query, keep, a.Header.Get("Vary"), a.Cookies())
		}
		again := httptest.NewRequest("GET", "/feed.xml"+c.query, nil)
		again.Header.Set("If-None-Match", a.Header.Get("ETag"))
		if b := r.send(guest, again); b.StatusCode != http.StatusNotModified || b.body != "" {
			t.Errorf("%s again: %d", c.query, b.StatusCode)
		}
	}
}

// TestAListNamesItsFeed follows the link in the head of a list: the feed has the list's filters.
func TestAListNamesItsFeed(t *testing.T) {
	r := newRig(t)
	a := r.get(guest, "/search?kind=english&q=bike+%26+lock&priceMin=100&cursor=x&sort=ending")
	href := linkOf(t, a.body, "application/rss+xml")
	u, err := url.Parse(href)
	if err != nil || u.Path != "/feed.xml" {
		t.Fatalf("the feed is %q, %v", href, err)
	}
	want := url.Values{"kind": {"english"}, "q": {"bike & lock"}, "priceMin": {"100"}, "sort": {"ending"}, "lang": {"en"}}
	if got := u.Query(); got.Encode() != want.Encode() {
		t.Errorf("the feed asks for %v, want %v", got, want)
	}
	r.get(guest, u.RequestURI()).says(t, 200)
	if f := r.market.find; f.Kind != "english" || f.Text != "bike & lock" || f.PriceMin == nil || *f.PriceMin != 10000 || f.Sort != "ending" || f.Cursor != "" {
		t.Errorf("the market was asked for %+v", f)
	}
}

func linkOf(t *testing.T, body, mediaType string) (href string) {
	t.Helper()
	for _, n := range elements(t, body, "link") {
		if attr(n, "type") == mediaType {
			href = attr(n, "href")
		}
	}
	return href
}

// elements are the elements of a page with a name.
func elements(t *testing.T, body, name string) (list []*html.Node) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && n.Data == name {
			list = append(list, n)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return list
}

// TestSitemap walks from robots.txt over the index to every page and deal, each in both languages.
func TestSitemap(t *testing.T) {
	r := newRig(t)
	for i := len(r.market.deals); i < mapPage+20; i++ {
		r.market.deals = append(r.market.deals, market.DealView{ID: "d" + string(rune('a'+i%26)), Status: deal.Open, OpenedAt: market.At(clock)})
	}
	robots := r.get(guest, "/robots.txt").body
	_, address, ok := strings.Cut(robots, "Sitemap: http://haggle.test")
	if !ok {
		t.Fatalf("robots.txt names no map:\n%s", robots)
	}
	var index struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
		Maps    []string `xml:"sitemap>loc"`
	}
	if err := xml.Unmarshal([]byte(r.get(guest, strings.TrimSpace(address)).body), &index); err != nil || len(index.Maps) < 2 {
		t.Fatal(err, index)
	}
	seen, open := map[string]int{}, 0
	for _, m := range index.Maps {
		a := r.get(guest, strings.TrimPrefix(m, "http://haggle.test"))
		var set struct {
			XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
			URLs    []struct {
				Loc   string `xml:"loc"`
				Links []struct {
					Lang string `xml:"hreflang,attr"`
					Href string `xml:"href,attr"`
				} `xml:"http://www.w3.org/1999/xhtml link"`
			} `xml:"url"`
		}
		if err := xml.Unmarshal([]byte(a.body), &set); err != nil || len(set.URLs) == 0 || len(set.URLs) > mapPage {
			t.Fatalf("%s: %v, %d addresses\n%s", m, err, len(set.URLs), clip(a.body))
		}
		for _, u := range set.URLs {
			seen[u.Loc]++
			if strings.Contains(u.Loc, "/deals/") {
				open++
			}
			if len(u.Links) != 3 || u.Links[2].Lang != "zh-TW" || u.Links[2].Href != u.Loc+"?lang=zh-TW" {
				t.Fatalf("%s has the languages %+v", u.Loc, u.Links)
			}
		}
	}
	all, _ := r.market.OpenDeals(t.Context(), mapMost)
	if open != len(all) || len(index.Maps) != 3 {
		t.Errorf("%d deals on %d maps, want %d", open, len(index.Maps), len(all))
	}
	for _, topic := range view.Topics() {
		if seen["http://haggle.test/help/"+topic.ID] != 1 {
			t.Errorf("no %s", topic.ID)
		}
	}
	for _, wrong := range []string{"/sitemaps/deals-0.xml", "/sitemaps/deals-9.xml", "/sitemaps/deals-1", "/sitemaps/deals-01.xml", "/sitemaps/other.xml"} {
		if a := r.get(guest, wrong); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", wrong, a.StatusCode)
		}
	}
}

// TestAnAddressInALanguage asks for the same page in each language, whatever the reader's cookie says.
func TestAnAddressInALanguage(t *testing.T) {
	r := newRig(t)
	for _, c := range []struct{ path, cookie, lang, canonical string }{
		{"/deals/auction?lang=zh-TW", "en", "zh-TW", "http://haggle.test/deals/auction?lang=zh-TW"}, {"/deals/auction?lang=en", "zh-TW", "en", "http://haggle.test/deals/auction?lang=en"},
		{"/deals/auction", "zh-TW", "zh-TW", "http://haggle.test/deals/auction"}, {"/deals/auction?lang=xx", "en", "en", "http://haggle.test/deals/auction"},
	} {
		a := r.get(guest.in(c.cookie), c.path)
		langs := map[string]string{}
		for _, n := range elements(t, a.body, "link") {
			if attr(n, "rel") == "canonical" {
				langs["canonical"] = attr(n, "href")
			}
			if l := attr(n, "hreflang"); l != "" {
				langs[l] = attr(n, "href")
			}
		}
		plain := "http://haggle.test/deals/auction"
		if langs["canonical"] != c.canonical || langs["x-default"] != plain || langs["en"] != plain+"?lang=en" || langs["zh-TW"] != plain+"?lang=zh-TW" {
			t.Errorf("%s: %v", c.path, langs)
		}
		if got := attr(elements(t, a.body, "html")[0], "lang"); got != c.lang {
			t.Errorf("%s with the cookie %s is in %s", c.path, c.cookie, got)
		}
		for _, n := range elements(t, a.body, "input") {
			if attr(n, "name") == "next" && strings.Contains(attr(n, "value"), "lang=") {
				t.Errorf("%s: who chooses a language comes back to %s", c.path, attr(n, "value"))
			}
		}
	}
}

// TestStructuredData reads what a deal's page tells programs.
func TestStructuredData(t *testing.T) {
	r := newRig(t)
	for _, d := range r.market.deals {
		a := r.get(member, d.URL)
		var scripts []string
		for _, n := range elements(t, a.body, "script") {
			if attr(n, "type") == "application/ld+json" {
				scripts = append(scripts, n.FirstChild.Data)
			}
		}
		if len(scripts) != 1 {
			t.Fatalf("%s has %d data blocks", d.URL, len(scripts))
		}
		var data struct {
			Context string           `json:"@context"`
			Graph   []map[string]any `json:"@graph"`
		}
		if err := json.Unmarshal([]byte(scripts[0]), &data); err != nil || data.Context != "https://schema.org" || data.Graph[0]["@type"] != "BreadcrumbList" {
			t.Fatalf("%s: %v\n%s", d.URL, err, scripts[0])
		}
		if strings.Contains(scripts[0], "300000") || strings.Contains(scripts[0], "3000.00") || strings.Contains(scripts[0], "Mei") {
			t.Errorf("%s tells programs what only its reader may know: %s", d.URL, scripts[0])
		}
		if len(data.Graph) < 2 {
			if view.PriceNow(d) != nil {
				t.Errorf("%s says nothing of what it is", d.URL)
			}
			continue
		}
		offer := data.Graph[1]
		if d.Kind != deal.Request {
			if offer["@type"] != "Product" {
				t.Errorf("%s is %v", d.URL, offer["@type"])
			}
			offer, _ = offer["offers"].(map[string]any)
		}
		want := "https://schema.org/InStock"
		switch {
		case d.Status != deal.Open:
			want = "https://schema.org/SoldOut"
		case d.Left != nil && *d.Left == 0:
			want = "https://schema.org/OutOfStock"
		}
		if offer["availability"] != want || offer["priceCurrency"] != "TWD" {
			t.Errorf("%s: %v", d.URL, offer)
		}
		if d.ID == "auction" && offer["price"] != "2600" {
			t.Errorf("an auction costs %v now", offer["price"])
		}
	}
}

// TestSocialCards draws the picture of every deal, as anybody may see it.
func TestSocialCards(t *testing.T) {
	r := newRig(t)
	drawn := map[string]bool{}
	for _, d := range r.market.deals {
		page := r.get(guest, d.URL)
		var address string
		for _, n := range elements(t, page.body, "meta") {
			if attr(n, "property") == "og:image" {
				address = strings.TrimPrefix(attr(n, "content"), "http://haggle.test")
			}
		}
		a, b := r.get(guest, address), r.get(member, address)
		img, err := png.Decode(bytes.NewReader([]byte(a.body)))
		if err != nil || img.Bounds().Dx() != 1200 || img.Bounds().Dy() != 630 {
			t.Fatalf("%s at %q: %v, %d", d.URL, address, err, a.StatusCode)
		}
		if a.body != b.body || a.Header.Get("Cache-Control") != picturePublic {
			t.Errorf("%s: the picture tells readers apart", d.URL)
		}
		drawn[a.body] = true
	}
	if len(drawn) < 8 {
		t.Errorf("%d different pictures of %d deals", len(drawn), len(r.market.deals))
	}
	if a := r.get(guest, "/deals/nobody/card.png"); a.StatusCode != http.StatusNotFound {
		t.Errorf("no deal: %d", a.StatusCode)
	}
}

// TestAPictureIsDrawnOnce asks for the same picture many times, then for the one after a bid.
func TestAPictureIsDrawnOnce(t *testing.T) {
	r := newRig(t)
	opened := func() (n int) {
		for _, d := range r.market.opened {
			if d == "auction" {
				n++
			}
		}
		return n
	}
	first := r.get(guest, "/deals/auction/card.png").body
	for range 5 {
		r.get(guest, "/deals/auction/card.png")
	}
	if n := opened(); n != 1 {
		t.Errorf("the photo was read %d times", n)
	}
	for i := range r.market.deals {
		if r.market.deals[i].ID == "auction" {
			r.market.deals[i].Seq++
			r.market.deals[i].Standing = ptr(money.Amount(290000))
		}
	}
	if second := r.get(guest, "/deals/auction/card.png").body; second == first || opened() != 2 {
		t.Error("a bid left the picture as it was")
	}
}
