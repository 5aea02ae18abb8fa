package acceptance

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// notFromOutside are codes that no request of the API provokes at will, and why.
var notFromOutside = map[string]string{
	"rate_limited":           "only with limits on: TestAccounts",
	"idempotency_key_in_use": "needs a first request that lasts longer than ten seconds: the engine's tests",
	"cross_site":             "belongs to forms of pages, not to the API: the pages' tests",
	"second_step_required":   "belongs to accounts with a second factor: TestTwoFactor",
	"wrong_code":             "belongs to pages: TestTwoFactor",
	"sign_in_failed":         "belongs to pages: TestSignInWithOthers",
	"passkey_failed":         "belongs to pages: TestPasskeys",
	"provider_down":          "belongs to pages: TestSignInWithOthers",
	"unconfirmed":            "only with --require-confirmation: TestConfirmationRequired",
	"confirm_identity":       "belongs to pages: the market's tests of ways in",
	"link_taken":             "belongs to pages: TestSignInWithOthers",
	"last_way_in":            "belongs to pages: TestSignInWithOthers",
	"unavailable":            "needs a store that is down: the outage tests",
	"internal":               "would be a mistake of the program",
}

// TestRefusals provokes every code of GET /refusals, each with the status and the params that its row documents; then
// requests that are wrong in two ways at once, which the order of the table decides.
func TestRefusals(t *testing.T) { onEveryStack(t, refusalsOfActs) }

func refusalsOfActs(t *testing.T, m *market) {
	r := newRefused(m)
	m.part(t, "every code", func(t *testing.T) { everyCode(t, m, r.provoked()) })
	m.part(t, "precedence", func(t *testing.T) {
		for _, p := range r.pairs() {
			p.check(t)
		}
	})
	m.part(t, "all fields at once", func(t *testing.T) { allFieldsAtOnce(t, r) })
	m.balanced()
}

// try is a request to be refused.
type try struct {
	who          person
	method, path string
	body         any
	headers      []string
}

func (x try) do() answer { return x.who.do(x.method, x.path, x.body, x.headers...) }

type row struct {
	Code, Class, Meaning string
	Status               int
	Params               []string
}

func everyCode(t *testing.T, m *market, provoke map[string][]try) {
	var rows []row
	m.guest().do("GET", "/refusals", nil).want(200).into(&rows)
	for _, row := range rows {
		if why := notFromOutside[row.Code]; why != "" {
			t.Logf("%s is not provoked: %s", row.Code, why)
			continue
		}
		if len(provoke[row.Code]) == 0 {
			t.Errorf("nothing here provokes %s", row.Code)
		}
		for _, x := range provoke[row.Code] {
			holds(t, row, x.do())
		}
	}
	if len(rows) < 30 {
		t.Errorf("the table has %d rows", len(rows))
	}
}

// holds compares a refusal with the row of its code: status, params by name, and where to read about it.
func holds(t *testing.T, row row, a answer) {
	t.Helper()
	params := slices.Sorted(maps.Keys(a.refused(row.Status, row.Code)))
	for _, p := range params {
		if !slices.Contains(row.Params, p) {
			t.Errorf("%s: %s carries %s, which its row does not name: %s", a.what, row.Code, p, a.body)
		}
	}
	for _, p := range row.Params {
		if !slices.Contains(params, p) && !slices.Contains(sometimes[row.Code], p) {
			t.Errorf("%s: %s does not carry %s: %s", a.what, row.Code, p, a.body)
		}
	}
	var got problem
	if err := json.Unmarshal(a.body, &got); err != nil || !strings.HasSuffix(got.Type, "#"+row.Code) || !strings.HasPrefix(row.Meaning, got.Title) {
		t.Errorf("%s: type %q, title %q", a.what, got.Type, got.Title)
	}
}

// sometimes are params that only some refusals with a code have: a limit by time has until, one by count has limit.
var sometimes = map[string][]string{"limit": {"limit", "until"}, "conflict": {"status"}}

