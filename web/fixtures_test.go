package web

import (
	"time"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/internal/money"
)

const (
	memberToken = "member-token"
	ownerToken  = "owner-token"
)

var (
	clock  = time.Date(2026, 11, 24, 14, 3, 0, 0, time.UTC)
	seller = market.PersonView{ID: "ann", Name: "Ann & Söhne <b>", Since: market.At(clock.AddDate(-2, 0, 0)),
		Reputation: []market.ScoreView{{Role: "seller", Score: 0.93, N: 48, Positive: 46, Neutral: 1, Negative: 1}, {Role: "buyer", Score: 0.71, N: 6, Positive: 6}}}
	categoriesFixture = []market.CategoryView{
		{ID: "leisure", Name: market.Named{En: "Leisure and sport", ZhTW: "休閒與運動"}, Children: []market.CategoryView{
			{ID: "leisure-bicycles", Name: market.Named{En: "Bicycles", ZhTW: "自行車"}}}},
		{ID: "food", Name: market.Named{En: "Food and drink", ZhTW: "食品"}},
	}
)

func ptr[T any](v T) *T { return &v }

func after(d time.Duration) *market.Time { return market.AtOrNil(clock.Add(d)) }

func about(id string, kind deal.Kind, title string) market.DealView {
	return market.DealView{ID: id, Kind: kind, URL: "/deals/" + id, Status: deal.Open, Title: title,
		Description: "Used for two summers, kept dry.\nPick-up in Taipei or by parcel. <script>alert(1)</script>",
		Category:    "leisure-bicycles", Condition: "good", Attributes: map[string]string{"Brand": "Giant", "Frame": "M"},
		Photos:   []market.PhotoView{{ID: id, URL: "/photos/" + id + "/full.jpg", Width: 1200, Height: 900}},
		Delivery: []string{"parcel", "meet"}, Owner: seller, Currency: "TWD", FeeBasis: 500,
		OpenedAt: market.At(clock.Add(-30 * time.Hour)), Now: market.At(clock), Seq: 5, ClosesAt: after(2*time.Hour + 10*time.Minute)}
}

func with(d market.DealView, change func(*market.DealView)) market.DealView {
	change(&d)
	return d
}

func auctions() []market.DealView {
	open := with(about("auction", deal.English, "Giant Escape 3 city bike, size M, with lock and lights"), func(d *market.DealView) {
		d.Entries, d.Standing, d.Minimum, d.Leader = 5, ptr(money.Amount(260000)), ptr(money.Amount(265000)), "p2"
		d.HasReserve, d.ReserveMet = true, ptr(false)
		d.Me = &market.MeInDeal{Pseudonym: "p2", Role: "member", Active: true, Leading: ptr(true), Maximum: ptr(money.Amount(300000)), Minimum: ptr(money.Amount(300100))}
		d.Terms = map[string]any{"startPrice": 100000, "softClose": map[string]any{"windowSeconds": 300, "extendSeconds": 300},
			"increments": [][2]int64{{10000, 500}, {50000, 1000}, {100000, 2000}, {500000, 5000}, {0, 10000}}}
	})
	fresh := with(about("fresh", deal.English, "登山背包 45L 近全新"), func(d *market.DealView) {
		d.Minimum, d.BuyNowPrice, d.Photos = ptr(money.Amount(80000)), ptr(money.Amount(250000)), nil
		d.ClosesAt = after(40 * time.Minute)
		d.Terms = map[string]any{"startPrice": 80000, "buyNowPrice": 250000, "softClose": map[string]any{"windowSeconds": 0}}
	})
	sold := with(open, func(d *market.DealView) {
		d.ID, d.URL, d.Status, d.ClosesAt, d.Minimum = "sold", "/deals/sold", deal.Settled, after(-time.Hour), nil
		d.ReserveMet = ptr(true)
		d.Me = &market.MeInDeal{Pseudonym: "p2", Role: "member", Active: true, Orders: []string{"o-paid"}}
		d.Outcome = &market.OutcomeView{Result: deal.Sold, UnitPrice: ptr(money.Amount(270000)), Pieces: 1, AwardCount: 1,
			Awards: []market.AwardView{{To: "p2", Quantity: 1, UnitPrice: 270000, Total: 270000, Order: "o-paid", Mine: true}}}
	})
	outbid := with(open, func(d *market.DealView) {
		d.ID, d.URL = "outbid", "/deals/outbid"
		d.Me = &market.MeInDeal{Pseudonym: "p1", Role: "member", Active: true, Leading: ptr(false), Maximum: ptr(money.Amount(250000))}
	})
	second := with(sold, func(d *market.DealView) {
		d.ID, d.URL = "second", "/deals/second"
		offer := secondChance()
		d.Me = &market.MeInDeal{Pseudonym: "p1", Role: "member", Active: true, SecondChance: &offer}
		d.Outcome = &market.OutcomeView{Result: deal.Sold, UnitPrice: ptr(money.Amount(270000)), Pieces: 1, AwardCount: 1,
			Awards: []market.AwardView{{To: "p2", Quantity: 1, UnitPrice: 270000, Total: 270000}}}
	})
	return []market.DealView{open, fresh, sold, outbid, second}
}

