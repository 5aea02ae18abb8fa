// Package canon reads the lines of public logs as a stranger would: RFC 8785 canonical JSON, hashed and chained.
package canon

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Line is one line of a log.
type Line struct {
	V    int64
	Deal string
	Seq  int64
	At   string
	Who  string
	Kind string
	Prev string
	Hash string
	Body map[string]any // numbers are json.Number
}

// Zero is what stands in prev of the first line.
var Zero = strings.Repeat("0", 64)

// maxInteger bounds the integers of a log.
const maxInteger = 1<<53 - 1

var lineKeys = []string{"at", "body", "deal", "hash", "kind", "prev", "seq", "v", "who"}

// Parse reads one line without its LF. It refuses one that is not canonical, has other keys than a line has, or whose hash
// is not its own.
func Parse(raw []byte) (Line, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var obj map[string]any
	if err := dec.Decode(&obj); err != nil {
		return Line{}, fmt.Errorf("no JSON object: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Line{}, errors.New("more than one JSON value")
	}
	var again bytes.Buffer
	if err := write(&again, obj); err != nil {
		return Line{}, err
	}
	if !bytes.Equal(again.Bytes(), raw) {
		return Line{}, errors.New("not in canonical form")
	}
	l, err := lineOf(obj)
	if err != nil {
		return Line{}, err
	}
	delete(obj, "hash")
	var hashed bytes.Buffer
	if err := write(&hashed, obj); err != nil {
		return Line{}, err
	}
	if sum := sha256.Sum256(hashed.Bytes()); hex.EncodeToString(sum[:]) != l.Hash {
		return Line{}, errors.New("its hash is not that of its bytes")
	}
	return l, nil
}

func lineOf(obj map[string]any) (l Line, err error) {
	if keys := sorted(obj); !slices.Equal(keys, lineKeys) {
		return l, fmt.Errorf("its keys are %v", keys)
	}
	text := func(key string) string {
		s, ok := obj[key].(string)
		if !ok {
			err = fmt.Errorf("%s is no text", key)
		}
		return s
	}
	number := func(key string) int64 {
		n, ok := Int(obj[key])
		if !ok {
			err = fmt.Errorf("%s is no integer", key)
		}
		return n
	}
	l = Line{V: number("v"), Deal: text("deal"), Seq: number("seq"), At: text("at"), Who: text("who"), Kind: text("kind"),
		Prev: text("prev"), Hash: text("hash")}
	body, ok := obj["body"].(map[string]any)
	if l.Body = body; !ok || l.V != 1 {
		err = errors.New("body is no object, or the version is not 1")
	}
	return l, err
}

// Int reads an integer of a body.
func Int(v any) (int64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := strconv.ParseInt(string(n), 10, 64)
	return i, err == nil
}

// write writes a decoded value in canonical form.
func write(b *bytes.Buffer, v any) error {
	switch v := v.(type) {
	case map[string]any:
		return writeObject(b, v)
	case []any:
		b.WriteByte('[')
		for i, x := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := write(b, x); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	case string:
		writeText(b, v)
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case json.Number:
		n, ok := Int(v)
		if !ok || n > maxInteger || n < -maxInteger {
			return fmt.Errorf("%s is no integer of a log", v)
		}
		b.WriteString(strconv.FormatInt(n, 10))
	default:
		return fmt.Errorf("%v has no place in a log", v)
	}
	return nil
}

func writeObject(b *bytes.Buffer, obj map[string]any) error {
	b.WriteByte('{')
	for i, k := range sorted(obj) {
		if i > 0 {
			b.WriteByte(',')
		}
		writeText(b, k)
		b.WriteByte(':')
		if err := write(b, obj[k]); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

// sorted are the keys in the order of their UTF-16 code units.
func sorted(obj map[string]any) []string {
	keys := make([]string, 0, len(obj))
	for k := range obj {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(x, y string) int {
		return slices.Compare(utf16.Encode([]rune(x)), utf16.Encode([]rune(y)))
	})
	return keys
}

// short are the characters that have an escape of two.
var short = map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\t': `\t`, '\n': `\n`, '\f': `\f`, '\r': `\r`}

func writeText(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch escape, ok := short[r]; {
		case ok:
			b.WriteString(escape)
		case r < 0x20:
			fmt.Fprintf(b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}
