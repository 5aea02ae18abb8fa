package bleve

import "haggle/internal/search"

// facets counts rows by kind, condition and category, by the numbers of the generation's lists.
type facets [choices][]int64

func (t *table) newFacets() facets {
	return facets{
		inKind:      make([]int64, len(t.kinds.all())),
		inCondition: make([]int64, len(t.conditions.all())),
		inCategory:  make([]int64, len(t.categories.all())),
	}
}

// count adds a row to each choice in which, apart from that choice itself, it does not fail.
func (c *facets) count(r *row, fails [choices]bool) {
	failed := 0
	for _, f := range fails {
		if f {
			failed++
		}
	}
	for i, n := range [choices]uint32{r.kind, r.condition, r.category} {
		if (failed == 0 || failed == 1 && fails[i]) && int(n) < len(c[i]) {
			c[i][n]++
		}
	}
}

func (c *facets) result(t *table) map[string]map[string]int64 {
	categories := map[string]int64{}
	for path, n := range named(c[inCategory], t.categories) {
		for _, id := range ids(path) {
			categories[id] += n
		}
	}
	return map[string]map[string]int64{
		search.FacetKind:      named(c[inKind], t.kinds),
		search.FacetCondition: named(c[inCondition], t.conditions),
		search.FacetCategory:  categories,
	}
}

func named(counts []int64, l *list) map[string]int64 {
	out, names := map[string]int64{}, l.all()
	for i, n := range counts {
		if n > 0 && names[i] != "" {
			out[names[i]] = n
		}
	}
	return out
}
