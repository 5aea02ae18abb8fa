package acceptance

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestAccounts is a person's own side of the market: registering, devices, tokens, money in and out. The rate limits
// are on.
func TestAccounts(t *testing.T) {
	t.Parallel()
	m := start(t, "--limits=on")
	late := newLateMoney(m)
	m.part(t, "registering", func(t *testing.T) { registering(t, m) })
	m.part(t, "devices", func(t *testing.T) { devices(t, m) })
	m.part(t, "a new password", func(t *testing.T) { newPassword(t, m) })
	m.part(t, "tokens", func(t *testing.T) { tokens(t, m) })
	m.part(t, "what is others'", func(t *testing.T) { others(t, m) })
	m.part(t, "wallet", func(t *testing.T) { wallet(t, m) })
	m.part(t, "limits", func(t *testing.T) { limits(t, m) })
	m.part(t, "money that goes back late", func(t *testing.T) { late.check(t) })
	m.balanced()
}

func (p person) email() string { return p.do("GET", "/me", nil).want(200).obj().str("email") }

func (m *market) signIn(email, secret string, headers ...string) answer {
	return m.guest().do("POST", "/sessions", obj{"email": email, "password": secret}, headers...)
}

func registering(t *testing.T, m *market) {
	anna := m.person("anna", 0)
	me := anna.do("GET", "/me", nil).want(200).obj()
	if me.str("id") != anna.id || me.str("name") != "anna" || me.str("locale") != "en" || me.str("role") != "member" {
		t.Errorf("me: %v", me)
	}
	email := anna.email()
	m.guest().do("POST", "/accounts", obj{"email": " " + strings.ToUpper(email), "password": password, "name": "Twin"}).refused(409, "email_taken")
	m.signIn(email, "wrong password").refused(401, "wrong_credentials")
	m.signIn("nobody-"+email, password).refused(401, "wrong_credentials")
	in := m.signIn(strings.ToUpper(email), password).want(201).obj()
	if expires, err := time.Parse(time.RFC3339, in.str("expiresAt")); err != nil || time.Until(expires) < 24*time.Hour {
		t.Errorf("the session ends at %q", in.str("expiresAt"))
	}
	again := person{m: m, id: anna.id, token: in.str("token")}
	if again.token == anna.token || again.do("GET", "/me", nil).want(200).obj().str("id") != anna.id {
		t.Error("the second session is not anna's own")
	}
	changed := again.do("PATCH", "/me", obj{"name": "Anna B.", "locale": "zh-TW"}).want(200).obj()
	if changed.str("name") != "Anna B." || changed.str("locale") != "zh-TW" || changed.str("email") != email {
		t.Errorf("changed: %v", changed)
	}
	if got := m.guest().do("GET", "/users/"+anna.id, nil).want(200).obj().str("name"); got != "Anna B." {
		t.Errorf("others still see %q", got)
	}
}

func devices(t *testing.T, m *market) {
	anna := m.person("anna", 0)
	phone, laptop := anna.again(), anna.again()
	var list []struct {
		ID      string
		Current bool
	}
	phone.do("GET", "/sessions", nil).want(200).into(&list)
	var current string
	for _, s := range list {
		if s.Current {
			current = s.ID
		}
		if strings.Contains(phone.token, s.ID) {
			t.Error("the list of sessions shows a token")
		}
	}
	if len(list) != 3 || current == "" {
		t.Fatalf("sessions: %+v", list)
	}
	laptop.do("DELETE", "/sessions/"+current, nil).want(204)
	phone.do("GET", "/me", nil).refused(401, "unauthenticated")
	laptop.do("DELETE", "/sessions/"+current, nil).refused(404, "not_found")
	laptop.do("DELETE", "/sessions/current", nil).want(204)
	laptop.do("GET", "/me", nil).refused(401, "unauthenticated")
	anna.do("GET", "/me", nil).want(200)
}

func newPassword(t *testing.T, m *market) {
	anna := m.person("anna", 0)
	other, email := anna.again(), anna.email()
	anna.do("PATCH", "/me", obj{"password": "a quite new password"}).refused(422, "invalid")
	anna.do("PATCH", "/me", obj{"password": "a quite new password", "oldPassword": "not mine at all"}).refused(422, "invalid")
	anna.do("PATCH", "/me", obj{"password": "a quite new password", "oldPassword": password}).want(200)
	other.do("GET", "/me", nil).refused(401, "unauthenticated")
	anna.do("GET", "/me", nil).want(200)
	m.signIn(email, password).refused(401, "wrong_credentials")
	m.signIn(email, "a quite new password").want(201)
}

