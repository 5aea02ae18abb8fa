package acceptance

import (
	"testing"
	"time"
)

const plenty = 10_000_000

// TestAuctionFromOpeningToWallet is a trade between two people: an auction, its payment into escrow, and the seller's
// money less the fee.
func TestAuctionFromOpeningToWallet(t *testing.T) { onEveryStack(t, auctionFromOpeningToWallet) }

func auctionFromOpeningToWallet(t *testing.T, m *market) {
	seller, anna, carl := m.person("seller", 0), m.person("anna", plenty), m.person("carl", plenty)
	id := seller.auction(2, obj{"reservePrice": 150_000, "softClose": obj{"windowSeconds": 0, "extendSeconds": 0}})
	anna.do("POST", "/listings/"+id+"/bids", obj{"max": 200_000}).want(201)
	second := carl.do("POST", "/listings/"+id+"/bids", obj{"max": 180_000}).want(201).obj()
	if second.at("leading") != false || second.num("standing") != 185_000 || second.num("minimum") != 190_000 {
		t.Fatalf("carl was told %v", second)
	}
	d := anna.closed(id, 6*time.Second)
	if d.str("outcome.result") != "sold" || d.num("outcome.awards.0.total") != 185_000 || d.at("outcome.awards.0.mine") != true {
		t.Fatalf("outcome %v", d["outcome"])
	}
	order := d.str("outcome.awards.0.order")
	completed(t, anna, seller, order, true)
	if got, _ := seller.wallet(); got != 185_000-9_300 { // 5 % is 9,250: half up to the whole cash unit
		t.Errorf("the seller has %d", got)
	}
	m.verified(id)
	m.balanced()
}

// completed takes an order from payment to the seller's wallet.
func completed(t *testing.T, buyer, seller person, order string, pay bool) {
	t.Helper()
	if pay {
		buyer.do("POST", "/orders/"+order+"/pay", obj{"method": "wallet"}).want(200)
	}
	seller.do("POST", "/orders/"+order+"/confirm", nil).refused(403, "forbidden")
	buyer.do("POST", "/orders/"+order+"/confirm", nil).refused(409, "conflict")
	seller.do("POST", "/orders/"+order+"/ship", obj{"tracking": "TW123"}).want(200)
	if got := buyer.do("POST", "/orders/"+order+"/confirm", nil).want(200).obj(); got.str("status") != "completed" {
		t.Fatalf("confirmed: %v", got["status"])
	}
}

// TestAWinnerWhoDoesNotPay calls it off: a backup has it in the same moment, the next one is asked and takes it, each at
// the price without whoever fell out, and the log that a stranger recomputes says so.
func TestAWinnerWhoDoesNotPay(t *testing.T) { onEveryStack(t, winnerWhoDoesNotPay) }

func winnerWhoDoesNotPay(t *testing.T, m *market) {
	seller, anna, bob, carl, dora := m.person("seller", 0), m.person("anna", plenty), m.person("bob", plenty), m.person("carl", plenty), m.person("dora", plenty)
	id := seller.auction(2, obj{"softClose": obj{"windowSeconds": 0, "extendSeconds": 0}})
	for _, b := range []struct {
		who    person
		max    int
		backup bool
	}{{dora, 120_000, false}, {anna, 150_000, false}, {carl, 200_000, true}, {bob, 250_000, false}} {
		b.who.do("POST", "/listings/"+id+"/bids", obj{"max": b.max, "backup": b.backup}).want(201)
	}
	callOff := func(p person) {
		t.Helper()
		p.do("POST", "/orders/"+p.deal(id).str("me.orders.0")+"/cancel", obj{}).want(200)
	}
	bob.closed(id, 6*time.Second)
	callOff(bob)
	if d := carl.deal(id); d.str("outcome.awards.0.to") != "p3" || d.num("outcome.awards.0.total") != 155_000 || d.num("standing") != 155_000 || d.str("me.orders.0") == "" {
		t.Fatalf("carl, whose bid was a backup, reads %v", d)
	}
	callOff(carl)
	if d := carl.deal(id); d.num("standing") != 155_000 {
		t.Errorf("before anna has answered it stands at %v", d["standing"])
	}
	for _, p := range []person{dora, bob, carl, seller} {
		p.do("POST", "/deals/"+id+"/second-chance", obj{"accept": true}).refused(404, "not_found")
	}
	if d := anna.deal(id); d.num("me.secondChance.price") != 125_000 {
		t.Fatalf("anna is offered %v", d["me"])
	}
	got := anna.do("POST", "/deals/"+id+"/second-chance", obj{"accept": true}).want(201).obj()
	if got.num("order.total") != 125_000 {
		t.Errorf("anna was told %v", got)
	}
	completed(t, anna, seller, got.str("order.id"), true)
	if got, _ := seller.wallet(); got != 125_000-6_300 {
		t.Errorf("the seller has %d", got)
	}
	m.verified(id)
	m.balanced()
}

// TestFixedPriceHoldsPieces sells two pieces: the second buyer waits for none while the first has not paid.
func TestFixedPriceHoldsPieces(t *testing.T) { onEveryStack(t, fixedPriceHoldsPieces) }

