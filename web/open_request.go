package web

import (
	"haggle/internal/market"
	"haggle/web/view"
)

// openRequest lets a buyer name his price.
func openRequest(v *visit) error {
	in := v.form()
	var request market.RequestInput
	if in.posted() {
		request = requestOf(in)
	}
	return v.openDeal(in, opening{
		page:  func(p *view.Page, m view.OpenPage) pageComponent { return view.OpenRequest(p, m) },
		shape: openShape("namedPrice", "namedPrice", "quantity", "rule", "minimumStep", "minimumQuotes"),
		open: func(k market.Key, about market.About) (market.DealView, error) {
			request.About = about
			d, _, err := v.Market.OpenRequest(v.ctx, v.me, k, request)
			return d, err
		},
	})
}

func requestOf(in *input) market.RequestInput {
	visible := !in.on("hidden")
	r := market.RequestInput{NamedPrice: in.amount("namedPrice"), PriceVisible: &visible, Quantity: in.count("quantity"), Rule: in.text("rule"),
		Split: in.on("split"), MinimumQuotes: in.count("minimumQuotes"), Binding: in.on("binding"), Until: untilOf(in)}
	if r.Rule == "open" {
		r.MinimumStep = in.optionalAmount("minimumStep")
	}
	return r
}
