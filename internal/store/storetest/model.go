package storetest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"pgregory.net/rapid"

	"haggle/internal/store"
	"haggle/internal/testenv"
)

var modelPromises = []promise{
	{"model/any sequence of operations does what a map does", func(x *env) {
		x.ok(flag.Set("rapid.checks", strconv.Itoa(min(testenv.Checks(25), 50))))
		x.ok(flag.Set("rapid.nofailfile", "true"))
		rapid.Check(x.T, func(r *rapid.T) {
			x.ok(x.Delete(bg, "things", x.scanned(bg, x.Engine)...))
			m := &model{Engine: x.Engine, docs: map[string]bson.Raw{}}
			r.Repeat(map[string]func(*rapid.T){
				"write": func(r *rapid.T) { m.write(r, bg, m.docs) },
				"tx":    m.tx,
				"find":  func(r *rapid.T) { m.find(r, bg, m.docs) },
				"":      func(r *rapid.T) { m.whole(r, bg, m.docs) },
			})
		})
	}},
}

// model is the engine beside a map that does the same. It knows nothing of keys: it compares the values themselves.
type model struct {
	store.Engine
	docs map[string]bson.Raw
}

var (
	drawID    = rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "a:1"})
	drawValue = rapid.SampledFrom([]any{missing, nil, int64(-1), int64(0), int32(1), int64(1) << 60, "", "a", "a\x00", "ab", false, true, bson.DateTime(-5), bson.DateTime(7)})
	drawEmail = rapid.SampledFrom([]any{missing, missing, nil, "x", "y", int64(1)})
)

// missing stands for a field that a document does not have.
var missing = &struct{}{}

func (m *model) draw(r *rapid.T, id string, version int64) bson.Raw {
	d := bson.D{{Key: "_id", Value: id}, {Key: "version", Value: version}}
	add := func(name string, v any) {
		if v != missing {
			d = append(d, bson.E{Key: name, Value: v})
		}
	}
	add("n", drawValue.Draw(r, "n"))
	add("kind", drawValue.Draw(r, "kind"))
	add("due", drawValue.Draw(r, "due"))
	add("email", drawEmail.Draw(r, "email"))
	if b := drawValue.Draw(r, "a.b"); b != missing {
		d = append(d, bson.E{Key: "a", Value: bson.D{{Key: "b", Value: b}}})
	}
	return mustMarshal(d)
}

// write does one write to both and compares what came of it. It reports whether it happened.
func (m *model) write(r *rapid.T, ctx context.Context, docs map[string]bson.Raw) bool {
	ids := rapid.SliceOfNDistinct(drawID, 1, 3, rapid.ID).Draw(r, "ids")
	var got, want error
	next := maps.Clone(docs)
	switch op := rapid.SampledFrom([]string{"insert", "put", "replace", "delete"}).Draw(r, "op"); op {
	case "delete":
		got = m.Delete(ctx, "things", ids...)
		for _, id := range ids {
			delete(next, id)
		}
	case "replace":
		got, want = m.replace(r, ctx, ids, next)
	default:
		var batch []bson.Raw
		for _, id := range ids {
			batch = append(batch, m.draw(r, id, 0))
		}
		if op == "insert" {
			got = m.Insert(ctx, "things", batch...)
		} else {
			got = m.Put(ctx, "things", batch...)
		}
		want = into(next, batch, op == "insert")
	}
	if kindOf(got) != kindOf(want) {
		r.Fatalf("the engine says %v, the model %v", got, want)
	}
	if want != nil {
		return false
	}
	clear(docs)
	maps.Copy(docs, next)
	return true
}

