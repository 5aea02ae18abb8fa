package web

import (
	"github.com/a-h/templ"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/web/view"
)

// openRequest lets a buyer name his price.
func openRequest(v *visit) error {
	o := openingOf(deal.Request, []string{"namedPrice", "quantity", "hidden", "binding", "split", "rule", "minimumStep", "minimumQuotes"})
	o.amounts = []string{"namedPrice", "minimumStep"}
	o.page = func(p *view.Page, m view.OpenPage) templ.Component { return view.OpenRequest(p, m) }
	o.try = func(in *input, about market.About) (market.DealView, error) {
		return v.Market.TryRequest(v.ctx, v.me, requestOf(in, about))
	}
	o.open = func(in *input, k market.Key, about market.About) (market.DealView, error) {
		d, _, err := v.Market.OpenRequest(v.ctx, v.me, k, requestOf(in, about))
		return d, err
	}
	return v.openDeal(o)
}

func requestOf(in *input, about market.About) market.RequestInput {
	visible := !in.on("hidden")
	r := market.RequestInput{About: about, NamedPrice: in.amount("namedPrice"), PriceVisible: &visible, Quantity: in.count("quantity"), Rule: in.text("rule"),
		Split: in.on("split"), MinimumQuotes: in.count("minimumQuotes"), Binding: in.on("binding"), Until: untilOf(in)}
	if r.Rule == "open" {
		r.MinimumStep = in.optionalAmount("minimumStep")
	}
	return r
}
