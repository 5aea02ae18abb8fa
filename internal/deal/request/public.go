package request

import (
	"fmt"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

// Public shows the terms without secrets, how many quotes there are, and under open the best of them.
func (Mechanism) Public(v deal.View) deal.Public {
	t, st, err := parts(v)
	if err != nil {
		return deal.Public{}
	}
	p := deal.Public{Entries: st.Quotes, Terms: t.public(), Currency: v.Currency, ClosesAt: v.ClosesAt,
		Rule: string(t.Rule), Quantity: deal.Ptr(t.quantity()), PriceVisible: deal.Ptr(t.visible()),
		Funded: deal.Ptr(t.Binding), MinimumQuotes: deal.Ptr(t.minimumQuotes())}
	if t.visible() {
		p.NamedPrice = deal.Ptr(t.NamedPrice)
	}
	if t.Rule != RuleOpen {
		return p
	}
	p.MinimumStep = deal.Ptr(*t.MinimumStep)
	if st.Best > 0 {
		p.Best, p.Leader = deal.Ptr(st.Best), st.Leader
	}
	return p
}

// Preview says what a quote would mean for its seller: whether it would be taken, and that it holds none of his money.
// It never says whether it would win.
func (Mechanism) Preview(p deal.Public, self deal.Self, e deal.Entry) (deal.Preview, error) {
	if e.Act != deal.Quote {
		return deal.Preview{}, fault.New(fault.CodeNotOffered, nil)
	}
	t, ok := p.Terms.(*Terms)
	q, isQuote := e.Values.(Quote)
	if !ok || !isQuote {
		return deal.Preview{}, fmt.Errorf("request: preview of %T under %T", e.Values, p.Terms)
	}
	_, err := judge(t.public(), p.Currency, self.Standing, self.Now, q)
	return deal.Preview{}, err
}
