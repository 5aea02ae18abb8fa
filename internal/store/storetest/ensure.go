package storetest

import (
	"fmt"

	"haggle/internal/store"
)

func fields(paths ...string) []store.Field {
	out := make([]store.Field, len(paths))
	for i, p := range paths {
		out[i] = store.Field{Path: p}
	}
	return out
}

func indexed(xs ...store.Index) store.Spec { return store.Spec{Name: "later", Indexes: xs} }

var ensurePromises = []promise{
	{"ensure/changes nothing the second time", func(x *env) {
		x.insert(doc("a", "n", 1))
		x.ensure(things)
		x.ok(x.another().Ensure(bg, []store.Spec{things}))
		x.has("a")
	}},
	{"ensure/several engines at once", func(x *env) {
		spec := indexed(store.Index{Name: "n", Fields: fields("n")}, store.Index{Name: "u", Fields: fields("u"), Unique: true, Sparse: true})
		var engines []store.Engine
		for range 4 {
			engines = append(engines, x.another())
		}
		x.together(4, func(i int) error {
			if err := engines[i].Ensure(bg, []store.Spec{spec, things}); err != nil {
				return err
			}
			return engines[i].Insert(bg, "later", doc(fmt.Sprint(i), "n", i))
		})
		page, err := engines[3].Find(bg, "later", store.Query{Index: "n"})
		x.ok(err)
		x.same(ids(page.Docs), []string{"0", "1", "2", "3"})
	}},
	{"ensure/a new index holds the documents that are there", func(x *env) {
		x.ensure(indexed())
		for i := range 1200 {
			if i%400 == 0 {
				x.ok(x.Insert(bg, "later", doc(fmt.Sprintf("a%04d", i), "n", -i, "u", i)))
			}
		}
		x.ensure(indexed(store.Index{Name: "n", Fields: fields("n")}, store.Index{Name: "u", Fields: fields("u"), Unique: true}))
		page, err := x.Find(bg, "later", store.Query{Index: "n"})
		x.ok(err)
		x.same(ids(page.Docs), []string{"a0800", "a0400", "a0000"})
		if x.Insert(bg, "later", doc("b", "u", 400)) == nil {
			x.Error("the new index is not unique")
		}
	}},
	{"ensure/an index declared otherwise is built anew", func(x *env) {
		x.ensure(indexed(store.Index{Name: "k", Fields: fields("n"), Unique: true}))
		x.ok(x.Insert(bg, "later", doc("a", "n", 1, "m", 2), doc("b", "n", 2, "m", 1)))
		x.ensure(indexed(store.Index{Name: "k", Fields: fields("m"), Sparse: true}))
		x.ok(x.Insert(bg, "later", doc("c", "n", 1), doc("d", "n", 1, "m", 0)))
		page, err := x.Find(bg, "later", store.Query{Index: "k"})
		x.ok(err)
		x.same(ids(page.Docs), []string{"d", "b", "a"})
	}},
	{"ensure/an index that is not declared any more is gone", func(x *env) {
		u := store.Index{Name: "u", Fields: fields("u"), Unique: true}
		x.ensure(indexed(u))
		x.ok(x.Insert(bg, "later", doc("a", "u", 1)))
		x.ensure(indexed())
		x.ok(x.Insert(bg, "later", doc("b", "u", 1)))
		_, err := x.Find(bg, "later", store.Query{Index: "u"})
		x.is(err, store.ErrNoIndex)
		x.ok(x.Delete(bg, "later", "a"))
		x.ensure(indexed(u))
		page, err := x.Find(bg, "later", store.Query{Index: "u"})
		x.ok(err)
		x.same(ids(page.Docs), []string{"b"})
	}},
	{"ensure/a unique index over documents that break it is refused", func(x *env) {
		x.ensure(indexed())
		x.ok(x.Insert(bg, "later", doc("a", "u", 1), doc("b", "u", 1)))
		if x.Ensure(bg, []store.Spec{indexed(store.Index{Name: "u", Fields: fields("u"), Unique: true})}) == nil {
			x.Error("built")
		}
		x.ok(x.Insert(bg, "later", doc("c")))
	}},
	{"ensure/declarations that cannot be kept are refused", func(x *env) {
		for _, s := range []store.Spec{{Name: ""}, {Name: "a b"}, {Name: `a"b`}, {Name: "1a"},
			indexed(store.Index{Name: "_id", Fields: fields("n")}),
			indexed(store.Index{Name: "n"}),
			indexed(store.Index{Name: "n", Fields: fields("")}),
			indexed(store.Index{Name: "n", Fields: fields("a..b")}),
			indexed(store.Index{Name: "n", Fields: fields("$a")}),
			indexed(store.Index{Name: "n", Fields: fields("_id")}),
			indexed(store.Index{Name: "n", Fields: fields("a", "a")}),
			indexed(store.Index{Name: "n", Fields: fields("n")}, store.Index{Name: "n", Fields: fields("m")}),
			indexed(store.Index{Name: "n", Fields: []store.Field{{Path: "n", Desc: true}}, Unique: true}),
		} {
			if x.Ensure(bg, []store.Spec{s}) == nil {
				x.Errorf("accepted: %+v", s)
			}
		}
	}},
}
