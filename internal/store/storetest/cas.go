package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"haggle/internal/store"
)

var casPromises = []promise{
	{"cas/replaces the version that was read", func(x *env) {
		x.insert(doc("a", "version", int64(7)))
		x.ok(x.Replace(bg, "things", versioned("a", 7, "n", 1)))
		x.equal(x.version("a"), int64(8))
		x.equal(x.get("a").Lookup("n").AsInt64(), int64(1))
	}},
	{"cas/a stale version changes nothing and is named", func(x *env) {
		x.insert(doc("a", "version", int64(1)), doc("b", "version", int64(5)), doc("c", "version", int64(1)))
		x.conflict(x.Replace(bg, "things", versioned("a", 1), versioned("b", 4), versioned("c", 1)), "b")
		x.equal(x.version("a"), int64(1))
		x.equal(x.version("c"), int64(1))
	}},
	{"cas/every stale one is named", func(x *env) {
		x.insert(doc("a", "version", int64(1)), doc("b", "version", int64(5)), doc("c", "version", int64(9)))
		x.conflict(x.Replace(bg, "things", versioned("a", 1), versioned("b", 4), versioned("c", 1), versioned("d", 1)), "b", "c", "d")
	}},
	{"cas/a missing document is a conflict", func(x *env) {
		x.conflict(x.Replace(bg, "things", versioned("a", 0)), "a")
		x.insert(doc("b"))
		x.conflict(x.Replace(bg, "things", versioned("b", 0)), "b") // a document without a version has none to match
		x.has("b")
	}},
	{"cas/a conflict ends the transaction", func(x *env) {
		x.insert(doc("a", "version", int64(1)))
		runs := 0
		err := x.Tx(bg, func(ctx context.Context) error {
			runs++
			x.ok(x.Insert(ctx, "things", doc("b")))
			_ = x.Replace(ctx, "things", versioned("a", 0))
			return nil
		})
		x.conflict(err, "a")
		x.equal(runs, 1)
		x.has("a")
	}},
	{"cas/one document twice in a group is a conflict", func(x *env) {
		x.insert(doc("a", "version", int64(1)))
		x.conflict(x.Replace(bg, "things", versioned("a", 1), versioned("a", 1)), "a")
		x.equal(x.version("a"), int64(1))
	}},
	{"cas/a replacement that is not the next version is refused", func(x *env) {
		x.insert(doc("a", "version", int64(1)))
		for _, v := range []store.Versioned{
			{ID: "a", Version: 1, Doc: doc("a", "version", int64(1))},
			{ID: "a", Version: 1, Doc: doc("a", "version", int64(3))},
			{ID: "a", Version: 1, Doc: doc("b", "version", int64(2))},
			{ID: "a", Version: 1, Doc: doc("a")},
		} {
			if x.Replace(bg, "things", v) == nil {
				x.Errorf("accepted: %v", v)
			}
		}
		x.equal(x.version("a"), int64(1))
	}},
	{"cas/sixteen writers lose nothing", func(x *env) {
		const writers, turns = 16, 8
		x.insert(doc("a", "version", int64(0), "n", int64(0)))
		x.together(writers, func(int) error {
			for range turns {
				if err := x.increment("a"); err != nil {
					return err
				}
			}
			return nil
		})
		x.equal(x.get("a").Lookup("n").AsInt64(), int64(writers*turns))
		x.equal(x.version("a"), int64(writers*turns))
	}},
	{"cas/transactions that read and write in parallel keep a sum", func(x *env) {
		for i := range 8 {
			x.insert(doc(fmt.Sprint("u", i), "version", int64(0), "n", int64(100)))
		}
		x.together(8, func(w int) error {
			for i := range 8 {
				if err := x.transfer(fmt.Sprint("u", (w+i)%8), fmt.Sprint("u", (w*3+i+1)%8)); err != nil {
					return err
				}
			}
			return nil
		})
		x.equal(x.sum(bg), int64(800))
	}},
	{"cas/one of two inserts of an id wins", func(x *env) {
		var won, lost sync.Map
		x.together(16, func(w int) error {
			for i := range 4 {
				err := x.Insert(bg, "things", doc(fmt.Sprint("k", i), "n", w))
				var d *store.DuplicateError
				switch {
				case err == nil:
					if _, twice := won.LoadOrStore(i, w); twice {
						return fmt.Errorf("k%d was inserted twice", i)
					}
				case errors.As(err, &d):
					lost.Store([2]int{i, w}, true)
				default:
					return err
				}
			}
			return nil
		})
		n := 0
		lost.Range(func(any, any) bool { n++; return true })
		x.equal(n, 4*15)
		x.has("k0", "k1", "k2", "k3")
	}},
}

// conflict checks that an error is a *store.ConflictError of these ids.
func (x *env) conflict(err error, want ...string) {
	x.Helper()
	var c *store.ConflictError
	if !errors.As(err, &c) || c.Coll != "things" {
		x.Fatalf("error is %v, want a conflict", err)
	}
	x.same(slices.Sorted(slices.Values(c.IDs)), want)
}

// together runs a function in several goroutines.
func (x *env) together(n int, f func(i int) error) {
	x.Helper()
	errs := make(chan error, n)
	for i := range n {
		go func() { errs <- f(i) }()
	}
	for range n {
		if err := <-errs; err != nil {
			x.Error(err)
		}
	}
}

// patiently repeats what fails because others were faster.
func patiently(do func() error) error {
	for end := time.Now().Add(30 * time.Second); ; {
		err := do()
		var c *store.ConflictError
		if err == nil || !errors.As(err, &c) && !errors.Is(err, store.ErrUnavailable) || time.Now().After(end) {
			return err
		}
	}
}

// increment adds one by compare-and-set without a transaction around it.
func (x *env) increment(id string) error {
	return patiently(func() error {
		d, err := x.Get(bg, "things", id)
		if err != nil {
			return err
		}
		read, _ := store.Version(d)
		return x.Replace(bg, "things", versioned(id, read, "n", d.Lookup("n").AsInt64()+1))
	})
}

// transfer moves one unit in a transaction.
func (x *env) transfer(from, to string) error {
	if from == to {
		return nil
	}
	return patiently(func() error {
		return x.Tx(bg, func(ctx context.Context) error {
			docs, err := x.GetMany(ctx, "things", []string{from, to})
			if err != nil {
				return err
			}
			var next []store.Versioned
			for _, d := range docs {
				n := d.Lookup("n").AsInt64() + 1
				if id(d) == from {
					n -= 2
				}
				read, _ := store.Version(d)
				next = append(next, versioned(id(d), read, "n", n))
			}
			return x.Replace(ctx, "things", next...)
		})
	})
}
