package money

import (
	"fmt"
	"strconv"
	"strings"
)

// maxDigits bounds what Parse reads of the whole part: no amount in range has more.
const maxDigits = 16

// Parse reads what people type: "2,600", "2600", "２６００", "25.9". It refuses signs, other characters, misplaced
// commas, more decimals than the currency has, and, with ErrRange, what is above [Max].
func (c Currency) Parse(s string) (Amount, error) {
	s = strings.TrimSpace(narrow(s))
	whole, frac, hasFrac := strings.Cut(s, ".")
	if strings.Contains(whole, ",") {
		if !wellGrouped(whole) {
			return 0, fmt.Errorf("money: %q has a comma out of place", s)
		}
		whole = strings.ReplaceAll(whole, ",", "")
	}
	if !digits(whole) || hasFrac && !digits(frac) || len(frac) > c.Exponent {
		return 0, fmt.Errorf("money: %q is no amount of %s", s, c.Code)
	}
	if whole = strings.TrimLeft(whole, "0"); len(whole) > maxDigits {
		return 0, ErrRange
	}
	n, err := strconv.ParseInt("0"+whole+frac+strings.Repeat("0", c.Exponent-len(frac)), 10, 64)
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

// wellGrouped says whether commas stand before every third digit from the end and nowhere else.
func wellGrouped(s string) bool {
	first, rest, _ := strings.Cut(s, ",")
	for part := range strings.SplitSeq(rest, ",") {
		if len(part) != 3 {
			return false
		}
	}
	return len(first) >= 1 && len(first) <= 3
}
