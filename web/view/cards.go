package view

import (
	"context"
	"io"
	"time"

	"github.com/a-h/templ"

	"haggle/internal/deal"
	"haggle/internal/market"
)

// keptCard is a card, out of the fragments.
//
// A card says: the deal as of a version, its status and the time left by the clock, and in one word what the reader is
// in it. The word is part of the key, and nothing else of the reader reaches the drawing, so that two readers can only
// share a card that says the same of both.
func keptCard(p *Page, d *market.DealView, inLane bool) templ.Component {
	if d.Version == 0 {
		return card(p, *d, inLane)
	}
	key := fragmentKey{what: cardPart, of: d.ID}
	if inLane {
		key.what = laneCardPart
	}
	if d.Me != nil {
		key.mark = ownMark(p, *d)
	}
	return shared(p, key, cardBasis(p, d), drawCard(p, d, inLane))
}

// drawCard draws a card with no more of its reader than his word.
func drawCard(p *Page, d *market.DealView, inLane bool) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		shown := *d
		if me := d.Me; me != nil {
			shown.Me = &market.MeInDeal{Role: me.Role, Active: me.Active, Leading: me.Leading}
		}
		return card(p, shown, inLane).Render(ctx, w)
	})
}

// cardBasis is what a card is drawn from. An open deal's shows the time left; another's shows when it ended, once that
// is past.
func cardBasis(p *Page, d *market.DealView) basis {
	s := basis{version: d.Version, status: d.Status}
	switch {
	case d.ClosesAt == nil:
	case d.Status == deal.Open:
		s.beat = p.Beat(d.ClosesAt.Std())
	case !d.ClosesAt.Std().After(d.Now.Std()):
		s.beat, s.year = 1, p.year()
	}
	return s
}

// year is the one in which times are written without it.
func (p *Page) year() int { return p.Now.In(p.Zone).Year() }

// keptLane are the cards of a lane. Where the reader has nothing in any of them, they come out of the fragments as one;
// where is the list's address.
func keptLane(p *Page, where string, list market.SearchView) templ.Component {
	all := cards(p, list.Items, true)
	if list.Listing == 0 {
		return all
	}
	return sharedWhile(p, fragmentKey{what: lanePart, of: where}, basis{version: list.Listing, year: p.year()}, func() span { return cardsSpan(p, list.Items) }, all)
}

// cardsSpan is how long every card says what it says now.
func cardsSpan(p *Page, items []market.DealView) span {
	s := span{from: p.Now}
	for _, d := range items {
		if d.ClosesAt == nil || !d.ClosesAt.Std().After(p.Now) {
			continue
		}
		if d.Status == deal.Open {
			s.before(p.BeatEnds(d.ClosesAt.Std()).Add(time.Millisecond))
		} else {
			s.before(d.ClosesAt.Std())
		}
	}
	return s
}

// keptFinder is what a list's page holds, out of the fragments as one where the reader has nothing in any of its deals. Its
// address and the listing are all that it is drawn from.
func keptFinder(p *Page, m SearchPage) templ.Component {
	if m.Found.Listing == 0 || m.Form.wrong() {
		return finder(p, m)
	}
	return sharedWhile(p, fragmentKey{what: finderPart, of: p.Path}, basis{version: m.Found.Listing, year: p.year()},
		func() span { return cardsSpan(p, m.Found.Items) }, finder(p, m))
}

// keptFilters is the form of filters, out of the fragments. It says what its address asks for, and how many deals every
// other choice would find: nothing of its reader.
func keptFilters(p *Page, m SearchPage) templ.Component {
	if m.Found.Answer == 0 || m.Form.wrong() {
		return filters(p, m)
	}
	return shared(p, fragmentKey{what: filterPart, of: p.Path}, basis{version: m.Found.Answer}, filters(p, m))
}
