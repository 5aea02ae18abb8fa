package ledger

import (
	"fmt"
	"slices"
	"testing"

	"haggle/internal/money"
	"haggle/internal/order"
)

// smallWorld has one of everything: free, held and owed money, an open and a closed deal, orders in escrow, completed,
// refunded and unpaid.
func smallWorld(t testing.TB) *world {
	w := newWorld()
	ok := func(done bool) {
		t.Helper()
		if !done {
			t.Fatal("the small world does not follow the rules")
		}
	}
	for _, u := range []string{"ann", "bob", "cat"} {
		ok(w.post(Deposit("i-"+u, u, "card", 100_000, w.now)))
	}
	ok(w.post(Withdrawal("w-cat", "cat", "card", 20_000, w.now)))
	ok(w.hold("open", "ann", 10_000))
	ok(w.hold("open", "ann", 15_000))
	ok(w.hold("done", "ann", 40_000))
	ok(w.hold("done", "bob", 40_000))
	ok(w.hold("done", "cat", 5_000))
	w.close("done", "sue", func(held money.Amount) money.Amount { return max(held-10_000, 0) })
	ok(w.step(order.ID("done", 6), order.Ship, order.Seller, 0, false)) // ann's: 30,000 to sue, less 1,500
	ok(w.step(order.ID("done", 6), order.Confirm, order.Buyer, 0, false))
	ok(w.post(DepositReversal("i-cat", "cat", "card", 100_000, w.now)))
	w.order("open", "cat", "sue", 7_000)
	return w
}

// told are findings in short: code, subject, want, got.
func told(findings []Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, fmt.Sprintf("%s %s %d %d", f.Code, f.Subject, f.Want, f.Got))
	}
	return out
}

func TestSoundBooks(t *testing.T) {
	r := smallWorld(t).audit()
	if !r.OK() {
		t.Fatalf("sound books are said to be wrong: %+v", r.Findings)
	}
	if want := (Counts{Transfers: 14, Postings: 31, Balances: 4, Holds: 4, OpenHolds: 1, Orders: 3, Standings: 4}); r.Counts != want {
		t.Errorf("read %+v, want %+v", r.Counts, want)
	}
	if want := (Totals{Available: 55_000 + 70_000 - 20_000 + 28_500, Held: 15_000, Escrow: 30_000, Fee: 1_500, Gateways: -180_000}); r.Totals != want {
		t.Errorf("money is at %+v, want %+v", r.Totals, want)
	}
}

func TestNoBooks(t *testing.T) {
	if r := NewAudit().Report(); !r.OK() || r.Findings == nil {
		t.Errorf("empty books: %+v; want an empty list", r)
	}
}

