package storetest

import (
	"encoding/base64"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

var pagePromises = []promise{
	{"pages/inserts between them neither repeat nor skip", func(x *env) {
		want := x.crowd("m", 30)
		for _, desc := range []bool{false, true} {
			q := store.Query{Index: "n", Limit: 4, Desc: desc}
			seen := map[string]int{}
			for turn := 0; ; turn++ {
				page, err := x.Find(bg, "things", q)
				x.ok(err)
				for _, d := range page.Docs {
					seen[id(d)]++
				}
				// around every place: before, among and behind the values of the documents that were there
				x.insert(doc(fmt.Sprint("a", desc, turn), "n", -1), doc(fmt.Sprint("a", desc, turn, "x"), "n", turn), doc(fmt.Sprint("z", desc, turn), "n", turn), doc(fmt.Sprint("zz", desc, turn), "n", 99))
				if q.After = page.Next; q.After == "" || turn > 50 {
					break
				}
			}
			for _, k := range want {
				x.equal(fmt.Sprint(k, seen[k]), fmt.Sprint(k, 1))
			}
			for k, n := range seen {
				if n > 1 {
					x.Errorf("%s came %d times", k, n)
				}
			}
		}
	}},
	{"pages/removing the last document of a page moves nothing", func(x *env) {
		for i, q := range []store.Query{{Index: "n"}, {Index: "n", Desc: true}, {Index: store.ByID}, {Index: "email"}} {
			p := fmt.Sprint("p", i, "-")
			for k := range 6 {
				x.insert(doc(fmt.Sprint(p, k), "n", k, "email", fmt.Sprint(p, k)))
			}
			q.Limit = 2
			first, err := x.Find(bg, "things", q)
			x.ok(err)
			x.ok(x.Delete(bg, "things", ids(first.Docs)...))
			q.After = first.Next
			rest := x.paged(q)
			x.equal(len(rest), 4)
			for k := range 6 {
				x.ok(x.Delete(bg, "things", fmt.Sprint(p, k)))
			}
		}
	}},
	{"pages/a cursor stays inside its query", func(x *env) {
		for _, kind := range []string{"j", "k", "l"} {
			x.insert(doc(kind+"1", "kind", kind, "n", 1), doc(kind+"2", "kind", kind, "n", 1))
		}
		whole, err := x.Find(bg, "things", store.Query{Index: "kind", Limit: 1})
		x.ok(err)
		x.same(x.paged(store.Query{Index: "kind", Eq: []any{"k"}, After: whole.Next}), []string{"k1", "k2"})
		x.same(x.paged(store.Query{Index: "kind", Eq: []any{"k"}, After: whole.Next, Desc: true}), nil)
		back, err := x.Find(bg, "things", store.Query{Index: "kind", Limit: 1, Desc: true})
		x.ok(err)
		x.same(x.paged(store.Query{Index: "kind", Eq: []any{"k"}, After: back.Next, Desc: true}), []string{"k2", "k1"})
	}},
	{"pages/what is no cursor of the index is refused", func(x *env) {
		x.crowd("m", 5)
		page, err := x.Find(bg, "things", store.Query{Index: "n", Limit: 2})
		x.ok(err)
		raw, err := base64.RawURLEncoding.DecodeString(page.Next)
		x.ok(err)
		cut := base64.RawURLEncoding.EncodeToString(raw[:len(raw)-1])
		long := base64.RawURLEncoding.EncodeToString(append(raw, 0))
		for _, bad := range []string{"x", "!", "AAAA", cut, long, page.Next + "="} {
			_, err := x.Find(bg, "things", store.Query{Index: "n", After: bad})
			x.is(err, store.ErrCursor)
		}
		_, err = x.Find(bg, "things", store.Query{Index: "due", After: page.Next})
		x.is(err, store.ErrCursor)
		_, err = x.Find(bg, "things", store.Query{Index: store.ByID, After: page.Next})
		x.is(err, store.ErrCursor)
	}},
	{"pages/a page has a bound", func(x *env) {
		want := x.crowd("m", store.DefaultLimit+1)
		page, err := x.Find(bg, "things", store.Query{Index: store.ByID})
		x.ok(err)
		x.equal(len(page.Docs), store.DefaultLimit)
		page, err = x.Find(bg, "things", store.Query{Index: store.ByID, After: page.Next})
		x.ok(err)
		x.same(ids(page.Docs), want[store.DefaultLimit:])
		x.equal(page.Next, "")
		x.same(x.found(store.Query{Index: store.ByID, Limit: store.DefaultLimit + 1}), want)
		x.equal(store.Query{Limit: 1 << 30}.PageSize(), store.MaxLimit)
	}},
	{"pages/the last full page says so", func(x *env) {
		x.crowd("m", 4)
		page, err := x.Find(bg, "things", store.Query{Index: "n", Limit: 4})
		x.ok(err)
		x.equal(page.Next, "")
		page, err = x.Find(bg, "things", store.Query{Index: "n", Limit: 4, Eq: []any{77}})
		x.ok(err)
		x.equal(len(page.Docs), 0)
		x.equal(page.Next, "")
	}},
}

// crowd inserts documents, three of each value of n, and returns their ids in order.
func (x *env) crowd(prefix string, n int) []string {
	x.Helper()
	docs := make([]bson.Raw, n)
	for k := range docs {
		docs[k] = doc(fmt.Sprintf("%s%06d", prefix, k), "n", k/3)
	}
	x.insert(docs...)
	return ids(docs)
}