func fixedPriceHoldsPieces(t *testing.T, m *market) {
	seller, anna, carl := m.person("seller", 0), m.person("anna", plenty), m.person("carl", plenty)
	id := seller.fixed(nil)
	first := anna.do("POST", "/listings/"+id+"/purchases", obj{"quantity": 2}).want(201).obj()
	if got := carl.do("POST", "/listings/"+id+"/purchases", obj{"quantity": 1}).refused(422, "out_of_stock"); got.num("left") != 0 {
		t.Errorf("left %v", got)
	}
	if first.str("order.status") != "awaiting_payment" {
		t.Fatalf("the order begins %v", first["order"])
	}
	anna.do("POST", "/orders/"+first.str("order.id")+"/pay", obj{"method": "wallet"}).want(200)
	if d := anna.closed(id, 3*time.Second); d.str("outcome.result") != "sold" || d.num("outcome.awards.0.quantity") != 2 {
		t.Errorf("outcome %v", d["outcome"])
	}
	completed(t, anna, seller, first.str("order.id"), false)
	m.verified(id)
	m.balanced()
}

// TestRequestPaidFromItsHold is a buyer naming a price, bound to it, and a seller taking it at once for less.
func TestRequestPaidFromItsHold(t *testing.T) { onEveryStack(t, requestPaidFromItsHold) }

func requestPaidFromItsHold(t *testing.T, m *market) {
	buyer, seller := m.person("buyer", plenty), m.person("seller", 0)
	id := buyer.request(60, obj{"binding": true})
	if _, held := buyer.wallet(); held != 80_000 {
		t.Fatalf("held %d", held)
	}
	seller.do("POST", "/requests/"+id+"/quotes", obj{"unitPrice": 81_000}).refused(422, "above_named_price")
	won := seller.do("POST", "/requests/"+id+"/quotes", obj{"unitPrice": 70_000, "deliveryDays": 3}).want(201).obj()
	if won.at("awarded") != true {
		t.Fatalf("the seller was told %v", won)
	}
	d := buyer.closed(id, 3*time.Second)
	if available, held := buyer.wallet(); available != plenty-70_000 || held != 0 {
		t.Errorf("the buyer has %d, held %d", available, held)
	}
	completed(t, buyer, seller, d.str("outcome.awards.0.order"), false)
	m.verified(id)
	m.balanced()
}

// TestOpenRequestShowsRank lets two sellers compete downwards.
func TestOpenRequestShowsRank(t *testing.T) { onEveryStack(t, openRequestShowsRank) }

func openRequestShowsRank(t *testing.T, m *market) {
	buyer, ann, bob := m.person("buyer", plenty), m.person("ann", 0), m.person("bob", 0)
	id := buyer.request(2, obj{"rule": "open", "softClose": obj{"windowSeconds": 0, "extendSeconds": 0}})
	quote := func(p person, price int64) obj {
		return p.do("POST", "/requests/"+id+"/quotes", obj{"unitPrice": price}).want(201).obj()
	}
	if quote(ann, 79_000).num("rank") != 1 || quote(bob, 78_000).num("rank") != 1 {
		t.Error("the best quote is rank 1")
	}
	if got := ann.deal(id).num("me.rank"); got != 2 {
		t.Errorf("ann's rank is now %d", got)
	}
	ann.do("POST", "/requests/"+id+"/quotes", obj{"unitPrice": 78_900}).refused(422, "not_lower_than_own")
	if got := quote(ann, 76_000).num("rank"); got != 1 {
		t.Errorf("ann's rank is %d", got)
	}
	d := buyer.closed(id, 6*time.Second)
	if d.num("outcome.awards.0.unitPrice") != 76_000 {
		t.Errorf("outcome %v", d["outcome"])
	}
	m.verified(id)
}

// TestGroupClearsAtOnePrice pools pledges to the second tier: everybody pays the same, the difference comes back.
func TestGroupClearsAtOnePrice(t *testing.T) { onEveryStack(t, groupClearsAtOnePrice) }

func groupClearsAtOnePrice(t *testing.T, m *market) {
	organiser, anna, carl := m.person("organiser", 0), m.person("anna", plenty), m.person("carl", plenty)
	id := organiser.group(2, nil)
	first := anna.do("POST", "/groups/"+id+"/pledges", obj{"quantity": 2}).want(201).obj()
	if first.num("hold") != 144_000 || first.num("tier") != 1 {
		t.Fatalf("anna was told %v", first)
	}
	carl.do("POST", "/groups/"+id+"/pledges", obj{"quantity": 2, "ceiling": 64_000}).want(201)
	d := anna.closed(id, 6*time.Second)
	if d.num("outcome.unitPrice") != 64_000 || d.num("outcome.awardCount") != 2 {
		t.Fatalf("outcome %v", d["outcome"])
	}
	for name, p := range map[string]person{"anna": anna, "carl": carl} {
		if available, held := p.wallet(); available != plenty-128_000 || held != 0 {
			t.Errorf("%s has %d, held %d", name, available, held)
		}
	}
	completed(t, anna, organiser, d.str("outcome.awards.0.order"), false)
	m.verified(id)
	m.balanced()
}

// TestFailedGroupGivesEverythingBack misses its minimum.
func TestFailedGroupGivesEverythingBack(t *testing.T) {
	onEveryStack(t, failedGroupGivesEverythingBack)
}

func failedGroupGivesEverythingBack(t *testing.T, m *market) {
	organiser, anna := m.person("organiser", 0), m.person("anna", plenty)
	id := organiser.group(2, nil)
	anna.do("POST", "/groups/"+id+"/pledges", obj{"quantity": 1}).want(201)
	if d := anna.closed(id, 6*time.Second); d.str("status") != "failed" || d.str("outcome.reason") != "below_minimum" {
		t.Errorf("outcome %v", d["outcome"])
	}
	if available, held := anna.wallet(); available != plenty || held != 0 {
		t.Errorf("anna has %d, held %d", available, held)
	}
	m.verified(id)
	m.balanced()
}
