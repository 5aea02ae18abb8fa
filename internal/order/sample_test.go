package order

import (
	"testing"
	"time"

	"haggle/internal/money"
)

// noon is a Wednesday.
var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// unpaid is an order of NT$1,000 at a fee of 5 %, due in four days.
func unpaid() Order {
	return New(Order{ID: "o-d-7", Deal: "d", Seq: 7, Buyer: "b", Seller: "s", Quantity: 1, UnitPrice: 100_000, Total: 100_000, FeeBasis: 500,
		CashUnit: 100, Currency: "TWD"}, noon, noon.Add(4*day))
}

// must takes steps at one time each after the last, and fails the test where one is refused.
func must(t testing.TB, o Order, steps ...func(Order) (Order, []Move, error)) Order {
	t.Helper()
	for _, step := range steps {
		next, _, err := step(o)
		if err != nil {
			t.Fatal(err)
		}
		o = next
	}
	return o
}

// do is a step without arguments.
func do(act Act, by Side, now time.Time) func(Order) (Order, []Move, error) {
	return func(o Order) (Order, []Move, error) { return Step(o, act, by, now, Args{}) }
}

func refund(amount money.Amount, by Side, now time.Time) func(Order) (Order, []Move, error) {
	return func(o Order) (Order, []Move, error) { return Step(o, Refund, by, now, Args{Amount: amount}) }
}

// paths lead to every status, with the time of the last step.
var paths = map[Status]func(t testing.TB) Order{
	AwaitingPayment: func(testing.TB) Order { return unpaid() },
	Paid:            func(t testing.TB) Order { return must(t, unpaid(), do(Pay, Buyer, noon)) },
	Shipped:         func(t testing.TB) Order { return must(t, unpaid(), do(Pay, Buyer, noon), do(Ship, Seller, noon)) },
	Delivered: func(t testing.TB) Order {
		return must(t, unpaid(), do(Pay, Buyer, noon), do(Ship, Seller, noon), do(Deliver, Site, noon))
	},
	Completed: func(t testing.TB) Order {
		return must(t, unpaid(), do(Pay, Buyer, noon), do(Ship, Seller, noon), do(Confirm, Buyer, noon))
	},
	Cancelled: func(t testing.TB) Order { return must(t, unpaid(), do(Pay, Buyer, noon), do(Cancel, Seller, noon)) },
	Disputed: func(t testing.TB) Order {
		return must(t, unpaid(), do(Pay, Buyer, noon), do(Ship, Seller, noon), do(Dispute, Buyer, noon))
	},
	Returned: func(t testing.TB) Order {
		return must(t, unpaid(), do(Pay, Buyer, noon), do(Ship, Seller, noon), do(Return, Buyer, noon))
	},
	Refunded: func(t testing.TB) Order { return must(t, unpaid(), do(Pay, Buyer, noon), refund(0, Seller, noon)) },
}

var (
	everyAct  = []Act{Begin, Pay, Ship, Deliver, Confirm, Cancel, Dispute, Resolve, Return, Refund, Extend, Lapse, Complete}
	everySide = []Side{Buyer, Seller, Site, Moderator, ""}
)
