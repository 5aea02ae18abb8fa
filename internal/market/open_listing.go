package market

import (
	"context"

	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/deal/fixed"
	"haggle/internal/fault"
)

// OpenListing lists an item for auction (format english) or at a fixed price.
func (m *Market) OpenListing(ctx context.Context, a Actor, k Key, in ListingInput) (DealView, bool, error) {
	return m.openDeal(ctx, a, k, listingOf(in))
}

// TryListing is the listing that OpenListing would open, as it would look; see tryDeal.
func (m *Market) TryListing(ctx context.Context, a Actor, in ListingInput) (DealView, error) {
	return m.tryDeal(ctx, a, listingOf(in))
}

func listingOf(in ListingInput) opening {
	o := opening{about: in.About, until: in.Until}
	switch in.Format {
	case string(deal.English):
		o.kind, o.longest, o.terms = deal.English, longestAuction, auctionTerms(in)
		o.check = func(c *fault.Collect) { checkAuction(c, in) }
	case string(deal.Fixed):
		o.kind, o.longest, o.open, o.terms = deal.Fixed, longestOther, true, &fixed.Terms{Price: valueOr(in.Price, 0), Quantity: in.Quantity, Offers: in.Offers}
		o.check = func(c *fault.Collect) { checkFixed(c, in) }
	default:
		o.longest = longestOther
		o.check = func(c *fault.Collect) { c.Addf("format", "unknown", "english or fixed") }
	}
	return o
}

func checkAuction(c *fault.Collect, in ListingInput) {
	checkPrice(c, "startPrice", in.StartPrice)
	checkOptionalPrice(c, "reservePrice", in.ReservePrice)
	checkOptionalPrice(c, "buyNowPrice", in.BuyNowPrice)
	if in.Condition == "" {
		c.Addf("condition", "required", "one of %v", Conditions())
	}
	if in.Quantity != nil && *in.Quantity != 1 {
		c.Addf("quantity", "range", "an auction sells one piece")
	}
}

func checkFixed(c *fault.Collect, in ListingInput) {
	checkPrice(c, "price", in.Price)
	checkCount(c, "quantity", in.Quantity, maxPieces)
	if in.Condition == "" {
		c.Addf("condition", "required", "one of %v", Conditions())
	}
}

func auctionTerms(in ListingInput) *english.Terms {
	t := &english.Terms{StartPrice: valueOr(in.StartPrice, 0), ReservePrice: in.ReservePrice, BuyNowPrice: in.BuyNowPrice}
	if in.Increments != nil {
		t.Increments = *in.Increments
	}
	if in.SoftClose != nil {
		t.SoftClose = &english.SoftClose{WindowSeconds: in.SoftClose.WindowSeconds, ExtendSeconds: in.SoftClose.ExtendSeconds}
	}
	return t
}
