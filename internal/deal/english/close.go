package english

import (
	"time"

	"haggle/internal/deal"
)

// payWithin is how long a winner has to pay.
const payWithin = 4 * 24 * time.Hour

// Decide fixes the outcome at the deadline: sold to the leader at the standing price where the reserve is met.
func (Mechanism) Decide(v deal.View) (deal.Decision, time.Time, error) {
	_, s, err := parts(v)
	if err != nil {
		return deal.Decision{}, time.Time{}, err
	}
	return s.decision(), time.Time{}, nil
}

func (s *State) decision() deal.Decision {
	switch {
	case !s.hasLeader():
		return deal.Decision{Result: deal.ResultFailed, Reason: deal.NoEntries}
	case !s.Met:
		return deal.Decision{Result: deal.ResultFailed, Reason: deal.ReserveNotMet}
	}
	return *s.sold()
}

func (s *State) sold() *deal.Decision {
	return &deal.Decision{Result: deal.Sold, UnitPrice: s.Standing, Pieces: 1, Awards: 1}
}

// award is the leader's: paid already where he bought, else due in four days.
func (s *State) award(owner string) deal.Award {
	a := deal.Award{Account: s.Leader, Pseudonym: s.LeaderWho, Seq: s.M1Seq, Quantity: 1, UnitPrice: s.Standing, Total: s.Standing,
		Buyer: s.Leader, Seller: owner, Payment: s.Paid}
	if s.Paid == "" {
		a.Payment, a.DueIn = deal.PayLater, payWithin
	}
	return a
}

// Unfold writes what a decision leads to: the opened secrets, the award, the closed line. A cancelled auction opens
// nothing and awards nothing.
func (Mechanism) Unfold(v deal.View, d deal.Decision, h deal.History) (deal.Outcome, error) {
	t, s, err := parts(v)
	if err != nil {
		return deal.Outcome{}, err
	}
	out := deal.Outcome{Closed: closedBody(d)}
	if d.Result == deal.ResultCancel {
		return out, nil
	}
	if d.Result == deal.Sold {
		out.Awards = []deal.Award{s.award(v.Owner)}
	}
	out.Reveals, err = t.reveals(v.Frame, s, d, h)
	return out, err
}

func closedBody(d deal.Decision) deal.Body {
	b := deal.Body{"result": string(d.Result), "awards": d.Awards}
	if d.Reason != "" {
		b["reason"] = string(d.Reason)
	}
	return b
}
