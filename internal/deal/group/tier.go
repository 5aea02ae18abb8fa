package group

import (
	"slices"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// Sums are what those offer together whose ceilings reach one tier's price.
type Sums struct {
	Pieces    int64 `bson:"pieces"`    // quantities
	Tolerance int64 `bson:"tolerance"` // pieces that they would take beyond
	Pledges   int64 `bson:"pledges"`   // how many they are
}

// State is the running state of a group: the sums of every tier. The last row is the whole group, for no ceiling lies
// below the cheapest tier. It does not grow with the crowd.
type State struct {
	Tiers []Sums `bson:"tiers"`
}

// add counts a pledge in (sign 1) or out (sign −1) at every tier that its ceiling reaches.
func (t *Terms) add(tiers []Sums, s Standing, sign int64) {
	for i, tier := range t.Tiers {
		if s.Ceiling >= tier.UnitPrice {
			tiers[i].Pieces += sign * s.Quantity
			tiers[i].Tolerance += sign * s.Tolerance
			tiers[i].Pledges += sign
		}
	}
}

// moved gives the sums with one pledge taken out and another put in; either may be nil.
func (t *Terms) moved(tiers []Sums, out, in *Standing) []Sums {
	next := slices.Clone(tiers)
	if out != nil {
		t.add(next, *out, -1)
	}
	if in != nil {
		t.add(next, *in, 1)
	}
	return next
}

// all are the sums of the whole group.
func all(tiers []Sums) Sums { return tiers[len(tiers)-1] }

// reached is the cheapest feasible tier, counted from 1; 0 where none is. A tier is feasible when the pieces that
// those who accept its price would order reach its threshold and the group's minimum.
func (t *Terms) reached(tiers []Sums) int64 {
	for tier := int64(len(tiers)); tier > 0; tier-- {
		if t.ordered(tiers[tier-1]) >= t.need(tier) {
			return tier
		}
	}
	return 0
}

// price is a tier's unit price; nil for tier 0.
func (t *Terms) price(tier int64) *money.Amount {
	if tier == 0 {
		return nil
	}
	return deal.Ptr(t.Tiers[tier-1].UnitPrice)
}

// after is the public state that an act led to, as the log shows it.
func (t *Terms) after(tiers []Sums) deal.Body {
	tier := t.reached(tiers)
	b := deal.Body{"pieces": all(tiers).Pieces, "tier": tier}
	if p := t.price(tier); p != nil {
		b["unitPrice"] = *p
	}
	return b
}
