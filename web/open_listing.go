package web

import (
	"github.com/a-h/templ"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/web/view"
)

// openAuction lists a thing for bidding.
func openAuction(v *visit) error {
	o := openingOf(deal.English, []string{"startPrice", "reservePrice", "buyNowPrice"}, "hardClose")
	o.amounts = o.steps[1]
	o.page = func(p *view.Page, m view.OpenPage) templ.Component { return view.OpenAuction(p, m) }
	return v.openDeal(v.listing(o, func(in *input) market.ListingInput {
		start := in.amount("startPrice")
		listing := market.ListingInput{Format: "english", StartPrice: &start, ReservePrice: in.optionalAmount("reservePrice"),
			BuyNowPrice: in.optionalAmount("buyNowPrice"), Until: untilOf(in)}
		if in.on("hardClose") {
			listing.SoftClose = &market.SoftClose{}
		}
		return listing
	}))
}

// openFixed lists pieces at a price.
func openFixed(v *visit) error {
	o := openingOf(deal.Fixed, []string{"price", "quantity"})
	o.amounts = []string{"price"}
	o.page = func(p *view.Page, m view.OpenPage) templ.Component { return view.OpenFixed(p, m) }
	return v.openDeal(v.listing(o, func(in *input) market.ListingInput {
		price := in.amount("price")
		return market.ListingInput{Format: "fixed", Price: &price, Quantity: in.count("quantity"), Until: untilOf(in)}
	}))
}

// listing gives an opening what reads its form and takes it to the market.
func (v *visit) listing(o opening, read func(in *input) market.ListingInput) opening {
	o.try = func(in *input, about market.About) (market.DealView, error) {
		listing := read(in)
		listing.About = about
		return v.Market.TryListing(v.ctx, v.me, listing)
	}
	o.open = func(in *input, k market.Key, about market.About) (market.DealView, error) {
		listing := read(in)
		listing.About = about
		d, _, err := v.Market.OpenListing(v.ctx, v.me, k, listing)
		return d, err
	}
	return o
}
