package view

import (
	"strings"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/internal/money"
)

// TestOverIsOver looks for words of an open deal on one that is over.
func TestOverIsOver(t *testing.T) {
	p := page(t)
	d := auctionOf(3, 175000)
	d.Status = deal.Settled
	for _, l := range []Ladder{CardLadder(p, d), PageLadder(p, d)} {
		if l.Ahead != "" || strings.Contains(l.Text, "next") {
			t.Errorf("a next bid is drawn: %q, %s", l.Ahead, l.Text)
		}
	}
	if got := priceTag(p, d); got.caption != "Sold for" || *got.amount != 175000 || got.live != "" {
		t.Errorf("the price is %+v", got)
	}
	d.Status = deal.Failed
	if got := priceTag(p, d).caption; got != "Last bid" {
		t.Errorf("unsold: %q", got)
	}
}

func TestSoldAtOnePriceOnly(t *testing.T) {
	award := func(price money.Amount) market.AwardView { return market.AwardView{Quantity: 1, UnitPrice: price} }
	for _, c := range []struct {
		name   string
		result deal.Result
		awards []market.AwardView
		count  int64
		want   money.Amount // 0: none
	}{
		{"one award", deal.Sold, []market.AwardView{award(850)}, 1, 850},
		{"two at one price", deal.Sold, []market.AwardView{award(850), award(850)}, 2, 850},
		{"two prices", deal.Sold, []market.AwardView{award(850), award(900)}, 2, 0},
		{"more than are shown", deal.Sold, []market.AwardView{award(850)}, 2, 0},
		{"called off", deal.ResultCancel, nil, 0, 0},
	} {
		d := requestOf(2, nil)
		d.Outcome = &market.OutcomeView{Result: c.result, Awards: c.awards, AwardCount: c.count}
		var got money.Amount
		if price := soldAt(d); price != nil {
			got = *price
		}
		if got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

// TestEndedWhenTheLogSaysSo closes a deal a day before it was to close.
func TestEndedWhenTheLogSaysSo(t *testing.T) {
	now := time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)
	d := requestOf(1, nil)
	d.Now, d.ClosesAt = market.Time(now), market.AtOrNil(now.Add(24*time.Hour))
	if got := endedAt(d, nil); got != nil {
		t.Errorf("without a log it ended at %v", got.Std())
	}
	closed := market.HistoryLine{Kind: deal.Closed, At: market.Time(now.Add(-time.Hour))}
	if got := endedAt(d, []market.HistoryLine{closed}); got == nil || !got.Std().Equal(now.Add(-time.Hour)) {
		t.Errorf("it ended at %v", got)
	}
}

// TestOwnCeilingIsDrawnWhereItLimits puts the line at the first step that the member takes.
func TestOwnCeilingIsDrawnWhereItLimits(t *testing.T) {
	p := page(t)
	for ceiling, drawn := range map[money.Amount]bool{100_000: false, 99_000: true, 98_500: true} {
		d := groupOf(3, 6)
		d.Me = &market.MeInDeal{}
		d.Me.Active, d.Me.Ceiling = true, &ceiling
		if l := PageLadder(p, d); (l.Limit != "") != drawn {
			t.Errorf("ceiling %d: line %q", ceiling, l.Limit)
		}
	}
}
