package request

import (
	"slices"
	"time"
	"unicode/utf8"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

const (
	maxDeliveryDays = 365
	maxMessage      = 2000 // characters
	maxTries        = 5    // quotes of one seller to a hidden named price under first
	probePause      = 24 * time.Hour
)

// conditions are the codes in which a seller may say in what condition his goods are.
var conditions = []string{"new", "like_new", "good", "fair", "parts"}

// Quote is a seller's answer to a request: the Values of a [deal.Quote] entry.
type Quote struct {
	UnitPrice    money.Amount
	Quantity     *int64 // nil: all that is wanted
	Condition    string // a code; "": as asked for
	DeliveryDays *int64
	Message      string // for the buyer; never in the log
}

// Check refuses a quote whose fields are of no use for these terms, all of them at once.
func (q Quote) Check(t *Terms) error {
	var wrong fault.Collect
	want, n := t.quantity(), valueOr(q.Quantity, t.quantity())
	switch {
	case n < 1 || n > want:
		wrong.Addf("quantity", "range", "must be from 1 to %d", want)
	case n != want && !t.Split:
		wrong.Addf("quantity", "range", "must be %d: the request is not to be split", want)
	}
	if total, err := money.Mul(q.UnitPrice, want); q.UnitPrice <= 0 || err != nil || total > money.Max {
		wrong.Addf("unitPrice", "range", "must be above 0 and in range")
	}
	if q.Condition != "" && !slices.Contains(conditions, q.Condition) {
		wrong.Addf("condition", "unknown", "one of %v", conditions)
	}
	if d := valueOr(q.DeliveryDays, 0); d < 0 || d > maxDeliveryDays {
		wrong.Addf("deliveryDays", "range", "must be from 0 to %d", maxDeliveryDays)
	}
	if utf8.RuneCountInString(q.Message) > maxMessage || !utf8.ValidString(q.Message) {
		wrong.Addf("message", "length", "at most %d characters", maxMessage)
	}
	return wrong.Err()
}

// judge accepts or refuses a quote by what its maker may know: the terms without their secrets, his own standing and
// the time. Whether it wins is not judged here.
func judge(t *Terms, c money.Currency, own *deal.Standing, now time.Time, q Quote) (*Quoted, error) {
	if err := q.Check(t); err != nil {
		return nil, err
	}
	if err := deal.Cash(c, q.UnitPrice); err != nil {
		return nil, err
	}
	if t.visible() && q.UnitPrice > t.NamedPrice {
		return nil, fault.New(fault.CodeAboveNamedPrice, fault.Params{"namedPrice": int64(t.NamedPrice)})
	}
	last := quoted(own)
	if most, bound := highestNext(t, c, last); bound && q.UnitPrice > most {
		return nil, fault.New(fault.CodeNotLowerThanOwn, fault.Params{"maximum": int64(max(most, 0))})
	}
	next := &Quoted{UnitPrice: q.UnitPrice, Quantity: valueOr(q.Quantity, t.quantity()), Condition: q.Condition,
		DeliveryDays: q.DeliveryDays, Message: q.Message, Tries: 1}
	if last == nil {
		return next, nil
	}
	next.Tries = last.Tries + 1
	return next, probing(t, last, next, own.At, now)
}

// highestNext is the most that a seller's next quote may ask, where his last one bounds it: quotes that are seen bind,
// so they only fall.
func highestNext(t *Terms, c money.Currency, last *Quoted) (most money.Amount, bound bool) {
	switch {
	case last == nil:
		return 0, false
	case t.Rule == RuleOpen:
		return last.UnitPrice - *t.MinimumStep, true
	case t.Rule == RuleChoice:
		return last.UnitPrice - c.CashUnit, true
	}
	return 0, false
}

// probing refuses to let a seller search for a hidden named price under first: his next quote waits 24 h or changes
// materially, and there are at most five.
func probing(t *Terms, last, next *Quoted, lastAt, now time.Time) error {
	if t.Rule != RuleFirst || t.visible() {
		return nil
	}
	if next.Tries > maxTries {
		return fault.New(fault.CodeLimit, fault.Params{"limit": maxTries})
	}
	if until := lastAt.Add(probePause); now.Before(until) && next.sameGoods(last) {
		return fault.New(fault.CodeLimit, fault.Params{"limit": maxTries, "until": deal.FormatTime(until)})
	}
	return nil
}
