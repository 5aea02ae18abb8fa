// Package storetest is the contract of store.Engine as tests. Every engine runs all of it:
//
//	func TestEngine(t *testing.T) { storetest.Run(t, open) }
package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

// Open opens the engine under test over the store of that place, making it where it is missing. Two engines of one
// place share their documents, at the same time and one after the other. A place is letters, digits and _.
type Open func(t testing.TB, place string, hooks store.Hooks) (store.Engine, error)

// promise is one thing that an engine promises.
type promise struct {
	name string
	keep func(x *env)
}

// Run checks every promise, each over a place of its own.
func Run(t *testing.T, open Open) {
	for i, p := range allPromises() {
		t.Run(p.name, func(t *testing.T) {
			x := &env{T: t, open: open, place: fmt.Sprintf("t%02d_%d", i, time.Now().UnixNano())}
			x.Engine = x.another()
			x.ensure(things)
			p.keep(x)
		})
	}
}

func allPromises() []promise {
	var all []promise
	for _, part := range [][]promise{txPromises, nestedPromises, casPromises, indexPromises, orderPromises, boundPromises,
		pagePromises, valuePromises, basicPromises, snapshotPromises, ensurePromises, lifePromises, dumpPromises, inspectPromises, modelPromises} {
		all = append(all, part...)
	}
	return all
}

// things is the collection that most promises are about.
var things = store.Spec{Name: "things", Indexes: []store.Index{
	{Name: "n", Fields: []store.Field{{Path: "n"}}},
	{Name: "kind", Fields: []store.Field{{Path: "kind"}, {Path: "n", Desc: true}}},
	{Name: "email", Fields: []store.Field{{Path: "email"}}, Unique: true, Sparse: true},
	{Name: "due", Fields: []store.Field{{Path: "due"}, {Path: "n"}}, Sparse: true},
	{Name: "deep", Fields: []store.Field{{Path: "a.b"}}},
}}

// env is one test with its engine.
type env struct {
	*testing.T
	store.Engine
	open   Open
	place  string
	before atomic.Pointer[func() error] // what the hook BeforeCommit answers
	after  atomic.Pointer[func() error]
}

var bg = context.Background()

// another opens one more engine over the same place. All share the hooks.
func (x *env) another() store.Engine {
	x.Helper()
	e, err := x.open(x.T, x.place, store.Hooks{
		BeforeCommit: func(context.Context) error { return answer(&x.before) },
		AfterCommit:  func(context.Context) error { return answer(&x.after) },
	})
	if err != nil {
		x.Fatal(err)
	}
	x.Cleanup(func() { _ = e.Close() })
	return e
}

func answer(h *atomic.Pointer[func() error]) error {
	if f := h.Load(); f != nil {
		return (*f)()
	}
	return nil
}

func (x *env) ensure(specs ...store.Spec) {
	x.Helper()
	x.ok(x.Ensure(bg, specs))
}

func (x *env) ok(err error) {
	x.Helper()
	if err != nil {
		x.Fatal(err)
	}
}

// is checks an error by errors.Is.
func (x *env) is(err, want error) {
	x.Helper()
	if !errors.Is(err, want) {
		x.Fatalf("error is %v, want %v", err, want)
	}
}

// duplicate checks that an error is a *store.DuplicateError of an index.
func (x *env) duplicate(err error, index string) {
	x.Helper()
	var d *store.DuplicateError
	if !errors.As(err, &d) || d.Coll != "things" || d.Index != index {
		x.Fatalf("error is %v, want a duplicate in %s of things", err, index)
	}
}

func (x *env) insert(docs ...bson.Raw) {
	x.Helper()
	x.ok(x.Insert(bg, "things", docs...))
}

// has checks that the collection things holds exactly these ids.
func (x *env) has(want ...string) {
	x.Helper()
	x.same(x.scanned(bg, x.Engine), want)
}

func (x *env) scanned(ctx context.Context, e store.Engine) []string {
	x.Helper()
	var got []string
	x.ok(e.Scan(ctx, "things", func(d bson.Raw) error {
		got = append(got, id(d))
		return nil
	}))
	return got
}

// found is the ids of one page.
func (x *env) found(q store.Query) []string {
	x.Helper()
	page, err := x.Find(bg, "things", q)
	x.ok(err)
	return ids(page.Docs)
}

func (x *env) same(got, want []string) {
	x.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		x.Fatalf("got %v, want %v", got, want)
	}
}

func (x *env) equal(got, want any) {
	x.Helper()
	if got != want {
		x.Fatalf("got %v, want %v", got, want)
	}
}

// doc makes a document of an id and pairs of names and values.
func doc(id string, pairs ...any) bson.Raw {
	d := bson.D{{Key: "_id", Value: id}}
	for i := 0; i < len(pairs); i += 2 {
		d = append(d, bson.E{Key: pairs[i].(string), Value: pairs[i+1]})
	}
	raw, err := bson.Marshal(d)
	if err != nil {
		panic(err)
	}
	return raw
}

func id(d bson.Raw) string { return d.Lookup("_id").StringValue() }

func ids(docs []bson.Raw) []string {
	out := make([]string, len(docs))
	for i, d := range docs {
		out[i] = id(d)
	}
	return out
}

// versioned is the next version of a document.
func versioned(id string, read int64, pairs ...any) store.Versioned {
	return store.Versioned{ID: id, Version: read, Doc: doc(id, append([]any{"version", read + 1}, pairs...)...)}
}

var errOwn = errors.New("the test's own error")
