package storetest

import (
	"bytes"
	"context"
	"math"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

// sample is a value of every kind that documents hold.
type sample struct {
	ID      string            `bson:"_id"`
	Version int64             `bson:"version"`
	At      time.Time         `bson:"at"`
	Maybe   *time.Time        `bson:"maybe,omitempty"`
	Amount  int64             `bson:"amount"`
	Words   map[string]string `bson:"words,omitempty"`
	Lines   [][]byte          `bson:"lines"`
	Raw     bson.Raw          `bson:"raw,omitempty"`
}

func (x *env) samples() *store.Collection[sample] {
	return store.NewCollection[sample](x.Engine, "things")
}

var valuePromises = []promise{
	{"values/bytes come back as they went in", func(x *env) {
		d := doc("a", "n", 1, "f", 1.5, "b", []byte{0, 1, 255}, "s", "臺灣\x00🙂", "l", bson.A{1, "x", nil, bson.D{}}, "e", bson.A{}, "z", nil)
		x.insert(d)
		if got := x.get("a"); !bytes.Equal(got, d) {
			x.Fatalf("got %v, want %v", got, d)
		}
	}},
	{"values/a document takes the place of another as a whole", func(x *env) {
		x.insert(doc("put", "n", 1), doc("replaced", "n", 1, "version", int64(0)))
		for i, fields := range []bson.D{
			{{Key: "n", Value: 2}, {Key: "s", Value: "$n"}, {Key: "d", Value: bson.D{{Key: "$set", Value: "$$ROOT"}, {Key: "x.y", Value: bson.A{1, 2, 3}}}}},
			{{Key: "d", Value: bson.D{{Key: "x.y", Value: bson.A{1, bson.D{{Key: "$literal", Value: nil}}}}, {Key: "$set", Value: "$$ROOT"}}}, {Key: "n", Value: 3}},
			{{Key: "n", Value: 4}, {Key: "b", Value: bytes.Repeat([]byte{7}, 8<<20)}, {Key: "d", Value: bson.D{}}},
			{{Key: "d", Value: bson.A{}}, {Key: "n", Value: int64(5)}},
			{{Key: "n", Value: 6}},
		} {
			put, replaced := doc("put"), doc("replaced", "version", int64(i+1))
			for _, f := range fields {
				put, replaced = with(put, f.Key, f.Value), with(replaced, f.Key, f.Value)
			}
			x.ok(x.Put(bg, "things", put))
			x.ok(x.Replace(bg, "things", store.Versioned{ID: "replaced", Version: int64(i), Doc: replaced}))
			if !bytes.Equal(x.get("put"), put) || !bytes.Equal(x.get("replaced"), replaced) {
				x.Fatalf("got %.300s and %.300s, want the fields %.300s", x.get("put"), x.get("replaced"), fields)
			}
			for n, want := range map[int][]string{i + 1: nil, i + 2: {"put", "replaced"}} {
				page, err := x.Find(bg, "things", store.Query{Index: "n", Eq: []any{n}})
				x.ok(err)
				x.same(ids(page.Docs), want)
			}
		}
	}},
	{"values/integers are exact", func(x *env) {
		c := x.samples()
		for _, n := range []int64{0, 1, -1, 1<<53 + 1, -(1<<53 + 1), math.MaxInt64, math.MinInt64, math.MaxInt32, math.MinInt32 - 1} {
			x.ok(c.Put(bg, sample{ID: "a", Amount: n, Version: n}))
			got, err := c.Get(bg, "a")
			x.ok(err)
			x.equal(got.Amount, n)
			x.equal(got.Version, n)
		}
	}},
	{"values/times are UTC and cut to milliseconds", func(x *env) {
		c := x.samples()
		taipei := time.FixedZone("UTC+8", 8*3600)
		for _, at := range []time.Time{time.Date(2026, 3, 1, 20, 0, 0, 123_999_999, taipei), time.Unix(0, 0), time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
			time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), {}} {
			x.ok(c.Put(bg, sample{ID: "a", At: at, Maybe: &at}))
			got, err := c.Get(bg, "a")
			x.ok(err)
			want := time.UnixMilli(at.UnixMilli()).UTC()
			x.equal(got.At, want)
			if !at.IsZero() { // the codec takes a pointer to the zero time for empty
				x.equal(*got.Maybe, want)
			}
		}
	}},
	{"values/what is empty may be left out", func(x *env) {
		c := x.samples()
		x.ok(c.Insert(bg, sample{ID: "a"}))
		for _, name := range []string{"maybe", "words", "raw"} {
			if _, err := x.get("a").LookupErr(name); err == nil {
				x.Errorf("%s is stored", name)
			}
		}
		got, err := c.Get(bg, "a")
		x.ok(err)
		if got.Maybe != nil || got.Words != nil || got.Raw != nil {
			x.Errorf("got %+v", got)
		}
	}},
	{"values/unknown fields are ignored", func(x *env) {
		x.insert(doc("a", "amount", int64(3), "later", bson.D{{Key: "x", Value: 1}}))
		got, err := x.samples().Get(bg, "a")
		x.ok(err)
		x.equal(got.Amount, int64(3))
	}},
	{"values/a typed collection does what the engine does", func(x *env) {
		c := x.samples()
		x.equal(c.Name(), "things")
		x.ok(c.Insert(bg, sample{ID: "a", Version: 1, Lines: [][]byte{{1}, {2, 3}}}, sample{ID: "b", Words: map[string]string{"k": "v"}}))
		x.ok(c.Replace(bg, store.Changed[sample]{ID: "a", Version: 1, Doc: sample{ID: "a", Version: 2, Amount: 5}}))
		err := c.Replace(bg, store.Changed[sample]{ID: "a", Version: 1, Doc: sample{ID: "a", Version: 2}})
		x.conflict(err, "a")
		x.duplicate(c.Insert(bg, sample{ID: "a"}), store.ByID)
		many, err := c.GetMany(bg, []string{"b", "none"})
		x.ok(err)
		x.equal(len(many), 1)
		x.equal(many[0].Words["k"], "v")
		page, err := c.Find(bg, store.Query{Index: store.ByID, Limit: 1})
		x.ok(err)
		x.equal(page.Docs[0].Amount, int64(5))
		n, err := c.Count(bg, store.Query{Index: store.ByID})
		x.ok(err)
		x.equal(n, int64(2))
		var seen []string
		x.ok(c.Scan(bg, func(s sample) error { seen = append(seen, s.ID); return nil }))
		x.same(seen, []string{"a", "b"})
		x.ok(c.Delete(bg, "a", "b"))
		_, err = c.Get(bg, "a")
		x.is(err, store.ErrNotFound)
		if c.Put(bg, sample{}) == nil {
			x.Error("stored a value without an id")
		}
	}},
	{"values/what was read stays as it is", func(x *env) {
		x.insert(doc("a", "n", 1), doc("b", "n", 2))
		page, err := x.Find(bg, "things", store.Query{Index: "n"})
		x.ok(err)
		before := bytes.Clone(page.Docs[0])
		x.ok(x.Put(bg, "things", doc("a", "n", 3)))
		for range 50 {
			_, err := x.Find(bg, "things", store.Query{Index: "n"})
			x.ok(err)
		}
		if !bytes.Equal(before, page.Docs[0]) {
			x.Error("a document changed in the hands of its reader")
		}
	}},
}

