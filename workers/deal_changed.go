package workers

import (
	"context"

	"haggle/internal/deal"
	"haggle/internal/queue"
)

// dealsChanged follows changes of deals: their closings are scheduled, their search copies brought up to date. Running it
// twice, late or out of order does no harm: it works from the deals as stored.
func (w *Workers) dealsChanged(ctx context.Context, ids []string) reading {
	read := newReading()
	deals, err := w.eng.DealsByID(ctx, ids)
	if err != nil {
		return read.failAll(ids, err)
	}
	for _, d := range deals {
		read.version[d.ID] = d.Version
		if d.Status == deal.Open && d.NextAt != nil {
			w.schedule(ctx, kindCloseDeal, d.ID, *d.NextAt, queue.Close)
		}
	}
	if w.cfg.Index {
		w.index(ctx, ids, read)
	}
	w.mailDeals(ctx, deals, read)
	return read
}

// index brings search copies up to date, all in one go; where that fails one by one, so that a deal which cannot be
// indexed does not keep the others out.
func (w *Workers) index(ctx context.Context, ids []string, read reading) {
	err := w.cfg.Market.IndexDeals(ctx, ids...)
	if err == nil {
		return
	}
	for _, id := range ids {
		if len(ids) > 1 {
			err = w.cfg.Market.IndexDeals(ctx, id)
		}
		if err != nil {
			read.failed[id] = err
		}
	}
}
