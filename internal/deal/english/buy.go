package english

import (
	"fmt"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// Buy ends the auction by its buy-now price, paid at once: the Values of a [deal.Buy] entry.
type Buy struct {
	Quantity int64 // 1; 0 stands for it
	ByCard   bool  // a card was charged before; else the wallet pays
}

func (b Buy) payment() deal.Payment {
	if b.ByCard {
		return deal.PayCard
	}
	return deal.PayFromFree
}

// bought is the state after a purchase: the buyer leads at the price that he paid.
func (s *State) bought(account, who string, price money.Amount, seq int64, paid deal.Payment) *State {
	next := *s
	next.Leader, next.LeaderWho, next.Standing, next.M1Seq, next.Gone, next.Paid = account, who, price, seq, true, paid
	return &next
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
	next := s.bought(e.Account, v.Who, price, v.Seq, in.payment())
	body := deal.Body{"act": string(deal.Buy), "quantity": 1, "after": next.after()}
	return deal.Effects{
		State:    next,
		Lines:    []deal.LineDraft{{Who: v.Who, Kind: deal.Entered, Body: body}},
		Orders:   []deal.Award{next.award(v.Owner)},
		Decision: next.sold(),
		Answer:   deal.Answer{Standing: deal.Ptr(price), Leading: deal.Ptr(true)},
	}, nil
}
