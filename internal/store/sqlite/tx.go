package sqlite

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"haggle/internal/store"
)

// maxTries bounds how often a closure runs again.
const maxTries = 10

// view is what a context carries inside Tx and Snapshot: a session that others cannot use, and how it went so far.
type view struct {
	session  *session
	readOnly bool

	mu  sync.Mutex
	err error // the first failure, after which nothing more happens
}

// viewKey finds the view of one engine in a context.
type viewKey struct{ engine *Engine }

func (e *Engine) viewOf(ctx context.Context) *view {
	v, _ := ctx.Value(viewKey{e}).(*view)
	return v
}

// errOver answers calls with the context of a transaction that has ended.
var errOver = errors.New("store: the transaction of this context has ended")

// do runs one call on the view's session. The call is not interrupted half way, so the context is asked before.
func (v *view) do(ctx context.Context, call func(ctx context.Context, s *session) error) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.err != nil {
		return v.err
	}
	err := ctx.Err()
	if err == nil {
		err = translate(call(context.WithoutCancel(ctx), v.session))
	}
	if !store.Harmless(err) {
		v.err = err
	}
	return err
}

// end makes later calls fail and answers the first failure before.
func (v *view) end() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	err := v.err
	v.err = errOver
	return err
}

// Tx runs fn in a transaction: see store.Engine.
func (e *Engine) Tx(ctx context.Context, fn func(ctx context.Context) error) error {
	if v := e.viewOf(ctx); v != nil {
		return join(ctx, v, fn)
	}
	leave, err := e.gate.Enter()
	if err != nil {
		return err
	}
	defer leave()
	for try := 1; ; try++ {
		again, err := e.attempt(ctx, fn)
		if !again || try == maxTries {
			return err
		}
		select {
		case <-time.After(rand.N(time.Millisecond << min(try, 6))):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// join runs fn inside the transaction around it; its error fails the whole.
func join(ctx context.Context, v *view, fn func(ctx context.Context) error) error {
	if v.readOnly {
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

// attempt runs fn once. It asks for another try where nothing was changed and one may help.
func (e *Engine) attempt(ctx context.Context, fn func(ctx context.Context) error) (again bool, err error) {
	select {
	case <-e.turn:
	case <-ctx.Done():
		return false, ctx.Err()
	}
	defer func() { e.turn <- struct{}{} }()
	if err := e.begin(); err != nil {
		return errors.Is(err, store.ErrUnavailable), err
	}
	committed := false
	defer func() {
		if !committed {
			e.rollback()
		}
	}()
	if err := e.run(ctx, fn); err != nil {
		return false, err
	}
	if err := hook(ctx, e.hooks.BeforeCommit); err != nil {
		return errors.Is(err, store.ErrUnavailable), err
	}
	if err := e.commit(); err != nil {
		return false, err
	}
	committed = true
	if err := hook(ctx, e.hooks.AfterCommit); err != nil {
		return false, fmt.Errorf("%w: %w", store.ErrUnknown, err)
	}
	return false, nil
}

// run runs fn over the writer's session and says whether what it did may be committed.
func (e *Engine) run(ctx context.Context, fn func(ctx context.Context) error) error {
	v := &view{session: e.writer}
	defer v.end() // also when fn panics
	if err := fn(context.WithValue(ctx, viewKey{e}, v)); err != nil {
		return err
	}
	if err := v.end(); err != nil {
		return err
	}
	return ctx.Err()
}

func hook(ctx context.Context, h func(context.Context) error) error {
	if h == nil {
		return nil
	}
	return h(ctx)
}

func (e *Engine) begin() error {
	_, err := e.writer.exec(context.Background(), "BEGIN IMMEDIATE")
	return translate(err)
}

// commit makes the transaction durable. When SQLite cannot say that it is, the frames may be in the log or not.
func (e *Engine) commit() error {
	if _, err := e.writer.exec(context.Background(), "COMMIT"); err != nil {
		return fmt.Errorf("%w: %w", store.ErrUnknown, err)
	}
	e.commits.Add(1)
	return nil
}

// rollback undoes the transaction. SQLite has done so itself after a disk error; a connection that then still is not
// usable is replaced.
func (e *Engine) rollback() {
	ctx := context.Background()
	_, _ = e.writer.exec(ctx, "ROLLBACK")
	if _, err := e.writer.exec(ctx, "BEGIN"); err == nil {
		if _, err = e.writer.exec(ctx, "ROLLBACK"); err == nil {
			return
		}
	}
	_ = e.writer.close()
	if fresh, err := newSession(ctx, e.db); err == nil {
		e.writer = fresh
	}
}

// write runs a call in the context's transaction, or in one of its own.
func (e *Engine) write(ctx context.Context, call func(ctx context.Context, s *session) error) error {
	if v := e.viewOf(ctx); v != nil {
		if v.readOnly {
			return store.ErrReadOnly
		}
		return v.do(ctx, call)
	}
	return e.Tx(ctx, func(ctx context.Context) error { return e.viewOf(ctx).do(ctx, call) })
}

// read runs a call over the context's transaction or snapshot, or over the readers.
func (e *Engine) read(ctx context.Context, call func(ctx context.Context, s statements) error) error {
	if v := e.viewOf(ctx); v != nil {
		return v.do(ctx, func(ctx context.Context, s *session) error { return call(ctx, s) })
	}
	leave, err := e.gate.Enter()
	if err != nil {
		return err
	}
	defer leave()
	if err := ctx.Err(); err != nil {
		return err
	}
	return translate(call(ctx, e.readers))
}

// Snapshot runs fn over one moment of the database: see store.Engine.
func (e *Engine) Snapshot(ctx context.Context, fn func(ctx context.Context) error) error {
	if e.viewOf(ctx) != nil {
		return fn(ctx)
	}
	leave, err := e.gate.Enter()
	if err != nil {
		return err
	}
	defer leave()
	s, err := newSession(ctx, e.readers.db)
	if err != nil {
		return translate(err)
	}
	defer s.close()
	if err := pin(context.WithoutCancel(ctx), s); err != nil {
		return translate(err)
	}
	defer func() { _, _ = s.exec(context.WithoutCancel(ctx), "ROLLBACK") }()
	v := &view{session: s, readOnly: true}
	defer v.end()
	return fn(context.WithValue(ctx, viewKey{e}, v))
}

// pin starts a read transaction; its first read fixes the moment that it shows.
func pin(ctx context.Context, s *session) error {
	if _, err := s.exec(ctx, "BEGIN"); err != nil {
		return err
	}
	stmt, err := s.prepare(ctx, "SELECT count(*) FROM sqlite_schema")
	if err != nil {
		return err
	}
	var n int
	return stmt.QueryRowContext(ctx).Scan(&n)
}
