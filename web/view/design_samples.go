package view

import (
	"time"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/internal/money"
)

// sample is a deal in one state, on the page of the site's own parts.
type sample struct {
	Name string
	Deal market.DealView
}

func to[T any](v T) *T { return &v }

// sampleDeal is a thing on the page's clock. Amounts of the samples are counted in the currency's hundreds.
func (p *Page) sampleDeal(kind deal.Kind, left time.Duration) market.DealView {
	return market.DealView{Kind: kind, URL: "#" + tone(kind), Status: deal.Open, Title: p.T("kind." + string(kind)), Condition: "good",
		Now: market.At(p.Now), OpenedAt: market.At(p.Now.Add(-30 * time.Hour)), ClosesAt: market.AtOrNil(p.Now.Add(left)),
		Owner: market.PersonView{ID: "someone", Name: "Mei"}, Photos: []market.PhotoView{}}
}

func sampleOf(name string, d market.DealView, change func(*market.DealView)) sample {
	change(&d)
	return sample{name, d}
}

// samples are every kind of deal in every state that its drawing tells apart.
func samples(p *Page) []sample {
	return append(append(auctionSamples(p), requestSamples(p)...), append(groupSamples(p), fixedSamples(p)...)...)
}

func auctionSamples(p *Page) []sample {
	a := p.sampleDeal(deal.English, 26*time.Hour)
	a.Entries, a.Standing, a.Minimum = 5, to(money.Amount(2_600_00)), to(money.Amount(2_650_00))
	a.Terms = map[string]any{"startPrice": 1_000_00, "increments": [][2]int64{{0, 50_00}}}
	return []sample{
		sampleOf("no bid", a, func(d *market.DealView) { d.Entries, d.Standing, d.Minimum = 0, nil, to(money.Amount(1_000_00)) }),
		{"open", a},
		sampleOf("leading", a, func(d *market.DealView) {
			d.Me = &market.MeInDeal{Pseudonym: "p2", Active: true, Leading: to(true), Maximum: to(money.Amount(3_000_00))}
		}),
		sampleOf("outbid", a, func(d *market.DealView) {
			d.ClosesAt = market.AtOrNil(p.Now.Add(9 * time.Minute))
			d.Me = &market.MeInDeal{Pseudonym: "p1", Active: true, Leading: to(false), Maximum: to(money.Amount(2_500_00))}
		}),
		sampleOf("sold", a, func(d *market.DealView) {
			d.Status, d.Minimum, d.ClosesAt = deal.Settled, nil, market.AtOrNil(p.Now.Add(-time.Hour))
			d.Outcome = &market.OutcomeView{Result: deal.Sold, UnitPrice: to(money.Amount(2_700_00))}
		}),
		sampleOf("unsold", a, func(d *market.DealView) {
			d.Status, d.Entries, d.Standing, d.Minimum, d.ClosesAt = deal.Failed, 0, nil, nil, market.AtOrNil(p.Now.Add(-time.Hour))
		}),
	}
}

func requestSamples(p *Page) []sample {
	r := p.sampleDeal(deal.Request, 50*time.Hour)
	r.Entries, r.NamedPrice, r.Best, r.Rule, r.Funded = 3, to(money.Amount(8_000_00)), to(money.Amount(6_400_00)), "open", to(true)
	return []sample{
		sampleOf("no quote", r, func(d *market.DealView) { d.Entries, d.Best = 0, nil }),
		{"open", r},
		sampleOf("quoted", r, func(d *market.DealView) {
			d.Me = &market.MeInDeal{Pseudonym: "p2", Active: true, UnitPrice: to(money.Amount(6_800_00)), Rank: to(int64(2))}
		}),
		sampleOf("sealed", r, func(d *market.DealView) { d.Rule, d.Best, d.NamedPrice = "sealed", nil, nil }),
	}
}

