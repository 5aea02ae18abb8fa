package fixed

import (
	"fmt"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// Public shows price and stock; nothing of a listing is secret.
func (Mechanism) Public(v deal.View) deal.Public {
	t, st, err := parts(v)
	if err != nil {
		return deal.Public{}
	}
	return deal.Public{Entries: st.Buys, Terms: t.public(), Currency: v.Currency, ClosesAt: v.ClosesAt,
		Price: deal.Ptr(t.Price), Left: deal.Ptr(st.Left), Quantity: deal.Ptr(t.quantity())}
}

// Preview says what a purchase would cost and until when its pieces would wait for the payment.
func (Mechanism) Preview(p deal.Public, self deal.Self, e deal.Entry) (deal.Preview, error) {
	if e.Act != deal.Buy {
		return deal.Preview{}, fault.New(fault.CodeNotOffered, nil)
	}
	t, ok := p.Terms.(*Terms)
	b, isBuy := e.Values.(Buy)
	if !ok || !isBuy || p.Left == nil {
		return deal.Preview{}, fmt.Errorf("fixed: preview of %T under %T", e.Values, p.Terms)
	}
	if err := judge(t, *p.Left, p.Currency, purchases(self.Standing), self.Now, b); err != nil {
		return deal.Preview{}, err
	}
	total, err := money.Mul(t.Price, b.quantity())
	return deal.Preview{YouPayAtMost: &total, UnitPrice: deal.Ptr(t.Price), HeldUntil: deal.Ptr(self.Now.Add(payWithin))}, err
}
