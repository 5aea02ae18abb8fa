package workers

import (
	"context"
	"errors"

	"haggle/internal/deal"
	"haggle/internal/queue"
	"haggle/internal/store"
)

// dealChanged follows a change of a deal: its closing is scheduled, its search copy brought up to date. It answers the
// version that it read. Running it twice, late or out of order does no harm: it works from the deal as stored.
func (w *Workers) dealChanged(ctx context.Context, id string) (version int64, err error) {
	d, err := w.eng.Deal(ctx, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		d.Version = allVersions
	case err != nil:
		return 0, err
	case d.Status == deal.Open && d.NextAt != nil:
		w.schedule(ctx, kindCloseDeal, id, *d.NextAt, queue.Close)
	}
	if w.cfg.Index {
		err = w.cfg.Market.IndexDeal(ctx, id)
	}
	return d.Version, err
}
