// Package mongo keeps the store in a MongoDB replica set: for more than one machine.
//
// A collection is a collection, a document is itself. Indexes that are not unique end with _id, so that the order of
// their documents is total and a page can begin behind any of them; sparse ones are partial indexes over the existence
// of the first field. A query becomes the min and max of an index scan (see key.Bound): the same range of the same order
// as in the other engine.
//
// Writes are acknowledged by a majority, journaled. Transactions read a snapshot and are committed by a loop of our own:
// after a TransientTransactionError the closure runs again, an UnknownTransactionCommitResult repeats the commit only.
// How many commands are sent does not depend on how many documents they carry.
package mongo

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"haggle/internal/store"
	"haggle/internal/store/txn"
)

// patience is how long a call waits for a server that can take it.
const patience = 5 * time.Second

// idleSessions is how many sessions are kept for reuse.
const idleSessions = 64

// Engine is a store.Engine over one database of a replica set.
type Engine struct {
	client *mongo.Client
	db     *mongo.Database
	hooks  store.Hooks
	gate   txn.Gate

	sessions chan *mongo.Session // idle ones

	mu    sync.RWMutex
	specs map[string]store.Spec
}

var _ store.Engine = (*Engine)(nil)

// Open connects to a replica set (one node is enough; a server that is none is refused: it has no transactions).
func Open(ctx context.Context, uri, database string, hooks store.Hooks) (*Engine, error) {
	return open(ctx, options.Client().SetAppName("haggle").ApplyURI(uri), database, hooks)
}

func open(ctx context.Context, opts *options.ClientOptions, database string, hooks store.Hooks) (*Engine, error) {
	client, err := mongo.Connect(guarded(opts.SetServerSelectionTimeout(patience).SetConnectTimeout(patience)))
	if err != nil {
		return nil, fmt.Errorf("store: mongo: %w", err)
	}
	e := &Engine{client: client, db: client.Database(database), hooks: hooks, sessions: make(chan *mongo.Session, idleSessions), specs: map[string]store.Spec{}}
	h, err := e.hello(ctx)
	if err == nil && h.Set == "" {
		err = errors.New("store: mongo: the server is not part of a replica set")
	}
	if err == nil {
		err = e.journals(ctx)
	}
	if err != nil {
		_ = client.Disconnect(context.WithoutCancel(ctx))
		return nil, err
	}
	return e, nil
}

// hello is what a server says of itself.
type hello struct {
	Set  string    `bson:"setName"`
	Time time.Time `bson:"localTime"`
}

func (e *Engine) hello(ctx context.Context) (h hello, err error) {
	err = e.db.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&h)
	return h, translate(ctx, "", err)
}

// Name is "mongo".
func (e *Engine) Name() string { return "mongo" }

// Now is the primary's clock: its answer and half the time that it took.
func (e *Engine) Now(ctx context.Context) (time.Time, error) {
	leave, err := e.gate.Enter()
	if err != nil {
		return time.Time{}, err
	}
	defer leave()
	asked := time.Now()
	h, err := e.hello(ctx)
	if err != nil {
		return time.Time{}, err
	}
	return h.Time.Add(time.Since(asked) / 2).UTC().Truncate(time.Millisecond), nil
}

// Close waits for running calls and disconnects.
func (e *Engine) Close() error {
	if !e.gate.Close() {
		return store.ErrClosed
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		select {
		case s := <-e.sessions:
			s.EndSession(ctx)
		default:
			return e.client.Disconnect(ctx)
		}
	}
}

// spec finds a collection that Ensure was told of.
func (e *Engine) spec(coll string) (store.Spec, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	s, ok := e.specs[coll]
	if !ok {
		return s, fmt.Errorf("%w: %s", store.ErrNoCollection, coll)
	}
	return s, nil
}
