package acceptance

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"haggle/internal/testenv"
)

// TestSecretsStaySecret plants secrets that are 9-digit numbers and reads everything there is to read as everybody:
// every GET of the API, every page, event streams, logs, the answers to others' acts. A secret is found where its maker
// looks, and nowhere else: before the close, after a cancellation, and after a close but for what the rule opens. Then
// it previews around each secret: both sides of it look alike.
func TestSecretsStaySecret(t *testing.T) {
	t.Parallel()
	m := start(t, "--log-level=debug")
	c := newCast(m)
	streams := c.openLongDeals()
	m.part(t, "before the close", func(t *testing.T) { c.read(t) })
	m.part(t, "previews", func(t *testing.T) { c.previews(t) })
	c.cancelAll()
	m.part(t, "after a cancellation", func(t *testing.T) { c.read(t) })
	m.part(t, "event streams", func(t *testing.T) { streams.check(t, c) })
	c.cancelled = false
	c.closeShortDeals()
	m.part(t, "after a close", func(t *testing.T) { c.read(t) })
	m.part(t, "the server's log", func(t *testing.T) { c.serverLog(t) })
}

// secret is a number that only its maker may see, unless its deal's close opened it.
type secret struct {
	name   string
	deal   string
	value  int64
	maker  string // a part of the cast
	opened bool
	kind   string // the field of the entry that a preview asks about
}

// cast is a market with one person a part.
type cast struct {
	m       *market
	parts   map[string]person
	emails  map[string]string
	secrets []secret
	deals   []string
	orders  []string
	doc     document
	// all deals are cancelled by now
	cancelled bool
	found     map[string]int // how often "secret by part" was seen, legitimately
}

// newCast hires everybody: who sells, who buys, who leads, who is second, who joins, who has nothing to do with it, and
// a guest.
func newCast(m *market) *cast {
	m.t.Helper()
	c := &cast{m: m, parts: map[string]person{"guest": m.guest()}, emails: map[string]string{}, doc: m.document(), found: map[string]int{}}
	for _, part := range []string{"seller", "buyer", "leader", "rival", "member", "stranger"} {
		c.parts[part] = m.person(part, 500_000_000_000)
		c.emails[part] = c.parts[part].email()
	}
	return c
}

// plant notes a secret.
func (c *cast) plant(s secret) int64 {
	c.secrets = append(c.secrets, s)
	return s.value
}

// act is an entry of somebody's; everybody else's secrets are looked for in its answer.
func (c *cast) act(part, path string, body obj) {
	c.m.t.Helper()
	a := c.parts[part].do("POST", path, body).want(201)
	c.note(part, a.body)
	for _, s := range c.seen(part, "the answer to "+path, a.body) {
		c.m.t.Errorf("%s", s)
	}
}

func (c *cast) deal(id string) string {
	c.deals = append(c.deals, id)
	return id
}

// openLongDeals opens a deal of each kind, plants its secrets, and listens to all of them from the start.
func (c *cast) openLongDeals() *streams {
	c.m.t.Helper()
	seller, buyer := c.parts["seller"], c.parts["buyer"]
	auction := c.deal(seller.auction(days, obj{"startPrice": 300_000_000, "reservePrice": 731_846_200}))
	first := c.deal(buyer.request(days, obj{"namedPrice": 623_715_800, "priceVisible": false}))
	sealed := c.deal(buyer.request(days, obj{"namedPrice": 900_000_000, "rule": "sealed", "floor": 212_345_600}))
	group := c.deal(seller.group(days, obj{"tiers": []obj{{"from": 4, "unitPrice": 780_000_000}, {"from": 9, "unitPrice": 640_000_000}}}))
	s := c.listen(auction, first, sealed, group)
	c.plant(secret{name: "reserve", deal: auction, value: 731_846_200, maker: "seller", kind: "max"})
	c.plant(secret{name: "hidden named price", deal: first, value: 623_715_800, maker: "buyer", kind: "unitPrice"})
	c.plant(secret{name: "floor", deal: sealed, value: 212_345_600, maker: "buyer", kind: "unitPrice"})
	c.act("leader", bids(auction), obj{"max": c.plant(secret{name: "maximum", deal: auction, value: 518_273_600, maker: "leader", kind: "max"})})
	c.act("rival", bids(auction), obj{"max": c.plant(secret{name: "beaten maximum", deal: auction, value: 417_365_900, maker: "rival"})})
	c.act("leader", bids(auction), obj{"max": c.plant(secret{name: "raised maximum", deal: auction, value: 528_649_300, maker: "leader", kind: "max"})})
	c.act("rival", quotes(first), obj{"unitPrice": c.plant(secret{name: "quote to a hidden price", deal: first, value: 651_923_400, maker: "rival", kind: "unitPrice"})})
	c.act("leader", quotes(sealed), obj{"unitPrice": c.plant(secret{name: "sealed quote", deal: sealed, value: 534_127_600, maker: "leader", kind: "unitPrice"})})
	c.act("rival", quotes(sealed), obj{"unitPrice": c.plant(secret{name: "dearer sealed quote", deal: sealed, value: 687_651_200, maker: "rival", kind: "unitPrice"})})
	c.act("member", pledges(group), obj{"quantity": 1, "ceiling": c.plant(secret{name: "ceiling", deal: group, value: 712_385_600, maker: "member", kind: "ceiling"})})
	c.act("leader", pledges(group), obj{"quantity": 1})
	return s
}

