package search

import (
	"maps"
	"slices"
)

// Compare finds how an index that holds these versions, by id, differs from the feed. It takes the map over.
func Compare(held map[string]int64, feed Feed) (Diff, error) {
	var diff Diff
	err := feed(func(d Document) error {
		version, found := held[d.ID]
		switch {
		case !found:
			diff.Missing = append(diff.Missing, d.ID)
		case version < d.Version:
			diff.Stale = append(diff.Stale, d.ID)
		}
		delete(held, d.ID)
		return nil
	})
	if err != nil {
		return Diff{}, err
	}
	diff.Extra = slices.Sorted(maps.Keys(held))
	slices.Sort(diff.Missing)
	slices.Sort(diff.Stale)
	return diff, nil
}
