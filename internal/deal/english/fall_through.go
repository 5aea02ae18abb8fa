package english

import (
	"haggle/internal/deal"
)

// FallThrough strikes all bids of a winner who did not pay and computes the auction again without them: the next leader
// gets it at the price that the others' maxima then give, where that reaches the reserve. A winner who paid at once keeps
// it.
func (Mechanism) FallThrough(v deal.View, f deal.Fall) (deal.Fallen, bool, error) {
	t, s, err := parts(v)
	if err != nil || !s.hasLeader() || s.M1Seq != f.Entry || s.Paid != "" {
		return deal.Fallen{}, false, err
	}
	next, out := t.withoutLeader(s, v.Crowd)
	if !next.Met {
		return deal.Fallen{}, false, nil
	}
	d := *next.sold()
	fallen := deal.Fallen{State: next, Struck: out, Decision: d, Award: next.award(v.Owner), Lines: []deal.LineDraft{
		{Who: v.Who, Kind: deal.Changed, Body: fallBody(f.Award, f.Reason, next)},
		{Who: v.Who, Kind: deal.Awarded, Body: next.awarded()},
		{Who: v.Who, Kind: deal.Closed, Body: closedBody(d)},
	}}
	for i := range v.Crowd {
		if v.Crowd[i].Account == next.Leader {
			fallen.Backup = bidsOf(&v.Crowd[i]).Backup
		}
	}
	return fallen, true, nil
}

// withoutLeader is the auction without any bid of its leader, and what is left of his standing.
func (t *Terms) withoutLeader(s *State, crowd []deal.Standing) (next *State, out deal.Standing) {
	out = deal.Standing{Account: s.Leader, Pseudonym: s.LeaderWho}
	for _, x := range crowd {
		if x.Account == s.Leader {
			out = x
		}
	}
	out.Values, out.Active = bidsOf(&out).without(true), false
	return t.recomputed(s, struck{of: out}.crowd(crowd)), out
}

// fallBody is the body of the line that strikes a winner's bids after the close.
func fallBody(award int64, reason deal.Reason, next *State) deal.Body {
	return deal.Body{"act": string(deal.FallThrough), "of": award, "reason": string(reason), "after": next.after()}
}
