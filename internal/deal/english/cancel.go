package english

import (
	"haggle/internal/deal"
	"haggle/internal/fault"
)

// enterCancel calls the auction off: its owner without counting bids at any time, with bids while more than 12 h are
// left; a moderator always. It writes no line of its own: the closed line is the closing's.
func enterCancel(v deal.View, s *State, e deal.Entry) (deal.Effects, error) {
	reason := e.Reason
	if reason == "" {
		reason = deal.OwnerWithdrew
	}
	switch e.Role {
	case deal.Moderator:
		reason = deal.ByModerator
	case deal.Owner:
		if err := ownerMay(reason); err != nil {
			return deal.Effects{}, err
		}
		if s.hasLeader() && !early(v.ClosesAt, v.Now) {
			return deal.Effects{}, locked(v.ClosesAt.Add(-lastHours))
		}
	default:
		return deal.Effects{}, fault.New(fault.CodeForbidden, nil)
	}
	return deal.Effects{Decision: &deal.Decision{Result: deal.ResultCancel, Reason: reason}}, nil
}
