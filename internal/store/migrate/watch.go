package migrate

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"haggle/internal/store"
)

// WatchEvery is how often a running program looks whether the store is still of its version. A Grace of twice that lets
// everybody look before a walk begins.
const WatchEvery = 2 * time.Second

// Watch looks again and again whether a store is of the version that a running program knows.
type Watch struct {
	store store.Engine
	known int
	off   atomic.Pointer[VersionError]
	ended chan struct{} // closed when they do not fit any more
	once  sync.Once
	stop  context.CancelFunc
	group sync.WaitGroup
}

// NewWatch looks once before it returns, and then every so often until Close.
func NewWatch(ctx context.Context, s store.Engine, known int, every time.Duration) (*Watch, error) {
	w := &Watch{store: s, known: known, ended: make(chan struct{})}
	if err := Gate(ctx, s, known); err != nil {
		return nil, err
	}
	ctx, w.stop = context.WithCancel(context.WithoutCancel(ctx))
	w.group.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				w.look(ctx)
			case <-ctx.Done():
				return
			}
		}
	})
	return w, nil
}

// look notes what it finds; a store that does not answer is another's to tell.
func (w *Watch) look(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, WatchEvery)
	defer cancel()
	err := Gate(ctx, w.store, w.known)
	var off *VersionError
	if errors.As(err, &off) {
		w.off.Store(off)
		w.once.Do(func() { close(w.ended) })
	}
}

// Off is closed when the store is not of the program's version any more. It does not become so again: the program ends.
func (w *Watch) Off() <-chan struct{} { return w.ended }

// Check is nil while program and store fit. It never waits.
func (w *Watch) Check() error {
	if off := w.off.Load(); off != nil {
		return off
	}
	return nil
}

// Close ends the looking.
func (w *Watch) Close() error {
	w.stop()
	w.group.Wait()
	return nil
}
