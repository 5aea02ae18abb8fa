package market

import (
	"context"

	"haggle/internal/deal"
	"haggle/internal/ledger"
	"haggle/internal/money"
	"haggle/internal/order"
)

// partsLimit is how many parts of each kind of money are named; the sums of Wallet have no limit.
const partsLimit = 50

// WalletParts says what a person's money that he cannot use now is for.
func (m *Market) WalletParts(ctx context.Context, a Actor) (WalletParts, error) {
	parts := WalletParts{Held: []WalletPart{}, Escrow: []WalletPart{}, Incoming: []WalletPart{}}
	if err := need(a, ScopeRead); err != nil {
		return parts, err
	}
	err := m.eng.ActiveHolds(ctx, a.Account, partsLimit, func(h ledger.Hold) {
		parts.Held = append(parts.Held, WalletPart{Deal: h.Deal, Amount: h.Amount, Since: At(h.At)})
	})
	if err != nil {
		return parts, err
	}
	into := func(list *[]WalletPart) func(o order.Order, a money.Amount) {
		return func(o order.Order, a money.Amount) {
			if len(*list) < partsLimit {
				*list = append(*list, WalletPart{Deal: o.Deal, Order: o.ID, Amount: a, Since: At(o.CreatedAt)})
			}
		}
	}
	if err := m.inEscrow(ctx, a.Account, into(&parts.Escrow), into(&parts.Incoming)); err != nil {
		return parts, err
	}
	if err := m.nameParts(ctx, parts.Held, parts.Escrow, parts.Incoming); err != nil {
		return parts, err
	}
	return parts, m.countParts(ctx, a, parts.Held)
}

// countParts says of each hold for how many pieces at which price it stands.
func (m *Market) countParts(ctx context.Context, a Actor, held []WalletPart) error {
	ids := make([]string, len(held))
	for i, p := range held {
		ids[i] = p.Deal
	}
	deals, err := m.dealsInOrder(ctx, ids)
	if err != nil {
		return err
	}
	views, err := m.dealViews(ctx, a, seen(deals...))
	if err != nil {
		return err
	}
	byID := make(map[string]DealView, len(views))
	for _, v := range views {
		byID[v.ID] = v
	}
	for i := range held {
		held[i].Pieces, held[i].UnitPrice = heldFor(byID[held[i].Deal], held[i].Amount)
	}
	return nil
}

// heldFor is for how many pieces at which price somebody's money is held in a deal; zeros where that does not make the sum.
func heldFor(v DealView, held money.Amount) (pieces int64, each money.Amount) {
	switch {
	case v.Me == nil:
		return 0, 0
	case v.Kind == deal.Group && v.Me.Quantity != nil && len(v.Tiers) > 0:
		pieces, each = *v.Me.Quantity+valueOr(v.Me.Tolerance, 0), valueOr(v.Me.Ceiling, v.Tiers[0].UnitPrice)
	case v.Kind == deal.Request && valueOr(v.Quantity, 0) > 0 && held%money.Amount(*v.Quantity) == 0:
		pieces, each = *v.Quantity, held/money.Amount(*v.Quantity)
	}
	if total, err := money.Mul(each, pieces); err != nil || total > held {
		return 0, 0
	}
	return pieces, each
}

// nameParts gives each part the title, kind and end of its deal.
func (m *Market) nameParts(ctx context.Context, lists ...[]WalletPart) error {
	var ids []string
	for _, list := range lists {
		for _, p := range list {
			ids = append(ids, p.Deal)
		}
	}
	deals, err := m.dealsByID(ctx, ids)
	for _, list := range lists {
		for i := range list {
			d := deals[list[i].Deal]
			list[i].Title, list[i].Kind = d.Title, d.Kind
			if list[i].Order == "" && d.ClosesAt != nil {
				list[i].Until = AtOrNil(*d.ClosesAt)
			}
		}
	}
	return err
}
