package web

import "haggle/internal/market"

// submitQuote answers a buyer's request.
func submitQuote(v *visit) error {
	in := v.form()
	quote := market.QuoteInput{UnitPrice: in.amount("unitPrice"), Quantity: in.count("quantity"), Condition: in.text("condition"),
		DeliveryDays: in.count("deliveryDays"), Message: in.text("message")}
	return v.run(in, act{
		name:  "quote",
		shape: shape{amount: "unitPrice", fields: []string{"unitPrice", "quantity", "condition", "deliveryDays", "message"}},
		preview: &market.PreviewInput{UnitPrice: &quote.UnitPrice, Quantity: quote.Quantity, Condition: quote.Condition,
			DeliveryDays: quote.DeliveryDays, Message: quote.Message},
		do: func(k market.Key) (market.EntryView, error) {
			return v.Market.SubmitQuote(v.ctx, v.me, k, v.c.Params("id"), quote)
		},
	})
}
