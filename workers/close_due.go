package workers

import (
	"context"
	"sync"
	"time"

	"haggle/internal/queue"
)

// closeDue is a wake-up at the deadline of some deals: it decides and settles those that are due at its time, once that has
// come by the database's clock, which may be a little behind this machine's. Deals whose deadline moved, or that are closed,
// are not found.
func (w *Workers) closeDue(ctx context.Context, t queue.Task) error {
	now, err := w.cfg.Store.Now(ctx)
	if err != nil {
		return err
	}
	if err := sleep(ctx, t.At.Sub(now)); err != nil {
		return err
	}
	var closings sync.WaitGroup
	defer closings.Wait()
	for after := ""; ; {
		ids, next, err := w.eng.DueAt(ctx, t.At, dealPage, after)
		if err != nil {
			return err
		}
		w.closer.startAll(ids, &closings)
		if after = next; after == "" {
			return nil
		}
		w.closer.feed()
	}
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
