package order

import (
	"strings"
	"testing"
	"time"
)

// TestTaiwan holds the list against what the office calendar of 2026 says of its long weekends, and every day of the list
// against being a day on which others work.
func TestTaiwan(t *testing.T) {
	c := Taiwan()
	for day := range c.Holidays {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil || at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
			t.Errorf("%s is no weekday: %v", day, err)
		}
	}
	free := func(day string) bool {
		at, _ := time.ParseInLocation(time.DateOnly, day, taipei)
		return !c.business(at)
	}
	for _, w := range []struct {
		from string
		days int
	}{
		{"2026-02-14", 9}, {"2026-02-27", 3}, {"2026-04-03", 4}, {"2026-05-01", 3}, {"2026-06-19", 3}, {"2026-09-25", 4},
		{"2026-10-09", 3}, {"2026-10-24", 3}, {"2026-12-25", 3}, {"2027-02-04", 7}, {"2027-04-03", 4},
	} {
		first, _ := time.Parse(time.DateOnly, w.from)
		for d := -1; d <= w.days; d++ {
			day := first.AddDate(0, 0, d).Format(time.DateOnly)
			if want := d >= 0 && d < w.days; free(day) != want {
				t.Errorf("%s: free %v, want %v (%d days off from %s)", day, free(day), want, w.days, w.from)
			}
		}
	}
	if c.Last() != "2027-12-31" {
		t.Errorf("it ends on %s", c.Last())
	}
}

// TestTheDayBeginsInTaipei: what is paid late on the eve, there, counts from the next day on.
func TestTheDayBeginsInTaipei(t *testing.T) {
	paid := time.Date(2026, 2, 13, 15, 59, 0, 0, time.UTC) // Friday 23:59 there; nine days off follow
	if got, want := Taiwan().AddBusinessDays(paid, 3), time.Date(2026, 2, 25, 15, 59, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("three business days after %s: %s, want %s", paid, got, want)
	}
}

func TestReadCalendar(t *testing.T) {
	c, err := ReadCalendar(strings.NewReader("# ours\n\n2026-08-06 summer fair\n 2026-08-07\n"), nil)
	if err != nil || len(c.Holidays) != 2 || !c.Holidays["2026-08-06"] || c.Last() != "2026-08-07" {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err := ReadCalendar(strings.NewReader(""), nil); err != nil || len(c.Holidays) != 0 || c.Last() != "" {
		t.Errorf("%+v, %v", c, err)
	}
	for _, bad := range []string{"2026-13-01", "6 August", "2026-08-06,x"} {
		if _, err := ReadCalendar(strings.NewReader("# x\n"+bad+"\n"), nil); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
