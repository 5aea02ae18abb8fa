package workers

import (
	"sync"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
)

const (
	// alarmAhead is how far ahead alarms are set: a little more than a sweep, which sets those of the next one.
	alarmAhead = sweepEvery + 2*time.Second
	// settleGrace is left to whoever decided a deal to settle it, before an alarm goes on with it.
	settleGrace = 300 * time.Millisecond
	maxAlarms   = 20_000 // beyond it the sweep alone knows
)

// alarms ring when deals are due in this process. They are no more than a shortcut to the sweep.
type alarms struct {
	ring func(dealID string)

	mu     sync.Mutex
	timers map[string]*time.Timer
	on     bool
}

func newAlarms(ring func(string)) *alarms {
	return &alarms{ring: ring, timers: map[string]*time.Timer{}}
}

// set makes the alarm of a deal fit its present state: none, or one at its time where that is near.
func (a *alarms) set(d engine.Deal, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if old := a.timers[d.ID]; old != nil {
		old.Stop()
		delete(a.timers, d.ID)
	}
	wait, ok := ringsIn(d, now)
	if !ok || !a.on || len(a.timers) >= maxAlarms {
		return
	}
	var t *time.Timer
	t = time.AfterFunc(wait, func() { a.fire(d.ID, &t) })
	a.timers[d.ID] = t
}

// ringsIn is how long until a deal needs somebody; false where that is far off or never.
func ringsIn(d engine.Deal, now time.Time) (time.Duration, bool) {
	if d.NextAt == nil {
		return 0, false
	}
	wait := max(0, d.NextAt.Sub(now))
	if d.Status == deal.Clearing {
		wait += settleGrace
	}
	return wait, wait <= alarmAhead
}

// fire rings, unless the alarm was set anew meanwhile.
func (a *alarms) fire(id string, t **time.Timer) {
	a.mu.Lock()
	current := a.on && a.timers[id] == *t
	if current {
		delete(a.timers, id)
	}
	a.mu.Unlock()
	if current {
		a.ring(id)
	}
}

// start lets alarms be set; what was near before is found by the first sweep.
func (a *alarms) start() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.on = true
}

// stop silences all alarms.
func (a *alarms) stop() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.on = false
	for _, t := range a.timers {
		t.Stop()
	}
	clear(a.timers)
}
