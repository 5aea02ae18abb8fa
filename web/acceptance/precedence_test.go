package acceptance

import (
	"slices"
	"testing"
)

// precedence is the order of refusals as API.md gives it.
var precedence = []string{
	"rate_limited", "unauthenticated", "not_found", "malformed", "too_large", "unsupported_media_type", "invalid",
	"idempotency_key_reused", "forbidden", "own_deal", "blocked", "not_open", "closed", "not_cash", "over_person_limit",
	"out_of_stock", "over_cap", "not_offered", "price_changed", "below_minimum", "above_named_price", "not_lower_than_own",
	"ceiling_below_best_tier", "withdrawal_locked", "already_used", "limit", "insufficient_funds",
}

// neverBoth are neighbours of that order that no request earns both of, and why.
var neverBoth = map[[2]string]string{
	{"malformed", "too_large"}:                        "nobody reads a body that is too large",
	{"too_large", "unsupported_media_type"}:           "nobody reads a body that is too large",
	{"own_deal", "blocked"}:                           "nobody can block himself",
	{"not_open", "closed"}:                            "a deal has one status",
	{"over_person_limit", "out_of_stock"}:             "a group has no stock, a listing no limit a person",
	{"out_of_stock", "over_cap"}:                      "a listing has no cap, a group no stock",
	{"over_cap", "not_offered"}:                       "a group offers no buy-now",
	{"not_offered", "price_changed"}:                  "a buy-now names no price",
	{"price_changed", "below_minimum"}:                "a purchase has no minimum",
	{"below_minimum", "above_named_price"}:            "an auction names no price, a request has no minimum",
	{"not_lower_than_own", "ceiling_below_best_tier"}: "a quote has no ceiling",
	{"withdrawal_locked", "already_used"}:             "one is an entry's, the other a feedback's",
	{"already_used", "limit"}:                         "one is a feedback's, the other an entry's",
	{"limit", "insufficient_funds"}:                   "what a rule limits (quotes, purchases) holds no money at once",
}

// neighbours are two refusals and a request that earns both.
type neighbours struct {
	first, second string
	try
}

// TestPrecedence walks the order of refusals: of every two neighbours one request earns both, and gets the first.
func TestPrecedence(t *testing.T) { onEveryStack(t, precedenceOfActs) }

