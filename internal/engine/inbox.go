package engine

import (
	"errors"
	"sync"
	"time"
)

// Bounds on what is remembered of entries that other processes sent.
const (
	answersKept = 16_384                  // of one generation; there are two
	answersFor  = routeFor + 2*forwardFor // nobody asks again later
)

// arrival is an entry that another process sent: under way, or decided a short time ago. Sent again after a lost answer it
// gets the same verdict; it is never decided twice.
type arrival struct {
	ready chan struct{}
	v     verdict // once ready is closed
}

func (a *arrival) isReady() bool {
	select {
	case <-a.ready:
		return true
	default:
		return false
	}
}

// stands says that the arrival is under way or was decided: what moved was not.
func (a *arrival) stands() bool { return !a.isReady() || !errors.Is(a.v.err, errMoved) }

// inbox knows the arrivals by the id of the entry, in two generations. When the younger is old or full, the elder is
// forgotten, but for what is still under way: no arrival costs more for the others that are remembered. An entry that was
// accepted and is forgotten is found in its deal's log.
type inbox struct {
	mu         sync.Mutex
	young, old map[string]*arrival
	room       int       // in the younger; what was carried over from the elder does not count
	began      time.Time // of the younger
}

// take queues an item, or finds the one that is under way or was decided under its id.
func (in *inbox) take(it *item, l *lane) *arrival {
	id := it.sub.ID
	if it.expire {
		id = "expire:" + it.sub.Deal
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if a := in.find(id); a != nil && a.stands() && !it.expire {
		return a
	}
	a := &arrival{ready: make(chan struct{})}
	it.arrival = a
	in.keep(id, a, time.Now())
	if _, here := l.lease.held(); !here {
		l.lease.lose() // the sender knows better, or will be told: look at the row before deciding anything
	}
	if err := l.put(it); err != nil {
		it.answer(verdict{err: err})
	}
	return a
}

// find is the arrival that is remembered under an id; nil: none is.
func (in *inbox) find(id string) *arrival {
	if a := in.young[id]; a != nil {
		return a
	}
	return in.old[id]
}

// keep remembers an arrival.
func (in *inbox) keep(id string, a *arrival, now time.Time) {
	if in.room == 0 || now.Sub(in.began) > answersFor {
		in.turn(now)
	}
	in.room--
	in.young[id] = a
}

// turn begins a generation.
func (in *inbox) turn(now time.Time) {
	elder := in.old
	in.old, in.young, in.room, in.began = in.young, map[string]*arrival{}, answersKept, now
	for id, a := range elder {
		if _, later := in.old[id]; !later && !a.isReady() {
			in.young[id] = a
		}
	}
}
