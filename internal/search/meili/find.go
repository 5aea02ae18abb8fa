package meili

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	client "github.com/meilisearch/meilisearch-go"

	"haggle/internal/search"
	"haggle/internal/search/text"
)

// Levels of a text, remembered by the cursor.
const (
	strict = iota // all words have to match
	loose         // the last words may be missing
	known         // words that nothing has are left out, the first ones too
)

// mostWords are looked up one by one where a text finds nothing.
const mostWords = 10

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
	words := encode(q.Text, text.Asked)
	if words == "" && strings.TrimSpace(q.Text) != "" { // nothing that could be found
		return search.Result{Hits: []search.Hit{}, Facets: emptyFacets()}, nil
	}
	if err := x.ensure(ctx); err != nil {
		return search.Result{}, err
	}
	p := page{index: x.name, query: q, words: words, after: after, level: firstLevel(q, after)}
	if p.level == known {
		if p.words, err = x.knownWords(ctx, p); err != nil {
			return search.Result{}, err
		}
	}
	last := known
	switch {
	case q.Whole:
		last = strict
	case !strings.Contains(words, " "): // nothing to leave out
		last = loose
	}
	result, err := x.ask(ctx, p)
	for err == nil && result.Total == 0 && p.level < last && words != "" && after == nil {
		p.level++
		if p.level == known {
			if p.words, err = x.knownWords(ctx, p); err != nil || p.words == words {
				return result, err
			}
		}
		result, err = x.ask(ctx, p)
	}
	return result, err
}

// knownWords are the words of a page's text that something is found by under its filters: the server lets go of last words,
// never of a first one that nothing has. All of them where nothing is found by any.
func (x *Index) knownWords(ctx context.Context, p page) (string, error) {
	words := strings.Fields(p.words)
	words = words[:min(len(words), mostWords)]
	requests := make([]*client.SearchRequest, len(words))
	for i, word := range words {
		one := p
		one.words = word
		requests[i] = one.counting(facetAll)
	}
	answer, err := x.server.MultiSearchWithContext(ctx, &client.MultiSearchRequest{Queries: requests})
	if err != nil {
		return "", refusal(ctx, err)
	}
	var found []string
	for i, r := range answer.Results {
		if i < len(words) && r.TotalHits > 0 {
			found = append(found, words[i])
		}
	}
	if len(found) == 0 {
		return p.words, nil
	}
	return strings.Join(found, " "), nil
}

// firstLevel is how loosely to ask at first. By relevance half matches come last and do no harm; another order would
// mix them in, so they are asked for only where nothing matches in full.
func firstLevel(q search.Query, after *search.Cursor) int {
	switch {
	case after != nil:
		return after.Level
	case q.Effective() == search.Relevance && !q.Whole:
		return loose
	default:
		return strict
	}
}

func emptyFacets() map[string]map[string]int64 {
	return map[string]map[string]int64{search.FacetKind: {}, search.FacetCondition: {}, search.FacetCategory: {}}
}

// ask sends one page's requests together and reads the answers.
func (x *Index) ask(ctx context.Context, p page) (search.Result, error) {
	requests := p.requests()
	answer, err := x.server.MultiSearchWithContext(ctx, &client.MultiSearchRequest{Queries: requests})
	if err != nil {
		return search.Result{}, refusal(ctx, err)
	}
	if len(answer.Results) != len(requests) {
		return search.Result{}, fmt.Errorf("search: %d answers to %d requests", len(answer.Results), len(requests))
	}
	result := search.Result{Hits: []search.Hit{}, Facets: emptyFacets(), Total: answer.Results[1].TotalHits}
	for _, r := range answer.Results[1:] {
		if err := addFacets(result.Facets, r.FacetDistribution); err != nil {
			return search.Result{}, err
		}
	}
	found, err := documents(answer.Results[0].Hits)
	if err != nil {
		return search.Result{}, err
	}
	if len(found) > p.query.Limit {
		found = found[:p.query.Limit]
		result.Next = p.cursor(found[len(found)-1]).Encode(p.query)
	}
	marker := text.NewMarker(p.query.Text)
	for _, d := range found {
		result.Hits = append(result.Hits, search.Hit{ID: d.ID, Title: marker.Mark(d.Title)})
	}
	return result, nil
}

func addFacets(facets map[string]map[string]int64, raw json.RawMessage) error {
	if len(raw) == 0 {
		return nil
	}
	var counted map[string]map[string]int64
	if err := json.Unmarshal(raw, &counted); err != nil {
		return fmt.Errorf("search: facets: %w", err)
	}
	for facet, counts := range counted {
		for value, n := range counts {
			facets[facet][value] = n
		}
	}
	return nil
}

func documents(hits client.Hits) ([]document, error) {
	out := make([]document, len(hits))
	for i, hit := range hits {
		if err := hit.DecodeInto(&out[i]); err != nil {
			return nil, fmt.Errorf("search: a hit: %w", err)
		}
	}
	return out, nil
}
