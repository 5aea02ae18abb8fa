package workers

import (
	"context"
	"maps"
)

// mailDeals writes the mails that follow from changes of deals. Running it twice writes nothing twice.
func (w *Workers) mailDeals(ctx context.Context, ids []string) reading {
	read := newReading()
	if w.cfg.Mail == nil {
		return read
	}
	deals, err := w.eng.DealsByID(ctx, ids)
	if err != nil {
		return read.failAll(ids, err)
	}
	maps.Copy(read.failed, w.cfg.Market.MailDeals(ctx, deals))
	return read
}

// mailOrders writes the mails that follow from changes of orders. Running it twice writes nothing twice.
func (w *Workers) mailOrders(ctx context.Context, ids []string) reading {
	read := newReading()
	if w.cfg.Mail == nil {
		return read
	}
	orders, err := w.eng.OrdersByID(ctx, ids)
	if err == nil {
		err = w.cfg.Market.MailOrders(ctx, orders)
	}
	if err != nil {
		return read.failAll(ids, err)
	}
	return read
}
