package mongo

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"haggle/internal/store"
	"haggle/internal/store/txn"
)

// Bounds on trying again.
const (
	retryFor    = 15 * time.Second // closures do not run again after this
	commitFor   = 10 * time.Second // a commit is repeated this long, also for a caller who has gone
	commitTries = 6
	abortFor    = 2 * time.Second
)

// view is what a context carries inside Tx and Snapshot: a session that others cannot use meanwhile.
type view struct {
	txn.View
	session *mongo.Session
}

// viewKey finds the view of one engine in a context.
type viewKey struct{ engine *Engine }

func (e *Engine) viewOf(ctx context.Context) *view {
	v, _ := ctx.Value(viewKey{e}).(*view)
	return v
}

// do makes one call on the view's session.
func (v *view) do(ctx context.Context, coll string, call func(ctx context.Context) error) error {
	return v.Do(ctx, func() error { return translate(ctx, coll, call(mongo.NewSessionContext(ctx, v.session))) })
}

// Tx runs fn in a transaction: see store.Engine.
func (e *Engine) Tx(ctx context.Context, fn func(ctx context.Context) error) error {
	if v := e.viewOf(ctx); v != nil {
		return v.Join(ctx, fn)
	}
	return txn.Do(ctx, txn.Engine{Gate: &e.gate, Hooks: e.hooks, Within: retryFor, Begin: e.try}, fn)
}

// try begins a transaction. The server hears of it with the first call.
func (e *Engine) try(ctx context.Context) (t txn.Try, again bool, err error) {
	s, back, err := e.take(ctx)
	if err != nil {
		return t, false, err
	}
	if err := s.StartTransaction(inTransaction()); err != nil {
		back(false)
		return t, false, translate(ctx, "", err)
	}
	v := &view{session: s}
	open, fit := true, true
	return txn.Try{
		View:    &v.View,
		In:      context.WithValue(ctx, viewKey{e}, v),
		Passing: passes,
		Commit: func(ctx context.Context) (bool, error) {
			open = false
			again, err := commit(ctx, s)
			fit = err == nil || again && !mongo.IsTimeout(err)
			return again, err
		},
		End: func() {
			if open {
				abort(ctx, s)
			}
			back(fit)
		},
	}, false, nil
}

// passes says of a failed call whether another try may help. Who waited for a server in vain is told so.
func passes(lost error) bool { return labelled(lost, transientLabel) && !noServer(lost) }

// commit makes the transaction durable. It goes on for a caller who has gone away: he may come back for the answer. A
// transient error means that the transaction did not happen; an unknown one, that nobody can say yet; then the commit
// is repeated, which is safe.
func commit(ctx context.Context, s *mongo.Session) (again bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitFor)
	defer cancel()
	for try := 1; ; try++ {
		err := s.CommitTransaction(ctx)
		switch {
		case err == nil:
			return false, nil
		case !labelled(err, unknownLabel) && labelled(err, transientLabel):
			return true, fmt.Errorf("%w: %w", store.ErrUnavailable, err)
		case !labelled(err, unknownLabel), try == commitTries, txn.Pause(ctx, try) != nil:
			return false, fmt.Errorf("%w: %w", store.ErrUnknown, err)
		}
	}
}

// abort ends a transaction without effect, also for a caller who has gone away: an open one would block others. A
// failure does not matter: the server ends it by itself, after transactionLifetimeLimitSeconds.
func abort(ctx context.Context, s *mongo.Session) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortFor)
	defer cancel()
	_ = s.AbortTransaction(ctx)
}

// session takes an idle session or starts one.
func (e *Engine) session() (*mongo.Session, error) {
	select {
	case s := <-e.sessions:
		return s, nil
	default:
	}
	s, err := e.client.StartSession(plainSession())
	return s, translate(context.Background(), "", err)
}

// release keeps a fit session for reuse and ends one that is not. A session whose commit got no clear answer is not fit:
// after a timeout the driver (2.9) still takes it to be committing, so that the next transaction on it would begin anew
// with every call, leave out the commit and report success.
func (e *Engine) release(s *mongo.Session, fit bool) {
	if fit {
		select {
		case e.sessions <- s:
			return
		default:
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), abortFor)
	defer cancel()
	s.EndSession(ctx)
}

// write makes a call in the context's transaction, or in one of its own.
func (e *Engine) write(ctx context.Context, coll string, call func(ctx context.Context) error) error {
	if v := e.viewOf(ctx); v != nil {
		if v.ReadOnly {
			return store.ErrReadOnly
		}
		return v.do(ctx, coll, call)
	}
	return e.Tx(ctx, func(ctx context.Context) error { return e.viewOf(ctx).do(ctx, coll, call) })
}

// read makes a call over the context's transaction or snapshot, or over what a majority has.
func (e *Engine) read(ctx context.Context, coll string, call func(ctx context.Context) error) error {
	if v := e.viewOf(ctx); v != nil {
		return v.do(ctx, coll, call)
	}
	leave, err := e.gate.Enter()
	if err != nil {
		return err
	}
	defer leave()
	if err := ctx.Err(); err != nil {
		return err
	}
	return translate(ctx, coll, call(ctx))
}

// Snapshot runs fn over one moment of the database: see store.Engine. The server keeps a moment readable for five
// minutes (minSnapshotHistoryWindowInSeconds).
func (e *Engine) Snapshot(ctx context.Context, fn func(ctx context.Context) error) error {
	if e.viewOf(ctx) != nil {
		return fn(ctx)
	}
	leave, err := e.gate.Enter()
	if err != nil {
		return err
	}
	defer leave()
	s, err := e.client.StartSession(snapshotSession())
	if err != nil {
		return translate(ctx, "", err)
	}
	defer s.EndSession(context.WithoutCancel(ctx))
	v := &view{View: txn.View{ReadOnly: true}, session: s}
	defer v.End()
	if err := e.pin(ctx, v); err != nil {
		return err
	}
	return fn(context.WithValue(ctx, viewKey{e}, v))
}

// pin makes the session's first read, which fixes the moment that it shows.
func (e *Engine) pin(ctx context.Context, v *view) error {
	e.mu.RLock()
	coll := ""
	for coll = range e.specs {
		break
	}
	e.mu.RUnlock()
	if coll == "" {
		return nil
	}
	return v.do(ctx, coll, func(ctx context.Context) error {
		_, err := e.db.Collection(coll).FindOne(ctx, bson.D{}, options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}})).Raw()
		return unlessNone(err)
	})
}
