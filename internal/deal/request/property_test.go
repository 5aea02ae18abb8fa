package request

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// drawTerms gives possible terms around small prices, so that quotes meet often.
func drawTerms(t *rapid.T, unit money.Amount) Terms {
	amount := func(name string, low, high int64) money.Amount {
		return unit * money.Amount(rapid.Int64Range(low, high).Draw(t, name))
	}
	terms := Terms{
		Rule:          rapid.SampledFrom([]Rule{RuleFirst, RuleOpen, RuleOpen, RuleSealed, RuleSealed, RuleChoice}).Draw(t, "rule"),
		NamedPrice:    amount("named price", 3, 12),
		PriceVisible:  deal.Ptr(rapid.Bool().Draw(t, "visible")),
		Quantity:      deal.Ptr(rapid.Int64Range(1, 6).Draw(t, "quantity")),
		MinimumStep:   deal.Ptr(amount("step", 1, 3)),
		SoftClose:     &SoftClose{rapid.SampledFrom([]int64{0, 60, 300}).Draw(t, "window"), rapid.SampledFrom([]int64{0, 30, 600}).Draw(t, "length")},
		Split:         rapid.Bool().Draw(t, "split"),
		MinimumQuotes: deal.Ptr(rapid.Int64Range(1, 3).Draw(t, "minimum quotes")),
	}
	if rapid.Bool().Draw(t, "has floor") {
		terms.Floor = deal.Ptr(min(amount("floor", 1, 6), terms.NamedPrice))
	}
	return terms
}

// market is a desk with the second implementation beside it.
type market struct {
	*desk
	n *naive
}

