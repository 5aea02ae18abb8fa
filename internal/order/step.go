package order

import (
	"slices"
	"time"

	"haggle/internal/fault"
	"haggle/internal/money"
)

// Args are what a step may need beside who and when.
type Args struct {
	Tracking string
	Reason   string
	Amount   money.Amount // Refund: how much, 0: all that is left; Resolve: how much of it the buyer gets, 0: nothing
	Calendar Calendar     // holidays, for the steps that start a clock
}

// Step moves an order. It refuses forbidden where the act belongs to the other side, and conflict, with the present
// status, where the state or the clock does not allow it. A refusal gives the order as it was.
func Step(o Order, act Act, by Side, now time.Time, args Args) (Order, []Move, error) {
	if !slices.Contains(sides(act), by) {
		return o, nil, fault.New(fault.CodeForbidden, nil)
	}
	i := slices.IndexFunc(table, func(r row) bool { return r.act == act && r.fits(o, by, now) })
	if i < 0 {
		return o, nil, fault.New(fault.CodeConflict, fault.Params{"status": string(o.Status)})
	}
	next := o
	next.Version++
	if table[i].to != "" {
		next.Status = table[i].to
	}
	moves, err := next.do(act, by, now, args)
	if err != nil {
		return o, nil, err
	}
	event := Event{At: now, Act: act, By: by, Status: next.Status, Reason: args.Reason, Amount: givenBack(moves), Mark: table[i].mark}
	if act == Resolve && event.Amount > 0 {
		event.Mark = SellerLostDispute
	}
	next.Timeline = append(slices.Clip(o.Timeline), event)
	return next, moves, nil
}

// do fills in what an act changes beside the status.
func (o *Order) do(act Act, by Side, now time.Time, args Args) ([]Move, error) {
	switch act {
	case Pay:
		o.PaidAt, o.NextAt, o.Escrow = &now, nil, true
		o.ShipBy = after(args.Calendar.AddBusinessDays(now, shippingDays))
		return []Move{{Kind: MovePay, Amount: o.Total}}, nil
	case Ship:
		o.Tracking, o.ShippedAt = args.Tracking, &now
		o.NextAt = after(args.Calendar.AddDays(now, o.silence(completeAfterShipping)))
	case Deliver:
		o.NextAt = after(args.Calendar.AddDays(now, o.silence(completeAfterDelivery)))
	case Extend:
		o.Extended = true
		o.NextAt = after(args.Calendar.AddDays(*o.NextAt, extension))
	case Confirm, Complete:
		return o.complete(now), nil
	case Cancel, Lapse:
		return o.cancel(), nil
	case Dispute, Return:
		o.NextAt = nil
	case Refund:
		return o.refund(args.Amount, by)
	case Resolve:
		return o.resolve(args.Amount, now)
	}
	return nil, nil
}

func after(t time.Time) *time.Time { return &t }
