package view

import (
	"strings"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/internal/money"
)

// TestWhatAnEntryMeans says to who entered what a newcomer had to guess.
func TestWhatAnEntryMeans(t *testing.T) {
	p := page(t)
	amount := func(a money.Amount) *money.Amount { return &a }
	no, pieces := false, int64(14)
	outbid := auctionOf(3, 80_000)
	outbid.Minimum = amount(82_000)
	outbid.Me = &market.MeInDeal{Active: true, Leading: &no, Maximum: amount(55_000)}
	if got := plain(ownLine(p, outbid).text); !strings.Contains(got, "Next bid: NT$ 820 or more.") || !strings.Contains(got, "Your NT$ 550 was passed: you owe nothing. It counts again only if the higher bids are withdrawn.") {
		t.Errorf("outbid: %q", got)
	}
	if l := PageLadder(p, outbid); l.Limit != "" {
		t.Errorf("a maximum that was passed is drawn above the price: %+v", l)
	}
	dear := groupOf(3, 14)
	dear.UnitPrice, dear.Pieces = amount(72_000), &pieces
	dear.Me = &market.MeInDeal{Active: true, Ceiling: amount(70_000)}
	if got := plain(ownLine(p, dear).text); !strings.Contains(got, "You get them when the price falls to NT$ 700; at NT$ 720 you pay nothing and get nothing.") {
		t.Errorf("too dear: %q", got)
	}
	end := market.At(time.Date(2026, 12, 1, 4, 0, 0, 0, time.UTC))
	dear.ClosesAt, dear.Me.Quantity, dear.Me.Tolerance = &end, ptr(int64(3)), ptr(int64(3))
	for hold, says := range map[money.Amount]string{420_000: "NT$ 4,200 is held until Dec 1, 6 × NT$ 700: you pay no more. If", 440_000: "NT$ 4,400 is held until Dec 1: you pay no more. If"} {
		dear.Me.Hold = amount(hold)
		if got := plain(ownLine(p, dear).text); !strings.Contains(got, says) {
			t.Errorf("%v held: %q", hold, got)
		}
	}
	dear.Me.Ceiling = amount(72_000)
	if got := plain(ownLine(p, dear).text); strings.Contains(got, "You get them when") {
		t.Errorf("not too dear: %q", got)
	}
}

// TestWhatAQuoteBrings says it for all pieces, of what the reader quoted where he has, and what it costs to buy at once.
func TestWhatAQuoteBrings(t *testing.T) {
	p := page(t)
	gets := func(d market.DealView) string {
		for _, c := range costs(p, DealPage{Deal: d}) {
			if c.Key == "gets" {
				return plain(c.Short)
			}
		}
		return ""
	}
	d := requestOf(3, nil)
	d.FeeBasis, d.NamedPrice, d.Quantity = 500, ptr(money.Amount(2_800)), ptr(int64(200))
	if got := gets(d); got != "NT$ 5,320 for all 200, quoted at NT$ 28 each" { // 5 % of 28 alone would be 1
		t.Errorf("%q", got)
	}
	d.Quantity, d.Me = ptr(int64(1)), &market.MeInDeal{Active: true, UnitPrice: ptr(money.Amount(330_000))}
	if got := gets(d); got != "NT$ 3,135 of a quote of NT$ 3,300" {
		t.Errorf("%q", got)
	}
	d.Quantity, d.Me.UnitPrice, d.Me.Quantity = ptr(int64(200)), ptr(money.Amount(3_000)), ptr(int64(50)) // a part of them
	if got := gets(d); got != "NT$ 1,425 for all 50, quoted at NT$ 30 each" {
		t.Errorf("%q", got)
	}
	d.Me, d.Best, d.MinimumStep, d.NamedPrice = nil, ptr(money.Amount(5_000)), ptr(money.Amount(8_000)), ptr(money.Amount(6_000))
	if got := gets(d); got != "NT$ 11,400 for all 200, quoted at NT$ 60 each" { // a step under the best is nothing
		t.Errorf("%q", got)
	}
	auction := auctionOf(0, 0)
	auction.BuyNowPrice = ptr(money.Amount(580_000))
	if got := buyNowCosts(p, DealPage{Deal: auction}); plain(got[0].Short) != "NT$ 5,800, and it is yours" {
		t.Errorf("%+v", got)
	}
	if got := entryLines(p, DealPage{Deal: auction}); plain(got[len(got)-1]) != "Or buy it at once for NT$ 5,800." {
		t.Errorf("%q", got)
	}
}

