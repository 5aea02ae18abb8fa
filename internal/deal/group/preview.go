package group

import (
	"fmt"
	"slices"
	"sort"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

// Preview judges a pledge as Enter would, by the public state and the member's own pledge: the tier it leads to, the
// hold and until when, and what more pieces of others would make of the price.
func (mechanism) Preview(p deal.Public, self deal.Self, e deal.Entry) (deal.Preview, error) {
	if e.Act != deal.Pledge {
		return deal.Preview{}, fault.Invalidf("act", "only a pledge has a preview")
	}
	t, err := termsOf(p.Terms)
	if err != nil {
		return deal.Preview{}, err
	}
	pledge, ok := e.Values.(Pledge)
	if !ok || len(p.Tiers) != len(t.Tiers) {
		return deal.Preview{}, fmt.Errorf("group: preview of a %T on %d tiers", e.Values, len(p.Tiers))
	}
	sit := situation{terms: t, currency: p.Currency, tiers: publicSums(p), now: self.Now, lockedFrom: deref(p.LockedFrom),
		available: self.Available}
	if err := sit.setOwn(self.Standing); err != nil {
		return deal.Preview{}, err
	}
	a, err := sit.admit(pledge)
	if err != nil {
		return deal.Preview{}, err
	}
	return a.preview(t, p, self), nil
}

// preview says what the pledge means. A pledge that fills the cap is cleared at once.
func (a *admission) preview(t *Terms, p deal.Public, self deal.Self) deal.Preview {
	until := p.ClosesAt
	if a.full {
		until = self.Now
	}
	return deal.Preview{Hold: a.hold, YouPayAtMost: deal.Ptr(a.hold), Tier: &a.tier, UnitPrice: t.price(a.tier),
		IfMore: t.ifMore(a.tiers, a.tier), HeldUntil: &until, LockedFrom: p.LockedFrom}
}

// ifMore lists, for the tiers cheaper than the one reached, how many more wanted pieces at any price would reach them:
// fewest first. A tier that a cheaper one overtakes is left out; since a full cap always clears at the cheapest, none
// of the list lies beyond the cap.
func (t *Terms) ifMore(tiers []Sums, reached int64) []deal.IfMore {
	var out []deal.IfMore
	for tier := int64(len(tiers)); tier > reached; tier-- {
		more := t.more(tiers[tier-1], tier)
		if n := len(out); n == 0 || more < out[n-1].Pieces {
			out = append(out, deal.IfMore{Pieces: more, UnitPrice: t.Tiers[tier-1].UnitPrice})
		}
	}
	slices.Reverse(out)
	return out
}

// Ordered is how many pieces a tier orders for what the public state shows of it, tolerance that fills a case included.
func (t *Terms) Ordered(s deal.TierState) int64 {
	return t.ordered(Sums{Pieces: s.Pieces, Tolerance: s.Tolerance})
}

// Missing is the least number of further wanted pieces, at any price, that makes a tier (from 1) feasible; 0 where it is.
func (t *Terms) Missing(tier int64, s deal.TierState) int64 {
	return t.more(Sums{Pieces: s.Pieces, Tolerance: s.Tolerance}, tier)
}

// more is the least number of further wanted pieces that makes a tier feasible. What is ordered never falls when more
// is wanted, so it can be searched; a tier's need and one case more always suffice.
func (t *Terms) more(s Sums, tier int64) int64 {
	need := t.need(tier)
	return int64(sort.Search(int(need+t.CaseSize), func(m int) bool {
		return t.ordered(Sums{Pieces: s.Pieces + int64(m), Tolerance: s.Tolerance}) >= need
	}))
}
