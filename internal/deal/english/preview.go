package english

import (
	"fmt"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// Preview says what a bid or a purchase would cost its maker at most. It never says whether he would lead.
func (Mechanism) Preview(p deal.Public, self deal.Self, e deal.Entry) (deal.Preview, error) {
	if p.Minimum == nil {
		return deal.Preview{}, fmt.Errorf("english: preview without a minimum")
	}
	switch in := e.Values.(type) {
	case Bid:
		least := leastOwn(p, self)
		if err := judge(p.Currency, in.Max, least); err != nil {
			return deal.Preview{}, err
		}
		return deal.Preview{Minimum: deal.Ptr(least), YouPayAtMost: deal.Ptr(in.Max)}, nil
	case Buy:
		return previewBuy(p, self, in)
	default:
		return deal.Preview{}, fmt.Errorf("english: preview of %T", e.Values)
	}
}

func previewBuy(p deal.Public, self deal.Self, in Buy) (deal.Preview, error) {
	if p.BuyNowPrice == nil {
		return deal.Preview{}, fault.New(fault.CodeNotOffered, nil)
	}
	if !in.ByCard {
		if err := deal.Fund(self.Available, 0, *p.BuyNowPrice); err != nil {
			return deal.Preview{}, err
		}
	}
	return deal.Preview{UnitPrice: p.BuyNowPrice, YouPayAtMost: p.BuyNowPrice}, nil
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
