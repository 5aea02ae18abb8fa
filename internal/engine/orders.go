package engine

import (
	"context"
	"time"

	"haggle/internal/deal"
	"haggle/internal/ledger"
	"haggle/internal/order"
	"haggle/internal/store"
)

// beginOrder makes the order of an award and, where it is paid at once from free money or by a card that a gateway
// authorised, pays it. An order paid from a hold is captured by the settlement.
func (w *working) beginOrder(b *Books, a deal.Award, now time.Time) (order.Order, error) {
	o := order.Order{ID: order.ID(w.doc.ID, a.Seq), Deal: w.doc.ID, Kind: string(w.doc.Kind), Seq: a.Seq, Title: w.doc.Title, Buyer: a.Buyer, Seller: a.Seller,
		Quantity: a.Quantity, UnitPrice: a.UnitPrice, Fees: a.Fees, Total: a.Total + a.Fees, FeeBasis: w.doc.FeeBasis,
		CashUnit: w.e.cfg.Currency.CashUnit, Currency: w.doc.Currency}
	if len(w.doc.Photos) > 0 {
		o.Photo = w.doc.Photos[0].ID
	}
	var due time.Time
	if a.Payment == deal.PayLater {
		due = deal.Millis(now.Add(a.DueIn))
	}
	o = order.New(o, now, due)
	switch a.Payment {
	case deal.PayLater:
		return o, nil
	case deal.PayFromFree:
		if err := b.Post(ledger.Pay(o.ID, o.Buyer, o.Total, now)); err != nil {
			return o, err
		}
	case deal.PayCard:
		if err := b.Post(ledger.PayByCard(o.ID, w.e.cfg.Gateway, o.Total, now)); err != nil {
			return o, err
		}
	}
	return w.e.paid(o, now)
}

// paid moves an order whose money is booked in the same transaction.
func (e *Engine) paid(o order.Order, now time.Time) (order.Order, error) {
	version := o.Version
	o, _, err := order.Step(o, order.Pay, order.Site, now, order.Args{Calendar: e.cfg.Calendar})
	o.Version = version
	return o, err
}

// capture pays an order from its buyer's hold. With whole, what is left of the hold goes back to him.
func (c *chunk) capture(w *working, o order.Order, whole bool) error {
	s := *w.own(o.Buyer)
	held := o.Total
	if whole {
		held = s.Hold
	}
	if err := c.books.Capture(w.doc.ID, o.ID, o.Buyer, held, s.Hold-held, o.Total); err != nil {
		return err
	}
	s.Hold -= held
	w.keep(s)
	return nil
}

// releaseHold gives back what is held for somebody who won nothing, or what a buyer promised and did not need.
func (c *chunk) releaseHold(w *working, account string) error {
	old := w.own(account)
	if old == nil || old.Hold == 0 {
		return nil
	}
	s := *old
	if err := c.books.Release(w.doc.ID, account, s.Hold); err != nil {
		return err
	}
	s.Hold = 0
	w.keep(s)
	return nil
}

func (w *working) keep(s deal.Standing) {
	w.see(s.Account, &s)
	w.changed[s.Account] = true
}

// Order reads one order.
func (e *Engine) Order(ctx context.Context, id string) (order.Order, error) {
	return e.rows.orders.Get(ctx, id)
}

// OrdersByID reads orders by id, in any order; those that are not there are left out.
func (e *Engine) OrdersByID(ctx context.Context, ids []string) ([]order.Order, error) {
	return e.rows.orders.GetMany(ctx, ids)
}

// FindOrders pages through orders by a declared index.
func (e *Engine) FindOrders(ctx context.Context, q store.Query) (store.PageOf[order.Order], error) {
	return e.rows.orders.Find(ctx, q)
}

// StoreOrder stores a changed order in place of the version before, with its row in the outbox; inside a transaction.
func (e *Engine) StoreOrder(ctx context.Context, o order.Order, now time.Time) error {
	if err := e.rows.orders.Replace(ctx, store.Changed[order.Order]{ID: o.ID, Version: o.Version - 1, Doc: o}); err != nil {
		return err
	}
	return e.rows.outbox.Put(ctx, NewOutboxRow(TopicOrder, o.ID, o.Version, now))
}

// OrdersOf lists the ids of somebody's orders from one deal, as buyer or seller.
func (e *Engine) OrdersOf(ctx context.Context, dealID, account string) ([]string, error) {
	var ids []string
	err := pages(ctx, e.rows.orders, store.Query{Index: "deal", Eq: []any{dealID}}, func(o order.Order) error {
		if o.Buyer == account || o.Seller == account {
			ids = append(ids, o.ID)
		}
		return nil
	})
	return ids, err
}

// DueOrders lists orders with which the site must do something now.
func (e *Engine) DueOrders(ctx context.Context, now time.Time, limit int) ([]order.Order, error) {
	page, err := e.rows.orders.Find(ctx, store.Query{Index: "next", To: store.AtMost(now), Limit: limit})
	return page.Docs, err
}

// InEscrow calls each with every order of a person whose money waits in escrow; side is "buyer" or "seller".
func (e *Engine) InEscrow(ctx context.Context, side, account string, each func(order.Order) error) error {
	return pages(ctx, e.rows.orders, store.Query{Index: side + "_escrow", Eq: []any{account, true}}, each)
}

// ActiveHolds calls each with a person's standing holds, at most so many.
func (e *Engine) ActiveHolds(ctx context.Context, user string, limit int, each func(ledger.Hold)) error {
	page, err := e.rows.holds.Find(ctx, store.Query{Index: "user", Eq: []any{user, string(ledger.Open)}, Limit: limit})
	for _, h := range page.Docs {
		each(h)
	}
	return err
}

// Balance reads a person's balance; the zero balance where no money ever moved.
func (e *Engine) Balance(ctx context.Context, user string) (ledger.Balance, error) {
	rows, err := e.rows.balances.GetMany(ctx, []string{user})
	if err != nil || len(rows) == 0 {
		return ledger.Balance{User: user}, err
	}
	return rows[0], nil
}
