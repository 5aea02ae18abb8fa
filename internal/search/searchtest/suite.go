// Package searchtest is the contract of a search engine as tests: [Run] for behaviour, [Quality] for relevance.
//
// Every test of the suite begins with an empty index and asserts what both engines promise, no more: which deals are
// found, counted and in which order, not the scores behind it.
package searchtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"haggle/internal/money"
	"haggle/internal/search"
)

// Opener gives an empty index, closed when the test ends.
type Opener func(t *testing.T) search.Index

// Run holds an engine to the contract of package search.
func Run(t *testing.T, open Opener) {
	for name, test := range map[string]func(*testing.T, *bench){
		"writes/put, replace, delete":        putReplaceDelete,
		"writes/versions":                    versions,
		"writes/one id twice in a batch":     twiceInABatch,
		"writes/all but the words changes":   numbersMove,
		"writes/awkward text":                awkwardText,
		"writes/ids that cannot be stored":   badIDs,
		"text/traditional and simplified":    scripts,
		"text/synonyms":                      synonyms,
		"text/latin":                         latin,
		"text/misspelt":                      misspelt,
		"text/mixed without a space":         mixed,
		"text/the whole of it":               whole,
		"text/title before description":      titleFirst,
		"text/operators are words":           operators,
		"text/hostile input":                 hostile,
		"text/title is marked":               marked,
		"filters/each alone and together":    filters,
		"filters/price bounds":               priceBounds,
		"filters/status":                     statuses,
		"filters/facets":                     facets,
		"order/every sort":                   sorts,
		"order/pages":                        pages,
		"order/pages while deals come":       pagesUnderWrites,
		"order/cursors of others":            foreignCursors,
		"query/what is refused":              refused,
		"rebuild/replaces everything":        rebuildReplaces,
		"rebuild/writes meanwhile":           rebuildTakesWrites,
		"rebuild/failing feed keeps the old": rebuildFails,
		"rebuild/one at a time":              rebuildAlone,
		"check/missing, extra, stale":        check,
		"context/cancelled":                  cancelled,
	} {
		t.Run(name, func(t *testing.T) { test(t, &bench{t, open(t), context.Background()}) })
	}
}

// bench is one index under test.
type bench struct {
	t     *testing.T
	index search.Index
	ctx   context.Context
}

// dawn is when the first deal of a test was made.
var dawn = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// deal is an open fixed-price listing; a number sets its id, version and time.
func deal(n int, title string) search.Document {
	return search.Document{
		ID: fmt.Sprintf("d%03d", n), Version: 1, Kind: "fixed", Status: "open", Title: title, Owner: "o1",
		CreatedAt: dawn.Add(time.Duration(n) * time.Minute),
	}
}

func (b *bench) put(docs ...search.Document) {
	b.t.Helper()
	if err := b.index.Put(b.ctx, docs...); err != nil {
		b.t.Fatalf("put: %v", err)
	}
}

func (b *bench) search(q search.Query) search.Result {
	b.t.Helper()
	r, err := b.index.Search(b.ctx, q)
	if err != nil {
		b.t.Fatalf("search %+v: %v", q, err)
	}
	return r
}

// finds asserts which deals a text finds, in any order.
func (b *bench) finds(text string, want ...string) {
	b.t.Helper()
	b.matches(search.Query{Text: text}, want...)
}

// leads asserts which deal a text finds first. What else it finds is the engine's affair: each forgives missing words
// in its own way.
func (b *bench) leads(text, want string) {
	b.t.Helper()
	if got := ids(b.search(search.Query{Text: text})); len(got) == 0 || got[0] != want {
		b.t.Errorf("%q finds %v, want %s first", text, got, want)
	}
}

// matches asserts which deals a query finds, in any order, and that Total agrees.
func (b *bench) matches(q search.Query, want ...string) {
	b.t.Helper()
	r := b.search(q)
	got := ids(r)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || r.Total != int64(len(want)) {
		b.t.Errorf("%s: found %v, total %d; want %v", brief(q), got, r.Total, want)
	}
}

// order asserts which deals a query finds, in this order.
func (b *bench) order(q search.Query, want ...string) {
	b.t.Helper()
	if got := ids(b.search(q)); !slices.Equal(got, want) {
		b.t.Errorf("%s: order %v, want %v", brief(q), got, want)
	}
}

func brief(q search.Query) string {
	return strings.TrimSpace(fmt.Sprintf("%q kind=%s category=%s condition=%s sort=%s", q.Text, q.Kind, q.Category, q.Condition, q.Sort))
}

func ids(r search.Result) []string {
	out := []string{}
	for _, h := range r.Hits {
		out = append(out, h.ID)
	}
	return out
}

func price(n int64) *money.Amount {
	a := money.Amount(n)
	return &a
}

func feedOf(docs ...search.Document) search.Feed {
	return func(yield func(search.Document) error) error {
		for _, d := range docs {
			if err := yield(d); err != nil {
				return err
			}
		}
		return nil
	}
}
