package english

import (
	"testing"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

func buyable(reserve money.Amount) Terms {
	t := Terms{StartPrice: 1000, BuyNowPrice: deal.Ptr[money.Amount](5000)}
	if reserve > 0 {
		t.ReservePrice = &reserve
	}
	return t
}

// TestBuyNow ends the auction with a paid order.
func TestBuyNow(t *testing.T) {
	for card, want := range map[bool]deal.Payment{false: deal.PayFromFree, true: deal.PayCard} {
		a := dollars(t, buyable(0))
		free := a.Free("bob")
		fx, err := a.Enter("bob", deal.Buy, Buy{Quantity: 1, ByCard: card})
		must(t, err)
		if len(fx.Orders) != 1 || fx.Decision == nil || fx.Decision.Result != deal.Sold {
			t.Fatalf("effects %+v", fx)
		}
		if o := fx.Orders[0]; o.Payment != want || o.Total != 5000 || o.Buyer != "bob" || o.DueIn != 0 || o.Seq != 1 {
			t.Errorf("order %+v", o)
		}
		if spent := free - a.Free("bob"); (spent == 5000) == card || card && spent != 0 {
			t.Errorf("card %t: %d were taken from free money", card, spent)
		}
		_, err = a.try("ann", 9000)
		refused(t, err, fault.CodeClosed)
		if out := a.verified(); len(out.Awards) != 1 || out.Awards[0] != fx.Orders[0] {
			t.Errorf("the close awards %+v, the order is %+v", out.Awards, fx.Orders[0])
		}
		if l := a.Lines()[1]; !same(deal.Body{"act": "buy", "quantity": 1, "after": deal.Body{"leader": "p1", "standing": 5000}}, l.Body) {
			t.Errorf("%s", l.Raw)
		}
	}
}

// TestCardNeedsNoFreeMoney: a card was charged before.
func TestCardNeedsNoFreeMoney(t *testing.T) {
	a := dollars(t, buyable(0))
	a.SetFree("bob", 0)
	_, err := a.Enter("bob", deal.Buy, Buy{ByCard: true})
	must(t, err)
	a.verified()
}

// TestBuyNowIsOffered until the first counting bid, or with a reserve until that is met; what is gone stays gone.
func TestBuyNowIsOffered(t *testing.T) {
	for name, c := range map[string]struct {
		terms   Terms
		before  func(a auction)
		offered bool
	}{
		"at once":                 {buyable(0), func(auction) {}, true},
		"without a buy-now price": {Terms{StartPrice: 1000}, func(auction) {}, false},
		"after a bid":             {buyable(0), func(a auction) { a.bid("ann", 1000) }, false},
		"after a bid, struck":     {buyable(0), func(a auction) { a.bid("ann", 1000); must(a.t, a.retract("ann")) }, false},
		"after a related bid":     {buyable(0), func(a auction) { a.bid("ann", 1000, a.Frame().Owner) }, true},
		"below the reserve":       {buyable(4000), func(a auction) { a.bid("ann", 3999) }, true},
		"at the reserve":          {buyable(4000), func(a auction) { a.bid("ann", 4000) }, false},
		"above it, struck":        {buyable(4000), func(a auction) { a.bid("ann", 4500); must(a.t, a.retract("ann")) }, false},
		"above it, struck to below": {buyable(4000), func(a auction) {
			a.bid("eve", 2000)
			a.bid("ann", 4500)
			must(a.t, a.retract("ann"))
		}, false},
		"to the one who leads low": {buyable(4000), func(a auction) { a.bid("bob", 3000) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			a := dollars(t, c.terms)
			c.before(a)
			if (a.Public().BuyNowPrice != nil) != c.offered {
				t.Errorf("shown as offered: %t", !c.offered)
			}
			_, err := a.Preview("bob", deal.Buy, Buy{})
			if c.offered {
				must(t, err)
				must(t, a.buy("bob"))
			} else {
				refused(t, err, fault.CodeNotOffered)
				refused(t, a.buy("bob"), fault.CodeNotOffered)
			}
			a.verified()
		})
	}
}

// TestBuyNowRefusals in their order: what is offered first, funds last.
func TestBuyNowRefusals(t *testing.T) {
	a := dollars(t, buyable(0))
	_, err := a.Enter("bob", deal.Buy, Buy{Quantity: 2})
	refused(t, err, fault.CodeInvalid)
	a.SetFree("bob", 4999)
	if p := refused(t, a.buy("bob"), fault.CodeInsufficientFunds); p["missing"] != int64(1) || p["needed"] != int64(5000) {
		t.Errorf("params %v", p)
	}
	_, err = a.Preview("bob", deal.Buy, Buy{})
	refused(t, err, fault.CodeInsufficientFunds)
	_, err = a.Preview("bob", deal.Buy, Buy{ByCard: true})
	must(t, err)
	a.bid("ann", 1000)
	refused(t, a.buy("bob"), fault.CodeNotOffered)
	a.stands("ann", 1000)
	a.verified()
}
