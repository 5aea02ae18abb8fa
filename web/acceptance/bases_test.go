package acceptance

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// world is a market in the middle of everything: for each operation there is something that it can be done to.
type world struct {
	m                              *market
	seller, buyer, rival, stranger person
	photo                          string
	stock                          string // a fixed-price listing
}

func newWorld(m *market) *world {
	m.t.Helper()
	w := &world{m: m, seller: m.person("seller", 0), buyer: m.person("buyer", plenty), rival: m.person("rival", plenty), stranger: m.person("stranger", plenty)}
	body, kind := upload("photo", picture())
	w.photo = w.seller.do("POST", "/photos", body, "Content-Type", kind).want(201).obj().str("id")
	w.stock = w.seller.fixed(obj{"quantity": 50})
	return w
}

// part is a subtest on a market that several share: what fails in it fails there.
func (m *market) part(t *testing.T, name string, f func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		whole := m.t
		m.t = t
		defer func() { m.t = whole }()
		f(t)
	})
}

// again signs the same person in once more.
func (p person) again() person {
	p.m.t.Helper()
	email := p.do("GET", "/me", nil).want(200).obj().str("email")
	p.token = p.m.guest().do("POST", "/sessions", obj{"email": email, "password": password}).want(201).obj().str("token")
	return p
}

func picture() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 8, 8))
	for i := range 64 {
		img.Set(i%8, i/8, color.RGBA{uint8(4 * i), uint8(255 - i), 90, 255})
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}

// base is a right request of an operation.
type base struct {
	who     person
	ids     map[string]string // what stands in the path
	query   string
	body    obj
	private bool     // somebody else must be refused
	free    []string // fields, or field=value, that may be taken: the format does not use them, or the value is in range
}

func (b base) json() string {
	if b.body == nil {
		return ""
	}
	body, _ := with(b.body, nil, "")
	return body
}

func (b base) at(query string) base { b.query = query; return b }

func (b base) path(op operation) string {
	path := op.Path
	for name, id := range b.ids {
		path = strings.ReplaceAll(path, "{"+name+"}", id)
	}
	return path + b.query
}

func (b base) mayTake(name, value string) bool {
	top, _, _ := strings.Cut(strings.SplitN(name, "[", 2)[0], ".")
	return slices.Contains(b.free, top) || slices.Contains(b.free, name) || slices.Contains(b.free, name+"="+value)
}

const days = 86_400

// bases gives right requests by operation. They do not get in each other's way.
func (w *world) bases() map[string][]base {
	w.m.t.Helper()
	all := map[string][]base{}
	for _, part := range []map[string][]base{w.readingBases(), w.accountBases(), w.openingBases(), w.entryBases(), w.ownerBases(), w.previewBases(), w.orderBases(), w.mailBases(), w.noticeBases()} {
		maps.Copy(all, part)
	}
	return all
}

func one(b base) []base { return []base{b} }

func id(s string) map[string]string { return map[string]string{"id": s} }

func (w *world) readingBases() map[string][]base {
	auction, request, group := w.seller.auction(days, nil), w.buyer.request(days, obj{"rule": "choice"}), w.seller.group(days, nil)
	of := func(s string) []base { return one(base{who: w.buyer, ids: id(s)}) }
	return map[string][]base{
		"get_deals": of(auction), "get_listings": of(auction), "get_requests": of(request), "get_groups": of(group), "listAwards": of(auction),
		"getLog": of(auction), "getLogHead": of(auction), "watchDeal": of(auction), "search": one(base{who: w.buyer}),
		"listQuotes":  one(base{who: w.buyer, ids: id(request), private: true}),
		"listMyDeals": one(base{who: w.buyer, ids: map[string]string{"what": "bids"}}), "listOrders": one(base{who: w.buyer}),
		"listWalletEntries": one(base{who: w.buyer}), "getUser": of(w.seller.id), "getReputation": of(w.seller.id),
		"getOrder": one(base{who: w.buyer, ids: id(w.order("")), private: true}),
	}
}

