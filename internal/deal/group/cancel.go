package group

import (
	"haggle/internal/deal"
	"haggle/internal/fault"
)

// enterCancel calls the deal off: its owner before the last phase, and as long as nobody has pledged; a moderator at
// any time. It is a closing, so its only line is `closed`.
func enterCancel(v deal.View, e deal.Entry, t *Terms, s *State) (deal.Effects, error) {
	reason, err := cancelReason(e)
	if err != nil {
		return deal.Effects{}, err
	}
	from := t.lockedFrom(v.ClosesAt)
	if e.Role == deal.Owner && all(s.Tiers).Pledges > 0 && !from.IsZero() && !v.Now.Before(from) {
		return deal.Effects{}, lock(from)
	}
	return deal.Effects{Decision: &deal.Decision{Result: deal.ResultCancel, Reason: reason}}, nil
}

// cancelReason says why; only a moderator's own cancelling bears his code.
func cancelReason(e deal.Entry) (deal.Reason, error) {
	switch e.Role {
	case deal.Moderator:
		return deal.ByModerator, nil
	case deal.Owner:
		if e.Reason == deal.ByModerator {
			return "", fault.Invalidf("reason", "%q is for moderators", e.Reason)
		}
		return reasonOr(e.Reason, deal.OwnerWithdrew)
	default:
		return "", fault.New(fault.CodeForbidden, nil)
	}
}
