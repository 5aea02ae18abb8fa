package deal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// TimeFormat is how a log writes a time: UTC, whole milliseconds.
const TimeFormat = "2006-01-02T15:04:05.000Z"

// ZeroHash stands in `prev` of line 0.
var ZeroHash = strings.Repeat("0", 64)

// FormatTime writes a time as logs and the API do.
func FormatTime(t time.Time) string { return t.UTC().Format(TimeFormat) }

// ParseTime reads a time exactly as [FormatTime] writes it.
func ParseTime(s string) (time.Time, error) {
	t, err := time.Parse(TimeFormat, s)
	if err == nil && t.Format(TimeFormat) != s {
		err = fmt.Errorf("deal: time %q is not in its one form", s)
	}
	return t, err
}

// Line is one line of a deal's public log.
type Line struct {
	Deal string
	Seq  int64
	At   time.Time
	Who  string
	Kind LineKind
	Body Body
	Prev string
	Hash string
	Raw  []byte // the canonical bytes, without LF
}

// Head is where a log ends: what the next line is chained to.
type Head struct {
	Seq  int64  // of the last line; −1 before the first
	Hash string // ZeroHash before the first
}

// NewHead is the head of an empty log.
func NewHead() Head { return Head{Seq: -1, Hash: ZeroHash} }

// Append numbers, chains and writes a draft as the line after head.
func Append(head Head, dealID string, at time.Time, d LineDraft) (Line, error) {
	l := Line{Deal: dealID, Seq: head.Seq + 1, At: at, Who: d.Who, Kind: d.Kind, Body: d.Body, Prev: head.Hash}
	raw, err := l.bytes(false)
	if err != nil {
		return Line{}, err
	}
	sum := sha256.Sum256(raw)
	l.Hash = hex.EncodeToString(sum[:])
	l.Raw, err = l.bytes(true)
	return l, err
}

// Head is the head of a log that ends with this line.
func (l Line) Head() Head { return Head{Seq: l.Seq, Hash: l.Hash} }

// bytes writes the line in canonical form; its keys stand in their sorted order by hand, since this is the hot path.
func (l Line) bytes(withHash bool) ([]byte, error) {
	b := make([]byte, 0, 512)
	b = append(b, `{"at":"`...)
	b = l.At.UTC().AppendFormat(b, TimeFormat)
	b = append(b, `","body":`...)
	b, err := AppendCanonical(b, l.Body)
	if err != nil {
		return nil, err
	}
	b = append(b, `,"deal":`...)
	if b, err = appendString(b, l.Deal); err != nil {
		return nil, err
	}
	if withHash {
		b = append(append(append(b, `,"hash":"`...), l.Hash...), '"')
	}
	b = append(append(append(b, `,"kind":"`...), l.Kind...), `","prev":"`...)
	b = append(append(b, l.Prev...), `","seq":`...)
	if b, err = appendInteger(b, l.Seq); err != nil {
		return nil, err
	}
	b = append(append(append(b, `,"v":1,"who":"`...), l.Who...), `"}`...)
	return b, nil
}

// ParseLine reads one canonical line (without LF) and checks its shape and its own hash, not its place in a chain.
func ParseLine(raw []byte) (Line, error) {
	obj, err := parseCanonical(raw)
	if err != nil {
		return Line{}, err
	}
	l, err := lineFrom(obj)
	if err != nil {
		return Line{}, err
	}
	l.Raw = raw
	without, err := l.bytes(false)
	if err != nil {
		return Line{}, err
	}
	if sum := sha256.Sum256(without); hex.EncodeToString(sum[:]) != l.Hash {
		return Line{}, fmt.Errorf("hash does not match the line")
	}
	return l, nil
}

func lineFrom(obj Body) (l Line, err error) {
	if len(obj) != 9 {
		return l, fmt.Errorf("a line has 9 keys, not %d", len(obj))
	}
	if v, _ := obj["v"].(int64); v != 1 {
		return l, fmt.Errorf("unknown version %v", obj["v"])
	}
	var at, kind string
	var ok [7]bool
	l.Deal, ok[0] = obj["deal"].(string)
	l.Seq, ok[1] = obj["seq"].(int64)
	at, ok[2] = obj["at"].(string)
	l.Who, ok[3] = obj["who"].(string)
	kind, ok[4] = obj["kind"].(string)
	l.Prev, ok[5] = obj["prev"].(string)
	l.Hash, ok[6] = obj["hash"].(string)
	body, isObject := obj["body"].(Body)
	if ok != [7]bool{true, true, true, true, true, true, true} || !isObject {
		return l, fmt.Errorf("a key is missing or of the wrong type")
	}
	if !plain(l.Who) || !plain(kind) || !plain(l.Prev) || !plain(l.Hash) {
		return l, fmt.Errorf("who, kind, prev or hash holds more than letters and digits")
	}
	l.Kind, l.Body = LineKind(kind), body
	l.At, err = ParseTime(at)
	return l, err
}

// plain says whether s has only characters that JSON writes as they are: those fields are written unescaped.
func plain(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z')
	})
}

// parseCanonical reads one JSON object and refuses it unless writing it again gives the same bytes.
func parseCanonical(raw []byte) (Body, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, fmt.Errorf("not JSON: %v", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("more than one JSON value")
	}
	obj, ok := normal(v).(Body)
	if !ok {
		return nil, fmt.Errorf("not a JSON object")
	}
	again, err := Canonical(obj)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, raw) {
		return nil, fmt.Errorf("not in canonical form")
	}
	return obj, nil
}

// normal turns decoded JSON into the types of a [Body]; what has no place in a log stays as it is and fails later.
func normal(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		return v
	case map[string]any:
		b := make(Body, len(v))
		for k, x := range v {
			b[k] = normal(x)
		}
		return b
	case []any:
		for i := range v {
			v[i] = normal(v[i])
		}
		return v
	default:
		return v
	}
}
