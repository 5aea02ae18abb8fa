package english

import (
	"fmt"
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
	switch {
	case !s.hasLeader():
		return deal.Decision{Result: deal.ResultFailed, Reason: deal.NoEntries}, time.Time{}, nil
	case !s.Met:
		return deal.Decision{Result: deal.ResultFailed, Reason: deal.ReserveNotMet}, time.Time{}, nil
	}
	return *s.sold(), time.Time{}, nil
}

func (s *State) sold() *deal.Decision {
	return &deal.Decision{Result: deal.Sold, UnitPrice: s.Standing, Pieces: 1, Awards: 1}
}

func (s *State) award(owner string) deal.Award {
	return deal.Award{Account: s.Leader, Pseudonym: s.LeaderWho, Seq: s.M1Seq, Quantity: 1, UnitPrice: s.Standing, Total: s.Standing,
		Buyer: s.Leader, Seller: owner, Payment: deal.PayLater, DueIn: payWithin}
}

// Unfold writes what a decision leads to: the opened maxima, the award, the closed line.
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

// reveals opens the reserve and every maximum, but for the last one of the winner, or of the leader where the reserve
// was not met; that one only where the log could not be recomputed without it.
func (t *Terms) reveals(f deal.Frame, s *State, d deal.Decision, h deal.History) ([]deal.Reveal, error) {
	if len(h.Lines) == 0 {
		return nil, fmt.Errorf("english: deal %s has no log", f.Deal)
	}
	opened, _ := h.Lines[0].Body["closesAt"].(string)
	var err error
	if f.ClosesAt, err = deal.ParseTime(opened); err != nil {
		return nil, err
	}
	kept := int64(-1)
	if s.hasLeader() {
		kept = lastBid(h.Lines, s.LeaderWho)
	}
	values := map[int64]int64{}
	var all []deal.Reveal
	for _, l := range h.Lines {
		for _, x := range h.Secrets[l.Seq] {
			values[l.Seq] = x.Value
			all = append(all, deal.Reveal{Who: l.Who, Of: l.Seq, Secret: x})
		}
	}
	if kept < 0 || !t.recomputable(f, d, h.Lines, values, kept) {
		return all, nil
	}
	out := all[:0:0]
	for _, r := range all {
		if r.Of != kept {
			out = append(out, r)
		}
	}
	return out, nil
}

// lastBid is the line of a bidder's last maximum; −1 where he never bid one (he bought).
func lastBid(lines []deal.Line, who string) int64 {
	for i := len(lines) - 1; i >= 0; i-- {
		if l := lines[i]; l.Who == who && l.Kind == deal.Entered && l.Body["act"] == string(deal.Bid) {
			return l.Seq
		}
	}
	return -1
}

// recomputable says whether the log replays to the same lines with one maximum unopened.
func (t *Terms) recomputable(f deal.Frame, d deal.Decision, lines []deal.Line, values map[int64]int64, kept int64) bool {
	r := newReplay(f, t, assume(t, d.Result, values, kept))
	r.free = map[int64]bool{kept: true}
	for _, l := range lines[1:] {
		if r.step(l) != nil {
			return false
		}
	}
	return r.checkResult(d) == nil
}
