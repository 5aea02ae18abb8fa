package engine

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
	"haggle/internal/store/sqlite"
)

// noDeals is a store that holds nothing yet.
func noDeals(t *testing.T) store.Engine {
	t.Helper()
	st, err := sqlite.Open(t.TempDir(), store.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	if err := st.Ensure(t.Context(), Specs()); err != nil {
		t.Fatal(err)
	}
	return st
}

// TestSplitDeals takes a deal of version 1 apart: both documents together are what it was, and a second run changes nothing.
func TestSplitDeals(t *testing.T) {
	ctx, st := context.Background(), noDeals(t)
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

// TestDateStandings gives a standing of version 2 the time of its last change, and leaves a dated one as it is.
func TestDateStandings(t *testing.T) {
	ctx, st := context.Background(), noDeals(t)
	at, since := time.UnixMilli(1_700_000_000_000).UTC(), time.UnixMilli(1_600_000_000_000).UTC()
	standing := func(id string, more ...bson.E) bson.Raw {
		raw, err := bson.Marshal(append(bson.D{{Key: "_id", Value: "d1:" + id}, {Key: "deal", Value: "d1"}, {Key: "account", Value: id}, {Key: "kind", Value: "group"},
			{Key: "pseudonym", Value: "m1"}, {Key: "seq", Value: int64(4)}, {Key: "at", Value: at}, {Key: "active", Value: true}, {Key: "hold", Value: int64(5)}}, more...))
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	docs := []bson.Raw{standing("ann"), standing("ben", bson.E{Key: "since", Value: since})}
	if err := st.Insert(ctx, Standings, docs...); err != nil {
		t.Fatal(err)
	}
	if err := st.Tx(ctx, func(ctx context.Context) error { return dateStandings(ctx, st, docs) }); err != nil {
		t.Fatal(err)
	}
	want := StandingRow{Deal: "d1", Kind: "group", Pseudonym: "m1", Seq: 4, At: at, Active: true, Hold: 5}
	for id, since := range map[string]time.Time{"ann": at, "ben": since} {
		got, err := store.NewCollection[StandingRow](st, Standings).Get(ctx, "d1:"+id)
		if err != nil {
			t.Fatal(err)
		}
		want.ID, want.Account, want.Since = "d1:"+id, id, since
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}
