package money

import (
	"fmt"
	"strconv"
	"strings"
)

// Format writes an amount for people, without symbol: "2,600", "25.99". Decimals are hidden where the cash unit is a
// whole major unit, unless the amount has some.
func (c Currency) Format(a Amount) string {
	sign := ""
	if a < 0 {
		sign = "-"
	}
	n, major := magnitude(int64(a)), uint64(c.major())
	s := sign + grouped(strconv.FormatUint(n/major, 10))
	if c.decimals() > 0 || n%major != 0 {
		s += fmt.Sprintf(".%0*d", c.Exponent, n%major)
	}
	return s
}

// Plain writes an amount as programs read it: Format without the commas.
func (c Currency) Plain(a Amount) string { return strings.ReplaceAll(c.Format(a), ",", "") }

// grouped puts a comma before every third digit from the end.
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
