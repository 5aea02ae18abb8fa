package english

import (
	"fmt"
	"slices"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

// CancelBid names the bidder whose bids the seller strikes: the Values of a [deal.CancelBid] entry.
type CancelBid struct{ Pseudonym string }

// enterCancelBid lets the seller strike all bids of one bidder; in the last 12 h only when that bidder asked.
func enterCancelBid(v deal.View, t *Terms, s *State, e deal.Entry) (deal.Effects, error) {
	in, ok := e.Values.(CancelBid)
	if !ok {
		return deal.Effects{}, fmt.Errorf("english: values of cancel_bid are %T", e.Values)
	}
	if err := only(deal.Owner, e.Role); err != nil {
		return deal.Effects{}, err
	}
	if err := ownerMay(e.Reason); err != nil {
		return deal.Effects{}, err
	}
	i := slices.IndexFunc(v.Crowd, func(x deal.Standing) bool { return x.Pseudonym == in.Pseudonym && len(bidsOf(&x).List) > 0 })
	if i < 0 {
		return deal.Effects{}, fault.Invalidf("pseudonym", "no bid of %q stands", in.Pseudonym)
	}
	if !early(v.ClosesAt, v.Now) && e.Reason != deal.BidderAsked {
		return deal.Effects{}, locked(v.ClosesAt.Add(-lastHours))
	}
	return strike(v.Crowd[i], true).effects(v, t, s, deal.CancelBid, e.Reason), nil
}
