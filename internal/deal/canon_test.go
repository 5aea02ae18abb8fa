package deal_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/gowebpki/jcs"
	"pgregory.net/rapid"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// value draws a JSON value of the kinds that a log may hold.
func value(depth int) *rapid.Generator[any] {
	leaves := []*rapid.Generator[any]{
		rapid.Int64Range(-(1<<53 - 1), 1<<53-1).AsAny(),
		rapid.String().AsAny(),
		rapid.SampledFrom([]string{"", `"\/`, "\b\f\n\r\t\x00\x1f\x7f", "<>&\u2028\u2029", "é", "\ufb33", "😀", "NT$ 二千六百"}).AsAny(),
		rapid.Bool().AsAny(),
	}
	if depth == 0 {
		return rapid.OneOf(leaves...)
	}
	inner := value(depth - 1)
	return rapid.OneOf(append(leaves,
		rapid.SliceOfN(inner, 0, 4).AsAny(),
		rapid.Map(rapid.MapOfN(key(), inner, 0, 6), func(m map[string]any) any { return deal.Body(m) }))...)
}

// key draws object keys whose order differs between UTF-8 and UTF-16.
func key() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("abz\"\\\n\u00e9\ud7ff\ue000\ufb33\uffff\U00010000\U0001f600"))))
}

// TestCanonicalForm holds our writer against another's reading of RFC 8785.
func TestCanonicalForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := deal.Body{"x": value(3).Draw(t, "value")}
		got, err := deal.Canonical(body)
		if err != nil {
			t.Fatal(err)
		}
		loose, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		want, err := jcs.Transform(loose)
		if err != nil {
			t.Skip("the oracle does not take it: " + err.Error())
		}
		if string(got) != string(want) {
			t.Fatalf("wrote\n%q\nwant\n%q", got, want)
		}
	})
}

// TestCanonicalBytes are a few values by hand.
func TestCanonicalBytes(t *testing.T) {
	for _, c := range []struct {
		in   any
		want string
	}{
		{deal.Body{}, `{}`},
		{deal.Body{"b": 1, "a": int64(-2), "A": money.Amount(3)}, `{"A":3,"a":-2,"b":1}`},
		{deal.Body{"\U0001f600": 1, "\ufb33": 2, "é": 3, "z": 4}, "{\"z\":4,\"é\":3,\"\U0001f600\":1,\"\ufb33\":2}"},
		{[]any{true, "a", []string{"b"}, []deal.Body{{}}, map[string]any{"k": false}}, `[true,"a",["b"],[{}],{"k":false}]`},
		{"<>&\u2028\x7f/", "\"<>&\u2028\x7f/\""},
		{"\x00\x1f\b\t\n\f\r\"\\", `"\u0000\u001f\b\t\n\f\r\"\\"`},
		{int64(1<<53 - 1), `9007199254740991`},
		{int64(-(1<<53 - 1)), `-9007199254740991`},
	} {
		got, err := deal.Canonical(c.in)
		if err != nil || string(got) != c.want {
			t.Errorf("%v: %s, %v; want %s", c.in, got, err, c.want)
		}
	}
}

// TestNotCanonical lists what has no place in a log, also inside of something.
func TestNotCanonical(t *testing.T) {
	for name, v := range map[string]any{
		"null": nil, "a fraction": 1.5, "too large": int64(1 << 53), "too small": int64(-1 << 53), "no UTF-8": "a\xff",
		"an unknown type": struct{}{}, "a number not yet read": json.Number("1"),
	} {
		for where, v := range map[string]any{"alone": v, "in an object": deal.Body{"k": v}, "in a list": []any{v}} {
			if got, err := deal.Canonical(v); !errors.Is(err, deal.ErrNotCanonical) {
				t.Errorf("%s %s: %s, %v", name, where, got, err)
			}
		}
	}
	if _, err := deal.Canonical(deal.Body{"\xff": 1}); !errors.Is(err, deal.ErrNotCanonical) {
		t.Errorf("a key that is no UTF-8: %v", err)
	}
}
