package english

import (
	"slices"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/dealtest"
	"haggle/internal/fault"
	"haggle/internal/money"
)

func table(rows ...[2]money.Amount) [][2]money.Amount { return rows }

// TestTerms lists terms at the edge of what is possible, in TWD, and the fields that are wrong.
func TestTerms(t *testing.T) {
	cash := []string{"not_cash"}
	for name, c := range map[string]struct {
		terms Terms
		wrong []string
	}{
		"a start price is enough":          {Terms{StartPrice: 100}, nil},
		"no start price":                   {Terms{}, []string{"startPrice"}},
		"a negative one":                   {Terms{StartPrice: -100}, []string{"startPrice"}},
		"one beyond all range":             {Terms{StartPrice: money.Max - 91}, []string{"startPrice"}},
		"no cash amount":                   {Terms{StartPrice: 150}, cash},
		"a reserve at the start":           {Terms{StartPrice: 1000, ReservePrice: deal.Ptr[money.Amount](1000)}, nil},
		"a reserve below it":               {Terms{StartPrice: 1000, ReservePrice: deal.Ptr[money.Amount](900)}, []string{"reservePrice"}},
		"a reserve that is no cash":        {Terms{StartPrice: 1000, ReservePrice: deal.Ptr[money.Amount](1001)}, cash},
		"buy-now at 130 %":                 {Terms{StartPrice: 1000, BuyNowPrice: deal.Ptr[money.Amount](1300)}, nil},
		"buy-now one unit below":           {Terms{StartPrice: 1000, BuyNowPrice: deal.Ptr[money.Amount](1200)}, []string{"buyNowPrice"}},
		"130 % rounded up to cash":         {Terms{StartPrice: 900, BuyNowPrice: deal.Ptr[money.Amount](1200)}, nil},
		"130 % rounded down is not enough": {Terms{StartPrice: 900, BuyNowPrice: deal.Ptr[money.Amount](1100)}, []string{"buyNowPrice"}},
		"buy-now below the reserve": {Terms{StartPrice: 1000, ReservePrice: deal.Ptr[money.Amount](2000),
			BuyNowPrice: deal.Ptr[money.Amount](1900)}, []string{"buyNowPrice"}},
		"a table of one row":         {Terms{StartPrice: 100, Increments: table([2]money.Amount{0, 100})}, nil},
		"an empty table":             {Terms{StartPrice: 100, Increments: [][2]money.Amount{}}, []string{"increments"}},
		"no last row":                {Terms{StartPrice: 100, Increments: table([2]money.Amount{500, 100})}, []string{"increments"}},
		"bands that do not rise":     {Terms{StartPrice: 100, Increments: table([2]money.Amount{500, 100}, [2]money.Amount{500, 200}, [2]money.Amount{0, 300})}, []string{"increments"}},
		"a step that falls":          {Terms{StartPrice: 100, Increments: table([2]money.Amount{500, 200}, [2]money.Amount{0, 100})}, []string{"increments"}},
		"a step of 0":                {Terms{StartPrice: 100, Increments: table([2]money.Amount{0, 0})}, []string{"increments"}},
		"a step that is no cash":     {Terms{StartPrice: 100, Increments: table([2]money.Amount{0, 50})}, cash},
		"too many bands":             {Terms{StartPrice: 100, Increments: slices.Repeat(table([2]money.Amount{0, 100}), maxBands+1)}, []string{"increments"}},
		"a hard close":               {Terms{StartPrice: 100, SoftClose: &SoftClose{}}, nil},
		"a negative window":          {Terms{StartPrice: 100, SoftClose: &SoftClose{WindowSeconds: -1}}, []string{"softClose"}},
		"an extension beyond a day":  {Terms{StartPrice: 100, SoftClose: &SoftClose{ExtendSeconds: maxSoftClose + 1}}, []string{"softClose"}},
		"every wrong field together": {Terms{BuyNowPrice: deal.Ptr[money.Amount](-1), SoftClose: &SoftClose{ExtendSeconds: -1}}, []string{"startPrice", "buyNowPrice", "softClose"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := dealtest.Open(t, New(), &c.terms, dealtest.Options{Currency: "TWD"})
			switch {
			case c.wrong == nil:
				must(t, err)
			case c.wrong[0] == "not_cash":
				refused(t, err, fault.CodeNotCash)
			default:
				refused(t, err, fault.CodeInvalid)
				var fields []string
				for _, f := range fault.From(err).Fields {
					fields = append(fields, f.Name)
				}
				if !slices.Equal(fields, c.wrong) {
					t.Errorf("wrong fields %v, want %v", fields, c.wrong)
				}
			}
		})
	}
}

// TestBuyNowIsRoundedUp: 130 % of one cent is two.
func TestBuyNowIsRoundedUp(t *testing.T) {
	for price, ok := range map[money.Amount]bool{1: false, 2: true} {
		if _, err := dealtest.Open(t, New(), &Terms{StartPrice: 1, BuyNowPrice: &price}, dealtest.Options{}); (err == nil) != ok {
			t.Errorf("%d: %v", price, err)
		}
	}
}

func TestAnAuctionHasADeadline(t *testing.T) {
	_, err := dealtest.Open(t, New(), &Terms{StartPrice: 100}, dealtest.Options{Length: -1})
	refused(t, err, fault.CodeInvalid)
}

// TestDefaults are the rule's numbers, filled into a copy and logged.
func TestDefaults(t *testing.T) {
	given := Terms{StartPrice: 100_00}
	a := auctionIn(t, "TWD", given, time.Hour)
	if given.Increments != nil || given.SoftClose != nil {
		t.Error("the terms that were given changed")
	}
	if got := *a.terms().SoftClose; got != (SoftClose{300, 300}) {
		t.Errorf("soft close %+v, want 5 minutes and 5 minutes", got)
	}
	want := `{"increments":[[10000,500],[50000,1000],[100000,2000],[500000,5000],[1000000,10000],[5000000,50000],[0,100000]],` +
		`"softClose":{"extendSeconds":300,"windowSeconds":300},"startPrice":10000}`
	if got := canonical(a.Lines()[0].Body["terms"]); string(got) != want {
		t.Errorf("logged terms\n%s\nwant\n%s", got, want)
	}
}

// TestReserveIsCommitted shows the reserve to nobody but the owner.
func TestReserveIsCommitted(t *testing.T) {
	a := dollars(t, Terms{StartPrice: 1000, ReservePrice: deal.Ptr[money.Amount](7777), BuyNowPrice: deal.Ptr[money.Amount](9000)})
	secret := a.Secrets(0)[0]
	if secret.Field != "reservePrice" || secret.Value != 7777 {
		t.Fatalf("secret %+v", secret)
	}
	logged := a.Lines()[0].Body["terms"].(deal.Body)["reservePrice"]
	if !same(deal.Committed(dealtest.ID, "owner", secret), logged) {
		t.Errorf("logged %s", canonical(logged))
	}
	p := a.Public()
	if p.Terms.(*Terms).ReservePrice != nil || !p.HasReserve || *p.ReserveMet || *p.BuyNowPrice != 9000 {
		t.Errorf("public %+v", p)
	}
	if own := a.terms().OwnerSecrets(); *own.ReservePrice != 7777 {
		t.Errorf("the owner is told %d", *own.ReservePrice)
	}
	a.bid("ann", 7777)
	if p := a.Public(); !*p.ReserveMet || p.BuyNowPrice != nil || *p.Standing != 7777 {
		t.Errorf("met: %+v", p)
	}
}
