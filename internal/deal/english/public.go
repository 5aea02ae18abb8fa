package english

import (
	"haggle/internal/deal"
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

// Mine tells a bidder of his own bids: his maximum, whether he leads, his own least next bid, and whether they are a backup.
func (b *Bids) Mine(p deal.Public, s deal.Standing) deal.Mine {
	top, ok := b.top()
	if !ok || !s.Active {
		return deal.Mine{}
	}
	m := deal.Mine{Maximum: deal.Ptr(top.Max), Leading: deal.Ptr(p.Leader == s.Pseudonym), Minimum: p.Minimum, Backup: b.Backup}
	if *m.Leading && p.Currency.CashUnit > 0 {
		m.Minimum = deal.Ptr(top.Max + p.Currency.CashUnit)
	}
	return m
}
