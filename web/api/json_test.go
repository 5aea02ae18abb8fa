package api

import (
	"reflect"
	"testing"
)

func TestReadJSON(t *testing.T) {
	for text, want := range map[string]any{
		`{"max":9223372036854775807}`:  map[string]any{"max": int64(9223372036854775807)},
		`{"max":9223372036854775808}`:  map[string]any{"max": notWhole("9223372036854775808")},
		`[1.5, 1e309, -1, 1e2]`:        []any{notWhole("1.5"), notWhole("1e309"), int64(-1), notWhole("1e2")},
		`"\ud83c\udf75 and \\ud83c"`:   "🍵 and \\ud83c",
		`{"tea":"\ud83c\udf75\u0041"}`: map[string]any{"tea": "🍵A"},
		` null `:                       nil,
	} {
		var got any
		if err := readJSON([]byte(text), &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s reads as %#v, %v", text, got, err)
		}
	}
	for _, text := range []string{``, `{`, `{} {}`, `1 x`, "\"\xff\"", `"\ud83c"`, `"\udf75"`, `"\ud83c x"`, `"\ud83c\u0041"`, `"\\\ud83c"`, `{"\ud83c":1}`, `"\ud83c\ud83c\udf75"`} {
		var got any
		if err := readJSON([]byte(text), &got); err == nil {
			t.Errorf("%q is taken as %#v", text, got)
		}
	}
}
