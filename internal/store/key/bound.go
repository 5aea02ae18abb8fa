package key

import (
	"bytes"
	"math"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

// Bounds are a span of an index as MongoDB takes it: min is the first key of the range, max the key behind the last, each
// with a value for every field of the index, _id last where it is not unique. No value is between the edge of a type and
// the type's smallest value, so a span that is not empty may still hold nothing; then ok is false.
func Bounds(x store.Index, s Span) (min, max bson.D, ok bool) {
	if s.Empty() {
		return nil, nil, false
	}
	min, max = bound(x, s.Lo), bound(x, s.Hi)
	return min, max, !bytes.Equal(encode(min), encode(max))
}

func bound(x store.Index, end []byte) bson.D {
	fields := fieldsOf(x)
	values, rest := readFields(x, end)
	d := make(bson.D, 0, len(fields))
	for i, v := range values {
		d = append(d, bson.E{Key: fields[i].Path, Value: v})
	}
	behindAll := len(rest) > 0 && rest[0] == behind
	if len(d) == len(fields) {
		if behindAll {
			d[len(d)-1].Value = successor(d[len(d)-1].Value)
		}
		return d
	}
	if f := fields[len(d)]; len(rest) > 0 && !behindAll {
		edge := rest[0]
		if f.Desc {
			edge = ^edge + 1
		}
		d = append(d, bson.E{Key: f.Path, Value: smallest(edge)})
		behindAll = f.Desc // descending, the smallest value of a type stands at its end
	}
	for _, f := range fields[len(d):] {
		d = append(d, bson.E{Key: f.Path, Value: outermost(f.Desc != behindAll)})
	}
	return d
}

func encode(d bson.D) []byte {
	b, err := bson.Marshal(d)
	if err != nil {
		panic(err) // every value came from a key
	}
	return b
}

// IDs is a span of the index over _id as strings: from lo on and before hi, unless nothing bounds it above.
func IDs(s Span) (lo, hi string, bounded bool) {
	lo, above := idEnd(s.Lo)
	if above {
		return "", "", true // nothing: every _id is a string
	}
	hi, above = idEnd(s.Hi)
	return lo, hi, !above
}

// idEnd is an end of a span as a string, or above all strings.
func idEnd(end []byte) (id string, above bool) {
	id, _ = bound(byID, end)[0].Value.(string)
	return id, len(end) > 0 && end[0] > tagString
}

var byID, _ = store.Spec{}.Index(store.ByID)

// outermost is below or above every value.
func outermost(above bool) any {
	if above {
		return bson.MaxKey{}
	}
	return bson.MinKey{}
}

// smallest is the smallest value of the types from a tag on.
func smallest(tag byte) any {
	switch {
	case tag <= tagNull:
		return bson.MinKey{}
	case tag <= tagNumber:
		return math.NaN()
	case tag <= tagString:
		return ""
	case tag <= tagBool:
		return false
	case tag <= tagDate:
		return bson.DateTime(math.MinInt64)
	}
	return bson.MaxKey{}
}

// successor is the smallest value above v.
func successor(v any) any {
	switch v := v.(type) {
	case nil:
		return smallest(tagNull + 1)
	case int64:
		if v < math.MaxInt64 {
			return v + 1
		}
		return smallest(tagNumber + 1)
	case string:
		return v + "\x00"
	case bool:
		if !v {
			return true
		}
		return smallest(tagBool + 1)
	case bson.DateTime:
		if v < math.MaxInt64 {
			return v + 1
		}
	}
	return smallest(tagDate + 1)
}