// TestWhatAGroupHolds says before one joins, after it and after the close what the wallet has to do with it.
func TestWhatAGroupHolds(t *testing.T) {
	p := page(t)
	d := groupOf(3, 14) // at 1,000, 990 and 980
	m := DealPage{Deal: d}
	says := func(key, short, why string) {
		t.Helper()
		for _, c := range costs(p, m) {
			if c.Key == key && (plain(c.Short) != short || !strings.Contains(plain(c.Why), why)) {
				t.Errorf("%s: %q, %q; want %q, %q", key, plain(c.Short), plain(c.Why), short, why)
			}
		}
	}
	says("now", "NT$ 1,000 a piece: held, not spent", "less is held")
	says("most", "NT$ 1,000 a piece", "from NT$ 1,000 down to NT$ 980")
	says("then", "The difference comes back at once", "if there are fewer than 5 pieces")
	m.Terms.Fees = &market.FeesInput{PerPiece: 4_000}
	says("most", "NT$ 1,040 for one piece", "That is NT$ 1,000 and up to NT$ 40 for shipping and organising.")
	m.Terms.Fees.Bill = 10_000 // a fifth of it can fall on one of five
	says("most", "NT$ 1,060 for one piece", "up to NT$ 60 for shipping and organising. Everyone pays")
	m.Terms.Fees.Bill = 0
	m.Deal.Me = &market.MeInDeal{Active: true}
	if got := costs(p, m); len(got) > 0 {
		t.Errorf("a member is told once more: %+v", got)
	}

	end := market.At(time.Date(2026, 12, 1, 4, 0, 0, 0, time.UTC))
	d.ClosesAt, d.Me = &end, &market.MeInDeal{Active: true, Quantity: ptr(int64(2)), Tolerance: ptr(int64(1)), Ceiling: ptr(money.Amount(99_500)), Hold: ptr(money.Amount(298_500))}
	most := "You pay at most NT$ 2,970 (3 × NT$ 990). Until Dec 1, NT$ 2,985 is held (3 × your NT$ 995)"
	if got := plain(ownLine(p, d).text); !strings.Contains(got, most) {
		t.Errorf("a ceiling between two steps: %q", got)
	}
	d.Me.Ceiling, d.Me.Hold = ptr(money.Amount(99_000)), ptr(money.Amount(297_000))
	if got := plain(ownLine(p, d).text); strings.Contains(got, "You pay at most") {
		t.Errorf("a ceiling that is a step: %q", got)
	}

	d.Me.Hold, d.Status = nil, "settled"
	d.Outcome = &market.OutcomeView{Result: "sold", Awards: []market.AwardView{{Mine: true, Quantity: 2, UnitPrice: 98_000, Total: 196_000}}}
	if got := plain(ownLine(p, d).text); !strings.Contains(got, "NT$ 1,010 of the NT$ 2,970 that was held came back.") {
		t.Errorf("after the close: %q", got)
	}
	d.Terms = map[string]any{"fees": map[string]any{"perPiece": 4_000}}
	if got := plain(ownLine(p, d).text); strings.Contains(got, "came back") {
		t.Errorf("after the close, with fees: %q", got)
	}
}

func TestWhatIsOrderedIsSaidWhereItIsNotWhatIsPledged(t *testing.T) {
	p := page(t)
	d := groupOf(3, 9)
	d.Tier, d.Tiers[0].Pieces = to(int64(0)), 4
	if got := plain(entryCount(p, d)); got != "4 of the 5 needed at NT$ 1,000; 9 pieces pledged, the rest wait for less" {
		t.Errorf("%q", got)
	}
	d.Tiers[0].Pieces = 7 // enough, but they do not fill a case
	if got := plain(entryCount(p, d)); got != "9 pieces pledged: 7 at NT$ 1,000, the rest wait for less" {
		t.Errorf("%q", got)
	}
	if got := fillLine(p, DealPage{Deal: d}); got != "" {
		t.Errorf("nothing is ordered yet: %q", got)
	}
	d.Tier, d.CaseSize = to(int64(1)), to(int64(5))
	if got := fillLine(p, DealPage{Deal: d}); got != "5 of them fill whole cases and are ordered." {
		t.Errorf("%q", got)
	}
	d.Tiers[0].Tolerance = 3
	if got := fillLine(p, DealPage{Deal: d}); got != "Ordered now: 10, with 3 that members add to fill a case." {
		t.Errorf("%q", got)
	}
	d.Tiers[0].Pieces = 10
	if got := fillLine(p, DealPage{Deal: d}); got != "" {
		t.Errorf("all of it is ordered: %q", got)
	}
}

