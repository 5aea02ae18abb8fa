package request

import (
	"slices"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

// enterCancel calls a request off: an inviting one at any time, a binding one while nobody has quoted; a moderator
// always. It writes no line of its own: the closed line is the closing's.
func enterCancel(t *Terms, st *State, e deal.Entry) (deal.Effects, error) {
	reason := deal.Reason("")
	switch e.Role {
	case deal.Moderator:
		reason = deal.ByModerator
	case deal.Owner:
		reason = deal.OwnerWithdrew
		if e.Reason != "" {
			reason = e.Reason
		}
		if reason == deal.ByModerator || !slices.Contains(deal.Reasons(), reason) {
			return deal.Effects{}, fault.Invalidf("reason", "no reason of an owner")
		}
		if t.Binding && st.Sellers > 0 {
			return deal.Effects{}, fault.New(fault.CodeWithdrawalLocked, nil)
		}
	default:
		return deal.Effects{}, fault.New(fault.CodeForbidden, nil)
	}
	return deal.Effects{Decision: &deal.Decision{Result: deal.ResultCancel, Reason: reason}}, nil
}

// locked refuses to take a quote back: it binds its seller from the moment it was made.
func locked(own *deal.Standing) error {
	if quoted(own) == nil {
		return fault.New(fault.CodeWithdrawalLocked, nil)
	}
	return fault.New(fault.CodeWithdrawalLocked, fault.Params{"lockedFrom": deal.FormatTime(own.At)})
}
