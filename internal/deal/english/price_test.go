package english

import (
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

func currency(t testing.TB, code string) money.Currency {
	c, err := money.Lookup(code)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestIncrementBands looks every band up one unit below its end, at it and above it.
func TestIncrementBands(t *testing.T) {
	for _, code := range []string{"USD", "TWD"} {
		c := currency(t, code)
		terms := &Terms{Increments: c.Increments()}
		for i, row := range terms.Increments[:len(terms.Increments)-1] {
			below, at := row[1], terms.Increments[i+1][1]
			for price, want := range map[money.Amount]money.Amount{row[0] - 1: below, row[0]: at, row[0] + 1: at} {
				if got := terms.increment(price); got != want {
					t.Errorf("%s: increment(%d) = %d, want %d", code, price, got, want)
				}
			}
		}
	}
}

// TestPublishedIncrements are the rows of the rules, in major units.
func TestPublishedIncrements(t *testing.T) {
	twd, usd := currency(t, "TWD"), currency(t, "USD")
	for _, c := range []struct {
		in          money.Currency
		price, want money.Amount
	}{
		{twd, 9_900, 500}, {twd, 10_000, 1_000}, {twd, 49_900, 1_000}, {twd, 50_000, 2_000}, {twd, 100_000, 5_000}, {twd, 500_000, 10_000},
		{twd, 1_000_000, 50_000}, {twd, 4_999_900, 50_000}, {twd, 5_000_000, 100_000},
		{usd, 99, 5}, {usd, 100, 25}, {usd, 499, 25}, {usd, 500, 50}, {usd, 2_499, 50}, {usd, 2_500, 100}, {usd, 9_999, 100}, {usd, 10_000, 250},
		{usd, 25_000, 500}, {usd, 50_000, 1_000}, {usd, 100_000, 2_500}, {usd, 250_000, 5_000}, {usd, 500_000, 10_000},
	} {
		if got := (&Terms{Increments: c.in.Increments()}).increment(c.price); got != c.want {
			t.Errorf("%s: above %d the step is %d, want %d", c.in.Code, c.price, got, c.want)
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
	} {
		t.Run(name, func(t *testing.T) {
			terms := &Terms{StartPrice: 1000}
			if c.reserve > 0 {
				terms.ReservePrice = deal.Ptr(c.reserve)
			}
			d := newDesk(t, currency(t, "USD"), terms, 24*time.Hour)
			for _, s := range c.steps {
				_, err := d.try(s.who, s.max)
				if got := fault.From(err); s.minimum > 0 && (err == nil || got.Code != fault.CodeBelowMinimum || got.Params["minimum"] != int64(s.minimum)) {
					t.Fatalf("%s bids %d: %v, want below_minimum %d", s.who, s.max, err, s.minimum)
				}
				if s.minimum == 0 && err != nil {
					t.Fatalf("%s bids %d: %v", s.who, s.max, err)
				}
				if got := d.state(); got.Leader != s.leader || got.Standing != s.price {
					t.Errorf("after %s bids %d: %s at %d, want %s at %d", s.who, s.max, got.Leader, got.Standing, s.leader, s.price)
				}
			}
			d.close()
			if err := d.verified(); err != nil {
				t.Error(err)
			}
		})
	}
}