func (w *world) accountBases() map[string][]base {
	other := w.buyer.again()
	var sessions []struct {
		ID      string
		Current bool
	}
	other.do("GET", "/sessions", nil).want(200).into(&sessions)
	var device string
	for _, s := range sessions {
		if s.Current {
			device = s.ID
		}
	}
	choices := obj{"kinds": obj{"outbid": obj{"mail": "now", "push": true}}, "quiet": obj{"on": true, "from": "22:00", "to": "08:00", "urgent": true},
		"digest": obj{"every": "week", "hour": 8, "day": 1}, "zone": "Asia/Taipei"}
	token := w.buyer.do("POST", "/tokens", obj{"name": "reader", "scopes": []string{"read"}}).want(201).obj().str("id")
	email := w.stranger.do("GET", "/me", nil).want(200).obj().str("email")
	return map[string][]base{
		"register":      one(base{who: w.m.guest(), body: obj{"email": "new-" + email, "password": password, "name": "New", "locale": "en"}}),
		"signIn":        one(base{who: w.m.guest(), body: obj{"email": email, "password": password}}),
		"listBlocked":   one(base{who: w.buyer}),
		"blockPerson":   one(base{who: w.buyer, ids: id(w.stranger.id)}),
		"unblockPerson": one(base{who: w.buyer, ids: id(w.stranger.id)}),
		"createToken":   one(base{who: w.buyer, body: obj{"name": "robot", "scopes": []string{"read", "trade"}}}),
		"revokeToken":   one(base{who: w.buyer, ids: id(token), private: true}),
		"revokeSession": one(base{who: w.buyer, ids: id(device), private: true}),
		"updateMe": one(base{who: w.rival, body: obj{"name": "Rita", "locale": "zh-TW", "addresses": []obj{{"name": "Rita", "phone": "02 123", "text": "Taipei"}},
			"notifications": obj{"outbid": true, "won": true, "orders": false, "choices": choices}, "password": "another long password", "oldPassword": password}, free: []string{"notifications.choices.digest.hour=0", "notifications.choices.digest.day=0"}}),
		"deposit":  one(base{who: w.buyer, body: obj{"amount": 100_000, "card": "4242424242424242"}}),
		"withdraw": one(base{who: w.buyer, body: obj{"amount": 100_000, "method": "bank"}}),
	}
}

func (w *world) openingBases() map[string][]base {
	about := func(more obj) obj {
		body := obj{"title": "Tea set", "description": "", "category": "home-lighting", "condition": "good", "photos": []string{w.photo},
			"attributes": obj{"colour": "green"}, "delivery": []string{"parcel"}, "durationSeconds": days}
		maps.Copy(body, more)
		return body
	}
	soft := obj{"windowSeconds": 60, "extendSeconds": 60}
	english := about(obj{"format": "english", "startPrice": 100_000, "reservePrice": 150_000, "buyNowPrice": 300_000, "softClose": soft,
		"increments": [][]int{{100_000, 5_000}, {0, 10_000}}})
	fixed := about(obj{"format": "fixed", "price": 30_000, "quantity": 2, "softClose": soft, "increments": [][]int{{100_000, 5_000}, {0, 10_000}}})
	request := func(rule string) obj {
		return about(obj{"namedPrice": 80_000, "rule": rule, "quantity": 1, "minimumStep": 1_000, "softClose": soft, "floor": 10_000, "minimumQuotes": 1})
	}
	inRange := []string{"softClose.windowSeconds=0", "softClose.extendSeconds=0"}
	group := about(obj{"tiers": []obj{{"from": 2, "unitPrice": 72_000}, {"from": 4, "unitPrice": 64_000}}, "minimum": 2, "cap": 12, "perPerson": 6, "caseSize": 2,
		"tolerance": true, "allocation": "even", "dropOut": "waitlist", "pickup": []string{"Daan"}, "fees": obj{"perPiece": 100, "perMember": 100, "bill": 1_000}, "lastPhaseSeconds": 60})
	return map[string][]base{
		"openListing": {
			{who: w.seller, body: english, free: append([]string{"price", "floorPrice", "stepSeconds"}, inRange...)},
			{who: w.seller, body: fixed, free: []string{"startPrice", "reservePrice", "buyNowPrice", "floorPrice", "stepSeconds", "softClose", "increments"}},
		},
		"openRequest": {
			{who: w.buyer, body: request("first"), free: []string{"minimumStep", "softClose", "floor", "minimumQuotes"}},
			{who: w.buyer, body: request("open"), free: append([]string{"floor"}, inRange...)},
			{who: w.buyer, body: request("sealed"), free: []string{"minimumStep", "softClose"}},
			{who: w.buyer, body: request("choice"), free: []string{"minimumStep", "softClose", "floor"}},
		},
		"openGroup": one(base{who: w.seller, body: group, free: []string{"fees.perPiece=0", "fees.perMember=0", "fees.bill=0", "lastPhaseSeconds=0"}}),
	}
}

