package english

import (
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/dealtest"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// TestDecide is how an auction ends at its deadline.
func TestDecide(t *testing.T) {
	for name, c := range map[string]struct {
		reserve money.Amount
		bids    []money.Amount
		closed  string
		price   money.Amount
	}{
		"nobody bid":             {0, nil, `{"awards":0,"reason":"no_entries","result":"failed"}`, 0},
		"nobody bid on a hidden": {4000, nil, `{"awards":0,"reason":"no_entries","result":"failed"}`, 0},
		"below the reserve":      {4000, []money.Amount{3999}, `{"awards":0,"reason":"reserve_not_met","result":"failed"}`, 0},
		"at the reserve":         {4000, []money.Amount{4000}, `{"awards":1,"result":"sold"}`, 4000},
		"one bid":                {0, []money.Amount{9000}, `{"awards":1,"result":"sold"}`, 1000},
		"two bidders":            {0, []money.Amount{2000, 9000}, `{"awards":1,"result":"sold"}`, 2050},
	} {
		t.Run(name, func(t *testing.T) {
			terms := Terms{StartPrice: 1000}
			if c.reserve > 0 {
				terms.ReservePrice = &c.reserve
			}
			a := dollars(t, terms)
			for i, m := range c.bids {
				a.bid(string(rune('a'+i)), m)
			}
			out := a.verified()
			if got := string(canonical(out.Closed)); got != c.closed {
				t.Errorf("closed %s, want %s", got, c.closed)
			}
			if c.price == 0 {
				if len(out.Awards) > 0 {
					t.Errorf("awards %+v", out.Awards)
				}
				return
			}
			w := string(rune('a' + len(c.bids) - 1))
			want := deal.Award{Account: w, Pseudonym: deal.Pseudonym(int64(len(c.bids))), Seq: int64(len(c.bids)), Quantity: 1, UnitPrice: c.price,
				Total: c.price, Buyer: w, Seller: dealtest.Owner, Payment: deal.PayLater, DueIn: 96 * time.Hour}
			if len(out.Awards) != 1 || out.Awards[0] != want {
				t.Errorf("awards %+v, want %+v", out.Awards, want)
			}
		})
	}
}

// TestEndEarly sells to the leader at the standing price, whatever the reserve and the hour.
func TestEndEarly(t *testing.T) {
	a := dollars(t, Terms{StartPrice: 1000, ReservePrice: deal.Ptr[money.Amount](8000)})
	refused(t, a.endEarly(), fault.CodeNotOffered)
	a.bid("ann", 3000)
	a.bid("bob", 2000)
	a.left(time.Minute)
	must(t, a.endEarly())
	out := a.verified()
	if len(out.Awards) != 1 || out.Awards[0].Account != "ann" || out.Awards[0].Total != 2050 || out.Awards[0].Payment != deal.PayLater {
		t.Errorf("awards %+v", out.Awards)
	}
	want := deal.Body{"act": "end_early", "of": 1, "reason": "owner_withdrew", "after": deal.Body{"leader": "p1", "standing": 2050}}
	if l := a.Lines()[3]; !same(want, l.Body) {
		t.Errorf("%s", l.Raw)
	}
}

func TestEndEarlyReason(t *testing.T) {
	a := dollars(t, Terms{StartPrice: 1000})
	a.bid("ann", 3000)
	_, err := a.Submit(deal.Entry{Account: dealtest.Owner, Act: deal.EndEarly, Reason: deal.ByModerator})
	refused(t, err, fault.CodeInvalid)
	_, err = a.Submit(deal.Entry{Account: dealtest.Owner, Act: deal.EndEarly, Reason: deal.DescriptionChanged})
	must(t, err)
	if l := a.Lines()[2]; l.Body["reason"] != "description_changed" {
		t.Errorf("%s", l.Raw)
	}
	a.verified()
}

// TestCancel: without bids any time; with bids while more than 12 h are left; a moderator always.
func TestCancel(t *testing.T) {
	for name, c := range map[string]struct {
		left   time.Duration
		before func(a auction)
		by     string
		given  deal.Reason
		reason deal.Reason // in the log; "": refused as locked
	}{
		"no bids, the last moment":  {ms, nil, dealtest.Owner, "", deal.OwnerWithdrew},
		"bids, early":               {12*hour + ms, func(a auction) { a.bid("ann", 2000) }, dealtest.Owner, deal.DescriptionChanged, deal.DescriptionChanged},
		"bids, exactly 12 h":        {12 * hour, func(a auction) { a.bid("ann", 2000) }, dealtest.Owner, "", ""},
		"bids, late":                {hour, func(a auction) { a.bid("ann", 2000) }, dealtest.Owner, deal.OwnerWithdrew, ""},
		"bids, late, a moderator":   {hour, func(a auction) { a.bid("ann", 2000) }, dealtest.Moderator, "", deal.ByModerator},
		"bids that do not count":    {hour, func(a auction) { a.bid("ann", 2000, dealtest.Owner) }, dealtest.Owner, "", deal.OwnerWithdrew},
		"bids that were taken back": {hour, func(a auction) { a.bid("ann", 2000); must(a.t, a.retract("ann")) }, dealtest.Owner, "", deal.OwnerWithdrew},
	} {
		t.Run(name, func(t *testing.T) {
			a := auctionIn(t, "USD", Terms{StartPrice: 1000, ReservePrice: deal.Ptr[money.Amount](4000)}, 20*hour)
			if c.before != nil {
				c.before(a)
			}
			a.left(c.left)
			err := a.cancel(c.by, c.given)
			if c.reason == "" {
				want := deal.FormatTime(a.ClosesAt().Add(-12 * hour))
				if p := refused(t, err, fault.CodeWithdrawalLocked); p["lockedFrom"] != want {
					t.Errorf("locked from %v, want %s", p["lockedFrom"], want)
				}
				a.stands("ann", 1000)
				return
			}
			must(t, err)
			out := a.verified()
			if len(out.Reveals) > 0 || len(out.Awards) > 0 {
				t.Errorf("a cancelled auction opens %v and awards %v", out.Reveals, out.Awards)
			}
			if want := (deal.Body{"result": "cancelled", "reason": string(c.reason), "awards": 0}); !same(want, out.Closed) {
				t.Errorf("closed %s", canonical(out.Closed))
			}
		})
	}
}

func TestCancelReasons(t *testing.T) {
	a := dollars(t, Terms{StartPrice: 1000})
	for _, r := range []deal.Reason{deal.ByModerator, "free text"} {
		refused(t, a.cancel(dealtest.Owner, r), fault.CodeInvalid)
	}
}
