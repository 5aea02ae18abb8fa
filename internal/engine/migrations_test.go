package engine

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
	"haggle/internal/store/sqlite"
)

// TestSplitDeals takes a deal of version 1 apart: both documents together are what it was, and a second run changes nothing.
func TestSplitDeals(t *testing.T) {
	st, err := sqlite.Open(t.TempDir(), store.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	ctx := context.Background()
	if err := st.Ensure(ctx, Specs()); err != nil {
		t.Fatal(err)
	}
	old := bson.D{{Key: "_id", Value: "d1"}, {Key: "version", Value: int64(7)}, {Key: "kind", Value: "english"}, {Key: "title", Value: "Tea"},
		{Key: "description", Value: "Green"}, {Key: "photos", Value: bson.A{bson.D{{Key: "id", Value: "p1"}}}}, {Key: "status", Value: "open"},
		{Key: "about", Value: "aa"}, {Key: "terms", Value: bson.D{{Key: "startPrice", Value: int64(100)}}}, {Key: "state", Value: bson.D{}}}
	raw, err := bson.Marshal(old)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := st.Tx(ctx, func(ctx context.Context) error { return splitDeals(ctx, st, []bson.Raw{raw}) }); err != nil {
			t.Fatal(err)
		}
		if raw, err = st.Get(ctx, Deals, "d1"); err != nil {
			t.Fatal(err)
		}
	}
	e := New(Config{Store: st})
	defer e.Close()
	d, err := e.Deal(ctx, "d1")
	if err != nil {
		t.Fatal(err)
	}
	if d.Version != 7 || d.Kind != "english" || d.Title != "Tea" || d.Description != "Green" || len(d.Photos) != 1 || d.About != "aa" || d.Status != "open" {
		t.Errorf("the deal is %+v", d)
	}
	var got bson.D
	if err := bson.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, x := range got {
		keys = append(keys, x.Key)
	}
	if diff := cmp.Diff([]string{"_id", "version", "kind", "status", "state"}, keys); diff != "" {
		t.Error(diff)
	}
}