func (m *model) replace(r *rapid.T, ctx context.Context, ids []string, next map[string]bson.Raw) (got, want error) {
	var batch []store.Versioned
	conflict := &store.ConflictError{Coll: "things"}
	for _, id := range ids {
		stored, there := next[id]
		read, _ := store.Version(stored)
		if rapid.IntRange(0, 3).Draw(r, "stale") == 0 {
			read += 5
		}
		v := store.Versioned{ID: id, Version: read, Doc: m.draw(r, id, read+1)}
		batch = append(batch, v)
		if now, _ := store.Version(stored); !there || now != read {
			conflict.IDs = append(conflict.IDs, id)
		}
	}
	got = m.Replace(ctx, "things", batch...)
	if conflict.IDs != nil {
		var c *store.ConflictError
		if errors.As(got, &c) {
			slices.Sort(c.IDs)
			slices.Sort(conflict.IDs)
			if !slices.Equal(c.IDs, conflict.IDs) {
				r.Fatalf("conflicts of %v, want %v", c.IDs, conflict.IDs)
			}
			return got, conflict
		}
		// a unique key that is taken may be met before the stale version is
		var d *store.DuplicateError
		if errors.As(got, &d) {
			return got, got
		}
		return got, conflict
	}
	docs := make([]bson.Raw, len(batch))
	for i, v := range batch {
		docs[i] = v.Doc
	}
	return got, into(next, docs, false)
}

// into stores documents in a map one by one, as an engine would.
func into(docs map[string]bson.Raw, batch []bson.Raw, fresh bool) error {
	for _, d := range batch {
		if _, there := docs[id(d)]; there && fresh {
			return &store.DuplicateError{Coll: "things", Index: store.ByID}
		}
		docs[id(d)] = d
		e := at(d, "email")
		for k, o := range docs {
			if k != id(d) && e.Type != 0 && at(o, "email").Type != 0 && compare(e, at(o, "email")) == 0 {
				return &store.DuplicateError{Coll: "things", Index: "email"}
			}
		}
	}
	return nil
}

// kindOf makes errors comparable. Of two unique keys that are taken either may be named.
func kindOf(err error) string {
	var c *store.ConflictError
	var d *store.DuplicateError
	switch {
	case err == nil:
		return "done"
	case errors.As(err, &c):
		return "conflict"
	case errors.As(err, &d):
		return "duplicate"
	}
	return err.Error()
}

// tx does several writes in one transaction, which commits or does not.
func (m *model) tx(r *rapid.T) {
	inside := maps.Clone(m.docs)
	fail := rapid.Bool().Draw(r, "fail")
	lost := false
	err := m.Tx(bg, func(ctx context.Context) error {
		for range rapid.IntRange(1, 3).Draw(r, "writes") {
			if !m.write(r, ctx, inside) {
				lost = true
				return nil // swallowed: the transaction is lost all the same
			}
			m.find(r, ctx, inside)
			m.whole(r, ctx, inside)
		}
		if fail {
			return errOwn
		}
		return nil
	})
	switch {
	case lost && err == nil, fail && err == nil, !lost && !fail && err != nil:
		r.Fatalf("lost %v, fail %v: %v", lost, fail, err)
	case err == nil:
		m.docs = inside
	}
}

// whole compares all documents, by Scan and by GetMany.
func (m *model) whole(r *rapid.T, ctx context.Context, docs map[string]bson.Raw) {
	got := map[string]bson.Raw{}
	if err := m.Scan(ctx, "things", func(d bson.Raw) error { got[id(d)] = d; return nil }); err != nil {
		r.Fatal(err)
	}
	same := func(a, b bson.Raw) bool { return bytes.Equal(a, b) }
	if !maps.EqualFunc(got, docs, same) {
		r.Fatalf("holds %v, want %v", got, docs)
	}
	many, err := m.GetMany(ctx, "things", []string{"a", "c", "a:1", "none"})
	if err != nil {
		r.Fatal(err)
	}
	for _, d := range many {
		if !same(d, docs[id(d)]) {
			r.Fatalf("read %v, want %v", d, docs[id(d)])
		}
	}
}

