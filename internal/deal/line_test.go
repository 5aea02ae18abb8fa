package deal_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gowebpki/jcs"
	"pgregory.net/rapid"

	"haggle/internal/deal"
)

// TestAppendRoundTrip: what is written is canonical, hashed and chained, and reads back as it was.
func TestAppendRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		head := deal.Head{Seq: rapid.Int64Range(-1, 1<<40).Draw(t, "seq"), Hash: deal.ZeroHash}
		at := start.Add(time.Duration(rapid.Int64Range(0, 1<<40).Draw(t, "ms")) * time.Millisecond)
		d := deal.LineDraft{Who: rapid.SampledFrom([]string{"owner", "site", "p1", "p12"}).Draw(t, "who"),
			Kind: rapid.SampledFrom([]deal.LineKind{deal.Opened, deal.Entered, deal.Closed}).Draw(t, "kind"),
			Body: deal.Body{"x": value(2).Draw(t, "body")}}
		l, err := deal.Append(head, rapid.String().Draw(t, "deal"), at, d)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := jcs.Transform(l.Raw); err == nil && !bytes.Equal(again, l.Raw) {
			t.Fatalf("not canonical: %s", l.Raw)
		}
		got, err := deal.ParseLine(l.Raw)
		if err != nil {
			t.Fatalf("%v: %s", err, l.Raw)
		}
		if got.Body = l.Body; !reflect.DeepEqual(got, l) {
			t.Fatalf("read %+v, wrote %+v", got, l)
		}
		if got.Seq != head.Seq+1 || got.Prev != head.Hash || got.Head() != (deal.Head{Seq: got.Seq, Hash: got.Hash}) {
			t.Fatalf("chained to %+v: %+v", head, got)
		}
	})
}

// TestHashByHand recomputes a hash as a stranger would: the line without its hash.
func TestHashByHand(t *testing.T) {
	l, err := deal.Append(deal.NewHead(), "d-1", start, deal.LineDraft{Who: "site", Kind: deal.Closed, Body: deal.Body{"awards": 0}})
	if err != nil {
		t.Fatal(err)
	}
	without := `{"at":"2026-11-22T01:30:00.000Z","body":{"awards":0},"deal":"d-1","kind":"closed","prev":"` + strings.Repeat("0", 64) +
		`","seq":0,"v":1,"who":"site"}`
	sum := sha256.Sum256([]byte(without))
	want := strings.Replace(without, `"kind"`, `"hash":"`+hex.EncodeToString(sum[:])+`","kind"`, 1)
	if string(l.Raw) != want {
		t.Errorf("wrote\n%s\nwant\n%s", l.Raw, want)
	}
}

// TestAppendRefuses what could not be read again.
func TestAppendRefuses(t *testing.T) {
	for name, d := range map[string]struct {
		id   string
		body deal.Body
	}{"a fraction": {"d-1", deal.Body{"x": 0.5}}, "a deal that is no UTF-8": {"d\xff", deal.Body{}}} {
		if l, err := deal.Append(deal.NewHead(), d.id, start, deal.LineDraft{Who: "site", Kind: deal.Closed, Body: d.body}); err == nil {
			t.Errorf("%s: %s", name, l.Raw)
		}
	}
}