func drawMarket(t *rapid.T, tb testing.TB) *market {
	code := rapid.SampledFrom([]string{"TWD", "USD"}).Draw(t, "currency")
	c, err := money.Lookup(code)
	if err != nil {
		t.Fatal(err)
	}
	d, err := newDeskFor(tb, code, drawTerms(t, c.CashUnit), 0, 59*24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return &market{desk: d, n: &naive{t: d.terms(), unit: c.CashUnit, closes: d.frame.ClosesAt}}
}

// drawQuote is a well-formed quote; its price is now and then no cash.
func (m *market) drawQuote(t *rapid.T) Quote {
	q := Quote{UnitPrice: m.n.unit * money.Amount(rapid.Int64Range(1, 15).Draw(t, "price")),
		Condition: rapid.SampledFrom([]string{"", "new", "good"}).Draw(t, "condition")}
	if m.n.unit > 1 && rapid.IntRange(0, 15).Draw(t, "odd") == 0 {
		q.UnitPrice++
	}
	if m.n.t.Split {
		q.Quantity = deal.Ptr(rapid.Int64Range(1, *m.n.t.Quantity).Draw(t, "pieces"))
	}
	if rapid.Bool().Draw(t, "says delivery") {
		q.DeliveryDays = deal.Ptr(rapid.Int64Range(0, 2).Draw(t, "days"))
	}
	return q
}

// wait moves the clock: mostly a bit, now and then a day or to the last moments before the deadline.
func (m *market) wait(t *rapid.T) {
	step := rapid.SampledFrom([]time.Duration{0, 0, time.Millisecond, 20 * time.Second, 24*time.Hour - time.Millisecond, 24 * time.Hour}).Draw(t, "wait")
	if rapid.IntRange(0, 19).Draw(t, "jump") == 0 {
		left := m.frame.ClosesAt.Sub(m.now)
		step = rapid.SampledFrom([]time.Duration{left - 300*time.Second, left - 60*time.Second, left - time.Millisecond, left}).Draw(t, "to the end")
	}
	m.now = m.now.Add(max(step, 0))
}

// step draws one quote and holds the answer against the second implementation.
func (m *market) step(t *rapid.T) {
	m.wait(t)
	seller := rapid.SampledFrom([]string{"ann", "bea", "cat", "dan", "eve"}).Draw(t, "seller")
	q := m.drawQuote(t)
	nq := naiveQuote{seller: seller, seq: int64(len(m.lines)), at: m.now, price: q.UnitPrice, pieces: valueOr(q.Quantity, *m.n.t.Quantity),
		goods: fmt.Sprint(q.Condition, q.values())}
	want := m.n.refusal(nq)
	if _, won := m.n.wonAtOnce(); won || !m.now.Before(m.n.deadline()) {
		want = fault.CodeClosed
	}
	lines, public := len(m.lines), snapshot(m.tb, New().Public(m.view("", "site")))
	a, err := m.offer(seller, q)
	if want != "" {
		if !fault.Is(err, want) {
			t.Fatalf("%+v: %v, want %s", nq, err, want)
		}
		if len(m.lines) != lines || snapshot(m.tb, New().Public(m.view("", "site"))) != public {
			t.Fatalf("%+v: refused, but something changed", nq)
		}
		return
	}
	if err != nil {
		t.Fatalf("%+v: %v", nq, err)
	}
	nq.who = m.rows[seller].Pseudonym
	m.n.list = append(m.n.list, nq)
	m.compare(t, seller, a)
}

func (q Quote) values() string { return fmt.Sprint(valueOr(q.DeliveryDays, -1)) }

func (m *market) compare(t *rapid.T, seller string, a deal.Answer) {
	_, won := m.n.wonAtOnce()
	if *a.Awarded != won {
		t.Fatalf("awarded %v, want %v", *a.Awarded, won)
	}
	if got, want := m.frame.ClosesAt, m.n.deadline(); !got.Equal(want) {
		t.Fatalf("deadline %s, want %s", got, want)
	}
	if m.n.t.Rule != RuleOpen {
		return
	}
	best, _ := m.n.best()
	p := New().Public(m.view("", "site"))
	if *p.Best != best.price || p.Leader != best.who || *a.Rank != m.n.place(seller) {
		t.Fatalf("best %d of %s, rank %d; want %d of %s, rank %d", *p.Best, p.Leader, *a.Rank, best.price, best.who, m.n.place(seller))
	}
}

// finish ends the request: by the buyer's choice where he makes one, or at the deadline.
func (m *market) finish(t *rapid.T) {
	s := m.n.standing()
	if m.n.t.Rule == RuleChoice && len(s) > 0 && m.now.Before(m.frame.ClosesAt) && rapid.Bool().Draw(t, "chooses") {
		q := rapid.SampledFrom(s).Draw(t, "choice")
		err := m.choose(fmt.Sprint(q.seq), "price")
		if possible := q.price <= m.n.t.NamedPrice && len(s) >= int(*m.n.t.MinimumQuotes); possible != (err == nil) {
			t.Fatalf("choice of %+v: %v", q, err)
		}
		if err == nil {
			if want := fmt.Sprintf("[%s %d×%d]", q.who, q.pieces, q.price); m.won() != want {
				t.Fatalf("awards %s, want %s", m.won(), want)
			}
			return
		}
	}
	m.close()
	result, reason, won := m.n.outcome()
	if m.decision.Result != result || m.decision.Reason != reason || m.won() != won {
		t.Fatalf("%+v awards %s, want %s %s %s", *m.decision, m.won(), result, reason, won)
	}
}

// TestRequestsAgreeWithASecondImplementation plays random requests of up to 40 quotes. Every answer, the public state,
// the deadline and the outcome must be those of the plain second implementation; nobody gets more than he offered, all
// awards together no more than was wanted; the log must verify, whole and cut anywhere; and no forged log may.
func TestRequestsAgreeWithASecondImplementation(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := drawMarket(rt, t)
		for range rapid.IntRange(0, 40).Draw(rt, "quotes") {
			m.step(rt)
		}
		m.finish(rt)
		m.checkTotals(rt)
		if _, err := deal.VerifyBytes(m.log(), registry); err != nil {
			rt.Fatalf("verify: %v\n%s", err, m.log())
		}
		cut := rapid.IntRange(1, len(m.lines)).Draw(rt, "cut")
		if _, err := deal.VerifyBytes(joined(m.lines[:cut]), registry); err != nil {
			rt.Fatalf("verify the first %d lines: %v\n%s", cut, err, m.log())
		}
		forge(rt, m.desk)
	})
}

func (m *market) checkTotals(t *rapid.T) {
	var total int64
	for _, a := range m.outcome.Awards {
		total += a.Quantity
		if q := quoted(m.rows[a.Account]); a.Quantity < 1 || a.Quantity > q.Quantity || a.UnitPrice != q.UnitPrice || a.UnitPrice > m.n.t.NamedPrice {
			t.Fatalf("award %+v of quote %+v", a, q)
		}
	}
	if total > *m.n.t.Quantity {
		t.Fatalf("%d pieces awarded of %d", total, *m.n.t.Quantity)
	}
}
