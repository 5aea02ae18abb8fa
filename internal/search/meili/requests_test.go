package meili_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"haggle/internal/money"
	"haggle/internal/search"
	"haggle/internal/search/meili"
)

var ctx = context.Background()

func listing(id string, version int64, title string) search.Document {
	return search.Document{ID: id, Version: version, Kind: "fixed", Status: "open", Title: title}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantLog(t *testing.T, s *standin, want ...string) {
	t.Helper()
	if got := s.log(); !slices.Equal(got, want) {
		t.Errorf("the server was asked\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func TestFirstWritePreparesTheIndex(t *testing.T) {
	s, x := newStandin(t)
	must(t, x.Put(ctx, listing("a", 1, "Sony 相機")))
	typos := s.body(t, "PATCH /indexes/deals/settings")["typoTolerance"].(map[string]any)
	if typos["enabled"] != true || typos["disableOnNumbers"] != true {
		t.Errorf("typo tolerance is %v, want it on, but off for numbers", typos)
	}
	wantLog(t, s, "POST /indexes", "PATCH /indexes/deals/settings", "POST /indexes/deals/documents/fetch", "POST /indexes/deals/documents")
	must(t, x.Put(ctx, listing("b", 1, "chair")))
	wantLog(t, s, "POST /indexes/deals/documents/fetch", "POST /indexes/deals/documents")

	held := s.indexes["deals"]["a"]
	if held["words"] != "sony 030456026426" {
		t.Errorf("the words of Sony 相機 are %q", held["words"])
	}
	if held["title"] != "Sony 相機" {
		t.Errorf("the title is %q, want it as it was", held["title"])
	}
}

func TestOlderVersionsAreNotSent(t *testing.T) {
	s, x := newStandin(t)
	must(t, x.Put(ctx, listing("a", 5, "new"), listing("b", 1, "other")))
	s.log()
	must(t, x.Put(ctx, listing("a", 4, "old")))
	wantLog(t, s, "POST /indexes/deals/documents/fetch")
	must(t, x.Put(ctx, listing("a", 4, "old"), listing("b", 2, "newer")))
	if a, b := s.indexes["deals"]["a"]["title"], s.indexes["deals"]["b"]["title"]; a != "new" || b != "newer" {
		t.Errorf("stored %q and %q", a, b)
	}
}

func TestFailedTaskIsAnError(t *testing.T) {
	s, x := newStandin(t)
	must(t, x.Put(ctx, listing("a", 1, "chair")))
	s.fail = "documentAdditionOrUpdate"
	if err := x.Put(ctx, listing("b", 1, "chair")); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("a failed task answers %v", err)
	}
	s.fail = "documentDeletion"
	if err := x.Delete(ctx, "a"); err == nil {
		t.Error("a failed deletion answers nil")
	}
}

func TestUnavailable(t *testing.T) {
	s, down := newStandin(t)
	s.down = true
	for name, x := range map[string]*meili.Index{"answers 503": down, "does not answer": meili.New("http://127.0.0.1:1", "key", "deals")} {
		_, searched := x.Search(ctx, search.Query{})
		for what, err := range map[string]error{"search": searched, "put": x.Put(ctx, listing("a", 1, "x")), "ready": x.Ready(ctx)} {
			if !errors.Is(err, search.ErrUnavailable) {
				t.Errorf("a server that %s: %s says %v, want ErrUnavailable", name, what, err)
			}
		}
	}
	s.down = false
	must(t, down.Put(ctx, listing("a", 1, "x"))) // and works once the server does
}

func TestWrongKeyIsNotUnavailable(t *testing.T) {
	s, x := newStandin(t)
	s.key = "another"
	if err := x.Put(ctx, listing("a", 1, "x")); err == nil || errors.Is(err, search.ErrUnavailable) {
		t.Errorf("a wrong key answers %v, want an error that no retry mends", err)
	}
}

func TestRebuildSwaps(t *testing.T) {
	s, x := newStandin(t)
	must(t, x.Put(ctx, listing("old", 1, "old")))
	if err := x.Ready(ctx); !errors.Is(err, search.ErrUnbuilt) {
		t.Errorf("before a rebuild Ready is %v, want ErrUnbuilt", err)
	}
	s.log()
	must(t, x.Rebuild(ctx, func(yield func(search.Document) error) error { return yield(listing("a", 1, "chair")) }))
	wantLog(t, s,
		"POST /indexes", "PATCH /indexes/deals_next/settings",
		"POST /indexes/deals_next/documents/fetch", "POST /indexes/deals_next/documents",
		"POST /swap-indexes", "POST /indexes/deals_notes/documents", "DELETE /indexes/deals_next")
	if len(s.indexes["deals"]) != 1 || s.indexes["deals"]["a"] == nil || s.indexes["deals_next"] != nil {
		t.Errorf("after the swap the server holds %v", s.indexes)
	}
	must(t, x.Ready(ctx))
}

func TestWritesDuringARebuildGoToBothNextFirst(t *testing.T) {
	s, x := newStandin(t)
	must(t, x.Put(ctx, listing("gone", 1, "x")))
	err := x.Rebuild(ctx, func(yield func(search.Document) error) error {
		s.log()
		must(t, x.Put(ctx, listing("b", 2, "new")))
		wantLog(t, s, "POST /indexes/deals_next/documents/fetch", "POST /indexes/deals_next/documents",
			"POST /indexes/deals/documents/fetch", "POST /indexes/deals/documents")
		must(t, x.Delete(ctx, "gone"))
		must(t, yield(listing("b", 1, "old")))
		return yield(listing("gone", 1, "x"))
	})
	must(t, err)
	if held := s.indexes["deals"]; len(held) != 1 || held["b"]["title"] != "new" {
		t.Errorf("after the rebuild the index holds %v, want the write that came in between and no deleted deal", held)
	}
}

// TestRebuildWithAKeyThatSeesNoSwap: a swap belongs to no index, so its task is hidden from a key that is limited to some.
func TestRebuildWithAKeyThatSeesNoSwap(t *testing.T) {
	s, x := newStandin(t)
	must(t, x.Put(ctx, listing("old", 1, "old")))
	s.blind = true
	must(t, x.Rebuild(ctx, func(yield func(search.Document) error) error { return yield(listing("new", 1, "x")) }))
	if s.indexes["deals"]["new"] == nil || s.indexes["deals"]["old"] != nil {
		t.Errorf("the server holds %v, want the new one alone", s.indexes["deals"])
	}
}

func TestFailedRebuildLeavesTheOld(t *testing.T) {
	s, x := newStandin(t)
	must(t, x.Put(ctx, listing("old", 1, "old")))
	s.fail = "indexSwap"
	if err := x.Rebuild(ctx, func(yield func(search.Document) error) error { return yield(listing("a", 1, "x")) }); err == nil {
		t.Error("a failed swap answers nil")
	}
	if s.indexes["deals"]["old"] == nil || s.indexes["deals_next"] != nil {
		t.Errorf("the server holds %v, want the old index alone", s.indexes)
	}
}

func TestCheckReadsAllPages(t *testing.T) {
	_, x := newStandin(t)
	var docs []search.Document
	for i := range 40 {
		docs = append(docs, listing(fmt.Sprintf("id-%02d", i), 1, "x"))
	}
	must(t, x.Put(ctx, docs...))
	diff, err := x.Check(ctx, func(yield func(search.Document) error) error {
		for _, d := range docs[1:] {
			must(t, yield(d))
		}
		return nil
	})
	must(t, err)
	if !slices.Equal(diff.Extra, []string{"id-00"}) || len(diff.Missing)+len(diff.Stale) > 0 {
		t.Errorf("check finds %+v", diff)
	}
}

// oneFound is the answer to a page of which one deal is found.
const oneFound = `{"results":[{"hits":[{"id":"a","title":"Sony"}]},{"hits":[],"totalHits":1},{"hits":[]}]}`

// TestWordsThatNothingHasAreLeftOut: where a text finds nothing, its words are looked up one by one, and the known ones asked for.
func TestWordsThatNothingHasAreLeftOut(t *testing.T) {
	s, x := newStandin(t)
	s.answer = `{"results":[{"hits":[],"totalHits":0},{"hits":[],"totalHits":0},{"hits":[],"totalHits":3}]}`
	_, err := x.Search(ctx, search.Query{Text: "aaa bbb red", Kind: "fixed"})
	must(t, err)
	queries := s.body(t, "POST /multi-search")["queries"].([]any)
	if first := queries[0].(map[string]any); first["q"] != "red" || first["matchingStrategy"] != "last" {
		t.Errorf("at last it is asked for %v", first)
	}
}

func TestSearchRequests(t *testing.T) {
	s, x := newStandin(t)
	s.answer = oneFound
	low := money.Amount(100)
	_, err := x.Search(ctx, search.Query{Text: "sony 相機 -x", Kind: `a" OR kind = "b\`, PriceMin: &low, Limit: 10})
	must(t, err)
	queries := s.body(t, "POST /multi-search")["queries"].([]any)
	hits, total, kinds := queries[0].(map[string]any), queries[1].(map[string]any), queries[2].(map[string]any)

	if hits["q"] != "sony 030456026426 x" || hits["limit"] != 11.0 || hits["matchingStrategy"] != "last" || hits["sort"] != nil {
		t.Errorf("hits are asked by %v", hits)
	}
	filter := fmt.Sprint(hits["filter"])
	if want := `[status IN ["open"] kind = "a\" OR kind = \"b\\" price >= 100 price > 0]`; filter != want {
		t.Errorf("the filter is %s\nwant %s", filter, want)
	}
	if total["hitsPerPage"] != 1.0 || fmt.Sprint(total["facets"]) != "[condition category]" {
		t.Errorf("the total is asked by %v", total)
	}
	if fmt.Sprint(kinds["facets"]) != "[kind]" || strings.Contains(fmt.Sprint(kinds["filter"]), "kind") {
		t.Errorf("the chosen facet is asked by %v, want it without its own choice", kinds)
	}
}

// TestWholeIsNeverRelaxed: who wants all the words is not given less, however the hits are sorted and though nothing is found.
func TestWholeIsNeverRelaxed(t *testing.T) {
	for _, sort := range []search.Sort{search.Relevance, search.Newest} {
		s, x := newStandin(t)
		s.answer = `{"results":[{"hits":[]},{"hits":[],"totalHits":0,"facetDistribution":{"kind":{},"condition":{},"category":{}}}]}`
		r, err := x.Search(ctx, search.Query{Text: "red zebra", Sort: sort, Whole: true})
		must(t, err)
		if queries := s.body(t, "POST /multi-search")["queries"].([]any); r.Total != 0 || queries[0].(map[string]any)["matchingStrategy"] != "all" {
			t.Errorf("by %s: %d are found, asked by %v", sort, r.Total, queries[0])
		}
	}
}

func TestSortedPagesGoOnBehindTheLastHit(t *testing.T) {
	s, x := newStandin(t)
	s.answer = `{"results":[{"hits":[
		{"id":"a","title":"Red 相機","priceUp":100,"created":7,"tie":9},{"id":"b","title":"x","priceUp":200,"created":6,"tie":8}]},
		{"hits":[],"totalHits":2,"facetDistribution":{"kind":{"fixed":2},"condition":{},"category":{"home":1}}}]}`
	q := search.Query{Text: "相机", Sort: search.PriceUp, Limit: 1}
	r, err := x.Search(ctx, q)
	must(t, err)
	first := s.body(t, "POST /multi-search")["queries"].([]any)[0].(map[string]any)
	if fmt.Sprint(first["sort"]) != "[priceUp:asc created:desc tie:desc]" || first["matchingStrategy"] != "all" {
		t.Errorf("the first page is asked by %v", first)
	}
	if len(r.Hits) != 1 || r.Hits[0].ID != "a" || r.Total != 2 || r.Facets["kind"]["fixed"] != 2 || r.Next == "" {
		t.Fatalf("the first page is %+v", r)
	}
	if title := r.Hits[0].Title; len(title) != 2 || title[1].Text != "相機" || !title[1].Match {
		t.Errorf("the title is %+v, want 相機 marked", title)
	}
	q.Cursor = r.Next
	_, err = x.Search(ctx, q)
	must(t, err)
	second := s.body(t, "POST /multi-search")["queries"].([]any)
	want := "(priceUp > 100 OR (priceUp = 100 AND (created < 7 OR (created = 7 AND tie < 9))))"
	if filter := fmt.Sprint(second[0].(map[string]any)["filter"]); !strings.Contains(filter, want) {
		t.Errorf("the second page is filtered by %s, want %s", filter, want)
	}
	if filter := fmt.Sprint(second[1].(map[string]any)["filter"]); strings.Contains(filter, "priceUp") {
		t.Errorf("the total is filtered by %s, want it without the cursor", filter)
	}
}

func TestRankedPagesGoOnByNumber(t *testing.T) {
	s, x := newStandin(t)
	s.answer = `{"results":[{"hits":[{"id":"a","title":"x"},{"id":"b","title":"x"}]},{"hits":[],"totalHits":9}]}`
	q := search.Query{Text: "x", Limit: 1}
	for page := range 3 {
		r, err := x.Search(ctx, q)
		must(t, err)
		hits := s.body(t, "POST /multi-search")["queries"].([]any)[0].(map[string]any)
		if offset, _ := hits["offset"].(float64); int(offset) != page {
			t.Errorf("page %d begins at %v", page, hits["offset"])
		}
		q.Cursor = r.Next
	}
}

func TestNothingToFindAsksNothing(t *testing.T) {
	s, x := newStandin(t)
	r, err := x.Search(ctx, search.Query{Text: "?!"})
	must(t, err)
	if r.Total != 0 || len(s.log()) != 0 {
		t.Errorf("a text without words finds %d", r.Total)
	}
}
