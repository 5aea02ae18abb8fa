package workers

import "context"

// indexDeals brings search copies up to date, all in one go; where that fails one by one, so that a deal which cannot be
// indexed does not keep the others out. Running it twice or late does no harm: it works from the deals as stored.
func (w *Workers) indexDeals(ctx context.Context, ids []string) reading {
	read := newReading()
	if !w.cfg.Index {
		return read
	}
	err := w.cfg.Market.IndexDeals(ctx, ids...)
	if err == nil {
		return read
	}
	for _, id := range ids {
		if len(ids) > 1 {
			err = w.cfg.Market.IndexDeals(ctx, id)
		}
		if err != nil {
			read.failed[id] = err
		}
	}
	return read
}
