package fixed

import (
	"fmt"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// maxQuantity bounds the stock of one listing, in pieces.
const maxQuantity = 1_000_000

// Terms are what a seller asks, in the API's names.
type Terms struct {
	Price    money.Amount `bson:"price" json:"price"`                           // a piece
	Quantity *int64       `bson:"quantity,omitempty" json:"quantity,omitempty"` // pieces; default 1
	Offers   bool         `bson:"offers,omitempty" json:"offers,omitempty"`     // the seller would hear offers
}

func (t *Terms) quantity() int64 {
	if t.Quantity == nil {
		return 1
	}
	return *t.Quantity
}

// public is the terms as readers see them: best offers are not shown.
func (t *Terms) public() *Terms {
	p := *t
	p.Offers = false
	return &p
}

// Check refuses terms that are impossible, with every wrong field at once, and gives a copy with defaults filled in.
// A listing may be open-ended.
func (Mechanism) Check(f deal.Frame) (any, error) {
	given, ok := f.Terms.(*Terms)
	if !ok {
		return nil, fmt.Errorf("fixed: terms are %T", f.Terms)
	}
	t := *given
	t.Quantity = deal.Ptr(given.quantity())
	if err := t.check(f); err != nil {
		return nil, err
	}
	return &t, deal.Cash(f.Currency, t.Price)
}

func (t *Terms) check(f deal.Frame) error {
	var wrong fault.Collect
	n := t.quantity()
	if n < 1 || n > maxQuantity {
		wrong.Addf("quantity", "range", "must be from 1 to %d", maxQuantity)
	}
	switch _, err := money.Mul(t.Price, n); {
	case t.Price <= 0:
		wrong.Addf("price", "range", "must be above 0")
	case t.Price > money.Max || n > 0 && err != nil:
		wrong.Addf("price", "range", "price × quantity exceeds %d", int64(money.Max))
	}
	if !f.ClosesAt.IsZero() && !f.ClosesAt.After(f.OpenedAt) {
		wrong.Addf("closesAt", "range", "the deadline lies in the past")
	}
	return wrong.Err()
}

// Open begins a listing. It holds no money.
func (Mechanism) Open(v deal.View, _ []string) (deal.Effects, error) {
	t, ok := v.Terms.(*Terms)
	if !ok {
		return deal.Effects{}, fmt.Errorf("fixed: terms are %T", v.Terms)
	}
	line := deal.OpenedLine(v.Frame, deal.Fixed, t.logged(), nil)
	return deal.Effects{State: &State{Left: t.quantity()}, Lines: []deal.LineDraft{line}}, nil
}

// logged is the terms as the log shows them.
func (t *Terms) logged() deal.Body { return deal.Body{"price": t.Price, "quantity": t.quantity()} }
