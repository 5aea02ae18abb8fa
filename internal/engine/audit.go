package engine

import (
	"context"
	"fmt"

	"haggle/internal/deal"
	"haggle/internal/ledger"
	"haggle/internal/money"
	"haggle/internal/order"
	"haggle/internal/store"
)

// VerifyLedger reads all the books as they are at one moment, beside running trade, and says what is wrong with them:
// the invariants of the ledger, that every order has its money in escrow, and that every deal's standings have their
// holds. The store must have the engine's collections; nothing is written.
func (e *Engine) VerifyLedger(ctx context.Context) (ledger.Report, error) {
	var report ledger.Report
	err := e.cfg.Store.Snapshot(ctx, func(ctx context.Context) error {
		a := ledger.NewAudit()
		if err := e.auditMoney(ctx, a); err != nil {
			return err
		}
		if err := e.auditDeals(ctx, a); err != nil {
			return err
		}
		report = a.Report()
		return nil
	})
	if err != nil {
		return ledger.Report{}, fmt.Errorf("verify the ledger: %w", err)
	}
	return report, nil
}

// auditMoney reads the ledger itself: journal, balances and holds.
func (e *Engine) auditMoney(ctx context.Context, a *ledger.Audit) error {
	if err := e.rows.journal.Scan(ctx, func(r JournalRow) error { a.Transfer(r.Transfer); return nil }); err != nil {
		return err
	}
	if err := e.rows.balances.Scan(ctx, func(b ledger.Balance) error { a.Balance(b); return nil }); err != nil {
		return err
	}
	return e.rows.holds.Scan(ctx, func(h ledger.Hold) error { a.Hold(h); return nil })
}

// auditDeals reads what orders and standings say about money.
func (e *Engine) auditDeals(ctx context.Context, a *ledger.Audit) error {
	if err := e.rows.orders.Scan(ctx, func(o order.Order) error { a.Order(o.ID, o.InEscrow(), o.FeeTaken); return nil }); err != nil {
		return err
	}
	live, err := e.liveDeals(ctx)
	if err != nil {
		return err
	}
	standings := store.NewCollection[auditedStanding](e.cfg.Store, Standings)
	return standings.Scan(ctx, func(s auditedStanding) error { a.Standing(s.Deal, s.Account, s.Hold, !live[s.Deal]); return nil })
}

// liveDeals are the deals that may hold money: those without their final status.
func (e *Engine) liveDeals(ctx context.Context) (map[string]bool, error) {
	live := map[string]bool{}
	deals := store.NewCollection[auditedDeal](e.cfg.Store, Deals)
	err := deals.Scan(ctx, func(d auditedDeal) error {
		if !d.Status.Final() {
			live[d.ID] = true
		}
		return nil
	})
	return live, err
}

// auditedDeal and auditedStanding are what an audit reads of the documents.
type (
	auditedDeal struct {
		ID     string      `bson:"_id"`
		Status deal.Status `bson:"status"`
	}
	auditedStanding struct {
		Deal    string       `bson:"deal"`
		Account string       `bson:"account"`
		Hold    money.Amount `bson:"hold"`
	}
)
