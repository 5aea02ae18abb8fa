package demo

import (
	"context"
	"time"

	"haggle/internal/deal"
	"haggle/internal/market"
)

// auction is one auction of the script. Amounts are whole units of the currency; 0: none.
type auction struct {
	thing
	span
	start, reserve, buyNow int64
	bids                   []bid
	battle                 bool // the last bids come in the last minutes
	boughtBy               who  // who ends it by its buy-now price, after the bids
	cancelled              time.Duration
	end                    ending
}

// bid is a maximum.
type bid struct {
	by  who
	max int64
}

// lastBids is how many bids of a battle come in the last minutes, lastEvery apart.
const (
	lastBids  = 4
	lastEvery = 70 * time.Second
)

func (p *play) auction(a auction) {
	l := p.lot(a.thing, a.span, a.end, func(ctx context.Context, l *lot, about market.About, until market.Until) (string, error) {
		v, _, err := p.Market.OpenListing(ctx, p.actors[l.by], market.Key{}, market.ListingInput{About: about, Until: until, Format: string(deal.English),
			StartPrice: cashOrNil(a.start), ReservePrice: cashOrNil(a.reserve), BuyNowPrice: cashOrNil(a.buyNow)})
		return v.ID, err
	})
	p.cancel(l, a.cancelled)
	early := a.bids
	if a.battle {
		early = a.bids[:len(a.bids)-lastBids]
	}
	p.entries(l, len(early), "bidding for", func(ctx context.Context, i int) error { return p.bid(ctx, l, early[i]) })
	for i, b := range a.bids[len(early):] {
		p.entry(l, a.closes-lastEvery*time.Duration(lastBids-i), "bidding for", func(ctx context.Context) error { return p.bid(ctx, l, b) })
	}
	if a.boughtBy != "" {
		p.entry(l, a.closes-minute, "buying", func(ctx context.Context) error { return p.buyNow(ctx, l, a.boughtBy) })
	}
}

func (p *play) bid(ctx context.Context, l *lot, b bid) error {
	_, err := p.Market.PlaceBid(ctx, p.actors[b.by], market.Key{}, l.id, market.BidInput{Max: cash(b.max)})
	return err
}

func (p *play) buyNow(ctx context.Context, l *lot, by who) error {
	_, err := p.Market.Buy(ctx, p.actors[by], market.Key{}, l.id, market.PurchaseInput{Method: "wallet"})
	return err
}

// cancel lets the owner call a deal off at a time; 0: never.
func (p *play) cancel(l *lot, at time.Duration) {
	if at == 0 {
		return
	}
	l.last = at
	p.at(p.end.Add(at), "cancelling "+l.title, func(ctx context.Context) error {
		_, err := p.Market.CancelDeal(ctx, p.actors[l.by], market.Key{}, l.id, market.ReasonInput{})
		return err
	})
}