// refused is a market in which everything can be refused.
type refused struct {
	m                        *market
	seller, buyer, poor, eve person
	barred                   person // blocked by the seller and the buyer
	auction, late, called    string // open with a bid of the buyer's; closed; cancelled
	fixed, plain             string // two pieces; no buy-now
	request, open, hidden    string // rule first; rule open and rule first with a hidden price, each with a quote of eve's
	group, full, locked      string // two a person; cap four; in its last phase, with a pledge of the buyer's
	awaiting, completed      string // orders of the buyer's
}

func newRefused(m *market) *refused {
	m.t.Helper()
	r := &refused{m: m, seller: m.person("seller", 0), buyer: m.person("buyer", plenty), poor: m.person("poor", 0), eve: m.person("eve", plenty)}
	r.barred = m.person("barred", plenty)
	for _, owner := range []person{r.seller, r.buyer} {
		owner.do("PUT", "/me/blocked/"+r.barred.id, nil).want(204)
	}
	r.late = r.seller.auction(1, nil)
	r.auction, r.called, r.plain = r.seller.auction(3600, nil), r.seller.auction(days, nil), r.seller.auction(days, nil)
	r.seller.do("POST", "/deals/"+r.called+"/cancel", nil).want(201)
	r.buyer.do("POST", "/listings/"+r.auction+"/bids", obj{"max": 200_000}).want(201)
	r.fixed = r.seller.fixed(obj{"quantity": 4})
	r.request, r.open = r.buyer.request(days, nil), r.buyer.request(days, obj{"rule": "open"})
	r.hidden = r.buyer.request(days, obj{"priceVisible": false})
	r.eve.do("POST", "/requests/"+r.open+"/quotes", obj{"unitPrice": 70_000}).want(201)
	r.eve.do("POST", "/requests/"+r.hidden+"/quotes", obj{"unitPrice": 90_000}).want(201)
	r.group, r.full = r.seller.group(days, obj{"perPerson": 2}), r.seller.group(days, obj{"cap": 4, "perPerson": 9})
	r.locked = r.seller.group(days, obj{"lastPhaseSeconds": days})
	r.buyer.do("POST", "/groups/"+r.locked+"/pledges", obj{"quantity": 2}).want(201)
	w := &world{m: m, seller: r.seller, buyer: r.buyer, stock: r.fixed}
	r.awaiting, r.completed = w.order(""), w.order("completed")
	r.buyer.do("POST", "/orders/"+r.completed+"/feedback", obj{"score": 1}).want(201)
	r.buyer.do("POST", "/wallet/deposits", obj{"amount": 100_000, "card": "4242424242424242"}, "Idempotency-Key", "taken").want(201)
	r.seller.do("POST", "/listings", obj{"title": "Key", "category": "books-fiction", "condition": "new", "format": "fixed", "price": 100}, "Idempotency-Key", "taken").want(201)
	r.seller.closed(r.late, 10*time.Second)
	return r
}

func post(who person, path string, body any, headers ...string) try {
	return try{who, "POST", path, body, headers}
}

func bids(id string) string       { return "/listings/" + id + "/bids" }
func purchases(id string) string  { return "/listings/" + id + "/purchases" }
func quotes(id string) string     { return "/requests/" + id + "/quotes" }
func pledges(id string) string    { return "/groups/" + id + "/pledges" }
func steps(id, act string) string { return "/orders/" + id + "/" + act }

// provoked gives requests by the code that refuses them.
func (r *refused) provoked() map[string][]try {
	all := map[string][]try{}
	for _, part := range []map[string][]try{r.byForm(), r.byPerson(), r.byState(), r.byPrice(), r.byMoney()} {
		maps.Copy(all, part)
	}
	return all
}

