package deal

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"haggle/internal/money"
)

// Body is a JSON object of a log line. Its values are int, int64, money.Amount, bool, string, Body, []Body, []any or
// nothing else; there is no null: what is absent is absent.
type Body map[string]any

// maxInteger bounds the integers of a log to those every JSON reader represents exactly.
const maxInteger = 1<<53 - 1

// ErrNotCanonical says that a value has no canonical form here: a fraction, a null, an integer out of range, bytes
// that are no UTF-8, or an unknown Go type.
var ErrNotCanonical = errors.New("deal: value has no canonical form")

// AppendCanonical appends the canonical form of v (RFC 8785: keys sorted by UTF-16 code units, no blanks, shortest
// escapes) to dst.
func AppendCanonical(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case string:
		return appendString(dst, v)
	case int64:
		return appendInteger(dst, v)
	case int:
		return appendInteger(dst, int64(v))
	case money.Amount:
		return appendInteger(dst, int64(v))
	case bool:
		return strconv.AppendBool(dst, v), nil
	case Body:
		return appendObject(dst, v)
	case map[string]any:
		return appendObject(dst, v)
	case []any:
		return appendArray(dst, v)
	case []Body:
		return appendArray(dst, v)
	case []string:
		return appendArray(dst, v)
	default:
		return dst, fmt.Errorf("%w: %T", ErrNotCanonical, v)
	}
}

// Canonical is the canonical form of v.
func Canonical(v any) ([]byte, error) { return AppendCanonical(nil, v) }

func appendInteger(dst []byte, n int64) ([]byte, error) {
	if n > maxInteger || n < -maxInteger {
		return dst, fmt.Errorf("%w: integer %d out of range", ErrNotCanonical, n)
	}
	return strconv.AppendInt(dst, n, 10), nil
}

func appendArray[T any](dst []byte, items []T) ([]byte, error) {
	dst = append(dst, '[')
	for i, item := range items {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = AppendCanonical(dst, item); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

func appendObject(dst []byte, m map[string]any) ([]byte, error) {
	dst = append(dst, '{')
	for i, k := range sortedKeys(m) {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = appendString(dst, k); err != nil {
			return dst, err
		}
		dst = append(dst, ':')
		if dst, err = AppendCanonical(dst, m[k]); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

// sortedKeys gives the keys in the order of their UTF-16 code units, which for ASCII is the order of their bytes.
func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	ascii := true
	for k := range m {
		keys = append(keys, k)
		for i := 0; i < len(k) && ascii; i++ {
			ascii = k[i] < utf8.RuneSelf
		}
	}
	if ascii {
		slices.Sort(keys)
		return keys
	}
	slices.SortFunc(keys, func(a, b string) int {
		return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
	})
	return keys
}

const hexDigits = "0123456789abcdef"

func appendString(dst []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return dst, fmt.Errorf("%w: not UTF-8", ErrNotCanonical)
	}
	dst = append(dst, '"')
	for i := 0; i < len(s); i++ {
		dst = appendByte(dst, s[i])
	}
	return append(dst, '"'), nil
}

func appendByte(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, `\b`...)
	case '\t':
		return append(dst, `\t`...)
	case '\n':
		return append(dst, `\n`...)
	case '\f':
		return append(dst, `\f`...)
	case '\r':
		return append(dst, `\r`...)
	}
	if c < 0x20 {
		return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
	}
	return append(dst, c)
}