func chanceFixtures() []market.SecondChanceView { return []market.SecondChanceView{secondChance()} }

// secondChance is what p1 may buy since p2 did not pay.
func secondChance() market.SecondChanceView {
	return market.SecondChanceView{Deal: "second", URL: "/deals/second", Title: "Giant Escape 3 city bike", Price: 251000, Until: market.At(clock.AddDate(0, 0, 60))}
}

func groups() []market.DealView {
	open := with(about("group", deal.Group, "Alishan oolong, 150 g, spring harvest"), func(d *market.DealView) {
		d.Entries, d.Pieces, d.Tier, d.UnitPrice = 6, ptr(int64(14)), ptr(int64(2)), ptr(money.Amount(72000))
		d.Tiers = []deal.TierState{{From: 5, UnitPrice: 80000, Pieces: 12}, {From: 12, UnitPrice: 72000, Pieces: 14}, {From: 20, UnitPrice: 64000, Pieces: 14}}
		d.GroupMinimum, d.PerPerson, d.Cap, d.LockedFrom = ptr(int64(5)), ptr(int64(10)), ptr(int64(40)), ptr(clock.Add(time.Hour))
		d.Me = &market.MeInDeal{Pseudonym: "p3", Role: "member", Active: true, Quantity: ptr(int64(3)), Tolerance: ptr(int64(1)), Ceiling: ptr(money.Amount(72000)), Hold: ptr(money.Amount(216000))}
		d.Terms = map[string]any{"allocation": "first_come", "tolerance": true, "fees": map[string]any{"perMember": 2000, "bill": 10000}}
		d.CaseSize = ptr(int64(4))
	})
	young := with(open, func(d *market.DealView) {
		d.ID, d.URL, d.Me, d.Entries, d.Pieces, d.Tier, d.UnitPrice = "young", "/deals/young", nil, 1, ptr(int64(2)), ptr(int64(0)), nil
		d.Tiers = []deal.TierState{{From: 5, UnitPrice: 80000, Pieces: 2}, {From: 12, UnitPrice: 72000, Pieces: 2}, {From: 20, UnitPrice: 64000, Pieces: 1}}
		d.CaseSize = nil
	})
	failed := with(young, func(d *market.DealView) {
		d.ID, d.URL, d.Status, d.ClosesAt = "failed", "/deals/failed", deal.Failed, after(-time.Hour)
		d.Me = &market.MeInDeal{Pseudonym: "p1", Role: "member", Active: true, Hold: ptr(money.Amount(216000))}
		d.Outcome = &market.OutcomeView{Result: deal.ResultFailed, Reason: deal.BelowMinimum}
	})
	return []market.DealView{open, young, failed}
}

func requests() []market.DealView {
	open := with(about("request", deal.Request, "Wanted: Nintendo Switch OLED, complete with dock"), func(d *market.DealView) {
		d.Entries, d.NamedPrice, d.Best, d.Rule, d.Funded = 3, ptr(money.Amount(800000)), ptr(money.Amount(640000)), "open", ptr(true)
		d.PriceVisible, d.Quantity, d.MinimumStep, d.MinimumQuotes = ptr(true), ptr(int64(1)), ptr(money.Amount(8000)), ptr(int64(2))
		d.Me = &market.MeInDeal{Pseudonym: "p2", Role: "member", Active: true, UnitPrice: ptr(money.Amount(680000)), Rank: ptr(int64(2))}
	})
	sealed := with(open, func(d *market.DealView) {
		d.ID, d.URL, d.Rule, d.Best, d.NamedPrice, d.Me = "sealed", "/deals/sealed", "sealed", nil, nil, nil
	})
	choice := with(open, func(d *market.DealView) { d.ID, d.URL, d.Rule, d.Me = "choice", "/deals/choice", "choice", nil })
	return []market.DealView{open, sealed, choice}
}

