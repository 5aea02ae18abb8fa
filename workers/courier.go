package workers

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"haggle/internal/queue"
)

const (
	mistrust     = 2 * time.Second // how long a queue that did not answer is left alone
	enqueueBound = time.Second
)

// courier puts tasks into the queue, and leaves it alone for a while when it does not answer.
type courier struct {
	queue  queue.Queue // nil: there is none
	log    *slog.Logger
	silent atomic.Int64 // Unix milliseconds until which nothing is asked
}

// put says whether the queue took the task.
func (c *courier) put(ctx context.Context, t queue.Task) bool {
	now := time.Now()
	if c.queue == nil || now.UnixMilli() < c.silent.Load() {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, enqueueBound)
	defer cancel()
	err := c.queue.Enqueue(ctx, t)
	if err != nil && ctx.Err() != context.Canceled {
		c.silent.Store(now.Add(mistrust).UnixMilli())
		c.log.Warn("the queue does not answer: jobs are done without it", "err", err)
	}
	return err == nil
}