// find asks one random query, from page to page, and compares with the model's answer.
func (m *model) find(r *rapid.T, ctx context.Context, docs map[string]bson.Raw) {
	x := rapid.SampledFrom(things.Indexes).Draw(r, "index")
	q := store.Query{Index: x.Name, Desc: rapid.Bool().Draw(r, "desc"), Limit: rapid.IntRange(1, 4).Draw(r, "limit")}
	ask := drawValue.Filter(func(v any) bool { return v != missing })
	for range rapid.IntRange(0, len(x.Fields)).Draw(r, "eq") {
		q.Eq = append(q.Eq, ask.Draw(r, "value"))
	}
	if len(q.Eq) < len(x.Fields) {
		q.From, q.To = drawBound(r, ask), drawBound(r, ask)
	}
	want := answerOf(x, q, docs)
	n, err := m.Count(ctx, "things", q)
	if err != nil || n != int64(len(want)) {
		r.Fatalf("counts %d, %v, want %d", n, err, len(want))
	}
	var got []string
	for {
		page, err := m.Find(ctx, "things", q)
		if err != nil {
			r.Fatal(err)
		}
		got = append(got, ids(page.Docs)...)
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	if !slices.Equal(got, want) {
		r.Fatalf("%s of %v\nfinds %v, want %v", describe(q), docs, got, want)
	}
}

func drawBound(r *rapid.T, value *rapid.Generator[any]) *store.Bound {
	if rapid.Bool().Draw(r, "open") {
		return nil
	}
	return &store.Bound{Value: value.Draw(r, "bound"), Inclusive: rapid.Bool().Draw(r, "inclusive")}
}

func describe(q store.Query) string {
	s := fmt.Sprintf("%s eq %q desc %v", q.Index, q.Eq, q.Desc)
	if q.From != nil {
		s += fmt.Sprintf(" from %q %v", q.From.Value, q.From.Inclusive)
	}
	if q.To != nil {
		s += fmt.Sprintf(" to %q %v", q.To.Value, q.To.Inclusive)
	}
	return s
}

// answerOf is the ids that a query finds, in its order.
func answerOf(x store.Index, q store.Query, docs map[string]bson.Raw) []string {
	var hits []bson.Raw
	for _, d := range docs {
		if matches(x, q, d) {
			hits = append(hits, d)
		}
	}
	slices.SortFunc(hits, func(a, b bson.Raw) int {
		for _, f := range x.Fields {
			c := compare(at(a, f.Path), at(b, f.Path))
			if f.Desc {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return strings.Compare(id(a), id(b))
	})
	if q.Desc {
		slices.Reverse(hits)
	}
	return ids(hits)
}

func matches(x store.Index, q store.Query, d bson.Raw) bool {
	if x.Sparse && at(d, x.Fields[0].Path).Type == 0 {
		return false
	}
	for i, v := range q.Eq {
		if compare(at(d, x.Fields[i].Path), value(v)) != 0 {
			return false
		}
	}
	if q.From == nil && q.To == nil {
		return true
	}
	v := at(d, x.Fields[len(q.Eq)].Path)
	return within(v, q.From, 1) && within(v, q.To, -1)
}

// within reports whether a value lies on the right side of a bound: above it (1) or below it (−1).
func within(v bson.RawValue, b *store.Bound, side int) bool {
	if b == nil {
		return true
	}
	end := value(b.Value)
	c := compare(v, end)
	return rank(v) == rank(end) && (c == side || c == 0 && b.Inclusive)
}

func value(v any) bson.RawValue {
	return bson.Raw(mustMarshal(bson.D{{Key: "v", Value: v}})).Lookup("v")
}

func at(d bson.Raw, path string) bson.RawValue { return d.Lookup(strings.Split(path, ".")...) }

// rank is the place of a value's type in the order of BSON comparison.
func rank(v bson.RawValue) int {
	switch v.Type {
	case bson.TypeInt32, bson.TypeInt64:
		return 1
	case bson.TypeString:
		return 2
	case bson.TypeBoolean:
		return 3
	case bson.TypeDateTime:
		return 4
	}
	return 0
}

// compare is BSON comparison of the values that can be indexed.
func compare(a, b bson.RawValue) int {
	if c := cmp.Compare(rank(a), rank(b)); c != 0 {
		return c
	}
	switch rank(a) {
	case 1:
		return cmp.Compare(a.AsInt64(), b.AsInt64())
	case 2:
		return strings.Compare(a.StringValue(), b.StringValue())
	case 3:
		return cmp.Compare(btoi(a.Boolean()), btoi(b.Boolean()))
	case 4:
		return cmp.Compare(a.DateTime(), b.DateTime())
	}
	return 0
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