func TestPeopleAreCountedWhereAllOfThemAreKnown(t *testing.T) {
	p := page(t)
	lines := []market.HistoryLine{{Who: "p2", Kind: deal.Entered}, {Who: "p1", Kind: deal.Entered}, {Who: "p2", Kind: deal.Entered}, {Who: "owner", Kind: deal.Opened}}
	m := DealPage{Deal: auctionOf(3, 80_000), History: lines}
	if got := entryLines(p, m); len(got) != 1 || got[0] != "3 bids by 2 bidders" {
		t.Errorf("%q", got)
	}
	m.History = lines[:3] // the oldest lines are not here
	if got := entryLines(p, m); len(got) != 1 || got[0] != "3 bids" {
		t.Errorf("%q", got)
	}
	m = DealPage{Deal: requestOf(2, to(money.Amount(70_000))), History: lines[2:]}
	m.Deal.Status, m.Deal.Rule = deal.Open, "open"
	if got := entryLines(p, m); len(got) != 2 || got[0] != "2 quotes by 1 seller" || plain(got[1]) != "Lowest now: NT$ 700; a lower one leads." {
		t.Errorf("%q", got)
	}
}

func TestFeesOfAGroupStandByItsPrice(t *testing.T) {
	p := page(t)
	d := groupOf(3, 14)
	for want, fees := range map[string]*market.FeesInput{
		"": nil, "plus NT$ 40 a piece for shipping and organising: NT$ 1,030 each in all": {PerPiece: 4_000},
		"plus NT$ 40 a piece, NT$ 60 a member, a share of NT$ 100, for shipping and organising": {PerPiece: 4_000, PerMember: 6_000, Bill: 10_000},
	} {
		if got := plain(feesLine(p, DealPage{Deal: d, Terms: Terms{Fees: fees}})); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	bill := DealPage{Deal: d, Terms: Terms{Fees: &market.FeesInput{Bill: 10_000}}} // 14 pieces are ordered at 990
	if got, want := plain(feesLine(p, bill)), "plus a share of NT$ 100 for shipping and organising: now NT$ 8 a piece, NT$ 998 each in all"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := plain(shortFees(p, bill.Deal, bill.Terms)); got != "+ NT$ 8 a piece" {
		t.Errorf("%q", got)
	}
	bill.Deal = groupOf(3, 4) // nobody knows yet by how many it is shared
	if got, want := plain(feesLine(p, bill)), "plus a share of NT$ 100, for shipping and organising"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := feesLine(p, DealPage{Deal: d, Terms: Terms{Fees: &market.FeesInput{}}}); got != "" {
		t.Errorf("no fees: %q", got)
	}
}

func TestAFewRatingsAreCalledFew(t *testing.T) {
	p := page(t)
	if got := scoreShort(p, market.ScoreView{Role: "seller", N: 5, Positive: 5, Score: 0.4}); got != "As a seller: 5 of 5 ratings good · cautious estimate 40%, rising with each good rating" {
		t.Errorf("%q", got)
	}
	if got := scoreShort(p, market.ScoreView{Role: "seller", N: 48, Positive: 46, Score: 0.93}); got != "As a seller: 46 of 48 ratings good · cautious estimate 93%" {
		t.Errorf("%q", got)
	}
}

func TestWhoIsInIsNotAskedToJoin(t *testing.T) {
	p := page(t)
	yes := true
	lead := DealPage{Deal: auctionOf(3, 80_000)}
	lead.Deal.Me = &market.MeInDeal{Active: true, Leading: &yes}
	in := DealPage{Deal: groupOf(3, 14)}
	in.Deal.Me = &market.MeInDeal{Active: true}
	for want, m := range map[string]DealPage{"Raise my maximum": lead, "Change my part": in, "Bid": {Deal: auctionOf(1, 100)}, "Join": {Deal: groupOf(3, 14)}} {
		if got := barLabel(p, m); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// plain has ordinary blanks where an amount holds together.
func plain(text string) string { return strings.ReplaceAll(text, "\u00a0", " ") }
