package group

import (
	"cmp"
	"slices"
	"sort"

	"haggle/internal/money"
)

// claim is a standing pledge as the close sees it. Its ceiling may be unknown to an auditor: then it is unlimited.
type claim struct {
	Standing
	who     string // pseudonym
	account string // "" in an audit
	seq     int64  // of the pledge that stands
}

// inQueue sorts claims by the place of their oldest piece: the order of ties and of awards.
func inQueue(claims []claim) {
	slices.SortFunc(claims, func(a, b claim) int { return cmp.Compare(a.Lots.place(), b.Lots.place()) })
}

// sums adds up the claims at every tier.
func (t *Terms) sums(claims []claim) []Sums {
	tiers := make([]Sums, len(t.Tiers))
	for _, c := range claims {
		t.add(tiers, c.Standing, 1)
	}
	return tiers
}

// allot hands out the pieces that a tier orders among the claims that accept its price: to wanted quantities first,
// then to tolerances, each by the allocation rule. The shares stand in the order of the claims, which is the queue's.
func (t *Terms) allot(claims []claim, tier, pieces int64) []int64 {
	wanted, spare := make([]Lots, len(claims)), make([]Lots, len(claims))
	var q, s int64
	for i, c := range claims {
		if c.Ceiling >= t.Tiers[tier-1].UnitPrice {
			wanted[i], spare[i] = c.Lots, c.ToleranceLots
			q, s = q+c.Quantity, s+c.Tolerance
		}
	}
	shares := t.Allocation.serve(min(pieces, q), wanted)
	for i, more := range t.Allocation.serve(min(max(pieces-q, 0), s), spare) {
		shares[i] += more
	}
	return shares
}

// serve hands out pieces, never more than all members ask for together.
func (a Allocation) serve(pieces int64, members []Lots) []int64 {
	switch a {
	case ProRata:
		return proRata(pieces, totals(members))
	case Even:
		return evenly(pieces, totals(members))
	default:
		return firstCome(pieces, members)
	}
}

func totals(members []Lots) []int64 {
	wants := make([]int64, len(members))
	for i, lots := range members {
		wants[i] = lots.total()
	}
	return wants
}

// proRata gives each ⌊want · pieces / all wants⌋ and the rest by largest remainder, ties to the older pledge.
func proRata(pieces int64, wants []int64) []int64 {
	shares := make([]int64, len(wants))
	for i, share := range money.Split(money.Amount(pieces), wants, 1) {
		shares[i] = int64(share)
	}
	return shares
}

// evenly gives one piece each in turn, oldest pledge first, until everybody is served or nothing is left: everybody
// gets the level that all rounds but the last reach, and the last round goes as far as it does.
func evenly(pieces int64, wants []int64) []int64 {
	var most int64
	for _, w := range wants {
		most = max(most, w)
	}
	level := int64(sort.Search(int(most), func(l int) bool { return poured(wants, int64(l)+1) > pieces }))
	shares := make([]int64, len(wants))
	left := pieces - poured(wants, level)
	for i, w := range wants {
		shares[i] = min(w, level)
		if left > 0 && w > level {
			shares[i]++
			left--
		}
	}
	return shares
}

// poured is how many pieces it takes to serve everybody up to a level.
func poured(wants []int64, level int64) (n int64) {
	for _, w := range wants {
		n += min(w, level)
	}
	return n
}

// served counts those who got something.
func served(shares []int64) (n int64) {
	for _, s := range shares {
		if s > 0 {
			n++
		}
	}
	return n
}