// cancelAll calls every open deal off: nothing opens.
func (c *cast) cancelAll() {
	c.m.t.Helper()
	c.cancelled = true
	for _, id := range c.deals {
		owner := "seller"
		if c.parts["buyer"].deal(id).str("me.role") == "owner" {
			owner = "buyer"
		}
		c.act(owner, "/deals/"+id+"/cancel", obj{})
		if got := c.parts["guest"].closed(id, 5*time.Second).str("outcome.result"); got != "cancelled" {
			c.m.t.Errorf("deal %s is %s", id, got)
		}
	}
}

// closeShortDeals lets one deal of each kind end by its rule, which opens some of its secrets.
func (c *cast) closeShortDeals() {
	c.m.t.Helper()
	const seconds = 6
	seller, buyer := c.parts["seller"], c.parts["buyer"]
	hard := obj{"windowSeconds": 0, "extendSeconds": 0}
	unsold := c.deal(seller.auction(seconds, obj{"startPrice": 300_000_000, "reservePrice": 745_816_300, "softClose": hard}))
	sold := c.deal(seller.auction(seconds, obj{"startPrice": 300_000_000, "softClose": hard}))
	first := c.deal(buyer.request(seconds, obj{"namedPrice": 614_725_900, "priceVisible": false}))
	sealed := c.deal(buyer.request(seconds, obj{"namedPrice": 900_000_000, "rule": "sealed", "floor": 221_354_700}))
	group := c.deal(seller.group(seconds, obj{"tiers": []obj{{"from": 4, "unitPrice": 780_000_000}, {"from": 9, "unitPrice": 640_000_000}}}))
	c.plant(secret{name: "reserve, unmet", deal: unsold, value: 745_816_300, maker: "seller", opened: true})
	c.plant(secret{name: "named price after the close", deal: first, value: 614_725_900, maker: "buyer", opened: true})
	c.plant(secret{name: "floor after the close", deal: sealed, value: 221_354_700, maker: "buyer", opened: true})
	c.act("leader", bids(unsold), obj{"max": c.plant(secret{name: "leader's maximum below the reserve", deal: unsold, value: 519_382_700, maker: "leader"})})
	c.act("rival", bids(unsold), obj{"max": c.plant(secret{name: "beaten maximum of an unsold auction", deal: unsold, value: 426_374_800, maker: "rival", opened: true})})
	c.act("leader", bids(sold), obj{"max": c.plant(secret{name: "winner's first maximum", deal: sold, value: 537_491_800, maker: "leader", opened: true})})
	c.act("rival", bids(sold), obj{"max": c.plant(secret{name: "beaten maximum", deal: sold, value: 435_283_900, maker: "rival", opened: true})})
	c.act("leader", bids(sold), obj{"max": c.plant(secret{name: "winner's maximum", deal: sold, value: 848_572_900, maker: "leader"})})
	c.act("rival", quotes(first), obj{"unitPrice": c.plant(secret{name: "quote above a hidden price", deal: first, value: 652_834_100, maker: "rival", opened: true})})
	c.act("leader", quotes(sealed), obj{"unitPrice": c.plant(secret{name: "winning sealed quote", deal: sealed, value: 543_218_700, maker: "leader", opened: true})})
	c.act("rival", quotes(sealed), obj{"unitPrice": c.plant(secret{name: "losing sealed quote", deal: sealed, value: 678_563_100, maker: "rival", opened: true})})
	c.act("leader", pledges(group), obj{"quantity": 3})
	c.act("stranger", pledges(group), obj{"quantity": 1, "ceiling": 780_000_000})
	c.act("member", pledges(group), obj{"quantity": 1, "ceiling": c.plant(secret{name: "ceiling of who gets nothing", deal: group, value: 719_476_500, maker: "member", opened: true})})
	for _, id := range []string{unsold, sold, first, sealed, group} {
		c.parts["guest"].closed(id, 40*time.Second)
	}
	order := c.parts["leader"].deal(sold).str("outcome.awards.0.order")
	if order == "" {
		c.m.t.Error("the auction without a reserve has no order")
	}
	c.orders = append(c.orders, order)
}

