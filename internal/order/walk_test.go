package order

import (
	"math/big"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"haggle/internal/fault"
	"haggle/internal/money"
)

// till is where the money of one order is.
type till struct{ buyer, escrow, seller, fee money.Amount }

// book moves money as a move says.
func (x *till) book(t *rapid.T, m Move) {
	if m.Amount <= 0 || m.Fee < 0 || m.Fee > m.Amount {
		t.Fatalf("a move of %d with a fee of %d", m.Amount, m.Fee)
	}
	switch m.Kind {
	case MovePay:
		x.buyer, x.escrow = x.buyer-m.Amount, x.escrow+m.Amount
	case MovePayout:
		x.escrow, x.seller, x.fee = x.escrow-m.Amount, x.seller+m.Amount-m.Fee, x.fee+m.Fee
	case MoveRefund:
		x.escrow, x.buyer = x.escrow-m.Amount, x.buyer+m.Amount
	case MoveReclaim:
		x.seller, x.fee, x.buyer = x.seller-m.Amount+m.Fee, x.fee-m.Fee, x.buyer+m.Amount
	}
}

// drawOrder draws an order that awaits its payment.
func drawOrder(t *rapid.T) Order {
	unit := rapid.SampledFrom([]money.Amount{1, 100}).Draw(t, "cash unit")
	total := unit * money.Amount(rapid.OneOf(rapid.Int64Range(1, 50), rapid.Int64Range(1, 10_000_000)).Draw(t, "total"))
	basis := rapid.OneOf(rapid.SampledFrom([]int64{0, 500, 10_000}), rapid.Int64Range(0, 10_000)).Draw(t, "basis points")
	return New(Order{ID: "o-d-1", Deal: "d", Buyer: "b", Seller: "s", Total: total, FeeBasis: basis, CashUnit: unit}, noon, noon.Add(4*day))
}

// TestWalksLoseNoMoney takes random steps by random sides at random times, allowed or not, and follows the money.
func TestWalksLoseNoMoney(t *testing.T) {
	statuses, kinds := map[Status]int{}, map[MoveKind]int{}
	rapid.Check(t, func(t *rapid.T) {
		o, now, money := drawOrder(t), noon, till{}
		goOn := func(next Order, moves []Move) {
			for _, m := range moves {
				money.book(t, m)
				kinds[m.Kind]++
			}
			o = next
			statuses[o.Status]++
			checkTill(t, o, money)
		}
		if rapid.IntRange(0, 3).Draw(t, "paid at once") > 0 { // most of what there is to see lies behind the payment
			paid, moves, err := Step(o, Pay, Buyer, now, Args{})
			if err != nil {
				t.Fatal(err)
			}
			goOn(paid, moves)
		}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 24, 100, 400}).Draw(t, "hours")) * time.Hour)
			goOn(walk(t, o, now))
		}
	})
	if len(statuses) != len(paths) || len(kinds) != 4 {
		t.Errorf("the walks came to %v and moved %v: not everywhere", statuses, kinds)
	}
}

// walk takes one random step; what is refused must change nothing.
func walk(t *rapid.T, o Order, now time.Time) (Order, []Move) {
	by := rapid.SampledFrom(everySide[:4]).Draw(t, "by")
	act := rapid.SampledFrom(everyAct).Draw(t, "act")
	if can := Can(o, by, now); len(can) > 0 && rapid.IntRange(0, 9).Draw(t, "allowed") > 0 {
		act = rapid.SampledFrom(can).Draw(t, "one of those allowed")
	}
	args := Args{Amount: drawRefund(t, o)}
	before := clone(o)
	next, moves, err := Step(o, act, by, now, args)
	if !reflect.DeepEqual(o, before) {
		t.Fatalf("%s by %s changed the order that it was given", act, by)
	}
	if err != nil {
		if fault.From(err).Code == fault.CodeInternal || moves != nil || !reflect.DeepEqual(next, o) {
			t.Fatalf("%s by %s is refused with %v, %v and yet does something", act, by, err, moves)
		}
		return o, nil
	}
	if next.Version != o.Version+1 || len(next.Timeline) != len(o.Timeline)+1 {
		t.Fatalf("%s by %s: version %d → %d, timeline %d → %d", act, by, o.Version, next.Version, len(o.Timeline), len(next.Timeline))
	}
	return next, moves
}

func clone(o Order) Order {
	o.Timeline = slices.Clone(o.Timeline)
	return o
}

// drawRefund draws an amount to give back: all, part, nothing that could be given back, or no cash.
func drawRefund(t *rapid.T, o Order) money.Amount {
	units := int64(o.left() / o.CashUnit)
	return rapid.OneOf(rapid.Just(money.Amount(0)), rapid.Just(o.left()), rapid.Just(o.left()+o.CashUnit), rapid.Just(money.Amount(-100)),
		rapid.Just(o.CashUnit/2), rapid.Map(rapid.Int64Range(0, units), func(n int64) money.Amount { return o.CashUnit * money.Amount(n) })).Draw(t, "refund")
}

// checkTill holds an order against the money that its moves moved.
func checkTill(t *rapid.T, o Order, x till) {
	if x.buyer+x.escrow+x.seller+x.fee != 0 || x.escrow < 0 || x.seller < 0 || x.fee < 0 {
		t.Fatalf("%s: %+v does not add up", o.Status, x)
	}
	if x.escrow != o.InEscrow() || x.fee != o.FeeTaken {
		t.Fatalf("%s: the order says %d in escrow and a fee of %d, the moves say %+v", o.Status, o.InEscrow(), o.FeeTaken, x)
	}
	if o.PaidAt == nil && x != (till{}) || o.PaidAt != nil && -x.buyer != o.Total-o.Refunded {
		t.Fatalf("%s: of %d, %d was given back, yet the buyer's money is %d", o.Status, o.Total, o.Refunded, x.buyer)
	}
	if o.EndedAt != nil && (x.escrow != 0 || x.fee != halfUp(o)) {
		t.Fatalf("%s: a fee of %d of %d left, at %d basis points", o.Status, x.fee, o.left(), o.FeeBasis)
	}
	checkStatus(t, o)
}

// halfUp is the fee said again in fractions: rate × (total − refunded), half up to the cash unit.
func halfUp(o Order) money.Amount {
	units := big.NewRat(int64(o.Total-o.Refunded)*o.FeeBasis, 10_000*int64(o.CashUnit))
	units.Add(units, big.NewRat(1, 2))
	return o.CashUnit * money.Amount(new(big.Int).Quo(units.Num(), units.Denom()).Int64())
}

// checkStatus holds what each status says of money and clocks.
func checkStatus(t *rapid.T, o Order) {
	holds := map[Status]bool{Paid: true, Shipped: true, Delivered: true}
	waits := map[Status]bool{AwaitingPayment: true, Shipped: true, Delivered: true}
	ended := map[Status]bool{AwaitingPayment: true, Completed: true, Cancelled: true, Refunded: true}
	if holds[o.Status] && !o.Escrow || ended[o.Status] && o.Escrow {
		t.Fatalf("%s: money in escrow is %v", o.Status, o.Escrow)
	}
	if waits[o.Status] != (o.NextAt != nil) {
		t.Fatalf("%s: next at %v", o.Status, o.NextAt)
	}
	if o.Status == Refunded && o.left() != 0 || o.Status == Completed && o.left() == 0 {
		t.Fatalf("%s with %d left", o.Status, o.left())
	}
}
