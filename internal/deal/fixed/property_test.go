package fixed

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

// tally is the second implementation: it keeps every purchase and counts anew whenever it is asked.
type tally struct {
	quantity int64
	closes   time.Time
	list     []*bought
}

type bought struct {
	buyer    string
	seq      int64
	pieces   int64
	at       time.Time
	paid     bool
	lapsedAt time.Time // or called off
	counts   bool      // against its buyer
}

func (b *bought) unpaid() bool { return !b.paid && b.lapsedAt.IsZero() }

func (y *tally) count(what func(*bought) bool) (pieces, purchases int64) {
	for _, b := range y.list {
		if what(b) {
			pieces += b.pieces
			purchases++
		}
	}
	return pieces, purchases
}

func (y *tally) left() int64 {
	gone, _ := y.count(func(b *bought) bool { return b.lapsedAt.IsZero() })
	return y.quantity - gone
}

// buyRefusal is the code that a purchase deserves; "" where it is taken.
func (y *tally) buyRefusal(buyer string, pieces int64, now time.Time, ended bool) fault.Code {
	_, recent := y.count(func(b *bought) bool {
		return b.buyer == buyer && b.counts && now.Sub(b.lapsedAt) < 24*time.Hour
	})
	_, lapses := y.count(func(b *bought) bool { return b.buyer == buyer && b.counts })
	switch {
	case ended || !y.closes.IsZero() && !now.Before(y.closes):
		return fault.CodeClosed
	case pieces > y.left():
		return fault.CodeOutOfStock
	case lapses >= 2 && recent > 0:
		return fault.CodeLimit
	}
	return ""
}

// ended says whether the listing has closed, and how.
func (y *tally) ended(now time.Time, asked bool) (closed string, ok bool) {
	paid, awards := y.count(func(b *bought) bool { return b.paid })
	open, _ := y.count((*bought).unpaid)
	over := !y.closes.IsZero() && !now.Before(y.closes) && open == 0 && asked
	switch {
	case paid == y.quantity || over && paid > 0:
		return fmt.Sprintf(`{"awards":%d,"result":"sold"}`, awards), true
	case over && len(y.list) > 0:
		return `{"awards":0,"reason":"unpaid","result":"failed"}`, true
	case over:
		return `{"awards":0,"reason":"no_entries","result":"failed"}`, true
	}
	return "", false
}

// shop is a desk with the second implementation beside it.
type shop struct {
	*desk
	y *tally
}

func drawShop(t *rapid.T, tb testing.TB) *shop {
	quantity := rapid.Int64Range(1, 8).Draw(t, "quantity")
	open := rapid.SampledFrom([]time.Duration{0, time.Hour, 30 * time.Hour}).Draw(t, "open for")
	d := mustOpen(tb, 2500, quantity, open)
	return &shop{desk: d, y: &tally{quantity: quantity, closes: d.frame.ClosesAt}}
}

func (s *shop) step(t *rapid.T) {
	s.now = s.now.Add(rapid.SampledFrom([]time.Duration{0, 0, time.Second, 10 * time.Minute, payWithin - time.Second, payWithin, 24 * time.Hour}).Draw(t, "wait"))
	switch rapid.IntRange(0, 9).Draw(t, "act") {
	case 0, 1, 2, 3:
		s.stepBuy(t)
	case 4, 5, 6:
		s.stepSite(t, "paid")
	case 7:
		s.stepSite(t, "lapse")
	case 8:
		s.stepSite(t, "call off")
	default:
		s.stepEnd(t)
	}
	s.invariants(t)
}

func (s *shop) stepBuy(t *rapid.T) {
	buyer := rapid.SampledFrom([]string{"ann", "bea", "cat"}).Draw(t, "buyer")
	pieces := rapid.Int64Range(1, 3).Draw(t, "pieces")
	want := s.y.buyRefusal(buyer, pieces, s.now, s.decision != nil)
	seq, err := s.buy(buyer, pieces)
	if want != "" {
		if !fault.Is(err, want) || seq != int64(len(s.lines)) {
			t.Fatalf("%s buys %d: %v, want %s", buyer, pieces, err, want)
		}
		return
	}
	if err != nil {
		t.Fatalf("%s buys %d: %v", buyer, pieces, err)
	}
	s.y.list = append(s.y.list, &bought{buyer: buyer, seq: seq, pieces: pieces, at: s.now})
}

