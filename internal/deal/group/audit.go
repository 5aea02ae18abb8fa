package group

import (
	"bytes"
	"slices"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// Audit replays a log: every pledge and withdrawal, then the close with the ceilings that were opened. An unopened
// ceiling counts as unlimited: whoever keeps it closed got pieces at the price that the log shows.
func (mechanism) Audit(x *deal.Transcript) error {
	t, err := readTerms(x)
	if err != nil {
		return err
	}
	r := newReplay(x, t)
	begun := entries
	for _, l := range x.Lines[1:x.End] {
		stage := stageOf(l.Kind)
		if stage < begun {
			return deal.Wrong(l.Seq, "%s after the closing went past it", l.Kind)
		}
		if begun = stage; stage != entries {
			continue
		}
		if err := r.step(l); err != nil {
			return err
		}
	}
	if !x.IsClosed() {
		return nil
	}
	return r.checkClose()
}

// The stages of a log, in their order; `closed` ends them.
const (
	entries = iota
	reveals
	awards
)

func stageOf(k deal.LineKind) int {
	switch k {
	case deal.Revealed:
		return reveals
	case deal.Awarded:
		return awards
	default:
		return entries
	}
}

// checkClose recomputes the closing lines and reports the first that is wrong.
func (r *replay) checkClose() error {
	closed := r.log.Lines[r.log.End]
	if len(r.log.Lines) > r.log.End+1 {
		return deal.Wrong(closed.Seq+1, "a group's log ends with its closed line")
	}
	if err := deal.OnlyKeys(closed, closed.Body, "result", "reason", "awards", "tier", "pieces", "unitPrice"); err != nil {
		return err
	}
	if err := r.checkTimes(closed); err != nil {
		return err
	}
	if closed.Body["result"] == string(deal.ResultCancel) {
		return r.checkCancelled(closed)
	}
	return r.checkCleared(closed)
}

// checkCleared clears the group again with the ceilings that are open.
func (r *replay) checkCleared(closed deal.Line) error {
	claims, err := r.openedClaims()
	if err != nil {
		return err
	}
	if err := r.checkOpened(claims); err != nil {
		return err
	}
	d, got := r.clear(claims)
	if err := r.checkReveals(claims, got); err != nil {
		return err
	}
	if err := r.checkAwards(claims, got, d); err != nil {
		return err
	}
	return checkResult(closed, d)
}

// checkTimes says whether the deal could close when it did. All closing lines carry the deciding time.
func (r *replay) checkTimes(closed deal.Line) error {
	for _, l := range r.log.Lines[:r.log.End] {
		if (l.Kind == deal.Revealed || l.Kind == deal.Awarded) && !l.At.Equal(closed.At) {
			return deal.Wrong(l.Seq, "the lines of a closing share their at")
		}
	}
	cancelled := closed.Body["result"] == string(deal.ResultCancel)
	late := !closed.At.Before(r.log.ClosesAt)
	switch {
	case r.filled != nil && (cancelled || !closed.At.Equal(r.filled.At)):
		return deal.Wrong(closed.Seq, "line %d filled the cap: the group cleared at %s", r.filled.Seq, deal.FormatTime(r.filled.At))
	case cancelled && late:
		return deal.Wrong(closed.Seq, "a group is not cancelled after its deadline")
	case !cancelled && !late && r.filled == nil:
		return deal.Wrong(closed.Seq, "closed before the deadline without a full cap")
	}
	return nil
}

// checkCancelled: a cancelling opens nothing, awards nothing, and in the last phase is a moderator's where pledges
// stand.
func (r *replay) checkCancelled(closed deal.Line) error {
	for _, l := range r.log.Lines[:r.log.End] {
		if l.Kind == deal.Revealed || l.Kind == deal.Awarded {
			return deal.Wrong(l.Seq, "a cancelled deal opens and awards nothing")
		}
	}
	from, reason := r.lockedFrom(), closed.Body["reason"]
	if len(r.claims) > 0 && !from.IsZero() && !closed.At.Before(from) && reason != string(deal.ByModerator) {
		return deal.Wrong(closed.Seq, "cancelled in the last phase, from %s on", deal.FormatTime(from))
	}
	given, _ := reason.(string)
	return checkResult(closed, deal.Decision{Result: deal.ResultCancel, Reason: deal.Reason(given)})
}

// openedClaims are the standing pledges with the ceilings that the log opens, in the order of the queue.
func (r *replay) openedClaims() ([]claim, error) {
	claims := make([]claim, 0, len(r.claims))
	for _, c := range r.claims {
		if value, ok := r.log.Reveal(c.seq, "ceiling"); ok {
			c.Ceiling = money.Amount(value)
			if c.Ceiling < r.terms.best() || !r.log.Currency.IsCash(c.Ceiling) {
				return nil, deal.Wrong(r.revealOf(c.seq), "such a ceiling could not be pledged")
			}
		}
		claims = append(claims, *c)
	}
	inQueue(claims)
	return claims, nil
}

// checkOpened holds every pledge against the log: it has an award or an opened ceiling, unless the counts alone prove
// that the group failed.
func (r *replay) checkOpened(claims []claim) error {
	if !r.terms.opens(r.terms.sums(claims)) {
		return nil
	}
	awarded := map[string]bool{}
	for _, l := range r.log.Awards() {
		to, _ := l.Body["to"].(string)
		awarded[to] = true
	}
	for _, c := range claims {
		if _, ok := r.log.Reveal(c.seq, "ceiling"); !ok && !awarded[c.who] {
			return deal.Wrong(r.closingLine(), "the ceiling of line %d must be opened: %s gets nothing", c.seq, c.who)
		}
	}
	return nil
}

// revealOf is the number of the line that opens a secret of another.
func (r *replay) revealOf(seq int64) int64 {
	i := slices.IndexFunc(r.log.Lines, func(l deal.Line) bool { return l.Kind == deal.Revealed && l.Body["of"] == seq })
	return int64(i)
}

// clear decides the group again.
func (r *replay) clear(claims []claim) (deal.Decision, []int64) {
	tiers := r.terms.sums(claims)
	tier := r.terms.reached(tiers)
	if len(claims) == 0 || tier == 0 {
		return failed(tiers), make([]int64, len(claims))
	}
	got := r.terms.allot(claims, tier, r.terms.ordered(tiers[tier-1]))
	return r.terms.sold(tiers, tier, served(got)), got
}

// checkReveals holds the opened ceilings against those that must be: of all who get nothing, and of nobody else.
func (r *replay) checkReveals(claims []claim, got []int64) error {
	losers := r.terms.losers(claims, got)
	for _, l := range r.log.Lines[:r.log.End] {
		if l.Kind != deal.Revealed {
			continue
		}
		switch of := l.Body["of"].(int64); { // an integer: the chain was checked
		case len(losers) == 0 || of < losers[0].seq:
			return deal.Wrong(l.Seq, "opens the ceiling of line %d without need", of)
		case of > losers[0].seq:
			return deal.Wrong(l.Seq, "the ceiling of line %d must be opened first", losers[0].seq)
		}
		losers = losers[1:]
	}
	if len(losers) > 0 {
		return deal.Wrong(r.closingLine(), "the ceiling of line %d must be opened", losers[0].seq)
	}
	return nil
}

// closingLine is the first awarded or closed line.
func (r *replay) closingLine() int64 {
	i := slices.IndexFunc(r.log.Lines, func(l deal.Line) bool { return l.Kind == deal.Awarded || l.Kind == deal.Closed })
	return r.log.Lines[i].Seq
}

// checkAwards holds the awards, in the order of the queue, against those recomputed.
func (r *replay) checkAwards(claims []claim, got []int64, d deal.Decision) error {
	lines := r.log.Awards()
	for i, c := range claims {
		if got[i] == 0 {
			continue
		}
		if len(lines) == 0 {
			return deal.Wrong(int64(r.log.End), "the award to %s is missing", c.who)
		}
		b := lines[0].Body
		if b["to"] != c.who || b["quantity"] != got[i] || b["unitPrice"] != int64(d.UnitPrice) {
			return deal.Wrong(lines[0].Seq, "the award must be %d to %s at %d", got[i], c.who, d.UnitPrice)
		}
		lines = lines[1:]
	}
	if len(lines) > 0 {
		return deal.Wrong(lines[0].Seq, "an award to nobody who is due one")
	}
	return nil
}

// checkResult holds the closed line against the decision. Where nothing was sold, tier and pieces may be absent.
func checkResult(closed deal.Line, d deal.Decision) error {
	due := closedBody(d)
	for _, key := range []string{"tier", "pieces"} {
		if _, ok := closed.Body[key]; !ok && d.Result != deal.Sold {
			delete(due, key)
		}
	}
	want, err := deal.Canonical(due)
	if err != nil {
		return deal.Wrong(closed.Seq, "%v", err)
	}
	if have, err := deal.Canonical(closed.Body); err != nil || !bytes.Equal(want, have) {
		return deal.Wrong(closed.Seq, "must be %s", want)
	}
	return nil
}
