package acceptance

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestKeys repeats every POST that takes an Idempotency-Key: the answer is byte for byte the first one, after the deal
// closed and after a SIGKILL too; another request under the key is refused; a refusal keeps nothing.
func TestKeys(t *testing.T) {
	t.Parallel()
	m := start(t)
	w := newWorld(m)
	m.part(t, "every POST", func(t *testing.T) { everyPostIsKept(t, m, w) })
	m.part(t, "after the deal closed", func(t *testing.T) { keptAfterTheClose(t, m) })
	m.part(t, "thirty at once", func(t *testing.T) { thirtyAtOnce(t, m, w) })
	m.part(t, "a refusal keeps nothing", func(t *testing.T) { refusalsAreNotKept(t, m, w) })
	m.part(t, "whose and how long", func(t *testing.T) { keysBelongToAccounts(t, w) })
	m.balanced()
}

// keyed is a request with its key and its first answer.
type keyed struct {
	who       person
	path, key string
	body      string
	first     answer
}

func (k *keyed) send(body string) answer {
	return k.who.doAt("POST", k.path, body, "Idempotency-Key", k.key)
}

// again repeats the request and holds the answer against the first.
func (k *keyed) again(t *testing.T, when string) {
	t.Helper()
	got := k.send(k.body)
	switch {
	case got.status != k.first.status || !bytes.Equal(got.body, k.first.body):
		t.Errorf("%s repeated %s: %d %s, first %d %s", k.path, when, got.status, got.body, k.first.status, k.first.body)
	case got.header.Get("Idempotency-Replayed") != "true":
		t.Errorf("%s repeated %s does not say that it is a replay", k.path, when)
	}
}

// begin sends the first request.
func begin(t *testing.T, who person, path, key, body string) *keyed {
	t.Helper()
	k := &keyed{who: who, path: path, key: key, body: body}
	k.first = k.send(body)
	if k.first.status/100 != 2 || k.first.header.Get("Idempotency-Replayed") != "" {
		t.Errorf("%s: %d, replayed %q: %s", path, k.first.status, k.first.header.Get("Idempotency-Replayed"), k.first.body)
	}
	return k
}

func everyPostIsKept(t *testing.T, m *market, w *world) {
	doc, bases := m.document(), w.bases()
	var all []*keyed
	for _, op := range doc.operations() {
		takesKey := slices.ContainsFunc(op.params, func(p param) bool { return p.Name == "Idempotency-Key" })
		if op.Method != "POST" || !takesKey {
			continue
		}
		if len(bases[op.ID]) == 0 {
			t.Errorf("%s takes a key and has no right request", op)
		}
		for i, b := range bases[op.ID] {
			all = append(all, begin(t, b.who, b.path(op), fmt.Sprintf("%s %d", op.ID, i), b.json()))
		}
	}
	if len(all) < 25 {
		t.Fatalf("%d requests take a key", len(all))
	}
	money, _ := w.buyer.wallet()
	for _, k := range all {
		k.again(t, "at once")
		k.send(k.body+" ").refused(409, "idempotency_key_reused")
	}
	elsewhere := *all[0]
	elsewhere.path = all[1].path
	elsewhere.who, elsewhere.body = all[0].who, all[1].body
	elsewhere.send(elsewhere.body).refused(409, "idempotency_key_reused")
	m.site.Kill()
	m.site.Start()
	for _, k := range all {
		k.again(t, "after a restart")
		k.send(k.body+" ").refused(409, "idempotency_key_reused")
	}
	if now, _ := w.buyer.wallet(); now != money {
		t.Errorf("replays moved money: %d, then %d", money, now)
	}
	t.Logf("%d requests under keys", len(all))
}

func keptAfterTheClose(t *testing.T, m *market) {
	owner, anna := m.person("owner", plenty), m.person("anna", plenty)
	hard := obj{"windowSeconds": 0, "extendSeconds": 0}
	auction, group := owner.auction(2, obj{"softClose": hard}), owner.group(2, obj{"caseSize": 2, "tolerance": true})
	sealed, first := owner.request(2, obj{"rule": "sealed"}), owner.request(60, nil)
	fixed := owner.fixed(obj{"quantity": 1})
	all := []*keyed{
		begin(t, anna, "/api/v1/listings/"+auction+"/bids", "bid", `{"max":100000}`),
		begin(t, anna, "/api/v1/groups/"+group+"/pledges", "pledge", `{"quantity":2}`),
		begin(t, anna, "/api/v1/requests/"+sealed+"/quotes", "sealed quote", `{"unitPrice":50000}`),
		begin(t, anna, "/api/v1/requests/"+first+"/quotes", "first quote", `{"unitPrice":50000}`),
		begin(t, anna, "/api/v1/listings/"+fixed+"/purchases", "purchase", `{"quantity":1}`),
	}
	anna.do("POST", "/orders/"+all[4].first.obj().str("order.id")+"/pay", obj{"method": "wallet"}).want(200)
	for _, id := range []string{auction, group, sealed, first, fixed} {
		owner.closed(id, 15*time.Second)
	}
	before := owner.do("GET", "/deals/"+auction+"/log", nil).body
	for _, k := range all {
		k.again(t, "after the close")
	}
	if !bytes.Equal(before, owner.do("GET", "/deals/"+auction+"/log", nil).body) {
		t.Error("a replay wrote a line")
	}
	anna.do("POST", "/listings/"+auction+"/bids", obj{"max": 100_000}, "Idempotency-Key", "another").refused(422, "closed")
}

