package request

import (
	"haggle/internal/deal"
	"haggle/internal/money"
)

// readTerms reads the terms of the opened line and writes them again: what the rule would not have written so is wrong.
func (r *replay) readTerms() error {
	b := r.t.Terms
	t := &Terms{Rule: Rule(text(b, "rule")), Quantity: number[int64](b, "quantity"), MinimumQuotes: number[int64](b, "minimumQuotes"),
		MinimumStep: number[money.Amount](b, "minimumStep"), SoftClose: softClose(b), PriceVisible: deal.Ptr(!isCommitment(b[fieldNamedPrice]))}
	t.Split, _ = b["split"].(bool)
	r.readSecretTerms(t)
	checked, err := Mechanism{}.Check(r.frame(t))
	if err != nil {
		return deal.Wrong(0, "impossible terms: %v", err)
	}
	r.terms = checked.(*Terms)
	again, _, err := r.terms.logged(r.t.Deal, "owner", []string{"", ""})
	if err != nil {
		return deal.Wrong(0, "%v", err)
	}
	for _, s := range r.terms.secrets() {
		again[s.Field] = b[s.Field]
	}
	if !sameBody(again, b) {
		return deal.Wrong(0, "terms are not written as the rule %q writes them", r.terms.Rule)
	}
	if !r.known && !r.terms.visible() {
		r.terms.NamedPrice = 0 // no quote is within a price that nobody knows
	}
	return nil
}

// readSecretTerms reads named price and floor: public, opened, or the smallest that is possible.
func (r *replay) readSecretTerms(t *Terms) {
	unknown := int64(r.t.Currency.CashUnit)
	if p := number[money.Amount](r.t.Terms, fieldNamedPrice); p != nil {
		t.NamedPrice = *p
	} else {
		t.NamedPrice = money.Amount(r.openedOr(0, fieldNamedPrice, unknown))
	}
	if isCommitment(r.t.Terms[fieldFloor]) {
		t.Floor = deal.Ptr(money.Amount(r.openedOr(0, fieldFloor, unknown)))
	}
}

func (r *replay) openedOr(line int64, field string, otherwise int64) int64 {
	if v, ok := r.t.Reveal(line, field); ok && r.known {
		return v
	}
	return otherwise
}

func softClose(b deal.Body) *SoftClose {
	s, ok := b["softClose"].(deal.Body)
	if !ok {
		return nil
	}
	return &SoftClose{WindowSeconds: valueOr(number[int64](s, "windowSeconds"), -1), ExtendSeconds: valueOr(number[int64](s, "extendSeconds"), -1)}
}

// number reads an integer of a log; nil where there is none.
func number[T ~int64](b deal.Body, key string) *T {
	n, ok := b[key].(int64)
	if !ok {
		return nil
	}
	return deal.Ptr(T(n))
}

func text(b deal.Body, key string) string {
	s, _ := b[key].(string)
	return s
}
