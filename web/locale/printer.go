package locale

import (
	"strconv"
	"strings"
	"time"

	"haggle/internal/money"
)

// Printer says things in one reader's language. Make one per request with [New].
type Printer struct {
	Lang     Lang
	Now      time.Time
	Zone     *time.Location
	Currency money.Currency
	messages catalogue
}

// New makes the printer of one request.
func New(l Lang, c money.Currency, zone *time.Location, now time.Time) Printer {
	return Printer{Lang: l, Now: now, Zone: zone, Currency: c, messages: catalogues[l]}
}

// T gives the message under a key. args are pairs of placeholder name and value: amounts, times, counts and strings
// are written as the language writes them. An unknown key gives the key itself, so that the gap is seen.
func (p Printer) T(key string, args ...any) string {
	m, ok := p.messages[key]
	if !ok {
		return key
	}
	return p.fill(m.other, args)
}

// N gives the message under a key in the plural form of n, which also fills {n}.
func (p Printer) N(key string, n int64, args ...any) string {
	m, ok := p.messages[key]
	if !ok {
		return key
	}
	return p.fill(m.form(n), append([]any{"n", n}, args...))
}

// Or gives the message under a key, or the one under other where there is none: for words that come from outside.
func (p Printer) Or(key, other string) string {
	if _, ok := p.messages[key]; ok {
		return p.T(key)
	}
	return p.T(other)
}

// Has says whether there is a message under a key.
func (p Printer) Has(key string) bool { _, ok := p.messages[key]; return ok }

func (p Printer) fill(text string, args []any) string {
	if len(args) == 0 {
		return text
	}
	var b strings.Builder
	for {
		open := strings.IndexByte(text, '{')
		length := strings.IndexByte(text[open+1:], '}')
		if open < 0 || length < 0 {
			b.WriteString(text)
			return b.String()
		}
		end := open + 1 + length
		b.WriteString(text[:open])
		if v, ok := argument(args, text[open+1:end]); ok {
			b.WriteString(p.value(v))
		} else {
			b.WriteString(text[open : end+1])
		}
		text = text[end+1:]
	}
}

// argument finds the value of a placeholder among pairs of name and value.
func argument(args []any, name string) (any, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1], true
		}
	}
	return nil, false
}

// instant is a time of another package that knows how Go writes it.
type instant interface{ Std() time.Time }

func (p Printer) value(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case money.Amount:
		return p.Money(v)
	case int:
		return p.Int(int64(v))
	case int64:
		return p.Int(v)
	case time.Time:
		return p.Time(v)
	case instant:
		return p.Time(v.Std())
	case time.Duration:
		return p.Span(v)
	default:
		return ""
	}
}

// Int writes a whole number with its thousands apart.
func (p Printer) Int(n int64) string { return group(strconv.FormatInt(n, 10)) }

func group(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "−", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}
