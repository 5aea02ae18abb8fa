package bleve

import (
	"cmp"
	"container/heap"
	"math"

	"haggle/internal/search"
)

// place is where a row stands in an order: higher score, then higher key, then newer, then lower id comes first.
type place struct {
	score   float64
	key     int64
	created int64
	id      string

	document uint64 // number in the snapshot; not part of the order
}

func (a place) before(b place) bool {
	return cmp.Or(
		cmp.Compare(b.score, a.score),
		cmp.Compare(b.key, a.key),
		cmp.Compare(b.created, a.created),
		cmp.Compare(a.id, b.id),
	) < 0
}

// last is the key of rows that miss what the order is by.
const last = math.MinInt64

func key(sort search.Sort, r *row) int64 {
	switch {
	case sort == search.Ending:
		return -r.closes // never is the largest
	case sort == search.PriceUp && r.price > 0:
		return -r.price
	case sort == search.PriceDown && r.price > 0:
		return r.price
	case sort == search.MostWanted:
		return r.popularity
	case sort == search.Relevance || sort == search.Newest:
		return 0
	}
	return last
}

func cursorOf(p place, level int) search.Cursor {
	return search.Cursor{Level: level, Score: p.score, Key: p.key, Created: p.created, Tie: p.id}
}

func placeOf(c *search.Cursor) *place {
	if c == nil {
		return nil
	}
	return &place{score: c.Score, key: c.Key, created: c.Created, id: c.Tie}
}

// best keeps the first places of all that are offered, as a heap with the hindmost on top.
type best struct {
	places []place
	limit  int
}

func (b *best) offer(p place) {
	if len(b.places) < b.limit {
		heap.Push(b, p)
	} else if p.before(b.places[0]) {
		b.places[0] = p
		heap.Fix(b, 0)
	}
}

// sorted empties b, first place first.
func (b *best) sorted() []place {
	out := make([]place, len(b.places))
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = heap.Pop(b).(place)
	}
	return out
}

// Len implements heap.Interface.
func (b *best) Len() int { return len(b.places) }

// Less implements heap.Interface.
func (b *best) Less(i, j int) bool { return b.places[j].before(b.places[i]) }

// Swap implements heap.Interface.
func (b *best) Swap(i, j int) { b.places[i], b.places[j] = b.places[j], b.places[i] }

// Push implements heap.Interface.
func (b *best) Push(x any) { b.places = append(b.places, x.(place)) }

// Pop implements heap.Interface.
func (b *best) Pop() any {
	n := len(b.places) - 1
	p := b.places[n]
	b.places = b.places[:n]
	return p
}
