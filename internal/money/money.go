// Package money is exact money: integers in minor units, never a float.
//
// Most callers need two functions: [Currency].Parse for what people type, [Split] for shares that add up.
package money

import (
	"errors"
	"math/big"
	"math/bits"
	"slices"
)

// Amount is a sum of money in minor units of its currency (cents).
type Amount int64

// Max bounds every amount to what a public log can write: integers that all JSON readers represent exactly.
const Max Amount = 1<<53 - 1

// ErrRange says that a result leaves ±[Max].
var ErrRange = errors.New("money: amount out of range")

func inRange(a Amount) bool { return a <= Max && a >= -Max }

// Add is a + b, or ErrRange.
func Add(a, b Amount) (Amount, error) {
	if !inRange(a) || !inRange(b) || !inRange(a+b) {
		return 0, ErrRange
	}
	return a + b, nil
}

// Mul is a × n, or ErrRange.
func Mul(a Amount, n int64) (Amount, error) {
	if a == 0 || n == 0 {
		return 0, nil
	}
	hi, lo := bits.Mul64(magnitude(int64(a)), magnitude(n))
	if hi != 0 || lo > uint64(Max) {
		return 0, ErrRange
	}
	if (a < 0) != (n < 0) {
		return -Amount(lo), nil
	}
	return Amount(lo), nil
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// CeilTo is the least multiple of unit that is not below a. The unit is positive.
func CeilTo(a, unit Amount) Amount { return -FloorTo(-a, unit) }

// FloorTo is the greatest multiple of unit that is not above a. The unit is positive.
func FloorTo(a, unit Amount) Amount {
	r := a % unit
	if r < 0 {
		r += unit
	}
	return a - r
}

// Fee is base × basisPoints / 10,000, rounded half up to a whole multiple of unit. Base, rate and unit are not
// negative.
func Fee(base Amount, basisPoints int64, unit Amount) Amount {
	num := new(big.Int).Mul(big.NewInt(int64(base)), big.NewInt(basisPoints))
	den := new(big.Int).Mul(big.NewInt(10_000), big.NewInt(int64(unit)))
	num.Add(num.Lsh(num, 1), den) // half up: floor((2·num + den) / (2·den))
	q := num.Div(num, den.Lsh(den, 1))
	return Amount(q.Int64()) * unit
}

// Split divides total in proportion to weights, in whole multiples of unit, by the largest remainder method (Hamilton);
// equal remainders go to the older, that is the lower index. The shares add up to total, which must be a multiple of
// unit; where every weight is zero, all of it goes to nobody: the shares are zero and the caller keeps the total.
func Split(total Amount, weights []int64, unit Amount) []Amount {
	shares := make([]Amount, len(weights))
	sum := new(big.Int)
	for _, w := range weights {
		sum.Add(sum, big.NewInt(w))
	}
	if sum.Sign() <= 0 {
		return shares
	}
	units := int64(total / unit)
	left := units
	remainders := make([]*big.Int, len(weights))
	order := make([]int, len(weights))
	for i, w := range weights {
		whole, rest := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(units), big.NewInt(w)), sum, new(big.Int))
		shares[i], remainders[i], order[i] = Amount(whole.Int64())*unit, rest, i
		left -= whole.Int64()
	}
	slices.SortStableFunc(order, func(a, b int) int { return remainders[b].Cmp(remainders[a]) })
	for _, i := range order[:left] {
		shares[i] += unit
	}
	return shares
}
