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

// TickOrder does what the clock says is due for an order: an unpaid one lapses, a silent buyer's one completes; where the
// winner of an auction did not pay, it goes on with the next bidder. It may be called at any time, by several workers,
// twice.
func (m *Market) TickOrder(ctx context.Context, id string) error {
	o, err := m.eng.Order(ctx, id)
	if err == nil && o.Status == order.Cancelled && deal.Kind(o.Kind) == deal.English {
		return m.passOn(ctx, o.ID)
	}
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
	if fault.Is(err, fault.CodeConflict) || changedMeanwhile(err) { // somebody was faster
		return nil
	}
	return err
}

// siteStep moves an order on the site's behalf.
func (m *Market) siteStep(ctx context.Context, id string, act order.Act, args order.Args) error {
	return m.tx(ctx, func(ctx context.Context) error {
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
		err := m.siteStep(ctx, o.ID, order.Lapse, args)
		if err == nil {
			m.goOn(ctx, o.ID)
		}
		return err
	}
	nothing := func(context.Context, order.Order, time.Time) error { return nil }
	return m.giveBackPieces(ctx, o, deal.PaymentLapsed, order.Lapse, order.Site, args, nothing)
}

// answering is what a step still writes in its transaction: the answer under its key.
type answering func(ctx context.Context, next order.Order, now time.Time) error

// giveBackPieces ends an unpaid purchase, in one commit with its deal. Where the deal ended without it, the order ends
// alone.
func (m *Market) giveBackPieces(ctx context.Context, o order.Order, reason deal.Reason, act order.Act, by order.Side, args order.Args, also answering) error {
	got, err := m.submit(ctx, engine.Submission{Deal: o.Deal, ID: engine.NewID(),
		Entry: deal.Entry{Account: o.Buyer, Role: deal.Site, Act: deal.Lapse, Values: fixed.Lapse{Seq: o.Seq}, Reason: reason},
		Within: func(ctx context.Context, _ *engine.Books, now time.Time) error {
			return m.endUnpaid(ctx, o.ID, act, by, args, now, also)
		}})
	if fault.Is(err, fault.CodeClosed) || fault.Is(err, fault.CodeNotOpen) {
		return m.tx(ctx, func(ctx context.Context) error { return m.endUnpaid(ctx, o.ID, act, by, args, m.Now(), also) })
	}
	if err == nil && got.Closing {
		return m.eng.Settle(ctx, o.Deal)
	}
	return err
}

// endUnpaid is the order's half of giving pieces back; no money has moved. Inside a transaction.
func (m *Market) endUnpaid(ctx context.Context, id string, act order.Act, by order.Side, args order.Args, now time.Time, also answering) error {
	o, err := m.eng.Order(ctx, id)
	if err != nil {
		return err
	}
	next, _, err := order.Step(o, act, by, now, args)
	if err != nil {
		return err
	}
	if err := m.eng.StoreOrder(ctx, next, now); err != nil {
		return err
	}
	return also(ctx, next, now)
}
