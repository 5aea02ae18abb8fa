package workers

import (
	"context"
	"errors"
	"sync"
)

// Bounds of one sweep.
const (
	dealPage     = 1000
	orderPage    = 500
	intentPage   = 100
	litterPage   = 2000
	photoPage    = 50 // each is several files
	ordersAtOnce = 8
	dealPages    = 20 // what is due beyond them waits for the next sweep
)

// sweepDeals closes what is due, settles what is decided, and sets the alarms of what will be due before the next sweep.
func (w *Workers) sweepDeals(ctx context.Context) error {
	var closings sync.WaitGroup
	defer closings.Wait()
	for range dealPages {
		now := w.eng.Now()
		deals, err := w.eng.Due(ctx, now.Add(alarmAhead), dealPage)
		if err != nil {
			return err
		}
		var due []string
		for _, d := range deals {
			if d.NextAt.After(now) {
				w.alarms.set(d, now)
			} else {
				due = append(due, d.ID)
			}
		}
		w.closer.startAll(due, &closings)
		if len(due) < dealPage || ctx.Err() != nil {
			break
		}
		w.closer.feed()
	}
	return ctx.Err()
}

// sweepOrders does what the clock says is due for orders, then for auctions whose winners did not pay.
func (w *Workers) sweepOrders(ctx context.Context) error {
	orders, err := w.eng.DueOrders(ctx, w.eng.Now(), orderPage)
	if err != nil {
		return err
	}
	ids := make(chan string)
	var group sync.WaitGroup
	for range min(ordersAtOnce, len(orders)) {
		group.Go(func() {
			for id := range ids {
				if err := w.cfg.Market.TickOrder(ctx, id); err != nil && ctx.Err() == nil {
					w.log.Warn("moving an order on; the next sweep tries again", "order", id, "err", err)
				}
			}
		})
	}
	for _, o := range orders {
		ids <- o.ID
	}
	close(ids)
	group.Wait()
	_, err = w.cfg.Market.SweepChances(ctx, orderPage)
	return errors.Join(err, ctx.Err())
}

// sweepMoney finishes gateway calls whose answer was lost and books what a gateway took back.
func (w *Workers) sweepMoney(ctx context.Context) error {
	_, lost := w.cfg.Market.SweepIntents(ctx, intentPage)
	_, late := w.cfg.Market.SweepFailures(ctx)
	return errors.Join(lost, late)
}

// sweepLitter removes what has expired: answers kept under keys, sessions, forms that were never sent, photos that nobody
// used, mails that were sent long ago.
func (w *Workers) sweepLitter(ctx context.Context) error {
	_, keys := w.eng.SweepKeys(ctx, litterPage)
	_, sessions := w.cfg.Market.SweepSessions(ctx, litterPage)
	_, photos := w.cfg.Market.SweepPhotos(ctx, photoPage)
	_, mails := w.cfg.Market.SweepMails(ctx, litterPage)
	return errors.Join(keys, sessions, photos, mails)
}