func (r *refused) byForm() map[string][]try {
	return map[string][]try{
		"method_not_allowed":     {{r.buyer, "DELETE", "/wallet", nil, nil}, {r.buyer, "PUT", "/listings", "{}", nil}},
		"malformed":              {post(r.buyer, bids(r.auction), "{"), post(r.buyer, bids(r.auction), nil)},
		"too_large":              {post(r.seller, "/listings", `{"title":"`+strings.Repeat("x", 2<<20)+`"}`)},
		"unsupported_media_type": {post(r.buyer, bids(r.auction), `{"max":300000}`, "Content-Type", "text/plain")},
		"invalid": {post(r.buyer, bids(r.auction), obj{"max": "much"}), post(r.buyer, bids(r.auction), obj{"max": 300_000, "min": 1}), post(r.buyer, bids(r.auction), obj{"max": 0}),
			post(r.seller, "/deals/"+r.auction+"/cancel", obj{"reason": "because"})},
	}
}

func (r *refused) byPerson() map[string][]try {
	email := r.seller.do("GET", "/me", nil).want(200).obj().str("email")
	return map[string][]try{
		"unauthenticated":         {{r.m.guest(), "GET", "/wallet", nil, nil}, {r.m.guest(), "GET", "/deals/" + r.auction, nil, []string{"Authorization", "Bearer nope"}}},
		"wrong_credentials":       {post(r.m.guest(), "/sessions", obj{"email": email, "password": "not the password"}), post(r.m.guest(), "/sessions", obj{"email": "nobody@haggle.test", "password": password})},
		"email_taken":             {post(r.m.guest(), "/accounts", obj{"email": strings.ToUpper(email), "password": password, "name": "Twin", "locale": "en"})},
		"not_found":               {{r.m.guest(), "GET", "/deals/nope", nil, nil}, {r.eve, "GET", "/orders/" + r.completed, nil, nil}, post(r.eve, bids(r.fixed), obj{"max": 100_000}), {r.m.guest(), "GET", "/groups/" + r.auction, nil, nil}},
		"forbidden":               {post(r.seller, steps(r.awaiting, "pay"), obj{"method": "wallet"}), post(r.buyer, steps(r.awaiting, "ship"), nil), post(r.eve, "/deals/"+r.auction+"/end-early", nil)},
		"own_deal":                {post(r.seller, bids(r.auction), obj{"max": 300_000}), post(r.seller, purchases(r.fixed), obj{"quantity": 1}), post(r.buyer, quotes(r.request), obj{"unitPrice": 70_000}), post(r.seller, pledges(r.group), obj{"quantity": 1})},
		"idempotency_key_reused":  {post(r.buyer, "/wallet/deposits", obj{"amount": 200_000, "card": "4242424242424242"}, "Idempotency-Key", "taken"), post(r.buyer, bids(r.auction), obj{"max": 300_000}, "Idempotency-Key", "taken")},
		"blocked":                 {post(r.barred, bids(r.auction), obj{"max": 300_000}), post(r.barred, purchases(r.fixed), obj{"quantity": 1}), post(r.barred, quotes(r.request), obj{"unitPrice": 70_000}), post(r.barred, pledges(r.group), obj{"quantity": 1})},
		"conflict":                {post(r.buyer, steps(r.awaiting, "confirm"), nil), post(r.buyer, steps(r.completed, "pay"), obj{"method": "wallet"})},
		"already_used":            {post(r.buyer, steps(r.completed, "feedback"), obj{"score": 0})},
		"card_declined":           {post(r.buyer, "/wallet/deposits", obj{"amount": 100, "card": "4000000000000002"}), post(r.buyer, steps(r.awaiting, "pay"), obj{"card": "4000000000000002"})},
		"card_expired":            {post(r.buyer, "/wallet/deposits", obj{"amount": 100, "card": "4000000000000069"})},
		"card_challenge_required": {post(r.buyer, "/wallet/deposits", obj{"amount": 100, "card": "4000002500003155"})},
	}
}

