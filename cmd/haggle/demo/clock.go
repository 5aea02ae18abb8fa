package demo

import (
	"sync"
	"time"
)

// Clock is real time with an offset. Its zero value shows real time; that of NewClock is at home at another one. It is safe
// for concurrent use. It runs backwards once, when the filling of an empty store begins; from then on it moves forward only.
type Clock struct {
	mu     sync.Mutex
	home   time.Duration // from real time to where the clock is at home
	offset time.Duration
	shown  time.Time // the latest that anybody saw
}

// NewClock is a clock that is at home at a time, and goes on from there.
func NewClock(at time.Time) *Clock { return &Clock{home: time.Until(at)} }

// away says that the clock is at home at another time than the real one.
func (c *Clock) away() bool { return c.home != 0 }

func (c *Clock) atHome() time.Time { return time.Now().Add(c.home) }

// Now is the time that the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.show()
}

func (c *Clock) show() time.Time {
	if now := c.atHome().Add(c.offset); now.After(c.shown) {
		c.shown = now
	}
	return c.shown
}

// Set moves the clock to a time, from which it runs on. A time before the one that it shows leaves it as it is.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.show()) {
		c.offset = t.Sub(c.atHome())
	}
}

// turnBack moves the clock to a time in the past: nothing may have been written by it yet.
func (c *Clock) turnBack(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset, c.shown = t.Sub(c.atHome()), t
}

// Reset goes home. A clock that was ahead stands still until the time there has come up with it.
func (c *Clock) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset = 0
}
