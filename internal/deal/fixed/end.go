package fixed

import (
	"slices"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

// enterEndEarly stops the sale: the deadline becomes now. Purchases that stand may still be paid, and what is paid
// stays sold.
func enterEndEarly(v deal.View, st *State, e deal.Entry) (deal.Effects, error) {
	if e.Role != deal.Owner {
		return deal.Effects{}, fault.New(fault.CodeForbidden, nil)
	}
	reason, err := ownersReason(e.Reason)
	if err != nil {
		return deal.Effects{}, err
	}
	after := st.after()
	after["closesAt"] = deal.FormatTime(v.Now)
	body := deal.Body{"act": string(deal.EndEarly), "of": 0, "reason": string(reason), "after": after}
	return deal.Effects{ClosesAt: v.Now, Lines: []deal.LineDraft{{Who: v.Who, Kind: deal.Changed, Body: body}}}, nil
}

// enterCancel calls a listing off: its owner while no purchase stands, a moderator always. It writes no line of its
// own: the closed line is the closing's.
func enterCancel(st *State, e deal.Entry) (deal.Effects, error) {
	reason := deal.ByModerator
	switch e.Role {
	case deal.Moderator:
	case deal.Owner:
		var err error
		if reason, err = ownersReason(e.Reason); err != nil {
			return deal.Effects{}, err
		}
		if st.Unpaid > 0 || st.Sold > 0 {
			return deal.Effects{}, fault.New(fault.CodeWithdrawalLocked, nil)
		}
	default:
		return deal.Effects{}, fault.New(fault.CodeForbidden, nil)
	}
	return deal.Effects{Decision: &deal.Decision{Result: deal.ResultCancel, Reason: reason, Awards: st.Awards}}, nil
}

// ownersReason is the reason that an owner gives, owner_withdrew where he gives none.
func ownersReason(r deal.Reason) (deal.Reason, error) {
	switch {
	case r == "":
		return deal.OwnerWithdrew, nil
	case r == deal.ByModerator || !slices.Contains(deal.Reasons(), r):
		return "", fault.Invalidf("reason", "no reason of an owner")
	}
	return r, nil
}
