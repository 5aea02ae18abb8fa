package bleve

import (
	"context"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"
)

// worth gives every match of a query the same score, and spares bleve computing one of its own.
type worth struct {
	query.Query
	points float64
}

// Searcher implements query.Query.
func (w worth) Searcher(ctx context.Context, r index.IndexReader, m mapping.IndexMapping, o search.SearcherOptions) (search.Searcher, error) {
	o.Score, o.Explain = "none", false
	s, err := w.Query.Searcher(ctx, r, m, o)
	if err != nil {
		return nil, err
	}
	return &rescored{s, func(float64) float64 { return w.points }}, nil
}

// times multiplies the scores of a query.
type times struct {
	query.Query
	factor float64
}

// Searcher implements query.Query.
func (t times) Searcher(ctx context.Context, r index.IndexReader, m mapping.IndexMapping, o search.SearcherOptions) (search.Searcher, error) {
	s, err := t.Query.Searcher(ctx, r, m, o)
	if err != nil {
		return nil, err
	}
	return &rescored{s, func(score float64) float64 { return score * t.factor }}, nil
}

type rescored struct {
	search.Searcher
	score func(float64) float64
}

// Next implements search.Searcher.
func (s *rescored) Next(ctx *search.SearchContext) (*search.DocumentMatch, error) {
	d, err := s.Searcher.Next(ctx)
	if d != nil {
		d.Score = s.score(d.Score)
	}
	return d, err
}

// Advance implements search.Searcher.
func (s *rescored) Advance(ctx *search.SearchContext, id index.IndexInternalID) (*search.DocumentMatch, error) {
	d, err := s.Searcher.Advance(ctx, id)
	if d != nil {
		d.Score = s.score(d.Score)
	}
	return d, err
}
