package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"haggle/internal/fault"
	"haggle/internal/store"
)

const (
	clockEvery = 10 * time.Second
	clockBound = 250 * time.Millisecond // how far a clock may be from the database's
)

// clockWatch compares this machine's clock with the database's. A process whose clock is wrong decides nothing: it would
// close deals early or take entries late.
type clockWatch struct {
	store store.Engine
	off   atomic.Int64 // nanoseconds; this clock minus the database's
	stop  context.CancelFunc
	group sync.WaitGroup
}

// watchClock compares once before it returns, and again every ten seconds until closed.
func watchClock(ctx context.Context, s store.Engine) (*clockWatch, error) {
	w := &clockWatch{store: s}
	if err := w.compare(ctx); err != nil {
		return nil, fmt.Errorf("the database's clock: %w", err)
	}
	ctx, w.stop = context.WithCancel(context.WithoutCancel(ctx))
	w.group.Go(func() {
		tick := time.NewTicker(clockEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				_ = w.compare(ctx) // a database that does not answer is another probe's to tell
			case <-ctx.Done():
				return
			}
		}
	})
	return w, nil
}

func (w *clockWatch) compare(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, clockEvery)
	defer cancel()
	theirs, err := w.store.Now(ctx)
	if err == nil {
		w.off.Store(int64(time.Since(theirs)))
	}
	return err
}

// check is nil while the clocks agree.
func (w *clockWatch) check(context.Context) error {
	if off := time.Duration(w.off.Load()); off.Abs() > clockBound {
		return fmt.Errorf("this machine's clock is %d ms from the database's", off.Milliseconds())
	}
	return nil
}

// writable refuses to decide anything while the clocks do not agree.
func (w *clockWatch) writable() error {
	if err := w.check(context.Background()); err != nil {
		slog.Debug("refused a write", "err", err)
		return fault.New(fault.CodeUnavailable, fault.Params{"retryAfter": int64(clockEvery / time.Second)}).Because(err)
	}
	return nil
}

func (w *clockWatch) close() error {
	w.stop()
	w.group.Wait()
	return nil
}
