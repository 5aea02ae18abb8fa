package market

import (
	"context"

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
	return parts, m.nameParts(ctx, parts.Held, parts.Escrow, parts.Incoming)
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
