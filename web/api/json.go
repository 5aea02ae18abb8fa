package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// jsonFormat reads and writes JSON. What is read first, into an any, is held against the schema: there a number that
// is no 64-bit integer must not pass for one, as it would after its rounding to a float.
func jsonFormat() huma.Format {
	return huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: readJSON}
}

var (
	errNotText  = errors.New("text that is not UTF-8")
	errHalf     = errors.New("a surrogate without its pair")
	errTrailing = errors.New("something follows the value")
)

func readJSON(data []byte, into any) error {
	tree, first := into.(*any)
	if !first {
		return json.Unmarshal(data, into)
	}
	switch {
	case !utf8.Valid(data):
		return errNotText
	case hasHalf(data):
		return errHalf
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(tree); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errTrailing
	}
	*tree = whole(*tree)
	return nil
}

// notWhole is a number that is no 64-bit integer as it is written: a fraction, an exponent, one too large. No field of
// the API takes it.
type notWhole string

// whole replaces every number of a tree by an int64, or by notWhole.
func whole(v any) any {
	switch x := v.(type) {
	case json.Number:
		n, err := strconv.ParseInt(x.String(), 10, 64)
		if err != nil {
			return notWhole(x)
		}
		return n
	case []any:
		for i := range x {
			x[i] = whole(x[i])
		}
	case map[string]any:
		for k := range x {
			x[k] = whole(x[k])
		}
	}
	return v
}

// hasHalf says whether JSON escapes half of a surrogate pair, which no text contains (RFC 8259, 8.2).
func hasHalf(data []byte) bool {
	for i := bytes.IndexByte(data, '\\'); i >= 0 && i+1 < len(data); {
		r := escaped(data[i:])
		switch {
		case r >= 0 && utf16.IsSurrogate(r):
			if utf16.DecodeRune(r, escaped(data[i+6:])) == utf8.RuneError {
				return true
			}
			i += 12
		case r >= 0:
			i += 6
		default:
			i += 2
		}
		next := bytes.IndexByte(data[min(i, len(data)):], '\\')
		if next < 0 {
			return false
		}
		i += next
	}
	return false
}

// escaped reads \uXXXX at the beginning; -1 where something else stands there.
func escaped(data []byte) rune {
	if len(data) < 6 || data[0] != '\\' || data[1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(data[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}
