package english

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"haggle/internal/deal"
	"haggle/internal/money"
)

func TestMain(m *testing.M) {
	if n := os.Getenv("HAGGLE_RAPID_CHECKS"); n != "" {
		if _, err := strconv.Atoi(n); err == nil {
			os.Args = append(os.Args, "-rapid.checks="+n)
		}
	} else {
		os.Args = append(os.Args, "-rapid.checks=1000")
	}
	os.Exit(m.Run())
}

// naive is the standing price by the rule's own words, from the list of every counting maximum.
func naive(terms *Terms, bids []naiveBid) (leader string, standing money.Amount) {
	if len(bids) == 0 {
		return "", 0
	}
	m1 := bids[0]
	for _, b := range bids {
		if b.max > m1.max {
			m1 = b
		}
	}
	standing = terms.StartPrice
	for _, b := range bids {
		if b.who == m1.who {
			continue
		}
		step := money.Amount(0)
		for _, row := range terms.Increments {
			if row[0] == 0 || b.max < row[0] {
				step = row[1]
				break
			}
		}
		standing = max(standing, min(m1.max, b.max+step))
	}
	if terms.ReservePrice != nil && m1.max >= *terms.ReservePrice {
		standing = max(standing, *terms.ReservePrice)
	}
	return m1.who, standing
}

type naiveBid struct {
	who string
	max money.Amount
}

// TestProperties draws auctions of up to 40 entries.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, bids := newDrawn(t), []naiveBid{}
		for range rapid.IntRange(0, 40).Draw(t, "entries") {
			bids = d.act(t, bids)
			if d.decision != nil {
				break
			}
		}
		before := *d.state()
		d.close()
		if err := d.verified(); err != nil {
			t.Fatalf("replay of its own log: %v\n%s", err, d.log())
		}
		if got := *d.state(); got != before {
			t.Fatalf("closing changed the state: %+v, %+v", before, got)
		}
	})
}

// drawn is a desk whose terms were drawn.
type drawn struct{ *desk }

func newDrawn(t *rapid.T) drawn {
	c, err := money.Lookup(rapid.SampledFrom([]string{"USD", "TWD"}).Draw(t, "currency"))
	if err != nil {
		t.Fatal(err)
	}
	unit := c.CashUnit
	terms := &Terms{StartPrice: unit * money.Amount(rapid.IntRange(1, 300).Draw(t, "start"))}
	if rapid.Bool().Draw(t, "reserved") {
		terms.ReservePrice = deal.Ptr(terms.StartPrice + unit*money.Amount(rapid.IntRange(0, 400).Draw(t, "reserve")))
	}
	if rapid.Bool().Draw(t, "buyable") {
		terms.BuyNowPrice = deal.Ptr(max(leastBuyNow(terms.StartPrice, c), terms.reserve()) + unit*money.Amount(rapid.IntRange(0, 300).Draw(t, "buy now")))
	}
	terms.SoftClose = &SoftClose{WindowSeconds: int64(rapid.SampledFrom([]int{0, 300, 3600}).Draw(t, "window")), ExtendSeconds: int64(rapid.IntRange(0, 4000).Draw(t, "extend"))}
	return drawn{newDesk(t, c, terms, time.Duration(rapid.IntRange(1, 40).Draw(t, "hours"))*time.Hour)}
}

// act draws one entry and holds what follows against the naive rule.
func (d drawn) act(t *rapid.T, bids []naiveBid) []naiveBid {
	left := d.view.ClosesAt.Sub(d.now)
	d.now = deal.Millis(d.now.Add(time.Duration(rapid.Float64Range(0, 0.3).Draw(t, "wait") * float64(left))))
	who := fmt.Sprintf("m%d", rapid.IntRange(1, 5).Draw(t, "who"))
	was, lines, price := *d.state(), len(d.lines), d.state().Standing
	struck := false
	var err error
	switch act := rapid.SampledFrom([]string{"bid", "bid", "bid", "bid", "bid", "related", "retract", "cancel_bid", "buy", "end_early"}).Draw(t, "act"); act {
	case "bid", "related":
		d.related = nil
		if act == "related" && d.state().hasLeader() && d.state().Leader != who {
			d.related = []string{d.state().Leader}
		}
		counts := d.related == nil
		maximum := max(d.terms().StartPrice, price) + d.view.Currency.CashUnit*money.Amount(rapid.IntRange(-3, 200).Draw(t, "above"))
		if _, err = d.try(who, maximum); err == nil && counts {
			bids = append(bids, naiveBid{who, maximum})
		}
		d.related = nil
	case "retract":
		_, err = d.enter(deal.Entry{Account: who, Role: deal.Member, Act: deal.Retract, Reason: deal.Typo})
		bids, struck = without(bids, who, err, d), err == nil
	case "cancel_bid":
		s := d.standings[who]
		if s == nil {
			return bids
		}
		_, err = d.enter(deal.Entry{Account: d.view.Owner, Role: deal.Owner, Act: deal.CancelBid, Reason: deal.BidderAsked, Values: CancelBid{Pseudonym: s.Pseudonym}})
		bids, struck = without(bids, who, err, d), err == nil
	case "buy":
		_, err = d.enter(deal.Entry{Account: who, Role: deal.Member, Act: deal.Buy, Values: Buy{}})
	case "end_early":
		if rapid.IntRange(0, 9).Draw(t, "really") > 0 {
			return bids
		}
		_, err = d.enter(deal.Entry{Account: d.view.Owner, Role: deal.Owner, Act: deal.EndEarly})
	}
	d.hold(t, was, lines, price, struck, err, bids)
	return bids
}

