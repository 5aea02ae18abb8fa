package money

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// amounts draws mostly what is in range, and often what lies at or beyond its ends.
func amounts() *rapid.Generator[Amount] {
	edge := rapid.SampledFrom([]Amount{0, 1, -1, Max, -Max, Max - 1, Max + 1, -Max - 1, math.MaxInt64, math.MinInt64})
	return rapid.OneOf(edge, rapid.Map(rapid.Int64(), func(n int64) Amount { return Amount(n) }),
		rapid.Map(rapid.Int64Range(-int64(Max), int64(Max)), func(n int64) Amount { return Amount(n) }))
}

// inMax says what Add and Mul promise of an exact result.
func inMax(exact *big.Int) bool { return exact.CmpAbs(big.NewInt(int64(Max))) <= 0 }

func sameAsExact(t *rapid.T, what string, got Amount, err error, exact *big.Int, ok bool) {
	switch {
	case !ok && (!errors.Is(err, ErrRange) || got != 0):
		t.Fatalf("%s = %d, %v; want ErrRange, for it is %v", what, got, err, exact)
	case ok && (err != nil || exact.Cmp(big.NewInt(int64(got))) != 0):
		t.Fatalf("%s = %d, %v; want %v", what, got, err, exact)
	}
}

func TestAddIsExactOrOutOfRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := amounts().Draw(t, "a"), amounts().Draw(t, "b")
		exact := new(big.Int).Add(big.NewInt(int64(a)), big.NewInt(int64(b)))
		got, err := Add(a, b)
		sameAsExact(t, "Add", got, err, exact, inRange(a) && inRange(b) && inMax(exact))
	})
}

func TestMulIsExactOrOutOfRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := amounts().Draw(t, "a")
		n := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1000, 1000), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64})).Draw(t, "n")
		exact := new(big.Int).Mul(big.NewInt(int64(a)), big.NewInt(n))
		got, err := Mul(a, n)
		sameAsExact(t, "Mul", got, err, exact, inMax(exact))
	})
}

func TestMulAtTheEdge(t *testing.T) {
	for _, c := range []struct {
		a    Amount
		n    int64
		want Amount
		err  error
	}{
		{Max, 1, Max, nil},
		{Max, -1, -Max, nil},
		{-Max, -1, Max, nil},
		{Max, 2, 0, ErrRange},
		{1 << 26, 1 << 27, 0, ErrRange}, // Max + 1
		{-1 << 26, 1 << 27, 0, ErrRange},
		{1 << 32, 1 << 32, 0, ErrRange}, // 0 in 64 bits
		{math.MinInt64, 1, 0, ErrRange},
		{math.MinInt64, -1, 0, ErrRange},
		{math.MinInt64, 0, 0, nil},
		{0, math.MinInt64, 0, nil},
	} {
		if got, err := Mul(c.a, c.n); got != c.want || !errors.Is(err, c.err) {
			t.Errorf("Mul(%d, %d) = %d, %v; want %d, %v", c.a, c.n, got, err, c.want, c.err)
		}
	}
}

func TestRoundingToUnits(t *testing.T) {
	for _, c := range []struct{ a, unit, floor, ceil Amount }{
		{0, 100, 0, 0}, {1, 100, 0, 100}, {99, 100, 0, 100}, {100, 100, 100, 100}, {101, 100, 100, 200},
		{-1, 100, -100, 0}, {-100, 100, -100, -100}, {-101, 100, -200, -100}, {7, 1, 7, 7}, {Max, 1, Max, Max}, {-Max, 1, -Max, -Max},
	} {
		if f, up := FloorTo(c.a, c.unit), CeilTo(c.a, c.unit); f != c.floor || up != c.ceil {
			t.Errorf("%d in units of %d: floor %d, ceil %d; want %d, %d", c.a, c.unit, f, up, c.floor, c.ceil)
		}
	}
}
