package view

import (
	"fmt"

	"haggle/internal/deal"
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
	switch {
	case !started:
		ahead = 4
	case nextBid(d) == nil:
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

// nextBid is the least that the next bid must be; nil where there is none any more.
func nextBid(d market.DealView) *money.Amount {
	if d.Status != deal.Open {
		return nil
	}
	return d.Minimum
}

// standing is the price of an auction now, or what it was sold for, and whether anybody has bid.
func standing(d market.DealView) (money.Amount, bool) {
	if price := soldAt(d); price != nil {
		return *price, true
	}
	if d.Standing == nil || d.Entries == 0 {
		return 0, false
	}
	return *d.Standing, true
}

func (l *Ladder) auctionLabels(p *Page, d market.DealView, s flight, reached int, now money.Amount) {
	if next := nextBid(d); next != nil {
		l.Step = p.T(nextKey(d, reached), "amount", p.Number(*next))
	}
	if !s.f.large {
		return
	}
	if reached > 0 {
		l.label(s.x(reached)-4, s.ys[reached-1]-22, "end", "now", p.Number(now))
	}
	if next := nextBid(d); next != nil {
		l.label(s.x(reached)+6, s.ys[reached]+20, "start", "next", p.T(nextKey(d, reached), "amount", p.Number(*next)))
	}
	if start := TermsOf(d).StartPrice; start > 0 && reached > 1 {
		l.label(s.f.left, s.f.bottom+20, "start", "axis", p.T("ladder.start", "amount", p.Number(start)))
	}
}

// nextKey is the word for the rung that the next bid takes.
func nextKey(d market.DealView, reached int) string {
	switch {
	case reached == 0:
		return "ladder.first"
	case d.Me != nil && d.Me.Active && value(d.Me.Leading):
		return "ladder.nextOthers"
	}
	return "ladder.next"
}

// ownMaximum draws the maximum of the reader who leads as a bracket above the marker.
func (l *Ladder) ownMaximum(p *Page, d market.DealView, s flight) {
	if !s.f.large || d.Status != deal.Open || d.Me == nil || d.Me.Maximum == nil || l.Marker == nil || !d.Me.Active || !value(d.Me.Leading) {
		return
	}
	x, top := l.Marker.X, 14
	l.Limit = fmt.Sprintf("M%d %dV%dH%d", x, l.Marker.Y-30, top, x-8)
	label, anchor := x-14, "end"
	if x < s.f.right/2 {
		l.Limit = fmt.Sprintf("M%d %dV%dH%d", x, l.Marker.Y-30, top, x+8)
		label, anchor = x+14, "start"
	}
	l.label(label, top+5, anchor, "own", p.T("ladder.yourMax", "amount", p.Number(*d.Me.Maximum)))
}

func auctionText(p *Page, d market.DealView) string {
	next := nextBid(d)
	switch now, started := standing(d); {
	case started && next != nil:
		return p.T("ladder.auctionText", "now", now, "next", *next)
	case started:
		return p.T("ladder.priceText", "now", now)
	case next != nil:
		return p.T("ladder.auctionEmptyText", "next", *next)
	}
	return p.T("ladder.auctionUnsoldText")
}