func tokens(t *testing.T, m *market) {
	seller, anna := m.person("seller", 0), m.person("anna", plenty)
	auction := seller.auction(days, nil)
	bid := func(p person) answer { return p.do("POST", "/listings/"+auction+"/bids", obj{"max": 150_000}) }
	deposit := func(p person) answer {
		return p.do("POST", "/wallet/deposits", obj{"amount": 100, "card": "4242424242424242"})
	}
	token := func(scopes ...string) (person, string) {
		made := anna.do("POST", "/tokens", obj{"name": "robot", "scopes": scopes}).want(201).obj()
		return person{m: m, id: anna.id, token: made.str("token")}, made.str("id")
	}
	read, id := token("read")
	trade, _ := token("read", "trade")
	money, _ := token("wallet")
	read.do("GET", "/wallet", nil).want(200)
	for name, a := range map[string]answer{"read bids": bid(read), "wallet bids": bid(money), "read deposits": deposit(read), "trade deposits": deposit(trade)} {
		if a.status != 403 {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	money.do("GET", "/wallet", nil).refused(403, "forbidden")
	bid(trade).want(201)
	deposit(money).want(201)
	trade.do("POST", "/tokens", obj{"name": "child", "scopes": []string{"read"}}).refused(403, "forbidden")
	trade.do("PATCH", "/me", obj{"password": "a quite new password", "oldPassword": password}).refused(403, "forbidden")
	for _, scopes := range []any{[]string{}, []string{"admin"}, []string{"read", "all"}} {
		anna.do("POST", "/tokens", obj{"name": "robot", "scopes": scopes}).refused(422, "invalid")
	}
	if list := anna.do("GET", "/tokens", nil).want(200); strings.Contains(string(list.body), read.token) || strings.Count(string(list.body), `"id"`) != 3 {
		t.Errorf("the list of tokens: %s", list.body)
	}
	anna.do("DELETE", "/tokens/"+id, nil).want(204)
	read.do("GET", "/wallet", nil).refused(401, "unauthenticated")
}

// others holds that nobody reaches what belongs to somebody else.
func others(t *testing.T, m *market) {
	seller, anna, eve := m.person("seller", 0), m.person("anna", plenty), m.person("eve", plenty)
	order := anna.do("POST", "/listings/"+seller.fixed(nil)+"/purchases", obj{"quantity": 1}).want(201).obj().str("order.id")
	token := anna.do("POST", "/tokens", obj{"name": "robot", "scopes": []string{"read"}}).want(201).obj().str("id")
	var sessions []struct{ ID string }
	anna.do("GET", "/sessions", nil).want(200).into(&sessions)
	eve.do("GET", "/orders/"+order, nil).refused(404, "not_found")
	for _, act := range []string{"pay", "ship", "confirm", "cancel", "dispute", "return", "refund", "extend"} {
		eve.do("POST", "/orders/"+order+"/"+act, obj{"method": "wallet"}).refused(404, "not_found")
	}
	eve.do("POST", "/orders/"+order+"/feedback", obj{"score": 1}).refused(404, "not_found")
	eve.do("DELETE", "/tokens/"+token, nil).refused(404, "not_found")
	eve.do("DELETE", "/sessions/"+sessions[0].ID, nil).refused(404, "not_found")
	for _, list := range []string{"/orders", "/wallet/entries", "/tokens", "/me/deals/purchases"} {
		if body := string(eve.do("GET", list, nil).want(200).body); strings.Contains(body, order) || strings.Contains(body, token) {
			t.Errorf("%s shows somebody else's: %s", list, body)
		}
	}
	anna.do("GET", "/orders/"+order, nil).want(200)
	seller.do("GET", "/orders/"+order, nil).want(200)
}

func wallet(t *testing.T, m *market) {
	anna := m.person("anna", 0)
	for card, code := range map[string]string{"4000000000000002": "card_declined", "4000000000000069": "card_expired", "4000002500003155": "card_challenge_required", "4111111111111111": "card_declined"} {
		anna.do("POST", "/wallet/deposits", obj{"amount": 50_000, "card": card}).refused(402, code)
	}
	anna.do("POST", "/wallet/deposits", obj{"amount": 50_000, "card": "4242424242424243"}).refused(422, "invalid")
	if available, held := anna.wallet(); available != 0 || held != 0 {
		t.Errorf("declined cards left %d, held %d", available, held)
	}
	got := anna.do("POST", "/wallet/deposits", obj{"amount": 50_000, "card": "4242 4242-4242 4242"}).want(201).obj()
	if got.num("amount") != 50_000 || got.str("status") != "succeeded" || got.num("wallet.available") != 50_000 {
		t.Errorf("the deposit: %v", got)
	}
	if missing := anna.do("POST", "/wallet/withdrawals", obj{"amount": 70_000, "method": "bank"}).refused(422, "insufficient_funds"); missing.num("missing") != 20_000 || missing.num("needed") != 70_000 {
		t.Errorf("missing: %v", missing)
	}
	anna.do("POST", "/wallet/withdrawals", obj{"amount": 100, "method": "cash"}).refused(422, "invalid")
	if got := anna.do("POST", "/wallet/withdrawals", obj{"amount": 20_000, "method": "bank"}).want(201).obj(); got.num("wallet.available") != 30_000 {
		t.Errorf("the withdrawal: %v", got)
	}
	order := anna.do("POST", "/listings/"+m.person("seller", 0).fixed(nil)+"/purchases", obj{"quantity": 1}).want(201).obj().str("order.id")
	anna.do("POST", "/orders/"+order+"/pay", obj{"method": "wallet"}).want(200)
	w := anna.do("GET", "/wallet", nil).want(200).obj()
	if w.num("available") != 0 || w.num("escrow") != 30_000 {
		t.Errorf("after paying: %v", w)
	}
	statement(t, anna, 3)
}

// statement pages through a wallet's lines one by one: they add up to its balance.
func statement(t *testing.T, p person, lines int) {
	t.Helper()
	available, held := p.wallet()
	cursor, seen := "", map[string]bool{}
	for {
		page := p.do("GET", "/wallet/entries?limit=1&cursor="+cursor, nil).want(200).obj()
		if id := page.str("items.0.id"); id != "" {
			available, held, seen[id] = available-page.num("items.0.available"), held-page.num("items.0.held"), true
		}
		if cursor = page.str("next"); cursor == "" {
			break
		}
	}
	if available != 0 || held != 0 || len(seen) != lines {
		t.Errorf("%d lines of the statement, want %d; they miss the balance by %d, held %d", len(seen), lines, available, held)
	}
}

func limits(t *testing.T, m *market) {
	anna, carl := m.person("anna", 0), m.person("carl", 0)
	email := anna.email()
	until429(t, "wrong passwords", 10, func() answer { return m.signIn(email, "a wrong password") })
	m.signIn(email, password).refused(429, "rate_limited")
	m.signIn(carl.email(), password).want(201)
	until429(t, "writes", 120, func() answer { return carl.do("PATCH", "/me", obj{}) })
	carl.do("GET", "/me", nil).want(200)
	anna.do("PATCH", "/me", obj{}).want(200)
	n := 0
	until429(t, "registrations", 100, func() answer {
		n++ // another claimed address each time: nobody believes it
		return m.guest().do("POST", "/accounts", obj{"email": "x", "password": "short", "name": "X"}, "X-Forwarded-For", fmt.Sprintf("192.0.2.%d", n))
	})
}

// until429 repeats a request until it is refused for its number: at most that many times, with how long to wait.
func until429(t *testing.T, what string, most int, send func() answer) {
	t.Helper()
	for n := range most + 1 {
		a := send()
		if a.status != 429 {
			continue
		}
		wait := a.refused(429, "rate_limited").num("retryAfter")
		if after, err := strconv.ParseInt(a.header.Get("Retry-After"), 10, 64); err != nil || after < 1 || after != wait {
			t.Errorf("%s: Retry-After %q, params say %d", what, a.header.Get("Retry-After"), wait)
		}
		t.Logf("%s: %d were let through", what, n)
		return
	}
	t.Errorf("%s: more than %d are let through", what, most)
}

// lateMoney is money that the bank takes back five seconds after it said yes: one person's who kept it, one's who
// spent it.
type lateMoney struct {
	m           *market
	kept, spent person
	group       string // that the one who spent it would join
	order       string
	at          time.Time
}

const cardLate = "4000000000000341"

func newLateMoney(m *market) *lateMoney {
	m.t.Helper()
	l := &lateMoney{m: m, kept: m.person("kept", 0), spent: m.person("spent", 0), at: time.Now()}
	seller := m.person("seller", 0)
	stock := seller.fixed(nil)
	l.group = seller.group(days, nil)
	for _, p := range []person{l.kept, l.spent} {
		p.do("POST", "/wallet/deposits", obj{"amount": 40_000, "card": cardLate}).want(201)
	}
	l.order = l.spent.do("POST", "/listings/"+stock+"/purchases", obj{"quantity": 1}).want(201).obj().str("order.id")
	l.spent.do("POST", "/orders/"+l.order+"/pay", obj{"method": "wallet"}).want(200)
	return l
}

func (l *lateMoney) check(t *testing.T) {
	back := func() bool {
		available, _ := l.kept.wallet()
		return available == 0 && l.spent.do("GET", "/wallet", nil).obj().at("owing") == true
	}
	for end := l.at.Add(40 * time.Second); !back(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s after the deposits: %s, %s", time.Since(l.at), l.kept.do("GET", "/wallet", nil).body, l.spent.do("GET", "/wallet", nil).body)
		}
	}
	t.Logf("taken back within %s of the deposit", time.Since(l.at).Round(time.Second))
	if w := l.kept.do("GET", "/wallet", nil).obj(); w.num("available") != 0 || w.at("owing") == true {
		t.Errorf("who kept it: %v", w)
	}
	if got := l.spent.do("GET", "/orders/"+l.order, nil).want(200).obj().str("status"); got != "paid" {
		t.Errorf("the order is %s", got)
	}
	l.spent.do("POST", "/wallet/withdrawals", obj{"amount": 100, "method": "bank"}).refused(422, "insufficient_funds")
	l.spent.do("POST", "/groups/"+l.group+"/pledges", obj{"quantity": 1}).refused(422, "insufficient_funds")
	l.spent.do("POST", "/wallet/deposits", obj{"amount": 50_000, "card": "4242424242424242"}).want(201)
	if w := l.spent.do("GET", "/wallet", nil).obj(); w.num("available") != 20_000 || w.at("owing") == true {
		t.Errorf("incoming money pays what is owed first: %v", w)
	}
	statement(t, l.kept, 2)
	statement(t, l.spent, 4)
}
