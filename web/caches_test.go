package web

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"haggle/web/api"
	"haggle/web/static"
)

// sharedCache is a cache between many readers and the site, as RFC 9111 allows one to be at its boldest: it keeps all that
// it may, guesses where nothing is said, and answers from what it has wherever it may.
type sharedCache struct {
	origin func(*http.Request) *http.Response
	rude   bool // keeps what is private, too, as some do; then only Vary stands between readers
	now    time.Time
	kept   map[string][]*stored
	hits   map[string]int
}

type stored struct {
	request  http.Header
	response *http.Response
	body     []byte
	until    time.Time
}

// guessed is for how long it keeps what says nothing.
const guessed = time.Minute

func directives(h http.Header) map[string]string {
	all := map[string]string{}
	for _, part := range strings.Split(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		all[strings.ToLower(name)] = strings.Trim(value, `"`)
	}
	delete(all, "")
	return all
}

// mayKeep is section 3: which responses a shared cache may store; fresh is section 4.2.
func (c *sharedCache) mayKeep(req *http.Request, res *http.Response) (until time.Time, ok bool) {
	d := directives(res.Header)
	_, private := d["private"]
	_, noStore := d["no-store"]
	_, public := d["public"]
	_, mustAsk := d["must-revalidate"]
	sMaxAge, shared := d["s-maxage"]
	_, noCache := d["no-cache"]
	switch {
	case req.Method != http.MethodGet, noStore, private && !c.rude, res.Header.Get("Vary") == "*":
		return until, false
	case req.Header.Get("Authorization") != "" && !public && !mustAsk && !shared:
		return until, false
	case noCache: // stored, but never used without asking
		return c.now, true
	}
	for _, age := range []string{sMaxAge, d["max-age"]} {
		if n, err := strconv.Atoi(age); err == nil {
			return c.now.Add(time.Duration(n) * time.Second), true
		}
	}
	guess := []int{200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501}
	return c.now.Add(guessed), slices.Contains(guess, res.StatusCode)
}

// matches is section 4.1: the request's headers that the response was chosen by are the same.
func (s *stored) matches(req *http.Request) bool {
	for _, name := range strings.Split(strings.Join(s.response.Header.Values("Vary"), ","), ",") {
		if name = strings.TrimSpace(name); name != "" && !slices.Equal(s.request.Values(name), req.Header.Values(name)) {
			return false
		}
	}
	return true
}

func (c *sharedCache) send(req *http.Request) (status int, header http.Header, body string) {
	if req.Method != http.MethodGet {
		delete(c.kept, req.URL.RequestURI())
	}
	for _, s := range c.kept[req.URL.RequestURI()] {
		if req.Method == http.MethodGet && s.matches(req) && c.now.Before(s.until) {
			c.hits[req.URL.Path]++
			return s.response.StatusCode, s.response.Header, string(s.body)
		}
	}
	asked := req.Header.Clone()
	res := c.origin(req)
	raw, _ := io.ReadAll(res.Body)
	if until, ok := c.mayKeep(req, res); ok {
		c.kept[req.URL.RequestURI()] = append(c.kept[req.URL.RequestURI()], &stored{asked, res, raw, until})
	}
	return res.StatusCode, res.Header, string(raw)
}

// who asks as a member, as another, and as a guest, each with the two languages.
func cacheReaders() map[string]reader {
	all := map[string]reader{}
	for name, who := range map[string]reader{"member": member, "owner": owner, "guest": guest} {
		for _, l := range []string{"en", "zh-TW"} {
			all[name+" "+l] = who.in(l)
		}
	}
	return all
}

// once are what every drawing of a page has anew.
var once = regexp.MustCompile(`name="(key|csrf)" value="[^"]*"|data-(csrf|key)="[^"]*"|<code>[0-9a-f]{8}</code>`)

