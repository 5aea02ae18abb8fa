package order

import (
	"reflect"
	"testing"
	"time"

	"haggle/internal/fault"
	"haggle/internal/money"
)

// TestMoneyOfEveryStep says what each step moves, to the unit.
func TestMoneyOfEveryStep(t *testing.T) {
	partly := func(s Status) Order { return must(t, paths[s](t), refund(30_000, Seller, noon)) }
	disputed := must(t, paths[Completed](t), do(Dispute, Buyer, noon))
	for name, c := range map[string]struct {
		o    Order
		act  Act
		by   Side
		args Args
		want []Move
		to   Status
	}{
		"pay":                          {paths[AwaitingPayment](t), Pay, Buyer, Args{}, []Move{{Kind: MovePay, Amount: 100_000}}, Paid},
		"ship":                         {paths[Paid](t), Ship, Seller, Args{}, nil, Shipped},
		"confirm":                      {paths[Shipped](t), Confirm, Buyer, Args{}, []Move{{Kind: MovePayout, Amount: 100_000, Fee: 5_000}}, Completed},
		"confirm what is partly back":  {partly(Shipped), Confirm, Buyer, Args{}, []Move{{Kind: MovePayout, Amount: 70_000, Fee: 3_500}}, Completed},
		"cancel unpaid":                {paths[AwaitingPayment](t), Cancel, Buyer, Args{}, nil, Cancelled},
		"cancel paid":                  {paths[Paid](t), Cancel, Seller, Args{}, []Move{{Kind: MoveRefund, Amount: 100_000, N: 1}}, Cancelled},
		"cancel what is partly back":   {partly(Paid), Cancel, Seller, Args{}, []Move{{Kind: MoveRefund, Amount: 70_000, N: 2}}, Cancelled},
		"refund part":                  {paths[Paid](t), Refund, Seller, Args{Amount: 100}, []Move{{Kind: MoveRefund, Amount: 100, N: 1}}, Paid},
		"refund the rest":              {partly(Delivered), Refund, Seller, Args{}, []Move{{Kind: MoveRefund, Amount: 70_000, N: 2}}, Refunded},
		"claw back part":               {paths[Completed](t), Refund, Seller, Args{Amount: 30_000}, []Move{{Kind: MoveReclaim, Amount: 30_000, Fee: 1_500, N: 1}}, Completed},
		"claw back the rest":           {partly(Completed), Refund, Seller, Args{}, []Move{{Kind: MoveReclaim, Amount: 70_000, Fee: 3_500, N: 2}}, Refunded},
		"claw back less than a fee":    {paths[Completed](t), Refund, Seller, Args{Amount: 100}, []Move{{Kind: MoveReclaim, Amount: 100, Fee: 0, N: 1}}, Completed},
		"resolve a dispute":            {paths[Disputed](t), Resolve, Moderator, Args{}, []Move{{Kind: MovePayout, Amount: 100_000, Fee: 5_000}}, Completed},
		"refund in a late dispute":     {disputed, Refund, Moderator, Args{Amount: 50_000}, []Move{{Kind: MoveReclaim, Amount: 50_000, Fee: 2_500, N: 1, Forced: true}}, Disputed},
		"resolve a late dispute":       {disputed, Resolve, Moderator, Args{}, nil, Completed},
		"refund all in a late dispute": {disputed, Refund, Seller, Args{}, []Move{{Kind: MoveReclaim, Amount: 100_000, Fee: 5_000, N: 1}}, Refunded},
	} {
		t.Run(name, func(t *testing.T) {
			next, moves, err := Step(c.o, c.act, c.by, noon, c.args)
			if err != nil || next.Status != c.to || !reflect.DeepEqual(moves, c.want) {
				t.Errorf("%s, %+v, %v; want %s, %+v", next.Status, moves, err, c.to, c.want)
			}
		})
	}
}

// TestFeeAfterClawBack rounds the fee of what is left, half up: what goes back is the difference.
func TestFeeAfterClawBack(t *testing.T) {
	o := unpaid()
	o.Total = 103_000 // 51.5 → 52
	o = must(t, o, do(Pay, Buyer, noon), do(Ship, Seller, noon), do(Confirm, Buyer, noon))
	if o.FeeTaken != 5_200 {
		t.Fatalf("a fee of %d, want 5,200", o.FeeTaken)
	}
	for i, want := range []struct{ refund, back, taken money.Amount }{
		{100, 100, 5_100},   // 1029 × 5 % = 51.45 → 51
		{900, 0, 5_100},     // 1020 → 51
		{2_000, 100, 5_000}, // 1000 → 50
		{100_000, 5_000, 0}, // all
	} {
		next, moves, err := Step(o, Refund, Moderator, noon, Args{Amount: want.refund})
		if err != nil || moves[0].Fee != want.back || moves[0].N != i+1 || next.FeeTaken != want.taken {
			t.Fatalf("refund %d: %+v, %v, taken %d; want %+v", want.refund, moves, err, next.FeeTaken, want)
		}
		o = next
	}
	if o.Status != Refunded {
		t.Errorf("after all went back the order is %s", o.Status)
	}
}

func TestRefundsThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct {
		amount money.Amount
		code   fault.Code
	}{
		"below zero":            {-100, fault.CodeInvalid},
		"more than was paid":    {100_100, fault.CodeInvalid},
		"no cash":               {150, fault.CodeNotCash},
		"no cash and too much":  {100_050, fault.CodeInvalid},
		"no cash, below a unit": {1, fault.CodeNotCash},
	} {
		t.Run(name, func(t *testing.T) {
			for _, s := range []Status{Paid, Completed} {
				_, moves, err := Step(paths[s](t), Refund, Seller, noon, Args{Amount: c.amount})
				if !fault.Is(err, c.code) || moves != nil {
					t.Errorf("%s: %+v, %v; want %s", s, moves, err, c.code)
				}
			}
		})
	}
}

func TestNewOrders(t *testing.T) {
	if o := New(Order{}, noon, noon.Add(day)); o.Version != 1 || o.DueAt == nil || o.NextAt == nil || !o.NextAt.Equal(noon.Add(day)) {
		t.Errorf("an order that is due tomorrow: %+v", o)
	}
	o := must(t, New(Order{Total: 100, CashUnit: 100}, noon, time.Time{}), do(Pay, Site, noon.Add(400*day)))
	if o.DueAt != nil || o.Status != Paid {
		t.Errorf("an order without a due time is paid whenever: %+v", o)
	}
	if got := ID("d1", 42); got != "o-d1-42" {
		t.Errorf("the order of entry 42 is %q", got)
	}
}

func TestSideOf(t *testing.T) {
	o := unpaid()
	if o.SideOf("b") != Buyer || o.SideOf("s") != Seller || o.SideOf("x") != "" || o.SideOf("") != "" {
		t.Error("sides are mistaken")
	}
}