// without drops a bidder's struck bids from the naive list: all, or the last one where his others stand.
func without(bids []naiveBid, who string, err error, d drawn) []naiveBid {
	if err != nil {
		return bids
	}
	var out []naiveBid
	for _, b := range bids {
		if b.who != who {
			out = append(out, b)
		}
	}
	for _, b := range bidsOf(d.standings[who]).List {
		if b.Counts {
			out = append(out, naiveBid{who, b.Max})
		}
	}
	return ordered(out, d)
}

// ordered puts bids in the order of their lines again: of equal maxima the earlier leads.
func ordered(bids []naiveBid, d drawn) []naiveBid {
	var out []naiveBid
	for _, l := range d.lines {
		for _, s := range d.secrets[l.Seq] {
			for _, b := range bids {
				if st := d.standings[b.who]; s.Field == fieldMax && st.Pseudonym == l.Who && int64(b.max) == s.Value && inForce(st, l.Seq) {
					out = append(out, b)
				}
			}
		}
	}
	return out
}

func inForce(s *deal.Standing, seq int64) bool {
	for _, b := range bidsOf(s).List {
		if b.Seq == seq && b.Counts {
			return true
		}
	}
	return false
}

func (d drawn) hold(t *rapid.T, was State, lines int, price money.Amount, struck bool, err error, bids []naiveBid) {
	if err != nil {
		if *d.state() != was || len(d.lines) != lines {
			t.Fatalf("a refused entry changed something: %v", err)
		}
		return
	}
	if d.state().Bought > 0 {
		return
	}
	leader, standing := naive(d.terms(), bids)
	if got := d.state(); got.Leader != leader || got.Standing != standing {
		t.Fatalf("%s leads at %d; by the rule's words %s at %d, of %v", got.Leader, got.Standing, leader, standing, bids)
	}
	if !struck && d.state().Standing < price {
		t.Fatalf("the price fell from %d to %d", price, d.state().Standing)
	}
}

// TestPreviewIsNoOracle asks on both sides of a leader's maximum and of the reserve: the answers are alike.
func TestPreviewIsNoOracle(t *testing.T) {
	secret := money.Amount(123_456_700)
	for name, reserve := range map[string]*money.Amount{"the leader's maximum": nil, "the reserve": &secret} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, currency(t, "TWD"), &Terms{StartPrice: 100_000, ReservePrice: reserve}, 24*time.Hour)
			if reserve == nil {
				d.bid("leader", secret)
			} else {
				d.bid("leader", 200_000)
			}
			p := Mechanism{}.Public(d.view)
			for i := range money.Amount(500) {
				var said [2]string
				for side, maximum := range []money.Amount{secret - 100*i, secret + 100*(i+1)} {
					got, err := Mechanism{}.Preview(p, deal.Self{Now: d.now}, deal.Entry{Role: deal.Member, Act: deal.Bid, Values: Bid{Max: maximum}})
					if err != nil {
						t.Fatal(err)
					}
					if *got.YouPayAtMost != maximum {
						t.Fatalf("pays at most %d for %d", *got.YouPayAtMost, maximum)
					}
					said[side] = fmt.Sprint(*got.Minimum, got.Hold, got.Tier, got.UnitPrice)
				}
				if said[0] != said[1] {
					t.Fatalf("%d units from the secret: %q and %q", i, said[0], said[1])
				}
			}
		})
	}
}
