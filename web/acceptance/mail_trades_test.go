package acceptance

import (
	"testing"
	"time"
)

// TestMailsOfTrades trades in every way and holds what each side is mailed against a table: event, reader, language, and
// nothing else.
func TestMailsOfTrades(t *testing.T) {
	t.Parallel()
	t.Run("auction", func(t *testing.T) {
		t.Parallel()
		m, post := startWithMail(t)
		seller, anna, carl := m.person("seller", 0).speaks("zh-TW"), m.person("anna", plenty), m.person("carl", plenty).speaks("zh-TW")
		id := seller.auction(5, obj{"softClose": obj{"windowSeconds": 0, "extendSeconds": 0}})
		carl.do("POST", "/listings/"+id+"/bids", obj{"max": 150_000}).want(201)
		anna.do("POST", "/listings/"+id+"/bids", obj{"max": 200_000}).want(201)
		d := anna.closed(id, 10*time.Second)
		completed(t, anna, seller, d.str("outcome.awards.0.order"), true)
		exactly(t, post,
			mailed{carl, []string{"「Film camera」有人出價比你高：目前 NT$ 1,550"}},
			mailed{anna, []string{"You won Film camera for NT$ 1,550: pay by ", "Film camera is on its way: TW123"}},
			mailed{seller, []string{"你的「Film camera」以 NT$ 1,550 成交，等買家付款", "「Film camera」買家已付款 NT$ 1,550", "「Film camera」已撥款 NT$ 1,472"}})
	})
	t.Run("auctions without a sale", func(t *testing.T) {
		t.Parallel()
		m, post := startWithMail(t)
		seller, anna := m.person("seller", 0), m.person("anna", plenty)
		hard := obj{"windowSeconds": 0, "extendSeconds": 0}
		low := seller.auction(2, obj{"title": "Lens", "reservePrice": 500_000, "softClose": hard})
		off := seller.auction(days, obj{"title": "Tripod"})
		anna.do("POST", "/listings/"+low+"/bids", obj{"max": 150_000}).want(201)
		anna.do("POST", "/listings/"+off+"/bids", obj{"max": 150_000}).want(201)
		seller.do("POST", "/deals/"+off+"/cancel", obj{"reason": "owner_withdrew"}).want(201)
		anna.closed(low, 8*time.Second)
		exactly(t, post,
			mailed{anna, []string{"Lens was not sold: the reserve was not met", "Tripod was called off"}},
			mailed{seller, []string{"Lens was not sold"}})
	})
	t.Run("fixed price", func(t *testing.T) {
		t.Parallel()
		m, post := startWithMail(t)
		seller, anna, carl := m.person("seller", 0), m.person("anna", plenty), m.person("carl", plenty).speaks("zh-TW")
		id := seller.fixed(obj{"quantity": 5})
		buy := func(p person) string {
			return p.do("POST", "/listings/"+id+"/purchases", obj{"quantity": 1}).want(201).obj().str("order.id")
		}
		unpaid, paid, back := buy(anna), buy(anna), buy(carl)
		anna.do("POST", "/orders/"+unpaid+"/cancel", obj{}).want(200) // nobody else has heard of it
		anna.do("POST", "/orders/"+paid+"/pay", obj{"method": "wallet"}).want(200)
		carl.do("POST", "/orders/"+back+"/pay", obj{"method": "wallet"}).want(200)
		seller.do("POST", "/orders/"+paid+"/refund", obj{"amount": 10_000, "reason": "scratched"}).want(200)
		seller.do("POST", "/orders/"+back+"/cancel", obj{}).want(200)
		seller.do("POST", "/orders/"+paid+"/ship", obj{}).want(200)
		anna.do("POST", "/orders/"+paid+"/dispute", obj{"reason": "nothing came"}).want(200)
		exactly(t, post,
			mailed{anna, []string{"NT$ 100 back for Blank notebook", "Blank notebook is on its way"}},
			mailed{carl, []string{"「Blank notebook」訂單取消，已退回 NT$ 300"}},
			mailed{seller, []string{"Blank notebook is paid: NT$ 300", "Blank notebook is paid: NT$ 300", "Blank notebook: the buyer opened a dispute"}})
	})
	t.Run("request", func(t *testing.T) {
		t.Parallel()
		m, post := startWithMail(t)
		buyer, ann, bob := m.person("buyer", plenty), m.person("ann", 0), m.person("bob", 0).speaks("zh-TW")
		id := buyer.request(4, obj{"rule": "open", "softClose": obj{"windowSeconds": 0, "extendSeconds": 0}})
		ann.do("POST", "/requests/"+id+"/quotes", obj{"unitPrice": 79_000}).want(201)
		letter(t, post, buyer.email(), "quote-", 1)
		bob.do("POST", "/requests/"+id+"/quotes", obj{"unitPrice": 78_000}).want(201) // the second within ten minutes waits, and is over then
		buyer.closed(id, 8*time.Second)
		exactly(t, post,
			mailed{buyer, []string{"A quote for Desk lamp wanted: NT$ 790", "Desk lamp wanted: your order for NT$ 780, pay by "}},
			mailed{ann, []string{"Your quote for Desk lamp wanted did not win"}},
			mailed{bob, []string{"你的報價獲選：「Desk lamp wanted」NT$ 780"}})
	})
	t.Run("request with its money held", func(t *testing.T) {
		t.Parallel()
		m, post := startWithMail(t)
		buyer, seller := m.person("buyer", plenty).speaks("zh-TW"), m.person("seller", 0)
		id := buyer.request(60, obj{"binding": true})
		none := buyer.request(1, obj{"title": "A boat", "binding": true})
		seller.do("POST", "/requests/"+id+"/quotes", obj{"unitPrice": 70_000, "deliveryDays": 3}).want(201)
		buyer.closed(none, 8*time.Second)
		exactly(t, post,
			mailed{buyer, []string{"「Desk lamp wanted」已決標並付款 NT$ 700", "「A boat」未決標，NT$ 800 已退回"}},
			mailed{seller, []string{"Your quote for Desk lamp wanted won and NT$ 700 is paid"}})
	})
	t.Run("groups", func(t *testing.T) {
		t.Parallel()
		m, post := startWithMail(t)
		organiser, anna, carl, dora := m.person("organiser", 0), m.person("anna", plenty), m.person("carl", plenty).speaks("zh-TW"), m.person("dora", plenty)
		won := organiser.group(3, obj{"tiers": []obj{{"from": 4, "unitPrice": 72_000}, {"from": 40, "unitPrice": 64_000}}})
		for _, p := range []struct {
			who  person
			body obj
		}{{anna, obj{"quantity": 2}}, {carl, obj{"quantity": 2}}, {dora, obj{"quantity": 1, "ceiling": 64_000}}} {
			p.who.do("POST", "/groups/"+won+"/pledges", p.body).want(201)
		}
		failed := organiser.group(3, obj{"title": "Green tea"})
		anna.do("POST", "/groups/"+failed+"/pledges", obj{"quantity": 1}).want(201)
		off := organiser.group(days, obj{"title": "Black tea"})
		carl.do("POST", "/groups/"+off+"/pledges", obj{"quantity": 1}).want(201)
		organiser.do("POST", "/deals/"+off+"/cancel", obj{"reason": "owner_withdrew"}).want(201)
		anna.closed(won, 8*time.Second)
		anna.closed(failed, 8*time.Second)
		exactly(t, post,
			mailed{anna, []string{"Oolong tea: now NT$ 720 for everyone", "Oolong tea: you pay NT$ 1,440", "Green tea: the group failed, NT$ 720 is free again"}},
			mailed{carl, []string{"「Oolong tea」達到新級距：全團單價 NT$ 720", "「Oolong tea」成團，你付 NT$ 1,440", "「Black tea」已取消，NT$ 720 已退回"}},
			mailed{dora, []string{"Oolong tea: now NT$ 720 for everyone", "Oolong tea: the group went on without you, NT$ 640 is free again"}},
			mailed{organiser, []string{"Oolong tea: your group succeeded at NT$ 720", "Green tea: your group failed"}})
	})
	t.Run("a deposit that fails late", func(t *testing.T) {
		t.Parallel()
		m, post := startWithMail(t)
		anna := m.person("anna", 0).speaks("zh-TW")
		anna.do("POST", "/wallet/deposits", obj{"amount": 50_000, "card": "4000000000000341"}).want(201)
		letter(t, post, anna.email(), "failed-", 1)
		exactly(t, post, mailed{anna, []string{"你存入的 NT$ 500 失敗了"}})
	})
}
