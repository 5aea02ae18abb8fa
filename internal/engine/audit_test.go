package engine_test

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/group"
	"haggle/internal/engine"
	"haggle/internal/ledger"
	"haggle/internal/money"
	"haggle/internal/order"
	"haggle/internal/store"
	"haggle/internal/store/sqlite"
)

// books is a small market: two groups of ann, bob and cat. One is settled, its orders are paid from their holds and one
// is completed; the other is open and holds money.
type books struct {
	store  store.Engine
	engine *engine.Engine
	now    atomic.Pointer[time.Time]
}

func newBooks(t *testing.T) *books {
	t.Helper()
	st, err := sqlite.Open(t.TempDir(), store.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	twd, err := money.Lookup("TWD")
	if err != nil {
		t.Fatal(err)
	}
	b := &books{store: st}
	b.at(time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC))
	_, key, _ := ed25519.GenerateKey(nil)
	b.engine = engine.New(engine.Config{Store: st, Mechanisms: deal.Registry{deal.Group: group.New()}, Currency: twd, LogKey: key,
		Clock: func() time.Time { return *b.now.Load() }})
	t.Cleanup(b.engine.Close)
	if err := st.Ensure(t.Context(), engine.Specs()); err != nil {
		t.Fatal(err)
	}
	b.trade(t)
	return b
}

func (b *books) at(now time.Time) { b.now.Store(&now) }

func (b *books) trade(t *testing.T) {
	t.Helper()
	for _, u := range []string{"ann", "bob", "cat"} {
		b.post(t, ledger.Deposit("i-"+u, u, "card", 1_000_000, b.engine.Now()))
	}
	for _, id := range []string{"g1", "g2"} {
		b.open(t, id)
		for i, u := range []string{"ann", "bob", "cat"} {
			b.pledge(t, id, u, int64(i+1))
		}
	}
	b.at(b.engine.Now().Add(2 * time.Hour))
	if closing, err := b.engine.Expire(t.Context(), "g1"); err != nil || closing {
		t.Fatalf("it is left unsettled: %v, %v", closing, err)
	}
	b.step(t, order.ID("g1", 1), order.Ship, order.Seller)
	b.step(t, order.ID("g1", 1), order.Confirm, order.Buyer)
}

