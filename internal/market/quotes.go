package market

import (
	"context"

	"haggle/internal/deal"
	"haggle/internal/deal/request"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// QuoteView is a standing quote as the buyer sees it.
type QuoteView struct {
	Seq          int64        `json:"seq"`
	Pseudonym    string       `json:"pseudonym"`
	UnitPrice    money.Amount `json:"unitPrice"`
	Quantity     int64        `json:"quantity"`
	Condition    string       `json:"condition,omitempty"`
	DeliveryDays *int64       `json:"deliveryDays,omitempty"`
	Message      string       `json:"message,omitempty"`
	At           Time         `json:"at"`
}

// Quotes lists the standing quotes of a request for its buyer, with what their sellers wrote to him: under the rules
// that show quotes. Sealed quotes stay sealed from him, too.
func (m *Market) Quotes(ctx context.Context, a Actor, dealID string) ([]QuoteView, error) {
	if err := need(a, ScopeRead); err != nil {
		return nil, err
	}
	d, err := m.dealOf(ctx, dealID, deal.Request)
	if err != nil {
		return nil, err
	}
	if d.Owner != a.Account {
		return nil, fault.New(fault.CodeForbidden, nil)
	}
	out := []QuoteView{}
	p, err := m.eng.Public(d)
	if err != nil || p.Rule != string(request.RuleOpen) && p.Rule != string(request.RuleChoice) {
		return out, err
	}
	crowd, err := m.eng.Crowd(ctx, d.ID)
	for _, s := range crowd {
		if q, ok := s.Values.(*request.Quoted); ok && s.Active {
			out = append(out, QuoteView{Seq: s.Seq, Pseudonym: s.Pseudonym, UnitPrice: q.UnitPrice, Quantity: q.Quantity,
				Condition: q.Condition, DeliveryDays: q.DeliveryDays, Message: q.Message, At: At(s.At)})
		}
	}
	return out, err
}
