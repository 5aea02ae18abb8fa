package acceptance

import (
	"testing"
)

// TestMoneySaysWhatItWaitsFor holds the parts of a wallet against its sums, from a pledge and an order to the end of both.
func TestMoneySaysWhatItWaitsFor(t *testing.T) { onEveryStack(t, moneySaysWhatItWaitsFor) }

func moneySaysWhatItWaitsFor(t *testing.T, m *market) {
	seller, buyer := m.person("seller", 0), m.person("buyer", plenty)
	group := seller.group(600, nil)
	buyer.do("POST", "/groups/"+group+"/pledges", obj{"quantity": 2}).want(201)
	item := seller.fixed(nil)
	bought := buyer.do("POST", "/listings/"+item+"/purchases", obj{"quantity": 1}).want(201).obj()
	order := bought.str("order.id")
	if n := len(seller.parts("incoming", 0)); n != 0 {
		t.Errorf("before it is paid %d parts come in", n)
	}
	buyer.do("POST", "/orders/"+order+"/pay", obj{"method": "wallet"}).want(200)

	_, held := buyer.wallet()
	if got := buyer.parts("held", held); len(got) != 1 || got[0].str("deal") != group || got[0].str("until") == "" || got[0].str("title") == "" || got[0].str("kind") != "group" {
		t.Errorf("held for %v", got)
	} else if n, each := got[0].num("pieces"), got[0].num("unitPrice"); n != 2 || n*each != held {
		t.Errorf("%d are held for %d pieces at %d", held, n, each)
	}
	wallet := buyer.do("GET", "/wallet", nil).want(200).obj()
	if got := buyer.parts("escrow", wallet.num("escrow")); len(got) != 1 || got[0].str("order") != order || got[0].str("deal") != item {
		t.Errorf("in escrow for %v", got)
	}
	wallet = seller.do("GET", "/wallet", nil).want(200).obj()
	if got := seller.parts("incoming", wallet.num("incoming")); len(got) != 1 || got[0].str("order") != order {
		t.Errorf("on its way from %v", got)
	}

	completed(t, buyer, seller, order, false)
	buyer.do("DELETE", "/groups/"+group+"/pledges/mine", nil).want(204)
	for _, p := range []person{buyer, seller} {
		for _, kind := range []string{"held", "escrow", "incoming"} {
			if got := p.parts(kind, 0); len(got) != 0 {
				t.Errorf("after all: %s for %v", kind, got)
			}
		}
	}
	m.guest().do("GET", "/wallet/parts", nil).want(401)
}

// parts are what one kind of a person's money waits for; their sum must be this.
func (p person) parts(kind string, sum int64) (list []obj) {
	p.m.t.Helper()
	all := p.do("GET", "/wallet/parts", nil).want(200).obj()
	for _, v := range all[kind].([]any) {
		part := obj(v.(map[string]any))
		list = append(list, part)
		sum -= part.num("amount")
	}
	if sum != 0 {
		p.m.t.Errorf("the parts of what is %s miss the sum by %d: %v", kind, sum, list)
	}
	return list
}
