package storetest

import (
	"context"
	"fmt"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

var snapshotPromises = []promise{
	{"snapshot/shows one moment over all collections", func(x *env) {
		x.ensure(store.Spec{Name: "more"})
		x.insert(doc("a", "n", 1))
		x.ok(x.Insert(bg, "more", doc("a", "n", 1)))
		x.ok(x.Snapshot(bg, func(ctx context.Context) error {
			x.same(x.scanned(ctx, x.Engine), []string{"a"})
			x.ok(x.Put(bg, "things", doc("a", "n", 2), doc("b")))
			x.ok(x.Put(bg, "more", doc("a", "n", 2)))
			x.same(x.scanned(ctx, x.Engine), []string{"a"})
			d, err := x.Get(ctx, "more", "a")
			x.ok(err)
			x.equal(d.Lookup("n").AsInt64(), int64(1))
			n, err := x.Count(ctx, "things", store.Query{Index: "n", From: store.AtLeast(1)})
			x.ok(err)
			x.equal(n, int64(1))
			many, err := x.GetMany(ctx, "things", []string{"a", "b"})
			x.ok(err)
			x.same(ids(many), []string{"a"})
			page, err := x.Find(ctx, "things", store.Query{Index: "n", Eq: []any{2}})
			x.ok(err)
			x.equal(len(page.Docs), 0)
			return nil
		}))
		x.has("a", "b")
	}},
	{"snapshot/its moment is its beginning, not its first read", func(x *env) {
		x.insert(doc("a"))
		x.ok(x.Snapshot(bg, func(ctx context.Context) error {
			x.insert(doc("b"))
			x.same(x.scanned(ctx, x.Engine), []string{"a"})
			return nil
		}))
	}},
	{"snapshot/cannot be written to", func(x *env) {
		x.ok(x.Snapshot(bg, func(ctx context.Context) error {
			x.is(x.Insert(ctx, "things", doc("a")), store.ErrReadOnly)
			x.is(x.Put(ctx, "things", doc("a")), store.ErrReadOnly)
			x.is(x.Delete(ctx, "things", "a"), store.ErrReadOnly)
			x.is(x.Replace(ctx, "things", versioned("a", 1)), store.ErrReadOnly)
			x.is(x.Tx(ctx, func(context.Context) error { return nil }), store.ErrReadOnly)
			return nil
		}))
		x.equal(x.Snapshot(bg, func(context.Context) error { return errOwn }), errOwn)
		x.has()
	}},
	{"snapshot/inside a transaction is the transaction's view", func(x *env) {
		x.ok(x.Tx(bg, func(ctx context.Context) error {
			x.ok(x.Insert(ctx, "things", doc("a")))
			return x.Snapshot(ctx, func(ctx context.Context) error {
				x.same(x.scanned(ctx, x.Engine), []string{"a"})
				return nil
			})
		}))
	}},
	{"snapshot/a sum is right while others transfer", func(x *env) {
		for i := range 8 {
			x.insert(doc(fmt.Sprint("u", i), "version", int64(0), "n", int64(100)))
		}
		stop := make(chan struct{})
		var writers sync.WaitGroup
		for w := range 4 {
			writers.Go(func() {
				for i := w; ; i++ {
					select {
					case <-stop:
						return
					default:
					}
					if err := x.transfer(fmt.Sprint("u", i%8), fmt.Sprint("u", (i*3+1)%8)); err != nil {
						x.Error(err)
						return
					}
				}
			})
		}
		for range 20 {
			x.ok(x.Snapshot(bg, func(ctx context.Context) error {
				x.equal(x.sum(ctx), int64(800))
				return nil
			}))
			// outside a snapshot a page is one moment all the same
			page, err := x.Find(bg, "things", store.Query{Index: store.ByID})
			x.ok(err)
			x.equal(sum(page.Docs), int64(800))
		}
		close(stop)
		writers.Wait()
	}},
}

// sum adds n over the collection things, read one document after the other.
func (x *env) sum(ctx context.Context) int64 {
	x.Helper()
	var docs []bson.Raw
	for i := range 8 {
		d, err := x.Get(ctx, "things", fmt.Sprint("u", i))
		x.ok(err)
		docs = append(docs, d)
	}
	return sum(docs)
}

func sum(docs []bson.Raw) (n int64) {
	for _, d := range docs {
		n += d.Lookup("n").AsInt64()
	}
	return n
}
