package searchtest

import (
	"strings"
	"testing"
	"time"

	"haggle/internal/fault"
	"haggle/internal/search"
)

func putReplaceDelete(t *testing.T, b *bench) {
	b.put(deal(1, "walnut table"), deal(2, "oak shelf"))
	b.finds("walnut", "d001")

	changed := deal(1, "cherry table")
	changed.Version = 2
	b.put(changed)
	b.finds("walnut")
	b.finds("cherry", "d001")

	if n, err := b.index.Count(b.ctx); n != 2 || err != nil {
		t.Errorf("count is %d, %v; want 2", n, err)
	}
	for range 2 { // the second time it is unknown
		if err := b.index.Delete(b.ctx, "d001", "never-was"); err != nil {
			t.Fatal(err)
		}
	}
	b.finds("cherry")
	b.matches(search.Query{}, "d002")
	b.put()
	if err := b.index.Delete(b.ctx); err != nil {
		t.Fatal(err)
	}
}

func versions(_ *testing.T, b *bench) {
	newer, older, same := deal(1, "newer"), deal(1, "older"), deal(1, "again")
	newer.Version, older.Version, same.Version = 7, 6, 7
	b.put(newer)
	b.put(older)
	b.finds("older")
	b.finds("newer", "d001")
	b.put(same)
	b.finds("newer")
	b.finds("again", "d001")
}

func twiceInABatch(_ *testing.T, b *bench) {
	first, second, third := deal(1, "apple"), deal(1, "banana"), deal(1, "cranberry")
	first.Version, second.Version, third.Version = 2, 3, 1
	b.put(first, second, third)
	b.matches(search.Query{}, "d001")
	b.finds("banana", "d001")
	b.finds("cranberry")
}

// numbersMove changes what no text finds: price, popularity, status, time.
func numbersMove(t *testing.T, b *bench) {
	one, two, three := deal(1, "walnut table"), deal(2, "walnut shelf"), deal(3, "walnut chair")
	one.Price, two.Price, three.Price = 100, 200, 300
	b.put(one, two, three)
	b.order(search.Query{Text: "walnut", Sort: search.PriceUp}, "d001", "d002", "d003")

	one.Version, one.Price, one.Popularity = 5, 400, 9
	b.put(one)
	late := one
	late.Version, late.Price = 4, 1
	b.put(late)
	b.order(search.Query{Text: "walnut", Sort: search.PriceUp}, "d002", "d003", "d001")
	b.order(search.Query{Sort: search.MostWanted}, "d001", "d003", "d002")
	b.matches(search.Query{Text: "walnut", PriceMin: price(250)}, "d001", "d003")

	two.Version, two.Status = 2, "settled"
	three.Version, three.Condition, three.ClosesAt = 2, "good", dawn.Add(time.Hour)
	b.put(two, three)
	b.matches(search.Query{Text: "walnut"}, "d001", "d003")
	b.matches(search.Query{Text: "shelf", Status: []string{"settled"}}, "d002")
	b.order(search.Query{Sort: search.Ending}, "d003", "d001")
	if got := b.search(search.Query{}).Facets[search.FacetCondition]["good"]; got != 1 {
		t.Errorf("%d in good condition, want 1", got)
	}

	two.Version, two.Status, two.Title = 3, "open", "cherry shelf"
	b.put(two)
	two.Version, two.Price = 4, 50
	b.put(two)
	b.order(search.Query{Sort: search.PriceUp}, "d002", "d003", "d001")
	b.matches(search.Query{Text: "cherry"}, "d002")
	if diff, err := b.index.Check(b.ctx, feedOf(one, two, three)); err != nil || !diff.Clean() {
		t.Errorf("check: %+v, %v", diff, err)
	}

	if err := b.index.Delete(b.ctx, "d001"); err != nil {
		t.Fatal(err)
	}
	one.Version, one.Price = 1, 10
	b.put(one)
	b.order(search.Query{Sort: search.PriceUp}, "d001", "d002", "d003")
	if err := b.index.Rebuild(b.ctx, feedOf(one, two, three)); err != nil {
		t.Fatal(err)
	}
	one.Version, one.Price = 2, 1000
	b.put(one)
	b.order(search.Query{Sort: search.PriceUp}, "d002", "d003", "d001")
}

func awkwardText(_ *testing.T, b *bench) {
	long := deal(2, "verbose")
	long.Description = strings.Repeat("lorem ipsum ", 8000) + "finale"
	b.put(deal(1, `quote " back \ slash 🚲 شراء `+"\x00 nul"), long, deal(3, ""))
	b.finds("slash", "d001")
	b.finds("شراء", "d001")
	b.finds("verbose", "d002")
	b.matches(search.Query{}, "d001", "d002", "d003")
}

func badIDs(t *testing.T, b *bench) {
	for _, id := range []string{"", "a b", "ä", `x" OR y`, strings.Repeat("x", 65)} {
		d := deal(1, "thing")
		d.ID = id
		if err := b.index.Put(b.ctx, deal(2, "good"), d); !fault.Is(err, fault.CodeInvalid) {
			t.Errorf("put of id %q: %v, want an invalid refusal", id, err)
		}
	}
	b.matches(search.Query{})
}
