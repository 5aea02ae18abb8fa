package web

import (
	"haggle/internal/market"
)

// buy takes pieces of a listing at its price, or ends an auction by its buy-now price.
func buy(v *visit) error {
	in := v.form()
	want := market.PurchaseInput{Quantity: in.count("quantity"), UnitPrice: in.optionalAmount("unitPrice"), Method: in.text("method"), Card: cardNumber(in.raw("card"))}
	buyNow := want.Method != "" // its form asks how to pay
	if want.Method == "card" {
		want.Method = ""
		if want.Card == "" {
			in.wrong["card"] = "field.required"
		}
	} else {
		want.Card = ""
	}
	return v.run(in, act{
		name:    "buy",
		shape:   shape{fields: []string{"quantity", "method", "card"}},
		known:   buyNow,
		preview: &market.PreviewInput{Quantity: want.Quantity, UnitPrice: want.UnitPrice},
		do: func(k market.Key) (market.EntryView, error) {
			return v.Market.Buy(v.ctx, v.me, k, v.c.Params("id"), want)
		},
		then: func(e market.EntryView) string {
			if e.Order != nil {
				return "/orders/" + e.Order.ID
			}
			return "/deals/" + v.c.Params("id")
		},
	})
}

// cardNumber is a card number without the blanks and dashes people put into it.
func cardNumber(typed string) string {
	var digits []rune
	for _, r := range typed {
		switch {
		case r >= '0' && r <= '9':
			digits = append(digits, r)
		case r != ' ' && r != '-':
			return typed
		}
	}
	return string(digits)
}
