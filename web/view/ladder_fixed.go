package view

import (
	"fmt"

	"haggle/internal/market"
)

// shelf draws a fixed price: one rung that does not move, and the pieces that stand on it.
func (l *Ladder) shelf(p *Page, d market.DealView, f frame) {
	f = l.low(f)
	total, left := stock(d)
	y := f.bottom - 4
	l.Climbed = fmt.Sprintf("M%d %dH%d", f.left, y, f.right)
	shown := min(total, 12)
	l.count(f, shown, (left*shown+total-1)/max(1, total), y-14)
	text := p.T("ladder.left", "left", left, "total", total)
	l.Step, l.Text = text, text
	if f.large {
		l.label(f.left, 16, "start", "next", text)
	}
	if d.Price != nil {
		l.Text = p.T("ladder.priceText", "now", *d.Price) + " " + text
	}
}

// stock is how many pieces a listing had and has.
func stock(d market.DealView) (total, left int64) {
	total, left = 1, 1
	if d.Quantity != nil {
		total = *d.Quantity
	}
	if d.Left != nil {
		left = *d.Left
	} else {
		left = total
	}
	return total, left
}
