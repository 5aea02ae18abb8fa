package engine

import (
	"context"
	"errors"
	"time"

	"haggle/internal/fault"
)

// routeFor is how long entries are carried between processes before they are answered as unavailable.
const routeFor = 8 * time.Second

// handle decides a batch, here or at the lane's owner.
func (l *lane) handle(batch []*item) {
	if l.lease == nil {
		l.process(batch)
		return
	}
	until := time.Now().Add(routeFor)
	var cause error
	for try := 0; len(batch) > 0; try++ {
		pause(try)
		if time.Now().After(until) {
			l.giveUp(batch, cause)
			return
		}
		if batch[0].solo() { // its other writes cannot travel: the deal's version alone guards it
			batch = l.process(batch)
			continue
		}
		owner, here, err := l.lease.find(context.Background())
		switch {
		case err != nil:
			cause = err
		case here:
			batch = l.process(batch)
		default:
			batch = l.forward(owner, l.sendBack(batch))
		}
	}
}

// giveUp answers what could not be decided in time.
func (l *lane) giveUp(batch []*item, cause error) {
	for _, it := range batch {
		if it.again {
			it.answer(verdict{err: unknown(cause)})
			continue
		}
		it.answer(verdict{err: fault.New(fault.CodeUnavailable, fault.Params{"retryAfter": 1}).Because(cause)})
	}
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

// forwardFor bounds one exchange with a lane's owner; one is under way at a time.
const forwardFor = leaseFor / 2

// forward sends a batch to the lane's owner, answers what he decided and gives back the rest.
func (l *lane) forward(owner LaneRow, batch []*item) (left []*item) {
	if len(batch) == 0 {
		return nil
	}
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
		_ = l.lease.claimFrom(context.Background(), owner)
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
			l.lease.lose()
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
