package group

import (
	"slices"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

// enterWithdraw takes a member's pledge back and releases its hold. It loses the place in the queue.
func enterWithdraw(v deal.View, e deal.Entry, t *Terms, s *State) (deal.Effects, error) {
	if err := onlyMembers(e.Role); err != nil {
		return deal.Effects{}, err
	}
	reason, err := reasonOr(e.Reason, deal.BidderAsked)
	if err != nil {
		return deal.Effects{}, err
	}
	sit := situation{terms: t, tiers: s.Tiers, now: v.Now, lockedFrom: t.lockedFrom(v.ClosesAt)}
	if err := sit.setOwn(v.Own); err != nil {
		return deal.Effects{}, err
	}
	if sit.own == nil {
		return deal.Effects{}, fault.New(fault.CodeNotFound, nil)
	}
	after := t.moved(s.Tiers, sit.own, nil)
	if err := sit.checkLock(after, nil); err != nil {
		return deal.Effects{}, err
	}
	gone := *v.Own
	gone.Active, gone.Hold, gone.Values = false, 0, &Standing{}
	body := deal.Body{"act": string(deal.Withdraw), "of": v.Own.Seq, "reason": string(reason), "after": t.after(after)}
	return deal.Effects{
		State:  &State{Tiers: after},
		Own:    &gone,
		Lines:  []deal.LineDraft{{Who: v.Who, Kind: deal.Changed, Body: body}},
		Answer: answer(t, t.reached(after), 0),
	}, nil
}

// reasonOr gives the reason of an entry, or its default; it refuses what is no code of the log.
func reasonOr(given, fallback deal.Reason) (deal.Reason, error) {
	if given == "" {
		return fallback, nil
	}
	if !slices.Contains(deal.Reasons(), given) {
		return "", fault.Invalidf("reason", "unknown reason %q", given)
	}
	return given, nil
}
