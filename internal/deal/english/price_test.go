package english

import (
	"fmt"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// band is a row of the published tables: prices below an end rise by a step.
type band struct{ below, step money.Amount }

var published = map[string]struct {
	unit  money.Amount
	bands []band
	rest  money.Amount
}{
	"USD": {1, []band{{1_00, 5}, {5_00, 25}, {25_00, 50}, {100_00, 1_00}, {250_00, 2_50}, {500_00, 5_00}, {1_000_00, 10_00},
		{2_500_00, 25_00}, {5_000_00, 50_00}}, 100_00},
	"TWD": {100, []band{{100_00, 5_00}, {500_00, 10_00}, {1_000_00, 20_00}, {5_000_00, 50_00}, {10_000_00, 100_00},
		{50_000_00, 500_00}}, 1_000_00},
}

// TestEveryBand bids at every end of a band, one unit below it and above it: against a start price there the minimum
// is one step higher, and over a second maximum there a winner pays one step more.
func TestEveryBand(t *testing.T) {
	for currency, table := range published {
		for i, b := range table.bands {
			next := table.rest
			if i+1 < len(table.bands) {
				next = table.bands[i+1].step
			}
			for price, step := range map[money.Amount]money.Amount{b.below - table.unit: b.step, b.below: next, b.below + table.unit: next} {
				t.Run(fmt.Sprint(currency, " ", price), func(t *testing.T) {
					a := auctionIn(t, currency, Terms{StartPrice: price}, time.Hour)
					a.bid("ann", price)
					a.stands("ann", price)
					_, err := a.try("bob", price+step-table.unit)
					if least := refused(t, err, fault.CodeBelowMinimum)["minimum"]; least != int64(price+step) {
						t.Fatalf("the minimum over %d is %v, want %d", price, least, price+step)
					}
					a.bid("bob", price+step)
					a.stands("bob", price+step)
					a.verified()

					a = auctionIn(t, currency, Terms{StartPrice: table.unit}, time.Hour)
					a.bid("ann", price)
					a.bid("bob", price+10*step)
					a.stands("bob", price+step)
					a.verified()
				})
			}
		}
	}
}

// TestStanding is the formula by hand: USD, start 10.00.
func TestStanding(t *testing.T) {
	type step struct {
		who     string
		max     money.Amount
		leader  string
		price   money.Amount
		minimum money.Amount // of a refusal
	}
	for name, c := range map[string]struct {
		reserve money.Amount
		steps   []step
	}{
		"the first bid stands at the start":           {0, []step{{"a", 5000, "a", 1000, 0}}},
		"the first bid that reaches the reserve":      {4000, []step{{"a", 5000, "a", 4000, 0}}},
		"a first bid below the reserve":               {4000, []step{{"a", 3000, "a", 1000, 0}}},
		"exactly the reserve":                         {4000, []step{{"a", 4000, "a", 4000, 0}}},
		"one unit below the reserve":                  {4000, []step{{"a", 3999, "a", 1000, 0}}},
		"a higher maximum leads one step above":       {0, []step{{"a", 2000, "a", 1000, 0}, {"b", 5000, "b", 2050, 0}}},
		"a maximum inside the step leads at itself":   {0, []step{{"a", 2000, "a", 1000, 0}, {"b", 2030, "b", 2030, 0}}},
		"a lower maximum lifts the leader":            {0, []step{{"a", 5000, "a", 1000, 0}, {"b", 3000, "a", 3100, 0}}},
		"an equal maximum leaves the earlier leading": {0, []step{{"a", 5000, "a", 1000, 0}, {"b", 5000, "a", 5000, 0}}},
		"lifted no further than his maximum":          {0, []step{{"a", 5000, "a", 1000, 0}, {"b", 4990, "a", 5000, 0}}},
		"below the start":                             {0, []step{{"a", 999, "", 0, 1000}}},
		"at the minimum":                              {0, []step{{"a", 5000, "a", 1000, 0}, {"b", 1050, "a", 1100, 0}}},
		"one unit below the minimum":                  {0, []step{{"a", 5000, "a", 1000, 0}, {"b", 1049, "a", 1000, 1050}}},
		"the leader raises himself by one unit":       {0, []step{{"a", 5000, "a", 1000, 0}, {"a", 5001, "a", 1000, 0}}},
		"the leader does not raise himself":           {0, []step{{"a", 5000, "a", 1000, 0}, {"a", 5000, "a", 1000, 5001}}},
		"a cut step grows when the leader raises":     {0, []step{{"a", 2000, "a", 1000, 0}, {"b", 2030, "b", 2030, 0}, {"b", 9000, "b", 2050, 0}}},
		"the leader raises himself to the reserve":    {4000, []step{{"a", 3000, "a", 1000, 0}, {"a", 4500, "a", 4000, 0}}},
		"the reserve is passed by a rival's lift":     {4000, []step{{"a", 6000, "a", 4000, 0}, {"b", 5000, "a", 5100, 0}}},
		"the step is looked up at the second maximum": {0, []step{{"a", 2490, "a", 1000, 0}, {"b", 9000, "b", 2540, 0}}},
		"a bidder's own lower maximum lifts nobody":   {0, []step{{"a", 2000, "a", 1000, 0}, {"b", 3000, "b", 2050, 0}, {"b", 8000, "b", 2050, 0}}},
	} {
		t.Run(name, func(t *testing.T) {
			terms := Terms{StartPrice: 1000}
			if c.reserve > 0 {
				terms.ReservePrice = deal.Ptr(c.reserve)
			}
			a := dollars(t, terms)
			for _, s := range c.steps {
				_, err := a.try(s.who, s.max)
				if s.minimum == 0 {
					must(t, err)
				} else if got := refused(t, err, fault.CodeBelowMinimum)["minimum"]; got != int64(s.minimum) {
					t.Fatalf("the minimum is %v, want %d", got, s.minimum)
				}
				a.stands(s.leader, s.price)
			}
			a.verified()
		})
	}
}
