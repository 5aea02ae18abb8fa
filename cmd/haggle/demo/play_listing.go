package demo

import (
	"context"
	"time"

	"haggle/internal/deal"
	"haggle/internal/market"
)

// listing is one fixed-price listing of the script.
type listing struct {
	thing
	span
	price, quantity int64
	buys            []purchase
	cancelled       time.Duration
}

// purchase takes pieces; end is what becomes of its order.
type purchase struct {
	by       who
	quantity int64
	end      ending
}

func (p *play) listing(s listing) {
	l := p.lot(s.thing, s.span, well, func(ctx context.Context, l *lot, about market.About, until market.Until) (string, error) {
		v, _, err := p.Market.OpenListing(ctx, p.actors[l.by], market.Key{}, market.ListingInput{About: about, Until: until, Format: string(deal.Fixed),
			Price: cashOrNil(s.price), Quantity: orNil(s.quantity)})
		return v.ID, err
	})
	p.cancel(l, s.cancelled)
	p.entries(l, len(s.buys), "buying", func(ctx context.Context, i int) error { return p.buy(ctx, l, s.buys[i]) })
}

func (p *play) buy(ctx context.Context, l *lot, b purchase) error {
	v, err := p.Market.Buy(ctx, p.actors[b.by], market.Key{}, l.id, market.PurchaseInput{Quantity: orNil(b.quantity)})
	if err != nil {
		return err
	}
	return p.begin(ctx, l, v.Order.ID, b.end)
}
