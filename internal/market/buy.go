package market

import (
	"context"

	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/deal/fixed"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/pay"
)

// Buy buys at a listing's price, to be paid within half an hour; or it ends an auction by its buy-now price, paid at
// once.
func (m *Market) Buy(ctx context.Context, a Actor, k Key, dealID string, in PurchaseInput) (EntryView, error) {
	if err := m.begins(ctx, a); err != nil {
		return EntryView{}, err
	}
	ctx = context.WithValue(ctx, counted{}, true)
	d, err := m.dealOf(ctx, dealID, deal.English, deal.Fixed)
	if err != nil {
		return EntryView{}, err
	}
	if err := checkPurchase(in); err != nil {
		return EntryView{}, err
	}
	if d.Kind == deal.Fixed {
		return m.enter(ctx, a, k, entry{deal: dealID, kinds: []deal.Kind{deal.Fixed}, act: deal.Buy,
			values: fixed.Buy{Quantity: in.Quantity, UnitPrice: in.UnitPrice}})
	}
	return m.buyNow(ctx, a, k, d, in)
}

func checkPurchase(in PurchaseInput) error {
	var c fault.Collect
	checkCount(&c, "quantity", in.Quantity, maxPieces)
	checkOptionalPrice(&c, "unitPrice", in.UnitPrice)
	if in.Method != "" && in.Method != "wallet" {
		c.Addf("method", "unknown", "wallet")
	}
	if in.Card != "" {
		checkCard(&c, in.Card)
	}
	return c.Err()
}

// buyNow ends an auction. A card is charged first, under an intent; when the auction refuses, the charge goes back.
func (m *Market) buyNow(ctx context.Context, a Actor, k Key, d engine.Deal, in PurchaseInput) (EntryView, error) {
	if (in.Method == "wallet") == (in.Card != "") {
		return EntryView{}, fault.Invalidf("method", "either method \"wallet\" or a card")
	}
	if in.Quantity != nil && *in.Quantity != 1 {
		return EntryView{}, fault.Invalidf("quantity", "an auction sells one piece")
	}
	e := entry{deal: d.ID, kinds: []deal.Kind{deal.English}, act: deal.Buy, values: english.Buy{Quantity: 1}}
	if in.Card == "" {
		return m.enter(ctx, a, k, e)
	}
	return m.buyByCard(ctx, a, k, d, in, e)
}

func (m *Market) buyByCard(ctx context.Context, a Actor, k Key, d engine.Deal, in PurchaseInput, e entry) (EntryView, error) {
	card, err := pay.ParseCard(in.Card)
	if err != nil {
		return EntryView{}, err
	}
	if v, known, err := m.recallEntry(ctx, a, k); known || err != nil {
		return v, err
	}
	if err := m.tradePermit(a, ScopeTrade); err != nil {
		return EntryView{}, err
	}
	if err := m.mayEnter(ctx, a, d); err != nil {
		return EntryView{}, err
	}
	p, err := m.eng.Public(d)
	if err != nil {
		return EntryView{}, err
	}
	if p.BuyNowPrice == nil {
		return EntryView{}, fault.New(fault.CodeNotOffered, nil)
	}
	intent, err := m.chargeCard(ctx, m.newIntent(a.Account, engineKey(a, k), purposeBuyNow, "", *p.BuyNowPrice), card)
	if err != nil {
		return EntryView{}, err
	}
	e.values = english.Buy{Quantity: 1, ByCard: true}
	e.intent = &intent
	v, err := m.enter(ctx, a, k, e)
	if err != nil && !fault.Is(err, fault.CodeUnavailable) && !fault.Is(err, fault.CodeInternal) {
		m.reverse(ctx, intent) // a replay has used this same intent
	}
	return v, err
}
