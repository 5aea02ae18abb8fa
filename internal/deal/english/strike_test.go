package english

import (
	"fmt"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/dealtest"
	"haggle/internal/fault"
	"haggle/internal/money"
)

const hour, ms = time.Hour, time.Millisecond

// TestRetractTimes: all bids with more than 12 h left, then only the last one within an hour of it.
func TestRetractTimes(t *testing.T) {
	for name, c := range map[string]struct {
		first, second time.Duration // left when ann bids 2000, and 5000
		retract       time.Duration // left when she retracts
		leaves        money.Amount  // her maximum then; −1: refused
		lockedFrom    time.Duration // left at it
	}{
		"more than 12 h left":             {20 * hour, 14 * hour, 12*hour + ms, 0, 0},
		"exactly 12 h left, an hour ago":  {20 * hour, 13 * hour, 12 * hour, 2000, 0},
		"exactly 12 h left, longer ago":   {20 * hour, 13*hour + ms, 12 * hour, -1, 12 * hour},
		"an hour ago in the last hours":   {20 * hour, 5 * hour, 4 * hour, 2000, 0},
		"longer ago in the last hours":    {20 * hour, 5 * hour, 4*hour - ms, -1, 4 * hour},
		"both within the last hour":       {5 * hour, 5*hour - ms, 4 * hour, 2000, 0},
		"long before, and never since":    {20 * hour, 19 * hour, hour, -1, 12 * hour},
		"in the last millisecond":         {20 * hour, 10 * time.Minute, ms, 2000, 0},
		"just before the last hours, all": {13 * hour, 13 * hour, 12*hour + ms, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			a := auctionIn(t, "USD", Terms{StartPrice: 1000, SoftClose: &SoftClose{}}, 21*hour)
			a.bid("bob", 1500)
			a.left(c.first)
			a.bid("ann", 2000)
			a.left(c.second)
			a.bid("ann", 5000)
			a.left(c.retract)
			err := a.retract("ann")
			switch c.leaves {
			case -1:
				want := deal.FormatTime(a.ClosesAt().Add(-c.lockedFrom))
				if p := refused(t, err, fault.CodeWithdrawalLocked); p["lockedFrom"] != want {
					t.Errorf("locked from %v, want %s", p["lockedFrom"], want)
				}
				a.stands("ann", 1550)
			case 0:
				must(t, err)
				a.stands("bob", 1000)
			default:
				must(t, err)
				a.stands("ann", 1550)
				if s := a.state(); s.M1 != c.leaves || s.M1Seq != 2 {
					t.Errorf("her maximum is %d of line %d", s.M1, s.M1Seq)
				}
			}
			a.verified()
		})
	}
}

// TestRetractLines: `of` is the newest bid, `all` stands where all go, and `after` is empty where nobody is left.
func TestRetractLines(t *testing.T) {
	a := dollars(t, Terms{StartPrice: 1000})
	a.bid("ann", 2000)
	a.bid("ann", 3000)
	must(t, a.retract("ann"))
	a.stands("", 0)
	a.left(2 * hour)
	a.bid("ann", 2000)
	a.bid("bob", 3000)
	must(t, a.retract("bob"))
	a.stands("ann", 1000)
	for line, want := range map[int]deal.Body{
		3: {"act": "retract", "of": 2, "all": true, "reason": "typo", "after": deal.Body{}},
		6: {"act": "retract", "of": 5, "reason": "typo", "after": deal.Body{"leader": "p1", "standing": 1000}},
	} {
		if got := a.Lines()[line]; !same(want, got.Body) || got.Kind != deal.Changed {
			t.Errorf("%s", got.Raw)
		}
	}
	if s := a.Standing("bob"); s.Active || s.Pseudonym != "p2" {
		t.Errorf("bob's row %+v", s)
	}
	a.verified()
}

func TestRetractRefusals(t *testing.T) {
	a := dollars(t, Terms{StartPrice: 1000})
	refused(t, a.retract("ann"), fault.CodeNotFound)
	a.bid("ann", 2000)
	for _, r := range []deal.Reason{"", deal.Unpaid, deal.BidderAsked, "because"} {
		_, err := a.Submit(deal.Entry{Account: "ann", Act: deal.Retract, Reason: r})
		refused(t, err, fault.CodeInvalid)
	}
	must(t, a.retract("ann"))
	refused(t, a.retract("ann"), fault.CodeNotFound)
	a.verified()
}