func (w *world) entryBases() map[string][]base {
	quoted := w.stranger.request(days, obj{"rule": "open"})
	sealed := w.stranger.request(days, obj{"rule": "sealed"})
	group := w.seller.group(days, obj{"caseSize": 2, "tolerance": true})
	buyNow := w.seller.auction(days, obj{"buyNowPrice": 300_000})
	quote := obj{"unitPrice": 50_000, "quantity": 1, "condition": "new", "deliveryDays": 3, "message": "Mine."}
	return map[string][]base{
		"placeBid": one(base{who: w.buyer, ids: id(w.seller.auction(days, nil)), body: obj{"max": 200_000, "backup": true}}),
		"buy": {
			{who: w.buyer, ids: id(w.stock), body: obj{"quantity": 1, "unitPrice": 30_000}, free: []string{"card"}},
			{who: w.buyer, ids: id(buyNow), body: obj{"quantity": 1, "method": "wallet"}},
		},
		"submitQuote":        {{who: w.buyer, ids: id(quoted), body: quote, free: []string{"deliveryDays=0"}}, {who: w.buyer, ids: id(sealed), body: quote, free: []string{"deliveryDays=0"}}},
		"pledge":             one(base{who: w.buyer, ids: id(group), body: obj{"quantity": 2, "tolerance": 1, "ceiling": 70_000}, free: []string{"tolerance=0"}}),
		"withdrawPledge":     one(base{who: w.rival, ids: id(w.pledged()), body: obj{"reason": "bidder_asked"}, private: true, free: []string{"pseudonym"}}),
		"withdrawMyPledge":   one(base{who: w.rival, ids: id(w.pledged()), private: true}),
		"answerSecondChance": one(base{who: w.rival, ids: id(w.chance()), body: obj{"accept": true}, private: true, free: []string{"accept=false"}}),
		"listSecondChances":  one(base{who: w.rival}),
		"retractBids":        one(base{who: w.rival, ids: id(w.bidOn()), body: obj{"reason": "typo"}, private: true, free: []string{"pseudonym"}}),
	}
}

// chance is an auction that the buyer won and called off, so that it is offered to the rival.
func (w *world) chance() string {
	auction := w.seller.auction(2, obj{"softClose": obj{"windowSeconds": 0, "extendSeconds": 0}})
	w.rival.do("POST", "/listings/"+auction+"/bids", obj{"max": 150_000}).want(201)
	w.buyer.do("POST", "/listings/"+auction+"/bids", obj{"max": 250_000}).want(201)
	won := w.buyer.closed(auction, 15*time.Second).str("me.orders.0")
	w.buyer.do("POST", "/orders/"+won+"/cancel", obj{}).want(200)
	return auction
}

// bidOn is an auction where the rival leads.
func (w *world) bidOn() string {
	auction := w.seller.auction(days, nil)
	w.rival.do("POST", "/listings/"+auction+"/bids", obj{"max": 150_000}).want(201)
	return auction
}

// pledged is a group that the rival has joined.
func (w *world) pledged() string {
	group := w.seller.group(days, nil)
	w.rival.do("POST", "/groups/"+group+"/pledges", obj{"quantity": 1}).want(201)
	return group
}

