package money

import (
	"fmt"
	"strconv"
	"strings"
)

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

// Format writes an amount for people, without symbol: "2,600", "25.99". Decimals are hidden where the cash unit is a
// whole major unit, unless the amount has some.
func (c Currency) Format(a Amount) string {
	sign := ""
	if a < 0 {
		sign, a = "-", -a
	}
	major, minor := a/c.major(), a%c.major()
	s := sign + grouped(strconv.FormatInt(int64(major), 10))
	if c.Exponent > 0 && (c.decimals() > 0 || minor != 0) {
		s += fmt.Sprintf(".%0*d", c.Exponent, minor)
	}
	return s
}

func grouped(digits string) string {
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// Parse reads what people type: "2,600", "2600", "２６００", "25.9". It refuses signs, other characters, misplaced
// commas, more decimals than the currency has, and what is out of range.
func (c Currency) Parse(s string) (Amount, error) {
	s = strings.TrimSpace(narrow(s))
	whole, frac, hasFrac := strings.Cut(s, ".")
	if strings.Contains(whole, ",") {
		if !wellGrouped(whole) {
			return 0, fmt.Errorf("money: %q has a comma out of place", s)
		}
		whole = strings.ReplaceAll(whole, ",", "")
	}
	if !digits(whole) || hasFrac && !digits(frac) || len(frac) > c.Exponent || len(whole) > 16 {
		return 0, fmt.Errorf("money: %q is no amount of %s", s, c.Code)
	}
	n, err := strconv.ParseInt(whole+frac+strings.Repeat("0", c.Exponent-len(frac)), 10, 64)
	if err != nil || Amount(n) > Max {
		return 0, ErrRange
	}
	return Amount(n), nil
}

// narrow turns full-width digits and punctuation into ASCII.
func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, s)
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func wellGrouped(s string) bool {
	for i, part := range strings.Split(s, ",") {
		if i == 0 && (len(part) < 1 || len(part) > 3) || i > 0 && len(part) != 3 {
			return false
		}
	}
	return true
}
