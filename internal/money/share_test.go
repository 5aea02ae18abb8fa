package money

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestFeeTable(t *testing.T) {
	for _, c := range []struct {
		base  Amount
		basis int64
		unit  Amount
		want  Amount
	}{
		{100_000, 500, 100, 5_000}, // NT$1,000 at 5 %
		{1_000, 500, 100, 100},     // NT$10: 0.5 goes up
		{900, 500, 100, 0},         // NT$9: 0.45 goes down
		{2_900, 500, 100, 100},     // 1.45
		{3_000, 500, 100, 200},     // 1.5
		{125_000, 500, 100, 6_300}, // 62.5
		{124_900, 500, 100, 6_200}, // 62.45
		{0, 500, 100, 0},
		{100_000, 0, 100, 0},
		{100_000, 10_000, 100, 100_000},
		{10, 500, 1, 1}, // US$0.10: half a cent
		{9, 500, 1, 0},
		{2_599, 500, 1, 130}, // 129.95
		{1, 5_000, 1, 1},
		{Max, 10_000, 1, Max},
		{Max - 91, 9_999, 100, 9_006_298_534_815_400},
	} {
		if got := Fee(c.base, c.basis, c.unit); got != c.want {
			t.Errorf("Fee(%d, %d, %d) = %d, want %d", c.base, c.basis, c.unit, got, c.want)
		}
	}
}

// TestFeeIsHalfUp holds the fee against exact fractions: the distance is at most half a unit, and half goes up.
func TestFeeIsHalfUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]Amount{1, 5, 10, 100}).Draw(t, "unit")
		base := unit * Amount(rapid.OneOf(rapid.Int64Range(0, 2000), rapid.Int64Range(0, int64(Max)/100)).Draw(t, "units"))
		basis := rapid.OneOf(rapid.Int64Range(0, 10_000), rapid.SampledFrom([]int64{0, 500, 250, 10_000})).Draw(t, "basis points")
		got := Fee(base, basis, unit)
		exact := new(big.Rat).Mul(big.NewRat(int64(base), 1), big.NewRat(basis, 10_000))
		above := new(big.Rat).Sub(big.NewRat(int64(got), 1), exact)
		half := big.NewRat(int64(unit), 2)
		if above.Cmp(half) > 0 || above.Cmp(new(big.Rat).Neg(half)) <= 0 {
			t.Fatalf("Fee(%d, %d, %d) = %d, which is %v above %v", base, basis, unit, got, above, exact)
		}
		if got%unit != 0 || got < 0 || got > base {
			t.Fatalf("Fee(%d, %d, %d) = %d: no part of the base in whole units", base, basis, unit, got)
		}
	})
}

func TestSplitTable(t *testing.T) {
	for name, c := range map[string]struct {
		total   Amount
		weights []int64
		unit    Amount
		want    []Amount
	}{
		"even":                        {300, []int64{1, 1, 1}, 100, []Amount{100, 100, 100}},
		"one over goes to the oldest": {400, []int64{1, 1, 1}, 100, []Amount{200, 100, 100}},
		"two over":                    {500, []int64{1, 1, 1}, 100, []Amount{200, 200, 100}},
		"the largest remainder first": {10_000, []int64{41, 39, 20}, 1000, []Amount{4000, 4000, 2000}},
		"remainder before age":        {700, []int64{1, 2}, 100, []Amount{200, 500}},
		"the cash unit counts":        {100, []int64{1, 2}, 100, []Amount{0, 100}},
		"cents":                       {100, []int64{1, 1, 1}, 1, []Amount{34, 33, 33}},
		"nothing for nobody":          {100, []int64{0, 3, 0}, 1, []Amount{0, 100, 0}},
		"nobody":                      {100, []int64{0, 0}, 1, []Amount{0, 0}},
		"empty":                       {100, nil, 1, []Amount{}},
		"nothing to share":            {0, []int64{2, 1}, 100, []Amount{0, 0}},
		"weights beyond 64 bits":      {3, []int64{1<<63 - 1, 1<<63 - 1, 1<<63 - 1}, 1, []Amount{1, 1, 1}},
		"the greatest total":          {Max, []int64{1, 1}, 1, []Amount{Max/2 + 1, Max / 2}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Split(c.total, c.weights, c.unit); !slices.Equal(got, c.want) {
				t.Errorf("Split(%d, %v, %d) = %v, want %v", c.total, c.weights, c.unit, got, c.want)
			}
		})
	}
}

// hamilton is the rule said again, slowly: exact quotas, then one unit after another to whom most is missing, the
// older of equals.
func hamilton(units int64, weights []int64) []int64 {
	sum := new(big.Rat)
	for _, w := range weights {
		sum.Add(sum, big.NewRat(w, 1))
	}
	shares := make([]int64, len(weights))
	missing := make([]*big.Rat, len(weights))
	left := units
	for i, w := range weights {
		quota := new(big.Rat).Quo(new(big.Rat).Mul(big.NewRat(units, 1), big.NewRat(w, 1)), sum)
		shares[i] = new(big.Int).Quo(quota.Num(), quota.Denom()).Int64()
		missing[i] = quota.Sub(quota, big.NewRat(shares[i], 1))
		left -= shares[i]
	}
	for ; left > 0; left-- {
		most := 0
		for i := range missing {
			if missing[i].Cmp(missing[most]) > 0 {
				most = i
			}
		}
		shares[most]++
		missing[most].SetInt64(-1)
	}
	return shares
}

func TestSplitIsLargestRemainder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]Amount{1, 5, 100}).Draw(t, "unit")
		units := rapid.OneOf(rapid.Int64Range(0, 50), rapid.Int64Range(0, int64(Max)/100)).Draw(t, "units")
		small, any := rapid.Int64Range(0, 5), rapid.Int64Range(0, 1<<62)
		weights := rapid.SliceOfN(rapid.OneOf(small, any), 1, 12).Draw(t, "weights")
		if !slices.ContainsFunc(weights, func(w int64) bool { return w > 0 }) {
			weights[0] = 1
		}
		total := Amount(units) * unit
		got, want := Split(total, weights, unit), hamilton(units, weights)
		var sum Amount
		for i := range got {
			sum += got[i]
			if got[i] != Amount(want[i])*unit {
				t.Fatalf("Split(%d, %v, %d) = %v, want %v units", total, weights, unit, got, want)
			}
		}
		if sum != total {
			t.Fatalf("Split(%d, %v, %d) = %v, which sums to %d", total, weights, unit, got, sum)
		}
	})
}
