package engine

import (
	"context"

	"haggle/internal/ledger"
	"haggle/internal/money"
	"haggle/internal/order"
)

// AuditBooks holds the books against the journal, as they are at one moment, while others go on trading. Its Findings say
// what does not agree.
func (e *Engine) AuditBooks(ctx context.Context) (*ledger.Audit, error) {
	var a *ledger.Audit
	err := e.cfg.Store.Snapshot(ctx, func(ctx context.Context) error {
		a = ledger.NewAudit()
		if err := e.rows.journal.Scan(ctx, func(r JournalRow) error { a.Transfer(r.Transfer); return nil }); err != nil {
			return err
		}
		if err := e.rows.balances.Scan(ctx, func(b ledger.Balance) error { a.Balance(b); return nil }); err != nil {
			return err
		}
		if err := e.rows.holds.Scan(ctx, func(h ledger.Hold) error { a.Hold(h); return nil }); err != nil {
			return err
		}
		return e.rows.orders.Scan(ctx, func(o order.Order) error { a.Escrow(o.ID, waiting(o)); return nil })
	})
	return a, err
}

// waiting is what should be in an order's escrow.
func waiting(o order.Order) money.Amount {
	if !o.Escrow {
		return 0
	}
	return o.Total - o.Refunded
}
