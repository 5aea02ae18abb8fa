package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"haggle/internal/fault"
)

// routeFor is how long entries are carried between processes before they are answered as unavailable.
const routeFor = 8 * time.Second

// handle decides a batch here, or sends it to the lane's owner.
func (l *lane) handle(batch []*item) {
	if l.lease == nil {
		l.process(batch)
		return
	}
	for batch = l.inTime(batch); len(batch) > 0; batch = l.inTime(batch) {
		if batch[0].solo() { // its other writes cannot travel: the deal's version alone guards it
			batch = l.process(batch)
			continue
		}
		owner, here, err := l.decider()
		switch {
		case err != nil:
			for _, it := range batch {
				it.cause = err
			}
		case here:
			batch = l.process(batch)
		default:
			l.export(owner, l.sendBack(batch))
			return
		}
	}
}

// inTime waits a little before another try, and gives up what has been carried about for too long.
func (l *lane) inTime(batch []*item) []*item {
	tries := 0
	for _, it := range batch {
		if it.tries == 0 {
			it.until = time.Now().Add(routeFor)
		}
		tries = max(tries, it.tries)
		it.tries++
	}
	pause(tries)
	now := time.Now()
	return slices.DeleteFunc(batch, func(it *item) bool {
		late := now.After(it.until)
		if late {
			it.giveUp()
		}
		return late
	})
}

// giveUp answers what could not be decided in time.
func (it *item) giveUp() {
	if it.again {
		it.answer(verdict{err: unknown(it.cause)})
		return
	}
	it.answer(verdict{err: fault.New(fault.CodeUnavailable, fault.Params{"retryAfter": 1}).Because(it.cause)})
}

// decider says where the lane's entries are decided: here, or at the owner that it gives. The lane of an owner who is gone
// is claimed at once.
func (l *lane) decider() (owner LaneRow, here bool, err error) {
	l.mu.Lock()
	gone := l.gone
	l.gone = LaneRow{}
	l.mu.Unlock()
	if gone.Owner != "" && gone.Epoch == l.lease.known().Epoch {
		_ = l.lease.claimFrom(context.Background(), gone) // what it could not do, find tries
	}
	return l.lease.find(context.Background())
}

// sendBack answers the entries that came from another process: they are never sent on, their sender looks anew.
func (l *lane) sendBack(batch []*item) []*item {
	var own []*item
	for _, it := range batch {
		if it.arrival != nil {
			it.answer(verdict{err: errMoved})
			continue
		}
		own = append(own, it)
	}
	return own
}

// Bounds on the exchanges with a lane's owner. What comes while one is under way does not wait for its answer; else the
// owner's own callers would be answered twice as often.
const (
	forwardFor     = leaseFor / 2
	forwardsAtOnce = 3 // of a lane
	awayPart       = 4 // of an exchange counts as if it were a commit: the owner waits for company, too
)

// export sends a batch to the lane's owner and does not wait for his answer, unless many are awaited. What he did not
// decide comes back to the lane.
func (l *lane) export(owner LaneRow, batch []*item) {
	if len(batch) == 0 {
		return
	}
	l.mu.Lock()
	for l.abroad == forwardsAtOnce {
		l.wake.Wait()
	}
	l.abroad++
	l.away += len(batch)
	l.mu.Unlock()
	go func() {
		began := time.Now()
		left := l.forward(owner, batch)
		l.takeBack(len(batch), left)
		l.answered(len(batch)-len(left), time.Since(began)/awayPart)
	}()
}

// takeBack ends an exchange of n items: what is left of it goes ahead of what waits.
func (l *lane) takeBack(n int, left []*item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.abroad--
	l.away -= n
	var closings, entries []*item
	for _, it := range left {
		if it.expire {
			closings = append(closings, it)
			continue
		}
		l.waiting[it.sub.Deal]++
		entries = append(entries, it)
	}
	l.closings, l.entries = append(closings, l.closings...), append(entries, l.entries...)
	l.wake.Signal()
}

// forward sends a batch to the lane's owner, answers what he decided and gives back the rest.
func (l *lane) forward(owner LaneRow, batch []*item) (left []*item) {
	farm := l.e.cfg.Farm
	ctx, cancel := context.WithTimeout(context.Background(), forwardFor)
	defer cancel()
	body, err := l.e.packItems(ctx, batch)
	if err != nil {
		for _, it := range batch {
			it.answer(verdict{err: undecided(err)})
		}
		return nil
	}
	ctx, done := l.e.follow(ctx, Forwarding, batch)
	answer, err := farm.Send(ctx, owner.Address, l.n, body)
	if done != nil {
		done(Commit{Lane: l.n, Items: len(batch)}, err)
	}
	switch {
	case errors.Is(err, ErrAway):
		l.e.cfg.Logger.Info("the owner of a lane is gone", "lane", l.n, "owner", owner.Owner)
		l.mu.Lock()
		l.gone = owner
		l.mu.Unlock()
		return batch
	case err != nil:
		l.e.cfg.Logger.Debug("a lane's owner did not answer", "lane", l.n, "owner", owner.Owner, "err", err)
		return again(batch)
	}
	verdicts, err := unpackVerdicts(answer, len(batch))
	if err != nil {
		l.e.cfg.Logger.Warn("a lane's owner answered what cannot be read", "lane", l.n, "owner", owner.Owner, "err", err)
		return again(batch)
	}
	for i, it := range batch {
		switch v := verdicts[i]; {
		case errors.Is(v.err, errMoved):
			l.lease.doubts(owner)
			left = append(left, it)
		case errors.Is(v.err, errPending):
			it.again = true
			left = append(left, it)
		default:
			it.answer(v)
		}
	}
	return left
}

// again marks items that may have been decided by somebody whose answer did not come.
func again(batch []*item) []*item {
	for _, it := range batch {
		it.again = true
	}
	return batch
}
