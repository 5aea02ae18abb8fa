package engine

import (
	"sync"

	"haggle/internal/fault"
)

// item is one entry, or one closing, that waits on a lane.
type item struct {
	sub    Submission
	key    string // of the stored answer; "": none
	expire bool   // a closing, not an entry
	done   chan verdict
}

type verdict struct {
	accepted Accepted
	err      error
}

func newItem(s Submission) *item {
	it := &item{sub: s, done: make(chan verdict, 1)}
	if s.Key != nil {
		it.key = s.Key.id()
	}
	return it
}

func (it *item) answer(v verdict) { it.done <- v } // buffered: never blocks, also when nobody waits any more

// solo says that the item cannot share its commit.
func (it *item) solo() bool { return it.sub.Within != nil }

// lane is one committer and the queues of the deals that hash to it.
type lane struct {
	e     *Engine
	cache *cache

	mu       sync.Mutex
	wake     *sync.Cond
	closings []*item
	entries  []*item
	waiting  map[string]int // entries by deal
	closed   bool
	stopped  chan struct{}
}

func newLane(e *Engine) *lane {
	l := &lane{e: e, cache: newCache(), waiting: map[string]int{}, stopped: make(chan struct{})}
	l.wake = sync.NewCond(&l.mu)
	return l
}

// put queues an item; closings go ahead of entries.
func (l *lane) put(it *item) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return fault.New(fault.CodeUnavailable, fault.Params{"retryAfter": 1})
	case it.expire:
		l.closings = append(l.closings, it)
	case l.waiting[it.sub.Deal] >= QueueBound:
		return fault.New(fault.CodeUnavailable, fault.Params{"retryAfter": 1})
	default:
		l.waiting[it.sub.Deal]++
		l.entries = append(l.entries, it)
	}
	l.wake.Signal()
	return nil
}

// drain takes what waits now, up to one commit's worth; it blocks while nothing does, and answers nil at the end.
func (l *lane) drain() []*item {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.closings) == 0 && len(l.entries) == 0 {
		if l.closed {
			return nil
		}
		l.wake.Wait()
	}
	most := l.e.cfg.Batch
	batch := make([]*item, 0, min(most, len(l.closings)+len(l.entries)))
	n := min(most, len(l.closings))
	batch = append(batch, l.closings[:n]...)
	l.closings = l.closings[n:]
	n = together(l.entries, most-len(batch), len(batch) == 0)
	for _, it := range l.entries[:n] {
		l.leave(it.sub.Deal)
	}
	batch = append(batch, l.entries[:n]...)
	l.entries = l.entries[n:]
	return batch
}

// together counts the first entries that may share a commit: all up to one that must be alone, or that one.
func together(entries []*item, most int, first bool) int {
	for i, it := range entries {
		if i == most {
			return most
		}
		if it.solo() {
			if i == 0 && first {
				return 1
			}
			return i
		}
	}
	return min(most, len(entries))
}

func (l *lane) leave(dealID string) {
	if l.waiting[dealID]--; l.waiting[dealID] == 0 {
		delete(l.waiting, dealID)
	}
}

func (l *lane) run() {
	defer close(l.stopped)
	for batch := l.drain(); batch != nil; batch = l.drain() {
		l.process(batch)
	}
}

func (l *lane) close() {
	l.mu.Lock()
	l.closed = true
	l.wake.Broadcast()
	l.mu.Unlock()
	<-l.stopped
}

func (l *lane) forget(dealID string) { l.cache.drop(dealID) }
