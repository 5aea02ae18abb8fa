package english

import (
	"haggle/internal/deal"
	"haggle/internal/money"
)

// State is the running state of an auction: the leader, the two maxima, and what they lead to.
type State struct {
	Leader    string       `bson:"leader,omitempty"`    // account; empty: no counting bid stands
	LeaderWho string       `bson:"leaderWho,omitempty"` // his pseudonym
	M1        money.Amount `bson:"m1,omitempty"`        // his maximum: secret
	M1Seq     int64        `bson:"m1Seq,omitempty"`
	M2        money.Amount `bson:"m2,omitempty"` // the highest maximum of another; 0: none
	Standing  money.Amount `bson:"standing,omitempty"`
	Met       bool         `bson:"met,omitempty"`  // the reserve is reached
	Gone      bool         `bson:"gone,omitempty"` // buy-now is no longer offered, for good
	Paid      deal.Payment `bson:"paid,omitempty"` // how the leader paid who ended the auction by its buy-now price
}

// hasLeader says whether a counting bid stands.
func (s *State) hasLeader() bool { return s.Leader != "" }

// standing is the price as a function of the two highest maxima; m2 0: there is no other bidder.
func (t *Terms) standing(m1, m2 money.Amount) money.Amount {
	price := t.StartPrice
	if m2 > 0 {
		price = max(price, min(m1, m2+t.increment(m2)))
	}
	if r := t.reserve(); r > 0 && m1 >= r {
		price = max(price, r)
	}
	return price
}

// minimum is the least maximum that anybody but the leader may bid.
func (t *Terms) minimum(s *State) money.Amount {
	if !s.hasLeader() {
		return t.StartPrice
	}
	return s.Standing + t.increment(s.Standing)
}

// offersBuyNow says whether the buy-now price is offered: until the first counting bid or, with a reserve, until the
// reserve is met.
func (t *Terms) offersBuyNow(s *State) bool { return t.BuyNowPrice != nil && !s.Gone }

// priced computes what follows from the maxima.
func (t *Terms) priced(s State) *State {
	s.Standing = 0
	s.Met = false
	if s.hasLeader() {
		s.Standing = t.standing(s.M1, s.M2)
		s.Met = s.M1 >= t.reserve()
		s.Gone = s.Gone || s.Met // without a reserve any bid meets it
	}
	return &s
}

// withBid is the state after a counting bid. Of equal maxima the earlier leads.
func (t *Terms) withBid(s *State, account, who string, seq int64, maximum money.Amount) *State {
	next := *s
	switch {
	case !s.hasLeader():
		next.Leader, next.LeaderWho, next.M1, next.M1Seq = account, who, maximum, seq
	case s.Leader == account:
		next.M1, next.M1Seq = maximum, seq
	case maximum > s.M1:
		next.Leader, next.LeaderWho, next.M1, next.M1Seq, next.M2 = account, who, maximum, seq, s.M1
	default:
		next.M2 = max(s.M2, maximum)
	}
	return t.priced(next)
}

// recomputed is the state of the bids that are left, from nothing: for bids that are struck.
func (t *Terms) recomputed(s *State, crowd []deal.Standing) *State {
	next := State{Gone: s.Gone}
	for _, x := range crowd {
		top, ok := bidsOf(&x).top()
		if !ok || !x.Active {
			continue
		}
		switch {
		case !next.hasLeader() || top.Max > next.M1 || top.Max == next.M1 && top.Seq < next.M1Seq:
			next.M2 = max(next.M2, next.M1)
			next.Leader, next.LeaderWho, next.M1, next.M1Seq = x.Account, x.Pseudonym, top.Max, top.Seq
		default:
			next.M2 = max(next.M2, top.Max)
		}
	}
	return t.priced(next)
}

// after is the public state that a line leads to.
func (s *State) after() deal.Body {
	b := deal.Body{}
	if s.hasLeader() {
		b["leader"], b["standing"] = s.LeaderWho, int64(s.Standing)
	}
	return b
}
