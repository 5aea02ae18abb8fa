package demo_test

import (
	"bytes"
	"context"
	"io"
	"testing"
	"time"
	"unicode"

	"haggle/cmd/haggle/demo"
	"haggle/internal/deal"
	"haggle/internal/deal/registry"
	"haggle/internal/engine"
	"haggle/internal/market"
	"haggle/internal/order"
	"haggle/internal/store"
)

func TestFill(t *testing.T) {
	s := newSite(t)
	s.breakOff(t)
	began := time.Now()
	must(t, demo.Fill(t.Context(), demo.Deps{Market: s.Market, Clock: s.clock}))
	t.Log("filled in", time.Since(began).Round(time.Millisecond))
	if off := time.Since(s.clock.Now()).Abs(); off > time.Second {
		t.Errorf("the clock is off by %v", off)
	}
	t.Run("open deals", s.openDeals)
	t.Run("ended deals", s.endedDeals)
	t.Run("logs", s.logs)
	t.Run("books", s.books)
	t.Run("pages", s.pages)
	t.Run("people", s.people)
	t.Run("newcomers", s.newcomers)
	t.Run("photos", s.photos)
	t.Run("languages", s.languages)
	t.Run("search", s.search)
	t.Run("again", s.again)
}

// breakOff is a filling that ends while people register: the next one goes on.
func (s site) breakOff(t *testing.T) {
	a := demo.Accounts[0]
	_, err := s.Register(t.Context(), market.RegisterInput{Email: a.Email, Password: a.Password, Name: a.Name})
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := demo.Fill(ctx, demo.Deps{Market: s.Market, Clock: s.clock}); err == nil {
		t.Fatal("filled under an ended context")
	}
	if off := time.Since(s.clock.Now()).Abs(); off > time.Second {
		t.Errorf("afterwards the clock is off by %v", off)
	}
}

var kinds = []deal.Kind{deal.English, deal.Fixed, deal.Request, deal.Group}

func (s site) deals(t *testing.T) (all []engine.Deal) {
	must(t, s.Engine().EachDeal(t.Context(), func(d engine.Deal) error { all = append(all, d); return nil }))
	return all
}

func (s site) openDeals(t *testing.T) {
	now := time.Now()
	type count struct{ open, soon, long int }
	n := map[deal.Kind]*count{}
	rules := map[string]bool{}
	for _, k := range kinds {
		n[k] = &count{}
	}
	for _, d := range s.deals(t) {
		if d.StatusAt(now) != deal.Open {
			continue
		}
		c := n[d.Kind]
		c.open++
		left := time.Duration(1 << 62)
		if d.ClosesAt != nil {
			left = d.ClosesAt.Sub(now)
		}
		switch {
		case left > 6*time.Minute && left < 9*time.Minute:
			c.soon++
		case left >= 2*time.Hour:
			c.long++
		}
		p, err := s.Engine().Public(d)
		must(t, err)
		rules[string(p.Rule)] = true
	}
	for k, c := range n {
		if c.open < 9 || c.soon != 1 || c.long < 8 {
			t.Errorf("%s: %+v", k, *c)
		}
	}
	for _, r := range []string{"first", "open", "sealed", "choice"} {
		if !rules[r] {
			t.Errorf("no open request awards by %q", r)
		}
	}
}

func (s site) endedDeals(t *testing.T) {
	n := map[deal.Kind]map[string]int{}
	total := 0
	for _, k := range kinds {
		n[k] = map[string]int{}
	}
	for _, d := range s.deals(t) {
		total++
		n[d.Kind][string(d.Status)]++
		if s.lived(t, d) {
			n[d.Kind]["lived"]++
		}
	}
	if total < 64 {
		t.Errorf("%d deals", total)
	}
	for k, c := range n {
		if c["lived"] < 3 || c["failed"] < 1 || c["cancelled"] < 1 || c["clearing"] > 0 {
			t.Errorf("%s: %v", k, c)
		}
	}
}

// lived says whether a deal settled and all its orders were completed and rated by both sides.
func (s site) lived(t *testing.T, d engine.Deal) bool {
	if d.Status != deal.Settled {
		return false
	}
	page, err := s.Engine().FindOrders(t.Context(), store.Query{Index: "deal", Eq: []any{d.ID}, Limit: 100})
	must(t, err)
	for _, o := range page.Docs {
		if o.Status != order.Completed || !s.rated(t, o.Seller, o.ID+":buyer") || !s.rated(t, o.Buyer, o.ID+":seller") {
			return false
		}
	}
	return len(page.Docs) > 0
}

func (s site) rated(t *testing.T, user, feedback string) bool {
	v, err := s.Reputation(t.Context(), market.Actor{}, user)
	must(t, err)
	for _, f := range v.Items {
		if f.ID == feedback {
			return f.Visible && f.Comment != ""
		}
	}
	return false
}

func (s site) logs(t *testing.T) {
	reg := registry.All()
	for _, d := range s.deals(t) {
		var b bytes.Buffer
		must(t, s.Log(t.Context(), d.ID, -1, &b))
		if _, err := deal.VerifyBytes(b.Bytes(), reg); err != nil {
			t.Errorf("log of %s %q: %v", d.Kind, d.Title, err)
		}
	}
}

func (s site) books(t *testing.T) {
	report, err := s.Engine().VerifyLedger(t.Context())
	must(t, err)
	if !report.OK() {
		t.Errorf("%+v", report)
	}
}

