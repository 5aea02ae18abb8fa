package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"haggle/internal/fault"
)

// Bounds on what is remembered of entries that other processes sent.
const (
	answersKept = 16_384
	answersFor  = 30 * time.Second
	receiveFor  = 800 * time.Millisecond // a little less than the sender waits
)

// arrival is an entry that another process sent: under way, or decided a short time ago. Sent again after a lost answer it
// gets the same verdict; it is never decided twice.
type arrival struct {
	ready chan struct{}
	v     verdict // once ready is closed
	at    time.Time
}

// inbox knows the arrivals by the id of the entry.
type inbox struct {
	mu sync.Mutex
	of map[string]*arrival
}

// Receive decides what another process sent for a lane and answers the verdicts. Entries of a lane that this process does
// not own are answered so; what is not decided in time is answered as pending, to be asked for again.
func (e *Engine) Receive(ctx context.Context, laneNumber int, body []byte) ([]byte, error) {
	if e.cfg.Farm == nil || laneNumber < 0 || laneNumber >= len(e.lanes) {
		return nil, fault.New(fault.CodeNotFound, nil)
	}
	items, err := e.unpackItems(body)
	if err != nil {
		return nil, err
	}
	l := e.lanes[laneNumber]
	arrivals := make([]*arrival, len(items))
	for i, it := range items {
		if e.lane(it.sub.Deal) != l {
			return nil, fmt.Errorf("deal %s does not belong to lane %d", it.sub.Deal, laneNumber)
		}
		e.followed(ctx, it)
		arrivals[i] = e.inbox.take(it, l)
	}
	return packVerdicts(wait(ctx, arrivals))
}

// take queues an item, or finds the one that is under way or was decided under its id.
func (in *inbox) take(it *item, l *lane) *arrival {
	id := it.sub.ID
	if it.expire {
		id = "expire:" + it.sub.Deal
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if a, ok := in.of[id]; ok && a.stands() && !it.expire {
		return a
	}
	a := &arrival{ready: make(chan struct{}), at: time.Now()}
	it.arrival = a
	in.keep(id, a)
	if _, here := l.lease.held(); !here {
		l.lease.lose() // the sender knows better, or will be told: look at the row before deciding anything
	}
	if err := l.put(it); err != nil {
		it.answer(verdict{err: err})
	}
	return a
}

// keep remembers an arrival; those long decided are forgotten.
func (in *inbox) keep(id string, a *arrival) {
	if in.of == nil {
		in.of = map[string]*arrival{}
	}
	if len(in.of) >= answersKept {
		for other, old := range in.of {
			if old.isReady() && time.Since(old.at) > answersFor {
				delete(in.of, other)
			}
		}
	}
	if len(in.of) < answersKept {
		in.of[id] = a
	}
}

// stands says that the arrival is under way or was decided: what moved was not.
func (a *arrival) stands() bool { return !a.isReady() || !errors.Is(a.v.err, errMoved) }

func (a *arrival) isReady() bool {
	select {
	case <-a.ready:
		return true
	default:
		return false
	}
}

// wait collects verdicts until all are there or it has taken long enough.
func wait(ctx context.Context, arrivals []*arrival) []verdict {
	timeout := time.NewTimer(receiveFor)
	defer timeout.Stop()
	out := make([]verdict, len(arrivals))
	late := false
	for i, a := range arrivals {
		if !late {
			select {
			case <-a.ready:
			case <-timeout.C:
				late = true
			case <-ctx.Done():
				late = true
			}
		}
		if out[i] = (verdict{err: errPending}); a.isReady() {
			out[i] = a.v
		}
	}
	return out
}
