package bleve_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"haggle/internal/money"
	"haggle/internal/search"
	"haggle/internal/search/bleve"
	"haggle/internal/search/searchtest"
)

// TestConformanceOnDisk is the suite over an index that outlives its process: there every change is written.
func TestConformanceOnDisk(t *testing.T) {
	searchtest.Run(t, func(t *testing.T) search.Index { return openIn(t, t.TempDir()) })
}

// TestMovedRowsAreThoseWritten changes documents in many small steps, so that segments are merged meanwhile, in an index whose
// rows move: after each step it finds what a plain list of the documents says, in its order.
func TestMovedRowsAreThoseWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		moving, err := bleve.Open("")
		must(t, err)
		defer func() { _ = moving.Close() }()
		truth := map[string]search.Document{}
		for range rapid.IntRange(5, 40).Draw(t, "steps") {
			var docs []search.Document
			for range rapid.IntRange(1, 6).Draw(t, "docs") {
				d := drawn(t, truth)
				docs = append(docs, d)
				if held, ok := truth[d.ID]; !ok || d.Version >= held.Version {
					truth[d.ID] = d
				}
			}
			must(t, moving.Put(ctx, docs...))
			if id := fmt.Sprintf("d%d", rapid.IntRange(0, 60).Draw(t, "gone")); rapid.IntRange(0, 9).Draw(t, "deletes") == 0 {
				must(t, moving.Delete(ctx, id))
				delete(truth, id)
			}
			if rapid.IntRange(0, 19).Draw(t, "rebuilds") == 0 {
				must(t, moving.Rebuild(ctx, feed(slices.Collect(maps.Values(truth))...)))
			}
			sameAsTruth(t, moving, truth)
		}
	})
}

// TestSearchesWhileRowsMove searches and moves at once: nobody sees a deal twice, or misses one.
func TestSearchesWhileRowsMove(t *testing.T) {
	x := open(t)
	const deals = 30
	put := func(version int64) {
		docs := make([]search.Document, deals)
		for i := range docs {
			docs[i] = listing(i, "chair")
			docs[i].Version, docs[i].Price = version, money.Amount(1+(int64(i)+version)%deals)
		}
		must(t, x.Put(ctx, docs...))
	}
	put(1)
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				r, err := x.Search(ctx, search.Query{Text: "chair", Sort: search.PriceUp, Limit: 100})
				seen := map[string]bool{}
				for _, h := range r.Hits {
					seen[h.ID] = true
				}
				if err != nil || len(seen) != deals || len(r.Hits) != deals {
					t.Errorf("%d hits, %d deals, %v", len(r.Hits), len(seen), err)
					return
				}
			}
		})
	}
	for version := range int64(100) {
		put(2 + version)
	}
	close(done)
	readers.Wait()
}

var nouns = []string{"chair", "table", "lamp"}

// drawn is a document that is new, changed in its words, changed in the rest, or old.
func drawn(t *rapid.T, truth map[string]search.Document) search.Document {
	d := listing(rapid.IntRange(0, 24).Draw(t, "id"), nouns[0])
	if held, ok := truth[d.ID]; ok {
		d = held
	}
	d.CreatedAt = time.UnixMilli(1_700_000_000_000)
	d.Version += int64(rapid.IntRange(-1, 2).Draw(t, "newer"))
	d.Price = money.Amount(rapid.IntRange(1, 9).Draw(t, "price"))
	if rapid.IntRange(0, 4).Draw(t, "other words") == 0 {
		d.Title = rapid.SampledFrom(nouns).Draw(t, "title")
	}
	return d
}

func sameAsTruth(t *rapid.T, x search.Index, truth map[string]search.Document) {
	for _, noun := range append([]string{""}, nouns...) {
		var want []string
		for _, d := range truth {
			if noun == "" || d.Title == noun {
				want = append(want, d.ID)
			}
		}
		slices.SortFunc(want, func(a, b string) int {
			return cmp.Or(cmp.Compare(truth[a].Price, truth[b].Price), cmp.Compare(a, b))
		})
		r, err := x.Search(ctx, search.Query{Text: noun, Sort: search.PriceUp, Limit: 100})
		must(t, err)
		var got []string
		for _, h := range r.Hits {
			got = append(got, h.ID)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q: %v, want %v", noun, got, want)
		}
	}
	diff, err := x.Check(ctx, feed(slices.Collect(maps.Values(truth))...))
	if must(t, err); !diff.Clean() {
		t.Fatalf("differs: %+v", diff)
	}
}
