package english

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"haggle/internal/deal"
	"haggle/internal/deal/dealtest"
	"haggle/internal/money"
)

// fallen is a closed auction whose awards fall through, one after the other.
type fallen struct {
	auction
	now   *State
	crowd []deal.Standing
	log   []dealtest.Draft
}

func newFallen(a auction) *fallen {
	s := a.state()
	return &fallen{auction: a, now: &s, crowd: a.Crowd(), log: dealtest.Drafts(a.Lines())}
}

// fall lets the present award fall through, and has the log recomputed with what follows.
func (f *fallen) fall() (deal.Fallen, bool) {
	f.t.Helper()
	last := f.log[len(f.log)-1]
	v := deal.View{Frame: f.Frame(), Now: last.At, Seq: int64(len(f.log)), State: f.now, Who: "site", Crowd: f.crowd}
	next, left, err := New().FallThrough(v, deal.Fall{Award: v.Seq - 2, Entry: f.now.M1Seq, Reason: deal.Unpaid})
	must(f.t, err)
	if !left {
		return next, false
	}
	for _, l := range next.Lines {
		f.log = append(f.log, dealtest.Draft{At: last.At, Who: l.Who, Kind: l.Kind, Body: l.Body})
	}
	if err := f.Accepts(dealtest.Chain(f.t, f.log)); err != nil {
		f.t.Fatalf("what it writes: %v\n%s", err, dealtest.Chain(f.t, f.log))
	}
	f.now = next.State.(*State)
	f.crowd = struck{of: next.Struck}.crowd(f.crowd)
	return next, true
}

// TestFallThroughGoesOn: who gets it next, at which price.
func TestFallThroughGoesOn(t *testing.T) {
	type bid struct {
		who    string
		max    money.Amount
		backup bool
	}
	type next struct {
		to     string
		price  money.Amount
		backup bool
	}
	for name, c := range map[string]struct {
		reserve money.Amount
		bids    []bid
		want    []next
	}{
		"nobody else bid":                 {0, []bid{{"ann", 2000, true}}, nil},
		"the second alone: the start":     {0, []bid{{"ann", 2000, false}, {"bob", 5000, false}}, []next{{"ann", 1000, false}}},
		"a backup":                        {0, []bid{{"ann", 2000, true}, {"bob", 5000, false}}, []next{{"ann", 1000, true}}},
		"the last word about it counts":   {0, []bid{{"ann", 2000, true}, {"ann", 2500, false}, {"bob", 5000, true}}, []next{{"ann", 1000, false}}},
		"at a step over the third":        {0, []bid{{"ann", 2000, true}, {"eve", 3000, false}, {"bob", 5000, false}}, []next{{"eve", 2050, false}, {"ann", 1000, true}}},
		"equal ones: the earlier, at his": {0, []bid{{"ann", 2000, false}, {"eve", 5000, false}, {"bob", 5000, true}}, []next{{"bob", 2050, true}, {"ann", 1000, false}}},
		"at the reserve":                  {2000, []bid{{"ann", 2000, false}, {"bob", 5000, false}}, []next{{"ann", 2000, false}}},
		"below the reserve":               {2001, []bid{{"ann", 2000, true}, {"bob", 5000, false}}, nil},
		"the third is below the reserve":  {2500, []bid{{"ann", 2000, true}, {"eve", 3000, false}, {"bob", 5000, false}}, []next{{"eve", 2500, false}}},
	} {
		t.Run(name, func(t *testing.T) {
			terms := Terms{StartPrice: 1000}
			if c.reserve > 0 {
				terms.ReservePrice = &c.reserve
			}
			a := dollars(t, terms)
			for _, b := range c.bids {
				_, err := a.Enter(b.who, deal.Bid, Bid{Max: b.max, Backup: b.backup})
				must(t, err)
			}
			a.verified()
			f := newFallen(a)
			var got []next
			for {
				out := f.now.Leader
				x, left := f.fall()
				if !left {
					break
				}
				if x.Struck.Account != out || x.Struck.Active || len(bidsOf(&x.Struck).List) > 0 || x.Decision.UnitPrice != x.Award.Total || x.Award.DueIn != payWithin || x.Award.Payment != deal.PayLater {
					t.Errorf("%s fell: %+v", out, x)
				}
				got = append(got, next{x.Award.Account, x.Award.UnitPrice, x.Backup})
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("it goes to %v, want %v", got, c.want)
			}
		})
	}
}

// TestNothingFallsThrough: what was paid, what was not awarded, and what fell already.
func TestNothingFallsThrough(t *testing.T) {
	bought := dollars(t, Terms{StartPrice: 1000, ReservePrice: deal.Ptr[money.Amount](4000), BuyNowPrice: deal.Ptr[money.Amount](5000)})
	bought.bid("ann", 2000)
	must(t, bought.buy("bob"))
	bought.verified()
	if x, left := newFallen(bought).fall(); left {
		t.Errorf("what was paid: %+v", x)
	}
	f := newFallen(dollars(t, Terms{StartPrice: 1000}))
	if x, left := f.fall(); left {
		t.Errorf("nothing: %+v", x)
	}
	a := dollars(t, Terms{StartPrice: 1000})
	a.bid("ann", 2000)
	a.bid("bob", 5000)
	a.verified()
	v := a.View(dealtest.Site)
	v.Crowd = a.Crowd()
	if x, left, err := New().FallThrough(v, deal.Fall{Award: 4, Entry: 1, Reason: deal.Unpaid}); left || err != nil {
		t.Errorf("an award that does not stand: %+v, %v", x, err)
	}
}

// TestFallThroughProperties lets every award of a drawn auction fall through until nobody is left: what is written is
// accepted, the price is that of the naive account of the bids that are left, and never above the maximum of who pays it.
func TestFallThroughProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newRandom(t)
		r.run(t, 30)
		r.verified()
		f := newFallen(r.auction)
		if d := r.Decision(); d.Result != deal.Sold || f.now.Paid != "" {
			return
		}
		bids := r.bids
		for {
			out := f.now.Leader
			bids = slices.DeleteFunc(slices.Clone(bids), func(b made) bool { return b.who == out })
			leader, price := naive(r.terms(), bids)
			x, left := f.fall()
			if want := leader != "" && price >= r.terms().reserve(); left != want {
				t.Fatalf("after %s: goes on %t, want %t with %s at %d", out, left, want, leader, price)
			}
			if !left {
				return
			}
			own := slices.MaxFunc(bids, func(a, b made) int {
				if a.who != leader {
					return -1
				}
				if b.who != leader {
					return 1
				}
				return int(a.max - b.max)
			})
			if x.Award.Account != leader || x.Award.Total != price || price > own.max {
				t.Fatalf("after %s: %s at %d, want %s at %d, at most %d", out, x.Award.Account, x.Award.Total, leader, price, own.max)
			}
		}
	})
}
