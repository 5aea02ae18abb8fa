package market_test

import (
	"context"
	"slices"
	"testing"

	"haggle/internal/market"
	"haggle/internal/search"
	"haggle/internal/search/bleve"
)

// written is a search copy that notes what is written to it.
type written struct {
	search.Index
	put      []string
	rebuilds int
}

func (w *written) Put(ctx context.Context, docs ...search.Document) error {
	for _, d := range docs {
		w.put = append(w.put, d.ID)
	}
	return w.Index.Put(ctx, docs...)
}

func (w *written) Rebuild(ctx context.Context, feed search.Feed) error {
	w.rebuilds++
	return w.Index.Rebuild(ctx, feed)
}

// TestASearchCopyCatchesUp: what was missed is put, what is gone is deleted, and the rest is left as it is; only a copy that
// is not whole is filled anew.
func TestASearchCopyCatchesUp(t *testing.T) {
	index, err := bleve.Open("")
	must(t, err)
	t.Cleanup(func() { _ = index.Close() })
	copied := &written{Index: index}
	d := newDoor(t, func(c *market.Config) { c.Search = copied })
	seller, ann := d.member("seller"), d.member("ann")
	same := d.auction(seller, 48)
	must(t, d.CatchUpIndex(t.Context()))
	if copied.rebuilds != 1 {
		t.Errorf("a new copy was filled %d times", copied.rebuilds)
	}

	changed, missed := d.auction(seller, 48), d.auction(seller, 48)
	must(t, d.IndexDeals(t.Context(), changed))
	d.bid(ann, changed, 20_000)
	must(t, index.Put(t.Context(), search.Document{ID: "gone", Version: 1, Kind: "english", Status: "open", Title: "Gone"}))
	copied.put = nil
	must(t, d.CatchUpIndex(t.Context()))
	slices.Sort(copied.put)
	if want := slices.Sorted(slices.Values([]string{changed, missed})); !slices.Equal(copied.put, want) || copied.rebuilds != 1 {
		t.Errorf("put %v, want %v and not %s; filled %d times", copied.put, want, same, copied.rebuilds)
	}
	diff, err := d.CheckIndex(t.Context())
	if must(t, err); !diff.Clean() {
		t.Errorf("after catching up: %+v", diff)
	}

	copied.put = nil
	must(t, d.CatchUpIndex(t.Context()))
	if len(copied.put) != 0 {
		t.Errorf("nothing was missed, and %v was put", copied.put)
	}
}
