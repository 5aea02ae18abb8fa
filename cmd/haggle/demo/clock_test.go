package demo

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c Clock
		real := time.Now()
		shows := func(want time.Time) {
			t.Helper()
			if got := c.Now(); !got.Equal(want) {
				t.Errorf("shows %v, want %v", got, want)
			}
		}
		shows(real)
		c.turnBack(real.Add(-history))
		shows(real.Add(-history))
		time.Sleep(time.Second)
		shows(real.Add(-history + time.Second))
		c.Set(real.Add(-hour))
		shows(real.Add(-hour))
		c.Set(real.Add(-day)) // is in its past
		shows(real.Add(-hour))
		time.Sleep(minute)
		shows(real.Add(-hour + minute))
		c.Reset()
		shows(time.Now())
		c.Set(time.Now().Add(minute))
		ahead := c.Now()
		c.Reset()
		shows(ahead) // stands still
		time.Sleep(2 * minute)
		shows(time.Now())
	})
}

// TestClockAtHomeElsewhere: the clock goes on from another time, also after it was led away and home again.
func TestClockAtHomeElsewhere(t *testing.T) {
	at := time.Date(2031, 3, 5, 2, 0, 0, 0, time.UTC)
	c := NewClock(at)
	about := func(want time.Time) {
		t.Helper()
		if off := c.Now().Sub(want); off < 0 || off > time.Minute {
			t.Errorf("the clock is %v off", off)
		}
	}
	about(at)
	c.turnBack(at.Add(-history))
	about(at.Add(-history))
	c.Set(at.Add(-time.Hour))
	about(at.Add(-time.Hour))
	c.Reset()
	about(at)
	if !c.away() || (&Clock{}).away() {
		t.Error("a clock does not know where it is at home")
	}
}
