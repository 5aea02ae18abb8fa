package group

import (
	"time"

	"haggle/internal/deal"
)

// Public shows the ladder with what stands on each rung, the tier reached now, and the limits. Ceilings are in it only
// as sums per tier.
func (mechanism) Public(v deal.View) deal.Public {
	t, s, err := open(v)
	if err != nil {
		return deal.Public{}
	}
	whole, tier := all(s.Tiers), t.reached(s.Tiers)
	p := deal.Public{Entries: whole.Pledges, Terms: t, Currency: v.Currency, ClosesAt: v.ClosesAt,
		Tier: &tier, UnitPrice: t.price(tier), Pieces: &whole.Pieces, Tiers: t.rungs(s.Tiers), GroupMinimum: deal.Ptr(t.Minimum),
		Cap: positive(t.Cap), PerPerson: positive(t.PerPerson), CaseSize: positive(t.CaseSize)}
	if from := t.lockedFrom(v.ClosesAt); !from.IsZero() {
		p.LockedFrom = &from
	}
	return p
}

func (t *Terms) rungs(tiers []Sums) []deal.TierState {
	out := make([]deal.TierState, len(tiers))
	for i, s := range tiers {
		out[i] = deal.TierState{From: t.Tiers[i].From, UnitPrice: t.Tiers[i].UnitPrice, Pieces: s.Pieces, Tolerance: s.Tolerance}
	}
	return out
}

// publicSums are the sums that the public state shows. How many pledges stand on a rung is not in it.
func publicSums(p deal.Public) []Sums {
	tiers := make([]Sums, len(p.Tiers))
	for i, r := range p.Tiers {
		tiers[i] = Sums{Pieces: r.Pieces, Tolerance: r.Tolerance}
	}
	return tiers
}

// positive is absent where a term is.
func positive(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

func deref(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
