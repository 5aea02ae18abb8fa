package english

import (
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/dealtest"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// TestBidRefusals lists what a bid is refused for; nothing of it enters the log.
func TestBidRefusals(t *testing.T) {
	a := auctionIn(t, "TWD", Terms{StartPrice: 1000_00}, time.Hour)
	a.bid("ann", 5000_00)
	lines := len(a.Lines())
	for name, c := range map[string]struct {
		account string
		max     money.Amount
		code    fault.Code
	}{
		"nothing":                  {"bob", 0, fault.CodeInvalid},
		"less than nothing":        {"bob", -100, fault.CodeInvalid},
		"beyond all range":         {"bob", money.Max - 91, fault.CodeInvalid},
		"half a dollar":            {"bob", 9000_50, fault.CodeNotCash},
		"not cash before too low":  {"bob", 50, fault.CodeNotCash},
		"below the minimum":        {"bob", 1049_00, fault.CodeBelowMinimum},
		"the leader's own maximum": {"ann", 5000_00, fault.CodeBelowMinimum},
	} {
		_, err := a.try(c.account, c.max)
		if !fault.Is(err, c.code) {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	_, err := a.try("ann", 1000_00)
	if got := refused(t, err, fault.CodeBelowMinimum)["minimum"]; got != int64(5001_00) {
		t.Errorf("the leader is told %v", got)
	}
	_, err = a.Submit(deal.Entry{Account: dealtest.Owner, Role: deal.Owner, Act: deal.Bid, Values: Bid{Max: 9000_00}})
	refused(t, err, fault.CodeForbidden)
	if len(a.Lines()) != lines || a.Standing("bob") != nil {
		t.Error("a refused entry left something behind")
	}
	a.stands("ann", 1000_00)
	a.verified()
}

// TestMinimumIsOneNumber tells everybody the same minimum, but for the leader, whose own is told to him alone.
func TestMinimumIsOneNumber(t *testing.T) {
	a := dollars(t, Terms{StartPrice: 1000})
	if got := *a.bid("ann", 5000).Answer.Minimum; got != 1050 {
		t.Errorf("ann's answer names %d", got)
	}
	for account, want := range map[string]int64{"ann": 5001, "bob": 1050} {
		_, err := a.try(account, 1001)
		if got := refused(t, err, fault.CodeBelowMinimum)["minimum"]; got != want {
			t.Errorf("%s is told %v, want %d", account, got, want)
		}
	}
	if p := a.Public(); *p.Minimum != 1050 || *p.Standing != 1000 || p.Leader != "p1" {
		t.Errorf("public %+v", p)
	}
	mine := bidsOf(a.Standing("ann")).Mine(a.Public(), *a.Standing("ann"))
	if *mine.Minimum != 5001 || *mine.Maximum != 5000 || !*mine.Leading {
		t.Errorf("ann reads %d %d %t", *mine.Minimum, *mine.Maximum, *mine.Leading)
	}
}

// TestAnswers is what bidders are told.
func TestAnswers(t *testing.T) {
	a := dollars(t, Terms{StartPrice: 1000})
	a.bid("ann", 5000)
	for _, c := range []struct {
		who      string
		max      money.Amount
		leading  bool
		standing money.Amount
		minimum  money.Amount
	}{{"bob", 2000, false, 2050, 2100}, {"ann", 6000, true, 2050, 2100}, {"bob", 7000, true, 6100, 6200}} {
		got := a.bid(c.who, c.max).Answer
		if *got.Leading != c.leading || *got.Standing != c.standing || *got.Minimum != c.minimum || got.Counts != nil {
			t.Errorf("%s bids %d: leading %t, standing %d, minimum %d", c.who, c.max, *got.Leading, *got.Standing, *got.Minimum)
		}
	}
}

// TestBidLine is the log line of a bid, and the secret that its maker gets.
func TestBidLine(t *testing.T) {
	a := dollars(t, Terms{StartPrice: 1000})
	a.bid("ann", 5000)
	l := a.Lines()[1]
	want := deal.Body{"act": "bid", "max": deal.Committed(dealtest.ID, "p1", a.Secrets(1)[0]), "after": deal.Body{"leader": "p1", "standing": 1000}}
	if l.Who != "p1" || l.Kind != deal.Entered || !same(want, l.Body) {
		t.Errorf("%s", l.Raw)
	}
	if s := a.Secrets(1)[0]; s.Field != "max" || s.Value != 5000 || len(s.Salt) != 64 {
		t.Errorf("secret %+v", s)
	}
}

// TestRelatedBids stand in the log and change nothing: not the price, the leader, the deadline, nor the buy-now.
func TestRelatedBids(t *testing.T) {
	for name, c := range map[string]struct {
		first   bool // a third person leads
		related []string
		counts  bool
	}{
		"to the seller, first":              {false, []string{dealtest.Owner}, false},
		"to the seller, against a leader":   {true, []string{dealtest.Owner}, false},
		"to the leader":                     {true, []string{"ann"}, false},
		"to nobody who matters":             {true, []string{"eve"}, true},
		"to one who never led, with others": {true, []string{"eve", "ann"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			a := dollars(t, Terms{StartPrice: 1000, ReservePrice: deal.Ptr[money.Amount](100_000), BuyNowPrice: deal.Ptr[money.Amount](900_000)})
			if c.first {
				a.bid("ann", 5000)
			}
			before, closes := a.state(), a.ClosesAt()
			a.left(time.Minute)
			fx := a.bid("bob", 200_000, c.related...)
			if c.counts {
				a.stands("bob", 100_000)
				a.verified()
				return
			}
			if a.state() != before || !a.ClosesAt().Equal(closes) {
				t.Errorf("state %+v closes %s", a.state(), a.ClosesAt())
			}
			if fx.Answer.Counts == nil || *fx.Answer.Counts || *fx.Answer.Leading {
				t.Errorf("its maker is told %+v", fx.Answer)
			}
			if l := a.Lines()[len(a.Lines())-1]; l.Body["counts"] != false {
				t.Errorf("logged %s", l.Raw)
			}
			if _, there := a.Lines()[len(a.Lines())-1].Body["after"].(deal.Body)["closesAt"]; there {
				t.Error("it moved the deadline in the log")
			}
			if a.Public().BuyNowPrice == nil {
				t.Error("it ended the buy-now")
			}
			a.verified()
		})
	}
}

// TestRelatedCountAgainstAThird lets accounts related to each other bid against somebody else.
func TestRelatedCountAgainstAThird(t *testing.T) {
	a := dollars(t, Terms{StartPrice: 1000})
	a.bid("ann", 2000)
	a.bid("eve", 3000)
	a.stands("eve", 2050)
	a.bid("bob", 4000, "ann")
	a.stands("bob", 3100)
	a.bid("bob", 5000, "ann", "bob")
	if s := a.state(); s.M1 != 5000 {
		t.Errorf("his own raise does not count: %+v", s)
	}
	a.verified()
}
