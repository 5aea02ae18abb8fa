package storetest

import (
	"math"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

// inOrder are documents in the order of the index n: by type, then by value, equal ones by _id.
func inOrder() []bson.Raw {
	t := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	return []bson.Raw{
		doc("00", "n", nil), doc("01"), doc("02", "n", nil), // null and missing are equal
		doc("03", "n", int64(math.MinInt64)), doc("04", "n", int64(-1<<53-1)), doc("05", "n", -1), doc("06", "n", 0), doc("07", "n", int64(0)),
		doc("08", "n", 1), doc("09", "n", int32(2)), doc("10", "n", int64(1<<53)), doc("11", "n", int64(1<<53+1)), doc("12", "n", int64(math.MaxInt64)),
		doc("13", "n", ""), doc("14", "n", "\x00"), doc("15", "n", "\x00\x00"), doc("16", "n", "\x00a"), doc("17", "n", "\x01"), doc("18", "n", "A"), doc("19", "n", "a"),
		doc("20", "n", "a\x00"), doc("21", "n", "a\x00b"), doc("22", "n", "aa"), doc("23", "n", "ab"), doc("24", "n", "é"), doc("25", "n", "臺"), doc("26", "n", "🙂"),
		doc("27", "n", false), doc("28", "n", true), doc("29", "n", true),
		doc("30", "n", bson.DateTime(math.MinInt64)), doc("31", "n", bson.DateTime(-1)), doc("32", "n", bson.DateTime(0)), doc("33", "n", t), doc("34", "n", t.Add(time.Millisecond)),
		doc("35", "n", bson.DateTime(math.MaxInt64)),
	}
}

var orderPromises = []promise{
	{"order/mixed and missing values", func(x *env) {
		docs := inOrder()
		want := ids(docs)
		shuffled := slices.Clone(docs)
		slices.Reverse(shuffled[5:])
		x.insert(shuffled...)
		x.same(x.found(store.Query{Index: "n"}), want)
		x.same(x.paged(store.Query{Index: "n", Limit: 1}), want)
		x.same(x.paged(store.Query{Index: "n", Limit: 7}), want)
		slices.Reverse(want)
		x.same(x.found(store.Query{Index: "n", Desc: true}), want)
		x.same(x.paged(store.Query{Index: "n", Desc: true, Limit: 1}), want)
		x.same(x.paged(store.Query{Index: "n", Desc: true, Limit: 7}), want)
	}},
	{"order/a descending field turns its values round, not the _id", func(x *env) {
		for _, d := range inOrder() {
			x.insert(with(d, "kind", "k"))
		}
		want := []string{"35", "34", "33", "32", "31", "30", "28", "29", "27", "26", "25", "24", "23", "22", "21", "20", "19", "18", "17", "16", "15", "14", "13",
			"12", "11", "10", "09", "08", "06", "07", "05", "04", "03", "00", "01", "02"}
		x.same(x.found(store.Query{Index: "kind", Eq: []any{"k"}}), want)
		x.same(x.paged(store.Query{Index: "kind", Eq: []any{"k"}, Limit: 1}), want)
		x.same(x.paged(store.Query{Index: "kind", Eq: []any{"k"}, Limit: 5}), want)
		slices.Reverse(want)
		x.same(x.paged(store.Query{Index: "kind", Eq: []any{"k"}, Desc: true, Limit: 1}), want)
	}},
	{"order/the first field goes before the second", func(x *env) {
		x.insert(doc("a", "kind", "y", "n", 9), doc("b", "kind", "x", "n", 1), doc("c", "kind", "x", "n", 2), doc("d", "n", 5), doc("e", "kind", "x"))
		want := []string{"d", "c", "b", "e", "a"}
		x.same(x.found(store.Query{Index: "kind"}), want)
		x.same(x.paged(store.Query{Index: "kind", Limit: 1}), want)
		x.same(x.found(store.Query{Index: "kind", From: store.AtLeast("x"), To: store.Below("y")}), []string{"c", "b", "e"})
	}},
	{"order/equal values by _id", func(x *env) {
		x.insert(doc("b", "n", 1), doc("B", "n", 1), doc("a", "n", 1), doc("a:1", "n", 1), doc("臺", "n", 1))
		want := []string{"B", "a", "a:1", "b", "臺"}
		x.same(x.paged(store.Query{Index: "n", Eq: []any{1}, Limit: 1}), want)
		x.has(want...)
	}},
}

var boundPromises = []promise{
	{"bounds/inclusive and exclusive", func(x *env) {
		for _, kind := range []string{"j", "k", "l"} {
			for _, n := range []string{"1", "2", "3", "4"} {
				x.insert(doc(kind+n, "kind", kind, "n", int(n[0]-'0')))
			}
		}
		k := []any{"k"}
		for _, c := range []struct {
			from, to *store.Bound
			want     []string // descending, as the index is
		}{
			{nil, nil, []string{"k4", "k3", "k2", "k1"}},
			{store.AtLeast(2), nil, []string{"k4", "k3", "k2"}},
			{store.Above(2), nil, []string{"k4", "k3"}},
			{nil, store.AtMost(2), []string{"k2", "k1"}},
			{nil, store.Below(2), []string{"k1"}},
			{store.AtLeast(2), store.AtMost(3), []string{"k3", "k2"}},
			{store.Above(2), store.AtMost(3), []string{"k3"}},
			{store.AtLeast(2), store.Below(3), []string{"k2"}},
			{store.Above(2), store.Below(3), nil},
			{store.AtLeast(2), store.AtMost(2), []string{"k2"}},
			{store.Above(2), store.Below(2), nil},
			{store.AtLeast(3), store.AtMost(2), nil},
			{store.AtLeast(5), nil, nil},
			{store.AtLeast(1), store.AtMost("x"), nil}, // bounds of two types
		} {
			q := store.Query{Index: "kind", Eq: k, From: c.from, To: c.to}
			x.both(q, c.want)
		}
	}},
	{"bounds/find only values of their own type", func(x *env) {
		x.insert(inOrder()...)
		t := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		all := ids(inOrder())
		for _, c := range []struct {
			q    store.Query
			want []string
		}{
			{store.Query{From: store.AtLeast(0)}, all[6:13]},
			{store.Query{To: store.Below(0)}, all[3:6]},
			{store.Query{To: store.AtMost(int64(math.MaxInt64))}, all[3:13]},
			{store.Query{From: store.Above(int64(math.MaxInt64))}, nil},
			{store.Query{To: store.AtMost("a")}, all[13:20]},
			{store.Query{From: store.Above("a")}, all[20:27]},
			{store.Query{From: store.AtLeast("")}, all[13:27]},
			{store.Query{To: store.Below("")}, nil},
			{store.Query{From: store.AtLeast(false)}, all[27:30]},
			{store.Query{From: store.Above(false)}, all[28:30]},
			{store.Query{To: store.AtMost(t)}, all[30:34]},
			{store.Query{From: store.Above(t)}, all[34:36]},
			{store.Query{From: store.AtLeast(nil)}, all[:3]},
			{store.Query{From: store.Above(nil)}, nil},
			{store.Query{Eq: []any{nil}}, all[:3]},
			{store.Query{Eq: []any{0}}, all[6:8]},
			{store.Query{Eq: []any{"a\x00"}}, all[20:21]},
			{store.Query{Eq: []any{t}}, all[33:34]},
			{store.Query{Eq: []any{true}}, all[28:30]},
		} {
			c.q.Index = "n"
			x.both(c.q, c.want)
		}
	}},
	{"bounds/named types and pointers ask as their values do", func(x *env) {
		type kind string
		type amount int64
		one := amount(1)
		x.insert(doc("a", "kind", "k", "n", 1))
		x.same(x.found(store.Query{Index: "kind", Eq: []any{kind("k"), amount(1)}}), []string{"a"})
		x.same(x.found(store.Query{Index: "kind", Eq: []any{kind("k")}, From: store.AtLeast(&one)}), []string{"a"})
	}},
	{"bounds/a unique index to the last value", func(x *env) {
		x.insert(doc("a", "email", "a"), doc("b", "email", "b"), doc("c", "email", "b\x00"), doc("d", "email", "c"), doc("e", "email", 7))
		for _, c := range []struct {
			q    store.Query
			want []string
		}{
			{store.Query{Eq: []any{"b"}}, []string{"b"}},
			{store.Query{From: store.Above("b")}, []string{"c", "d"}},
			{store.Query{To: store.AtMost("b")}, []string{"a", "b"}},
			{store.Query{From: store.Above("a"), To: store.Below("c")}, []string{"b", "c"}},
			{store.Query{Eq: []any{7}}, []string{"e"}},
			{store.Query{}, []string{"e", "a", "b", "c", "d"}},
		} {
			c.q.Index = "email"
			x.both(c.q, c.want)
		}
	}},
	{"bounds/ranges of _id", func(x *env) {
		x.insert(doc("d1:000001"), doc("d1:000002"), doc("d1:000010"), doc("d10:000001"), doc("d2:000001"))
		for _, c := range []struct {
			q    store.Query
			want []string
		}{
			{store.Query{From: store.AtLeast("d1:"), To: store.Below("d1;")}, []string{"d1:000001", "d1:000002", "d1:000010"}},
			{store.Query{From: store.Above("d1:000001"), To: store.AtMost("d1:000010")}, []string{"d1:000002", "d1:000010"}},
			{store.Query{From: store.AtLeast("d10"), To: store.Below("d1:000002")}, []string{"d10:000001", "d1:000001"}},
			{store.Query{From: store.Above("d1:000010")}, []string{"d2:000001"}},
			{store.Query{To: store.AtMost("d10:000001")}, []string{"d10:000001"}},
			{store.Query{Eq: []any{"d2:000001"}}, []string{"d2:000001"}},
			{store.Query{Eq: []any{5}}, nil},
			{store.Query{From: store.AtLeast(5)}, nil},
			{store.Query{From: store.AtLeast(time.Now())}, nil},
			{store.Query{To: store.AtMost(true)}, nil},
		} {
			c.q.Index = store.ByID
			x.both(c.q, c.want)
		}
	}},
}

// both checks what a query finds: at once, from page to page, backwards, and counted.
func (x *env) both(q store.Query, want []string) {
	x.Helper()
	n, err := x.Count(bg, "things", q)
	x.ok(err)
	x.equal(n, int64(len(want)))
	x.same(x.found(q), want)
	q.Limit = 1
	x.same(x.paged(q), want)
	q.Desc = true
	back := slices.Clone(want)
	slices.Reverse(back)
	x.same(x.paged(q), back)
}

// paged is the ids of all pages.
func (x *env) paged(q store.Query) (all []string) {
	x.Helper()
	for {
		page, err := x.Find(bg, "things", q)
		x.ok(err)
		if len(page.Docs) > q.PageSize() || page.Next != "" && len(page.Docs) < q.PageSize() {
			x.Fatalf("a page of %d, its limit %d, next %q", len(page.Docs), q.PageSize(), page.Next)
		}
		all = append(all, ids(page.Docs)...)
		if q.After = page.Next; q.After == "" {
			return all
		}
	}
}

// with is a document with one more field.
func with(d bson.Raw, name string, value any) bson.Raw {
	var m bson.D
	if err := bson.Unmarshal(d, &m); err != nil {
		panic(err)
	}
	return mustMarshal(append(m, bson.E{Key: name, Value: value}))
}
