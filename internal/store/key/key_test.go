package key

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"pgregory.net/rapid"

	"haggle/internal/store"
)

// ordered are values of every type that can be indexed, in ascending order.
var ordered = []any{nil, int64(math.MinInt64), int64(-256), int64(-1), int64(0), int64(1), int64(255), int64(256), int64(1<<53 + 1), int64(math.MaxInt64),
	"", "\x00", "\x00\x00", "\x00\x01", "\x00\xff", "\x01", "a", "a\x00", "a\x00a", "a\x01", "aa", "b", "\x7f", "\u0080", "臺", "\U0001F642",
	false, true, bson.DateTime(math.MinInt64), bson.DateTime(-1), bson.DateTime(0), bson.DateTime(math.MaxInt64)}

func TestBytesSortAsValues(t *testing.T) {
	for _, desc := range []bool{false, true} {
		x := store.Index{Name: "x", Fields: []store.Field{{Path: "v", Desc: desc}}}
		var keys [][]byte
		for _, v := range ordered {
			keys = append(keys, of(t, x, bson.D{{Key: "_id", Value: "id"}, {Key: "v", Value: v}}))
		}
		if desc {
			slices.Reverse(keys)
		}
		for i := range keys[1:] {
			if bytes.Compare(keys[i], keys[i+1]) >= 0 {
				t.Errorf("desc %v: key %d is not below the next", desc, i)
			}
		}
	}
}

func TestMissingIsNullUnlessSparse(t *testing.T) {
	x := store.Index{Name: "x", Fields: []store.Field{{Path: "a.v"}}}
	missing, null := bson.D{{Key: "_id", Value: "id"}}, bson.D{{Key: "_id", Value: "id"}, {Key: "a", Value: bson.D{{Key: "v", Value: nil}}}}
	if !bytes.Equal(of(t, x, missing), of(t, x, null)) {
		t.Error("missing and null differ")
	}
	x.Sparse = true
	if of(t, x, missing) != nil || of(t, x, null) == nil {
		t.Error("a sparse index is over what exists")
	}
}

func of(t *testing.T, x store.Index, d bson.D) []byte {
	t.Helper()
	raw, err := bson.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	k, err := Of(x, raw)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// compound is an index with fields of both directions.
var compound = store.Index{Name: "c", Fields: []store.Field{{Path: "a"}, {Path: "b", Desc: true}}}

func TestKeysReadBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		a, b := rapid.SampledFrom(ordered).Draw(r, "a"), rapid.SampledFrom(ordered).Draw(r, "b")
		id := rapid.String().Draw(r, "id")
		k := of(t, compound, bson.D{{Key: "_id", Value: id}, {Key: "a", Value: a}, {Key: "b", Value: b}})
		values, rest := readFields(compound, k)
		if len(rest) != 0 || !slices.Equal(values, []any{a, b, id}) {
			r.Fatalf("%v, rest %x, want %v", values, rest, []any{a, b, id})
		}
		if got, err := readCursor(compound, Cursor(compound, k)); err != nil || !bytes.Equal(got, k) {
			r.Fatalf("cursor: %x, %v", got, err)
		}
	})
}

func FuzzCursor(f *testing.F) {
	f.Add("YwA")
	f.Add(Cursor(compound, []byte{tagNull, 0xFF ^ tagNull, tagString, 0, 0}))
	f.Fuzz(func(t *testing.T, cursor string) {
		s, err := Plan(compound, store.Query{Index: "c", Eq: []any{"k"}, After: cursor})
		if err != nil {
			if !errors.Is(err, store.ErrCursor) {
				t.Fatal(err)
			}
			return
		}
		whole, _ := Whole(compound, store.Query{Index: "c", Eq: []any{"k"}})
		if bytes.Compare(s.Lo, whole.Lo) < 0 || !bytes.Equal(s.Hi, whole.Hi) {
			t.Fatalf("a cursor leads out of its query: %x", s)
		}
		Bounds(compound, s)
	})
}

func TestBoundsForMongoDB(t *testing.T) {
	unique := store.Index{Name: "u", Fields: []store.Field{{Path: "a"}}, Unique: true}
	for _, c := range []struct {
		x    store.Index
		q    store.Query
		want string // "none", or min .. max
	}{
		{compound, store.Query{}, "a min, b max, _id min .. a max, b min, _id max"},
		{compound, store.Query{Eq: []any{"k"}}, "a k, b max, _id min .. a k, b min, _id max"},
		{compound, store.Query{Eq: []any{nil}}, "a <nil>, b max, _id min .. a <nil>, b min, _id max"},
		{compound, store.Query{From: store.AtLeast(3)}, "a 3, b max, _id min .. a , b max, _id min"},
		{compound, store.Query{To: store.Below(3)}, "a NaN, b max, _id min .. a 3, b max, _id min"},
		{compound, store.Query{From: store.Above("k")}, "a k, b min, _id max .. a false, b max, _id min"},
		{compound, store.Query{Eq: []any{"k"}, From: store.AtLeast(3)}, "a k, b , _id max .. a k, b 3, _id max"},
		{compound, store.Query{Eq: []any{"k"}, From: store.Above(3)}, "a k, b , _id max .. a k, b 3, _id min"},
		{compound, store.Query{Eq: []any{"k"}, To: store.AtMost(3)}, "a k, b 3, _id min .. a k, b NaN, _id max"},
		{compound, store.Query{Eq: []any{"k"}, To: store.Below(3)}, "a k, b 3, _id max .. a k, b NaN, _id max"},
		{compound, store.Query{To: store.Below(false)}, "none"},
		{compound, store.Query{From: store.AtLeast(1), To: store.AtMost("a")}, "none"},
		{unique, store.Query{}, "a min .. a max"},
		{unique, store.Query{Eq: []any{7}}, "a 7 .. a 8"},
		{unique, store.Query{Eq: []any{"k"}}, "a k .. a k·"},
		{unique, store.Query{Eq: []any{false}}, "a false .. a true"},
		{unique, store.Query{To: store.AtMost(int64(math.MaxInt64))}, "a NaN .. a "},
		{unique, store.Query{From: store.Above(int64(math.MaxInt64))}, "none"},
	} {
		s, err := Whole(c.x, c.q)
		if err != nil {
			t.Fatal(err)
		}
		got := "none"
		if min, max, ok := Bounds(c.x, s); ok {
			got = show(min) + " .. " + show(max)
		}
		if got != c.want {
			t.Errorf("%s %+v: %s, want %s", c.x.Name, c.q, got, c.want)
		}
	}
}

func show(d bson.D) string {
	var parts []string
	for _, e := range d {
		v := strings.ReplaceAll(fmt.Sprint(e.Value), "\x00", "·")
		switch e.Value.(type) {
		case bson.MinKey:
			v = "min"
		case bson.MaxKey:
			v = "max"
		}
		parts = append(parts, e.Key+" "+v)
	}
	return strings.Join(parts, ", ")
}
