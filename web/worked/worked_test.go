package worked

import (
	"testing"
	"time"

	"haggle/internal/money"
	"haggle/internal/order"
)

var codes = []string{"TWD", "USD", "EUR", "GBP", "HKD", "JPY", "KRW", "SGD"}

func played(t *testing.T, code string, fee int64) (money.Currency, Set) {
	t.Helper()
	c, err := money.Lookup(code)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(c, fee)
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	return c, s
}

// TestTheAuctionTellsTheRule holds the example against the rule as a person would say it.
func TestTheAuctionTellsTheRule(t *testing.T) {
	for _, code := range codes {
		c, s := played(t, code, 500)
		a := s.Auction
		step := func(price money.Amount) money.Amount {
			for _, row := range c.Increments() {
				if row[0] == 0 || price < row[0] {
					return row[1]
				}
			}
			return 0
		}
		one, two, three := a.Bids[0], a.Bids[1], a.Bids[2]
		if one.Price != a.Start || two.Price != min(one.Max, two.Max+step(two.Max)) || three.Price != min(three.Max, one.Max+step(one.Max)) {
			t.Errorf("%s: prices %d, %d, %d", code, one.Price, two.Price, three.Price)
		}
		if one.Leader != first || two.Leader != first || three.Leader != third || a.Winner != third || a.Price != three.Price || a.Max <= a.Price {
			t.Errorf("%s: %+v", code, a)
		}
		if two.Moved != 0 || three.Left+three.Moved != a.Extend || three.Left >= a.Window {
			t.Errorf("%s: a bid %v before the end moved it by %v", code, three.Left, three.Moved)
		}
		for _, b := range a.Bids {
			if b.Minimum != b.Price+step(b.Price) || !c.IsCash(b.Price) {
				t.Errorf("%s: next %d after %d", code, b.Minimum, b.Price)
			}
		}
	}
}

func TestTheOthersAddUp(t *testing.T) {
	for _, code := range codes {
		_, s := played(t, code, 500)
		if f := s.Fixed; f.Total != f.Price*money.Amount(f.Bought) || f.Left != f.Stock-f.Bought || f.PayWithin <= 0 {
			t.Errorf("%s: %+v", code, f)
		}
		r := s.Request
		last := r.Quotes[len(r.Quotes)-1]
		if r.Held != r.Named || r.Price != last.Price || r.Winner != last.By || r.Back != r.Held-r.Price || r.AtOnce != r.Quotes[0].Price || r.Step <= 0 {
			t.Errorf("%s: %+v", code, r)
		}
		g := s.Group
		pieces := int64(0)
		for i, share := range g.Shares {
			pieces += share.Pieces
			if share.Pays != g.Price*money.Amount(share.Pieces) || share.Pays+share.Back != share.Held || share.Held != g.Joined[i].Hold {
				t.Errorf("%s: %+v", code, share)
			}
		}
		if pieces != g.Pieces || g.Price != g.Tiers[1].UnitPrice || g.Small >= g.Minimum || g.Back != g.Joined[0].Hold || g.Before.Hold != g.Joined[0].Hold {
			t.Errorf("%s: %+v", code, g)
		}
	}
}

func TestTheOrderPaysWhatTheTableSays(t *testing.T) {
	for _, fee := range []int64{0, 250, 500, 1000} {
		_, s := played(t, "TWD", fee)
		o := s.Order
		if o.Fee+o.Payout != o.Total || o.FeeLeft+o.PaidOut != o.Total-o.Refund || (o.Fee == 0) != (fee == 0) || o.FeeLeft > o.Fee {
			t.Errorf("%d: %+v", fee, o)
		}
		if o.Complete != order.CompleteAfterShipping*24*time.Hour || o.Ship != order.ShippingDays*24*time.Hour {
			t.Errorf("the example's weeks have a weekend or a holiday that they should not: %v, %v", o.Ship, o.Complete)
		}
	}
}

func TestTrustGrowsWithProof(t *testing.T) {
	_, s := played(t, "TWD", 500)
	one, ten, mixed, hundred, same := s.Trust[0].Score, s.Trust[1].Score, s.Trust[2].Score, s.Trust[3].Score, s.Trust[4].Score
	if !(one.Value < mixed.Value && mixed.Value < ten.Value && ten.Value < hundred.Value) || same.N != 1 || same.Value != one.Value {
		t.Errorf("%+v", s.Trust)
	}
}
