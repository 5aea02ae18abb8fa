package storetest

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

var indexPromises = []promise{
	{"index/a unique value is admitted once", func(x *env) {
		x.insert(doc("a", "email", "x"))
		x.duplicate(x.Insert(bg, "things", doc("b", "email", "x")), "email")
		x.insert(doc("b", "email", "y", "version", int64(1)))
		x.duplicate(x.Replace(bg, "things", versioned("b", 1, "email", "x")), "email")
		x.duplicate(x.Put(bg, "things", doc("b", "email", "x")), "email")
		x.has("a", "b")
		x.equal(x.get("b").Lookup("email").StringValue(), "y")
	}},
	{"index/a duplicate names the _id", func(x *env) {
		x.insert(doc("a"))
		x.duplicate(x.Insert(bg, "things", doc("a")), store.ByID)
	}},
	{"index/a duplicate in one group is refused", func(x *env) {
		x.duplicate(x.Insert(bg, "things", doc("a"), doc("a")), store.ByID)
		x.duplicate(x.Insert(bg, "things", doc("a", "email", "x"), doc("b", "email", "x")), "email")
		x.has()
	}},
	{"index/a unique value is free again after a delete or a change", func(x *env) {
		x.insert(doc("a", "email", "x"), doc("b", "email", "y"))
		x.ok(x.Delete(bg, "things", "a"))
		x.insert(doc("c", "email", "x"))
		x.ok(x.Put(bg, "things", doc("b", "email", "z")))
		x.insert(doc("d", "email", "y"))
		x.ok(x.Tx(bg, func(ctx context.Context) error {
			x.ok(x.Delete(ctx, "things", "d"))
			return x.Insert(ctx, "things", doc("e", "email", "y"))
		}))
		x.has("b", "c", "e")
	}},
	{"index/a sparse unique index admits many without the field", func(x *env) {
		x.insert(doc("a"), doc("b"), doc("c", "email", nil))
		x.duplicate(x.Insert(bg, "things", doc("d", "email", nil)), "email") // null is a value
		x.has("a", "b", "c")
	}},
	{"index/a unique index that is not sparse counts missing as a value", func(x *env) {
		x.ensure(store.Spec{Name: "strict", Indexes: []store.Index{
			{Name: "pair", Fields: []store.Field{{Path: "p"}, {Path: "q"}}, Unique: true}}})
		x.ok(x.Insert(bg, "strict", doc("a", "p", 1), doc("b", "q", 1), doc("c", "p", 1, "q", 1), doc("d")))
		for _, d := range []bson.Raw{doc("e", "p", 1), doc("e", "p", 1, "q", nil), doc("e", "q", 1), doc("e")} {
			if err := x.Insert(bg, "strict", d); err == nil {
				x.Errorf("admitted: %v", d)
			}
		}
	}},
	{"index/a sparse index leaves out what lacks its first field", func(x *env) {
		x.insert(doc("a", "n", 1), doc("b", "due", 5), doc("c", "due", nil, "n", 1), doc("d", "due", "x"))
		x.same(x.found(store.Query{Index: "due"}), []string{"c", "b", "d"})
		x.same(x.found(store.Query{Index: "due", Desc: true}), []string{"d", "b", "c"})
		x.same(x.found(store.Query{Index: "due", Eq: []any{nil}}), []string{"c"})
		n, err := x.Count(bg, "things", store.Query{Index: "due"})
		x.ok(err)
		x.equal(n, int64(3))
		x.ok(x.Put(bg, "things", doc("b"), doc("a", "due", 9)))
		x.same(x.found(store.Query{Index: "due"}), []string{"c", "a", "d"})
	}},
	{"index/an index follows its documents", func(x *env) {
		x.insert(doc("a", "n", 1, "version", int64(0)), doc("b", "n", 2), doc("c", "n", 3))
		x.ok(x.Replace(bg, "things", versioned("a", 0, "n", 9)))
		x.ok(x.Put(bg, "things", doc("b")))
		x.ok(x.Delete(bg, "things", "c"))
		x.same(x.found(store.Query{Index: "n"}), []string{"b", "a"})
	}},
	{"index/a path reaches into a document", func(x *env) {
		x.insert(doc("a", "a", bson.D{{Key: "b", Value: 2}}), doc("b", "a", bson.D{{Key: "b", Value: 1}}), doc("c", "a", bson.D{}), doc("d", "a", 5), doc("e"))
		x.same(x.found(store.Query{Index: "deep"}), []string{"c", "d", "e", "b", "a"})
		x.same(x.found(store.Query{Index: "deep", Eq: []any{1}}), []string{"b"})
	}},
	{"index/what cannot be indexed is refused", func(x *env) {
		for _, v := range []any{1.5, bson.A{1}, bson.A{}, bson.D{{Key: "x", Value: 1}}, []byte{1}, bson.NewObjectID()} {
			if x.Insert(bg, "things", doc("a", "n", v)) == nil {
				x.Errorf("indexed a %T", v)
			}
			if x.Put(bg, "things", doc("a", "a", bson.A{bson.D{{Key: "b", Value: v}}})) == nil {
				x.Errorf("indexed through an array")
			}
			x.ok(x.Put(bg, "things", doc("a", "free", v)))
			x.ok(x.Delete(bg, "things", "a"))
		}
	}},
	{"index/a document needs a string _id", func(x *env) {
		for _, v := range []any{1, "", nil, bson.NewObjectID()} {
			raw, err := bson.Marshal(bson.D{{Key: "_id", Value: v}})
			x.ok(err)
			if x.Insert(bg, "things", raw) == nil || x.Put(bg, "things", raw) == nil {
				x.Errorf("stored an _id %v", v)
			}
		}
		if x.Insert(bg, "things", bson.Raw(mustMarshal(bson.D{{Key: "n", Value: 1}}))) == nil {
			x.Error("stored a document without _id")
		}
		x.has()
	}},
	{"index/a query of no declared index is refused", func(x *env) {
		for _, q := range []store.Query{{Index: "free"}, {}, {Index: "n", Eq: []any{1, 2}}, {Index: "n", Eq: []any{1}, From: store.AtLeast(2)},
			{Index: store.ByID, Eq: []any{"a", "b"}}} {
			_, err := x.Find(bg, "things", q)
			x.is(err, store.ErrNoIndex)
			_, err = x.Count(bg, "things", q)
			x.is(err, store.ErrNoIndex)
		}
	}},
	{"index/what several values of the first field find comes in the order of the index", func(x *env) {
		x.insert(doc("a", "kind", "y", "n", 2), doc("b", "kind", "x", "n", 9), doc("c", "kind", "y", "n", 1), doc("d", "kind", "z", "n", 0), doc("e", "kind", 7), doc("f"), doc("g", "kind", "xx", "n", 1))
		for _, c := range []struct{ values, want []string }{
			{[]string{"y", "x"}, []string{"b", "a", "c"}},
			{[]string{"x", "y", "x", "none"}, []string{"b", "a", "c"}},
			{[]string{"z"}, []string{"d"}},
			{[]string{"none", "7", ""}, nil},
			{nil, nil},
		} {
			docs, err := x.FindIn(bg, "things", "kind", c.values)
			x.ok(err)
			x.same(ids(docs), c.want)
		}
		docs, err := x.FindIn(bg, "things", store.ByID, []string{"d", "a", "h"})
		x.ok(err)
		x.same(ids(docs), []string{"a", "d"})
		x.ok(x.Tx(bg, func(ctx context.Context) error {
			x.ok(x.Insert(ctx, "things", doc("h", "kind", "x", "n", 1)))
			docs, err := x.FindIn(ctx, "things", "kind", []string{"x"})
			x.same(ids(docs), []string{"b", "h"})
			return err
		}))
		_, err = x.FindIn(bg, "things", "free", []string{"a"})
		x.is(err, store.ErrNoIndex)
	}},
	{"index/many documents of many values are all found at once", func(x *env) {
		var want, values []string
		for i := range 40 {
			kind := fmt.Sprintf("k%02d", i)
			var docs []bson.Raw
			for k := range 50 {
				docs = append(docs, doc(fmt.Sprintf("%s-%02d", kind, k), "kind", kind, "n", -k))
			}
			x.insert(docs...)
			if i%2 == 0 {
				values, want = append(values, kind), append(want, ids(docs)...)
			}
		}
		docs, err := x.FindIn(bg, "things", "kind", values)
		x.ok(err)
		x.same(ids(docs), want)
		for i := range 5000 { // more than an engine asks for in one go; they come before the others
			values = append(values, fmt.Sprintf("a%04d", i))
		}
		docs, err = x.FindIn(bg, "things", "kind", values)
		x.ok(err)
		x.same(ids(docs), want)
	}},
	{"index/a value of no indexed type is refused in a query", func(x *env) {
		for _, v := range []any{1.5, []string{"a"}, struct{ X int }{1}, time.Now} {
			if _, err := x.Find(bg, "things", store.Query{Index: "n", Eq: []any{v}}); err == nil {
				x.Errorf("asked for a %T", v)
			}
		}
	}},
	{"index/a collection that was not declared is refused", func(x *env) {
		x.is(x.Insert(bg, "nothing", doc("a")), store.ErrNoCollection)
		x.is(x.Put(bg, "nothing", doc("a")), store.ErrNoCollection)
		x.is(x.Replace(bg, "nothing", versioned("a", 1)), store.ErrNoCollection)
		x.is(x.Delete(bg, "nothing", "a"), store.ErrNoCollection)
		x.is(x.Scan(bg, "nothing", nil), store.ErrNoCollection)
		for _, err := range []error{second(x.Get(bg, "nothing", "a")), second(x.GetMany(bg, "nothing", []string{"a"})), second(x.FindIn(bg, "nothing", store.ByID, []string{"a"})),
			second(x.Find(bg, "nothing", store.Query{Index: "n"})), second(x.Count(bg, "nothing", store.Query{Index: "n"}))} {
			x.is(err, store.ErrNoCollection)
		}
	}},
}

func second[T any](_ T, err error) error { return err }

func mustMarshal(v any) []byte {
	b, err := bson.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
