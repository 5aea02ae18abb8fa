package view

import (
	"slices"
	"testing"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/internal/money"
)

func TestBidAmounts(t *testing.T) {
	terms := Terms{Increments: [][2]money.Amount{{1_000_00, 20_00}, {5_000_00, 50_00}, {0, 100_00}}}
	amount := func(a money.Amount) *money.Amount { return &a }
	plain := market.DealView{Kind: deal.English, Status: deal.Open}
	plain.Minimum = amount(1_400_00)
	mine, capped, top, over, other := plain, plain, plain, plain, plain
	mine.Me = &market.MeInDeal{Minimum: amount(2_001_00)}
	capped.BuyNowPrice = amount(1_550_00)
	top.BuyNowPrice = amount(1_400_00)
	over.Status = deal.Settled
	other.Kind = deal.Request
	for name, c := range map[string]struct {
		d    market.DealView
		want []money.Amount
	}{
		"a guest":           {plain, []money.Amount{1_400_00, 1_550_00, 1_800_00}},
		"who leads":         {mine, []money.Amount{2_050_00, 2_200_00, 2_450_00}},
		"under buy-now":     {capped, []money.Amount{1_400_00}},
		"nothing under it":  {top, nil},
		"over":              {over, nil},
		"no auction":        {other, nil},
		"without a minimum": {market.DealView{Kind: deal.English, Status: deal.Open}, nil},
	} {
		if got := bidAmounts(c.d, terms); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if got := bidAmounts(plain, Terms{}); !slices.Equal(got, []money.Amount{1_400_00}) {
		t.Errorf("without increments: %v", got)
	}
}
