package pay

import (
	"fmt"
	"log/slog"
	"strings"

	"haggle/internal/fault"
)

// Card is a payer's means of payment: a card number (sandbox) or a gateway's token for one. It shows at most its last
// four digits however it is printed, logged or encoded, so that a number cannot leak by accident.
type Card struct{ secret string }

// ParseCard reads what a payer typed: 12–19 digits with a right check digit (Luhn, ISO/IEC 7812-1), blanks and
// hyphens allowed, or a gateway's token such as `pm_1Abc`. Anything else is refused as invalid in field `card`.
func ParseCard(s string) (Card, error) {
	s = strings.TrimSpace(s)
	if isToken(s) {
		return Card{s}, nil
	}
	digits := strings.NewReplacer(" ", "", "-", "").Replace(s)
	if len(digits) < 12 || len(digits) > 19 || !luhn(digits) {
		return Card{}, fault.Invalidf("card", "not a card number")
	}
	return Card{digits}, nil
}

// Reveal gives the number or token itself, for the gateway's engine alone.
func (c Card) Reveal() string { return c.secret }

// IsZero says that there is no card.
func (c Card) IsZero() bool { return c.secret == "" }

// Last4 is the last four digits of a card number; empty for a token or no card.
func (c Card) Last4() string {
	if len(c.secret) < 12 || isToken(c.secret) {
		return ""
	}
	return c.secret[len(c.secret)-4:]
}

// String is for people: the last four digits.
func (c Card) String() string { return "•••• " + c.Last4() }

// Format hides the number from every verb of package fmt, %#v and %x included.
func (c Card) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(c.String())) }

// LogValue hides the number from package slog.
func (c Card) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalText hides the number from encoders.
func (c Card) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// isToken tells `pm_1Abc` from a number: letters, one underscore, then letters and digits.
func isToken(s string) bool {
	kind, id, found := strings.Cut(s, "_")
	return found && len(s) <= 255 && kind != "" && id != "" &&
		strings.Trim(kind, letters) == "" && strings.Trim(id, letters+digits+"_") == ""
}

const (
	digits  = "0123456789"
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// luhn checks the last digit: from the right, every second digit counts double, as the sum of its own digits.
func luhn(number string) bool {
	sum := 0
	for i := range len(number) {
		d := int(number[len(number)-1-i]) - '0'
		if d < 0 || d > 9 {
			return false
		}
		if i%2 == 1 {
			d *= 2
			d = d/10 + d%10
		}
		sum += d
	}
	return sum%10 == 0
}
