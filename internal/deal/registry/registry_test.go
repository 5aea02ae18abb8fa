package registry

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"testing"

	"haggle/internal/deal"
	"haggle/internal/testenv"
)

// TestVectors holds the verifier against closed logs written elsewhere: it accepts them as they are, and refuses them
// after a change of any byte.
func TestVectors(t *testing.T) {
	for _, name := range []string{"log_english.jsonl", "log_group.jsonl"} {
		t.Run(name, func(t *testing.T) {
			log, err := os.ReadFile(testenv.Shared(t, "data", name))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := deal.VerifyBytes(log, All()); err != nil {
				t.Fatalf("refused as it is: %v", err)
			}
			for i := range log {
				changed := bytes.Clone(log)
				changed[i] ^= 1
				if err := refused(changed); err != nil {
					t.Fatalf("byte %d from %q to %q: %v", i, log[i], changed[i], err)
				}
			}
		})
	}
}

// refused is nil when a log is refused by naming a line.
func refused(log []byte) error {
	_, err := deal.VerifyBytes(log, All())
	var line *deal.LineError
	if err == nil {
		return errors.New("accepted")
	}
	if !errors.As(err, &line) {
		return fmt.Errorf("refused without naming a line: %w", err)
	}
	return nil
}
