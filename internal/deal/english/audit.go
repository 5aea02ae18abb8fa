package english

import (
	"haggle/internal/deal"
	"haggle/internal/money"
)

// Audit replays a log: every `after`, the award and the result must come out as written. The last maximum of the
// winner may stay closed and counts as unlimited, that of an unsold leader as one unit below the reserve.
//
// A log that is open or cancelled opens no maximum. There the audit holds what can be seen against the rule: who may
// act and when, the deadline, and which moves of price and leader some maximum could explain.
func (Mechanism) Audit(t *deal.Transcript) error {
	terms, err := readTerms(t)
	if err != nil {
		return err
	}
	s, err := split(t)
	if err != nil {
		return err
	}
	if !t.IsClosed() || text(t.ClosedBody(), "result") == string(deal.ResultCancel) {
		return auditSight(t, terms, s)
	}
	return auditOpened(t, terms, s)
}

// sections are the parts of a log after its first line.
type sections struct {
	entries []deal.Line // entered and changed
	closing []deal.Line // revealed, awarded, closed: in this order and of one time
	later   []deal.Line // after the first closed line: awards that fell through
}

// rank is the place of a kind in a closing; 0 for what is none of it.
func rank(k deal.LineKind) int {
	switch k {
	case deal.Revealed:
		return 1
	case deal.Awarded:
		return 2
	case deal.Closed:
		return 3
	}
	return 0
}

// split finds the sections and holds the closing's lines to their order and to one time.
func split(t *deal.Transcript) (sections, error) {
	end := min(t.End+1, len(t.Lines))
	from := 1
	for from < end && rank(t.Lines[from].Kind) == 0 {
		from++
	}
	s := sections{entries: t.Lines[1:from], closing: t.Lines[from:end], later: t.Lines[end:]}
	for i, l := range s.closing {
		switch {
		case i == 0:
		case rank(l.Kind) < rank(s.closing[i-1].Kind):
			return s, deal.Wrong(l.Seq, "a closing is revealed lines, awards, the closed line")
		case !l.At.Equal(s.closing[0].At):
			return s, deal.Wrong(l.Seq, "the lines of a closing share their at")
		}
	}
	return s, nil
}

// auditOpened checks a log whose auction was sold or failed.
func auditOpened(t *deal.Transcript, terms *Terms, s sections) error {
	if err := openReserve(t, terms); err != nil {
		return err
	}
	kept := lastBid(s.entries, leaderOf(s.entries))
	values := opened(t, s.entries)
	r := newReplay(frame(t, terms), terms, values, noneKept)
	if _, open := values[kept]; kept >= 0 && !open {
		r.values, r.kept = assume(terms, sold(terms, s.entries), values, kept), kept
	}
	if err := r.run(s.entries); err != nil {
		return err
	}
	if err := r.checkTime(s); err != nil {
		return err
	}
	if r.kept == noneKept && kept >= 0 && terms.recomputable(frame(t, terms), r.decision(), s.entries, values, kept) {
		return deal.Wrong(kept, "its maximum was opened without need")
	}
	if err := r.checkClosing(s.closing, r.decision()); err != nil {
		return err
	}
	return r.checkLater(s)
}

// leaderOf is the leader that the last entry leaves.
func leaderOf(entries []deal.Line) string {
	if len(entries) == 0 {
		return ""
	}
	after, _ := entries[len(entries)-1].Body["after"].(deal.Body)
	return text(after, "leader")
}

// sold says whether the last entry leaves an auction that is sold: ended by it, or at or above the reserve.
func sold(t *Terms, entries []deal.Line) bool {
	last := entries[len(entries)-1]
	after, _ := last.Body["after"].(deal.Body)
	standing, _ := amount(after["standing"])
	return standing >= t.reserve() || last.Body["act"] == string(deal.Buy) || last.Body["act"] == string(deal.EndEarly)
}

// opened collects the opened maxima by line.
func opened(t *deal.Transcript, entries []deal.Line) map[int64]int64 {
	values := map[int64]int64{}
	for _, l := range entries {
		if v, ok := t.Reveal(l.Seq, fieldMax); ok {
			values[l.Seq] = v
		}
	}
	return values
}

// openReserve puts the opened reserve into the terms.
func openReserve(t *deal.Transcript, terms *Terms) error {
	if t.Terms[fieldReserve] == nil {
		return nil
	}
	v, ok := t.Reveal(0, fieldReserve)
	if !ok {
		return deal.Wrong(0, "the reserve is not opened")
	}
	reserve := money.Amount(v)
	terms.ReservePrice = &reserve
	return possible(t, terms)
}

// checkTime holds the closing's time against the deadline, or against the entry that ended the auction.
func (r *replay) checkTime(s sections) error {
	first := s.closing[0]
	switch {
	case r.ended && !first.At.Equal(s.entries[len(s.entries)-1].At):
		return deal.Wrong(first.Seq, "the closing shares the at of the line that ended the auction")
	case !r.ended && first.At.Before(r.view.ClosesAt):
		return deal.Wrong(first.Seq, "closed before closesAt %s", deal.FormatTime(r.view.ClosesAt))
	}
	return nil
}

// checkClosing holds the award and the closed line against the decision.
func (r *replay) checkClosing(closing []deal.Line, d deal.Decision) error {
	var want []deal.Body
	if d.Result == deal.Sold {
		want = append(want, r.state.awarded())
	}
	want = append(want, closedBody(d))
	for len(closing) > 0 && closing[0].Kind == deal.Revealed {
		closing = closing[1:]
	}
	for i, l := range closing {
		if i >= len(want) || !same(want[i], l.Body) || (l.Kind == deal.Closed) != (i == len(want)-1) {
			return deal.Wrong(l.Seq, "does not follow from the bids: %s", canonical(want[min(i, len(want)-1)]))
		}
	}
	return nil
}

// awarded is the body of the leader's awarded line.
func (s *State) awarded() deal.Body {
	a := s.award("")
	return deal.Body{"to": a.Pseudonym, "quantity": a.Quantity, "unitPrice": a.UnitPrice, "total": a.Total}
}
