package market

import (
	"context"
	"errors"
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/order"
	"haggle/internal/store"
)

// Orders lists the actor's orders, newest first: as buyer, as seller, or (side "") both.
func (m *Market) Orders(ctx context.Context, a Actor, side string, limit int, cursor string) (Page[OrderView], error) {
	if err := need(a, ScopeRead); err != nil {
		return Page[OrderView]{}, err
	}
	if limit < 1 || limit > 100 {
		limit = 24
	}
	orders, next, err := m.ordersOf(ctx, a.Account, side, limit, cursor)
	if err != nil {
		return Page[OrderView]{}, badCursor(err)
	}
	views, err := m.orderViews(ctx, a, orders, m.Now())
	return Page[OrderView]{Items: views, Next: next}, err
}

// ordersOf reads one side by its index. Both sides are merged from two indexes; the cursor is then a time.
func (m *Market) ordersOf(ctx context.Context, account, side string, limit int, cursor string) ([]order.Order, string, error) {
	switch side {
	case "buyer", "seller":
		page, err := m.eng.FindOrders(ctx, store.Query{Index: side, Eq: []any{account}, Limit: limit, After: cursor})
		return page.Docs, page.Next, err
	case "":
	default:
		return nil, "", fault.Invalidf("side", "buyer or seller")
	}
	var all []order.Order
	for _, index := range []string{"buyer", "seller"} {
		q := store.Query{Index: index, Eq: []any{account}, Limit: limit}
		if cursor != "" {
			before, err := deal.ParseTime(cursor)
			if err != nil {
				return nil, "", store.ErrCursor
			}
			q.To = store.Below(before)
		}
		page, err := m.eng.FindOrders(ctx, q)
		if err != nil {
			return nil, "", err
		}
		all = append(all, page.Docs...)
	}
	slices.SortStableFunc(all, func(x, y order.Order) int { return y.CreatedAt.Compare(x.CreatedAt) })
	return cut(all, limit)
}

// cut keeps the newest orders; those of one instant stay on one page, so that a time can be the cursor.
func cut(all []order.Order, limit int) ([]order.Order, string, error) {
	if len(all) <= limit {
		return all, "", nil
	}
	n := limit
	for n < len(all) && all[n].CreatedAt.Equal(all[limit-1].CreatedAt) {
		n++
	}
	if n == len(all) {
		return all, "", nil
	}
	return all[:n], deal.FormatTime(all[n-1].CreatedAt), nil
}

// Order shows one order to its two sides; to anybody else there is none.
func (m *Market) Order(ctx context.Context, a Actor, id string) (OrderView, error) {
	if a.Guest() {
		return OrderView{}, fault.New(fault.CodeUnauthenticated, nil)
	}
	o, err := m.orderFor(ctx, a, id)
	if err != nil {
		return OrderView{}, err
	}
	if err := a.permit(ScopeRead); err != nil {
		return OrderView{}, err
	}
	views, err := m.orderViews(ctx, a, []order.Order{o}, m.Now())
	if err != nil {
		return OrderView{}, err
	}
	v := views[0]
	v.Feedback, err = m.feedbackMine(ctx, a, o)
	return v, err
}

// SeesOrder refuses not_found where there is no such order, or it is not the actor's to see.
func (m *Market) SeesOrder(ctx context.Context, a Actor, id string) error {
	_, err := m.orderFor(ctx, a, id)
	return err
}

// orderFor reads an order that is the actor's to see.
func (m *Market) orderFor(ctx context.Context, a Actor, id string) (order.Order, error) {
	o, err := m.eng.Order(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && o.SideOf(a.Account) == "" && !a.moderates() {
		return o, fault.New(fault.CodeNotFound, nil)
	}
	return o, err
}

// orderViews shows orders as they are at a time.
func (m *Market) orderViews(ctx context.Context, a Actor, orders []order.Order, now time.Time) ([]OrderView, error) {
	var ids []string
	for _, o := range orders {
		ids = append(ids, o.Buyer, o.Seller)
	}
	people, err := m.people(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]OrderView, len(orders))
	for i, o := range orders {
		out[i] = m.orderView(a, o, now)
		out[i].Buyer, out[i].Seller = plain(people[o.Buyer]), plain(people[o.Seller])
	}
	return out, nil
}

// thumbnail is the size of a photo that an order shows, in a 4:3 frame.
var thumbnail = []engine.PhotoSize{{Name: "320", Width: 320, Height: 240}}

// plain is a person without scores, as orders name him.
func plain(p PersonView) PersonView { p.Reputation = nil; return p }

func (m *Market) orderView(a Actor, o order.Order, now time.Time) OrderView {
	side := o.SideOf(a.Account)
	v := OrderView{ID: o.ID, Deal: o.Deal, DealURL: m.dealURL(o.Deal), Kind: deal.Kind(o.Kind), Title: o.Title, Status: string(o.Status), Side: string(side),
		Quantity: o.Quantity, UnitPrice: o.UnitPrice, Total: o.Total, Refunded: o.Refunded, Fee: o.Fee(), Tracking: o.Tracking, CreatedAt: At(o.CreatedAt),
		Shares: []ShareView{{Of: "goods", Amount: o.Total - o.Fees}}, Timeline: []StepView{}, Can: []string{}}
	if o.Fees > 0 {
		v.Shares = append(v.Shares, ShareView{Of: "fees", Amount: o.Fees})
	}
	if o.Photo != "" {
		p := photoView(engine.Photo{ID: o.Photo, Sizes: thumbnail})
		v.Photo = &p
	}
	if o.Status == order.AwaitingPayment && o.DueAt != nil {
		v.DueAt = AtOrNil(*o.DueAt)
	}
	if o.Status == order.Paid && o.ShipBy != nil {
		v.ShipBy = AtOrNil(*o.ShipBy)
	}
	if o.NextAt != nil {
		v.NextAt = AtOrNil(*o.NextAt)
	}
	for _, e := range o.Timeline {
		v.Timeline = append(v.Timeline, StepView{At: At(e.At), Act: string(e.Act), By: string(e.By), Status: string(e.Status), Reason: e.Reason, Amount: e.Amount})
	}
	for _, act := range order.Can(o, side, now) {
		v.Can = append(v.Can, string(act))
	}
	return v
}