// TestACacheKeepsReadersApart sends two accounts and a guest, in two languages, through one shared cache to every page, twice:
// everybody gets what the site would have told him, and nobody a page of somebody else. A cache that keeps what is private is
// tried, too.
func TestACacheKeepsReadersApart(t *testing.T) {
	for _, rude := range []bool{false, true} {
		r := newRig(t)
		s := NewServer(ServerConfig{Pages: r.site.Deps, API: api.Deps{}, Health: NewHealth()})
		origin := func(req *http.Request) *http.Response {
			res, err := s.app.Test(req, 10_000)
			if err != nil {
				t.Fatal(err)
			}
			return res
		}
		cache := &sharedCache{origin: origin, rude: rude, now: clock, kept: map[string][]*stored{}, hits: map[string]int{}}
		pages := slices.Collect(maps.Keys(everyPage()))
		pages = append(pages, "/help/auctions", "/feed.xml?lang=en", "/feed.xml", "/sitemap.xml", "/sitemaps/pages.xml", "/robots.txt", "/deals/auction/card.png",
			"/deals/auction/live", "/deals/auction/bids", "/favicon.ico", static.URL("app.css"), "/deals/none")
		slices.Sort(pages)
		for range 2 {
			for _, path := range pages {
				for name, who := range cacheReaders() {
					status, header, body := cache.send(r.requestOf(who, path))
					direct := origin(r.requestOf(who, path))
					raw, err := io.ReadAll(direct.Body)
					if err != nil {
						t.Fatal(err)
					}
					if want := once.ReplaceAllString(string(raw), ""); status != direct.StatusCode || once.ReplaceAllString(body, "") != want {
						t.Errorf("rude %v: %s as %s is not what the site says to him: %d, %v", rude, path, name, status, header)
					}
					if strings.HasPrefix(header.Get("Content-Type"), "text/html") && path != "/api/docs" {
						checkPageHeaders(t, path, name, status, header)
					}
				}
			}
		}
		for _, path := range []string{static.URL("app.css"), "/feed.xml", "/sitemap.xml", "/robots.txt", "/deals/auction/card.png"} {
			if cache.hits[path] == 0 {
				t.Errorf("%s is never served from the cache", path)
			}
		}
		for path, n := range cache.hits {
			if !rude && !slices.Contains([]string{static.URL("app.css"), "/feed.xml", "/sitemap.xml", "/sitemaps/pages.xml", "/robots.txt", "/deals/auction/card.png"}, path) {
				t.Errorf("%s was served from the shared cache %d times", path, n)
			}
		}
	}
}

func (r *rig) requestOf(who reader, path string) *http.Request {
	req := httptest.NewRequest("GET", path, nil)
	req.Host = "haggle.test"
	if who.token != "" {
		req.AddCookie(&http.Cookie{Name: r.site.sessionCookie(), Value: who.token})
	}
	req.AddCookie(&http.Cookie{Name: langCookie, Value: who.lang})
	return req
}

// checkPageHeaders holds the headers of every page: whose it is, and what it was chosen by.
func checkPageHeaders(t *testing.T, path, who string, status int, header http.Header) {
	t.Helper()
	keep := header.Get("Cache-Control")
	if !strings.HasPrefix(who, "guest") && keep != "private, no-cache, no-store" || !strings.HasPrefix(keep, "private") {
		t.Errorf("%s as %s, %d: Cache-Control %q", path, who, status, keep)
	}
	if vary := header.Values("Vary"); strings.Join(vary, ", ") != "Cookie, Accept-Language, Accept-Encoding" {
		t.Errorf("%s as %s: Vary %q", path, who, vary)
	}
}

// TestAssetsAreKeptByTheirHash asks for an asset by the address of its content, and of another.
func TestAssetsAreKeptByTheirHash(t *testing.T) {
	r := newRig(t)
	a := r.get(guest, static.URL("app.css"))
	if keep := a.Header.Get("Cache-Control"); a.StatusCode != 200 || !strings.Contains(keep, "public") || !strings.Contains(keep, "immutable") {
		t.Errorf("%d, %q", a.StatusCode, keep)
	}
	if a := r.get(guest, "/static/000000000000/app.css"); a.StatusCode != 404 || strings.Contains(a.Header.Get("Cache-Control"), "public") {
		t.Errorf("another hash: %d, %q", a.StatusCode, a.Header.Get("Cache-Control"))
	}
}

// TestTheCacheOfTheTestIsOne shows that the cache would mix readers up where a site lets it.
func TestTheCacheOfTheTestIsOne(t *testing.T) {
	for _, c := range []struct {
		header http.Header
		mixed  bool
	}{
		{http.Header{}, true}, {http.Header{"Cache-Control": {"max-age=60"}}, true}, {http.Header{"Cache-Control": {"private, max-age=60"}}, false},
		{http.Header{"Cache-Control": {"no-store"}}, false}, {http.Header{"Cache-Control": {"no-cache"}}, false}, {http.Header{"Vary": {"Accept, Cookie"}}, false},
	} {
		cache := &sharedCache{now: clock, kept: map[string][]*stored{}, hits: map[string]int{}, origin: func(req *http.Request) *http.Response {
			return &http.Response{StatusCode: 200, Header: c.header, Body: io.NopCloser(bytes.NewReader([]byte(req.Header.Get("Cookie"))))}
		}}
		one, two := httptest.NewRequest("GET", "/", nil), httptest.NewRequest("GET", "/", nil)
		one.Header.Set("Cookie", "one")
		two.Header.Set("Cookie", "two")
		cache.send(one)
		if _, _, body := cache.send(two); (body == "one") != c.mixed {
			t.Errorf("%v: the second reader got the page of %s", c.header, body)
		}
	}
}
