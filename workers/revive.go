package workers

import (
	"context"
	"time"

	"haggle/internal/queue"
)

// reviveAfter is how long a dead task lies before it is run again. What it was to do is found by sweep and relay
// meanwhile; but it keeps its id taken, and shows in the metrics.
const reviveAfter = 5 * time.Minute

// revive runs dead tasks again. A queue that does not answer is no news: the courier has told of it.
func (w *Workers) revive(ctx context.Context) error {
	r, ok := w.cfg.Queue.(queue.Reviver)
	if !ok {
		return nil
	}
	n, err := r.Revive(ctx, time.Now().Add(-reviveAfter))
	if n > 0 {
		w.log.Info("dead tasks run again", "tasks", n)
	}
	if err != nil {
		w.log.Debug("dead tasks are not looked at", "err", err)
	}
	return nil
}
