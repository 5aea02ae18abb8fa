package bleve

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"github.com/blevesearch/bleve/v2/index/scorch"
	bleve "github.com/blevesearch/bleve/v2/search"

	"haggle/internal/search"
	"haggle/internal/search/text"
)

// enough is how many matches make relaxing needless.
const enough = 10

// Search implements search.Index.
func (x *Index) Search(ctx context.Context, q search.Query) (search.Result, error) {
	q, err := q.Normalize()
	if err != nil {
		return search.Result{}, err
	}
	after, err := q.After()
	if err != nil {
		return search.Result{}, err
	}
	select {
	case x.gate <- struct{}{}:
		defer func() { <-x.gate }()
	case <-ctx.Done():
		return search.Result{}, ctx.Err()
	}
	var result search.Result
	err = x.use(func(generations []*generation) error {
		g := generations[0]
		return g.view(func(snapshot *scorch.IndexSnapshot, parts []part) (err error) {
			f := finder{ctx: ctx, generation: g, snapshot: snapshot, parts: parts, query: q, after: placeOf(after)}
			result, err = f.find(after)
			return err
		})
	})
	return result, err
}

// finder answers one query on one snapshot.
type finder struct {
	ctx        context.Context
	generation *generation
	snapshot   *scorch.IndexSnapshot
	parts      []part
	query      search.Query
	after      *place
}

// matches is what one pass over the index found.
type matches struct {
	level  int
	total  int64
	facets facets
	best   best
}

func (f *finder) find(after *search.Cursor) (search.Result, error) {
	m, err := f.matches(after)
	if err != nil {
		return search.Result{}, err
	}
	places := m.best.sorted()
	result := search.Result{Loose: m.level == anyWord, Total: m.total, Facets: m.facets.result(f.generation.table), Hits: []search.Hit{}}
	if len(places) > f.query.Limit {
		places = places[:f.query.Limit]
		result.Next = cursorOf(places[len(places)-1], m.level).Encode(f.query)
	}
	marker := text.NewMarker(f.query.Text)
	for _, p := range places {
		title, err := f.title(p.document)
		if err != nil {
			return search.Result{}, err
		}
		result.Hits = append(result.Hits, search.Hit{ID: p.id, Title: marker.Mark(title)})
	}
	return result, nil
}

// matches asks ever more loosely until enough is found. Later pages stay at the level of the first.
func (f *finder) matches(after *search.Cursor) (*matches, error) {
	if strings.TrimSpace(f.query.Text) == "" {
		return f.browse()
	}
	total, err := f.snapshot.DocCount()
	if err != nil {
		return nil, err
	}
	planner := planner{ctx: f.ctx, reader: f.snapshot, total: float64(total)}
	plan := planner.plan(f.query.Text)
	if after != nil {
		return f.ask(plan, min(max(after.Level, 0), max(plan.levels()-1, 0)))
	}
	found, err := f.ask(plan, 0)
	for level := 1; err == nil && level < plan.levels() && f.wantsMore(found.total, level); level++ {
		var more *matches
		if more, err = f.ask(plan, level); err == nil && more.total > found.total {
			found = more
		}
	}
	return found, err
}

// wantsMore says whether to relax to the level: three in five where little was found, any word only where nothing was.
// An order by anything but relevance would put the looser matches first, so there only nothing is too little.
func (f *finder) wantsMore(found int64, level int) bool {
	if level == anyWord && f.query.Whole {
		return false
	}
	if level > 1 || f.query.Effective() != search.Relevance {
		return found == 0
	}
	return found < enough
}

func (f *finder) empty(level int) *matches {
	return &matches{level: level, facets: f.generation.table.newFacets(), best: best{limit: f.query.Limit + 1}}
}

// every is how many rows are passed between two looks at whether the caller still waits.
const every = 4096

// browse takes every row.
func (f *finder) browse() (*matches, error) {
	m, filter := f.empty(0), f.generation.table.filter(f.query)
	for _, p := range f.parts {
		for i := range p.rows {
			if i%every == 0 && f.ctx.Err() != nil {
				return nil, f.ctx.Err()
			}
			if p.live(i) {
				f.take(m, &filter, &p.rows[i], p.base+uint64(i), 0)
			}
		}
	}
	return m, nil
}

// ask takes the rows of the documents that match the plan.
func (f *finder) ask(p plan, level int) (m *matches, err error) {
	m = f.empty(level)
	if p.levels() == 0 { // a text without a single word or character
		return m, nil
	}
	filter := f.generation.table.filter(f.query)
	searcher, err := p.query(level).Searcher(f.ctx, f.snapshot, f.generation.index.Mapping(), bleve.SearcherOptions{})
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	defer func() { err = orClose(err, searcher) }()
	pool := bleve.NewDocumentMatchPool(searcher.DocumentMatchPoolSize()+1, 0)
	sctx := &bleve.SearchContext{DocumentMatchPool: pool, IndexReader: f.snapshot}
	at := 0
	for n := 0; ; n++ {
		if n%every == 0 && f.ctx.Err() != nil {
			return nil, f.ctx.Err()
		}
		d, err := searcher.Next(sctx)
		if d == nil || err != nil {
			return m, err
		}
		number := binary.BigEndian.Uint64(d.IndexInternalID)
		for number >= f.parts[at].base+uint64(len(f.parts[at].rows)) {
			at++
		}
		f.take(m, &filter, &f.parts[at].rows[number-f.parts[at].base], number, d.Score)
		pool.Put(d)
	}
}

func orClose(err error, s bleve.Searcher) error {
	if closed := s.Close(); err == nil {
		return closed
	}
	return err
}

// take counts a row and offers it a place.
func (f *finder) take(m *matches, filter *filter, r *row, document uint64, score float64) {
	fails, excluded := filter.fails(r)
	if excluded {
		return
	}
	m.facets.count(r, fails)
	if fails != [choices]bool{} {
		return
	}
	m.total++
	sort := f.query.Effective()
	p := place{key: key(sort, r), created: r.created, id: r.id, document: document}
	if sort == search.Relevance {
		p.score = rounded(score * liking(r.popularity) * brevity(r.length))
	}
	if f.after == nil || f.after.before(p) {
		m.best.offer(p)
	}
}

// liking lifts popular deals by up to a tenth: a hundredth for each doubling.
func liking(popularity int64) float64 {
	if popularity <= 0 {
		return 1
	}
	return 1 + math.Min(10, math.Floor(math.Log2(float64(popularity)+1)))/100
}

// rounded forgets what the order of additions does to a score, so that pages can be told apart by it. The shift
// keeps simple fractions away from the borders.
func rounded(score float64) float64 { return math.Floor(score*1024+0.31) / 1024 }

func (f *finder) title(document uint64) (string, error) {
	for i, p := range f.parts {
		if document < p.base+uint64(len(p.rows)) {
			s, err := readStored(f.snapshot.Segments()[i], int(document-p.base))
			return s.title, err
		}
	}
	return "", errRow
}

// brevity prefers short titles, which name a thing, to long ones, which list what it fits: a 256th off for each
// quarter of a doubling, in steps, so that among titles of about one length the newer comes first.
func brevity(characters int32) float64 {
	return 1 - math.Floor(4*math.Log2(float64(characters)+1))/256
}
