package english

import (
	"fmt"
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// Bid is a maximum: the Values of a [deal.Bid] entry.
type Bid struct {
	Max    money.Amount
	Backup bool // the offer stands as a backup when the winner does not pay
}

// keptBids is how many of one bidder's bids can come back when later ones are retracted.
const keptBids = 32

// One is a bid in force.
type One struct {
	Seq    int64        `bson:"seq"`
	Max    money.Amount `bson:"max"`
	At     time.Time    `bson:"at"`
	Counts bool         `bson:"counts"`
}

// Bids are one bidder's bids in force, oldest first: the values of his standing.
type Bids struct {
	List   []One `bson:"list"`
	Backup bool  `bson:"backup,omitempty"`
}

// bidsOf reads a standing's bids; none where there is no standing.
func bidsOf(s *deal.Standing) *Bids {
	if s == nil {
		return &Bids{}
	}
	b, ok := s.Values.(*Bids)
	if !ok || b == nil {
		return &Bids{}
	}
	return b
}

// top is the highest counting bid, the earlier of equal ones.
func (b *Bids) top() (One, bool) {
	var best One
	found := false
	for _, x := range b.List {
		if x.Counts && (!found || x.Max > best.Max) {
			best, found = x, true
		}
	}
	return best, found
}

// with is the bids and one more; the oldest beyond keptBids are forgotten.
func (b *Bids) with(x One, backup bool) *Bids {
	list := append(slices.Clone(b.List), x)
	return &Bids{List: list[max(0, len(list)-keptBids):], Backup: backup}
}

// enterBid accepts or refuses a maximum.
func enterBid(v deal.View, t *Terms, s *State, e deal.Entry) (deal.Effects, error) {
	in, ok := e.Values.(Bid)
	if !ok {
		return deal.Effects{}, fmt.Errorf("english: values of a bid are %T", e.Values)
	}
	if err := only(deal.Member, e.Role); err != nil {
		return deal.Effects{}, err
	}
	if err := t.judge(v.Currency, in.Max, t.leastFor(s, e.Account, v.Currency)); err != nil {
		return deal.Effects{}, err
	}
	counts := !related(v.Owner, s, e)
	next := s
	if counts {
		next = t.withBid(s, e.Account, v.Who, v.Seq, in.Max)
	}
	secret := deal.Secret{Field: fieldMax, Salt: e.Salts[0], Value: int64(in.Max)}
	body := deal.Body{"act": string(deal.Bid), "max": deal.Committed(v.Deal, v.Who, secret), "after": next.after()}
	if !counts {
		body["counts"] = false
	}
	fx := deal.Effects{State: next, ClosesAt: t.extended(v, s, next)}
	if !fx.ClosesAt.IsZero() {
		body["after"].(deal.Body)["closesAt"] = deal.FormatTime(fx.ClosesAt)
	}
	fx.Lines = []deal.LineDraft{{Who: v.Who, Kind: deal.Entered, Body: body, Secrets: []deal.Secret{secret}}}
	one := One{Seq: v.Seq, Max: in.Max, At: v.Now, Counts: counts}
	fx.Own = &deal.Standing{Account: e.Account, Pseudonym: v.Who, Seq: v.Seq, At: v.Now, Active: true, Values: bidsOf(v.Own).with(one, in.Backup)}
	fx.Answer = t.answer(next, e.Account, counts)
	return fx, nil
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
func (t *Terms) judge(c money.Currency, maximum, least money.Amount) error {
	if maximum <= 0 || maximum > money.Max/2 {
		return fault.Invalidf("max", "must be above 0 and in range")
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

// extended is the deadline that a bid moves to; zero where it stays. Only a change of the price or of the leader
// within the window moves it.
func (t *Terms) extended(v deal.View, before, after *State) time.Time {
	changed := before.Standing != after.Standing || before.Leader != after.Leader
	return t.moved(changed, v.ClosesAt, v.Now)
}

func (t *Terms) moved(changed bool, closesAt, now time.Time) time.Time {
	window := time.Duration(t.SoftClose.WindowSeconds) * time.Second
	if !changed || window == 0 || closesAt.Sub(now) > window {
		return time.Time{}
	}
	later := now.Add(time.Duration(t.SoftClose.ExtendSeconds) * time.Second)
	if !later.After(closesAt) {
		return time.Time{}
	}
	return later
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