func precedenceOfActs(t *testing.T, m *market) {
	r := newRefused(m)
	reader := r.token(r.seller, "read")
	visitor := r.token(r.eve, "read")
	ceilings := r.seller.group(days, obj{"lastPhaseSeconds": days})
	r.buyer.do("POST", pledges(ceilings), obj{"quantity": 2}).want(201)
	taken := []string{"Idempotency-Key", "taken"}
	r.barred.do("POST", "/wallet/deposits", obj{"amount": 100, "card": goodCard}, taken...).want(201)
	tries := append(r.limited(t), []neighbours{
		{"unauthenticated", "not_found", post(m.guest(), bids("nope"), obj{"max": 300_000})},
		{"not_found", "malformed", post(r.eve, bids("nope"), "{")},
		{"not_found", "malformed", post(r.eve, steps("nope", "pay"), "{")},
		{"not_found", "malformed", post(r.eve, steps(r.completed, "feedback"), "{")},
		{"unsupported_media_type", "invalid", post(r.eve, bids(r.auction), `{"max":0}`, "Content-Type", "text/plain")},
		{"invalid", "idempotency_key_reused", post(r.buyer, "/wallet/deposits", obj{"amount": 0, "card": goodCard}, taken...)},
		{"idempotency_key_reused", "forbidden", post(reader, "/listings", obj{"title": "Key", "category": "books-fiction", "condition": "new", "format": "fixed", "price": 200}, taken...)},
		{"idempotency_key_reused", "forbidden", post(reader, bids(r.plain), obj{"max": 300_000}, taken...)},
		{"idempotency_key_reused", "forbidden", post(reader, "/wallet/deposits", obj{"amount": 100, "card": goodCard}, taken...)},
		{"forbidden", "own_deal", post(reader, bids(r.auction), obj{"max": 300_000})},
		{"blocked", "not_open", post(r.barred, bids(r.called), obj{"max": 300_000})},
		{"closed", "not_cash", post(r.eve, bids(r.late), obj{"max": 150})},
		{"not_cash", "over_person_limit", post(r.eve, pledges(r.group), obj{"quantity": 9, "ceiling": 64_050})},
		{"above_named_price", "not_lower_than_own", post(r.eve, quotes(r.open), obj{"unitPrice": 80_100})},
		{"ceiling_below_best_tier", "withdrawal_locked", post(r.buyer, pledges(ceilings), obj{"quantity": 1, "ceiling": 100})},

		// not neighbours, and each the nearest that a request can earn
		{"not_found", "invalid", post(r.eve, steps(r.completed, "pay"), obj{"method": 5})},
		{"not_found", "forbidden", post(visitor, steps(r.completed, "pay"), obj{"method": "wallet"})},
		{"invalid", "forbidden", post(visitor, bids(r.auction), obj{"max": 0})},
		{"invalid", "forbidden", post(visitor, "/wallet/deposits", obj{"amount": 0, "card": goodCard})},
		{"invalid", "forbidden", post(visitor, "/listings", obj{"title": ""})},
		{"invalid", "forbidden", try{visitor, "PATCH", "/me", obj{"name": ""}, nil}},
		{"invalid", "forbidden", post(visitor, "/tokens", obj{"name": "x", "scopes": []string{"all"}})},
		{"forbidden", "blocked", post(r.token(r.barred, "read"), bids(r.auction), obj{"max": 300_000})},
		{"forbidden", "closed", post(visitor, bids(r.late), obj{"max": 300_000})},
		{"forbidden", "not_cash", post(visitor, "/wallet/deposits", obj{"amount": 150, "card": goodCard})},
		{"idempotency_key_reused", "blocked", post(r.barred, bids(r.auction), obj{"max": 300_000}, taken...)},
		{"idempotency_key_reused", "not_cash", post(r.buyer, "/wallet/deposits", obj{"amount": 150, "card": goodCard}, taken...)},
		{"own_deal", "not_open", post(r.seller, bids(r.called), obj{"max": 300_000})},
		{"blocked", "closed", post(r.barred, bids(r.late), obj{"max": 300_000})},
		{"blocked", "not_cash", post(r.barred, bids(r.auction), obj{"max": 150})},
		{"blocked", "not_offered", post(r.barred, purchases(r.plain), obj{"card": declinedCard})},
		{"over_person_limit", "over_cap", post(r.poor, pledges(r.full), obj{"quantity": 10})},
		{"over_cap", "ceiling_below_best_tier", post(r.poor, pledges(r.full), obj{"quantity": 5, "ceiling": 100})},
		{"out_of_stock", "price_changed", post(r.eve, purchases(r.fixed), obj{"quantity": 9, "unitPrice": 100})},
		{"ceiling_below_best_tier", "insufficient_funds", post(r.poor, pledges(r.full), obj{"quantity": 1, "ceiling": 100})},
	}...)
	m.part(t, "every two", func(t *testing.T) {
		for _, n := range tries {
			row := rowOf(t, m, n.first)
			if n.who.m == nil {
				t.Fatalf("nobody asks for %s", n.first)
			}
			n.do().refused(row.Status, n.first)
			if before, behind := slices.Index(precedence, n.first), slices.Index(precedence, n.second); before < 0 || behind <= before {
				t.Errorf("%s and %s are not in this order", n.first, n.second)
			}
		}
	})
	m.part(t, "none left out", func(t *testing.T) { noneLeftOut(t, m, tries) })
	m.part(t, "a replay stands before what has changed since", func(t *testing.T) { replayFirst(t, r) })
	m.balanced()
}