func thirtyAtOnce(t *testing.T, m *market, w *world) {
	anna := m.person("anna", plenty)
	auction, group := w.seller.auction(days, nil), w.seller.group(days, nil)
	for path, body := range map[string]string{
		"/wallet/deposits": `{"amount":500000,"card":"4242424242424242"}`, "/wallet/withdrawals": `{"amount":100000,"method":"bank"}`,
		"/listings": `{"title":"Once","category":"books-fiction","condition":"new","format":"fixed","price":30000}`, "/listings/" + w.stock + "/purchases": `{"quantity":1}`,
		"/listings/" + auction + "/bids": `{"max":150000}`, "/groups/" + group + "/pledges": `{"quantity":1}`,
	} {
		atOnce(t, anna, path, body)
	}
	if available, held := anna.wallet(); available != plenty+400_000-72_000 || held != 72_000 {
		t.Errorf("the wallet has %d, held %d", available, held)
	}
	for what, want := range map[string]int{"/me/deals/selling": 1, "/orders": 1, "/me/deals/bids": 1, "/me/deals/pledges": 1} {
		if items, _ := anna.do("GET", what, nil).want(200).obj()["items"].([]any); len(items) != want {
			t.Errorf("%s lists %d, want %d", what, len(items), want)
		}
	}
	if n := anna.deal(auction).num("entries"); n != 1 {
		t.Errorf("%d bids stand", n)
	}
}

// atOnce sends a request thirty times at the same time: thirty equal answers, all but one of them replays.
func atOnce(t *testing.T, who person, path, body string) {
	t.Helper()
	answers := make([]answer, 30)
	var wait sync.WaitGroup
	for i := range answers {
		wait.Go(func() { answers[i] = who.try("POST", path, body, "Idempotency-Key", "thirty "+path) })
	}
	wait.Wait()
	fresh := 0
	for _, a := range answers {
		if a.err != nil || a.status != 201 || !bytes.Equal(a.body, answers[0].body) {
			t.Errorf("%s: %v %d %s, want %s", path, a.err, a.status, a.body, answers[0].body)
			return
		}
		if a.header.Get("Idempotency-Replayed") == "" {
			fresh++
		}
	}
	if fresh != 1 {
		t.Errorf("%s: %d of 30 say that they are the first", path, fresh)
	}
}

func refusalsAreNotKept(t *testing.T, m *market, w *world) {
	poor := m.person("poor", 0)
	group := w.seller.group(days, nil)
	path := "/groups/" + group + "/pledges"
	pledge := func() answer { return poor.do("POST", path, `{"quantity":1}`, "Idempotency-Key", "try") }
	pledge().refused(422, "insufficient_funds")
	pledge().refused(422, "insufficient_funds")
	poor.do("POST", path, `{"quantity":0}`, "Idempotency-Key", "try").refused(422, "invalid") // another body: nothing is kept
	poor.do("POST", "/wallet/deposits", obj{"amount": 72_000, "card": "4000000000000002"}, "Idempotency-Key", "card").refused(402, "card_declined")
	poor.do("POST", "/wallet/deposits", obj{"amount": 72_000, "card": "4242424242424242"}, "Idempotency-Key", "card").want(201)
	if got := pledge().want(201); got.header.Get("Idempotency-Replayed") != "" {
		t.Error("the accepted pledge says that it is a replay")
	}
	if got := pledge().want(201); got.header.Get("Idempotency-Replayed") != "true" {
		t.Error("its repetition does not")
	}
}

func keysBelongToAccounts(t *testing.T, w *world) {
	path, body := "/listings/"+w.stock+"/purchases", `{"quantity":1}`
	mine := w.buyer.do("POST", path, body, "Idempotency-Key", "same").want(201)
	theirs := w.rival.do("POST", path, body, "Idempotency-Key", "same").want(201)
	if bytes.Equal(mine.body, theirs.body) || theirs.header.Get("Idempotency-Replayed") != "" {
		t.Errorf("another account got the first one's answer: %s", theirs.body)
	}
	other := w.buyer.again()
	if got := other.do("POST", path, body, "Idempotency-Key", "same").want(201); !bytes.Equal(got.body, mine.body) {
		t.Errorf("another session of the account got %s", got.body)
	}
	long := strings.Repeat("k", 200)
	w.buyer.do("POST", path, body, "Idempotency-Key", long).want(201)
	w.buyer.do("POST", path, body, "Idempotency-Key", long+"k").refused(422, "invalid")
	w.buyer.do("POST", path, body, "Idempotency-Key", strings.Repeat("é", 101)).refused(422, "invalid")
}
