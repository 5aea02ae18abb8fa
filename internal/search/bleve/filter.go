package bleve

import (
	"math"
	"slices"
	"strings"

	"haggle/internal/search"
)

// Choices that have a facet of their own; a row may fail in one and still count there.
const (
	inKind = iota
	inCondition
	inCategory
	choices
)

// anything is a wish that every number fulfils.
const anything = -1

// filter is a query's filters as numbers of the generation's lists. A name that no row has is a number no row has.
type filter struct {
	wanted     [2]int64 // inKind, inCondition: a number, or anything
	owner      int64
	categories []bool // by number; nil = all
	statuses   []bool
	low, high  int64
	priced     bool
}

const nobody = math.MaxInt64

func (t *table) filter(q search.Query) filter {
	f := filter{
		wanted:   [2]int64{lookup(t.kinds, q.Kind), lookup(t.conditions, q.Condition)},
		owner:    lookup(t.owners, q.Owner),
		statuses: chosen(t.statuses, func(status string) bool { return slices.Contains(q.Status, status) }),
		low:      1, high: math.MaxInt64,
		priced: q.PriceMin != nil || q.PriceMax != nil,
	}
	if q.Category != "" {
		f.categories = chosen(t.categories, func(path string) bool { return slices.Contains(ids(path), q.Category) })
	}
	if q.PriceMin != nil {
		f.low = max(f.low, int64(*q.PriceMin))
	}
	if q.PriceMax != nil {
		f.high = int64(*q.PriceMax)
	}
	return f
}

func lookup(l *list, name string) int64 {
	if name == "" {
		return anything
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	if n, ok := l.numbers[name]; ok {
		return int64(n)
	}
	return nobody
}

func chosen(l *list, take func(string) bool) []bool {
	names := l.all()
	out := make([]bool, len(names))
	for i, name := range names {
		out[i] = take(name)
	}
	return out
}

// ids takes a category path apart.
func ids(path string) []string {
	if path == "" {
		return nil
	}
	return strings.Split(path, pathSeparator)
}

// has says whether the number is chosen; rows that came after the filter was made are not.
func has(set []bool, n uint32) bool { return int(n) < len(set) && set[n] }

// fails says in which choices the row fails; excluded, that it fails elsewhere and counts nowhere.
func (f *filter) fails(r *row) (in [choices]bool, excluded bool) {
	if !has(f.statuses, r.status) || f.owner != anything && f.owner != int64(r.owner) {
		return in, true
	}
	if f.priced && (r.price < f.low || r.price > f.high) {
		return in, true
	}
	in[inKind] = f.wanted[inKind] != anything && f.wanted[inKind] != int64(r.kind)
	in[inCondition] = f.wanted[inCondition] != anything && f.wanted[inCondition] != int64(r.condition)
	in[inCategory] = f.categories != nil && !has(f.categories, r.category)
	return in, false
}
