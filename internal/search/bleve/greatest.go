package bleve

import (
	"context"
	"errors"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"
)

// greatest matches what any of its queries matches, with the greatest of their scores. A disjunction adds them up,
// so that a title that lists every synonym of a thing would beat the thing itself.
type greatest []query.Query

// Searcher implements query.Query.
func (g greatest) Searcher(ctx context.Context, r index.IndexReader, m mapping.IndexMapping, o search.SearcherOptions) (search.Searcher, error) {
	out := &greatestSearcher{heads: make([]*search.DocumentMatch, len(g))}
	for _, q := range g {
		s, err := q.Searcher(ctx, r, m, o)
		if err != nil {
			return nil, errors.Join(err, out.Close())
		}
		out.searchers = append(out.searchers, s)
	}
	return out, nil
}

// greatestSearcher merges searchers, each of which yields documents in ascending order.
type greatestSearcher struct {
	searchers []search.Searcher
	heads     []*search.DocumentMatch // the next match of each; nil = no more
	started   bool
}

func (s *greatestSearcher) start(ctx *search.SearchContext) (err error) {
	if s.started {
		return nil
	}
	s.started = true
	for i, child := range s.searchers {
		if s.heads[i], err = child.Next(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Next implements search.Searcher.
func (s *greatestSearcher) Next(ctx *search.SearchContext) (*search.DocumentMatch, error) {
	if err := s.start(ctx); err != nil {
		return nil, err
	}
	var out *search.DocumentMatch
	for _, head := range s.heads {
		if head != nil && (out == nil || head.IndexInternalID.Compare(out.IndexInternalID) < 0) {
			out = head
		}
	}
	if out == nil {
		return nil, nil
	}
	return out, s.pass(ctx, out)
}

// pass moves every searcher that stands at the document, and gives the document the greatest score among them.
func (s *greatestSearcher) pass(ctx *search.SearchContext, out *search.DocumentMatch) (err error) {
	for i, head := range s.heads {
		if head == nil || head != out && !head.IndexInternalID.Equals(out.IndexInternalID) {
			continue
		}
		out.Score = max(out.Score, head.Score)
		if head != out {
			ctx.DocumentMatchPool.Put(head)
		}
		if s.heads[i], err = s.searchers[i].Next(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Advance implements search.Searcher.
func (s *greatestSearcher) Advance(ctx *search.SearchContext, id index.IndexInternalID) (*search.DocumentMatch, error) {
	if err := s.start(ctx); err != nil {
		return nil, err
	}
	for i, head := range s.heads {
		if head == nil || head.IndexInternalID.Compare(id) >= 0 {
			continue
		}
		ctx.DocumentMatchPool.Put(head)
		var err error
		if s.heads[i], err = s.searchers[i].Advance(ctx, id); err != nil {
			return nil, err
		}
	}
	return s.Next(ctx)
}

// Close implements search.Searcher.
func (s *greatestSearcher) Close() error {
	var errs []error
	for _, child := range s.searchers {
		errs = append(errs, child.Close())
	}
	return errors.Join(errs...)
}

// Weight implements search.Searcher. Scores here are constants: no weight changes them.
func (s *greatestSearcher) Weight() float64 { return 1 }

// SetQueryNorm implements search.Searcher.
func (s *greatestSearcher) SetQueryNorm(float64) {}

// Count implements search.Searcher: at most so many documents match.
func (s *greatestSearcher) Count() (n uint64) {
	for _, child := range s.searchers {
		n += child.Count()
	}
	return n
}

// Min implements search.Searcher.
func (s *greatestSearcher) Min() int { return 0 }

// Size implements search.Searcher.
func (s *greatestSearcher) Size() (n int) {
	for _, child := range s.searchers {
		n += child.Size()
	}
	return n
}

// DocumentMatchPoolSize implements search.Searcher.
func (s *greatestSearcher) DocumentMatchPoolSize() int {
	n := len(s.searchers)
	for _, child := range s.searchers {
		n += child.DocumentMatchPoolSize()
	}
	return n
}
