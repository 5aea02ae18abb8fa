package market

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"haggle/internal/money"
	"haggle/internal/recent"
	"haggle/internal/search"
)

// What is remembered of searches: for how long, and how many bytes.
const (
	foundFor   = time.Second
	foundBound = 8 << 20
)

// asked is a search as far as it tells answers apart: nothing of its reader is in it, for the index shows all the same.
type asked struct {
	text, kind, category, condition, status, owner, sort, cursor string
	least, most                                                  money.Amount
	bounds                                                       [2]bool
	whole                                                        bool
	limit                                                        int
}

func newAsked(in SearchInput) asked {
	q := asked{text: in.Text, kind: in.Kind, category: in.Category, condition: in.Condition, status: in.Status, owner: in.Owner, sort: in.Sort,
		cursor: in.Cursor, limit: in.Limit, whole: in.Whole}
	if in.PriceMin != nil {
		q.least, q.bounds[0] = *in.PriceMin, true
	}
	if in.PriceMax != nil {
		q.most, q.bounds[1] = *in.PriceMax, true
	}
	return q
}

// found is what the index answered. It is shared by its readers and never changed.
type found struct {
	ids        []string
	facets     map[string]map[string]int64
	total      int64
	loose      bool
	next       string
	number     int64 // tells the answers of this process apart; from 1
	generation int64 // of the index, as far as this process changes it
	at         time.Time
	listing    atomic.Pointer[listing] // the last one drawn up of it
}

// view is the answer without its items.
func (f *found) view() SearchView {
	return SearchView{Facets: f.facets, Total: f.total, Loose: f.loose, Next: f.next, Answer: f.number}
}

// size estimates what an answer and its question take in memory.
func (f *found) size(q asked) int64 {
	n := 512 + len(f.ids)*64 + len(f.next) + len(q.text) + len(q.category) + len(q.owner) + len(q.cursor)
	for _, counts := range f.facets {
		n += 64 * (1 + len(counts))
	}
	return int64(n)
}

// finder asks the index, and remembers its answers for foundFor, or until this process changes the index.
type finder struct {
	index      search.Index
	clock      func() time.Time // how long ago something was asked, whatever time it is on the site
	kept       *recent.Cache[asked, *found]
	flights    singleflight.Group
	generation atomic.Int64
	answers    atomic.Int64
}

func newFinder(index search.Index) *finder {
	return &finder{index: index, clock: time.Now, kept: recent.New[asked, *found](foundBound)}
}

// changed says that the index is not what it was.
func (f *finder) changed() { f.generation.Add(1) }

// find answers a search. Equal ones that come together are asked once.
func (f *finder) find(ctx context.Context, in SearchInput) (*found, error) {
	key, generation := newAsked(in), f.generation.Load()
	if got, ok := f.kept.Get(key); ok && got.generation == generation {
		if age := f.clock().Sub(got.at); age >= 0 && age < foundFor {
			return got, nil
		}
	}
	ctx = context.WithoutCancel(ctx) // others may wait for this answer, too
	got, err, _ := f.flights.Do(fmt.Sprintf("%d %#v", generation, key), func() (any, error) {
		got, err := f.ask(ctx, in, generation)
		if err == nil {
			f.kept.Put(key, got, got.size(key))
		}
		return got, err
	})
	if err != nil {
		return nil, err
	}
	return got.(*found), nil
}

func (f *finder) ask(ctx context.Context, in SearchInput, generation int64) (*found, error) {
	at := f.clock()
	res, err := f.index.Search(ctx, searchQuery(in))
	if err != nil {
		return nil, err
	}
	out := &found{ids: make([]string, len(res.Hits)), facets: res.Facets, total: res.Total, loose: res.Loose, next: res.Next,
		number: f.answers.Add(1), generation: generation, at: at}
	for i, h := range res.Hits {
		out.ids[i] = h.ID
	}
	return out, nil
}
