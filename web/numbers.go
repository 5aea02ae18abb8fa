package web

import (
	"time"

	"haggle/internal/money"
	"haggle/web/locale"
)

// amounts are the parameters of refusals that are amounts of money.
var amounts = map[string]bool{
	"minimum": true, "maximum": true, "missing": true, "needed": true, "unitPrice": true, "namedPrice": true, "cashUnit": true,
}

// number writes one parameter of a refusal as its reader's language does: an amount, a count or a time.
func number(p locale.Printer, name string, v any) (string, bool) {
	n, isNumber := whole(v)
	switch {
	case isNumber && amounts[name]:
		return p.Money(money.Amount(n)), true
	case isNumber:
		return p.Int(n), true
	}
	if t, ok := instant(v); ok {
		return p.Time(t), true
	}
	s, ok := v.(string)
	return s, ok && s != ""
}

func whole(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case int:
		return int64(v), true
	case money.Amount:
		return int64(v), true
	case *int64:
		if v != nil {
			return *v, true
		}
	case *money.Amount:
		if v != nil {
			return int64(*v), true
		}
	}
	return 0, false
}

func instant(v any) (time.Time, bool) {
	switch v := v.(type) {
	case time.Time:
		return v, !v.IsZero()
	case interface{ Std() time.Time }:
		return v.Std(), true
	case string:
		t, err := time.Parse(time.RFC3339Nano, v)
		return t, err == nil
	}
	return time.Time{}, false
}
