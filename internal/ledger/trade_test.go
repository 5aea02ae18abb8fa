package ledger

import (
	"cmp"
	"testing"

	"pgregory.net/rapid"

	"haggle/internal/money"
	"haggle/internal/order"
)

var people = []string{"ann", "bob", "cat", "dan"}

// act does one random thing that the rules allow, or nothing.
func (w *world) act(t *rapid.T) {
	user := rapid.SampledFrom(people).Draw(t, "who")
	deal := rapid.SampledFrom([]string{"d1", "d2", "d3"}).Draw(t, "deal")
	amount := 100 * money.Amount(rapid.Int64Range(0, 300).Draw(t, "amount"))
	card := rapid.Bool().Draw(t, "by card")
	switch rapid.IntRange(0, 9).Draw(t, "act") {
	case 0, 1:
		w.post(Deposit(w.next(), user, "card", amount, w.now))
	case 2:
		w.post(DepositReversal(w.next(), user, "card", amount, w.now))
	case 3:
		if i := w.next(); w.post(Withdrawal(i, user, "bank", amount, w.now)) && card {
			w.post(WithdrawalReversal(i, user, "bank", amount, w.now))
		}
	case 4, 5:
		w.hold(deal, user, amount)
	case 6:
		if !w.closed[deal] && card {
			w.close(deal, "sue", func(held money.Amount) money.Amount { return min(held, amount) })
		}
	case 7:
		if amount > 0 {
			w.step(w.order("shop", user, "sue", amount).ID, order.Pay, order.Buyer, 0, card)
		}
	default:
		w.stepAny(t, card)
	}
}

// stepAny moves a random order a random step that it allows.
func (w *world) stepAny(t *rapid.T, card bool) {
	if len(w.orders) == 0 {
		return
	}
	var ids []string
	each(w.orders, func(o order.Order) { ids = append(ids, o.ID) })
	id := rapid.SampledFrom(ids).Draw(t, "order")
	by := rapid.SampledFrom([]order.Side{order.Buyer, order.Seller, order.Moderator, order.Site}).Draw(t, "by")
	can := order.Can(w.orders[id], by, w.now)
	if len(can) == 0 {
		return
	}
	units := int64(w.orders[id].Total-w.orders[id].Refunded) / 100
	w.step(id, rapid.SampledFrom(can).Draw(t, "step"), by, 100*money.Amount(rapid.Int64Range(0, units).Draw(t, "refund")), card)
}

func drawWorld(t *rapid.T) *world {
	w := newWorld()
	for range rapid.IntRange(0, 40).Draw(t, "acts") {
		w.act(t)
	}
	return w
}

// TestLegalTradeIsSilent lets a market trade by the rules: whatever happened, in whatever turn its documents are read,
// nothing is wrong with the books.
func TestLegalTradeIsSilent(t *testing.T) {
	const all = 14
	reasons := map[Reason]int{}
	for range 20 { // one round draws the rarest reasons almost always
		rapid.Check(t, func(t *rapid.T) {
			w := drawWorld(t)
			for _, e := range w.journal {
				reasons[e.Reason]++
			}
			turn := rapid.Permutation([]int{0, 1, 2, 3, 4}).Draw(t, "turn")
			if r := w.audit(turn...); !r.OK() || r.Totals.sum() != 0 {
				t.Fatalf("%+v", r)
			}
		})
		if t.Failed() || len(reasons) >= all {
			break
		}
	}
	if len(reasons) < all {
		t.Errorf("the markets moved money for these reasons only: %v", reasons)
	}
}

// TestNoMistakeGoesUnseen changes one number anywhere in sound books.
func TestNoMistakeGoesUnseen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		by := cmp.Or(money.Amount(rapid.Int64Range(-500, 500).Draw(t, "by")), 1)
		if what := w.spoil(t, by); what != "" && w.audit().OK() {
			t.Fatalf("%s was changed by %d and nobody noticed", what, by)
		}
	})
}

// spoil changes one number of one document; it says which, or "" where there is none.
func (w *world) spoil(t *rapid.T, by money.Amount) string {
	var changes []func() string
	for i := range w.journal {
		for j := range w.journal[i].Postings {
			changes = append(changes, func() string { w.journal[i].Postings[j].Amount += by; return w.journal[i].ID })
		}
	}
	each(w.balances, func(b Balance) {
		changes = append(changes, func() string { w.alter(b.User, func(b *Balance) { b.Available += by }); return b.User },
			func() string { w.alter(b.User, func(b *Balance) { b.Held += by }); return b.User })
	})
	each(w.holds, func(h Hold) {
		changes = append(changes, func() string { w.rehold(h.ID, func(h *Hold) { h.Amount += by }); return h.ID })
	})
	each(w.orders, func(o order.Order) {
		changes = append(changes, func() string { w.reorder(o.ID, func(o *order.Order) { o.FeeTaken += by }); return o.ID })
		if o.Escrow {
			changes = append(changes, func() string { w.reorder(o.ID, func(o *order.Order) { o.Refunded += by }); return o.ID })
		}
	})
	if len(changes) == 0 {
		return ""
	}
	return changes[rapid.IntRange(0, len(changes)-1).Draw(t, "what")]()
}
