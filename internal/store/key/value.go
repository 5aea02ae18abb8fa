// Package key turns indexed values into bytes whose order is the order of the index, the same in every engine.
//
// A key is the values of the index's fields one behind the other, each beginning with the tag of its type; the bytes of a
// descending field are inverted. Keys of an index that is not unique end with the _id, so no two documents share one. A
// byte comparison of two keys is the comparison that MongoDB makes of the values (missing and null, numbers, strings,
// booleans, dates), so a range of keys is a range of the index in both engines.
package key

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Tags of the types, in the order of BSON comparison. The gaps make tag+1 a place between two types.
const (
	tagNull   = 0x05
	tagNumber = 0x10
	tagString = 0x20
	tagBool   = 0x30
	tagDate   = 0x40
)

// behind stands in a key where no field can: it is above every tag, inverted or not.
const behind = 0xFF

// appendValue appends the bytes of an ascending value.
func appendValue(dst []byte, v bson.RawValue) ([]byte, error) {
	switch v.Type {
	case 0, bson.TypeNull:
		return append(dst, tagNull), nil
	case bson.TypeInt64, bson.TypeInt32:
		return appendInt(append(dst, tagNumber), v.AsInt64()), nil
	case bson.TypeString:
		return appendString(append(dst, tagString), v.StringValue()), nil
	case bson.TypeBoolean:
		if v.Boolean() {
			return append(dst, tagBool, 1), nil
		}
		return append(dst, tagBool, 0), nil
	case bson.TypeDateTime:
		return appendInt(append(dst, tagDate), v.DateTime()), nil
	}
	return nil, fmt.Errorf("a value of BSON type %s cannot be indexed", v.Type)
}

// appendInt flips the sign so that negative numbers come first.
func appendInt(dst []byte, n int64) []byte {
	return binary.BigEndian.AppendUint64(dst, uint64(n)^1<<63)
}

// appendString ends with 00 00 and writes a zero byte inside as 00 FF: a string sorts before its continuations.
func appendString(dst []byte, s string) []byte {
	for i := range len(s) {
		dst = append(dst, s[i])
		if s[i] == 0 {
			dst = append(dst, 0xFF)
		}
	}
	return append(dst, 0, 0)
}

var errKey = errors.New("not a key")

// readValue reads one ascending value from the front of a key and returns the rest.
func readValue(key []byte) (v any, rest []byte, err error) {
	if len(key) == 0 {
		return nil, nil, errKey
	}
	tag, body := key[0], key[1:]
	switch {
	case tag == tagNull:
		return nil, body, nil
	case tag == tagString:
		return readString(body)
	case tag == tagBool && len(body) >= 1 && body[0] <= 1:
		return body[0] == 1, body[1:], nil
	case tag == tagNumber && len(body) >= 8:
		return readInt(body), body[8:], nil
	case tag == tagDate && len(body) >= 8:
		return bson.DateTime(readInt(body)), body[8:], nil
	}
	return nil, nil, errKey
}

func readInt(b []byte) int64 { return int64(binary.BigEndian.Uint64(b) ^ 1<<63) }

func readString(b []byte) (any, []byte, error) {
	var s []byte
	for {
		i := bytes.IndexByte(b, 0)
		if i < 0 || i+1 == len(b) {
			return nil, nil, errKey
		}
		s = append(s, b[:i]...)
		switch b[i+1] {
		case 0:
			return string(s), b[i+2:], nil
		case 0xFF:
			s, b = append(s, 0), b[i+2:]
		default:
			return nil, nil, errKey
		}
	}
}

// invert flips all bytes, which turns the order round.
func invert(b []byte) {
	for i := range b {
		b[i] = ^b[i]
	}
}

// appendGo appends the bytes of a value that a caller asks for.
func appendGo(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(dst, tagNull), nil
	case string:
		return appendString(append(dst, tagString), v), nil
	case int64:
		return appendInt(append(dst, tagNumber), v), nil
	case time.Time:
		return appendInt(append(dst, tagDate), v.UnixMilli()), nil
	}
	t, data, err := bson.MarshalValue(v)
	if err != nil {
		return nil, err
	}
	return appendValue(dst, bson.RawValue{Type: t, Value: data})
}
