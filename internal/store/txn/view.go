package txn

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"haggle/internal/store"
)

// ErrOver answers calls with the context of a transaction that has ended.
var ErrOver = errors.New("store: the transaction of this context has ended")

// View is how a transaction or snapshot went so far. It lets one call at a time through, and none after a failure.
type View struct {
	ReadOnly bool

	mu  sync.Mutex
	err error // the first failure
}

// Do makes one call, unless the context has ended or an earlier call has failed; then it answers that error.
func (v *View) Do(ctx context.Context, call func() error) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.err != nil {
		return v.err
	}
	err := ctx.Err()
	if err == nil {
		err = call()
	}
	if !store.Harmless(err) {
		v.err = err
	}
	return err
}

// End refuses later calls and answers the first failure.
func (v *View) End() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	err := v.err
	v.err = ErrOver
	return err
}

// Join runs a closure as part of the transaction: its error fails the whole.
func (v *View) Join(ctx context.Context, fn func(ctx context.Context) error) error {
	if v.ReadOnly {
		return store.ErrReadOnly
	}
	err := fn(ctx)
	if err != nil {
		v.mu.Lock()
		defer v.mu.Unlock()
		if v.err == nil {
			v.err = err
		}
	}
	return err
}

// Run runs a closure over the view and ends it. The first error says why the transaction must not be committed; lost is
// the first failure of a call, whatever the closure made of it.
func (v *View) Run(ctx context.Context, fn func(ctx context.Context) error) (err, lost error) {
	defer v.End() // also when fn panics
	err = fn(ctx)
	lost = v.End()
	switch {
	case err != nil:
		return err, lost
	case lost != nil:
		return lost, lost
	}
	return ctx.Err(), nil
}

// Pause waits with full jitter before a try after the first: at most 2, 4, 8 … 64 ms.
func Pause(ctx context.Context, tries int) error {
	select {
	case <-time.After(rand.N(time.Millisecond << min(tries, 6))):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