// TestSeededMistakes makes one mistake each in sound books and expects exactly what follows from it, nothing else.
func TestSeededMistakes(t *testing.T) {
	for name, c := range map[string]struct {
		seed func(*world)
		want []string
	}{
		"a balance too high": {func(w *world) { w.alter("bob", func(b *Balance) { b.Available += 100 }) },
			[]string{"balance user:bob:available 70000 70100", "total all accounts 0 100"}},
		"a held balance too low": {func(w *world) { w.alter("ann", func(b *Balance) { b.Held -= 100 }) },
			[]string{"balance user:ann:held 15000 14900", "held user:ann:held 15000 14900", "total all accounts 0 -100"}},
		"less than nothing held": {func(w *world) { w.alter("bob", func(b *Balance) { b.Available, b.Held = 70_100, -100 }) },
			[]string{"balance user:bob:available 70000 70100", "balance user:bob:held 0 -100", "held user:bob:held 0 -100", "overdrawn user:bob:held 0 -100"}},
		"a balance that is gone": {func(w *world) { delete(w.balances, "bob") },
			[]string{"balance user:bob:available 70000 0", "total all accounts 0 -70000"}},
		"a balance from nowhere": {func(w *world) { w.balances["eve"] = Balance{User: "eve", Available: 5} },
			[]string{"balance user:eve:available 0 5", "total all accounts 0 5"}},
		"free money taken for held": {func(w *world) { w.alter("bob", func(b *Balance) { b.Available, b.Held = 69_900, 100 }) },
			[]string{"balance user:bob:available 70000 69900", "balance user:bob:held 0 100", "held user:bob:held 0 100"}},
		"a debt that is not flagged": {func(w *world) { w.alter("cat", func(b *Balance) { b.Owing = false }) },
			[]string{"overdrawn user:cat:available 0 -20000"}},
		"a flag without a debt": {func(w *world) { w.alter("bob", func(b *Balance) { b.Owing = true }) },
			[]string{"owing user:bob:available 0 70000"}},
		"a transfer that does not balance": {func(w *world) { w.entry("deposit:i-ann").Postings[1].Amount += 100 },
			[]string{"balance user:ann:available 55100 55000", "unbalanced deposit:i-ann 0 100"}},
		"a fee that appears from nowhere": {func(w *world) { w.entry("payout:o-done-6").Postings[2].Amount += 100 },
			[]string{"fee fee 1500 1600", "total all accounts 0 100", "unbalanced payout:o-done-6 0 100"}},
		"a transfer that is gone": {func(w *world) {
			w.journal = slices.DeleteFunc(w.journal, func(t Transfer) bool { return t.ID == "capture:o-done-7" })
		},
			[]string{"balance user:bob:available 60000 70000", "balance user:bob:held 40000 0", "escrow escrow:o-done-7 30000 0", "total all accounts 0 -30000"}},
		"a transfer booked twice": {func(w *world) { w.journal = append(w.journal, *w.entry("payout:o-done-6")) },
			[]string{"balance user:sue:available 57000 28500", "duplicate payout:o-done-6 0 0", "escrow escrow:o-done-6 0 -30000", "fee fee 1500 3000",
				"total all accounts 0 -28500"}},
		"a posting of nothing": {func(w *world) {
			w.journal = append(w.journal, Transfer{ID: "x", Postings: []Posting{{Fee, 0}, {"gateway:card", 0}}})
		},
			[]string{"malformed x 0 0"}},
		"money in an account nobody has": {func(w *world) {
			w.journal = append(w.journal, Transfer{ID: "x", Postings: []Posting{{"slush", 5}, {"gateway:card", -5}}})
		},
			[]string{"unknown_account slush 0 5"}},
		"escrow for an order that is not": {func(w *world) { w.journal = append(w.journal, PayByCard("none", "card", 5, w.now)) },
			[]string{"escrow escrow:none 0 5"}},
		"an order that says too much": {func(w *world) { w.reorder("o-done-7", func(o *order.Order) { o.Total += 100 }) },
			[]string{"escrow escrow:o-done-7 30100 30000"}},
		"an order refunded on paper only": {func(w *world) { w.reorder("o-done-7", func(o *order.Order) { o.Refunded = 500 }) },
			[]string{"escrow escrow:o-done-7 29500 30000"}},
		"a completed order still in escrow": {func(w *world) { w.reorder("o-done-6", func(o *order.Order) { o.Escrow = true }) },
			[]string{"escrow escrow:o-done-6 30000 0"}},
		"an order that is gone": {func(w *world) { delete(w.orders, "o-done-6") },
			[]string{"fee fee 0 1500"}},
		"a fee on paper only": {func(w *world) { w.reorder("o-done-6", func(o *order.Order) { o.FeeTaken += 100 }) },
			[]string{"fee fee 1600 1500"}},
		"a hold too high": {func(w *world) { w.rehold("hold:open:ann", func(h *Hold) { h.Amount += 100 }) },
			[]string{"held user:ann:held 15100 15000", "hold hold:open:ann 15000 15100"}},
		"a hold that is gone": {func(w *world) { delete(w.holds, "hold:open:ann") },
			[]string{"held user:ann:held 0 15000", "hold hold:open:ann 15000 0"}},
		"a hold that ended too early": {func(w *world) { w.rehold("hold:open:ann", func(h *Hold) { h.State = Released }) },
			[]string{"held user:ann:held 0 15000", "hold hold:open:ann 15000 0", "malformed hold:open:ann 0 15000"}},
		"a hold of nothing": {func(w *world) { w.rehold("hold:done:bob", func(h *Hold) { h.State = Open }) },
			[]string{"malformed hold:done:bob 0 0"}},
		"a hold of less than nothing": {func(w *world) { w.rehold("hold:done:bob", func(h *Hold) { h.Amount = -100 }) },
			[]string{"malformed hold:done:bob 0 -100"}},
		"a hold of somebody else": {func(w *world) { w.rehold("hold:open:ann", func(h *Hold) { h.User = "bob" }) },
			[]string{"held user:ann:held 0 15000", "held user:bob:held 15000 0", "malformed hold:open:ann 0 15000"}},
		"a standing that says less": {func(w *world) { w.standings["hold:open:ann"] = standing{"open", "ann", 14_000} },
			[]string{"hold hold:open:ann 14000 15000"}},
		"a standing that is gone": {func(w *world) { delete(w.standings, "hold:open:ann") },
			[]string{"hold hold:open:ann 0 15000"}},
		"a final deal that still holds": {func(w *world) { w.closed["open"] = true },
			[]string{"hold hold:open:ann 0 15000", "hold hold:open:ann 0 15000"}},
		"a final deal with an old standing": {func(w *world) { w.standings["hold:done:bob"] = standing{"done", "bob", 40_000} },
			[]string{"hold hold:done:bob 0 40000"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := smallWorld(t)
			c.seed(w)
			if got := told(w.audit().Findings); !slices.Equal(got, c.want) {
				t.Errorf("found\n%q\nwant\n%q", got, c.want)
			}
		})
	}
}

func (w *world) alter(user string, change func(*Balance)) {
	b := w.balances[user]
	change(&b)
	w.balances[user] = b
}

func (w *world) reorder(id string, change func(*order.Order)) {
	o := w.orders[id]
	change(&o)
	w.orders[id] = o
}

func (w *world) rehold(id string, change func(*Hold)) {
	h := w.holds[id]
	change(&h)
	w.holds[id] = h
}

func (w *world) entry(id string) *Transfer {
	return &w.journal[slices.IndexFunc(w.journal, func(t Transfer) bool { return t.ID == id })]
}

// TestUnsortedJournal says so rather than overlook a doubled id.
func TestUnsortedJournal(t *testing.T) {
	a := NewAudit()
	a.Transfer(Deposit("b", "u", "g", 5, noon))
	a.Transfer(Deposit("a", "u", "g", 5, noon))
	a.Balance(Balance{User: "u", Available: 10})
	if got, want := told(a.Findings()), []string{"duplicate deposit:a 0 0"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}