func (r *refused) byState() map[string][]try {
	return map[string][]try{
		"not_open":          {post(r.eve, bids(r.called), obj{"max": 300_000})},
		"closed":            {post(r.eve, bids(r.late), obj{"max": 300_000}), post(r.eve, purchases(r.late), obj{"method": "wallet"})},
		"out_of_stock":      {post(r.eve, purchases(r.fixed), obj{"quantity": 3})},
		"not_offered":       {post(r.eve, purchases(r.plain), obj{"method": "wallet"}), post(r.eve, purchases(r.plain), obj{"card": "4242424242424242"}), post(r.buyer, "/requests/"+r.open+"/award", obj{"quote": "p1"})},
		"withdrawal_locked": {post(r.seller, "/deals/"+r.auction+"/cancel", nil), post(r.buyer, "/deals/"+r.locked+"/withdraw", nil), post(r.buyer, pledges(r.locked), obj{"quantity": 1})},
		"limit":             {post(r.eve, quotes(r.hidden), obj{"unitPrice": 85_000})},
		"over_person_limit": {post(r.eve, pledges(r.group), obj{"quantity": 3})},
		"over_cap":          {post(r.eve, pledges(r.full), obj{"quantity": 5})},
	}
}

func (r *refused) byPrice() map[string][]try {
	return map[string][]try{
		"not_cash": {post(r.eve, bids(r.auction), obj{"max": 300_050}), post(r.eve, quotes(r.request), obj{"unitPrice": 70_001}), post(r.eve, pledges(r.group), obj{"quantity": 1, "ceiling": 70_099}),
			post(r.eve, "/wallet/deposits", obj{"amount": 150, "card": "4242424242424242"}), post(r.eve, "/wallet/withdrawals", obj{"amount": 150, "method": "bank"}),
			post(r.seller, "/listings", obj{"title": "Odd", "category": "books-fiction", "condition": "new", "format": "fixed", "price": 150})},
		"price_changed":           {post(r.eve, purchases(r.fixed), obj{"quantity": 1, "unitPrice": 20_000})},
		"below_minimum":           {post(r.eve, bids(r.auction), obj{"max": 100_000}), post(r.buyer, bids(r.auction), obj{"max": 200_000})},
		"above_named_price":       {post(r.eve, quotes(r.request), obj{"unitPrice": 80_100})},
		"not_lower_than_own":      {post(r.eve, quotes(r.open), obj{"unitPrice": 69_900})},
		"ceiling_below_best_tier": {post(r.eve, pledges(r.group), obj{"quantity": 1, "ceiling": 63_900})},
	}
}

func (r *refused) byMoney() map[string][]try {
	return map[string][]try{"insufficient_funds": {
		post(r.poor, pledges(r.group), obj{"quantity": 1}), post(r.poor, "/wallet/withdrawals", obj{"amount": 100, "method": "bank"}),
		post(r.poor, "/requests", obj{"title": "Lamp", "category": "home-lighting", "namedPrice": 80_000, "rule": "first", "durationSeconds": 60, "binding": true}),
	}}
}

// pair is a request that is wrong in two ways, and the code that comes first. Entries are previewed, too: what would be
// refused gets that refusal.
type pair struct {
	try
	status  int
	code    string
	preview string // the deal
}

func (p pair) check(t *testing.T) {
	t.Helper()
	p.do().refused(p.status, p.code)
	if p.preview != "" {
		p.who.do("POST", "/deals/"+p.preview+"/preview", p.body).refused(p.status, p.code)
	}
}