// pages reads every deal as guest and as both newcomers, and its history.
func (s site) pages(t *testing.T) {
	actors := append([]market.Actor{{}}, s.signIn(t)...)
	for _, d := range s.deals(t) {
		for _, a := range actors {
			v, err := s.Deal(t.Context(), a, d.ID)
			must(t, err)
			if v.Title == "" || v.Description == "" || v.Owner.Name == "" || len(v.Photos) != 1 || len(v.Delivery) == 0 || len(v.Attributes) == 0 {
				t.Errorf("%+v", v)
			}
		}
		if _, err := s.History(t.Context(), d.ID, 20); err != nil {
			t.Errorf("history of %q: %v", d.Title, err)
		}
	}
}

func (s site) signIn(t *testing.T) (actors []market.Actor) {
	for _, a := range demo.Accounts {
		grant, err := s.SignIn(t.Context(), market.SignInInput{Email: a.Email, Password: a.Password})
		must(t, err)
		actor, err := s.Authenticate(t.Context(), grant.Token)
		must(t, err)
		actors = append(actors, actor)
	}
	return actors
}

// people wants histories: at least six who were rated three times in each of two roles, the newcomers among them.
func (s site) people(t *testing.T) {
	seen, known := map[string]bool{}, map[string]bool{}
	organisers := 0
	for _, d := range s.deals(t) {
		if seen[d.Owner] {
			continue
		}
		seen[d.Owner] = true
		p, err := s.Person(t.Context(), d.Owner)
		must(t, err)
		roles := 0
		for _, r := range p.Reputation {
			if r.N >= 3 {
				roles++
			}
			if r.N >= 3 && r.Role == "organiser" {
				organisers++
			}
		}
		known[p.Name] = roles >= 2
	}
	many := 0
	for _, k := range known {
		if k {
			many++
		}
	}
	if len(seen) < 14 || many < 6 || organisers < 3 {
		t.Errorf("%d people, %d of them with a history in two roles; %d organisers", len(seen), many, organisers)
	}
	for _, a := range demo.Accounts {
		if !known[a.Name] {
			t.Errorf("%s has no history in two roles", a.Name)
		}
	}
}

// newcomers find something to do: money free and held, deals of every kind, orders that wait for them.
func (s site) newcomers(t *testing.T) {
	for _, a := range s.signIn(t) {
		w, err := s.Wallet(t.Context(), a)
		must(t, err)
		if w.Available <= 0 || w.Held <= 0 || w.Owing {
			t.Errorf("%s: %+v", a.Name, w)
		}
		for _, what := range []string{"selling", "requests", "bids", "quotes", "pledges", "purchases"} {
			page, err := s.Mine(t.Context(), a, what, "")
			must(t, err)
			if len(page.Items) == 0 {
				t.Errorf("%s has no %s", a.Name, what)
			}
		}
		s.orders(t, a)
		me, err := s.Me(t.Context(), a)
		must(t, err)
		if len(me.Addresses) != 1 {
			t.Errorf("%s has %d addresses", a.Name, len(me.Addresses))
		}
		sessions, err := s.Sessions(t.Context(), a)
		must(t, err)
		for _, x := range sessions {
			if x.Agent == "haggle demo" {
				t.Errorf("%s: a session of the filling is left", a.Name)
			}
		}
	}
}

// orders wants both sides, and something that the person can do next.
func (s site) orders(t *testing.T, a market.Actor) {
	page, err := s.Orders(t.Context(), a, "", 100, "")
	must(t, err)
	n := map[string]int{}
	for _, o := range page.Items {
		n[o.Side]++
		if o.Status != "completed" && len(o.Can) > 0 {
			n["to do"]++
		}
		n[o.Status]++
	}
	if n["buyer"] < 3 || n["seller"] < 3 || n["to do"] < 1 {
		t.Errorf("%s: %v", a.Name, n)
	}
}

func (s site) photos(t *testing.T) {
	uses := map[string]int{}
	for _, d := range s.deals(t) {
		uses[d.Photos[0].ID]++
	}
	if len(uses) < 24 {
		t.Errorf("%d pictures", len(uses))
	}
	for id, n := range uses {
		if n > 3 {
			t.Errorf("picture %s is used %d times", id, n)
		}
		for size, kind := range map[string]string{"full": "image/jpeg", "640": "image/webp", "320": "image/webp"} {
			r, typ, _, err := s.OpenPhoto(t.Context(), id, size)
			must(t, err)
			data, err := io.ReadAll(r)
			must(t, err)
			must(t, r.Close())
			if typ != kind || len(data) < 1000 {
				t.Errorf("%s of %s: %s, %d bytes", size, id, typ, len(data))
			}
		}
	}
}

func (s site) languages(t *testing.T) {
	n := map[bool]int{}
	for _, d := range s.deals(t) {
		chinese := false
		for _, r := range d.Title {
			chinese = chinese || unicode.Is(unicode.Han, r)
		}
		n[chinese]++
	}
	if n[true] < 2*n[false]/3 || n[false] < 2*n[true]/3 {
		t.Errorf("%d Chinese titles, %d English ones", n[true], n[false])
	}
}

func (s site) search(t *testing.T) {
	must(t, s.Reindex(t.Context()))
	for _, words := range []string{"電鍋", "芒果", "camera", "coffee"} {
		v, err := s.Search(t.Context(), market.Actor{}, market.SearchInput{Text: words, Limit: 10})
		must(t, err)
		if len(v.Items) == 0 {
			t.Errorf("nothing found for %q", words)
		}
	}
}

// again fills a store that is not empty: nothing changes.
func (s site) again(t *testing.T) {
	before := len(s.deals(t))
	must(t, demo.Fill(t.Context(), demo.Deps{Market: s.Market, Clock: s.clock}))
	if after := len(s.deals(t)); after != before {
		t.Errorf("%d deals became %d", before, after)
	}
}
