package market

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"haggle/internal/recent"
	"haggle/internal/search"
)

// listing is one answer of the index with its deals, as a guest sees them, drawn up once for many readers. It is
// shared and never changed.
type listing struct {
	number int64 // tells the listings of this process apart; from 1
	deals  []*seenDeal
	items  []DealView

	shelf       int64     // the shelf's generation
	recheck     time.Time // when the shelf must be asked again, by its clock
	from, until time.Time // of the site's clock: nothing in it reads otherwise in between; until may be zero, for ever
}

// holds says that drawing it up again would give the same, but for Now.
func (l *listing) holds(s *shelf, now time.Time) bool {
	return l != nil && l.shelf == s.generation.Load() && s.clock().Before(l.recheck) &&
		!now.Before(l.from) && (l.until.IsZero() || now.Before(l.until))
}

// mineKey is one reader of one listing.
type mineKey struct {
	account string
	listing int64
}

// mineBound is how many deals of listings are remembered for their readers.
const mineBound = 20_000

// listed draws listings up, and remembers what readers have in them.
type listed struct {
	drawn atomic.Int64
	mine  *recent.Cache[mineKey, []DealView]
}

func newListed() *listed {
	return &listed{mine: recent.New[mineKey, []DealView](mineBound)}
}

// List is Search for pages: the same, but that its items are shared with other readers and must not be changed, know
// no owner's reputation, and their Now may be a second old.
func (m *Market) List(ctx context.Context, a Actor, in SearchInput) (SearchView, error) {
	f, err := m.finder.find(ctx, in)
	if errors.Is(err, search.ErrUnavailable) || errors.Is(err, search.ErrUnbuilt) {
		return m.listFromStore(ctx, a, in)
	}
	if err != nil {
		return SearchView{}, err
	}
	l, err := m.listingOf(ctx, f)
	if err != nil {
		return SearchView{}, err
	}
	v := f.view()
	v.Listing, v.Items = l.number, l.items
	mine, err := m.mineIn(ctx, a, l)
	if mine != nil {
		v.Own, v.Items = true, mine
	}
	return v, err
}

// listingOf draws up what the index found, unless what was drawn up before still holds.
func (m *Market) listingOf(ctx context.Context, f *found) (*listing, error) {
	now := m.Now()
	if l := f.listing.Load(); l.holds(m.shelf, now) {
		return l, nil
	}
	l := &listing{number: m.listed.drawn.Add(1), shelf: m.shelf.generation.Load(), from: now}
	var err error
	if l.deals, l.recheck, err = m.shelf.deals(ctx, f.ids); err != nil {
		return nil, err
	}
	l.items = make([]DealView, len(l.deals))
	for i, d := range l.deals {
		lasting, err := d.lasting(m)
		if err != nil {
			return nil, err
		}
		l.items[i] = *lasting
		m.atNow(&l.items[i], &d.Deal, PersonView{ID: d.Owner}, now)
		if end := d.ClosesAt; end != nil && end.After(now) && (l.until.IsZero() || end.Before(l.until)) {
			l.until = *end
		}
	}
	f.listing.Store(l)
	return l, nil
}

// mineIn are the deals of a listing with what a reader has in them; nil where he has nothing in any. They are shared and
// never changed.
func (m *Market) mineIn(ctx context.Context, a Actor, l *listing) ([]DealView, error) {
	if a.Guest() {
		return nil, nil
	}
	key := mineKey{a.Account, l.number}
	if mine, ok := m.listed.mine.Get(key); ok {
		return mine, nil
	}
	standings, err := m.standingsIn(ctx, a.Account, l.deals)
	if err != nil {
		return nil, err
	}
	var mine []DealView
	for i, d := range l.deals {
		if me := m.meIn(a, d.Deal, standings[i], l.items[i].Public); me != nil {
			if mine == nil {
				mine = slices.Clone(l.items)
			}
			mine[i].Me = me
		}
	}
	m.listed.mine.Put(key, mine, int64(1+len(mine)))
	return mine, nil
}