func fixedPrices() []market.DealView {
	open := with(about("fixed", deal.Fixed, "Hand-thrown tea cup, celadon"), func(d *market.DealView) {
		d.Price, d.Quantity, d.Left, d.Entries, d.ClosesAt = ptr(money.Amount(50000)), ptr(int64(10)), ptr(int64(4)), 6, nil
	})
	gone := with(open, func(d *market.DealView) { d.ID, d.URL, d.Left = "gone", "/deals/gone", ptr(int64(0)) })
	clearing := with(open, func(d *market.DealView) {
		d.ID, d.URL, d.Status, d.ClosesAt = "clearing", "/deals/clearing", deal.Clearing, after(0)
	})
	return []market.DealView{open, gone, clearing}
}

func dealFixtures() []market.DealView {
	return append(append(append(auctions(), groups()...), requests()...), fixedPrices()...)
}

// ownerOf is what the owner of a deal sees of himself in it.
func ownerOf(d market.DealView) *market.MeInDeal {
	me := &market.MeInDeal{Role: "owner", Active: true}
	if d.Kind == deal.English {
		me.Reserve = ptr(money.Amount(280000))
	}
	if d.Kind == deal.Request {
		me.Hold = ptr(money.Amount(800000))
	}
	return me
}

func line(seq int64, who string, kind deal.LineKind, body deal.Body) market.HistoryLine {
	return market.HistoryLine{Seq: seq, At: market.At(clock.Add(time.Duration(seq-10) * time.Hour)), Who: who, Kind: kind, Body: body}
}

// historyFixture has a line of every kind and act.
func historyFixture(id string) []market.HistoryLine {
	switch id {
	case "choice":
		return []market.HistoryLine{
			line(2, "p2", deal.Entered, deal.Body{"act": "quote", "unitPrice": int64(700000)}),
			line(1, "p1", deal.Entered, deal.Body{"act": "quote", "unitPrice": int64(640000)}),
			line(0, "owner", deal.Opened, deal.Body{}),
		}
	case "sealed":
		return []market.HistoryLine{
			line(1, "p1", deal.Entered, deal.Body{"act": "quote", "unitPrice": deal.Body{"c": "00"}}),
			line(0, "owner", deal.Opened, deal.Body{}),
		}
	case "group", "young", "failed":
		return []market.HistoryLine{
			line(2, "p3", deal.Entered, deal.Body{"act": "pledge", "quantity": int64(3), "after": deal.Body{"pieces": int64(14), "tier": int64(2), "unitPrice": int64(72000)}}),
			line(1, "p1", deal.Changed, deal.Body{"act": "withdraw", "of": int64(0)}),
			line(0, "owner", deal.Opened, deal.Body{}),
		}
	}
	return []market.HistoryLine{
		line(9, "site", deal.Closed, deal.Body{"result": "sold", "awards": int64(1)}),
		line(8, "site", deal.Awarded, deal.Body{"to": "p2", "quantity": int64(1), "unitPrice": int64(270000), "total": int64(270000)}),
		line(7, "p1", deal.Revealed, deal.Body{"of": int64(1), "field": "max", "value": int64(255000)}),
		line(6, "p3", deal.Changed, deal.Body{"act": "retract", "reason": "typo", "of": int64(2)}),
		line(5, "p3", deal.Entered, deal.Body{"act": "buy", "quantity": int64(1), "after": deal.Body{"standing": int64(500000)}}),
		line(4, "p3", deal.Entered, deal.Body{"act": "quote", "unitPrice": deal.Body{"c": "00"}}),
		line(3, "p4", deal.Entered, deal.Body{"act": "bid", "counts": false, "after": deal.Body{"standing": int64(260000)}}),
		line(2, "p2", deal.Entered, deal.Body{"act": "bid", "after": deal.Body{"leader": "p2", "standing": int64(260000)}}),
		line(1, "p1", deal.Entered, deal.Body{"act": "bid", "after": deal.Body{"leader": "p2", "standing": int64(255000)}}),
		line(0, "owner", deal.Opened, deal.Body{"kind": "english"}),
	}
}

func previewFixture(id string, in market.PreviewInput) deal.Preview {
	switch {
	case in.Max != nil:
		return deal.Preview{Minimum: ptr(money.Amount(265000)), YouPayAtMost: in.Max}
	case id == "group":
		return deal.Preview{Hold: 288000, Tier: ptr(int64(2)), UnitPrice: ptr(money.Amount(72000)), IfMore: []deal.IfMore{{Pieces: 5, UnitPrice: 64000}},
			HeldUntil: ptr(clock.Add(2 * time.Hour)), LockedFrom: ptr(clock.Add(time.Hour))}
	}
	return deal.Preview{}
}