// post books transfers in a transaction of their own.
func (b *books) post(t *testing.T, transfers ...ledger.Transfer) {
	t.Helper()
	err := b.store.Tx(t.Context(), func(ctx context.Context) error {
		books, err := b.engine.OpenBooks(ctx, b.engine.Now())
		if err != nil {
			return err
		}
		for _, x := range transfers {
			if err := books.Post(x); err != nil {
				return err
			}
		}
		return books.Flush(ctx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// open opens a group: NT$800 each from 2 pieces, 700 from 4; g1 for an hour, g2 for a day.
func (b *books) open(t *testing.T, id string) {
	t.Helper()
	lasts := map[string]time.Duration{"g1": time.Hour, "g2": 24 * time.Hour}[id]
	_, err := b.engine.Open(t.Context(), engine.Opening{Deal: engine.Deal{ID: id, Kind: deal.Group, Owner: "boss", FeeBasis: 500, Particulars: engine.Particulars{Title: "Tea"}},
		Duration: lasts, Salts: deal.NewSalts(3), Terms: &group.Terms{Tiers: []group.Tier{{From: 2, UnitPrice: 80_000}, {From: 4, UnitPrice: 70_000}}}})
	if err != nil {
		t.Fatal(err)
	}
}

func (b *books) pledge(t *testing.T, id, user string, pieces int64) {
	t.Helper()
	if err := b.tryPledge(id, user, pieces); err != nil {
		t.Fatal(err)
	}
}

func (b *books) tryPledge(id, user string, pieces int64) error {
	_, err := b.engine.Submit(context.Background(), engine.Submission{Deal: id, ID: engine.NewID(),
		Entry: deal.Entry{Account: user, Role: deal.Member, Act: deal.Pledge, Salts: deal.NewSalts(3), Values: group.Pledge{Quantity: pieces}}})
	return err
}

// step moves an order of which nothing was given back.
func (b *books) step(t *testing.T, id string, act order.Act, by order.Side) {
	t.Helper()
	o, err := b.engine.Order(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	next, moves, err := order.Step(o, act, by, b.engine.Now(), order.Args{})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range moves {
		b.post(t, ledger.Payout(id, o.Seller, m.Amount, m.Fee, b.engine.Now()))
	}
	if err := b.store.Tx(t.Context(), func(ctx context.Context) error { return b.engine.StoreOrder(ctx, next, b.engine.Now()) }); err != nil {
		t.Fatal(err)
	}
}

func (b *books) verify(t *testing.T) ledger.Report {
	t.Helper()
	r, err := b.engine.VerifyLedger(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestVerifySoundLedger(t *testing.T) {
	b := newBooks(t)
	r := b.verify(t)
	if !r.OK() {
		t.Fatalf("sound books are said to be wrong: %+v", r.Findings)
	}
	if want := (ledger.Counts{Transfers: 13, Postings: 30, Balances: 4, Holds: 6, OpenHolds: 3, Orders: 3, Standings: 6}); r.Counts != want {
		t.Errorf("read %+v, want %+v", r.Counts, want)
	}
	want := ledger.Totals{Available: 3_000_000 - 480_000 - 420_000 + 66_500, Held: 480_000, Escrow: 350_000, Fee: 3_500, Gateways: -3_000_000}
	if r.Totals != want {
		t.Errorf("money is at %+v, want %+v", r.Totals, want)
	}
}

// spoil changes one stored document.
func spoil[T any](coll, id string, change func(*T)) func(*testing.T, store.Engine) {
	return func(t *testing.T, st store.Engine) {
		t.Helper()
		rows := store.NewCollection[T](st, coll)
		v, err := rows.Get(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		change(&v)
		if err := rows.Put(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
}

func remove(coll, id string) func(*testing.T, store.Engine) {
	return func(t *testing.T, st store.Engine) {
		t.Helper()
		if err := st.Delete(t.Context(), coll, id); err != nil {
			t.Fatal(err)
		}
	}
}

// TestVerifyFindsWhatIsWrong changes one document in the store and expects exactly what follows from it.
func TestVerifyFindsWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*testing.T, store.Engine)
		want  []string
	}{
		"a wrong balance": {spoil(engine.Balances, "ann", func(b *ledger.Balance) { b.Available += 100 }),
			[]string{"balance user:ann:available 850000 850100", "total all accounts 0 100"}},
		"a balance that is gone": {remove(engine.Balances, "boss"),
			[]string{"balance user:boss:available 66500 0", "total all accounts 0 -66500"}},
		"a posting that was changed": {spoil(engine.Journal, "deposit:i-bob", func(r *engine.JournalRow) { r.Postings[1].Amount += 100 }),
			[]string{"balance user:bob:available 700100 700000", "unbalanced deposit:i-bob 0 100"}},
		"a transfer that is gone": {remove(engine.Journal, "payout:o-g1-1"),
			[]string{"balance user:boss:available 0 66500", "escrow escrow:o-g1-1 0 70000", "fee fee 3500 0", "total all accounts 0 66500"}},
		"a wrong hold": {spoil(engine.Holds, "hold:g2:bob", func(h *ledger.Hold) { h.Amount -= 100 }),
			[]string{"held user:bob:held 159900 160000", "hold hold:g2:bob 160000 159900"}},
		"a standing that keeps less": {spoil(engine.Standings, "g2:cat", func(s *engine.StandingRow) { s.Hold = 0 }),
			[]string{"hold hold:g2:cat 0 240000"}},
		"a final deal whose standing holds": {spoil(engine.Standings, "g1:cat", func(s *engine.StandingRow) { s.Hold = 500 }),
			[]string{"hold hold:g1:cat 0 500"}},
		"a deal that ended with its holds open": {spoil(engine.Deals, "g2", func(d *engine.Deal) { d.Status = deal.Failed }),
			[]string{"hold hold:g2:ann 0 80000", "hold hold:g2:ann 0 80000", "hold hold:g2:bob 0 160000", "hold hold:g2:bob 0 160000",
				"hold hold:g2:cat 0 240000", "hold hold:g2:cat 0 240000"}},
		"an order that says too little": {spoil(engine.Orders, "o-g1-2", func(o *order.Order) { o.Refunded = 100 }),
			[]string{"escrow escrow:o-g1-2 139900 140000"}},
		"a fee on paper only": {spoil(engine.Orders, "o-g1-1", func(o *order.Order) { o.FeeTaken = 0 }),
			[]string{"fee fee 0 3500"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBooks(t)
			c.spoil(t, b.store)
			var got []string
			for _, f := range b.verify(t).Findings {
				got = append(got, fmt.Sprintf("%s %s %d %d", f.Code, f.Subject, f.Want, f.Got))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("found\n%q\nwant\n%q", got, c.want)
			}
		})
	}
}

// TestVerifyBesideTrade verifies again and again while entries move money: every look shows one moment.
func TestVerifyBesideTrade(t *testing.T) {
	b := newBooks(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 60 {
			if err := b.tryPledge("g2", []string{"ann", "bob", "cat"}[i%3], int64(1+i%4)); err != nil {
				t.Error(err)
			}
		}
	}()
	looks := 0
	for trading := true; trading; looks++ {
		select {
		case <-done:
			trading = false
		default:
		}
		if r := b.verify(t); !r.OK() {
			<-done
			t.Fatalf("look %d: %+v", looks, r.Findings)
		}
	}
	t.Logf("%d looks", looks)
}
