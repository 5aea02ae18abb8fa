package view

import (
	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/internal/money"
)

// descend draws a request: from the named price the marker goes down to the best quote. Where the rule keeps quotes
// or the price hidden there are no rungs, only the quotes counted.
func (l *Ladder) descend(p *Page, d market.DealView, f frame) {
	price, best := d.NamedPrice, d.Best
	if sold := soldAt(d); sold != nil {
		best = sold
	}
	if price == nil || hiddenQuotes(d) && best == nil {
		l.sealed(p, d, f)
		return
	}
	past := 1
	if best != nil {
		past = 2 + int(min(max(d.Entries-1, 0), 2))
	}
	ahead := 1
	if d.Status != deal.Open {
		ahead = 0
	}
	s := newFlight(f, past+ahead, false)
	l.Climbed, l.Ahead = s.line(0, past), s.line(past, past+ahead)
	l.Reached = s.area(past, s.x(past))
	l.requestLabels(p, d, s, past, *price, best)
	l.Text = requestText(p, *price, best)
}

// hiddenQuotes says that the rule shows no quote before the close.
func hiddenQuotes(d market.DealView) bool { return d.Rule == "sealed" }

func (l *Ladder) requestLabels(p *Page, d market.DealView, s flight, past int, price money.Amount, best *money.Amount) {
	if best != nil {
		l.stand(s, past-1)
	}
	if best != nil {
		l.Step = p.T("ladder.best", "amount", p.Number(*best))
	} else {
		l.Step = p.T("ladder.atOrUnder", "amount", p.Number(price))
	}
	if !s.f.large {
		return
	}
	if best == nil && d.Status == deal.Open {
		l.label(s.f.right, s.ys[len(s.ys)-1]-10, "end", "next", l.Step)
	}
	l.label(s.mid(0), s.ys[0]-10, "middle", "past", p.Number(price))
	if best != nil {
		l.label(s.mid(past-1), s.ys[past-1]-22, "middle", "now", p.Number(*best))
	}
	if d.Me != nil && d.Me.Active && d.Me.UnitPrice != nil {
		l.label(s.f.left, s.f.bottom+20, "start", "own", ownQuoteText(p, d))
	}
}

func ownQuoteText(p *Page, d market.DealView) string {
	if d.Me.Rank != nil {
		return p.T("ladder.yourQuoteRank", "amount", p.Number(*d.Me.UnitPrice), "rank", *d.Me.Rank)
	}
	return p.T("ladder.yourQuote", "amount", p.Number(*d.Me.UnitPrice))
}

func requestText(p *Page, price money.Amount, best *money.Amount) string {
	if best == nil {
		return p.T("ladder.requestEmptyText", "price", price)
	}
	return p.T("ladder.requestText", "price", price, "best", *best)
}

// sealed counts quotes without showing them; the empty dot behind them is the place of the next one.
func (l *Ladder) sealed(p *Page, d market.DealView, f frame) {
	f = l.low(f)
	l.count(f, d.Entries+1, d.Entries, (f.top+f.bottom)/2)
	text := p.N("ladder.quotes", d.Entries)
	l.Step = text
	if f.large {
		l.label(f.left, 16, "start", "next", text)
	}
	l.Text = p.N("ladder.sealedText", d.Entries)
}