func (r *refused) pairs() []pair {
	taken := []string{"Idempotency-Key", "taken"}
	card := "4000000000000002"
	return []pair{
		// 401, 404, what is wrong with the body, replay.
		{post(r.m.guest(), bids("nope"), obj{"max": 1}), 401, "unauthenticated", ""},
		{post(r.m.guest(), bids(r.auction), "{"), 401, "unauthenticated", ""},
		{post(r.m.guest(), bids(r.auction), `{"max":1}`, "Content-Type", "text/plain"), 401, "unauthenticated", ""},
		{post(r.eve, bids("nope"), "{"), 404, "not_found", ""},
		{post(r.eve, bids("nope"), obj{"max": "x"}), 404, "not_found", ""},
		{post(r.eve, bids(r.group), obj{"max": "x"}), 404, "not_found", ""},
		{post(r.eve, steps(r.completed, "pay"), obj{"method": "gold"}), 404, "not_found", ""},
		{post(r.eve, steps(r.awaiting, "ship"), nil), 404, "not_found", ""},
		{post(r.buyer, "/wallet/deposits", obj{"amount": 0, "card": "4242424242424242"}, taken...), 422, "invalid", ""},
		{post(r.seller, bids(r.auction), obj{"max": -1}, taken...), 422, "invalid", r.auction},
		{post(r.seller, bids(r.auction), obj{"max": 300_000}, taken...), 409, "idempotency_key_reused", ""},
		{post(r.seller, bids(r.late), obj{"max": 300_000}, taken...), 409, "idempotency_key_reused", ""},
		{post(r.buyer, "/wallet/deposits", obj{"amount": 100, "card": card}, taken...), 409, "idempotency_key_reused", ""},
		// whose deal or order, then its state, then the amount.
		{post(r.seller, bids(r.late), obj{"max": 300_000}), 403, "own_deal", r.late},
		{post(r.seller, bids(r.called), obj{"max": 300_000}), 403, "own_deal", r.called},
		{post(r.seller, bids(r.auction), obj{"max": 150}), 403, "own_deal", r.auction},
		{post(r.seller, steps(r.completed, "pay"), obj{"method": "wallet"}), 403, "forbidden", ""},
		{post(r.buyer, steps(r.completed, "ship"), nil), 403, "forbidden", ""},
		{post(r.eve, bids(r.late), obj{"max": 150}), 422, "closed", r.late},
		{post(r.eve, bids(r.called), obj{"max": 150}), 422, "not_open", r.called},
		{post(r.eve, bids(r.auction), obj{"max": 150}), 422, "not_cash", r.auction},
		{post(r.eve, quotes(r.request), obj{"unitPrice": 80_150}), 422, "not_cash", r.request},
		{post(r.eve, quotes(r.open), obj{"unitPrice": 69_950}), 422, "not_cash", r.open},
		{post(r.eve, pledges(r.group), obj{"quantity": 9, "ceiling": 150}), 422, "not_cash", r.group},
		{post(r.eve, purchases(r.fixed), obj{"quantity": 9, "unitPrice": 150}), 422, "not_cash", r.fixed},
		// pieces, then prices, then money.
		{post(r.poor, pledges(r.full), obj{"quantity": 10, "ceiling": 100}), 422, "over_person_limit", r.full},
		{post(r.poor, pledges(r.full), obj{"quantity": 5, "ceiling": 100}), 422, "over_cap", r.full},
		{post(r.poor, pledges(r.full), obj{"quantity": 1, "ceiling": 100}), 422, "ceiling_below_best_tier", r.full},
		{post(r.poor, pledges(r.full), obj{"quantity": 1}), 422, "insufficient_funds", r.full},
		{post(r.eve, purchases(r.fixed), obj{"quantity": 9, "unitPrice": 100}), 422, "out_of_stock", r.fixed},
		{post(r.poor, purchases(r.plain), obj{"method": "wallet"}), 422, "not_offered", ""},
		{post(r.eve, purchases(r.plain), obj{"card": card}), 422, "not_offered", ""},
		{post(r.poor, "/wallet/withdrawals", obj{"amount": 150, "method": "bank"}), 422, "not_cash", ""},
		{post(r.buyer, "/wallet/deposits", obj{"amount": 150, "card": card}), 422, "not_cash", ""},
	}
}

// allFieldsAtOnce wants every wrong field in one answer.
func allFieldsAtOnce(t *testing.T, r *refused) {
	a := r.seller.do("POST", "/listings", obj{"title": "", "category": "nope", "condition": "odd", "format": "english", "startPrice": -1, "quantity": 2, "durationSeconds": 0})
	a.refused(422, "invalid")
	var p problem
	a.into(&p)
	var named []string
	for _, e := range p.Errors {
		named = append(named, e.Field)
	}
	for _, want := range []string{"title", "category", "condition", "startPrice", "quantity", "durationSeconds"} {
		if !slices.Contains(named, want) {
			t.Errorf("%s is not among %v", want, named)
		}
	}
}