func groupSamples(p *Page) []sample {
	g := p.sampleDeal(deal.Group, 6*24*time.Hour)
	g.Entries, g.Pieces, g.Tier, g.UnitPrice = 6, to(int64(14)), to(int64(2)), to(money.Amount(720_00))
	g.Tiers = []deal.TierState{{From: 5, UnitPrice: 800_00, Pieces: 12}, {From: 12, UnitPrice: 720_00, Pieces: 14}, {From: 20, UnitPrice: 640_00, Pieces: 14}}
	return []sample{
		sampleOf("begun", g, func(d *market.DealView) {
			d.Entries, d.Pieces, d.Tier, d.UnitPrice = 1, to(int64(2)), to(int64(0)), nil
			d.Tiers = []deal.TierState{{From: 5, UnitPrice: 800_00, Pieces: 2}, {From: 12, UnitPrice: 720_00, Pieces: 2}, {From: 20, UnitPrice: 640_00, Pieces: 1}}
		}),
		{"open", g},
		sampleOf("joined", g, func(d *market.DealView) {
			d.Me = &market.MeInDeal{Pseudonym: "p3", Active: true, Quantity: to(int64(3)), Ceiling: to(money.Amount(720_00)), Hold: to(money.Amount(2_160_00))}
		}),
		sampleOf("cheapest", g, func(d *market.DealView) {
			d.Pieces, d.Tier, d.UnitPrice = to(int64(23)), to(int64(3)), to(money.Amount(640_00))
			d.Tiers = []deal.TierState{{From: 5, UnitPrice: 800_00, Pieces: 20}, {From: 12, UnitPrice: 720_00, Pieces: 23}, {From: 20, UnitPrice: 640_00, Pieces: 23}}
		}),
		sampleOf("failed", g, func(d *market.DealView) {
			d.Status, d.Tier, d.UnitPrice, d.ClosesAt = deal.Failed, to(int64(0)), nil, market.AtOrNil(p.Now.Add(-time.Hour))
			d.Outcome = &market.OutcomeView{Result: deal.ResultFailed, Reason: deal.BelowMinimum}
			d.Me = &market.MeInDeal{Pseudonym: "p1", Active: true, Hold: to(money.Amount(2_160_00))}
		}),
	}
}

func fixedSamples(p *Page) []sample {
	f := p.sampleDeal(deal.Fixed, 0)
	f.Price, f.Quantity, f.Left, f.ClosesAt = to(money.Amount(500_00)), to(int64(10)), to(int64(4)), nil
	return []sample{
		{"open", f},
		sampleOf("one", f, func(d *market.DealView) { d.Quantity, d.Left = to(int64(1)), to(int64(1)) }),
		sampleOf("gone", f, func(d *market.DealView) { d.Left = to(int64(0)) }),
	}
}

// designSays is a sentence for each tone of a notice.
var designSays = map[string]string{"plain": "group.best", "good": "own.quoteSealed", "held": "request.funded", "wrong": "wallet.owing"}

// sampleForm is a form that came back with something wrong.
func sampleForm(p *Page) Form {
	return Form{Values: map[string][]string{"wrong": {"2,500"}, "area": {p.T("deal.noDescription")}},
		Wrong: map[string]string{"wrong": p.T("own.outbid", "minimum", money.Amount(2_650_00)), "choice": p.T("field.required")}}
}

// sampleOrder is an order in the middle of its life.
func sampleOrder(p *Page) market.OrderView {
	return market.OrderView{Kind: deal.English, Side: "seller", Status: "shipped", Quantity: 1, UnitPrice: 2_700_00, Total: 2_780_00, Fee: 139_00,
		Shares:   []market.ShareView{{Of: "goods", Amount: 2_700_00}, {Of: "shipping", Amount: 80_00}},
		Timeline: []market.StepView{{Act: "begin", By: "site", At: market.At(p.Now.Add(-50 * time.Hour))}, {Act: "pay", By: "buyer", At: market.At(p.Now.Add(-49 * time.Hour))}, {Act: "ship", By: "seller", At: market.At(p.Now.Add(-5 * time.Hour))}}}
}

// iconNames are the pictures of the sprite.
func iconNames() []string {
	return []string{"auction", "fixed", "request", "group", "sell", "browse", "search", "filter", "close", "check", "share", "copy", "bell", "message", "eye",
		"camera", "free", "held", "escrow", "incoming", "truck", "box", "proof", "warn", "next", "clock", "star"}
}
