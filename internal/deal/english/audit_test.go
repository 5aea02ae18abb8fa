package english

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"haggle/internal/deal"
	"haggle/internal/deal/dealtest"
	"haggle/internal/money"
)

// endings are auctions that end in every way.
var endings = map[string]func(t *testing.T) auction{
	"sold": func(t *testing.T) auction {
		a := dollars(t, Terms{StartPrice: 1000, ReservePrice: deal.Ptr[money.Amount](2000)})
		a.bid("ann", 2000)
		a.bid("bob", 5000)
		a.bid("eve", 3000)
		a.left(ms)
		a.bid("ann", 4000)
		return a
	},
	"below the reserve": func(t *testing.T) auction {
		a := dollars(t, Terms{StartPrice: 1000, ReservePrice: deal.Ptr[money.Amount](9000)})
		a.bid("ann", 2000)
		a.bid("bob", 5000)
		return a
	},
	"bought": func(t *testing.T) auction {
		a := dollars(t, Terms{StartPrice: 1000, BuyNowPrice: deal.Ptr[money.Amount](5000)})
		a.bid("eve", 1500, dealtest.Owner)
		must(t, a.buy("bob"))
		return a
	},
	"ended early": func(t *testing.T) auction {
		a := dollars(t, Terms{StartPrice: 1000})
		a.bid("ann", 2000)
		a.bid("bob", 5000)
		must(t, a.retract("ann"))
		must(t, a.endEarly())
		return a
	},
	"cancelled": func(t *testing.T) auction {
		a := dollars(t, Terms{StartPrice: 1000})
		a.bid("ann", 2000)
		must(t, a.cancelBid("p1", deal.Unpaid))
		must(t, a.cancel(dealtest.Owner, ""))
		return a
	},
	"nobody came": func(t *testing.T) auction { return dollars(t, Terms{StartPrice: 1000}) },
}

// TestEveryByte changes each byte of a log, one at a time.
func TestEveryByte(t *testing.T) {
	for _, name := range []string{"sold", "cancelled"} {
		t.Run(name, func(t *testing.T) {
			a := endings[name](t)
			a.verified()
			log := a.Log()
			for i := range log {
				changed := bytes.Clone(log)
				changed[i] ^= 1
				var wrong *deal.LineError
				if err := a.Accepts(changed); !errors.As(err, &wrong) {
					t.Fatalf("byte %d from %q to %q: %v", i, log[i], changed[i], err)
				}
			}
		})
	}
}

// TestEveryPrefix accepts a log as far as it goes, also one whose closing is being written.
func TestEveryPrefix(t *testing.T) {
	for name, run := range endings {
		t.Run(name, func(t *testing.T) {
			a := run(t)
			a.verified()
			for n := range a.Lines() {
				if n == 0 {
					continue
				}
				if err := a.Accepts(dealtest.Joined(a.Lines()[:n])); err != nil {
					t.Errorf("%d lines: %v", n, err)
				}
			}
		})
	}
}

// watched is an open auction whose maxima are closed: what a reader can check of it.
func watched(t *testing.T) auction {
	a := auctionIn(t, "USD", Terms{StartPrice: 1000}, 24*hour)
	a.bid("ann", 2000)                            // 1: p1 at 1000
	a.bid("bob", 5000)                            // 2: p2 at 2050
	a.bid("eve", 3000)                            // 3: p2 at 3100
	must(t, a.retract("eve"))                     // 4: p2 at 2050
	must(t, a.cancelBid("p1", deal.FoundRelated)) // 5: p2 at 1000
	a.left(ms)
	a.bid("ann", 1500) // 6: p2 at 1550
	return a
}

func after(d dealtest.Draft) deal.Body { return d.Body["after"].(deal.Body) }

