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
	Amount   money.Amount // Refund: how much; 0: all that is left
}

// MoveKind says which way money goes.
type MoveKind string

const (
	MovePay     MoveKind = "pay"     // the buyer's money into escrow
	MovePayout  MoveKind = "payout"  // escrow to the seller, less the fee
	MoveRefund  MoveKind = "refund"  // escrow to the buyer
	MoveReclaim MoveKind = "reclaim" // after completion: from the seller, with the fee's share, to the buyer
)

// Move is money that a step moves. The caller books it in the transaction that stores the order.
type Move struct {
	Kind   MoveKind
	Amount money.Amount // paid, refunded, or what is left in escrow at a payout
	Fee    money.Amount // MovePayout: taken; MoveReclaim: given back
	N      int          // number of the refund, from 1
}

// Step moves an order. It refuses forbidden where the act belongs to the other side, and conflict, with the present
// status, where the state does not allow it.
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
	moves, err := next.do(act, now, args)
	if err != nil {
		return o, nil, err
	}
	event := Event{At: now, Act: act, By: by, Status: next.Status, Reason: args.Reason}
	for _, m := range moves {
		if m.Kind == MoveRefund || m.Kind == MoveReclaim {
			event.Amount = m.Amount
		}
	}
	next.Timeline = append(slices.Clip(o.Timeline), event)
	return next, moves, nil
}

// do fills in what an act changes beside the status.
func (o *Order) do(act Act, now time.Time, args Args) ([]Move, error) {
	switch act {
	case Pay:
		o.PaidAt, o.NextAt, o.Escrow = &now, nil, true
		return []Move{{Kind: MovePay, Amount: o.Total}}, nil
	case Ship:
		o.Tracking, o.ShippedAt = args.Tracking, &now
		o.wakeIn(now, completeAfterShipping)
	case Deliver:
		o.wakeIn(now, completeAfterDelivery)
	case Extend:
		o.Extended = true
		o.wakeIn(*o.NextAt, extension)
	case Confirm, Complete, Resolve:
		return o.complete(now), nil
	case Cancel, Lapse:
		return o.cancel(), nil
	case Dispute, Return:
		o.NextAt = nil
	case Refund:
		return o.refund(args.Amount)
	}
	return nil, nil
}

func (o *Order) wakeIn(from time.Time, d time.Duration) {
	at := from.Add(d)
	o.NextAt = &at
}

// complete pays the seller what is left in escrow, less the fee.
func (o *Order) complete(now time.Time) []Move {
	o.FeeTaken, o.EndedAt, o.NextAt, o.Escrow = o.Fee(), &now, nil, false
	return []Move{{Kind: MovePayout, Amount: o.Total - o.Refunded, Fee: o.FeeTaken}}
}

// cancel gives back what was paid.
func (o *Order) cancel() []Move {
	o.NextAt = nil
	if !o.Escrow {
		return nil
	}
	return []Move{o.giveBack(o.Total - o.Refunded)}
}

// giveBack refunds out of escrow; when all went back, the order is refunded unless it was cancelled.
func (o *Order) giveBack(amount money.Amount) Move {
	o.Refunded += amount
	o.Refunds++
	if o.Refunded == o.Total {
		o.Escrow = false
	}
	return Move{Kind: MoveRefund, Amount: amount, N: o.Refunds}
}

// refund gives part or all of the money back: out of escrow, or after completion from the seller.
func (o *Order) refund(amount money.Amount) ([]Move, error) {
	left := o.Total - o.Refunded
	if amount == 0 {
		amount = left
	}
	switch {
	case amount%o.CashUnit != 0:
		return nil, fault.New(fault.CodeNotCash, fault.Params{"cashUnit": int64(o.CashUnit)})
	case amount < 0 || amount > left:
		return nil, fault.Invalidf("amount", "between %d and %d", o.CashUnit, left)
	}
	if o.Status != Completed {
		m := o.giveBack(amount)
		if o.Refunded == o.Total {
			o.Status, o.NextAt = Refunded, nil
		}
		return []Move{m}, nil
	}
	o.Refunded += amount
	o.Refunds++
	back := o.FeeTaken - o.Fee()
	o.FeeTaken = o.Fee()
	if o.Refunded == o.Total {
		o.Status = Refunded
	}
	return []Move{{Kind: MoveReclaim, Amount: amount, Fee: back, N: o.Refunds}}, nil
}