// read looks at everything as everybody: what is secret is nowhere, what the rules have opened can be found.
func (c *cast) read(t *testing.T) {
	pages, shown := 0, map[string]int{}
	for part := range c.parts {
		for _, path := range append(c.apiPaths(), c.pagePaths(t)...) {
			body := c.get(t, part, path)
			pages++
			for _, leak := range c.seen(part, path, body) {
				t.Error(leak)
			}
			if n := c.note(part, body); !strings.HasPrefix(path, "/api/") {
				shown[part] += n
			}
		}
	}
	for _, s := range c.secrets {
		if !c.cancelled && shown[s.maker] == 0 { // a cancelled deal's page has nothing of anybody's to show
			t.Errorf("no page shows the %s any secret of his own: was he signed in?", s.maker)
		}
		if c.found[s.name+" by "+s.maker] == 0 {
			t.Errorf("%s is not shown to its own maker: would a leak be noticed?", s.name)
		}
		if s.opened && c.found[s.name+" by guest"] == 0 {
			t.Errorf("%s was to be opened by the close, and is not", s.name)
		}
	}
	if pages < 7*60 {
		t.Errorf("only %d answers were read", pages)
	}
	t.Logf("%d answers, %d secrets, %d addresses", pages, len(c.secrets), len(c.emails))
}

// note counts the secrets that an answer shows to its reader.
func (c *cast) note(part string, body []byte) (n int) {
	for _, s := range c.secrets {
		if s.shownIn(body) {
			c.found[s.name+" by "+part]++
			n++
		}
	}
	return n
}

// seen lists what a reader sees and must not.
func (c *cast) seen(part, where string, body []byte) (leaks []string) {
	for _, s := range c.secrets {
		if s.maker != part && !s.opened && s.shownIn(body) {
			leaks = append(leaks, fmt.Sprintf("%s sees the %s of the %s in %s: %s", part, s.name, s.maker, where, around(body, s)))
		}
	}
	for whose, email := range c.emails {
		name, _, _ := strings.Cut(email, "@")
		if whose != part && (strings.Contains(string(body), name+"@") || strings.Contains(string(body), name+"%40") || strings.Contains(string(body), name+"&#64;")) {
			leaks = append(leaks, fmt.Sprintf("%s sees the address of the %s in %s", part, whose, where))
		}
	}
	return leaks
}

// forms are the ways in which the site writes an amount of a currency with two decimals.
func (s secret) forms() []string {
	minor := fmt.Sprint(s.value)
	major := fmt.Sprint(s.value / 100)
	return []string{minor, grouped(minor), major, grouped(major)}
}

func grouped(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

func (s secret) shownIn(body []byte) bool {
	text := string(body)
	return slices.ContainsFunc(s.forms(), func(form string) bool { return alone(text, form) >= 0 })
}

// alone finds a number that is not a part of a longer word, such as a hash.
func alone(text, number string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], number)
		if i < 0 {
			return -1
		}
		i += from
		end := i + len(number)
		if (i == 0 || !isWord(text[i-1])) && (end == len(text) || !isWord(text[end])) {
			return i
		}
		from = i + 1
	}
}

