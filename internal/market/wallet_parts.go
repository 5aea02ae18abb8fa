package market

import (
	"context"

	"haggle/internal/ledger"
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
	side := func(name string, list *[]WalletPart, amount func(order.Order) WalletPart) error {
		return m.eng.InEscrow(ctx, name, a.Account, func(o order.Order) error {
			if len(*list) < partsLimit {
				p := amount(o)
				p.Deal, p.Order = o.Deal, o.ID
				*list = append(*list, p)
			}
			return nil
		})
	}
	err = side("buyer", &parts.Escrow, func(o order.Order) WalletPart {
		return WalletPart{Amount: o.Total - o.Refunded, Since: At(o.CreatedAt)}
	})
	if err != nil {
		return parts, err
	}
	err = side("seller", &parts.Incoming, func(o order.Order) WalletPart {
		return WalletPart{Amount: o.Total - o.Refunded - o.Fee(), Since: At(o.CreatedAt)}
	})
	if err != nil {
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
	deals, err := m.eng.DealsByID(ctx, ids)
	if err != nil {
		return err
	}
	byID := map[string]int{}
	for i, d := range deals {
		byID[d.ID] = i
	}
	for _, list := range lists {
		for i := range list {
			at, ok := byID[list[i].Deal]
			if !ok {
				continue
			}
			d := deals[at]
			list[i].Title, list[i].Kind = d.Title, d.Kind
			if list[i].Order == "" && d.ClosesAt != nil {
				list[i].Until = AtOrNil(*d.ClosesAt)
			}
		}
	}
	return nil
}
