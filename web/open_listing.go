package web

import (
	"github.com/a-h/templ"

	"haggle/internal/market"
	"haggle/web/view"
)

// pageComponent is a page ready to be drawn.
type pageComponent = templ.Component

// openAuction lists a thing for bidding.
func openAuction(v *visit) error {
	in := v.form()
	listing := market.ListingInput{Format: "english"}
	if in.posted() {
		start := in.amount("startPrice")
		listing.StartPrice, listing.ReservePrice, listing.BuyNowPrice = &start, in.optionalAmount("reservePrice"), in.optionalAmount("buyNowPrice")
		listing.Until = untilOf(in)
	}
	if in.on("hardClose") {
		listing.SoftClose = &market.SoftClose{}
	}
	return v.openDeal(in, opening{
		page:  func(p *view.Page, m view.OpenPage) pageComponent { return view.OpenAuction(p, m) },
		shape: openShape("startPrice", "startPrice", "reservePrice", "buyNowPrice", "hardClose"),
		open:  v.listing(listing),
	})
}

// openFixed lists pieces at a price.
func openFixed(v *visit) error {
	in := v.form()
	listing := market.ListingInput{Format: "fixed"}
	if in.posted() {
		price := in.amount("price")
		listing.Price, listing.Quantity, listing.Until = &price, in.count("quantity"), untilOf(in)
	}
	return v.openDeal(in, opening{
		page:  func(p *view.Page, m view.OpenPage) pageComponent { return view.OpenFixed(p, m) },
		shape: openShape("price", "price", "quantity"),
		open:  v.listing(listing),
	})
}

func (v *visit) listing(listing market.ListingInput) func(market.Key, market.About) (market.DealView, error) {
	return func(k market.Key, about market.About) (market.DealView, error) {
		listing.About = about
		d, _, err := v.Market.OpenListing(v.ctx, v.me, k, listing)
		return d, err
	}
}
