package canon

import (
	"bytes"
	"os"
	"testing"

	"haggle/internal/testenv"
)

// TestLogsMadeElsewhere reads two logs of the format's own examples, and refuses each line after the change of any byte.
func TestLogsMadeElsewhere(t *testing.T) {
	for _, name := range []string{"log_english.jsonl", "log_group.jsonl"} {
		raw, err := os.ReadFile(testenv.Shared(t, "data", name))
		if err != nil {
			t.Fatal(err)
		}
		prev := Zero
		for i, line := range bytes.Split(bytes.TrimSuffix(raw, []byte("\n")), []byte("\n")) {
			l, err := Parse(line)
			if err != nil || l.Seq != int64(i) || l.Prev != prev {
				t.Fatalf("%s, line %d: %+v, %v", name, i, l, err)
			}
			prev = l.Hash
			for k := range line {
				changed := bytes.Clone(line)
				changed[k] ^= 1
				if _, err := Parse(changed); err == nil {
					t.Errorf("%s, line %d: byte %d may be another", name, i, k)
				}
			}
		}
	}
}

// TestOneForm refuses other ways to write the same line.
func TestOneForm(t *testing.T) {
	for _, raw := range []string{"", "[]", "null", `{"a":1.5}`, `{"a":null}`, `{"b":1,"a":1}`, `{"a": 1}`, `{"a":1}{}`, `{"a":9007199254740992}`, `{"a":"\u0061"}`, `{"a":1}`} {
		if l, err := Parse([]byte(raw)); err == nil {
			t.Errorf("%q is read as %+v", raw, l)
		}
	}
}
