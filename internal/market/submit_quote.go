package market

import (
	"context"

	"haggle/internal/deal"
	"haggle/internal/deal/request"
	"haggle/internal/fault"
)

// maxMessage bounds what a seller writes with a quote, in characters.
const maxMessage = 2000

// SubmitQuote answers a request with a price.
func (m *Market) SubmitQuote(ctx context.Context, a Actor, k Key, dealID string, in QuoteInput) (EntryView, error) {
	if err := checkQuote(in); err != nil {
		return EntryView{}, err
	}
	return m.enter(ctx, a, k, entry{deal: dealID, kinds: []deal.Kind{deal.Request}, act: deal.Quote, values: quoteOf(in)})
}

func quoteOf(in QuoteInput) request.Quote {
	return request.Quote{UnitPrice: in.UnitPrice, Quantity: in.Quantity, Condition: in.Condition, DeliveryDays: in.DeliveryDays, Message: in.Message}
}

// checkQuote checks what a request cannot: text. The request itself checks numbers against its terms.
func checkQuote(in QuoteInput) error {
	var c fault.Collect
	checkPrice(&c, "unitPrice", &in.UnitPrice)
	checkText(&c, "message", in.Message, 0, maxMessage)
	return c.Err()
}
