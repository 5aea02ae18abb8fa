package view

import (
	"haggle/internal/market"
	"haggle/internal/money"
)

// climb draws an auction: the marker climbs. The rungs are the start price, one for each of the last bids, the price
// now, the next bid and one beyond.
func (l *Ladder) climb(p *Page, d market.DealView, f frame) {
	now, started := standing(d)
	past := 0
	if started {
		past = int(min(max(d.Entries-1, 0), 3))
	}
	ahead := 2
	if d.Minimum == nil {
		ahead = 0
	}
	reached := past
	if started {
		reached++
	}
	s := newFlight(f, max(2, reached+ahead), true)
	l.Climbed, l.Ahead = s.line(0, reached), s.line(reached, reached+ahead)
	l.Reached = s.area(reached, s.x(reached))
	if started {
		l.stand(s, reached-1)
	}
	l.auctionLabels(p, d, s, reached, now)
	l.ownMaximum(p, d, s)
	l.Text = auctionText(p, d)
}

// standing is the price of an auction now, and whether anybody has bid.
func standing(d market.DealView) (money.Amount, bool) {
	if d.Standing == nil || d.Entries == 0 {
		return 0, false
	}
	return *d.Standing, true
}

func (l *Ladder) auctionLabels(p *Page, d market.DealView, s flight, reached int, now money.Amount) {
	if d.Minimum != nil {
		l.label(s.f.left, 16, "start", "next", p.T("ladder.next", "amount", p.Number(*d.Minimum)))
	}
	if !s.f.large {
		return
	}
	if reached > 0 {
		l.label(s.mid(reached-1), s.ys[reached-1]-22, "middle", "now", p.Number(now))
	}
	if d.Minimum != nil {
		l.label(s.mid(reached), s.ys[reached]-6, "middle", "next", p.Number(*d.Minimum))
	}
	if start := TermsOf(d).StartPrice; start > 0 && reached > 1 {
		l.label(s.mid(0), s.f.bottom+20, "middle", "axis", p.T("ladder.start", "amount", p.Number(start)))
	}
}

// ownMaximum draws the reader's own maximum as a bracket above the marker.
func (l *Ladder) ownMaximum(p *Page, d market.DealView, s flight) {
	if !s.f.large || d.Me == nil || d.Me.Maximum == nil || l.Marker == nil || !d.Me.Active {
		return
	}
	x := s.f.left
	l.Limit = bracket(x, s.f.top-12, l.Marker.Y)
	l.label(x+12, s.f.top-8, "start", "own", p.T("ladder.yourMax", "amount", p.Number(*d.Me.Maximum)))
}

func auctionText(p *Page, d market.DealView) string {
	switch now, started := standing(d); {
	case started && d.Minimum != nil:
		return p.T("ladder.auctionText", "now", now, "next", *d.Minimum)
	case started:
		return p.T("ladder.priceText", "now", now)
	case d.Minimum != nil:
		return p.T("ladder.auctionEmptyText", "next", *d.Minimum)
	}
	return p.T("ladder.auctionUnsoldText")
}