// limited are requests of somebody who asks too often, of a market of its own.
func (r *refused) limited(t *testing.T) (out []neighbours) {
	m := &market{t: t, site: start(t, "--limits=on").site}
	p := m.person("busy", 0)
	deal := p.auction(days, nil)
	for range 130 {
		if a := p.try("POST", bids(deal), obj{"max": 300_000}); a.status == 429 {
			break
		}
	}
	for range 31 {
		m.guest().try("POST", "/sessions", obj{"email": "nobody@haggle.test", "password": password})
	}
	return []neighbours{
		{"rate_limited", "unauthenticated", post(m.guest(), "/sessions", obj{"email": "nobody@haggle.test", "password": password})},
		{"rate_limited", "malformed", post(m.guest(), "/sessions", "{")},
		{"rate_limited", "not_found", post(p, bids("nope"), obj{"max": 300_000})},
		{"rate_limited", "malformed", post(p, bids(deal), "{")},
		{"rate_limited", "unsupported_media_type", post(p, bids(deal), "max", "Content-Type", "text/plain")},
		{"rate_limited", "invalid", post(p, bids(deal), obj{"max": 0})},
		{"rate_limited", "own_deal", post(p, bids(deal), obj{"max": 300_000})},
		{"rate_limited", "not_found", try{p, "DELETE", "/tokens/nope", nil, nil}},
	}
}

// token is a person by a personal access token with some scopes.
func (r *refused) token(p person, scopes ...string) person {
	r.m.t.Helper()
	made := p.do("POST", "/tokens", obj{"name": "test", "scopes": scopes}).want(201).obj()
	return person{m: p.m, id: p.id, token: made.str("token")}
}

func rowOf(t *testing.T, m *market, code string) row {
	t.Helper()
	var rows []row
	m.guest().do("GET", "/refusals", nil).want(200).into(&rows)
	for _, r := range rows {
		if r.Code == code {
			return r
		}
	}
	t.Fatalf("the table has no %s", code)
	return row{}
}

// noneLeftOut holds the order against the generated table, and every two neighbours against what was tried.
func noneLeftOut(t *testing.T, m *market, tries []neighbours) {
	var rows []row
	m.guest().do("GET", "/refusals", nil).want(200).into(&rows)
	var table []string
	for _, r := range rows {
		if slices.Contains(precedence, r.Code) {
			table = append(table, r.Code)
		}
	}
	if !slices.Equal(table, precedence) {
		t.Errorf("the table's order is\n%v, want\n%v", table, precedence)
	}
	for i, second := range precedence[1:] {
		first := precedence[i]
		tried := slices.ContainsFunc(tries, func(n neighbours) bool { return n.first == first && n.second == second })
		switch why := neverBoth[[2]string{first, second}]; {
		case tried && why != "":
			t.Errorf("%s and %s were earned at once, although %s", first, second, why)
		case !tried && why == "":
			t.Errorf("no request earns %s and %s", first, second)
		}
	}
}

// replayFirst repeats requests after what would refuse them now: the same answer, byte for byte.
func replayFirst(t *testing.T, r *refused) {
	key := []string{"Idempotency-Key", "before"}
	p := r.m.person("early", plenty)
	deal := r.seller.auction(days, nil)
	bid := post(p, bids(deal), obj{"max": 300_000}, key...)
	first := bid.do().want(201)
	r.seller.do("PUT", "/me/blocked/"+p.id, nil).want(204)
	reader := r.token(p, "read")
	for _, who := range []person{p, reader} {
		bid.who = who
		if again := bid.do().want(201); string(again.body) != string(first.body) || again.header.Get("Idempotency-Replayed") != "true" {
			t.Errorf("answered %s, then %s", first.body, again.body)
		}
	}
	r.seller.do("DELETE", "/me/blocked/"+p.id, nil).want(204)
	post(p, bids(deal), obj{"max": 310_000}).do().want(201)
}
