package locale

import (
	"strconv"
	"strings"

	"haggle/internal/money"
)

// noBreak keeps a currency and its number on one line.
const noBreak = "\u00a0"

// Symbol is how the currency of the site stands before a number.
func (p Printer) Symbol() string { return p.Currency.Symbol }

// Money writes an amount with its currency before it: NT$ 2,600.
func (p Printer) Money(a money.Amount) string { return p.Symbol() + noBreak + p.Number(a) }

// Number writes an amount in major units without its currency: 2,600 or 19.90.
func (p Printer) Number(a money.Amount) string {
	return strings.Replace(p.Currency.Format(a), "-", "−", 1)
}

// Signed writes a change of money: +2,600 or −2,600.
func (p Printer) Signed(a money.Amount) string {
	if a > 0 {
		return "+" + p.Number(a)
	}
	return p.Number(a)
}

// Percent writes basis points as a percentage: 500 is 5%.
func (p Printer) Percent(basisPoints int64) string {
	s := strconv.FormatInt(basisPoints/100, 10)
	if rest := basisPoints % 100; rest != 0 {
		s += "." + strings.TrimRight(strconv.FormatInt(100+rest, 10)[1:], "0")
	}
	return s + "%"
}
