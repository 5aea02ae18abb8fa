package order

import (
	"testing"
	"time"

	"haggle/internal/money"
)

func TestMarks(t *testing.T) {
	late := noon.Add(30 * day)
	for name, c := range map[string]struct {
		from  Status
		step  step
		marks Mark
	}{
		"unpaid":                         {AwaitingPayment, do(Lapse, Site, late), BuyerUnpaid},
		"called off what he had won":     {AwaitingPayment, do(Cancel, Buyer, noon), BuyerUnpaid},
		"called off by a moderator":      {AwaitingPayment, do(Cancel, Moderator, noon), ""},
		"the seller cannot deliver":      {Paid, do(Cancel, Seller, noon), SellerCancelled},
		"the seller did not ship":        {Paid, do(Cancel, Buyer, late), SellerUnshipped},
		"paid, called off by moderator":  {Paid, do(Cancel, Moderator, noon), ""},
		"all is well":                    {Shipped, do(Confirm, Buyer, noon), ""},
		"the seller gives money back":    {Disputed, refund(100, Seller, noon), ""},
		"decided for the seller":         {Disputed, resolve(0, noon), ""},
		"decided for the buyer":          {Disputed, resolve(100_000, noon), SellerLostDispute},
		"decided in part for the buyer":  {Disputed, resolve(100, noon), SellerLostDispute},
		"what came back, decided by all": {Returned, resolve(100_000, noon), SellerLostDispute},
	} {
		o := must(t, paths[c.from](t), c.step)
		if got := o.Timeline[len(o.Timeline)-1].Mark; got != c.marks {
			t.Errorf("%s: %q, want %q", name, got, c.marks)
		}
	}
}

func resolve(amount money.Amount, now time.Time) step {
	return func(o Order) (Order, []Move, error) { return Step(o, Resolve, Moderator, now, Args{Amount: amount}) }
}

// TestAModeratorDivides an order of NT$1,000 at a fee of 5 % between its sides.
func TestAModeratorDivides(t *testing.T) {
	ended := func(t *testing.T) Order { return must(t, paths[Completed](t), do(Dispute, Buyer, noon)) }
	for name, c := range map[string]struct {
		from   func(testing.TB) Order
		amount money.Amount
		to     Status
		moves  []Move
		fee    money.Amount
	}{
		"all to the seller": {paths[Disputed], 0, Completed, []Move{{Kind: MovePayout, Amount: 100_000, Fee: 5_000}}, 5_000},
		"a part": {paths[Disputed], 40_000, Completed, []Move{{Kind: MoveRefund, Amount: 40_000, N: 1},
			{Kind: MovePayout, Amount: 60_000, Fee: 3_000}}, 3_000},
		"all to the buyer":          {paths[Disputed], 100_000, Refunded, []Move{{Kind: MoveRefund, Amount: 100_000, N: 1}}, 0},
		"after completion: nothing": {func(testing.TB) Order { return ended(t) }, 0, Completed, nil, 5_000},
		"after completion: a part": {func(testing.TB) Order { return ended(t) }, 40_000, Completed,
			[]Move{{Kind: MoveReclaim, Amount: 40_000, Fee: 2_000, N: 1, Forced: true}}, 3_000},
		"after completion: all": {func(testing.TB) Order { return ended(t) }, 100_000, Refunded,
			[]Move{{Kind: MoveReclaim, Amount: 100_000, Fee: 5_000, N: 1, Forced: true}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			o, moves, err := Step(c.from(t), Resolve, Moderator, noon.Add(time.Hour), Args{Amount: c.amount})
			if err != nil || o.Status != c.to || o.FeeTaken != c.fee || o.InEscrow() != 0 || o.NextAt != nil {
				t.Errorf("%s, fee %d, %d in escrow, %v", o.Status, o.FeeTaken, o.InEscrow(), err)
			}
			if !equalMoves(moves, c.moves) {
				t.Errorf("moves %+v, want %+v", moves, c.moves)
			}
		})
	}
	if _, _, err := Step(paths[Disputed](t), Resolve, Moderator, noon, Args{Amount: 100_100}); err == nil {
		t.Error("a moderator gives more back than was paid")
	}
}

func equalMoves(a, b []Move) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// TestOnlyAModeratorForces says who may bring a seller into debt.
func TestOnlyAModeratorForces(t *testing.T) {
	for by, forced := range map[Side]bool{Seller: false, Moderator: true} {
		_, moves, err := Step(paths[Completed](t), Refund, by, noon, Args{Amount: 100})
		if err != nil || len(moves) != 1 || moves[0].Kind != MoveReclaim || moves[0].Forced != forced {
			t.Errorf("a refund by the %s moves %+v, %v", by, moves, err)
		}
	}
}
