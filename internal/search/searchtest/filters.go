package searchtest

import (
	"maps"
	"testing"

	"haggle/internal/money"
	"haggle/internal/search"
)

// stall is a small market with every kind of difference.
func stall() []search.Document {
	type row struct {
		kind, condition, owner string
		path                   []string
		price                  money.Amount
	}
	var docs []search.Document
	for i, r := range []row{
		{"fixed", "new", "ann", []string{"home", "home-chairs"}, 10_000},
		{"fixed", "good", "bob", []string{"home", "home-tables"}, 20_000},
		{"english", "good", "ann", []string{"home", "home-chairs"}, 30_000},
		{"english", "new", "bob", []string{"hobby"}, 0},
		{"request", "", "cat", nil, 20_000},
		{"group", "new", "cat", []string{"home2", "home2-chairs"}, 40_000},
	} {
		d := deal(i+1, "wooden thing")
		d.Kind, d.Condition, d.Owner, d.CategoryPath, d.Price = r.kind, r.condition, r.owner, r.path, r.price
		if n := len(r.path); n > 0 {
			d.Category = r.path[n-1]
		}
		docs = append(docs, d)
	}
	return docs
}

func filters(_ *testing.T, b *bench) {
	b.put(stall()...)
	for _, text := range []string{"", "wooden"} {
		b.matches(search.Query{Text: text, Kind: "english"}, "d003", "d004")
		b.matches(search.Query{Text: text, Condition: "good"}, "d002", "d003")
		b.matches(search.Query{Text: text, Owner: "cat"}, "d005", "d006")
		b.matches(search.Query{Text: text, Category: "home-chairs"}, "d001", "d003")
		b.matches(search.Query{Text: text, Category: "home"}, "d001", "d002", "d003")
		b.matches(search.Query{Text: text, Category: "nowhere"})
		b.matches(search.Query{Text: text, Kind: "english", Condition: "good", Owner: "ann", Category: "home", PriceMin: price(1), PriceMax: price(30_000)}, "d003")
	}
}

func priceBounds(_ *testing.T, b *bench) {
	b.put(stall()...)
	b.matches(search.Query{PriceMin: price(20_000), PriceMax: price(30_000)}, "d002", "d003", "d005")
	b.matches(search.Query{PriceMax: price(19_999)}, "d001") // no shown price is not a low price
	b.matches(search.Query{PriceMin: price(0)}, "d001", "d002", "d003", "d005", "d006")
	b.matches(search.Query{PriceMin: price(30_000), PriceMax: price(20_000)})
	b.matches(search.Query{PriceMin: price(-5), PriceMax: price(-1)})
}

func statuses(_ *testing.T, b *bench) {
	sold, off := deal(2, "wooden thing"), deal(3, "wooden thing")
	sold.Status, off.Status = "settled", "cancelled"
	b.put(deal(1, "wooden thing"), sold, off)
	b.matches(search.Query{}, "d001")
	b.finds("wooden", "d001")
	b.matches(search.Query{Status: []string{"settled"}}, "d002")
	b.matches(search.Query{Status: []string{"settled", "open"}, Text: "wooden"}, "d001", "d002")
	if n := b.search(search.Query{}).Facets[search.FacetKind]["fixed"]; n != 1 {
		b.t.Errorf("the kind facet counts %d, want 1: other statuses do not count", n)
	}
}

func facets(t *testing.T, b *bench) {
	b.put(stall()...)
	type counts = map[string]map[string]int64
	for name, c := range map[string]struct {
		query search.Query
		want  counts
	}{
		"everything": {search.Query{}, counts{
			search.FacetKind:      {"fixed": 2, "english": 2, "request": 1, "group": 1},
			search.FacetCondition: {"new": 3, "good": 2},
			search.FacetCategory:  {"home": 3, "home-chairs": 2, "home-tables": 1, "hobby": 1, "home2": 1, "home2-chairs": 1},
		}},
		"a choice does not hide its alternatives": {search.Query{Kind: "fixed"}, counts{
			search.FacetKind:      {"fixed": 2, "english": 2, "request": 1, "group": 1},
			search.FacetCondition: {"new": 1, "good": 1},
			search.FacetCategory:  {"home": 2, "home-chairs": 1, "home-tables": 1},
		}},
		"two choices, with a text": {search.Query{Text: "wooden", Kind: "english", Condition: "good"}, counts{
			search.FacetKind:      {"fixed": 1, "english": 1},
			search.FacetCondition: {"new": 1, "good": 1},
			search.FacetCategory:  {"home": 1, "home-chairs": 1},
		}},
		"price is no facet": {search.Query{Category: "home", PriceMin: price(20_000)}, counts{
			search.FacetKind:      {"fixed": 1, "english": 1},
			search.FacetCondition: {"good": 2},
			search.FacetCategory:  {"home": 2, "home-chairs": 1, "home-tables": 1, "home2": 1, "home2-chairs": 1},
		}},
	} {
		got := b.search(c.query).Facets
		for facet, want := range c.want {
			if !maps.Equal(got[facet], want) {
				t.Errorf("%s: %s counts %v, want %v", name, facet, got[facet], want)
			}
		}
	}
}