// TestOpenLies tells of an open auction what no maximum could explain.
func TestOpenLies(t *testing.T) {
	type lie struct {
		line int64
		tell func(d []dealtest.Draft) []dealtest.Draft
	}
	in := func(line int64, change func(d *dealtest.Draft)) lie {
		return lie{line, func(d []dealtest.Draft) []dealtest.Draft { change(&d[line]); return d }}
	}
	end := func(body deal.Body) lie {
		return lie{7, func(d []dealtest.Draft) []dealtest.Draft {
			kind, who := deal.Changed, "owner"
			if body["act"] == "buy" {
				kind, who = deal.Entered, "p1"
			}
			return append(d, dealtest.Draft{At: d[6].At, Who: who, Kind: kind, Body: body})
		}}
	}
	for name, c := range map[string]lie{
		"a first price above the start":       in(1, func(d *dealtest.Draft) { after(*d)["standing"] = int64(1001) }),
		"a first price below the start":       in(1, func(d *dealtest.Draft) { after(*d)["standing"] = int64(999) }),
		"a first bid that does not lead":      in(1, func(d *dealtest.Draft) { after(*d)["leader"] = "p2" }),
		"a price without a leader":            in(1, func(d *dealtest.Draft) { delete(after(*d), "leader") }),
		"a leader without a price":            in(1, func(d *dealtest.Draft) { delete(after(*d), "standing") }),
		"more than is public":                 in(1, func(d *dealtest.Draft) { after(*d)["minimum"] = int64(1050) }),
		"a plain maximum":                     in(1, func(d *dealtest.Draft) { d.Body["max"] = int64(2000) }),
		"a commitment of another form":        in(1, func(d *dealtest.Draft) { d.Body["max"] = deal.Body{"c": "00"} }),
		"no after":                            in(1, func(d *dealtest.Draft) { delete(d.Body, "after") }),
		"an unknown act":                      in(1, func(d *dealtest.Draft) { d.Body["act"] = "pledge" }),
		"a bid that changes nothing":          in(2, func(d *dealtest.Draft) { d.Body["after"] = deal.Body{"leader": "p1", "standing": int64(1000)} }),
		"a lift below the minimum":            in(2, func(d *dealtest.Draft) { after(*d)["standing"] = int64(1049) }),
		"a bid that makes a third lead":       in(3, func(d *dealtest.Draft) { after(*d)["leader"] = "p1" }),
		"a bid that does not count, but does": in(3, func(d *dealtest.Draft) { d.Body["counts"] = false }),
		"a deadline that moves too early":     in(3, func(d *dealtest.Draft) { after(*d)["closesAt"] = deal.FormatTime(d.At.Add(24*hour + ms)) }),
		"another's bids taken back":           in(4, func(d *dealtest.Draft) { d.Body["of"] = int64(2) }),
		"one bid where all go":                in(4, func(d *dealtest.Draft) { delete(d.Body, "all") }),
		"a reason that is none to retract":    in(4, func(d *dealtest.Draft) { d.Body["reason"] = "unpaid" }),
		"a price that rises by it":            in(4, func(d *dealtest.Draft) { after(*d)["standing"] = int64(3101) }),
		"a price below the start":             in(4, func(d *dealtest.Draft) { after(*d)["standing"] = int64(999) }),
		"another leader by it":                in(4, func(d *dealtest.Draft) { after(*d)["leader"] = "p1" }),
		"a leader without a bid":              in(4, func(d *dealtest.Draft) { after(*d)["leader"] = "p3" }),
		"nobody leads though bids stand":      in(4, func(d *dealtest.Draft) { d.Body["after"] = deal.Body{} }),
		"a deadline that moves back":          in(4, func(d *dealtest.Draft) { after(*d)["closesAt"] = deal.FormatTime(d.At.Add(24 * hour)) }),
		"retracted by its owner":              in(4, func(d *dealtest.Draft) { d.Who = "owner" }),
		"a seller who strikes as a member":    in(5, func(d *dealtest.Draft) { d.Who = "p1" }),
		"struck too late": {5, func(d []dealtest.Draft) []dealtest.Draft {
			d[5].At = dealtest.Opening.Add(12 * hour)
			return d
		}},
		"struck for a moderator":    in(5, func(d *dealtest.Draft) { d.Body["reason"] = "moderator" }),
		"struck twice":              {6, func(d []dealtest.Draft) []dealtest.Draft { return slices.Insert(d, 6, d[5]) }},
		"a deadline that stands":    in(6, func(d *dealtest.Draft) { delete(after(*d), "closesAt") }),
		"a deadline a second later": in(6, func(d *dealtest.Draft) { after(*d)["closesAt"] = deal.FormatTime(d.At.Add(301_000 * ms)) }),
		"bought where none could":   end(deal.Body{"act": "buy", "quantity": int64(1), "after": deal.Body{"leader": "p1", "standing": int64(1300)}}),
		"ended with another's bid":  end(deal.Body{"act": "end_early", "of": int64(6), "reason": "owner_withdrew", "after": deal.Body{"leader": "p2", "standing": int64(1550)}}),
		"ended at another price":    end(deal.Body{"act": "end_early", "of": int64(2), "reason": "owner_withdrew", "after": deal.Body{"leader": "p2", "standing": int64(1551)}}),
		"ended for no reason":       end(deal.Body{"act": "end_early", "of": int64(2), "after": deal.Body{"leader": "p2", "standing": int64(1550)}}),
		"a bid in the site's name":  in(6, func(d *dealtest.Draft) { d.Who = "site" }),
		"terms without increments": {0, func(d []dealtest.Draft) []dealtest.Draft {
			delete(d[0].Body["terms"].(deal.Body), "increments")
			return d
		}},
		"terms with more in them": {0, func(d []dealtest.Draft) []dealtest.Draft {
			d[0].Body["terms"].(deal.Body)["price"] = int64(1)
			return d
		}},
		"terms with an open reserve": {0, func(d []dealtest.Draft) []dealtest.Draft {
			d[0].Body["terms"].(deal.Body)["reservePrice"] = int64(1000)
			return d
		}},
		"impossible terms": {0, func(d []dealtest.Draft) []dealtest.Draft {
			d[0].Body["terms"].(deal.Body)["buyNowPrice"] = int64(1299)
			return d
		}},
		"a closing before its time": {7, func(d []dealtest.Draft) []dealtest.Draft {
			award := deal.Body{"to": "p2", "quantity": int64(1), "unitPrice": int64(1550), "total": int64(1550)}
			return append(d, dealtest.Draft{At: d[6].At, Who: "site", Kind: deal.Awarded, Body: award})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			a := watched(t)
			must(t, a.Verify())
			log := dealtest.Chain(t, c.tell(dealtest.Drafts(a.Lines())))
			var wrong *deal.LineError
			if err := a.Accepts(log); !errors.As(err, &wrong) || wrong.Line != c.line {
				t.Errorf("%v, want line %d\n%s", err, c.line, log)
			}
		})
	}
}

