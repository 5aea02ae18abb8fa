package demo

import (
	"sync"
	"time"
)

// Clock is real time with an offset. Its zero value shows real time. It is safe for concurrent use. It runs backwards once,
// when the filling of an empty store begins; from then on it moves forward only.
type Clock struct {
	mu     sync.Mutex
	offset time.Duration
	shown  time.Time // the latest that anybody saw
}

// Now is the time that the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.show()
}

func (c *Clock) show() time.Time {
	if now := time.Now().Add(c.offset); now.After(c.shown) {
		c.shown = now
	}
	return c.shown
}

// Set moves the clock to a time, from which it runs on. A time before the one that it shows leaves it as it is.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.show()) {
		c.offset = time.Until(t)
	}
}

// turnBack moves the clock to a time in the past: nothing may have been written by it yet.
func (c *Clock) turnBack(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset, c.shown = time.Until(t), t
}

// Reset shows real time again. A clock that was ahead stands still until real time has come up with it.
func (c *Clock) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset = 0
}
