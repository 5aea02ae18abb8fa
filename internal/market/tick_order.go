package market

import (
	"context"
	"errors"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/fixed"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/order"
	"haggle/internal/store"
)

// TickOrder does what the clock says is due for an order: an unpaid one lapses, a silent buyer's one completes. It may
// be called at any time, by several workers, twice.
func (m *Market) TickOrder(ctx context.Context, id string) error {
	o, err := m.eng.Order(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && (o.NextAt == nil || m.Now().Before(*o.NextAt)) {
		return nil
	}
	if err != nil {
		return err
	}
	if o.Status == order.AwaitingPayment {
		err = m.lapse(ctx, o)
	} else {
		err = m.siteStep(ctx, o.ID, order.Complete, order.Args{})
	}
	if fault.Is(err, fault.CodeConflict) || isConflict(err) { // somebody was faster
		return nil
	}
	return err
}

// siteStep moves an order on the site's behalf.
func (m *Market) siteStep(ctx context.Context, id string, act order.Act, args order.Args) error {
	return m.cfg.Store.Tx(ctx, func(ctx context.Context) error {
		o, err := m.eng.Order(ctx, id)
		if err != nil {
			return err
		}
		_, err = m.move(ctx, o, act, order.Site, m.Now(), args)
		return err
	})
}

// lapse cancels an unpaid order. A fixed-price purchase gives its pieces back in the same commit.
func (m *Market) lapse(ctx context.Context, o order.Order) error {
	args := order.Args{Reason: string(deal.PaymentLapsed)}
	if deal.Kind(o.Kind) != deal.Fixed {
		return m.siteStep(ctx, o.ID, order.Lapse, args)
	}
	return m.giveBackPieces(ctx, o, order.Lapse, order.Site, args)
}

// giveBackPieces ends an unpaid purchase, in one commit with its deal.
func (m *Market) giveBackPieces(ctx context.Context, o order.Order, act order.Act, by order.Side, args order.Args) error {
	got, err := m.eng.Submit(ctx, engine.Submission{Deal: o.Deal, ID: engine.NewID(),
		Entry:  deal.Entry{Account: o.Buyer, Role: deal.Site, Act: deal.Lapse, Values: fixed.Lapse{Seq: o.Seq}},
		Within: m.endUnpaid(o.ID, act, by, args)})
	if fault.Is(err, fault.CodeClosed) || fault.Is(err, fault.CodeNotOpen) { // the deal ended without it: the order ends alone
		return m.siteStep(ctx, o.ID, act, args)
	}
	if err == nil && got.Closing {
		return m.eng.Settle(ctx, o.Deal)
	}
	return err
}

// endUnpaid is the order's half of giving pieces back.
func (m *Market) endUnpaid(id string, act order.Act, by order.Side, args order.Args) func(context.Context, *engine.Books, time.Time) error {
	return func(ctx context.Context, _ *engine.Books, now time.Time) error {
		o, err := m.eng.Order(ctx, id)
		if err != nil {
			return err
		}
		next, _, err := order.Step(o, act, by, now, args)
		if err != nil {
			return err
		}
		return m.eng.StoreOrder(ctx, next, now)
	}
}