// TestClosingLies tell of auctions that ended otherwise than sold at the deadline, or whose closing opens nothing.
func TestClosingLies(t *testing.T) {
	plain := func(t *testing.T) auction { // 1 bid, 2 award, 3 closed
		a := dollars(t, Terms{StartPrice: 1000})
		a.bid("ann", 2000)
		return a
	}
	one := func(t *testing.T) auction { // 2 bids, 3 opens line 1, 4 award, 5 closed
		a := plain(t)
		a.bid("bob", 5000)
		return a
	}
	late := func(from int) func(d []dealtest.Draft) []dealtest.Draft {
		return func(d []dealtest.Draft) []dealtest.Draft {
			for i := from; i < len(d); i++ {
				d[i].At = d[i].At.Add(ms)
			}
			return d
		}
	}
	again := func(line int) func(d []dealtest.Draft) []dealtest.Draft { // after the line, a buyer buys
		return func(d []dealtest.Draft) []dealtest.Draft {
			price := int64(5000)
			body := deal.Body{"act": "buy", "quantity": int64(1), "after": deal.Body{"leader": "p1", "standing": price}}
			return slices.Insert(d, line+1, dealtest.Draft{At: d[line].At, Who: "p1", Kind: deal.Entered, Body: body})
		}
	}
	for name, c := range map[string]struct {
		run  func(t *testing.T) auction
		line int64
		tell func(d []dealtest.Draft) []dealtest.Draft
	}{
		"closed after its award": {plain, 3, late(3)},
		"a bid between award and close": {plain, 3, func(d []dealtest.Draft) []dealtest.Draft {
			return slices.Insert(d, 3, dealtest.Draft{At: d[1].At.Add(hour), Who: "p1", Kind: deal.Entered, Body: d[1].Body})
		}},
		"opened after its award":                {one, 4, func(d []dealtest.Draft) []dealtest.Draft { d[3], d[4] = d[4], d[3]; return d }},
		"bought, and closed later":              {endings["bought"], 3, late(3)},
		"bought, and bought again":              {endings["bought"], 3, again(2)},
		"bought when a bid stood":               {one, 2, again(1)},
		"ended early, and closed later":         {endings["ended early"], 5, late(5)},
		"ended early twice":                     {endings["ended early"], 5, func(d []dealtest.Draft) []dealtest.Draft { return slices.Insert(d, 5, d[4]) }},
		"opened after its award, still closing": {one, 4, func(d []dealtest.Draft) []dealtest.Draft { d[3], d[4] = d[4], d[3]; return d[:5] }},
		"cancelled when it was over":            {endings["cancelled"], 3, func(d []dealtest.Draft) []dealtest.Draft { d[3].At = d[3].At.Add(24 * hour); return d }},
		"cancelled for a reason of no list":     {endings["cancelled"], 3, func(d []dealtest.Draft) []dealtest.Draft { d[3].Body["reason"] = "whim"; return d }},
		"cancelled, and more in the line":       {endings["cancelled"], 3, func(d []dealtest.Draft) []dealtest.Draft { d[3].Body["unitPrice"] = int64(1); return d }},
		"cancelled, and fell through":           {endings["cancelled"], 4, func(d []dealtest.Draft) []dealtest.Draft { return append(d, fell(d[3], 1, "p1", 1000)...) }},
		"nobody came, and the reserve failed":   {endings["nobody came"], 1, func(d []dealtest.Draft) []dealtest.Draft { d[1].Body["reason"] = "reserve_not_met"; return d }},
	} {
		t.Run(name, func(t *testing.T) {
			a := c.run(t)
			a.verified()
			log := dealtest.Chain(t, c.tell(dealtest.Drafts(a.Lines())))
			var wrong *deal.LineError
			if err := a.Accepts(log); !errors.As(err, &wrong) || wrong.Line != c.line {
				t.Errorf("%v, want line %d\n%s", err, c.line, log)
			}
		})
	}
}

