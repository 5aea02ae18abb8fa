package storetest

import (
	"context"
	"errors"
	"sync/atomic"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

var txPromises = []promise{
	{"tx/commits everything", func(x *env) {
		x.insert(doc("old", "version", int64(1)))
		x.ok(x.Tx(bg, func(ctx context.Context) error {
			x.ok(x.Insert(ctx, "things", doc("a"), doc("b")))
			x.ok(x.Put(ctx, "things", doc("c")))
			return x.Replace(ctx, "things", versioned("old", 1))
		}))
		x.has("a", "b", "c", "old")
	}},
	{"tx/a failed closure leaves nothing", func(x *env) {
		x.insert(doc("old", "version", int64(1)), doc("gone"))
		err := x.Tx(bg, func(ctx context.Context) error {
			x.ok(x.Insert(ctx, "things", doc("a"), doc("b")))
			x.ok(x.Replace(ctx, "things", versioned("old", 1)))
			x.ok(x.Delete(ctx, "things", "gone"))
			return errOwn
		})
		x.equal(err, errOwn)
		x.has("gone", "old")
		x.equal(x.version("old"), int64(1))
	}},
	{"tx/a panic leaves nothing and blocks nobody", func(x *env) {
		func() {
			defer func() { x.equal(recover(), "boom") }()
			_ = x.Tx(bg, func(ctx context.Context) error {
				x.ok(x.Insert(ctx, "things", doc("a")))
				panic("boom")
			})
		}()
		x.insert(doc("b"))
		x.has("b")
	}},
	{"tx/the closure runs again after a conflict", func(x *env) {
		x.beforeCommit(failing(2, store.ErrUnavailable))
		runs := 0
		x.ok(x.Tx(bg, func(ctx context.Context) error {
			runs++
			return x.Insert(ctx, "things", doc("a", "n", runs))
		}))
		x.equal(runs, 3)
		x.equal(x.get("a").Lookup("n").AsInt64(), int64(3))
	}},
	{"tx/tries are bounded", func(x *env) {
		x.beforeCommit(failing(1e6, store.ErrUnavailable))
		runs := 0
		err := x.Tx(bg, func(ctx context.Context) error {
			runs++
			return x.Insert(ctx, "things", doc("a"))
		})
		x.is(err, store.ErrUnavailable)
		if runs < 2 || runs > 100 {
			x.Fatalf("%d runs", runs)
		}
		x.beforeCommit(nil)
		x.has()
	}},
	{"tx/a failure before the commit leaves nothing", func(x *env) {
		x.beforeCommit(failing(1, errOwn))
		x.is(x.Tx(bg, func(ctx context.Context) error { return x.Insert(ctx, "things", doc("a")) }), errOwn)
		x.has()
		x.beforeCommit(failing(1, errOwn))
		x.is(x.Insert(bg, "things", doc("a")), errOwn) // a write alone is a transaction too
		x.has()
	}},
	{"tx/an answer lost after the commit is unknown", func(x *env) {
		x.afterCommit(failing(1, errOwn))
		runs := 0
		err := x.Tx(bg, func(ctx context.Context) error {
			runs++
			return x.Insert(ctx, "things", doc("a"))
		})
		x.is(err, store.ErrUnknown)
		x.is(err, errOwn)
		x.equal(runs, 1)
		x.has("a")
	}},
	{"tx/a request lost before the commit is unknown", func(x *env) {
		x.beforeCommit(failing(1, store.ErrUnknown))
		x.is(x.Insert(bg, "things", doc("a")), store.ErrUnknown)
		x.has()
	}},
	{"tx/sees its own writes", func(x *env) {
		x.insert(doc("old", "n", 1), doc("gone", "n", 2))
		x.ok(x.Tx(bg, func(ctx context.Context) error {
			x.ok(x.Insert(ctx, "things", doc("new", "n", 3)))
			x.ok(x.Delete(ctx, "things", "gone"))
			x.ok(x.Put(ctx, "things", doc("old", "n", 4)))
			x.same(x.scanned(ctx, x.Engine), []string{"new", "old"})
			page, err := x.Find(ctx, "things", store.Query{Index: "n"})
			x.ok(err)
			x.same(ids(page.Docs), []string{"new", "old"})
			n, err := x.Count(ctx, "things", store.Query{Index: "n", From: store.Above(3)})
			x.ok(err)
			x.equal(n, int64(1))
			many, err := x.GetMany(ctx, "things", []string{"new", "gone"})
			x.ok(err)
			x.same(ids(many), []string{"new"})
			_, err = x.Get(ctx, "things", "gone")
			x.is(err, store.ErrNotFound)
			return nil
		}))
	}},
	{"tx/others see nothing before the commit", func(x *env) {
		other := x.another()
		x.ok(other.Ensure(bg, []store.Spec{things}))
		x.insert(doc("old", "n", 1))
		x.ok(x.Tx(bg, func(ctx context.Context) error {
			x.ok(x.Put(ctx, "things", doc("old", "n", 2), doc("new")))
			x.same(x.scanned(bg, x.Engine), []string{"old"})
			x.same(x.scanned(bg, other), []string{"old"})
			x.equal(x.get("old").Lookup("n").AsInt64(), int64(1))
			return nil
		}))
		x.same(x.scanned(bg, other), []string{"new", "old"})
	}},
	{"tx/a cancelled context leaves nothing", func(x *env) {
		ctx, cancel := context.WithCancel(bg)
		err := x.Tx(ctx, func(ctx context.Context) error {
			x.ok(x.Insert(ctx, "things", doc("a")))
			cancel()
			return nil
		})
		x.is(err, context.Canceled)
		ran := false
		x.is(x.Tx(ctx, func(context.Context) error { ran = true; return nil }), context.Canceled)
		x.is(x.Insert(ctx, "things", doc("b")), context.Canceled)
		_, err = x.Get(ctx, "things", "a")
		x.is(err, context.Canceled)
		x.has()
		if ran {
			x.Fatal("the closure ran under a cancelled context")
		}
	}},
	{"tx/cancelling while others write leaves whole groups", func(x *env) {
		for range 40 {
			ctx, cancel := context.WithCancel(bg)
			go cancel()
			_ = x.Insert(ctx, "things", doc("a"), doc("b"), doc("c"))
			cancel()
			if n := len(x.scanned(bg, x.Engine)); n != 0 && n != 3 {
				x.Fatalf("%d of 3 documents", n)
			}
			x.ok(x.Delete(bg, "things", "a", "b", "c"))
		}
	}},
	{"tx/a bulk write alone is all or nothing", func(x *env) {
		x.insert(doc("c"))
		x.duplicate(x.Insert(bg, "things", doc("a"), doc("b"), doc("c"), doc("d")), store.ByID)
		x.has("c")
		x.duplicate(x.Put(bg, "things", doc("a", "email", "x"), doc("b", "email", "x")), "email")
		x.has("c")
	}},
	{"tx/an error that was swallowed never commits", func(x *env) {
		x.insert(doc("a"))
		err := x.Tx(bg, func(ctx context.Context) error {
			x.ok(x.Insert(ctx, "things", doc("b")))
			_ = x.Insert(ctx, "things", doc("a"))
			later := x.Insert(ctx, "things", doc("c"))
			x.duplicate(later, store.ByID)
			return nil
		})
		x.duplicate(err, store.ByID)
		x.has("a")
	}},
	{"tx/an error that changed nothing may be swallowed", func(x *env) {
		x.ok(x.Tx(bg, func(ctx context.Context) error {
			_, err := x.Get(ctx, "things", "none")
			x.is(err, store.ErrNotFound)
			_, err = x.Find(ctx, "things", store.Query{Index: "none"})
			x.is(err, store.ErrNoIndex)
			_, err = x.Get(ctx, "nothing", "a")
			x.is(err, store.ErrNoCollection)
			_, err = x.Find(ctx, "things", store.Query{Index: "n", After: "?"})
			x.is(err, store.ErrCursor)
			return x.Insert(ctx, "things", doc("a"))
		}))
		x.has("a")
	}},
	{"tx/its context ends with it", func(x *env) {
		var kept context.Context
		x.ok(x.Tx(bg, func(ctx context.Context) error { kept = ctx; return nil }))
		if x.Insert(kept, "things", doc("a")) == nil {
			x.Fatal("a write went into a transaction that had ended")
		}
		if _, err := x.Get(kept, "things", "a"); err == nil || errors.Is(err, store.ErrNotFound) {
			x.Fatalf("a read in a transaction that had ended: %v", err)
		}
		x.has()
	}},
	{"tx/one that only reads commits", func(x *env) {
		x.insert(doc("a"))
		x.ok(x.Tx(bg, func(ctx context.Context) error {
			_, err := x.Get(ctx, "things", "a")
			return err
		}))
		x.ok(x.Tx(bg, func(context.Context) error { return nil }))
	}},
}

var nestedPromises = []promise{
	{"nested/joins the outer transaction", func(x *env) {
		x.ok(x.Tx(bg, func(ctx context.Context) error {
			x.ok(x.Insert(ctx, "things", doc("a")))
			x.ok(x.Tx(ctx, func(ctx context.Context) error {
				_, err := x.Get(ctx, "things", "a")
				x.ok(err)
				return x.Insert(ctx, "things", doc("b"))
			}))
			x.same(x.scanned(bg, x.Engine), nil)
			return nil
		}))
		x.has("a", "b")
	}},
	{"nested/its failure fails the whole", func(x *env) {
		err := x.Tx(bg, func(ctx context.Context) error {
			x.ok(x.Insert(ctx, "things", doc("a")))
			x.equal(x.Tx(ctx, func(ctx context.Context) error { return errOwn }), errOwn)
			return nil
		})
		x.is(err, errOwn)
		x.has()
	}},
	{"nested/the outer failure undoes it", func(x *env) {
		err := x.Tx(bg, func(ctx context.Context) error {
			x.ok(x.Tx(ctx, func(ctx context.Context) error { return x.Insert(ctx, "things", doc("a")) }))
			return errOwn
		})
		x.is(err, errOwn)
		x.has()
	}},
	{"nested/a transaction of another engine is its own", func(x *env) {
		y := &env{T: x.T, open: x.open, place: x.place + "y"}
		y.Engine = y.another()
		y.ensure(things)
		err := x.Tx(bg, func(ctx context.Context) error {
			x.ok(y.Insert(ctx, "things", doc("kept")))
			x.ok(x.Insert(ctx, "things", doc("lost")))
			return errOwn
		})
		x.is(err, errOwn)
		x.has()
		y.has("kept")
	}},
}

func (x *env) get(id string) bson.Raw {
	x.Helper()
	d, err := x.Get(bg, "things", id)
	x.ok(err)
	return d
}

func (x *env) version(id string) int64 {
	x.Helper()
	n, ok := store.Version(x.get(id))
	if !ok {
		x.Fatalf("%s has no version", id)
	}
	return n
}

func (x *env) beforeCommit(f func() error) { set(&x.before, f) }
func (x *env) afterCommit(f func() error)  { set(&x.after, f) }

func set(h *atomic.Pointer[func() error], f func() error) {
	if f == nil {
		h.Store(nil)
		return
	}
	h.Store(&f)
}

// failing answers an error n times, then nil.
func failing(n int64, err error) func() error {
	var calls atomic.Int64
	return func() error {
		if calls.Add(1) <= n {
			return err
		}
		return nil
	}
}
