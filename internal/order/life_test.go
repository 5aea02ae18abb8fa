package order_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"haggle/internal/fault"
	"haggle/internal/ledger"
	"haggle/internal/money"
	"haggle/internal/order"
)

var (
	sides = []order.Side{order.Buyer, order.Seller, order.Site, order.Moderator}
	acts  = []order.Act{order.Pay, order.Ship, order.Deliver, order.Confirm, order.Cancel, order.Dispute, order.Resolve, order.Return,
		order.Refund, order.Extend, order.Lapse, order.Complete}
)

// books keep the money of one order as a caller must.
type books struct {
	journal  []ledger.Transfer
	balances map[string]ledger.Balance
}

// book books all moves of a step, or none of them.
func (b *books) book(o order.Order, moves []order.Move, at time.Time) error {
	after := map[string]ledger.Balance{o.Buyer: b.balances[o.Buyer], o.Seller: b.balances[o.Seller]}
	var journal []ledger.Transfer
	for _, m := range moves {
		for _, t := range transfers(o, m, at) {
			if err := t.Check(); err != nil {
				panic(err)
			}
			for user, balance := range after {
				var err error
				if after[user], err = ledger.Apply(balance, t); err != nil {
					return err
				}
			}
			journal = append(journal, t)
		}
	}
	b.balances, b.journal = after, append(b.journal, journal...)
	return nil
}

func transfers(o order.Order, m order.Move, at time.Time) []ledger.Transfer {
	back := ledger.Refund(o.ID, o.Buyer, m.Amount, m.N, at)
	switch {
	case m.Kind == order.MovePay:
		return []ledger.Transfer{ledger.Pay(o.ID, o.Buyer, m.Amount, at)}
	case m.Kind == order.MovePayout:
		return []ledger.Transfer{ledger.Payout(o.ID, o.Seller, m.Amount, m.Fee, at)}
	case m.Kind == order.MoveRefund:
		return []ledger.Transfer{back}
	case m.Forced:
		return []ledger.Transfer{ledger.ClawBack(o.ID, o.Seller, m.Amount, m.Fee, m.N, at), back}
	}
	return []ledger.Transfer{ledger.GiveBack(o.ID, o.Seller, m.Amount, m.Fee, m.N, at), back}
}

// audit holds the books against the order.
func (b *books) audit(o order.Order) []ledger.Finding {
	a := ledger.NewAudit()
	journal := slices.Clone(b.journal)
	slices.SortFunc(journal, func(x, y ledger.Transfer) int { return strings.Compare(x.ID, y.ID) })
	for _, t := range journal {
		a.Transfer(t)
	}
	for _, balance := range b.balances {
		a.Balance(balance)
	}
	a.Order(o.ID, o.InEscrow(), o.FeeTaken)
	return a.Findings()
}

// TestAnyLifeKeepsTheBooks lets everybody try anything at any time, and books what is done as a caller must. Every
// invariant of the ledger holds after each step, and nobody owes but by a moderator's decision.
func TestAnyLifeKeepsTheBooks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
		o := drawOrder(t, now)
		b := &books{balances: map[string]ledger.Balance{"buyer": {User: "buyer"}, "seller": {User: "seller"}}}
		b.post(t, "buyer", ledger.Deposit("in", "buyer", "sandbox", o.Total, now))
		for range rapid.IntRange(1, 14).Draw(t, "steps") {
			now = now.Add(rapid.SampledFrom([]time.Duration{0, time.Hour, day, 4 * day, 8 * day, 20 * day}).Draw(t, "pause"))
			o = b.try(t, o, now)
			if found := b.audit(o); len(found) > 0 {
				t.Fatalf("%s: %+v", o.Status, found)
			}
			b.spend(t, now)
		}
	})
}

// try takes one step, if the side may and the money is there.
func (b *books) try(t *rapid.T, o order.Order, now time.Time) order.Order {
	by := rapid.SampledFrom(sides).Draw(t, "side")
	act := drawAct(t, order.Can(o, by, now))
	amount := o.CashUnit * money.Amount(rapid.Int64Range(0, int64(o.Total/o.CashUnit)).Draw(t, "amount"))
	next, moves, err := order.Step(o, act, by, now, order.Args{Amount: amount})
	if err != nil {
		return o
	}
	owed := b.balances["seller"].Owing
	if err := b.book(next, moves, now); err != nil {
		if by != order.Seller || !fault.Is(err, fault.CodeInsufficientFunds) {
			t.Fatalf("%s of a %s order by %s cannot be booked: %v", act, o.Status, by, err)
		}
		return o
	}
	if b.balances["seller"].Owing && !owed && by != order.Moderator {
		t.Fatalf("the seller owes by a %s of the %s", act, by)
	}
	return next
}

const day = 24 * time.Hour

// drawAct draws mostly what is allowed.
func drawAct(t *rapid.T, can []order.Act) order.Act {
	if len(can) > 0 && rapid.IntRange(0, 9).Draw(t, "sensible") > 0 {
		return rapid.SampledFrom(can).Draw(t, "allowed act")
	}
	return rapid.SampledFrom(acts).Draw(t, "act")
}

func drawOrder(t *rapid.T, now time.Time) order.Order {
	unit := rapid.SampledFrom([]money.Amount{1, 100}).Draw(t, "unit")
	o := order.Order{ID: order.ID("d1", 3), Deal: "d1", Seq: 3, Buyer: "buyer", Seller: "seller", Quantity: 1, CashUnit: unit,
		Total: unit * money.Amount(rapid.Int64Range(1, 500).Draw(t, "units")), FeeBasis: rapid.SampledFrom([]int64{0, 500, 10_000}).Draw(t, "basis")}
	due := time.Time{}
	if rapid.Bool().Draw(t, "due") {
		due = now.Add(4 * day)
	}
	return order.New(o, now, due)
}

// spend lets the seller withdraw all that he has, so that a claw-back finds nothing.
func (b *books) spend(t *rapid.T, now time.Time) {
	if has := b.balances["seller"].Available; has > 0 && rapid.Bool().Draw(t, "the seller spends") {
		b.post(t, "seller", ledger.Withdrawal(fmt.Sprint("out", len(b.journal)), "seller", "sandbox", has, now))
	}
}

func (b *books) post(t *rapid.T, user string, entry ledger.Transfer) {
	after, err := ledger.Apply(b.balances[user], entry)
	if err != nil {
		t.Fatal(err)
	}
	b.balances[user], b.journal = after, append(b.journal, entry)
}
