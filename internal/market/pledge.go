package market

import (
	"context"

	"haggle/internal/deal"
	"haggle/internal/deal/group"
	"haggle/internal/fault"
)

// Pledge joins a group, or changes what one joined with.
func (m *Market) Pledge(ctx context.Context, a Actor, k Key, dealID string, in PledgeInput) (EntryView, error) {
	if err := checkPledge(in); err != nil {
		return EntryView{}, err
	}
	return m.enter(ctx, a, k, entry{deal: dealID, kinds: []deal.Kind{deal.Group}, act: deal.Pledge, values: pledgeOf(in)})
}

func pledgeOf(in PledgeInput) group.Pledge {
	return group.Pledge{Quantity: in.Quantity, Tolerance: in.Tolerance, Ceiling: in.Ceiling}
}

func checkPledge(in PledgeInput) error {
	var c fault.Collect
	checkCount(&c, "quantity", &in.Quantity, maxPieces)
	if in.Tolerance < 0 || in.Tolerance > maxPieces {
		c.Addf("tolerance", "range", "between 0 and %d", maxPieces)
	}
	if in.Ceiling != nil {
		checkPrice(&c, "ceiling", in.Ceiling)
	}
	return c.Err()
}

// Withdraw takes a pledge back.
func (m *Market) Withdraw(ctx context.Context, a Actor, k Key, dealID string, in ReasonInput) (EntryView, error) {
	reason, err := reasonOf(in.Reason)
	if err != nil {
		return EntryView{}, err
	}
	return m.enter(ctx, a, k, entry{deal: dealID, act: deal.Withdraw, reason: reason})
}
