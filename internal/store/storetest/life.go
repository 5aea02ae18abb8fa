package storetest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

var lifePromises = []promise{
	{"life/documents outlive the engine", func(x *env) {
		x.insert(doc("a", "n", 1))
		x.ok(x.Close())
		x.Engine = x.another()
		x.ensure(things)
		x.has("a")
		x.same(x.found(store.Query{Index: "n"}), []string{"a"})
	}},
	{"life/two engines see each other's commits", func(x *env) {
		other := x.another()
		x.ok(other.Ensure(bg, []store.Spec{things}))
		for i := range 20 {
			k := fmt.Sprint(i)
			x.insert(doc(k, "version", int64(0)))
			if _, err := other.Get(bg, "things", k); err != nil {
				x.Fatal(err)
			}
			x.ok(other.Replace(bg, "things", versioned(k, 0)))
			x.equal(x.version(k), int64(1))
			x.conflict(x.Replace(bg, "things", versioned(k, 0)), k)
		}
		x.same(x.scanned(bg, other), x.scanned(bg, x.Engine))
	}},
	{"life/writers of two engines lose nothing", func(x *env) {
		other := &env{T: x.T, Engine: x.another()}
		other.ensure(things)
		x.insert(doc("a", "version", int64(0), "n", int64(0)))
		x.together(8, func(i int) error {
			for range 8 {
				if err := []*env{x, other}[i%2].increment("a"); err != nil {
					return err
				}
			}
			return nil
		})
		x.equal(x.version("a"), int64(64))
	}},
	{"life/a closed engine says so", func(x *env) {
		x.ok(x.Close())
		nothing := func(context.Context) error { x.Error("ran"); return nil }
		for name, err := range map[string]error{
			"Ensure": x.Ensure(bg, []store.Spec{things}), "Tx": x.Tx(bg, nothing), "Snapshot": x.Snapshot(bg, nothing),
			"Get": second(x.Get(bg, "things", "a")), "GetMany": second(x.GetMany(bg, "things", []string{"a"})), "FindIn": second(x.FindIn(bg, "things", "kind", []string{"a"})),
			"Find": second(x.Find(bg, "things", store.Query{Index: "n"})), "Count": second(x.Count(bg, "things", store.Query{Index: "n"})),
			"Insert": x.Insert(bg, "things", doc("a")), "Put": x.Put(bg, "things", doc("a")), "Delete": x.Delete(bg, "things", "a"),
			"Replace": x.Replace(bg, "things", versioned("a", 0)), "Scan": x.Scan(bg, "things", func(bson.Raw) error { return nil }),
			"Dump": x.Dump(bg, func(string, bson.Raw) error { return nil }), "Inspect": second(x.Inspect(bg, []store.Spec{things})), "Now": second(x.Now(bg)), "Close": x.Close(),
		} {
			if !errors.Is(err, store.ErrClosed) {
				x.Errorf("%s: %v", name, err)
			}
		}
	}},
	{"life/closing waits for a running transaction", func(x *env) {
		started, closed := make(chan struct{}), make(chan error, 1)
		done := make(chan error, 1)
		go func() {
			done <- x.Tx(bg, func(ctx context.Context) error {
				close(started)
				time.Sleep(100 * time.Millisecond)
				return x.Insert(ctx, "things", doc("a"))
			})
		}()
		<-started
		go func() { closed <- x.Close() }()
		x.ok(<-done)
		x.ok(<-closed)
		x.Engine = x.another()
		x.ensure(things)
		x.has("a")
	}},
	{"life/it has a name", func(x *env) {
		if x.Name() == "" {
			x.Error("no name")
		}
	}},
}
