package request

import (
	"haggle/internal/deal"
	"haggle/internal/money"
)

// quote replays one entered line.
func (r *replay) quote(l deal.Line) error {
	switch {
	case r.decision != nil:
		return deal.Wrong(l.Seq, "an entry after a quote had won")
	case l.Who == "owner" || l.Who == "site":
		return deal.Wrong(l.Seq, "only sellers quote")
	case r.terms.commits() != isCommitment(l.Body[fieldUnitPrice]):
		return deal.Wrong(l.Seq, "unitPrice is committed where it is public, or public where it is committed")
	}
	v := r.view
	v.Now, v.Seq, v.Who, v.Own, v.State = l.At, l.Seq, l.Who, r.own(l.Who), r.state
	e := deal.Entry{Account: l.Who, Role: deal.Member, Act: deal.Quote, Values: r.readQuote(l), Salts: []string{""}}
	fx, err := enterQuote(v, r.terms, r.state, e)
	if err != nil {
		return deal.Wrong(l.Seq, "the rule refuses this quote: %v", err)
	}
	want := fx.Lines[0].Body
	if r.terms.commits() {
		want[fieldUnitPrice] = l.Body[fieldUnitPrice]
	}
	if !sameBody(want, l.Body) {
		return deal.Wrong(l.Seq, "the rule leads to %s", canonical(want))
	}
	r.apply(fx)
	return nil
}

// readQuote reads what an entered line says; a committed price that is not opened counts as the smallest possible.
func (r *replay) readQuote(l deal.Line) Quote {
	price := r.openedOr(l.Seq, fieldUnitPrice, int64(r.t.Currency.CashUnit))
	if p := number[money.Amount](l.Body, fieldUnitPrice); p != nil {
		price = int64(*p)
	}
	values, _ := l.Body["values"].(deal.Body)
	return Quote{UnitPrice: money.Amount(price), Quantity: number[int64](l.Body, "quantity"),
		Condition: text(values, "condition"), DeliveryDays: number[int64](values, "deliveryDays")}
}

func (r *replay) apply(fx deal.Effects) {
	r.state = fx.State.(*State)
	if i, ok := r.index[fx.Own.Account]; ok {
		r.crowd[i] = *fx.Own
	} else {
		r.index[fx.Own.Account] = len(r.crowd)
		r.crowd = append(r.crowd, *fx.Own)
	}
	if !fx.ClosesAt.IsZero() {
		r.view.ClosesAt = fx.ClosesAt
	}
	r.decision = fx.Decision
}

// own is a seller's standing, by his pseudonym; nil before his first quote.
func (r *replay) own(who string) *deal.Standing {
	i, ok := r.index[who]
	if !ok {
		return nil
	}
	return &r.crowd[i]
}

func canonical(b deal.Body) string {
	raw, err := deal.Canonical(b)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}
