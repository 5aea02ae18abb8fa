package market

import (
	"context"

	"haggle/internal/deal"
	"haggle/internal/engine"
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
	deals, err := m.nameParts(ctx, parts.Held, parts.Escrow, parts.Incoming)
	if err != nil {
		return parts, err
	}
	return parts, m.countParts(ctx, a, deals, parts.Held)
}

// countParts says of each hold for how many pieces at which price it stands.
func (m *Market) countParts(ctx context.Context, a Actor, deals map[string]engine.Deal, held []WalletPart) error {
	var of []engine.Deal
	var parts []*WalletPart
	for i := range held {
		if d, ok := deals[held[i].Deal]; ok {
			of, parts = append(of, d), append(parts, &held[i])
		}
	}
	views, err := m.dealViews(ctx, a, seen(of...))
	for i, v := range views {
		parts[i].Pieces, parts[i].UnitPrice = v.HeldFor(parts[i].Amount)
	}
	return err
}

// HeldFor is for how many pieces at which price at most an amount of the reader's is held in a deal; what it is more are a
// group's fees. Zeros where that does not make the sum.
func (v *DealView) HeldFor(held money.Amount) (pieces int64, each money.Amount) {
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

// nameParts gives each part the title, kind and end of its deal, and answers those deals.
func (m *Market) nameParts(ctx context.Context, lists ...[]WalletPart) (map[string]engine.Deal, error) {
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
	return deals, err
}
