package view

import (
	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/deal/fixed"
	"haggle/internal/deal/request"
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/internal/order"
)

// cost is one answer to what a deal costs the one who enters it, or brings him: in a few words, then why.
type cost struct{ Key, Short, Why string }

// costs answer, before anybody signs in or types an amount: what is taken now, what can it come to, what happens then.
func costs(p *Page, m DealPage) []cost {
	switch m.Deal.Kind {
	case deal.English:
		return []cost{{"now", p.T("costs.nothing"), p.T("costs.auction.now")},
			{"most", p.T("costs.auction.most"), p.T("costs.auction.mostWhy") + p.T("text.join") + p.T(sendingKey(m.Deal, "costs.noMore"))},
			{"won", p.T("costs.auction.won", "pay", p.Long(english.PayWithin)), waits(p)}}
	case deal.Request:
		return quoterCosts(p, m)
	case deal.Group:
		return memberCosts(p, m)
	}
	now := p.T("price.fixed")
	if m.Deal.Price != nil {
		now = p.T("costs.fixed.each", "amount", *m.Deal.Price)
	}
	return []cost{{"now", now, p.T("costs.fixed.now", "pay", p.Long(fixed.PayWithin))}, {"most", p.T("costs.fixed.most"), p.T(sendingKey(m.Deal, "costs.noMore"))},
		bought(p, m)}
}

// bought is what happens to a thing once it is paid.
func bought(p *Page, m DealPage) cost {
	return cost{"then", p.T(sendingKey(m.Deal, "costs.fixed.then")), waits(p)}
}

// buyNowCosts are those of who ends an auction at its price.
func buyNowCosts(p *Page, m DealPage) []cost {
	return []cost{{"now", p.T("costs.buyNow.now", "amount", *m.Deal.BuyNowPrice), p.T(sendingKey(m.Deal, "costs.noMore"))}, bought(p, m)}
}

// waits says by when it is shipped, and until when what is paid waits with the site.
func waits(p *Page) string {
	return p.T("costs.waits", "ship", order.ShippingDays, "days", order.CompleteAfterShipping)
}

// quoterCosts are those of a seller: a quote costs nothing, and brings its price less the fee.
func quoterCosts(p *Page, m DealPage) []cost {
	d := m.Deal
	fee := p.Percent(d.FeeBasis)
	gets := p.T("costs.request.gets", "fee", fee)
	switch each, n := quoteExample(d); {
	case each > 0 && n > 1:
		gets = p.T("costs.request.getsAll", "amount", each, "n", n, "gets", afterFee(p, d, each*money.Amount(n)))
	case each > 0:
		gets = p.T("costs.request.getsOf", "amount", each, "gets", afterFee(p, d, each))
	}
	won, ship := p.T("costs.request.unfunded", "pay", p.Long(request.PayWithin)), "costs.request.shipPaid"
	if value(d.Funded) {
		won, ship = p.T("costs.request.funded"), "costs.request.ship"
	}
	again := "costs.request.again"
	if d.Rule == "first" || d.Rule == "open" {
		again += "." + d.Rule
	}
	binds := p.T(again)
	if d.Rule == "first" && d.NamedPrice != nil {
		binds = p.T("costs.request.atOnce", "amount", *d.NamedPrice)
	}
	return []cost{{"quote", p.T("costs.request.free"), binds}, {"gets", gets, p.T(sendingKey(d, "costs.request.getsWhy"), "fee", fee)},
		{"won", won, p.T(ship) + p.T("text.join") + p.T("costs.request.paid", "days", order.CompleteAfterShipping)}}
}

// quoteExample is a price and a number of pieces to explain the fee with: the reader's own quote, a step under the best
// that is shown, or the named price; 0 where there is none.
func quoteExample(d market.DealView) (each money.Amount, n int64) {
	n = value(d.Quantity)
	if d.Me != nil && d.Me.Active && d.Me.UnitPrice != nil {
		if d.Me.Quantity != nil {
			n = *d.Me.Quantity
		}
		return *d.Me.UnitPrice, n
	}
	if d.Best != nil && d.Rule == "open" && *d.Best > value(d.MinimumStep) {
		return *d.Best - value(d.MinimumStep), n
	}
	return value(d.NamedPrice), n
}

// memberCosts are those of who joins a group: what one piece holds, between which prices it ends, and what comes back.
func memberCosts(p *Page, m DealPage) []cost {
	d := m.Deal
	if len(d.Tiers) == 0 || m.in() { // a member's own line says what is held for him
		return nil
	}
	first, last := d.Tiers[0], d.Tiers[len(d.Tiers)-1]
	rule, price := groupRule(d, m.Terms), first.UnitPrice
	hold, err := rule.Hold(p.Currency, 1, price)
	if err != nil {
		hold = price
	}
	same, held := p.T("costs.group.same"), p.T("costs.group.nowWhy")
	if last.UnitPrice < first.UnitPrice {
		same = p.T("costs.group.falls", "from", first.UnitPrice, "to", last.UnitPrice)
	}
	if locked(p, d) {
		held += p.T("text.join") + p.T("costs.group.locked")
	} else if last.UnitPrice < first.UnitPrice {
		same += p.T("text.join") + p.T("costs.group.moves")
	}
	most, why := p.T("costs.group.each", "amount", hold), same+p.T("text.join")+p.T(sendingKey(m.Deal, "costs.noMore"))
	if hold > price {
		most = p.T("costs.group.one", "amount", hold)
		why = p.T("costs.group.fees", "price", price, "fees", hold-price) + p.T("text.join") + same + p.T("text.join") + p.T("costs.noSiteFee")
	}
	return []cost{{"now", p.T("costs.group.now", "amount", most), held}, {"most", most, why},
		{"then", p.T("costs.group.then"), p.N("costs.group.thenWhy", rule.Minimum) + p.T("text.join") + waits(p)}}
}
