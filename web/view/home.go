package view

import (
	"cmp"
	"slices"
	"strconv"

	"haggle/internal/deal"
	"haggle/internal/market"
)

// togetherHeight is where the piece i stands on the three steps of the door to group buys.
func togetherHeight(i int) string { return strconv.Itoa([]int{13, 27, 41}[min(i/2, 2)]) }

// AlmostThere lists the open groups of a list that have a cheaper tier before them, those that need the smallest share
// of it first.
func AlmostThere(items []market.DealView, most int) []market.DealView {
	near := slices.DeleteFunc(slices.Clone(items), func(d market.DealView) bool {
		_, _, more := nextTier(d)
		return d.Kind != deal.Group || d.Status != deal.Open || !more
	})
	slices.SortStableFunc(near, func(a, b market.DealView) int { return cmp.Compare(missingShare(a), missingShare(b)) })
	return near[:min(most, len(near))]
}

// missingShare is how much of the next tier's pieces is missing, from 0 to 1.
func missingShare(d market.DealView) float64 {
	next, missing, _ := nextTier(d)
	return float64(missing) / float64(max(1, missing+next.Pieces))
}

func laneWhat(p *Page, l Lane) string {
	if l.What == "" {
		return ""
	}
	return p.T(l.What)
}
