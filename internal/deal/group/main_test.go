package group

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

// TestMain lets HAGGLE_RAPID_CHECKS say how many random markets each property is held against (default 1000).
func TestMain(m *testing.M) {
	checks := os.Getenv("HAGGLE_RAPID_CHECKS")
	if checks == "" {
		checks = "1000"
	}
	if err := flag.Set("rapid.checks", checks); err != nil {
		fmt.Fprintln(os.Stderr, "HAGGLE_RAPID_CHECKS:", err)
		os.Exit(2)
	}
	os.Exit(m.Run())
}
