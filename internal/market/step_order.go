package market

import (
	"context"
	"errors"
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/fixed"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/ledger"
	"haggle/internal/order"
	"haggle/internal/pay"
	"haggle/internal/store"
)

// orderActs are the steps that people take by name.
var orderActs = []order.Act{order.Pay, order.Ship, order.Confirm, order.Cancel, order.Dispute, order.Return, order.Refund, order.Extend, order.Resolve}

// Bounds of what people write on an order.
const (
	maxTracking = 60
	maxReason   = 500
)

// StepOrder moves an order one step, with the money that the step moves.
func (m *Market) StepOrder(ctx context.Context, a Actor, k Key, id, act string, in OrderInput) (OrderView, bool, error) {
	if err := m.begins(ctx, a); err != nil {
		return OrderView{}, false, err
	}
	o, err := m.orderFor(ctx, a, id)
	if err != nil {
		return OrderView{}, false, err
	}
	if err := checkStep(order.Act(act), in); err != nil {
		return OrderView{}, false, err
	}
	return once(ctx, m, a, k, a.permit(ScopeTrade), func(key *engine.Key) (OrderView, error) {
		switch {
		case order.Act(act) == order.Pay:
			return m.payOrder(ctx, a, key, o, in)
		case order.Act(act) == order.Cancel && o.Status == order.AwaitingPayment && deal.Kind(o.Kind) == deal.Fixed:
			return m.callOff(ctx, a, key, o, in)
		}
		v, err := m.stepOrder(ctx, a, key, o.ID, order.Act(act), in)
		if err == nil && order.Act(act) == order.Cancel {
			m.goOn(ctx, o.ID)
		}
		return v, err
	})
}

func checkStep(act order.Act, in OrderInput) error {
	var c fault.Collect
	if !slices.Contains(orderActs, act) {
		c.Addf("act", "unknown", "one of %v", orderActs)
	}
	checkText(&c, "tracking", in.Tracking, 0, maxTracking)
	checkText(&c, "reason", in.Reason, 0, maxReason)
	if act == order.Pay && (in.Method == "wallet") == (in.Card != "") {
		c.Addf("method", "required", "either method \"wallet\" or a card")
	}
	if in.Card != "" {
		checkCard(&c, in.Card)
	}
	if in.Amount != nil && (*in.Amount <= 0 || *in.Amount > maxPrice*maxPieces) {
		c.Addf("amount", "range", "above zero")
	}
	return c.Err()
}

// side is on whose behalf the actor steps: his own side, or the site's as a moderator.
func (a Actor) side(o order.Order) order.Side {
	if s := o.SideOf(a.Account); s != "" {
		return s
	}
	return order.Moderator
}

// stepOrder does a step that needs no gateway, in one transaction.
func (m *Market) stepOrder(ctx context.Context, a Actor, key *engine.Key, id string, act order.Act, in OrderInput) (v OrderView, err error) {
	args := order.Args{Tracking: in.Tracking, Reason: in.Reason, Calendar: m.cfg.Calendar}
	if in.Amount != nil {
		args.Amount = *in.Amount
	}
	err = m.tx(ctx, func(ctx context.Context) error {
		now := m.Now()
		o, err := m.eng.Order(ctx, id)
		if err != nil {
			return err
		}
		next, err := m.move(ctx, o, act, a.side(o), now, args)
		if err != nil {
			return err
		}
		if v, err = m.steppedView(ctx, a, next, now); err != nil {
			return err
		}
		return m.keep(ctx, key, now, v)
	})
	return v, err
}

func (m *Market) steppedView(ctx context.Context, a Actor, o order.Order, now time.Time) (OrderView, error) {
	views, err := m.orderViews(ctx, a, []order.Order{o}, now)
	if err != nil {
		return OrderView{}, err
	}
	return views[0], nil
}

// move steps an order, books its money and stores it; inside a transaction.
func (m *Market) move(ctx context.Context, o order.Order, act order.Act, by order.Side, now time.Time, args order.Args) (order.Order, error) {
	next, moves, err := order.Step(o, act, by, now, args)
	if err != nil {
		return o, err
	}
	b, err := m.eng.OpenBooks(ctx, now, o.Buyer, o.Seller)
	if err != nil {
		return o, err
	}
	for _, mv := range moves {
		for _, t := range transfers(next, mv, now) {
			if err := b.Post(t); err != nil {
				return o, err
			}
		}
	}
	if err := b.Flush(ctx); err != nil {
		return o, err
	}
	if err := m.noteFall(ctx, next, now); err != nil {
		return o, err
	}
	return next, m.eng.StoreOrder(ctx, next, now)
}

// transfers books one move of money.
func transfers(o order.Order, mv order.Move, now time.Time) []ledger.Transfer {
	switch mv.Kind {
	case order.MovePay:
		return []ledger.Transfer{ledger.Pay(o.ID, o.Buyer, mv.Amount, now)}
	case order.MovePayout:
		return []ledger.Transfer{ledger.Payout(o.ID, o.Seller, mv.Amount, mv.Fee, now)}
	case order.MoveRefund:
		return []ledger.Transfer{ledger.Refund(o.ID, o.Buyer, mv.Amount, mv.N, now)}
	case order.MoveReclaim:
		take := ledger.GiveBack
		if mv.Forced {
			take = ledger.ClawBack
		}
		return []ledger.Transfer{take(o.ID, o.Seller, mv.Amount, mv.Fee, mv.N, now), ledger.Refund(o.ID, o.Buyer, mv.Amount, mv.N, now)}
	}
	return nil
}