// stepSite says of some purchase that it was paid, lapsed or called off, true or not.
func (s *shop) stepSite(t *rapid.T, what string) {
	if len(s.y.list) == 0 {
		return
	}
	b := rapid.SampledFrom(s.y.list).Draw(t, "purchase")
	inTime := s.now.Sub(b.at) < payWithin
	possible := s.decision == nil && b.unpaid() && (what == "call off" || inTime == (what == "paid"))
	lines := len(s.lines)
	var err error
	switch what {
	case "paid":
		err = s.pay(b.buyer, b.seq)
	case "lapse":
		err = s.lapse(b.buyer, b.seq)
	default:
		err = s.callOff(b.buyer, b.seq, deal.BidderAsked)
	}
	if possible != (err == nil) || err != nil && len(s.lines) != lines {
		t.Fatalf("%s of %+v at %s: %v", what, b, s.now, err)
	}
	switch {
	case err != nil:
	case what == "paid":
		b.paid = true
	default:
		b.lapsedAt, b.counts = s.now, !inTime
	}
	s.checkEnd(t, err == nil)
}

// stepEnd lets the owner end the listing, or the deadline be looked at.
func (s *shop) stepEnd(t *rapid.T) {
	if s.decision != nil {
		return
	}
	if s.over() {
		s.decide()
		s.checkEnd(t, true)
		return
	}
	switch rapid.IntRange(0, 5).Draw(t, "end") {
	case 0:
		s.must(s.owner(deal.EndEarly, ""))
		s.y.closes = s.now
	case 1:
		standing, _ := s.y.count(func(b *bought) bool { return b.lapsedAt.IsZero() })
		if err := s.owner(deal.Cancel, ""); (err == nil) != (standing == 0) {
			t.Fatalf("cancel with %d pieces standing: %v", standing, err)
		}
	}
}

func (s *shop) checkEnd(t *rapid.T, asked bool) {
	if s.decision != nil && s.decision.Result == deal.ResultCancel {
		return
	}
	closed, ok := s.y.ended(s.now, asked)
	if ok != (s.decision != nil) && asked || ok && asked && s.last() != closed {
		t.Fatalf("ended %v with %s, want %v %s", s.decision != nil, s.last(), ok, closed)
	}
}

// invariants hold after every step: nothing is oversold, no piece is lost.
func (s *shop) invariants(t *rapid.T) {
	st := s.stock()
	paid, _ := s.y.count(func(b *bought) bool { return b.paid })
	open, _ := s.y.count((*bought).unpaid)
	switch {
	case st.Left < 0 || st.Unpaid < 0 || st.Sold < 0 || st.Left+st.Unpaid+st.Sold != s.y.quantity:
		t.Fatalf("stock %+v of %d", st, s.y.quantity)
	case st.Left != s.y.left() || st.Sold != paid || st.Unpaid != open:
		t.Fatalf("stock %+v, want left %d, sold %d, unpaid %d", st, s.y.left(), paid, open)
	}
}

// TestListingsAgreeWithASecondImplementation plays random listings of up to 40 entries: purchases, payments, lapses
// and ends, early and late, true and false. Every answer, the stock and the outcome must be those of the second
// implementation; the log must verify, whole and cut anywhere; and no forged log may.
func TestListingsAgreeWithASecondImplementation(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawShop(rt, t)
		for range rapid.IntRange(0, 40).Draw(rt, "entries") {
			s.step(rt)
		}
		if _, err := deal.VerifyBytes(s.log(), registry); err != nil {
			rt.Fatalf("verify: %v\n%s", err, s.log())
		}
		cut := rapid.IntRange(1, len(s.lines)).Draw(rt, "cut")
		if _, err := deal.VerifyBytes(joined(s.lines[:cut]), registry); err != nil {
			rt.Fatalf("verify the first %d lines: %v\n%s", cut, err, s.log())
		}
		forge(rt, s.desk)
	})
}
