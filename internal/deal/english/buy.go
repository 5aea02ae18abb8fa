package english

import (
	"fmt"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

// Buy ends the auction by its buy-now price, paid at once: the Values of a [deal.Buy] entry.
type Buy struct {
	Quantity int64 // 1; 0 stands for it
	ByCard   bool  // a card was charged before; else the wallet pays
}

// enterBuy sells to a buyer at the buy-now price. His order begins paid, or the purchase is refused.
func enterBuy(v deal.View, t *Terms, s *State, e deal.Entry) (deal.Effects, error) {
	in, ok := e.Values.(Buy)
	if !ok {
		return deal.Effects{}, fmt.Errorf("english: values of a purchase are %T", e.Values)
	}
	if err := only(deal.Member, e.Role); err != nil {
		return deal.Effects{}, err
	}
	if in.Quantity > 1 || in.Quantity < 0 {
		return deal.Effects{}, fault.Invalidf("quantity", "an auction sells one piece")
	}
	if !t.offersBuyNow(s) {
		return deal.Effects{}, fault.New(fault.CodeNotOffered, nil)
	}
	price := *t.BuyNowPrice
	if !in.ByCard {
		if err := deal.Fund(v.Available, 0, price); err != nil {
			return deal.Effects{}, err
		}
	}
	next := *s
	next.Leader, next.LeaderWho, next.Standing, next.Bought, next.Gone = e.Account, v.Who, price, v.Seq, true
	next.M1Seq = v.Seq
	award := next.award(v.Owner)
	award.Payment = deal.PayFromFree
	if in.ByCard {
		award.Payment = deal.PayCard
	}
	body := deal.Body{"act": string(deal.Buy), "quantity": 1, "after": next.after()}
	return deal.Effects{State: &next, Orders: []deal.Award{award}, Lines: []deal.LineDraft{{Who: v.Who, Kind: deal.Entered, Body: body}},
		Decision: next.sold(), Answer: deal.Answer{Standing: deal.Ptr(price), Leading: deal.Ptr(true)}}, nil
}
