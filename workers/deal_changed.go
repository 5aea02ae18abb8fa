package workers

import (
	"context"

	"haggle/internal/deal"
	"haggle/internal/queue"
)

// dealsChanged follows changes of deals: their closings are scheduled. Running it twice, late or out of order does no harm:
// it works from the deals as stored.
func (w *Workers) dealsChanged(ctx context.Context, ids []string) reading {
	read := newReading()
	deals, err := w.eng.DealsByID(ctx, ids)
	if err != nil {
		return read.failAll(ids, err)
	}
	for _, d := range deals {
		read.version[d.ID] = d.Version
		if d.Status == deal.Open && d.NextAt != nil {
			w.schedule(ctx, kindCloseDue, "", *d.NextAt, queue.Close)
		}
	}
	return read
}
