package mongo

import (
	"context"
	"fmt"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"haggle/internal/store"
)

var _ store.Sessions = (*Engine)(nil)

// reserved is a session that one caller's transactions use, one at a time.
type reserved struct {
	mu      sync.Mutex
	session *mongo.Session // nil: it was lost; transactions take any
}

// reservedKey finds the reserved session of one engine in a context.
type reservedKey struct{ engine *Engine }

// Reserve gives the transactions of a context a session of their own: see store.Sessions.
func (e *Engine) Reserve(ctx context.Context) (in context.Context, id []byte, release func(), err error) {
	s, err := e.client.StartSession(plainSession())
	if err != nil {
		return ctx, nil, nil, translate(ctx, "", err)
	}
	r := &reserved{session: s}
	return context.WithValue(ctx, reservedKey{e}, r), s.ID(), func() { r.drop(context.Background()) }, nil
}

// take gives the session of a context to a transaction, or one of the idle ones. back ends the transaction's use of it
// and says whether it is fit for another (see release).
func (e *Engine) take(ctx context.Context) (s *mongo.Session, back func(fit bool), err error) {
	if r, ok := ctx.Value(reservedKey{e}).(*reserved); ok {
		r.mu.Lock()
		if r.session != nil {
			return r.session, func(fit bool) { r.back(ctx, fit) }, nil
		}
		r.mu.Unlock()
	}
	s, err = e.session()
	return s, func(fit bool) { e.release(s, fit) }, err
}

// back ends a transaction's use of the session. One that is not fit is not used again.
func (r *reserved) back(ctx context.Context, fit bool) {
	r.mu.Unlock()
	if !fit {
		r.drop(ctx)
	}
}

func (r *reserved) drop(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.session == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortFor)
	defer cancel()
	r.session.EndSession(ctx)
	r.session = nil
}

// EndSession aborts what is open in somebody's session: see store.Sessions.
func (e *Engine) EndSession(ctx context.Context, id []byte) error {
	if err := bson.Raw(id).Validate(); err != nil {
		return fmt.Errorf("store: the id of a session: %w", err)
	}
	leave, err := e.gate.Enter()
	if err != nil {
		return err
	}
	defer leave()
	res := e.client.Database("admin").RunCommand(ctx, bson.D{{Key: "killSessions", Value: bson.A{bson.Raw(id)}}})
	return translate(ctx, "", res.Err())
}
