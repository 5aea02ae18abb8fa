package english

import (
	"fmt"
	"maps"
	"slices"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// unlimited stands for a winner's maximum that was not opened: above every bid.
const unlimited = int64(money.Max)

// reveals opens the reserve and every maximum, but for the last one of the winner, or of the leader where the reserve
// was not met; that one only where the log could not be recomputed without it.
func (t *Terms) reveals(f deal.Frame, s *State, d deal.Decision, h deal.History) ([]deal.Reveal, error) {
	if len(h.Lines) == 0 {
		return nil, fmt.Errorf("english: deal %s has no log", f.Deal)
	}
	opened, _ := h.Lines[0].Body["closesAt"].(string)
	var err error
	if f.ClosesAt, err = deal.ParseTime(opened); err != nil {
		return nil, fmt.Errorf("english: deal %s: %w", f.Deal, err)
	}
	all, values := secrets(h)
	kept := lastBid(h.Lines, s.LeaderWho)
	if kept < 0 || !t.recomputable(f, d, h.Lines[1:], values, kept) {
		return all, nil
	}
	return slices.DeleteFunc(all, func(r deal.Reveal) bool { return r.Of == kept }), nil
}

// secrets lists what could be opened, in the order of the log, and the maxima by line.
func secrets(h deal.History) (all []deal.Reveal, maxima map[int64]int64) {
	maxima = map[int64]int64{}
	for _, l := range h.Lines {
		for _, x := range h.Secrets[l.Seq] {
			all = append(all, deal.Reveal{Who: l.Who, Of: l.Seq, Secret: x})
			if x.Field == fieldMax {
				maxima[l.Seq] = x.Value
			}
		}
	}
	return all, maxima
}

// lastBid is the line of a bidder's last maximum; −1 where he never bid one.
func lastBid(lines []deal.Line, who string) int64 {
	for i := len(lines) - 1; i >= 0; i-- {
		if l := lines[i]; l.Who == who && isBid(l) {
			return l.Seq
		}
	}
	return -1
}

func isBid(l deal.Line) bool { return l.Kind == deal.Entered && l.Body["act"] == string(deal.Bid) }

// assume gives the values of all maxima, with the one kept closed taken as unlimited, or as one unit below the reserve
// where the auction was not sold.
func assume(t *Terms, sold bool, values map[int64]int64, kept int64) map[int64]int64 {
	out := maps.Clone(values)
	out[kept] = unlimited
	if !sold {
		out[kept] = int64(t.reserve()) - 1
	}
	return out
}

// recomputable says whether the log replays to the same lines and result with one maximum unopened.
func (t *Terms) recomputable(f deal.Frame, d deal.Decision, entries []deal.Line, values map[int64]int64, kept int64) bool {
	r := newReplay(f, t, assume(t, d.Result == deal.Sold, values, kept), kept)
	return r.run(entries) == nil && r.checkResult(d) == nil
}
