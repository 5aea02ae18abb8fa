// Package money is exact money: integers in minor units, never a float.
//
// Most callers need two functions: [Currency].Parse for what people type, [Split] for shares that add up.
package money

import (
	"errors"
	"math/bits"
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
	hi, lo := bits.Mul64(magnitude(int64(a)), magnitude(n))
	switch {
	case hi != 0 || lo > uint64(Max):
		return 0, ErrRange
	case (a < 0) != (n < 0):
		return -Amount(lo), nil
	}
	return Amount(lo), nil
}

// magnitude is |n|, also of the least int64.
func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// CeilTo is the least multiple of unit that is not below a. The unit is positive and a within ±[Max]; the result may
// pass Max by less than a unit.
func CeilTo(a, unit Amount) Amount { return -FloorTo(-a, unit) }

// FloorTo is the greatest multiple of unit that is not above a. The unit is positive and a within ±[Max].
func FloorTo(a, unit Amount) Amount {
	r := a % unit
	if r < 0 {
		r += unit
	}
	return a - r
}