func isWord(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_'
}

func around(body []byte, s secret) string {
	for _, form := range s.forms() {
		if i := alone(string(body), form); i >= 0 {
			return strings.ToValidUTF8(string(body[max(0, i-80):min(len(body), i+40)]), "?")
		}
	}
	return ""
}

// apiPaths are all GET operations of the served document, with every id of the cast.
func (c *cast) apiPaths() (out []string) {
	for _, op := range c.doc.operations() {
		if op.Method != "GET" || op.ID == "watchDeal" || op.ID == "watchNotices" { // streams are listened to from the start
			continue
		}
		out = append(out, c.filled(op.Path)...)
	}
	for _, query := range []string{"status=any&limit=100", "status=any&limit=100&sort=price", "status=any&q=camera", "kind=request&status=any", "status=any&priceMin=1&limit=100"} {
		out = append(out, "/api/v1/search?"+query)
	}
	return out
}

// filled puts every id into a path that has a place for one.
func (c *cast) filled(path string) (out []string) {
	ids := c.deals
	switch {
	case strings.Contains(path, "/orders/"):
		ids = c.orders
	case strings.Contains(path, "/users/"), strings.Contains(path, "/people/"):
		ids = nil
		for _, p := range c.parts {
			if p.id != "" {
				ids = append(ids, p.id)
			}
		}
	case strings.Contains(path, "{what}"):
		ids = []string{"selling", "requests", "groups", "bids", "quotes", "pledges", "purchases"}
	case !strings.Contains(path, "{"):
		return []string{path}
	}
	place := regexp.MustCompile(`\{\w+\}`)
	for _, id := range ids {
		out = append(out, place.ReplaceAllLiteralString(path, id))
	}
	return out
}

// pageRoute finds the pages in the web package's table of routes; nounRoute the list of one of them.
var (
	pageRoute = regexp.MustCompile(`s\.(?:get|mine|trial)\(app, "([^"]+)"`)
	nounRoute = regexp.MustCompile(`"(/\w+/:id)"[,}]`)
)

// pagePaths are all pages of the table of routes, with every id of the cast, and the site's own. Left out is /dev/mail,
// which shows everybody's letters to whoever develops haggle, and is not there once a mail server is set.
func (c *cast) pagePaths(t *testing.T) (out []string) {
	t.Helper()
	source, err := os.ReadFile("../routes.go")
	if err != nil {
		t.Fatal(err)
	}
	found := append(pageRoute.FindAllStringSubmatch(string(source), -1), nounRoute.FindAllStringSubmatch(string(source), -1)...)
	if len(found) < 20 {
		t.Fatalf("%d pages in the table of routes", len(found))
	}
	for _, f := range found {
		path := strings.NewReplacer(":id", "{id}", "/:act", "/bids", "/*", "/password", ":provider", "oidc", ":topic", "auctions", ":page", "deals-1.xml").Replace(f[1])
		if strings.Contains(path, ":") {
			t.Errorf("what stands in %s?", f[1])
		}
		out = append(out, c.filled(path)...)
	}
	return append(out, "/search?status=any", "/my?tab=bids", "/healthz", "/readyz", "/metrics", "/api/docs")
}

