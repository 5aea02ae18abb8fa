package order

import (
	"time"

	"haggle/internal/fault"
	"haggle/internal/money"
)

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
	Forced bool         // MoveReclaim: a moderator decided, the seller may become owing; else he must have it
}

// givenBack is what the buyer gets by some moves.
func givenBack(moves []Move) money.Amount {
	var sum money.Amount
	for _, m := range moves {
		if m.Kind == MoveRefund || m.Kind == MoveReclaim {
			sum += m.Amount
		}
	}
	return sum
}

// complete pays the seller what is left in escrow, less the fee. After a dispute about a completed order nothing is
// left there, and nothing moves.
func (o *Order) complete(now time.Time) []Move {
	o.NextAt = nil
	if !o.Escrow {
		return nil
	}
	o.FeeTaken, o.EndedAt, o.Escrow = o.Fee(), &now, false
	return []Move{{Kind: MovePayout, Amount: o.left(), Fee: o.FeeTaken}}
}

// cancel gives back what was paid.
func (o *Order) cancel() []Move {
	o.NextAt = nil
	if !o.Escrow {
		return nil
	}
	return []Move{o.giveBack(o.left())}
}

// resolve gives the buyer what a moderator decided and the seller the rest.
func (o *Order) resolve(amount money.Amount, now time.Time) (moves []Move, err error) {
	if amount != 0 {
		if moves, err = o.refund(amount, Moderator); err != nil {
			return nil, err
		}
	}
	return append(moves, o.complete(now)...), nil
}

// refund gives part or all of the money back.
func (o *Order) refund(amount money.Amount, by Side) ([]Move, error) {
	if amount == 0 {
		amount = o.left()
	}
	if amount < 0 || amount > o.left() {
		return nil, fault.Invalidf("amount", "between %d and %d", o.CashUnit, o.left())
	}
	if amount%o.CashUnit != 0 {
		return nil, fault.New(fault.CodeNotCash, fault.Params{"cashUnit": int64(o.CashUnit)})
	}
	m := o.giveBack(amount)
	m.Forced = m.Kind == MoveReclaim && by == Moderator
	if o.left() == 0 {
		o.Status, o.NextAt = Refunded, nil
	}
	return []Move{m}, nil
}

// giveBack takes a refund out of escrow, or after completion back from the seller, with the fee's share of it.
func (o *Order) giveBack(amount money.Amount) Move {
	o.Refunded += amount
	o.Refunds++
	m := Move{Kind: MoveRefund, Amount: amount, N: o.Refunds}
	if !o.Escrow {
		m.Kind, m.Fee = MoveReclaim, o.FeeTaken-o.Fee()
		o.FeeTaken -= m.Fee
	}
	o.Escrow = o.Escrow && o.left() > 0
	return m
}
