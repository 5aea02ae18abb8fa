package group

import (
	"fmt"
	"time"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// Decide clears the group: the cheapest feasible tier, or failure. A group never waits.
func (mechanism) Decide(v deal.View) (deal.Decision, time.Time, error) {
	t, s, err := open(v)
	if err != nil {
		return deal.Decision{}, time.Time{}, err
	}
	tier := t.reached(s.Tiers)
	if tier == 0 {
		return failed(s.Tiers), time.Time{}, nil
	}
	sums := s.Tiers[tier-1]
	awards := sums.Pledges
	if pieces := t.ordered(sums); pieces < sums.Pieces {
		claims, err := claimsOf(v.Crowd)
		if err != nil {
			return deal.Decision{}, time.Time{}, err
		}
		if got := t.sums(claims)[tier-1]; got != sums {
			return deal.Decision{}, time.Time{}, fmt.Errorf("group: the crowd's sums %+v are not the state's %+v", got, sums)
		}
		awards = served(t.allot(claims, tier, pieces))
	}
	return t.sold(s.Tiers, tier, awards), time.Time{}, nil
}

// sold is the decision of a group that clears.
func (t *Terms) sold(tiers []Sums, tier, awards int64) deal.Decision {
	return deal.Decision{Result: deal.Sold, Tier: tier, UnitPrice: t.Tiers[tier-1].UnitPrice,
		Pieces: t.ordered(tiers[tier-1]), Awards: awards}
}

// failed is the decision of a group that does not clear.
func failed(tiers []Sums) deal.Decision {
	d := deal.Decision{Result: deal.ResultFailed, Reason: deal.BelowMinimum}
	if all(tiers).Pledges == 0 {
		d.Reason = deal.NoEntries
	}
	return d
}

// claimsOf are the pledges that stand, in the order of the queue.
func claimsOf(crowd []deal.Standing) ([]claim, error) {
	var claims []claim
	for i := range crowd {
		s, err := standing(&crowd[i])
		if err != nil {
			return nil, err
		}
		if s != nil {
			claims = append(claims, claim{Standing: *s, who: crowd[i].Pseudonym, account: crowd[i].Account, seq: crowd[i].Seq})
		}
	}
	inQueue(claims)
	return claims, nil
}

// Unfold lists the ceilings to open, and the awards in the order of the queue, each with its share of the fees and paid
// from the hold.
func (mechanism) Unfold(v deal.View, d deal.Decision, h deal.History) (deal.Outcome, error) {
	t, _, err := open(v)
	if err != nil {
		return deal.Outcome{}, err
	}
	out := deal.Outcome{Closed: closedBody(d)}
	if d.Result == deal.ResultCancel {
		return out, nil
	}
	claims, err := claimsOf(v.Crowd)
	if err != nil {
		return out, err
	}
	got := make([]int64, len(claims))
	if d.Result == deal.Sold {
		got = t.allot(claims, d.Tier, d.Pieces)
		if out.Awards, err = t.awards(v, claims, got, d); err != nil {
			return out, err
		}
	}
	out.Reveals, err = t.reveals(claims, got, h)
	return out, err
}

// awards turns shares into awards.
func (t *Terms) awards(v deal.View, claims []claim, got []int64, d deal.Decision) ([]deal.Award, error) {
	if n := served(got); n != d.Awards {
		return nil, fmt.Errorf("group: %d are served where %d awards were decided", n, d.Awards)
	}
	fees := t.shares(v.Currency, got)
	out := make([]deal.Award, 0, d.Awards)
	for i, c := range claims {
		if got[i] == 0 {
			continue
		}
		total, err := money.Mul(d.UnitPrice, got[i])
		if err != nil {
			return nil, fmt.Errorf("group: award to %s: %w", c.who, err)
		}
		out = append(out, deal.Award{Account: c.account, Pseudonym: c.who, Seq: c.seq, Quantity: got[i], UnitPrice: d.UnitPrice,
			Total: total, Fees: fees[i], Buyer: c.account, Seller: v.Owner, Payment: deal.PayHold})
	}
	return out, nil
}

// closedBody is the body of the closed line.
func closedBody(d deal.Decision) deal.Body {
	b := deal.Body{"result": string(d.Result), "awards": d.Awards}
	if d.Reason != "" {
		b["reason"] = string(d.Reason)
	}
	if d.Result != deal.ResultCancel {
		b["tier"], b["pieces"] = d.Tier, d.Pieces
	}
	if d.Result == deal.Sold {
		b["unitPrice"] = d.UnitPrice
	}
	return b
}
