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
