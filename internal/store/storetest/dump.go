package storetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

var dumpPromises = []promise{
	{"dump/shows every document of every collection, in order", func(x *env) {
		x.ensure(store.Spec{Name: "more"}, store.Spec{Name: "earlier"})
		x.crowd("m", 1100)
		x.ok(x.Insert(bg, "more", doc("b", "l", bson.A{1, "x"}), doc("a")))
		x.ok(x.Insert(bg, "earlier", doc("z")))
		fresh := x.another() // it was told of no collection
		got := x.dumped(bg, fresh)
		x.equal(len(got), 1103)
		x.same(append(got[:2:2], got[1101:]...), []string{"earlier/z", "more/a", "things/m001098", "things/m001099"})
		x.equal(got[2], "more/b")
	}},
	{"dump/is one moment while others write", func(x *env) {
		x.ensure(store.Spec{Name: "more"})
		x.ok(x.Insert(bg, "things", doc("n", "n", 0)))
		x.ok(x.Insert(bg, "more", doc("n", "n", 0)))
		x.crowd("m", 1500)
		stop := make(chan struct{})
		var acked atomic.Int64
		var writers sync.WaitGroup
		writers.Go(func() { // the same number in both collections, in one transaction
			for i := 1; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				err := x.Tx(bg, func(ctx context.Context) error {
					if err := x.Put(ctx, "things", doc("n", "n", i), doc(fmt.Sprintf("z%06d", i))); err != nil {
						return err
					}
					return x.Put(ctx, "more", doc("n", "n", i))
				})
				if err != nil {
					x.Error(err)
					return
				}
				acked.Store(int64(i))
			}
		})
		for range 5 {
			before := acked.Load()
			seen := map[string]int64{}
			var last int64
			x.ok(x.Dump(bg, func(coll string, d bson.Raw) error {
				if id(d) == "n" {
					seen[coll] = d.Lookup("n").AsInt64()
				}
				if coll == "things" && id(d)[0] == 'z' {
					last++
				}
				return nil
			}))
			if seen["things"] != seen["more"] || last != seen["things"] || last < before {
				x.Errorf("n is %v, %d entries, %d acknowledged before", seen, last, before)
			}
		}
		close(stop)
		writers.Wait()
	}},
	{"dump/an error ends it", func(x *env) {
		x.insert(doc("a"), doc("b"))
		n := 0
		x.equal(x.Dump(bg, func(string, bson.Raw) error { n++; return errOwn }), errOwn)
		x.equal(n, 1)
	}},
	{"dump/inside a snapshot it shows that moment", func(x *env) {
		x.insert(doc("a"))
		x.ok(x.Snapshot(bg, func(ctx context.Context) error {
			x.insert(doc("b"))
			x.same(x.dumped(ctx, x.Engine), []string{"things/a"})
			return nil
		}))
	}},
}

func (x *env) dumped(ctx context.Context, e store.Engine) (got []string) {
	x.Helper()
	x.ok(e.Dump(ctx, func(coll string, d bson.Raw) error {
		got = append(got, coll+"/"+id(d))
		return nil
	}))
	return got
}

var inspectPromises = []promise{
	{"inspect/finds nothing where everything is in place", func(x *env) {
		x.differences(nil, things)
		x.differences(nil)
	}},
	{"inspect/names what is missing and changes nothing", func(x *env) {
		more := store.Spec{Name: "more", Indexes: []store.Index{{Name: "n", Fields: fields("n")}}}
		for range 2 {
			x.differences([]string{"more: the collection is missing"}, more, things)
		}
		x.is(second(x.Get(bg, "more", "a")), store.ErrNoCollection)
		x.ensure(store.Spec{Name: "more"})
		for range 2 {
			x.differences([]string{"more: the index n is missing"}, more)
		}
		x.ensure(more)
		x.differences(nil, more)
		x.differences([]string{"more: the index n is not declared"}, store.Spec{Name: "more"})
	}},
}

// differences checks that Inspect finds these and, unless there are any, nothing else; and that all of it can be mended.
func (x *env) differences(want []string, specs ...store.Spec) {
	x.Helper()
	found, err := x.Inspect(bg, specs)
	x.ok(err)
	var got []string
	for _, d := range found {
		got = append(got, d.String())
		if !d.Mends {
			x.Errorf("%s: cannot be mended", d)
		}
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			x.Errorf("found %q, want %q among it", got, w)
		}
	}
	if len(want) == 0 && len(got) > 0 {
		x.Errorf("found %q", got)
	}
}
