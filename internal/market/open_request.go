package market

import (
	"context"

	"haggle/internal/deal"
	"haggle/internal/deal/request"
	"haggle/internal/fault"
)

// OpenRequest posts what somebody wants, with the price he names.
func (m *Market) OpenRequest(ctx context.Context, a Actor, k Key, in RequestInput) (DealView, bool, error) {
	return m.openDeal(ctx, a, k, askingOf(in))
}

// TryRequest is the request that OpenRequest would open, as it would look; see tryDeal.
func (m *Market) TryRequest(ctx context.Context, a Actor, in RequestInput) (DealView, error) {
	return m.tryDeal(ctx, a, askingOf(in))
}

func askingOf(in RequestInput) opening {
	terms := &request.Terms{NamedPrice: in.NamedPrice, PriceVisible: in.PriceVisible, Quantity: in.Quantity, Rule: request.Rule(in.Rule),
		MinimumStep: in.MinimumStep, Split: in.Split, Floor: in.Floor, MinimumQuotes: in.MinimumQuotes, Binding: in.Binding, Weights: in.Weights}
	if in.SoftClose != nil {
		terms.SoftClose = &request.SoftClose{WindowSeconds: in.SoftClose.WindowSeconds, ExtendSeconds: in.SoftClose.ExtendSeconds}
	}
	return opening{kind: deal.Request, about: in.About, until: in.Until, longest: longestOther, terms: terms,
		check: func(c *fault.Collect) {
			checkPrice(c, "namedPrice", &in.NamedPrice)
			checkOptionalPrice(c, "minimumStep", in.MinimumStep)
			checkOptionalPrice(c, "floor", in.Floor)
			checkCount(c, "quantity", in.Quantity, maxPieces)
		}}
}
