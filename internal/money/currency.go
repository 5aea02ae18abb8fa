package money

import "fmt"

// Currency is an ISO 4217 currency as a site trades in it.
type Currency struct {
	Code     string
	Exponent int    // decimal places of the minor unit
	CashUnit Amount // the smallest sum that changes hands, in minor units
	Symbol   string
}

var currencies = map[string]Currency{
	"TWD": {"TWD", 2, 100, "NT$"},
	"USD": {"USD", 2, 1, "$"},
	"EUR": {"EUR", 2, 1, "€"},
	"GBP": {"GBP", 2, 1, "£"},
	"HKD": {"HKD", 2, 10, "HK$"},
	"JPY": {"JPY", 0, 1, "¥"},
	"KRW": {"KRW", 0, 1, "₩"},
	"SGD": {"SGD", 2, 5, "S$"},
}

// Lookup finds a currency by its ISO 4217 code.
func Lookup(code string) (Currency, error) {
	c, ok := currencies[code]
	if !ok {
		return Currency{}, fmt.Errorf("money: unknown currency %q", code)
	}
	return c, nil
}

// IsCash says whether a is a whole multiple of the cash unit.
func (c Currency) IsCash(a Amount) bool { return a%c.CashUnit == 0 }

// major is one major unit (a dollar) in minor units.
func (c Currency) major() Amount {
	m := Amount(1)
	for range c.Exponent {
		m *= 10
	}
	return m
}

// decimals is how many decimal places people see: none where the cash unit is a whole major unit.
func (c Currency) decimals() int {
	if c.CashUnit%c.major() == 0 {
		return 0
	}
	return c.Exponent
}
