package order

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"testing"

	"haggle/internal/testenv"
)

// TestMain lets HAGGLE_RAPID_CHECKS say how many random cases each property is held against (default 1000).
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", strconv.Itoa(testenv.Checks(1000))); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	os.Exit(m.Run())
}
