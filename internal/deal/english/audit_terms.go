package english

import (
	"haggle/internal/deal"
	"haggle/internal/money"
)

// readTerms reads the log's terms; the reserve, a commitment, is filled in when it is opened.
func readTerms(t *deal.Transcript) (*Terms, error) {
	l := t.Lines[0]
	if err := deal.OnlyKeys(l, t.Terms, "startPrice", fieldReserve, "buyNowPrice", "increments", "softClose"); err != nil {
		return nil, err
	}
	start, ok := amount(t.Terms["startPrice"])
	table, ok2 := readTable(t.Terms["increments"])
	soft, ok3 := readSoftClose(t.Terms["softClose"])
	if !ok || !ok2 || !ok3 {
		return nil, deal.Wrong(0, "startPrice, increments and softClose are required")
	}
	terms := &Terms{StartPrice: start, Increments: table, SoftClose: soft}
	if v, there := t.Terms["buyNowPrice"]; there {
		price, ok := amount(v)
		if !ok {
			return nil, deal.Wrong(0, "buyNowPrice is no amount")
		}
		terms.BuyNowPrice = &price
	}
	if v, there := t.Terms[fieldReserve]; there && !isCommitment(v) {
		return nil, deal.Wrong(0, "the reserve is no commitment")
	}
	return terms, possible(t, terms)
}

// possible refuses terms that no auction could have had.
func possible(t *deal.Transcript, terms *Terms) error {
	err := terms.check(frame(t, terms))
	if err == nil {
		err = terms.checkCash(t.Currency)
	}
	if err != nil {
		return deal.Wrong(0, "impossible terms: %v", err)
	}
	return nil
}

func amount(v any) (money.Amount, bool) {
	n, ok := v.(int64)
	return money.Amount(n), ok
}

func readSoftClose(v any) (*SoftClose, bool) {
	b, _ := v.(deal.Body)
	window, ok := b["windowSeconds"].(int64)
	extend, ok2 := b["extendSeconds"].(int64)
	return &SoftClose{WindowSeconds: window, ExtendSeconds: extend}, ok && ok2 && len(b) == 2
}

func readTable(v any) ([][2]money.Amount, bool) {
	rows, ok := v.([]any)
	out := make([][2]money.Amount, len(rows))
	for i, row := range rows {
		pair, _ := row.([]any)
		if len(pair) != 2 {
			return nil, false
		}
		below, ok1 := amount(pair[0])
		step, ok2 := amount(pair[1])
		if !ok1 || !ok2 {
			return nil, false
		}
		out[i] = [2]money.Amount{below, step}
	}
	return out, ok
}

func frame(t *deal.Transcript, terms *Terms) deal.Frame {
	return deal.Frame{Deal: t.Deal, Owner: "owner", Currency: t.Currency, OpenedAt: t.OpenedAt, ClosesAt: t.ClosesAt, Terms: terms}
}
