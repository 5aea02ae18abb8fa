package english

import "haggle/internal/deal"

// checkLater recomputes awards that fell through after the close, three lines each: all bids of the one who did not
// take it are struck, and the next leader gets it at the price that the others' maxima then give.
func (r *replay) checkLater(s sections) error {
	if len(s.later) == 0 {
		return nil
	}
	n := len(s.closing)
	if n < 2 || s.closing[n-2].Kind != deal.Awarded {
		return deal.Wrong(s.later[0].Seq, "nothing was awarded that could fall through")
	}
	award := s.closing[n-2].Seq
	for later := s.later; len(later) > 0; later = later[3:] {
		if len(later) < 3 {
			return deal.Wrong(later[len(later)-1].Seq, "an award that falls through is three lines")
		}
		if err := r.again(later[0], award); err != nil {
			return err
		}
		if err := r.checkClosing(later[1:3], *r.state.sold()); err != nil {
			return err
		}
		award = later[1].Seq
	}
	return nil
}

// again strikes the bids of the one whose award fell through, and wants a next leader at or above the reserve.
func (r *replay) again(l deal.Line, award int64) error {
	if err := deal.OnlyKeys(l, l.Body, "act", "of", "reason", "after"); err != nil {
		return err
	}
	if l.Kind != deal.Changed || l.Who != "site" || l.Body["act"] != string(deal.FallThrough) || l.Body["of"] != award || text(l.Body, "reason") == "" {
		return deal.Wrong(l.Seq, "should be a fall_through of line %d", award)
	}
	next, out := r.terms.withoutLeader(r.state, r.crowd)
	if !next.Met {
		return deal.Wrong(l.Seq, "nobody is left whom it could go to")
	}
	r.keep(out)
	r.state = next
	if want := fallBody(award, deal.Reason(text(l.Body, "reason")), next); !same(want, l.Body) {
		return deal.Wrong(l.Seq, "should be %s", canonical(want))
	}
	return nil
}