func receiptFixture() deal.Receipt {
	return deal.Receipt{Deal: "auction", Seq: 6, Hash: "00ff", At: deal.FormatTime(clock), Head: deal.SignedHead{Seq: 6, Hash: "00ff", Signature: "sig"}, Salt: "aa", Value: ptr(int64(300000))}
}

func orderFixtures() []market.OrderView {
	base := market.OrderView{Deal: "sold", DealURL: "/deals/sold", Kind: deal.English, Title: "Giant Escape 3 city bike", Side: "buyer", Buyer: market.PersonView{ID: "u1", Name: "Mei"},
		Seller: seller, Quantity: 1, UnitPrice: 270000, Total: 272000, Fee: 13500, CreatedAt: market.At(clock.Add(-3 * time.Hour)),
		Shares: []market.ShareView{{Of: "goods", Amount: 270000}, {Of: "fees", Amount: 2000}}, Photo: &market.PhotoView{ID: "auction", URL: "/photos/auction/full.jpg"}}
	begin := market.StepView{At: market.At(clock.Add(-3 * time.Hour)), Act: "begin", By: "site", Status: "awaiting_payment"}
	make := func(id, status, side string, can []string, steps ...market.StepView) market.OrderView {
		o := base
		o.ID, o.Status, o.Side, o.Can, o.Timeline = id, status, side, can, append([]market.StepView{begin}, steps...)
		return o
	}
	awaiting := make("o-awaiting", "awaiting_payment", "buyer", []string{"pay", "cancel"})
	awaiting.DueAt = after(20 * time.Minute)
	paid := make("o-paid", "paid", "seller", []string{"ship", "cancel", "refund"}, market.StepView{At: market.At(clock.Add(-2 * time.Hour)), Act: "pay", By: "buyer", Status: "paid"})
	shipped := make("o-shipped", "shipped", "buyer", []string{"confirm", "extend", "dispute", "return"}, market.StepView{At: market.At(clock.Add(-time.Hour)), Act: "ship", By: "seller", Status: "shipped"})
	shipped.Tracking, shipped.NextAt, shipped.Kind = "TW 123 456", after(14*24*time.Hour), deal.Group
	done := make("o-done", "completed", "buyer", nil, market.StepView{At: market.At(clock), Act: "refund", By: "seller", Status: "completed", Amount: 10000, Reason: "damaged"})
	done.Refunded, done.Feedback = 10000, &market.FeedbackMine{May: true, Until: after(60 * 24 * time.Hour)}
	rated := make("o-rated", "completed", "seller", nil)
	rated.Feedback, rated.Photo = &market.FeedbackMine{Given: ptr(1), Theirs: ptr(-1), Visible: true}, nil
	return []market.OrderView{awaiting, paid, shipped, done, rated}
}

func sessionsFixture() []market.SessionView {
	return []market.SessionView{
		{ID: "s1", Agent: "Mozilla/5.0 (Macintosh) Firefox/130.0", CreatedAt: market.At(clock.Add(-2 * time.Hour)), SeenAt: market.At(clock.Add(-time.Minute)), Current: true},
		{ID: "s8", Agent: "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", CreatedAt: market.At(clock.Add(-30 * time.Hour)),
			SeenAt: market.At(clock.Add(-3 * time.Hour))},
		{ID: "s9", Agent: "", CreatedAt: market.At(clock.Add(-60 * time.Hour)), SeenAt: market.At(clock.Add(-50 * time.Hour))},
	}
}

func reputationFixture() market.ReputationView {
	return market.ReputationView{User: "ann", Scores: seller.Reputation, Items: []market.FeedbackView{
		{ID: "f1", Deal: "sold", Title: "City bike", From: "u1", Role: "seller", Score: 1, Comment: "Fast & friendly <i>", At: market.At(clock.Add(-20 * time.Hour)), Weight: 1.25, Why: "counted", Visible: true},
		{ID: "f2", Deal: "sold", Title: "City bike", From: "u2", Role: "buyer", Score: -1, At: market.At(clock.Add(-20 * 24 * time.Hour)), Weight: 0, Why: "pair_week", Visible: true},
	}}
}

func entriesFixture() []market.WalletEntry {
	return []market.WalletEntry{
		{ID: "e3", At: market.At(clock.Add(-time.Hour)), Reason: "hold", Available: -216000, Held: 216000, Deal: "group", Title: "Alishan oolong, 150 g"},
		{ID: "e2", At: market.At(clock.Add(-2 * time.Hour)), Reason: "payment", Available: -64000, Order: "o-shipped"},
		{ID: "e1", At: market.At(clock.Add(-26 * time.Hour)), Reason: "deposit", Available: 1500000},
	}
}