func (w *world) ownerBases() map[string][]base {
	choice := w.buyer.request(days, obj{"rule": "choice"})
	w.rival.do("POST", "/requests/"+choice+"/quotes", obj{"unitPrice": 70_000}).want(201)
	return map[string][]base{
		"awardRequest": one(base{who: w.buyer, ids: id(choice), body: obj{"quote": "p1", "reason": "price"}, private: true}),
		"cancelBids":   one(base{who: w.seller, ids: id(w.bidOn()), body: obj{"pseudonym": "p1", "reason": "bidder_asked"}, private: true}),
		"cancelDeal":   one(base{who: w.seller, ids: id(w.seller.auction(days, nil)), body: obj{"reason": "owner_withdrew"}, private: true, free: []string{"pseudonym"}}),
		"endEarly":     one(base{who: w.seller, ids: id(w.bidOn()), body: obj{}, private: true, free: []string{"reason", "pseudonym"}}),
	}
}

// previewBases are the bodies of entries, of each kind.
func (w *world) previewBases() map[string][]base {
	unused := func(used ...string) (free []string) {
		for _, name := range []string{"max", "quantity", "unitPrice", "tolerance", "ceiling", "method", "condition", "deliveryDays", "message", "card"} {
			if !slices.Contains(used, name) {
				free = append(free, name)
			}
		}
		return free
	}
	return map[string][]base{"previewEntry": {
		{who: w.buyer, ids: id(w.seller.auction(days, nil)), body: obj{"max": 200_000, "backup": true}, free: unused("max")},
		{who: w.buyer, ids: id(w.stock), body: obj{"quantity": 1}, free: unused("quantity", "unitPrice")},
		{who: w.buyer, ids: id(w.stranger.request(days, obj{"rule": "open"})), body: obj{"unitPrice": 50_000}, free: append(unused("unitPrice", "quantity", "message", "condition", "deliveryDays"), "deliveryDays=0")},
		{who: w.buyer, ids: id(w.seller.group(days, obj{"caseSize": 2, "tolerance": true})), body: obj{"quantity": 2}, free: append(unused("quantity", "tolerance", "ceiling"), "tolerance=0")},
	}}
}

// order is an order of the buyer's that has come so far: "", paid, shipped or completed.
func (w *world) order(stage string) string {
	w.m.t.Helper()
	id := w.buyer.do("POST", "/listings/"+w.stock+"/purchases", obj{"quantity": 1}).want(201).obj().str("order.id")
	for _, s := range []struct {
		stage, act string
		who        person
		body       any
	}{{"paid", "pay", w.buyer, obj{"method": "wallet"}}, {"shipped", "ship", w.seller, nil}, {"completed", "confirm", w.buyer, nil}} {
		if stage == "" {
			break
		}
		s.who.do("POST", "/orders/"+id+"/"+s.act, s.body).want(200)
		if s.stage == stage {
			break
		}
	}
	return id
}

func (w *world) orderBases() map[string][]base {
	step := func(who person, stage string, body obj) []base {
		return one(base{who: who, ids: id(w.order(stage)), body: body, private: true, free: []string{"method", "card"}})
	}
	pay := step(w.buyer, "", obj{"method": "wallet"})
	pay[0].free = nil
	return map[string][]base{
		"payOrder": pay, "cancelOrder": step(w.buyer, "", obj{}), "shipOrder": step(w.seller, "paid", obj{"tracking": "TW1"}),
		"refundOrder": step(w.seller, "paid", obj{"amount": 10_000, "reason": "scratched"}), "disputeOrder": step(w.buyer, "paid", obj{"reason": "nothing came"}),
		"confirmOrder": step(w.buyer, "shipped", obj{}), "extendOrder": step(w.buyer, "shipped", obj{}), "returnOrder": step(w.buyer, "shipped", obj{"reason": "too small"}),
		"leaveFeedback": one(base{who: w.buyer, ids: id(w.order("completed")), body: obj{"score": 1, "details": obj{"speed": 5}, "comment": "Good."}, private: true,
			free: []string{"score=0", "score=-1"}}),
	}
}
