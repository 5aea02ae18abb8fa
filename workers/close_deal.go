package workers

import (
	"context"
	"time"

	"haggle/internal/queue"
)

// closeDeal is a wake-up at a deal's deadline: it decides and settles the deal when that is due by the database's clock,
// which may be a little behind this machine's. Where the deadline moved, or the deal is closed, it does nothing.
func (w *Workers) closeDeal(ctx context.Context, t queue.Task) error {
	if w.closer.at(string(t.Payload)) {
		return nil
	}
	now, err := w.cfg.Store.Now(ctx)
	if err != nil {
		return err
	}
	if err := sleep(ctx, t.At.Sub(now)); err != nil {
		return err
	}
	return w.closer.closeNow(string(t.Payload))
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