// TestOpenPurchases: what an open log tells of a purchase.
func TestOpenPurchases(t *testing.T) {
	bought := func(terms Terms, before func(a auction)) auction {
		a := dollars(t, terms)
		before(a)
		must(t, a.buy("bob"))
		must(t, a.Verify())
		return a
	}
	a := bought(buyable(0), func(auction) {})
	drafts := dealtest.Drafts(a.Lines())
	again := dealtest.Draft{At: drafts[1].At, Who: "p1", Kind: deal.Entered, Body: drafts[1].Body}
	if err := a.Accepts(dealtest.Chain(t, append(drafts, again))); err == nil {
		t.Error("bought twice")
	}
	a = bought(buyable(4000), func(a auction) { a.bid("ann", 2000) })
	drafts = dealtest.Drafts(a.Lines())
	delete(drafts[0].Body["terms"].(deal.Body), "reservePrice")
	if err := a.Accepts(dealtest.Chain(t, drafts)); err == nil {
		t.Error("bought after a bid, without a reserve")
	}
}

// fell is the three lines of an award that fell through, and went to the next.
func fell(at dealtest.Draft, of int64, to string, price int64) []dealtest.Draft {
	return []dealtest.Draft{
		{At: at.At, Who: "site", Kind: deal.Changed, Body: deal.Body{"act": "fall_through", "of": of, "reason": "unpaid", "after": deal.Body{"leader": to, "standing": price}}},
		{At: at.At, Who: "site", Kind: deal.Awarded, Body: deal.Body{"to": to, "quantity": int64(1), "unitPrice": price, "total": price}},
		{At: at.At, Who: "site", Kind: deal.Closed, Body: deal.Body{"result": "sold", "awards": int64(1)}},
	}
}

// TestFallThrough strikes the winner's bids and awards to the next leader at the price of the rest: 3,100 over the
// third's 3,000, then the reserve alone.
func TestFallThrough(t *testing.T) {
	a := endings["sold"](t)
	a.verified() // line 9 awards to p2 at 4100
	all := dealtest.Drafts(a.Lines())
	end := all[10]
	tell := func(more ...[]dealtest.Draft) error {
		return a.Accepts(dealtest.Chain(t, append(slices.Clone(all), slices.Concat(more...)...)))
	}
	must(t, tell(fell(end, 9, "p1", 3100)))
	must(t, tell(fell(end, 9, "p1", 3100), fell(end, 12, "p3", 2000)))
	for name, err := range map[string]error{
		"at the first price":       tell(fell(end, 9, "p1", 4100)),
		"to the third":             tell(fell(end, 9, "p3", 3100)),
		"to the first again":       tell(fell(end, 9, "p2", 4100)),
		"of another line":          tell(fell(end, 8, "p1", 3100)),
		"of the first award again": tell(fell(end, 9, "p1", 3100), fell(end, 9, "p3", 2000)),
		"with nobody left":         tell(fell(end, 9, "p1", 3100), fell(end, 12, "p3", 2000), fell(end, 15, "p3", 2000)),
		"without a closed line":    tell(fell(end, 9, "p1", 3100)[:2]),
		"without an award":         tell(fell(end, 9, "p1", 3100)[:1]),
	} {
		var wrong *deal.LineError
		if !errors.As(err, &wrong) || wrong.Line < 11 {
			t.Errorf("%s: %v", name, err)
		}
	}
	unsold := endings["below the reserve"](t)
	unsold.verified()
	drafts := dealtest.Drafts(unsold.Lines())
	last := drafts[len(drafts)-1]
	if err := unsold.Accepts(dealtest.Chain(t, append(drafts, fell(last, int64(len(drafts)-2), "p1", 9000)...))); err == nil {
		t.Error("an award fell through where there was none")
	}
}
