package english

import (
	"fmt"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// Public shows the price, the leader and the minimum; of the reserve only whether it is met.
func (Mechanism) Public(v deal.View) deal.Public {
	t, s, err := parts(v)
	if err != nil {
		return deal.Public{}
	}
	p := deal.Public{Terms: t.public(), Currency: v.Currency, ClosesAt: v.ClosesAt, Minimum: deal.Ptr(t.minimum(s))}
	if s.hasLeader() {
		p.Standing, p.Leader = deal.Ptr(s.Standing), s.LeaderWho
	}
	if t.ReservePrice != nil {
		p.HasReserve, p.ReserveMet = true, deal.Ptr(s.Met)
	}
	if t.offersBuyNow(s) {
		p.BuyNowPrice = t.BuyNowPrice
	}
	return p
}

// Mine tells a bidder of his own bids: his maximum, whether he leads, and his own least next bid.
func (b *Bids) Mine(p deal.Public, s deal.Standing) deal.Mine {
	top, ok := b.top()
	if !ok || !s.Active {
		return deal.Mine{}
	}
	m := deal.Mine{Maximum: deal.Ptr(top.Max), Leading: deal.Ptr(p.Leader == s.Pseudonym), Minimum: p.Minimum}
	if *m.Leading && p.Currency.CashUnit > 0 {
		m.Minimum = deal.Ptr(top.Max + p.Currency.CashUnit)
	}
	return m
}

// Preview says what a bid would cost its maker at most. It never says whether he would lead.
func (Mechanism) Preview(p deal.Public, self deal.Self, e deal.Entry) (deal.Preview, error) {
	in, ok := e.Values.(Bid)
	t, ok2 := p.Terms.(*Terms)
	if !ok || !ok2 || p.Minimum == nil {
		return deal.Preview{}, fmt.Errorf("english: preview of %T on terms %T", e.Values, p.Terms)
	}
	least := leastOwn(p, self)
	if err := t.judge(p.Currency, in.Max, least); err != nil {
		return deal.Preview{}, err
	}
	return deal.Preview{Minimum: deal.Ptr(least), YouPayAtMost: deal.Ptr(in.Max)}, nil
}

// leastOwn is the least maximum that a reader may bid, from what he may see.
func leastOwn(p deal.Public, self deal.Self) money.Amount {
	if self.Standing != nil && self.Standing.Active && self.Standing.Pseudonym == p.Leader {
		if top, ok := bidsOf(self.Standing).top(); ok {
			return top.Max + p.Currency.CashUnit
		}
	}
	return *p.Minimum
}
