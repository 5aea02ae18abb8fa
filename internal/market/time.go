package market

import (
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/deal"
)

// Time is an instant as views carry it: RFC 3339 UTC with milliseconds in JSON, a datetime in the store.
type Time time.Time

// At makes a view's time.
func At(t time.Time) Time { return Time(deal.Millis(t)) }

// AtOrNil is nil for the zero time.
func AtOrNil(t time.Time) *Time {
	if t.IsZero() {
		return nil
	}
	v := At(t)
	return &v
}

// Std is the time as Go knows it.
func (t Time) Std() time.Time { return time.Time(t) }

// IsZero says that there is no time.
func (t Time) IsZero() bool { return time.Time(t).IsZero() }

// MarshalText writes RFC 3339 UTC with milliseconds.
func (t Time) MarshalText() ([]byte, error) { return []byte(deal.FormatTime(time.Time(t))), nil }

// UnmarshalText reads RFC 3339 in any zone; years outside 2000–2199 are refused.
func (t *Time) UnmarshalText(b []byte) error {
	v, err := time.Parse(time.RFC3339Nano, string(b))
	if err != nil {
		return fmt.Errorf("a time is RFC 3339, like 2026-11-22T01:30:00.000Z")
	}
	if y := v.UTC().Year(); y < 2000 || y > 2199 {
		return fmt.Errorf("the year %d is out of range", y)
	}
	*t = At(v)
	return nil
}

// MarshalBSONValue stores a datetime.
func (t Time) MarshalBSONValue() (byte, []byte, error) {
	typ, data, err := bson.MarshalValue(time.Time(t))
	return byte(typ), data, err
}

// UnmarshalBSONValue reads a datetime.
func (t *Time) UnmarshalBSONValue(typ byte, data []byte) error {
	var v time.Time
	if err := bson.UnmarshalValue(bson.Type(typ), data, &v); err != nil {
		return err
	}
	*t = At(v)
	return nil
}
