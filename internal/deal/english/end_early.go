package english

import (
	"haggle/internal/deal"
	"haggle/internal/fault"
)

// enterEndEarly sells to the leader now, at the standing price; it waives a reserve.
func enterEndEarly(v deal.View, s *State, e deal.Entry) (deal.Effects, error) {
	if err := only(deal.Owner, e.Role); err != nil {
		return deal.Effects{}, err
	}
	reason := e.Reason
	if reason == "" {
		reason = deal.OwnerWithdrew
	}
	if err := ownerMay(reason); err != nil {
		return deal.Effects{}, err
	}
	if !s.hasLeader() {
		return deal.Effects{}, fault.New(fault.CodeNotOffered, nil)
	}
	body := deal.Body{"act": string(deal.EndEarly), "of": s.M1Seq, "reason": string(reason), "after": s.after()}
	line := deal.LineDraft{Who: v.Who, Kind: deal.Changed, Body: body}
	return deal.Effects{Lines: []deal.LineDraft{line}, Decision: s.sold()}, nil
}
