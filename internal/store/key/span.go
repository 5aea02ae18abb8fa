package key

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"

	"haggle/internal/store"
)

// Span is the keys from Lo on and before Hi. Either is a number of whole fields, and then nothing (the place before all
// keys that begin so), one byte that is the edge of a type, or a byte that stands behind all keys that begin so.
type Span struct{ Lo, Hi []byte }

// Empty reports whether no key can be in the span.
func (s Span) Empty() bool { return bytes.Compare(s.Lo, s.Hi) >= 0 }

// Plan is the span of an index that a query asks for, what lies before its cursor cut off.
func Plan(x store.Index, q store.Query) (Span, error) {
	s, err := Whole(x, q)
	if err != nil || q.After == "" {
		return s, err
	}
	last, err := readCursor(x, q.After)
	if err != nil {
		return Span{}, err
	}
	if q.Desc {
		s.Hi = slices.MinFunc([][]byte{s.Hi, last}, bytes.Compare)
	} else {
		s.Lo = slices.MaxFunc([][]byte{s.Lo, append(last, behind)}, bytes.Compare)
	}
	return s, nil
}

// Whole is the span of an index that a query asks for over all its pages.
func Whole(x store.Index, q store.Query) (Span, error) {
	bounded := len(q.Eq)
	if q.From != nil || q.To != nil {
		bounded++
	}
	if bounded > len(x.Fields) {
		return Span{}, fmt.Errorf("%w: %s has %d fields, the query names %d", store.ErrNoIndex, x.Name, len(x.Fields), bounded)
	}
	prefix := []byte{}
	for i, v := range q.Eq {
		from := len(prefix)
		var err error
		if prefix, err = appendGo(prefix, v); err != nil {
			return Span{}, fmt.Errorf("store: index %s, field %s: %w", x.Name, x.Fields[i].Path, err)
		}
		if x.Fields[i].Desc {
			invert(prefix[from:])
		}
	}
	if bounded == len(q.Eq) {
		return Span{Lo: prefix, Hi: append(slices.Clone(prefix), behind)}, nil
	}
	return rangeOf(prefix, x.Fields[len(q.Eq)], q)
}

// end is one end of a range on one field, in the order of the index.
type end struct {
	value     []byte // nil: the range is open here
	inclusive bool
}

// rangeOf is the span of the keys that begin with prefix and whose next field lies between the query's bounds.
func rangeOf(prefix []byte, f store.Field, q store.Query) (Span, error) {
	lo, err := endOf(f, q.From)
	if err != nil {
		return Span{}, err
	}
	hi, err := endOf(f, q.To)
	if err != nil {
		return Span{}, err
	}
	if f.Desc {
		lo, hi = hi, lo
	}
	tag := slices.Concat(lo.value, hi.value)[0]
	if lo.value != nil && hi.value != nil && lo.value[0] != hi.value[0] {
		return Span{}, nil // bounds of two types: no value lies between them
	}
	s := Span{Lo: slices.Concat(prefix, []byte{tag}), Hi: slices.Concat(prefix, []byte{tag + 1})}
	if lo.value != nil {
		s.Lo = slices.Concat(prefix, lo.value)
		if !lo.inclusive {
			s.Lo = append(s.Lo, behind)
		}
	}
	if hi.value != nil {
		s.Hi = slices.Concat(prefix, hi.value)
		if hi.inclusive {
			s.Hi = append(s.Hi, behind)
		}
	}
	return s, nil
}

func endOf(f store.Field, b *store.Bound) (end, error) {
	if b == nil {
		return end{}, nil
	}
	v, err := appendGo(nil, b.Value)
	if err != nil {
		return end{}, fmt.Errorf("store: field %s: %w", f.Path, err)
	}
	if f.Desc {
		invert(v)
	}
	return end{value: v, inclusive: b.Inclusive}, nil
}

// Cursor is the opaque place behind a key of an index.
func Cursor(x store.Index, key []byte) string {
	return base64.RawURLEncoding.EncodeToString(slices.Concat([]byte(x.Name), []byte{0}, key))
}

// readCursor is the key of a cursor; store.ErrCursor where the cursor is not one of this index.
func readCursor(x store.Index, cursor string) ([]byte, error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, store.ErrCursor
	}
	name, key, ok := bytes.Cut(b, []byte{0})
	if !ok || string(name) != x.Name {
		return nil, store.ErrCursor
	}
	values, rest := readFields(x, key)
	if len(values) != len(fieldsOf(x)) || len(rest) != 0 {
		return nil, store.ErrCursor
	}
	return key, nil
}

// fieldsOf are the fields of the keys of an index: its own, and _id where it is not unique.
func fieldsOf(x store.Index) []store.Field {
	if x.Unique {
		return x.Fields
	}
	return append(slices.Clone(x.Fields), store.Field{Path: "_id"})
}

// readFields reads as many whole fields as a key begins with, and returns what is behind them.
func readFields(x store.Index, key []byte) (values []any, rest []byte) {
	for _, f := range fieldsOf(x) {
		b := key
		if f.Desc {
			b = slices.Clone(key)
			invert(b)
		}
		v, tail, err := readValue(b)
		if err != nil {
			break
		}
		values, key = append(values, v), key[len(key)-len(tail):]
	}
	return values, key
}
