package sqlite

import (
	"context"
	"errors"
	"fmt"

	"haggle/internal/store"
	"haggle/internal/store/txn"
)

// view is what a context carries inside Tx and Snapshot: a session that others cannot use meanwhile.
type view struct {
	txn.View
	session *session
}

// viewKey finds the view of one engine in a context.
type viewKey struct{ engine *Engine }

func (e *Engine) viewOf(ctx context.Context) *view {
	v, _ := ctx.Value(viewKey{e}).(*view)
	return v
}

// do runs one call on the view's session. It is short and not interrupted half way.
func (v *view) do(ctx context.Context, call func(ctx context.Context, s *session) error) error {
	return v.Do(ctx, func() error { return translate(call(context.WithoutCancel(ctx), v.session)) })
}

// Tx runs fn in a transaction: see store.Engine.
func (e *Engine) Tx(ctx context.Context, fn func(ctx context.Context) error) error {
	if v := e.viewOf(ctx); v != nil {
		return v.Join(ctx, fn)
	}
	return txn.Do(ctx, txn.Engine{Gate: &e.gate, Hooks: e.hooks, Begin: e.try}, fn)
}

// try takes its turn to write and begins. What the closure does is not interrupted by others, so only the beginning may
// be worth another try: a writer of another process has the file.
func (e *Engine) try(ctx context.Context) (t txn.Try, again bool, err error) {
	select {
	case <-e.turn:
	case <-ctx.Done():
		return t, false, ctx.Err()
	}
	yield := func() { e.turn <- struct{}{} }
	if err = ctx.Err(); err == nil {
		if err = e.begin(); err != nil {
			again = errors.Is(err, store.ErrUnavailable)
		}
	}
	if err != nil {
		yield()
		return t, again, err
	}
	v := &view{session: e.writer}
	committed := false
	return txn.Try{
		View:    &v.View,
		In:      context.WithValue(ctx, viewKey{e}, v),
		Passing: func(error) bool { return false },
		Commit: func(context.Context) (bool, error) {
			err := e.commit()
			committed = err == nil
			return false, err
		},
		End: func() {
			if !committed {
				e.rollback()
			}
			yield()
		},
	}, false, nil
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
		if v.ReadOnly {
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
	v := &view{View: txn.View{ReadOnly: true}, session: s}
	defer v.End()
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
