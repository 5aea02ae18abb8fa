package view

import (
	"fmt"

	"haggle/internal/deal"
	"haggle/internal/deal/group"
	"haggle/internal/market"
)

// stack draws a group buy: steps go down as people stack up. Every tier has the same width; the filled part is what
// is reached, and inside the present tier it shows how far the next one is.
func (l *Ladder) stack(p *Page, d market.DealView, f frame) {
	if len(d.Tiers) == 0 {
		return
	}
	if f.large {
		f.top = 28 // its labels need less room than those of the others
	}
	n := len(d.Tiers)
	s := newFlight(f, n+1, false)
	s.ys[0] = s.ys[1] // before the first threshold the first price is only promised
	reached := reachedTier(d)
	x := s.progress(d, reached)
	l.Reached = s.area(reached+1, x)
	if reached > 0 {
		l.Climbed = s.line(1, reached+1)
		l.Marker = &Point{x, s.ys[reached] - l.Radius()}
	}
	l.Ahead = s.line(0, 1)
	if reached > 0 {
		l.Ahead = s.line(reached+1, n+1)
	} else {
		l.Ahead = s.line(0, n+1)
	}
	l.groupLabels(p, d, s, reached)
	l.Text = groupText(p, d)
}

// reachedTier is the tier the group has now, from 1; 0 before the first.
func reachedTier(d market.DealView) int {
	t := d.Tier
	if d.Outcome != nil && d.Outcome.Tier > 0 {
		t = &d.Outcome.Tier
	}
	if t == nil || *t < 0 || *t > int64(len(d.Tiers)) {
		return 0
	}
	return int(*t)
}

// progress is where the stack ends: inside the present tier's rung by the share of the next threshold that is there.
func (s flight) progress(d market.DealView, reached int) int {
	from, to := s.x(reached), s.x(reached+1)
	if reached >= len(d.Tiers) {
		return (from + to) / 2
	}
	base := int64(0)
	if reached > 0 {
		base = d.Tiers[reached-1].From
	}
	next := d.Tiers[reached]
	_, missing, _ := nextTier(d)
	have := max(0, next.Pieces-base)
	need := max(1, have+missing)
	return from + int(min(have*int64(to-from)/need, int64(to-from)*19/20))
}

// groupRule are a group's terms as far as they say what is ordered and held.
func groupRule(d market.DealView, t Terms) *group.Terms {
	rule := &group.Terms{Cap: value(d.Cap), CaseSize: value(d.CaseSize)}
	for _, tier := range d.Tiers {
		rule.Tiers = append(rule.Tiers, group.Tier{From: tier.From, UnitPrice: tier.UnitPrice})
	}
	if len(rule.Tiers) > 0 {
		rule.Minimum = max(value(d.GroupMinimum), rule.Tiers[0].From)
	}
	if f := t.Fees; f != nil {
		rule.Fees = group.Fees{PerPiece: f.PerPiece, PerMember: f.PerMember, Bill: f.Bill}
	}
	return rule
}

// nextTier is the next cheaper tier and how many more wanted pieces reach it; false at the cheapest.
func nextTier(d market.DealView) (deal.TierState, int64, bool) {
	reached := reachedTier(d)
	if reached >= len(d.Tiers) {
		return deal.TierState{}, 0, false
	}
	t := d.Tiers[reached]
	return t, max(1, groupRule(d, Terms{}).Missing(int64(reached+1), t)), true
}

func (l *Ladder) groupLabels(p *Page, d market.DealView, s flight, reached int) {
	if next, missing, ok := nextTier(d); ok && d.Status == deal.Open {
		key := "ladder.more"
		if reached == 0 {
			key = "ladder.moreFirst"
		}
		l.Step = p.T(key, "n", missing, "amount", p.Number(next.UnitPrice))
	}
	if !s.f.large {
		return
	}
	for i, t := range d.Tiers {
		class := "past"
		if i+1 == reached {
			class = "now"
		}
		y := s.ys[i+1] - 10
		if l.Marker != nil && i+1 == reached && l.Marker.X > s.x(i+2)-60 {
			y -= 2 * l.Radius() // the marker stands where the label would
		}
		l.label(s.x(i+2)-4, y, "end", class, p.Number(t.UnitPrice))
		l.label(s.x(i+1), s.f.bottom+20, "middle", "axis", p.Int(t.From))
	}
	l.label(s.f.left, s.f.bottom+20, "start", "axis", p.T("ladder.pieces"))
	l.ownCeiling(p, d, s)
}

// ownCeiling draws the highest price the reader accepts as a line under the steps that are too dear for him: at the
// height of the first one he takes, or above it where he would pay more than that. A ceiling that every step is under is no limit.
func (l *Ladder) ownCeiling(p *Page, d market.DealView, s flight) {
	if d.Me == nil || !d.Me.Active || d.Me.Ceiling == nil {
		return
	}
	ceiling := *d.Me.Ceiling
	accepted := acceptedTier(d)
	if accepted <= 0 {
		return
	}
	y := s.ys[accepted+1]
	if d.Tiers[accepted].UnitPrice < ceiling {
		y = (s.ys[accepted] + y) / 2
	}
	l.Limit = fmt.Sprintf("M%d %dH%d", s.f.left, y, s.x(accepted+1))
	l.label(s.f.left, y-8, "start", "own", p.T("ladder.yourCeiling", "amount", p.Number(ceiling)))
}

func groupText(p *Page, d market.DealView) string {
	pieces := int64(0)
	if d.Pieces != nil {
		pieces = *d.Pieces
	}
	text := p.N("ladder.groupText", pieces)
	if d.UnitPrice != nil {
		text += p.T("text.join") + p.T("ladder.priceText", "now", *d.UnitPrice)
	}
	if next, missing, ok := nextTier(d); ok && d.Status == deal.Open {
		text += p.T("text.join") + p.N("ladder.groupNextText", missing, "amount", next.UnitPrice)
	}
	return text
}
