package market

import (
	"context"

	"haggle/internal/deal"
	"haggle/internal/deal/group"
	"haggle/internal/fault"
)

// Bounds of a group's form.
const (
	maxTiers   = 20
	maxPickups = 50
)

// OpenGroup opens a group buy.
func (m *Market) OpenGroup(ctx context.Context, a Actor, k Key, in GroupInput) (DealView, bool, error) {
	return m.openDeal(ctx, a, k, gatheringOf(in))
}

// TryGroup is the group buy that OpenGroup would open, as it would look; see tryDeal.
func (m *Market) TryGroup(ctx context.Context, a Actor, in GroupInput) (DealView, error) {
	return m.tryDeal(ctx, a, gatheringOf(in))
}

func gatheringOf(in GroupInput) opening {
	return opening{kind: deal.Group, about: in.About, until: in.Until, longest: longestOther, terms: groupTerms(in),
		check: func(c *fault.Collect) { checkGroup(c, in) }}
}

func groupTerms(in GroupInput) *group.Terms {
	t := &group.Terms{Minimum: valueOr(in.Minimum, 0), Cap: valueOr(in.Cap, 0), PerPerson: valueOr(in.PerPerson, 0), CaseSize: valueOr(in.CaseSize, 0),
		Tolerance: in.Tolerance, Allocation: group.Allocation(in.Allocation), DropOut: group.DropOut(in.DropOut), LastPhaseSeconds: in.LastPhaseSeconds, Pickup: in.Pickup}
	for _, x := range in.Tiers {
		t.Tiers = append(t.Tiers, group.Tier{From: x.From, UnitPrice: x.UnitPrice})
	}
	if in.Fees != nil {
		t.Fees = group.Fees{PerPiece: in.Fees.PerPiece, PerMember: in.Fees.PerMember, Bill: in.Fees.Bill}
	}
	return t
}

func checkGroup(c *fault.Collect, in GroupInput) {
	if len(in.Tiers) < 1 || len(in.Tiers) > maxTiers {
		c.Addf("tiers", "count", "between 1 and %d", maxTiers)
	}
	for _, t := range in.Tiers {
		checkPrice(c, "tiers", &t.UnitPrice)
		checkCount(c, "tiers", &t.From, maxPieces)
	}
	for name, n := range map[string]*int64{"minimum": in.Minimum, "cap": in.Cap, "perPerson": in.PerPerson, "caseSize": in.CaseSize} {
		checkCount(c, name, n, maxPieces)
	}
	if len(in.Pickup) > maxPickups {
		c.Addf("pickup", "count", "at most %d", maxPickups)
	}
	for _, p := range in.Pickup {
		checkText(c, "pickup", p, 1, 200)
	}
}

func valueOr[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}
