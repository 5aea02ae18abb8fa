package txn

import (
	"context"
	"errors"
	"fmt"
	"time"

	"haggle/internal/store"
)

// MaxTries bounds how often a closure runs.
const MaxTries = 12

// Engine is what Do needs to know of an engine.
type Engine struct {
	Gate  *Gate
	Hooks store.Hooks

	// Within bounds the time after which no further try begins; 0: nothing but MaxTries does.
	Within time.Duration

	// Begin starts one try. It asks for another where it failed and one may help.
	Begin func(ctx context.Context) (t Try, again bool, err error)
}

// Try is one transaction that has begun. Its functions are called one after the other, End last and always.
type Try struct {
	View *View

	// In is the context that the closure runs with: it carries the transaction.
	In context.Context

	// Passing says of a failed call whether another try may help.
	Passing func(lost error) bool

	// Commit makes it durable. It asks for another try where nothing was changed and one may help.
	Commit func(ctx context.Context) (again bool, err error)

	// End undoes what was not committed, also when the closure panics, and gives back what Begin took.
	End func()
}

// Do runs a closure in a transaction, again and again while another try may help: the shape of store.Engine's Tx.
func Do(ctx context.Context, e Engine, fn func(ctx context.Context) error) error {
	leave, err := e.Gate.Enter()
	if err != nil {
		return err
	}
	defer leave()
	if err := ctx.Err(); err != nil {
		return err
	}
	start := time.Now()
	for try := 1; ; try++ {
		again, err := once(ctx, e, fn)
		if !again || try == MaxTries || e.Within > 0 && time.Since(start) > e.Within {
			return err
		}
		if err := Pause(ctx, try); err != nil {
			return err
		}
	}
}

// once runs the closure once. It asks for another try where nothing was changed and one may help.
func once(ctx context.Context, e Engine, fn func(ctx context.Context) error) (again bool, err error) {
	t, again, err := e.Begin(ctx)
	if err != nil {
		return again, err
	}
	defer t.End()
	if err, lost := t.View.Run(t.In, fn); err != nil {
		return lost != nil && t.Passing(lost), err
	}
	if err := call(ctx, e.Hooks.BeforeCommit); err != nil {
		return errors.Is(err, store.ErrUnavailable), err
	}
	if again, err := t.Commit(ctx); err != nil {
		return again, err
	}
	if err := call(ctx, e.Hooks.AfterCommit); err != nil {
		return false, fmt.Errorf("%w: %w", store.ErrUnknown, err)
	}
	return false, nil
}

// call runs a hook, which may be nil.
func call(ctx context.Context, hook func(context.Context) error) error {
	if hook == nil {
		return nil
	}
	return hook(ctx)
}