// payOrder pays an order from the wallet or by a card, charged before the order moves; a charge that cannot be used is
// given back by the intents' sweep.
func (m *Market) payOrder(ctx context.Context, a Actor, key *engine.Key, o order.Order, in OrderInput) (OrderView, error) {
	if o.SideOf(a.Account) != order.Buyer {
		return OrderView{}, fault.New(fault.CodeForbidden, nil)
	}
	intent := m.newIntent(a.Account, key, "pay:"+o.ID, o.ID, o.Total)
	if v, paid, err := m.paidBefore(ctx, a, key, intent); paid || err != nil {
		return v, err
	}
	if _, _, err := order.Step(o, order.Pay, order.Buyer, m.Now(), order.Args{}); err != nil {
		return OrderView{}, err
	}
	if in.Card == "" {
		return m.bookPayment(ctx, a, key, o.ID, nil)
	}
	intent, err := m.charge(ctx, intent, in.Card)
	if err != nil {
		return OrderView{}, err
	}
	v, err := m.bookPayment(ctx, a, key, o.ID, &intent)
	if err != nil && refused(err) {
		m.reverse(ctx, intent)
	}
	return v, err
}

// paidBefore answers a repeated request whose card the sweep has put to use meanwhile: the order as it is, kept from now
// on under the key.
func (m *Market) paidBefore(ctx context.Context, a Actor, key *engine.Key, intent IntentRow) (v OrderView, paid bool, err error) {
	if key == nil {
		return v, false, nil
	}
	row, err := m.rows.intents.Get(ctx, intent.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && row.State != string(pay.Succeeded) {
		return v, false, nil
	}
	if err != nil {
		return v, false, err
	}
	err = m.tx(ctx, func(ctx context.Context) error {
		now := m.Now()
		o, err := m.eng.Order(ctx, intent.Order)
		if err != nil {
			return err
		}
		if v, err = m.steppedView(ctx, a, o, now); err != nil {
			return err
		}
		return m.keep(ctx, key, now, v)
	})
	return v, err == nil, err
}

// bookPayment marks an order paid. A fixed-price purchase is an entry of its deal (its award is written with the
// payment); any other order moves alone.
func (m *Market) bookPayment(ctx context.Context, a Actor, key *engine.Key, id string, intent *IntentRow) (v OrderView, err error) {
	o, err := m.eng.Order(ctx, id)
	if err != nil {
		return v, err
	}
	book := func(ctx context.Context, b *engine.Books, now time.Time) error {
		if v, err = m.pay(ctx, a, b, id, now, intent); err != nil {
			return err
		}
		return m.keep(ctx, key, now, v)
	}
	if deal.Kind(o.Kind) == deal.Fixed {
		err = m.submitPaid(ctx, o, book)
		return v, err
	}
	err = m.tx(ctx, func(ctx context.Context) error {
		now := m.Now()
		b, err := m.eng.OpenBooks(ctx, now, o.Buyer)
		if err != nil {
			return err
		}
		if err := book(ctx, b, now); err != nil {
			return err
		}
		return b.Flush(ctx)
	})
	return v, err
}

// pay books one payment on books that the caller flushes.
func (m *Market) pay(ctx context.Context, a Actor, b *engine.Books, id string, now time.Time, intent *IntentRow) (OrderView, error) {
	o, err := m.eng.Order(ctx, id)
	if err != nil {
		return OrderView{}, err
	}
	next, _, err := order.Step(o, order.Pay, order.Buyer, now, order.Args{Calendar: m.cfg.Calendar})
	if err != nil {
		return OrderView{}, err
	}
	t := ledger.Pay(o.ID, o.Buyer, o.Total, now)
	if intent != nil {
		t = ledger.PayByCard(o.ID, m.cfg.Gateway.Name(), o.Total, now)
		t.Intent = intent.ID
		if err := m.closeIntent(ctx, *intent, string(pay.Succeeded)); err != nil {
			return OrderView{}, err
		}
	}
	if err := b.Post(t); err != nil {
		return OrderView{}, err
	}
	if err := m.eng.StoreOrder(ctx, next, now); err != nil {
		return OrderView{}, err
	}
	return m.steppedView(ctx, a, next, now)
}

// submitPaid tells a fixed-price deal that one of its purchases was paid.
func (m *Market) submitPaid(ctx context.Context, o order.Order, book func(context.Context, *engine.Books, time.Time) error) error {
	got, err := m.submit(ctx, engine.Submission{Deal: o.Deal, ID: engine.NewID(), Within: book,
		Entry: deal.Entry{Account: o.Buyer, Role: deal.Site, Act: deal.Paid, Values: fixed.Paid{Seq: o.Seq}}})
	if err != nil {
		return err
	}
	if got.Closing {
		if err := m.eng.Settle(ctx, o.Deal); err != nil {
			m.cfg.Logger.WarnContext(ctx, "settling after a payment", "deal", o.Deal, "err", err)
		}
	}
	return nil
}

// callOff cancels an unpaid fixed-price purchase; its pieces go back in the same commit.
func (m *Market) callOff(ctx context.Context, a Actor, key *engine.Key, o order.Order, in OrderInput) (v OrderView, err error) {
	reason := deal.BidderAsked
	if a.side(o) == order.Moderator {
		reason = deal.ByModerator
	}
	if _, _, err := order.Step(o, order.Cancel, a.side(o), m.Now(), order.Args{}); err != nil {
		return v, err
	}
	err = m.giveBackPieces(ctx, o, reason, order.Cancel, a.side(o), order.Args{Reason: in.Reason}, func(ctx context.Context, next order.Order, now time.Time) error {
		if v, err = m.steppedView(ctx, a, next, now); err != nil {
			return err
		}
		return m.keep(ctx, key, now, v)
	})
	return v, err
}