var basicPromises = []promise{
	{"basic/get, put and delete", func(x *env) {
		_, err := x.Get(bg, "things", "a")
		x.is(err, store.ErrNotFound)
		x.ok(x.Put(bg, "things", doc("a", "n", 1)))
		x.ok(x.Put(bg, "things", doc("a", "n", 2), doc("b")))
		x.equal(x.get("a").Lookup("n").AsInt64(), int64(2))
		x.ok(x.Delete(bg, "things", "a", "none", "a"))
		x.has("b")
		x.ok(x.Delete(bg, "things", "a"))
	}},
	{"basic/one id twice in a put: the last stays", func(x *env) {
		x.ok(x.Put(bg, "things", doc("a", "n", 1), doc("b"), doc("a", "n", 2)))
		x.equal(x.get("a").Lookup("n").AsInt64(), int64(2))
	}},
	{"basic/nothing to do is no error", func(x *env) {
		x.ok(x.Insert(bg, "things"))
		x.ok(x.Put(bg, "things"))
		x.ok(x.Replace(bg, "things"))
		x.ok(x.Delete(bg, "things"))
		docs, err := x.GetMany(bg, "things", nil)
		x.ok(err)
		x.equal(len(docs), 0)
	}},
	{"basic/two thousand at once", func(x *env) {
		want := x.crowd("m", 2000)
		asked := append([]string{"none", want[7]}, want...)
		docs, err := x.GetMany(bg, "things", asked)
		x.ok(err)
		got := map[string]bool{}
		for _, d := range docs {
			got[id(d)] = true
		}
		x.equal(len(docs), 2000)
		x.equal(len(got), 2000)
		var next []store.Versioned
		var all []bson.Raw
		for _, k := range want {
			all = append(all, doc(k, "version", int64(0)))
			next = append(next, versioned(k, 0))
		}
		x.ok(x.Put(bg, "things", all...))
		x.ok(x.Replace(bg, "things", next...))
		n, err := x.Count(bg, "things", store.Query{Index: store.ByID})
		x.ok(err)
		x.equal(n, int64(2000))
		x.ok(x.Delete(bg, "things", asked...))
		x.has()
	}},
	{"basic/a scan goes in order of _id and stops when told", func(x *env) {
		x.insert(doc("b"), doc("a"), doc("臺"), doc("B"), doc("c"))
		x.has("B", "a", "b", "c", "臺")
		var seen []string
		err := x.Scan(bg, "things", func(d bson.Raw) error {
			seen = append(seen, id(d))
			if len(seen) == 2 {
				return errOwn
			}
			return nil
		})
		x.equal(err, errOwn)
		x.same(seen, []string{"B", "a"})
	}},
	{"basic/a scan may write what it reads", func(x *env) {
		x.crowd("m", 1300)
		n := 0
		x.ok(x.Scan(bg, "things", func(d bson.Raw) error {
			if n++; n%100 == 0 {
				return x.Put(bg, "things", with(d, "seen", true))
			}
			return nil
		}))
		x.equal(n, 1300)
	}},
	{"basic/the clock", func(x *env) {
		before := time.Now()
		now, err := x.Now(bg)
		x.ok(err)
		if d := now.Sub(before); d < -time.Second || d > 5*time.Second {
			x.Errorf("the database's clock is %v off", d)
		}
		if now.Location() != time.UTC || now.Nanosecond()%1e6 != 0 {
			x.Errorf("%v is not UTC in milliseconds", now)
		}
		ctx, cancel := context.WithCancel(bg)
		cancel()
		if _, err := x.Now(ctx); err == nil {
			x.Error("an answer under a cancelled context")
		}
	}},
}
