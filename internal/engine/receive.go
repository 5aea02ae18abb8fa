package engine

import (
	"context"
	"fmt"
	"time"

	"haggle/internal/fault"
)

const receiveFor = 800 * time.Millisecond // a little less than the sender waits

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
