package request

import (
	"fmt"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// enterQuote takes a quote into the log. Under first it wins at once where it is within the named price.
func enterQuote(v deal.View, t *Terms, st *State, e deal.Entry) (deal.Effects, error) {
	q, ok := e.Values.(Quote)
	if !ok {
		return deal.Effects{}, fmt.Errorf("request: values of a quote are %T", e.Values)
	}
	if e.Role != deal.Member {
		return deal.Effects{}, fault.New(fault.CodeForbidden, nil)
	}
	next, err := judge(t, v.Currency, v.Own, v.Now, q)
	if err != nil {
		return deal.Effects{}, err
	}
	state := st.withQuote(t.Rule, v.Who, next.UnitPrice, quoted(v.Own) == nil)
	fx := deal.Effects{Own: &deal.Standing{Account: e.Account, Pseudonym: v.Who, Seq: v.Seq, At: v.Now, Active: true, Values: next}}
	if state.Best != st.Best || state.Leader != st.Leader {
		fx.ClosesAt = extended(*t.SoftClose, v.ClosesAt, v.Now)
	}
	wins := t.Rule == RuleFirst && next.UnitPrice <= t.NamedPrice
	if wins {
		state.Winner = v.Seq
		fx.Decision = &deal.Decision{Result: deal.Sold, Awards: 1}
	}
	line, err := quoteLine(v, t, next, e.Salts, after(t, state, fx.ClosesAt))
	if err != nil {
		return deal.Effects{}, err
	}
	fx.State, fx.Lines, fx.Answer = &state, []deal.LineDraft{line}, deal.Answer{Awarded: &wins}
	if t.Rule == RuleOpen {
		fx.Answer.Rank = deal.Ptr(rankOf(v.Crowd, e.Account, next.UnitPrice))
	}
	return fx, nil
}

// extended is the deadline that the soft close sets when the best quote changes now; zero where it does not move.
func extended(s SoftClose, closesAt, now time.Time) time.Time {
	if closesAt.Sub(now) > time.Duration(s.WindowSeconds)*time.Second || s.WindowSeconds == 0 {
		return time.Time{}
	}
	if moved := now.Add(time.Duration(s.ExtendSeconds) * time.Second); moved.After(closesAt) {
		return moved
	}
	return time.Time{}
}

// after is the public state that a quote led to: best quote and seller where the rule shows them, a moved deadline.
func after(t *Terms, st State, moved time.Time) deal.Body {
	b := deal.Body{}
	if t.Rule == RuleOpen {
		b["best"], b["leader"] = st.Best, st.Leader
	}
	if !moved.IsZero() {
		b["closesAt"] = deal.FormatTime(moved)
	}
	return b
}

// quoteLine drafts the log line of a quote; its price is committed where the rule hides it.
func quoteLine(v deal.View, t *Terms, q *Quoted, salts []string, after deal.Body) (deal.LineDraft, error) {
	body := deal.Body{"act": string(deal.Quote), "unitPrice": q.UnitPrice, "quantity": q.Quantity, "values": q.values(), "after": after}
	d := deal.LineDraft{Who: v.Who, Kind: deal.Entered, Body: body}
	if !t.commits() {
		return d, nil
	}
	if len(salts) < 1 {
		return d, fmt.Errorf("request: a hidden quote needs a salt")
	}
	secret := deal.Secret{Field: fieldUnitPrice, Salt: salts[0], Value: int64(q.UnitPrice)}
	body[fieldUnitPrice] = deal.Committed(v.Deal, v.Who, secret)
	d.Secrets = []deal.Secret{secret}
	return d, nil
}

// values is what a quote says beside price and quantity, as the log shows it.
func (q *Quoted) values() deal.Body {
	b := deal.Body{}
	if q.Condition != "" {
		b["condition"] = q.Condition
	}
	if q.DeliveryDays != nil {
		b["deliveryDays"] = *q.DeliveryDays
	}
	return b
}

// rankOf is the place, from 1, of a new quote among those that stand: equal prices rank by age.
func rankOf(crowd []deal.Standing, account string, price money.Amount) int64 {
	rank := int64(1)
	for i := range crowd {
		if q := quoted(&crowd[i]); q != nil && crowd[i].Account != account && q.UnitPrice <= price {
			rank++
		}
	}
	return rank
}
