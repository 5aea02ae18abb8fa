package market

import (
	"context"
	"slices"

	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/ledger"
	"haggle/internal/money"
	"haggle/internal/order"
)

// Wallet is the actor's money.
func (m *Market) Wallet(ctx context.Context, a Actor) (WalletView, error) {
	if err := need(a, ScopeRead); err != nil {
		return WalletView{}, err
	}
	return m.walletOf(ctx, a.Account)
}

func (m *Market) walletOf(ctx context.Context, account string) (WalletView, error) {
	b, err := m.eng.Balance(ctx, account)
	if err != nil {
		return WalletView{}, err
	}
	v := WalletView{Available: b.Available, Held: b.Held, Owing: b.Owing, Currency: m.cfg.Currency.Code}
	err = m.eng.InEscrow(ctx, "buyer", account, func(o order.Order) error { v.Escrow += o.Total - o.Refunded; return nil })
	if err != nil {
		return v, err
	}
	err = m.eng.InEscrow(ctx, "seller", account, func(o order.Order) error { v.Incoming += o.Total - o.Refunded - o.Fee(); return nil })
	return v, err
}

// WalletEntries is the actor's statement, newest first.
func (m *Market) WalletEntries(ctx context.Context, a Actor, limit int, cursor string) (Page[WalletEntry], error) {
	if err := need(a, ScopeRead); err != nil {
		return Page[WalletEntry]{}, err
	}
	if limit < 1 || limit > 100 {
		limit = 24
	}
	page, err := m.eng.FindJournal(ctx, "user", a.Account, limit, cursor)
	if err != nil {
		return Page[WalletEntry]{}, badCursor(err)
	}
	out := Page[WalletEntry]{Items: make([]WalletEntry, len(page.Docs)), Next: page.Next}
	for i, r := range page.Docs {
		out.Items[i] = walletEntry(r, a.Account)
	}
	return out, m.nameEntries(ctx, out.Items)
}

func walletEntry(r engine.JournalRow, account string) WalletEntry {
	e := WalletEntry{ID: r.ID, At: At(r.At), Reason: string(r.Reason), Deal: r.Deal, Order: r.Order}
	for _, p := range r.Postings {
		switch p.Account {
		case ledger.Available(account):
			e.Available += p.Amount
		case ledger.Held(account):
			e.Held += p.Amount
		}
	}
	return e
}

// nameEntries gives each line the title of its deal.
func (m *Market) nameEntries(ctx context.Context, items []WalletEntry) error {
	var ids []string
	for i, e := range items {
		if e.Deal == "" && e.Order != "" {
			if o, err := m.eng.Order(ctx, e.Order); err == nil {
				items[i].Deal = o.Deal
			}
		}
		if d := items[i].Deal; d != "" && !slices.Contains(ids, d) {
			ids = append(ids, d)
		}
	}
	deals, err := m.eng.DealsByID(ctx, ids)
	if err != nil {
		return err
	}
	titles := map[string]string{}
	for _, d := range deals {
		titles[d.ID] = d.Title
	}
	for i := range items {
		items[i].Title = titles[items[i].Deal]
	}
	return nil
}

// checkMoney refuses an amount that cannot be paid in or out.
func (m *Market) checkMoney(a money.Amount) error {
	if a <= 0 || a > maxPrice {
		return fault.Invalidf("amount", "between %d and %d", m.cfg.Currency.CashUnit, maxPrice)
	}
	if !m.cfg.Currency.IsCash(a) {
		return fault.New(fault.CodeNotCash, fault.Params{"cashUnit": int64(m.cfg.Currency.CashUnit)})
	}
	return nil
}