// get reads one address: with a token under /api, with the session's cookie elsewhere.
func (c *cast) get(t *testing.T, part, path string) []byte {
	t.Helper()
	p := c.parts[part]
	req, err := http.NewRequest("GET", c.m.site.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if p.token != "" && strings.HasPrefix(path, "/api/") {
		req.Header.Set("Authorization", "Bearer "+p.token)
	} else if p.token != "" {
		req.AddCookie(&http.Cookie{Name: "haggle", Value: p.token})
	}
	if strings.HasSuffix(path, "/log") {
		req.Header.Set("Accept", "application/jsonl")
	}
	res, err := client.Do(req)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 500 {
		t.Fatalf("%s as %s: %d %v %s", path, part, res.StatusCode, err, body)
	}
	return append(body, fmt.Sprint(res.Header)...)
}

// previews asks what entries around each secret would mean, as somebody who has none: what is told does not depend on
// which side of the secret they lie.
func (c *cast) previews(t *testing.T) {
	n := min(int64(testenv.Checks(200)), 1000)
	for _, s := range c.secrets {
		if s.kind == "" {
			continue
		}
		at := s.value
		alike := c.preview(s, at+100*(n/2+1))
		if !strings.HasPrefix(alike, "200 ") {
			t.Errorf("%s: a preview beside it is refused: %s", s.name, alike)
		}
		for i := -n / 2; i <= n/2; i++ {
			if got := c.preview(s, at+100*i); got != alike {
				t.Errorf("%s: %d cash units from it the preview says %s, elsewhere %s", s.name, i, got, alike)
				break
			}
		}
	}
}

// preview is the answer with the asked amount blotted out.
func (c *cast) preview(s secret, amount int64) string {
	body := obj{s.kind: amount}
	if s.kind == "ceiling" {
		body["quantity"] = 1
	}
	a := c.parts["stranger"].do("POST", "/deals/"+s.deal+"/preview", body)
	return fmt.Sprint(a.status, " ", strings.ReplaceAll(string(a.body), fmt.Sprint(amount), "?"))
}

// streams are the events of deals as a guest and as a stranger hear them, from the first to the last.
type streams struct {
	wait sync.WaitGroup
	mu   sync.Mutex
	text map[string][]byte
}

// listen begins to hear deals; a stream ends with its deal, or with the test.
func (c *cast) listen(deals ...string) *streams {
	c.m.t.Helper()
	s := &streams{text: map[string][]byte{}}
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Minute)
	c.m.t.(*testing.T).Cleanup(stop)
	ready := make(chan bool)
	for _, id := range deals {
		for _, part := range []string{"guest", "stranger"} {
			s.wait.Go(func() { s.hear(ctx, c, part, id, ready) })
			<-ready
		}
	}
	return s
}

func (s *streams) hear(ctx context.Context, c *cast, part, id string, ready chan<- bool) {
	req, err := http.NewRequestWithContext(ctx, "GET", c.m.site.URL+"/api/v1/deals/"+id+"/events", nil)
	if err == nil && c.parts[part].token != "" {
		req.Header.Set("Authorization", "Bearer "+c.parts[part].token)
	}
	res, err := http.DefaultClient.Do(req)
	ready <- err == nil
	if err != nil {
		return
	}
	defer res.Body.Close()
	chunk := make([]byte, 64<<10)
	var text []byte
	for err == nil && !strings.Contains(string(text), "event: closed") {
		var n int
		n, err = res.Body.Read(chunk)
		text = append(text, chunk[:n]...)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text[part+" "+id] = text
}

// check reads what was heard once every deal is closed.
func (s *streams) check(t *testing.T, c *cast) {
	s.wait.Wait()
	for who, text := range s.text {
		part, id, _ := strings.Cut(who, " ")
		if !strings.Contains(string(text), "event: closed") || !strings.Contains(string(text), "data: {") {
			t.Errorf("%s did not hear the end: %s", who, short(string(text)))
		}
		for _, leak := range c.seen(part, "the events of "+id, text) {
			t.Error(leak)
		}
	}
	if len(s.text) != 8 {
		t.Errorf("%d streams were heard", len(s.text))
	}
}

// serverLog holds that what the server writes for its operator has no secret, address, password or token either.
func (c *cast) serverLog(t *testing.T) {
	text := c.m.site.Log()
	if len(text) < 10_000 {
		t.Fatalf("the server's log has %d bytes: is it at debug?", len(text))
	}
	for _, s := range c.secrets {
		s.opened = false
		if s.shownIn([]byte(text)) {
			t.Errorf("the server's log has the %s: %s", s.name, around([]byte(text), s))
		}
	}
	for part, p := range c.parts {
		for what, word := range map[string]string{"address": c.emails[part], "token": p.token} {
			if word != "" && strings.Contains(text, word) {
				t.Errorf("the server's log has the %s of the %s", what, part)
			}
		}
	}
	for _, word := range []string{password, "4242424242424242", "Bearer "} {
		if strings.Contains(text, word) {
			t.Errorf("the server's log has %q", word)
		}
	}
}
