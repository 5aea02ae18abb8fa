package view

import (
	"context"
	"io"
	"time"

	"github.com/a-h/templ"

	"haggle/internal/deal"
	"haggle/internal/market"
)

// cards are the cards of deals, out of the fragments.
//
// A card says: the deal as of a version, its status and the time left by the clock, and in one word what the reader is
// in it. The word is part of the key, and nothing else of the reader reaches the drawing, so that two readers can only
// share a card that says the same of both.
func cards(p *Page, items []market.DealView, inLane bool) templ.Component {
	return listed(p, "", items, inLane)
}

// listed are the cards of the list at an address, which a sheet keeps by their places; at none, without one.
func listed(p *Page, where string, items []market.DealView, inLane bool) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		w, err := past(w)
		if err != nil {
			return err
		}
		s := p.Fragments.sheet(sheetKey{where, p.Lang, inLane}, len(items))
		for i := range items {
			if err := keptCard(ctx, w, p, &items[i], inLane, s.place(i)); err != nil {
				return err
			}
		}
		return nil
	})
}

// keptCard writes the card that stands at its place, or else is among the fragments, where it serves; else it is drawn.
func keptCard(ctx context.Context, w io.Writer, p *Page, d *market.DealView, inLane bool, at *place) error {
	if p.Fragments == nil || d.Version == 0 {
		return drawCard(p, d, inLane).Render(ctx, w)
	}
	word, of := ownWordIn(d), cardBasis(p, d)
	if f := at.find(word, d.ID, of, p.Now); f != nil {
		_, err := w.Write(f.body)
		return err
	}
	f, err := p.Fragments.get(ctx, cardKey(p, d, inLane, word), of, p.Now, always, drawCard(p, d, inLane))
	if err != nil {
		return err
	}
	at.put(word, d.ID, f)
	_, err = w.Write(f.body)
	return err
}

func cardKey(p *Page, d *market.DealView, inLane bool, word ownWord) fragmentKey {
	key := fragmentKey{what: cardPart, of: d.ID, lang: p.Lang, word: word}
	if inLane {
		key.what = laneCardPart
	}
	return key
}

// drawCard draws a card in its list with no more of its reader than his word.
func drawCard(p *Page, d *market.DealView, inLane bool) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		shown := *d
		if me := d.Me; me != nil {
			shown.Me = &market.MeInDeal{Role: me.Role, Active: me.Active, Leading: me.Leading}
		}
		return cardItem(p, shown, inLane).Render(ctx, w)
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
	all := listed(p, where, list.Items, true)
	if list.Listing == 0 || list.Own {
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

// keptFinder is what a list's page holds, out of the fragments. Its address and the listing are all that it is drawn from,
// beside what the reader has in its deals: where he has something, his cards stand in what is around them for all.
func keptFinder(p *Page, m SearchPage) templ.Component {
	list := listed(p, p.Path, m.Found.Items, false)
	switch {
	case p.Fragments == nil || m.Found.Listing == 0 || m.Form.wrong():
		return finder(p, m, list)
	case !m.Found.Own:
		return sharedWhile(p, fragmentKey{what: finderPart, of: p.Path}, basis{version: m.Found.Listing, year: p.year()},
			func() span { return cardsSpan(p, m.Found.Items) }, finder(p, m, list))
	case len(p.Path) > longestKey || m.Form.says(mainMark):
		return finder(p, m, list)
	}
	return around(p, fragmentKey{what: framePart, of: p.Path}, basis{version: m.Found.Listing}, finder(p, m, templ.Raw(mainMark)), list)
}

// FeedLink is the link to a list's feed, out of the fragments: it says the same to all.
func FeedLink(p *Page, href string) templ.Component {
	return shared(p, fragmentKey{what: feedPart, of: href}, basis{}, feedLink(p, href))
}

// DealHead is what a deal tells other sites and programs of itself, out of the fragments: it says the same to all. How one
// ended is drawn anew.
func DealHead(p *Page, d market.DealView, origin string) templ.Component {
	if d.Version == 0 || d.Outcome != nil {
		return dealHead(p, d, origin)
	}
	return shared(p, fragmentKey{what: headPart, of: d.ID}, basis{version: d.Version, status: d.Status, year: p.year()}, dealHead(p, d, origin))
}

// keptProof is how a deal's log is checked, out of the fragments: its address and the site's key are all that it says.
func keptProof(p *Page, m DealPage) templ.Component {
	return shared(p, fragmentKey{what: proofPart, of: m.Origin + logAddress(m) + " " + m.LogKey}, basis{}, proof(p, m))
}

// keptFilters is the form of filters, out of the fragments. It says what its address asks for, and how many deals every
// other choice would find: nothing of its reader.
func keptFilters(p *Page, m SearchPage) templ.Component {
	if m.Found.Answer == 0 || m.Form.wrong() {
		return filters(p, m)
	}
	return shared(p, fragmentKey{what: filterPart, of: p.Path}, basis{version: m.Found.Answer}, filters(p, m))
}
