package engine

import (
	"context"

	"haggle/internal/deal"
)

// Queue puts entries on their lanes at once, in order, so that a committer finds all of them together. It gives one
// function an entry, which waits for the verdict.
func (e *Engine) Queue(subs ...Submission) []func() (Accepted, error) {
	wait := make([]func() (Accepted, error), len(subs))
	for _, l := range e.lanes {
		l.mu.Lock()
	}
	for i, s := range subs {
		it := newItem(s)
		l := e.lane(s.Deal)
		l.waiting[s.Deal]++
		l.entries = append(l.entries, it)
		wait[i] = func() (Accepted, error) { v := <-it.done; return v.accepted, v.err }
	}
	for _, l := range e.lanes {
		l.wake.Signal()
		l.mu.Unlock()
	}
	return wait
}

// QueueExpiry puts a closing on its deal's lane behind whatever waits there, together with entries.
func (e *Engine) QueueExpiry(dealID string, entries ...Submission) (closing func() (bool, error), wait []func() (Accepted, error)) {
	l := e.lane(dealID)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range entries {
		it := newItem(s)
		l.waiting[s.Deal]++
		l.entries = append(l.entries, it)
		wait = append(wait, func() (Accepted, error) { v := <-it.done; return v.accepted, v.err })
	}
	it := e.closing(context.Background(), dealID)
	l.closings = append(l.closings, it)
	l.wake.Signal()
	return func() (bool, error) { v := <-it.done; return v.accepted.Closing, v.err }, wait
}

// Foresee reads ahead for a closing and gives what puts it on its lane, which waits for the verdict.
func (e *Engine) Foresee(d Deal) func() (closing bool, err error) {
	it := e.closing(context.Background(), d.ID)
	it.ahead = ahead{e.readAhead(context.Background(), []Deal{d})[d.ID], d.Version}
	return func() (bool, error) {
		if err := e.lane(d.ID).put(it); err != nil {
			return false, err
		}
		v := it.await(context.Background())
		return v.accepted.Closing, v.err
	}
}

// Remembers says whether the engine keeps a deal in memory.
func (e *Engine) Remembers(dealID string) bool { return e.lane(dealID).cache.get(dealID) != nil }

// StopTending leaves the leases of this process alone from now on, as if it had been stopped.
func (e *Engine) StopTending() { e.untend(); e.tended.Wait() }

// Owns says whether this process believes that it decides a deal's entries.
func (e *Engine) Owns(dealID string) bool {
	_, mine := e.lane(dealID).lease.held()
	return mine
}

// LeaseFor is how long a lease lasts.
const LeaseFor = leaseFor

// Carry is what another process reads of what it is sent, for an entry of a deal of that kind.
func (e *Engine) Carry(kind deal.Kind, s Submission, expire, again bool) (Submission, bool, bool, error) {
	e.kinds.put(s.Deal, kind)
	it := newItem(s)
	it.expire, it.again = expire, again
	body, err := e.packItems(context.Background(), []*item{it})
	if err != nil {
		return Submission{}, false, false, err
	}
	items, err := e.unpackItems(body)
	if err != nil {
		return Submission{}, false, false, err
	}
	return items[0].sub, items[0].expire, items[0].again, nil
}

// CarryBack is what an entry's sender reads of its verdict.
func CarryBack(a Accepted, fate error) (Accepted, error) {
	body, err := packVerdicts([]verdict{{accepted: a, err: fate}})
	if err != nil {
		return Accepted{}, err
	}
	all, err := unpackVerdicts(body, 1)
	if err != nil {
		return Accepted{}, err
	}
	return all[0].accepted, all[0].err
}

// Fates that are not a refusal.
var (
	Moved   = errMoved
	Pending = errPending
)
