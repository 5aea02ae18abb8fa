package request

import (
	"fmt"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

const (
	maxQuantity  = 1_000_000
	maxSellers   = 3
	maxSoftClose = 24 * 60 * 60 // seconds, window and length alike
	maxDuration  = 60 * 24 * time.Hour
)

// defaultSoftClose is the soft close of a request that says nothing of it.
var defaultSoftClose = SoftClose{WindowSeconds: 300, ExtendSeconds: 300}

// Check refuses terms that are impossible, with every wrong field at once, and gives a copy with defaults filled in
// and without what the rule does not use.
func (Mechanism) Check(f deal.Frame) (any, error) {
	given, ok := f.Terms.(*Terms)
	if !ok {
		return nil, fmt.Errorf("request: terms are %T", f.Terms)
	}
	t := given.used()
	var wrong fault.Collect
	checkDeadline(&wrong, f)
	checkPrice(&wrong, &t)
	checkCrowd(&wrong, &t)
	checkRule(&wrong, &t)
	if t.Rule == RuleOpen {
		checkOpen(&wrong, &t)
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	t.fill(f.Currency)
	if err := deal.Cash(f.Currency, t.NamedPrice, valueOr(t.MinimumStep, 0), valueOr(t.Floor, 0)); err != nil {
		return nil, err
	}
	return &t, nil
}

// used is a copy without the terms that the rule does not use.
func (t Terms) used() Terms {
	if t.Rule != RuleOpen {
		t.MinimumStep, t.SoftClose = nil, nil
	}
	if t.Rule != RuleSealed {
		t.Floor = nil
	}
	if t.Rule == RuleFirst {
		t.MinimumQuotes = nil
	}
	if t.Rule == RuleFirst || t.Rule == RuleChoice {
		t.Split, t.Weights = false, nil
	}
	return t
}

func checkDeadline(wrong *fault.Collect, f deal.Frame) {
	switch {
	case f.ClosesAt.IsZero():
		wrong.Addf("closesAt", "required", "a request has a deadline")
	case !f.ClosesAt.After(f.OpenedAt):
		wrong.Addf("closesAt", "range", "the deadline lies in the past")
	case f.ClosesAt.Sub(f.OpenedAt) > maxDuration:
		wrong.Addf("closesAt", "range", "a request lives at most 60 days")
	}
}

func checkPrice(wrong *fault.Collect, t *Terms) {
	switch _, err := money.Mul(t.NamedPrice, t.quantity()); {
	case t.NamedPrice <= 0:
		wrong.Addf("namedPrice", "range", "must be above 0")
	case t.NamedPrice > money.Max || t.quantity() > 0 && err != nil:
		wrong.Addf("namedPrice", "range", "namedPrice × quantity exceeds %d", int64(money.Max))
	}
	if t.Floor != nil && (*t.Floor <= 0 || *t.Floor > t.NamedPrice) {
		wrong.Addf("floor", "range", "must be above 0 and at most the named price")
	}
}

func checkCrowd(wrong *fault.Collect, t *Terms) {
	if q := t.quantity(); q < 1 || q > maxQuantity {
		wrong.Addf("quantity", "range", "must be from 1 to %d", maxQuantity)
	}
	if n := t.minimumQuotes(); n < 1 || n > maxSellers {
		wrong.Addf("minimumQuotes", "range", "must be from 1 to %d", maxSellers)
	}
}

func checkRule(wrong *fault.Collect, t *Terms) {
	switch t.Rule {
	case RuleFirst, RuleOpen, RuleSealed, RuleChoice:
	case "":
		wrong.Addf("rule", "required", "one of first, open, sealed, choice")
	case "rounds":
		wrong.Addf("rule", "unsupported", "rounds are not offered on this site")
	default:
		wrong.Addf("rule", "unknown", "one of first, open, sealed, choice")
	}
	if len(t.Weights) > 0 {
		wrong.Addf("weights", "unsupported", "weighted comparison is not offered on this site")
	}
}

func checkOpen(wrong *fault.Collect, t *Terms) {
	switch {
	case t.MinimumStep == nil && !t.visible():
		wrong.Addf("minimumStep", "required", "a hidden named price has no default step")
	case t.MinimumStep != nil && (*t.MinimumStep <= 0 || *t.MinimumStep > money.Max):
		wrong.Addf("minimumStep", "range", "must be above 0")
	}
	s := valueOr(t.SoftClose, defaultSoftClose)
	if s.WindowSeconds < 0 || s.WindowSeconds > maxSoftClose || s.ExtendSeconds < 0 || s.ExtendSeconds > maxSoftClose {
		wrong.Addf("softClose", "range", "window and length are from 0 to %d seconds", maxSoftClose)
	}
}

// fill sets the defaults of terms that were found possible.
func (t *Terms) fill(c money.Currency) {
	t.PriceVisible = deal.Ptr(t.visible())
	t.Quantity = deal.Ptr(t.quantity())
	t.MinimumQuotes = deal.Ptr(t.minimumQuotes())
	if t.Rule != RuleOpen {
		return
	}
	t.SoftClose = deal.Ptr(valueOr(t.SoftClose, defaultSoftClose))
	if t.MinimumStep == nil {
		t.MinimumStep = deal.Ptr(defaultStep(t.NamedPrice, c.CashUnit))
	}
}

// defaultStep is 1 % of a price, rounded up to the cash unit.
func defaultStep(price, cashUnit money.Amount) money.Amount {
	return money.CeilTo(money.CeilTo(price, 100)/100, cashUnit)
}