// TestRetractOneByOne goes back through the bids of an hour, to those that a standing keeps and no further.
func TestRetractOneByOne(t *testing.T) {
	for _, bids := range []int{keptBids - 1, keptBids, keptBids + 1, 3 * keptBids} {
		t.Run(fmt.Sprint(bids), func(t *testing.T) {
			a := auctionIn(t, "USD", Terms{StartPrice: 1000, SoftClose: &SoftClose{}}, 2*hour)
			a.bid("bob", 1000)
			a.bid("ann", 5000, "bob") // does not count
			for i := range bids {
				a.Wait(time.Second)
				a.bid("ann", money.Amount(2000+i))
			}
			back := 0
			var err error
			for err = a.retract("ann"); err == nil; err = a.retract("ann") {
				back++
			}
			if bids <= keptBids-1 {
				refused(t, err, fault.CodeNotFound)
				a.stands("bob", 1000)
			} else if bids > keptBids {
				refused(t, err, fault.CodeWithdrawalLocked)
				a.stands("ann", 1050)
				if back != keptBids-1 {
					t.Errorf("%d bids came back, want %d", back, keptBids-1)
				}
			}
			if got := len(bidsOf(a.Standing("ann")).List); got > keptBids {
				t.Errorf("a standing keeps %d bids", got)
			}
			a.verified()
		})
	}
}

// TestOldBidsAreForgotten keeps of a bidder's old bids the one that would be left.
func TestOldBidsAreForgotten(t *testing.T) {
	a := auctionIn(t, "USD", Terms{StartPrice: 1000, SoftClose: &SoftClose{}}, 11*hour)
	for i := range money.Amount(5) {
		a.Wait(hour + ms)
		a.bid("ann", 2000+i)
	}
	if list := bidsOf(a.Standing("ann")).List; len(list) != 2 || list[0].Max != 2003 || list[1].Max != 2004 {
		t.Errorf("kept %+v", list)
	}
	must(t, a.retract("ann"))
	refused(t, a.retract("ann"), fault.CodeWithdrawalLocked)
	if s := a.state(); s.M1 != 2003 || s.M1Seq != 4 {
		t.Errorf("%+v", s)
	}
	a.verified()
}

// TestCancelBid: a reason, any bidder, and in the last 12 h only when that bidder asked.
func TestCancelBid(t *testing.T) {
	for name, c := range map[string]struct {
		left   time.Duration
		of     string
		reason deal.Reason
		code   fault.Code
	}{
		"early, unpaid before":         {13 * hour, "p2", deal.Unpaid, ""},
		"early, the loser's":           {13 * hour, "p1", deal.FoundRelated, ""},
		"12 h and a millisecond":       {12*hour + ms, "p2", deal.Unpaid, ""},
		"exactly 12 h":                 {12 * hour, "p2", deal.Unpaid, fault.CodeWithdrawalLocked},
		"late, the bidder asked":       {ms, "p2", deal.BidderAsked, ""},
		"late, for nothing":            {ms, "p2", "", fault.CodeInvalid},
		"in a moderator's name":        {13 * hour, "p2", deal.ByModerator, fault.CodeInvalid},
		"of somebody who never bid":    {13 * hour, "p9", deal.Unpaid, fault.CodeInvalid},
		"of nobody":                    {13 * hour, "", deal.Unpaid, fault.CodeInvalid},
		"late, of nobody, then locked": {hour, "p3", deal.Unpaid, fault.CodeInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			a := auctionIn(t, "USD", Terms{StartPrice: 1000}, 20*hour)
			a.bid("ann", 2000)
			a.bid("bob", 3000)
			a.bid("bob", 4000)
			a.left(c.left)
			err := a.cancelBid(c.of, c.reason)
			switch {
			case c.code != "":
				refused(t, err, c.code)
				a.stands("bob", 2050)
			case c.of == "p2":
				must(t, err)
				a.stands("ann", 1000)
			default:
				must(t, err)
				a.stands("bob", 1000)
			}
			a.verified()
		})
	}
}

