package market

import (
	"context"

	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/deal/fixed"
	"haggle/internal/deal/group"
	"haggle/internal/engine"
	"haggle/internal/fault"
)

// Preview says what an entry would mean for the actor, from what he may see anyway. What would be refused gets that
// refusal.
func (m *Market) Preview(ctx context.Context, a Actor, dealID string, in PreviewInput) (deal.Preview, error) {
	if a.Guest() {
		return deal.Preview{}, fault.New(fault.CodeUnauthenticated, nil)
	}
	d, err := m.dealOf(ctx, dealID)
	if err != nil {
		return deal.Preview{}, err
	}
	e, err := m.considered(a, d, in)
	if err != nil {
		return deal.Preview{}, err
	}
	if err := a.permit(ScopeRead); err != nil {
		return deal.Preview{}, err
	}
	if err := m.mayEnter(ctx, a, d); err != nil {
		return deal.Preview{}, err
	}
	return m.previewOf(ctx, a, d, e)
}

// mayEnter is what is checked of an entry before a rule is asked.
func (m *Market) mayEnter(ctx context.Context, a Actor, d engine.Deal) error {
	if a.Account == d.Owner {
		return fault.New(fault.CodeOwnDeal, nil)
	}
	if err := m.notBlocked(ctx, a, d.Owner); err != nil {
		return err
	}
	switch d.StatusAt(m.Now()) {
	case deal.Open:
		return nil
	case deal.Draft, deal.Cancelled:
		return fault.New(fault.CodeNotOpen, fault.Params{"status": string(d.Status)})
	}
	p := fault.Params{}
	if d.ClosesAt != nil {
		p["closesAt"] = deal.FormatTime(*d.ClosesAt)
	}
	return fault.New(fault.CodeClosed, p)
}

func (m *Market) previewOf(ctx context.Context, a Actor, d engine.Deal, e deal.Entry) (deal.Preview, error) {
	p, err := m.eng.Public(d)
	if err != nil {
		return deal.Preview{}, err
	}
	own, err := m.eng.Standing(ctx, d.ID, a.Account)
	if err != nil {
		return deal.Preview{}, err
	}
	b, err := m.eng.Balance(ctx, a.Account)
	if err != nil {
		return deal.Preview{}, err
	}
	mech, _ := m.eng.Mechanism(d.Kind)
	return mech.Preview(p, deal.Self{Standing: own, Available: max(0, b.Available), Now: m.Now()}, e)
}

// considered makes the entry that a preview is asked about, by the deal's kind.
func (m *Market) considered(a Actor, d engine.Deal, in PreviewInput) (deal.Entry, error) {
	e := deal.Entry{Account: a.Account, Role: deal.Member}
	var err error
	switch d.Kind {
	case deal.English:
		if in.Max == nil {
			return e, fault.Invalidf("max", "is required")
		}
		bid := BidInput{Max: *in.Max, Backup: in.Backup}
		e.Act, e.Values, err = deal.Bid, english.Bid{Max: bid.Max, Backup: bid.Backup}, checkBid(bid)
	case deal.Fixed:
		buy := PurchaseInput{Quantity: in.Quantity, UnitPrice: in.UnitPrice}
		e.Act, e.Values, err = deal.Buy, fixed.Buy{Quantity: buy.Quantity, UnitPrice: buy.UnitPrice}, checkPurchase(buy)
	case deal.Request:
		if in.UnitPrice == nil {
			return e, fault.Invalidf("unitPrice", "is required")
		}
		q := QuoteInput{UnitPrice: *in.UnitPrice, Quantity: in.Quantity, Condition: in.Condition, DeliveryDays: in.DeliveryDays, Message: in.Message}
		e.Act, e.Values, err = deal.Quote, quoteOf(q), checkQuote(q)
	case deal.Group:
		p := PledgeInput{Quantity: valueOr(in.Quantity, 0), Tolerance: valueOr(in.Tolerance, 0), Ceiling: in.Ceiling}
		e.Act, e.Values, err = deal.Pledge, group.Pledge{Quantity: p.Quantity, Tolerance: p.Tolerance, Ceiling: p.Ceiling}, checkPledge(p)
	}
	return e, err
}
