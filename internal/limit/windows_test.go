package limit

import (
	"strconv"
	"testing"
	"time"
)

func TestWindowsAreBounded(t *testing.T) {
	w := newWindows()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range maxWindows + 100 {
		w.allow(strconv.Itoa(i), 1, time.Minute, now)
	}
	if len(w.of) != maxWindows {
		t.Errorf("%d windows, want %d", len(w.of), maxWindows)
	}
	w.allow("late", 1, time.Minute, now.Add(time.Minute))
	if len(w.of) != 1 {
		t.Errorf("%d windows after all but one have ended", len(w.of))
	}
}
