package money

import (
	"math/big"
	"slices"
)

// wholeBasis is 100 % in basis points.
const wholeBasis = 10_000

// Fee is base × basisPoints / 10,000, rounded half up to a whole multiple of unit. Base and rate are not negative, the
// rate is at most 10,000, the unit is positive. Of a base that is a multiple of unit the fee is never more than it.
func Fee(base Amount, basisPoints int64, unit Amount) Amount {
	exact := new(big.Int).Mul(big.NewInt(int64(base)), big.NewInt(2*basisPoints))
	whole := new(big.Int).Mul(big.NewInt(int64(unit)), big.NewInt(wholeBasis))
	exact.Add(exact, whole) // ⌊x + ½⌋ = ⌊(2x + 1) / 2⌋
	exact.Quo(exact, whole.Lsh(whole, 1))
	return Amount(exact.Int64()) * unit
}

// Split divides total in proportion to weights, in whole multiples of unit, by the largest remainder method (Hamilton);
// equal remainders go to the older, that is the lower index. Nothing of it is negative, unit is positive.
//
// The shares add up to total, which must be a multiple of unit. Where every weight is zero, all of it goes to nobody:
// the shares are zero and the caller keeps the total.
func Split(total Amount, weights []int64, unit Amount) []Amount {
	shares := make([]Amount, len(weights))
	sum := sumOf(weights)
	if sum.Sign() == 0 {
		return shares
	}
	units := big.NewInt(int64(total / unit))
	left := units.Int64()
	remainders := make([]*big.Int, len(weights))
	for i, w := range weights {
		quota := new(big.Int).Mul(units, big.NewInt(w))
		quota, remainders[i] = quota.QuoRem(quota, sum, new(big.Int))
		shares[i] = Amount(quota.Int64()) * unit
		left -= quota.Int64()
	}
	for _, i := range largestFirst(remainders)[:left] {
		shares[i] += unit
	}
	return shares
}

func sumOf(weights []int64) *big.Int {
	sum := new(big.Int)
	for _, w := range weights {
		sum.Add(sum, big.NewInt(w))
	}
	return sum
}

// largestFirst orders indexes by what they point to, the largest first, equal ones by index.
func largestFirst(of []*big.Int) []int {
	order := make([]int, len(of))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return of[b].Cmp(of[a]) })
	return order
}