// rehashed writes a line's object with the right hash, whatever else is wrong with it.
func rehashed(t testing.TB, obj deal.Body) []byte {
	t.Helper()
	delete(obj, "hash")
	raw, err := deal.Canonical(obj)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(raw)
	obj["hash"] = hex.EncodeToString(sum[:])
	raw, err = deal.Canonical(obj)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func object() deal.Body {
	return deal.Body{"v": 1, "deal": "d-1", "seq": 0, "at": "2026-11-22T01:30:00.000Z", "who": "site", "kind": "closed", "body": deal.Body{"awards": 0},
		"prev": deal.ZeroHash}
}

// TestParseLineRefuses lines whose hash is right and whose form is not.
func TestParseLineRefuses(t *testing.T) {
	if _, err := deal.ParseLine(rehashed(t, object())); err != nil {
		t.Fatalf("as it should be: %v", err)
	}
	for name, with := range map[string]deal.Body{
		"another version":        {"v": 2},
		"a version in words":     {"v": "1"},
		"a key more":             {"note": "x"},
		"a time without millis":  {"at": "2026-11-22T01:30:00Z"},
		"a time of microseconds": {"at": "2026-11-22T01:30:00.000000Z"},
		"a time elsewhere":       {"at": "2026-11-22T02:30:00.000+01:00"},
		"a time with a comma":    {"at": "2026-11-22T01:30:00,000Z"},
		"no time":                {"at": "yesterday"},
		"a seq in words":         {"seq": "0"},
		"a body that is a list":  {"body": []any{}},
		"who is a quote":         {"who": `"`},
		"who escapes":            {"who": "p1\n"},
		"a kind with a quote":    {"kind": `"closed`},
		"prev with a quote":      {"prev": `"`},
		"a deal that is one":     {"deal": 1},
	} {
		obj := object()
		maps.Copy(obj, with)
		if l, err := deal.ParseLine(rehashed(t, obj)); err == nil {
			t.Errorf("%s: read %+v", name, l)
		}
	}
	for _, missing := range []string{"v", "deal", "seq", "at", "who", "kind", "body", "prev"} {
		obj := object()
		delete(obj, missing)
		if _, err := deal.ParseLine(rehashed(t, obj)); err == nil {
			t.Errorf("a line without %s is read", missing)
		}
	}
}

// TestParseLineWantsOneForm refuses every other way to write the same line.
func TestParseLineWantsOneForm(t *testing.T) {
	raw := string(rehashed(t, object()))
	for name, other := range map[string]string{
		"a blank":            strings.Replace(raw, ":", ": ", 1),
		"a blank before":     " " + raw,
		"a line end":         raw + "\n",
		"something after":    raw + "1",
		"an escape":          strings.Replace(raw, "site", `\u0073ite`, 1),
		"a key twice":        strings.Replace(raw, `"v":1`, `"v":1,"v":1`, 1),
		"keys in disorder":   strings.Replace(raw, `"v":1,"who":"site"`, `"who":"site","v":1`, 1),
		"a fraction":         strings.Replace(raw, `"awards":0`, `"awards":0.0`, 1),
		"an exponent":        strings.Replace(raw, `"awards":0`, `"awards":0e1`, 1),
		"minus zero":         strings.Replace(raw, `"awards":0`, `"awards":-0`, 1),
		"null":               strings.Replace(raw, `"awards":0`, `"awards":null`, 1),
		"beyond 2⁵³":         strings.Replace(raw, `"awards":0`, `"awards":9007199254740993`, 1),
		"a lone surrogate":   strings.Replace(raw, "site", `\ud800`, 1),
		"no UTF-8":           strings.Replace(raw, "site", "si\xffte", 1),
		"a hash in capitals": strings.ToUpper(raw),
		"a list":             "[" + raw + "]",
		"half of it":         raw[:len(raw)/2],
		"nothing":            "",
	} {
		if l, err := deal.ParseLine([]byte(other)); err == nil {
			t.Errorf("%s: read %+v", name, l)
		}
	}
}

// TestTimes have one form, UTC and whole milliseconds.
func TestTimes(t *testing.T) {
	local := time.Date(2026, 11, 22, 9, 30, 0, 123_999_999, time.FixedZone("Taipei", 8*3600))
	if got := deal.FormatTime(deal.Millis(local)); got != "2026-11-22T01:30:00.123Z" {
		t.Errorf("wrote %s", got)
	}
	if got, err := deal.ParseTime("2026-11-22T01:30:00.123Z"); err != nil || !got.Equal(deal.Millis(local)) {
		t.Errorf("read %v, %v", got, err)
	}
}

// TestEveryTimeHasOneForm refuses what Go reads and a log never writes.
func TestEveryTimeHasOneForm(t *testing.T) {
	for _, s := range []string{"2026-11-22T01:30:00Z", "2026-11-22T01:30:00.12Z", "2026-11-22T01:30:00.123456Z", "2026-11-22T01:30:00,123Z",
		"2026-11-22T01:30:00.123+00:00", "2026-11-22 01:30:00.123Z", ""} {
		if at, err := deal.ParseTime(s); err == nil {
			t.Errorf("%q is read as %s", s, at)
		}
	}
}

// TestUnescapedHash: who and kind are written unescaped, so a hash over bytes that are no JSON must not pass either.
func TestUnescapedHash(t *testing.T) {
	bytesWith := func(who, hash string) string {
		return `{"at":"2026-11-22T01:30:00.000Z","body":{},"deal":"d-1",` + hash + `"kind":"closed","prev":"` + deal.ZeroHash + `","seq":0,"v":1,"who":"` + who + `"}`
	}
	sum := sha256.Sum256([]byte(bytesWith(`"`, "")))
	line := bytesWith(`\"`, `"hash":"`+hex.EncodeToString(sum[:])+`",`)
	if l, err := deal.ParseLine([]byte(line)); err == nil {
		t.Errorf("read %+v", l)
	}
}

// TestHashIsHeld against the line: neither may change without the other.
func TestHashIsHeld(t *testing.T) {
	raw := rehashed(t, object())
	for i := range raw {
		changed := bytes.Clone(raw)
		changed[i] ^= 1
		if l, err := deal.ParseLine(changed); err == nil {
			t.Errorf("byte %d from %q to %q: read %+v", i, raw[i], changed[i], l)
		}
	}
}
