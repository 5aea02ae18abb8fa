package market

import (
	"context"
	"slices"

	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/ledger"
	"haggle/internal/money"
	"haggle/internal/order"
	"haggle/internal/pay"
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
	err = m.inEscrow(ctx, account, func(_ order.Order, a money.Amount) { v.Escrow += a }, func(_ order.Order, a money.Amount) { v.Incoming += a })
	return v, err
}

// inEscrow calls paid with every order whose money a person has paid and incoming with every one whose money waits for him,
// and how much that is: of what comes in, less the fee.
func (m *Market) inEscrow(ctx context.Context, account string, paid, incoming func(o order.Order, a money.Amount)) error {
	err := m.eng.InEscrow(ctx, "buyer", account, func(o order.Order) error { paid(o, o.Total-o.Refunded); return nil })
	if err != nil {
		return err
	}
	return m.eng.InEscrow(ctx, "seller", account, func(o order.Order) error { incoming(o, o.Total-o.Refunded-o.Fee()); return nil })
}

// Free is the money that the actor may use now: what Wallet says is available.
func (m *Market) Free(ctx context.Context, a Actor) (money.Amount, error) {
	if err := need(a, ScopeRead); err != nil {
		return 0, err
	}
	b, err := m.eng.Balance(ctx, a.Account)
	return b.Available, err
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
	deals, err := m.dealsByID(ctx, ids)
	for i := range items {
		items[i].Title = deals[items[i].Deal].Title
	}
	return err
}

// checkMoney notes an amount that cannot be paid in or out.
func checkMoney(c *fault.Collect, a money.Amount, currency money.Currency) {
	if a <= 0 || a > maxPrice {
		c.Addf("amount", "range", "between %d and %d", currency.CashUnit, maxPrice)
	}
}

// checkCard notes what is no card; it gives the card.
func checkCard(c *fault.Collect, typed string) pay.Card {
	card, err := pay.ParseCard(typed)
	if err != nil {
		c.Addf("card", "invalid", "not a card number")
	}
	return card
}

// checkCash refuses an amount that no cash could pay.
func (m *Market) checkCash(a money.Amount) error {
	if !m.cfg.Currency.IsCash(a) {
		return fault.New(fault.CodeNotCash, fault.Params{"cashUnit": int64(m.cfg.Currency.CashUnit)})
	}
	return nil
}
