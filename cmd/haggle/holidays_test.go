package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCalendarOfAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "holidays.txt")
	if c, err := calendarOf(""); err != nil || !c.Holidays["2026-02-16"] {
		t.Errorf("Taiwan's: %v, %v", c.Holidays, err)
	}
	if _, err := calendarOf(file); err == nil || !strings.Contains(err.Error(), "--holidays") {
		t.Errorf("a file that is not there: %v", err)
	}
	for text, want := range map[string]int{"": 0, "2026-08-06 ours\n": 1} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if c, err := calendarOf(file); err != nil || len(c.Holidays) != want || c.Zone == nil {
			t.Errorf("%q: %+v, %v", text, c, err)
		}
	}
	if err := os.WriteFile(file, []byte("6 August\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := calendarOf(file); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("a list of something else: %v", err)
	}
}
