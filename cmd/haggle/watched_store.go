package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.opentelemetry.io/otel/trace"

	"haggle/internal/store"
)

// watchedStore measures every call of a store, and makes it a span inside of one.
type watchedStore struct {
	store.Engine
	took   map[string]prometheus.Observer // by call
	traces *traces
}

// sessionStore is a watched store whose engine has sessions.
type sessionStore struct {
	*watchedStore
	store.Sessions
}

// storeCalls are what is measured.
var storeCalls = []string{"tx", "snapshot", "get", "getMany", "find", "findIn", "count", "insert", "replace", "put", "delete", "scan"}

// watchStore watches a store.
func watchStore(s store.Engine, took *prometheus.HistogramVec, t *traces) store.Engine {
	w := &watchedStore{Engine: s, took: map[string]prometheus.Observer{}, traces: t}
	for _, call := range storeCalls {
		w.took[call] = took.WithLabelValues(call)
	}
	if sessions, ok := s.(store.Sessions); ok {
		return sessionStore{w, sessions}
	}
	return w
}

// begin begins to watch a call; what it gives ends that. coll is a name from this program.
func (w *watchedStore) begin(ctx context.Context, call, coll string) (context.Context, func(error)) {
	begun := time.Now()
	var span trace.Span
	if w.traces != nil {
		ctx, span = w.traces.inside(ctx, "store %s %s", call, coll)
	}
	return ctx, func(err error) {
		w.took[call].Observe(time.Since(begun).Seconds())
		if span != nil {
			if store.Harmless(err) {
				err = nil
			}
			ended(span, err)
		}
	}
}

func (w *watchedStore) Tx(ctx context.Context, fn func(ctx context.Context) error) (err error) {
	ctx, done := w.begin(ctx, "tx", "")
	defer func() { done(err) }()
	return w.Engine.Tx(ctx, fn)
}

func (w *watchedStore) Snapshot(ctx context.Context, fn func(ctx context.Context) error) (err error) {
	ctx, done := w.begin(ctx, "snapshot", "")
	defer func() { done(err) }()
	return w.Engine.Snapshot(ctx, fn)
}

func (w *watchedStore) Get(ctx context.Context, coll, id string) (_ bson.Raw, err error) {
	ctx, done := w.begin(ctx, "get", coll)
	defer func() { done(err) }()
	return w.Engine.Get(ctx, coll, id)
}

func (w *watchedStore) GetMany(ctx context.Context, coll string, ids []string) (_ []bson.Raw, err error) {
	ctx, done := w.begin(ctx, "getMany", coll)
	defer func() { done(err) }()
	return w.Engine.GetMany(ctx, coll, ids)
}

func (w *watchedStore) Find(ctx context.Context, coll string, q store.Query) (_ store.Page, err error) {
	ctx, done := w.begin(ctx, "find", coll)
	defer func() { done(err) }()
	return w.Engine.Find(ctx, coll, q)
}

func (w *watchedStore) FindIn(ctx context.Context, coll, index string, values []string) (_ []bson.Raw, err error) {
	ctx, done := w.begin(ctx, "findIn", coll)
	defer func() { done(err) }()
	return w.Engine.FindIn(ctx, coll, index, values)
}

func (w *watchedStore) Count(ctx context.Context, coll string, q store.Query) (_ int64, err error) {
	ctx, done := w.begin(ctx, "count", coll)
	defer func() { done(err) }()
	return w.Engine.Count(ctx, coll, q)
}

func (w *watchedStore) Insert(ctx context.Context, coll string, docs ...bson.Raw) (err error) {
	ctx, done := w.begin(ctx, "insert", coll)
	defer func() { done(err) }()
	return w.Engine.Insert(ctx, coll, docs...)
}

func (w *watchedStore) Replace(ctx context.Context, coll string, docs ...store.Versioned) (err error) {
	ctx, done := w.begin(ctx, "replace", coll)
	defer func() { done(err) }()
	return w.Engine.Replace(ctx, coll, docs...)
}

func (w *watchedStore) Put(ctx context.Context, coll string, docs ...bson.Raw) (err error) {
	ctx, done := w.begin(ctx, "put", coll)
	defer func() { done(err) }()
	return w.Engine.Put(ctx, coll, docs...)
}

func (w *watchedStore) Delete(ctx context.Context, coll string, ids ...string) (err error) {
	ctx, done := w.begin(ctx, "delete", coll)
	defer func() { done(err) }()
	return w.Engine.Delete(ctx, coll, ids...)
}

func (w *watchedStore) Scan(ctx context.Context, coll string, fn func(bson.Raw) error) (err error) {
	ctx, done := w.begin(ctx, "scan", coll)
	defer func() { done(err) }()
	return w.Engine.Scan(ctx, coll, fn)
}
