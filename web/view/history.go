package view

import (
	"cmp"
	"encoding/json"
	"slices"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/internal/money"
)

// amountOf reads an amount of a log line's body; a committed one is not there.
func amountOf(b deal.Body, name string) (money.Amount, bool) {
	n, ok := numberOf(b, name)
	return money.Amount(n), ok
}

func numberOf(b deal.Body, name string) (int64, bool) {
	switch v := b[name].(type) {
	case int64:
		return v, true
	case int:
		return int64(v), true
	case float64:
		return int64(v), true
	case money.Amount:
		return int64(v), true
	case json.Number:
		n, err := v.Int64()
		return n, err == nil
	}
	return 0, false
}

func wordOf(b deal.Body, name string) string {
	s, _ := b[name].(string)
	return s
}

func after(b deal.Body) deal.Body {
	switch v := b["after"].(type) {
	case deal.Body:
		return v
	case map[string]any:
		return deal.Body(v)
	}
	return nil
}

func actOf(l market.HistoryLine) string { return wordOf(l.Body, "act") }

func sortQuotes(list []market.HistoryLine) {
	slices.SortStableFunc(list, func(a, b market.HistoryLine) int {
		x, _ := amountOf(a.Body, "unitPrice")
		y, _ := amountOf(b.Body, "unitPrice")
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a.Seq, b.Seq))
	})
}

// told says one line of a deal's log in words.
func told(p *Page, d market.DealView, l market.HistoryLine) string {
	name := who(p, d, l.Who)
	switch l.Kind {
	case deal.Opened:
		return p.T("history.opened", "who", name)
	case deal.Entered:
		return toldEntry(p, d, l, name)
	case deal.Changed:
		return toldChange(p, l, name)
	case deal.Revealed:
		n, _ := amountOf(l.Body, "value")
		return p.T("history.revealed", "who", name, "field", p.Or("secret."+wordOf(l.Body, "field"), "secret.other"), "amount", n)
	case deal.Awarded:
		return toldAward(p, d, l)
	case deal.Closed:
		return p.Or("history.closed."+wordOf(l.Body, "result"), "history.closed.failed")
	}
	return string(l.Kind)
}

func toldEntry(p *Page, d market.DealView, l market.HistoryLine, name string) string {
	state := after(l.Body)
	switch deal.Act(actOf(l)) {
	case deal.Bid:
		now, _ := amountOf(state, "standing")
		if counts, ok := l.Body["counts"].(bool); ok && !counts {
			return p.T("history.bidNotCounted", "who", name)
		}
		if wordOf(state, "leader") == l.Who {
			return p.T("history.bidLeads", "who", name, "amount", now)
		}
		return p.T("history.bid", "who", name, "amount", now)
	case deal.Buy:
		return toldPurchase(p, d, l, state, name)
	case deal.Quote:
		if price, open := amountOf(l.Body, "unitPrice"); open {
			return p.T("history.quote", "who", name, "amount", price)
		}
		return p.T("history.quoteSealed", "who", name)
	case deal.Pledge:
		return toldPledge(p, l, state, name)
	}
	return p.T("history.entered", "who", name)
}

func toldPurchase(p *Page, d market.DealView, l market.HistoryLine, state deal.Body, name string) string {
	if d.Kind == deal.English {
		now, _ := amountOf(state, "standing")
		return p.T("history.buyNow", "who", name, "amount", now)
	}
	n, _ := numberOf(l.Body, "quantity")
	return p.N("history.buy", n, "who", name)
}

func toldPledge(p *Page, l market.HistoryLine, state deal.Body, name string) string {
	n, _ := numberOf(l.Body, "quantity")
	pieces, _ := numberOf(state, "pieces")
	text := p.N("history.pledge", n, "who", name, "pieces", pieces)
	if price, ok := amountOf(state, "unitPrice"); ok {
		text += p.T("text.join") + p.T("history.pledgePrice", "amount", price)
	}
	return text
}

func toldChange(p *Page, l market.HistoryLine, name string) string {
	if deal.Act(actOf(l)) == deal.FallThrough {
		return p.T("history.changed.fall_through")
	}
	text := p.Or("history.changed."+actOf(l), "history.changed")
	text = name + p.T("history.join") + text
	if reason := wordOf(l.Body, "reason"); reason != "" {
		text += " " + p.T("history.because", "reason", p.Or("reason."+reason, "reason.other"))
	}
	return text
}

func toldAward(p *Page, d market.DealView, l market.HistoryLine) string {
	n, _ := numberOf(l.Body, "quantity")
	price, _ := amountOf(l.Body, "unitPrice")
	key := "history.awarded"
	if d.Kind == deal.Request {
		key = "history.awarded.request"
	}
	return p.N(key, n, "who", who(p, d, wordOf(l.Body, "to")), "amount", price)
}
