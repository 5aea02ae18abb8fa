package english

import (
	"fmt"
	"slices"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// Bid is a maximum: the Values of a [deal.Bid] entry.
type Bid struct {
	Max    money.Amount
	Backup bool // the offer stands as a backup when the winner does not pay
}

// enterBid accepts or refuses a maximum. One that does not count leaves the state as it is.
func enterBid(v deal.View, t *Terms, s *State, e deal.Entry) (deal.Effects, error) {
	in, ok := e.Values.(Bid)
	if !ok {
		return deal.Effects{}, fmt.Errorf("english: values of a bid are %T", e.Values)
	}
	if err := only(deal.Member, e.Role); err != nil {
		return deal.Effects{}, err
	}
	if err := judge(v.Currency, in.Max, t.leastFor(s, e.Account, v.Currency)); err != nil {
		return deal.Effects{}, err
	}
	counts, next := !related(v.Owner, s, e), s
	if counts {
		next = t.withBid(s, e.Account, v.Who, v.Seq, in.Max)
	}
	one := One{Seq: v.Seq, Max: in.Max, At: v.Now, Counts: counts}
	fx := deal.Effects{State: next, ClosesAt: t.extended(v, s, next), Answer: t.answer(next, e.Account, counts)}
	fx.Lines = []deal.LineDraft{bidLine(v, e.Salts[0], one, next, fx)}
	fx.Own = &deal.Standing{Account: e.Account, Pseudonym: v.Who, Seq: v.Seq, At: v.Now, Active: true,
		Values: bidsOf(v.Own).with(one, in.Backup)}
	return fx, nil
}

// bidLine writes a bid: its maximum as a commitment, and what everybody sees after it.
func bidLine(v deal.View, salt string, one One, next *State, fx deal.Effects) deal.LineDraft {
	secret := deal.Secret{Field: fieldMax, Salt: salt, Value: int64(one.Max)}
	after := next.after()
	if !fx.ClosesAt.IsZero() {
		after["closesAt"] = deal.FormatTime(fx.ClosesAt)
	}
	body := deal.Body{"act": string(deal.Bid), "max": deal.Committed(v.Deal, v.Who, secret), "after": after}
	if !one.Counts {
		body["counts"] = false
	}
	return deal.LineDraft{Who: v.Who, Kind: deal.Entered, Body: body, Secrets: []deal.Secret{secret}}
}

// leastFor is the least maximum that an account may bid: one number for everybody, but for the leader, who may raise
// himself by anything.
func (t *Terms) leastFor(s *State, account string, c money.Currency) money.Amount {
	if s.hasLeader() && s.Leader == account {
		return s.M1 + c.CashUnit
	}
	return t.minimum(s)
}

// judge refuses a maximum that is no cash amount or too low.
func judge(c money.Currency, maximum, least money.Amount) error {
	if maximum <= 0 || maximum > money.Max/2 {
		return fault.Invalidf("max", "must be above 0 and at most %d", money.Max/2)
	}
	if err := deal.Cash(c, maximum); err != nil {
		return err
	}
	if maximum < least {
		return fault.New(fault.CodeBelowMinimum, fault.Params{"minimum": int64(least)})
	}
	return nil
}

// related says whether a bid does not count: its maker is related to the seller or to the present leader.
func related(owner string, s *State, e deal.Entry) bool {
	return slices.Contains(e.Related, owner) || s.hasLeader() && s.Leader != e.Account && slices.Contains(e.Related, s.Leader)
}

// answer is what a bidder is told of his bid.
func (t *Terms) answer(s *State, account string, counts bool) deal.Answer {
	a := deal.Answer{Leading: deal.Ptr(s.Leader == account), Minimum: deal.Ptr(t.minimum(s))}
	if s.hasLeader() {
		a.Standing = deal.Ptr(s.Standing)
	}
	if !counts {
		a.Counts = deal.Ptr(false)
	}
	return a
}