// TestStruckBidsMayReturn: the bidder bids again, under his old name.
func TestStruckBidsMayReturn(t *testing.T) {
	a := dollars(t, Terms{StartPrice: 1000})
	a.bid("ann", 2000)
	must(t, a.cancelBid("p1", deal.Typo))
	refused(t, a.cancelBid("p1", deal.Typo), fault.CodeInvalid)
	if *a.Public().Minimum != 1000 || a.Public().Standing != nil {
		t.Errorf("public %+v", a.Public())
	}
	a.bid("ann", 1000)
	a.stands("ann", 1000)
	if a.state().LeaderWho != "p1" {
		t.Errorf("she is %s now", a.state().LeaderWho)
	}
	a.verified()
}

// TestStrikeRecomputes looks the steps up anew: of three bidders the second is struck, then the first.
func TestStrikeRecomputes(t *testing.T) {
	a := dollars(t, Terms{StartPrice: 1000, ReservePrice: deal.Ptr[money.Amount](3500)})
	a.bid("ann", 2000)
	a.bid("bob", 9000)
	a.bid("eve", 8000)
	a.stands("bob", 8100)
	must(t, a.cancelBid("p3", deal.Unpaid))
	a.stands("bob", 3500)
	must(t, a.cancelBid("p2", deal.Unpaid))
	a.stands("ann", 1000)
	if a.state().Met {
		t.Error("the reserve is still met")
	}
	a.verified()
}

// TestStrikeKeepsTheEarlierOfEquals, also where her row is the newer one by a bid that does not count.
func TestStrikeKeepsTheEarlierOfEquals(t *testing.T) {
	for name, late := range map[string]bool{"in order": false, "with a newer row": true} {
		t.Run(name, func(t *testing.T) {
			a := dollars(t, Terms{StartPrice: 1000})
			a.bid("ann", 5000)
			a.bid("bob", 5000)
			a.bid("eve", 9000)
			if late {
				a.bid("ann", 8000, "eve")
			}
			must(t, a.retract("eve"))
			a.stands("ann", 5000)
			a.verified()
		})
	}
}

// TestAnHourToTheMillisecond: what stands below a bid of exactly an hour ago is still known when that is taken back.
func TestAnHourToTheMillisecond(t *testing.T) {
	a := auctionIn(t, "USD", Terms{StartPrice: 1000, SoftClose: &SoftClose{}}, 11*hour)
	a.bid("ann", 2000)
	a.Wait(2 * hour)
	a.bid("ann", 3000)
	a.Wait(hour)
	a.bid("ann", 4000)
	must(t, a.retract("ann"))
	must(t, a.retract("ann"))
	if s := a.state(); s.M1 != 2000 || s.M1Seq != 1 {
		t.Errorf("%+v", s)
	}
	a.verified()
}

func TestRoles(t *testing.T) {
	a := dollars(t, buyable(0))
	for name, e := range map[string]deal.Entry{
		"the site bids":             {Account: dealtest.Site, Act: deal.Bid, Values: Bid{Max: 2000}},
		"the site buys":             {Account: dealtest.Site, Act: deal.Buy, Values: Buy{}},
		"the owner retracts":        {Account: dealtest.Owner, Act: deal.Retract, Reason: deal.Typo},
		"a member strikes":          {Account: "ann", Act: deal.CancelBid, Reason: deal.Typo, Values: CancelBid{"p1"}},
		"a member ends it":          {Account: "ann", Act: deal.EndEarly},
		"a member calls it off":     {Account: "ann", Act: deal.Cancel},
		"a moderator strikes alone": {Account: dealtest.Moderator, Act: deal.CancelBid, Reason: deal.Typo, Values: CancelBid{"p1"}},
	} {
		if _, err := a.Submit(e); !fault.Is(err, fault.CodeForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := a.Enter("ann", deal.Pledge, nil)
	refused(t, err, fault.CodeInvalid)
}
