package workers

import (
	"context"

	"haggle/internal/queue"
)

// ordersChanged follows changes of orders: the site's next step with each is scheduled. Running it twice does no harm: the
// queue takes one task for each time.
func (w *Workers) ordersChanged(ctx context.Context, ids []string) reading {
	read := newReading()
	orders, err := w.eng.OrdersByID(ctx, ids)
	if err != nil {
		return read.failAll(ids, err)
	}
	for _, o := range orders {
		read.version[o.ID] = o.Version
		if o.NextAt != nil {
			w.schedule(ctx, kindTickOrder, o.ID, *o.NextAt, queue.Settle)
		}
	}
	return read
}
