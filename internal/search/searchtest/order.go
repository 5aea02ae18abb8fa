package searchtest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"haggle/internal/fault"
	"haggle/internal/money"
	"haggle/internal/search"
)

func sorts(_ *testing.T, b *bench) {
	var docs []search.Document
	for i, r := range []struct {
		price      money.Amount
		closes     time.Duration
		popularity int64
	}{{300, 3 * time.Hour, 5}, {0, 0, 9}, {100, time.Hour, 0}, {200, 2 * time.Hour, 5}} {
		d := deal(i+1, "wooden thing")
		d.Price, d.Popularity = r.price, r.popularity
		if r.closes > 0 {
			d.ClosesAt = dawn.Add(r.closes)
		}
		docs = append(docs, d)
	}
	b.put(docs...)
	for _, text := range []string{"", "wooden"} {
		b.order(search.Query{Text: text, Sort: search.Newest}, "d004", "d003", "d002", "d001")
		b.order(search.Query{Text: text, Sort: search.Ending}, "d003", "d004", "d001", "d002")
		b.order(search.Query{Text: text, Sort: search.PriceUp}, "d003", "d004", "d001", "d002")
		b.order(search.Query{Text: text, Sort: search.PriceDown}, "d001", "d004", "d003", "d002")
		b.order(search.Query{Text: text, Sort: search.MostWanted}, "d002", "d004", "d001", "d003")
	}
	b.order(search.Query{}, "d004", "d003", "d002", "d001")
}

var allSorts = []search.Sort{search.Relevance, search.Newest, search.Ending, search.PriceUp, search.PriceDown, search.MostWanted}

// crowd is many deals with many equal keys.
func crowd(n int) []search.Document {
	var docs []search.Document
	for i := range n {
		d := deal(i, "wooden thing")
		d.CreatedAt = dawn.Add(time.Duration(i/7) * time.Minute)
		d.Price, d.Popularity = money.Amount(i%4*100), int64(i%3)
		if i%5 > 0 {
			d.ClosesAt = dawn.Add(time.Duration(i%5) * time.Hour)
		}
		docs = append(docs, d)
	}
	return docs
}

// walk reads all pages; between runs before each page but the first.
func (b *bench) walk(q search.Query, between func(page int)) (pages int, seen []string) {
	b.t.Helper()
	for {
		r := b.search(q)
		pages++
		seen = append(seen, ids(r)...)
		if r.Next == "" {
			return pages, seen
		}
		if len(r.Hits) == 0 || pages > 1000 {
			b.t.Fatalf("%s: page %d has %d hits and a next page", brief(q), pages, len(r.Hits))
		}
		q.Cursor = r.Next
		between(pages)
	}
}

func pages(t *testing.T, b *bench) {
	const n = 53
	b.put(crowd(n)...)
	for _, text := range []string{"", "wooden"} {
		for _, sort := range allSorts {
			q := search.Query{Text: text, Sort: sort, Limit: 10}
			count, seen := b.walk(q, func(int) {})
			q.Limit = 100
			whole := b.search(q)
			if count != 6 || !slices.Equal(seen, ids(whole)) {
				t.Errorf("%s: %d pages %v, want the whole in 6: %v", brief(q), count, seen, ids(whole))
			}
			if len(whole.Hits) != n || whole.Total != n || whole.Next != "" {
				t.Errorf("%s: %d hits, total %d, next %q; want %d, %d and no more", brief(q), len(whole.Hits), whole.Total, whole.Next, n, n)
			}
		}
	}
	full := b.search(search.Query{Limit: 53})
	if full.Next != "" {
		t.Error("a last page that is full has a next one")
	}
}

// pagesUnderWrites holds for orders by a value: what stood still is seen exactly once, whatever comes and goes.
func pagesUnderWrites(t *testing.T, b *bench) {
	docs := crowd(40)
	b.put(docs...)
	next := 100
	for _, sort := range allSorts {
		q := search.Query{Sort: sort, Limit: 7}
		_, seen := b.walk(q, func(page int) {
			early := deal(next, "wooden early bird")
			early.Price, early.Popularity = money.Amount(page), 99
			early.ClosesAt = dawn.Add(time.Minute)
			b.put(early)
			next++
		})
		for _, d := range docs {
			if n := count(seen, d.ID); n != 1 {
				t.Errorf("%s: %s was seen %d times, want once", brief(q), d.ID, n)
			}
		}
	}
}

func count(all []string, one string) (n int) {
	for _, x := range all {
		if x == one {
			n++
		}
	}
	return n
}

func foreignCursors(t *testing.T, b *bench) {
	b.put(crowd(20)...)
	next := b.search(search.Query{Limit: 5}).Next
	if next == "" {
		t.Fatal("the first of four pages has no next one")
	}
	for name, q := range map[string]search.Query{
		"of another query":  {Text: "wooden", Cursor: next},
		"of another sort":   {Sort: search.PriceUp, Cursor: next},
		"of another filter": {Kind: "fixed", Cursor: next},
		"cut":               {Cursor: next[:len(next)/2]},
		"no cursor at all":  {Cursor: "?"},
	} {
		if _, err := b.index.Search(b.ctx, q); !fault.Is(err, fault.CodeInvalid) {
			t.Errorf("a cursor %s: %v, want an invalid refusal", name, err)
		}
	}
	if r := b.search(search.Query{Limit: 9, Cursor: next}); len(r.Hits) != 9 {
		t.Errorf("a page of another size has %d hits, want 9", len(r.Hits))
	}
}

func refused(t *testing.T, b *bench) {
	for field, q := range map[string]search.Query{
		"limit":    {Limit: 101},
		"sort":     {Sort: "cheapest"},
		"kind":     {Kind: string(make([]byte, 101))},
		"category": {Category: "\xff"},
		"status":   {Status: make([]string, 9)},
	} {
		_, err := b.index.Search(b.ctx, q)
		refusal := fault.From(err)
		if refusal.Code != fault.CodeInvalid || len(refusal.Fields) != 1 || refusal.Fields[0].Name != field {
			t.Errorf("wrong %s: %v, want that field refused", field, err)
		}
	}
	_, err := b.index.Search(b.ctx, search.Query{Limit: -1, Sort: "x"})
	if got := fmt.Sprint(len(fault.From(err).Fields)); got != "2" {
		t.Errorf("two wrong fields: %s named (%v), want both", got, err)
	}
}
