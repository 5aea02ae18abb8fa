package bleve_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"haggle/internal/search"
	"haggle/internal/search/bleve"
)

var ctx = context.Background()

func listing(n int, title string) search.Document {
	return search.Document{ID: fmt.Sprintf("d%d", n), Version: 3, Kind: "fixed", Status: "open", Title: title}
}

func feed(docs ...search.Document) search.Feed {
	return func(yield func(search.Document) error) error {
		for _, d := range docs {
			if err := yield(d); err != nil {
				return err
			}
		}
		return nil
	}
}

func must(t rapid.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func openIn(t *testing.T, folder string) *bleve.Index {
	t.Helper()
	x, err := bleve.Open(folder)
	must(t, err)
	t.Cleanup(func() { _ = x.Close() }) // closed by most tests themselves
	return x
}

func found(t *testing.T, x search.Index, text string) int64 {
	t.Helper()
	r, err := x.Search(ctx, search.Query{Text: text})
	must(t, err)
	return r.Total
}

func TestReopen(t *testing.T) {
	folder := t.TempDir()
	x := openIn(t, folder)
	if err := x.Ready(ctx); !errors.Is(err, search.ErrUnbuilt) {
		t.Errorf("a new index: Ready is %v, want ErrUnbuilt", err)
	}
	must(t, x.Rebuild(ctx, feed(listing(1, "chair"), listing(2, "table"))))
	must(t, x.Put(ctx, listing(3, "lamp")))
	must(t, x.Delete(ctx, "d1"))
	must(t, x.Close())

	x = openIn(t, folder)
	must(t, x.Ready(ctx))
	for text, want := range map[string]int64{"chair": 0, "table": 1, "lamp": 1, "": 2} {
		if n := found(t, x, text); n != want {
			t.Errorf("after reopening %q finds %d, want %d", text, n, want)
		}
	}
	older := listing(3, "older lamp")
	older.Version = 2
	must(t, x.Put(ctx, older))
	if found(t, x, "older") > 0 {
		t.Error("after reopening an older version replaced a newer one")
	}
}

func TestOneProcessOnly(t *testing.T) {
	folder := t.TempDir()
	openIn(t, folder)
	if _, err := bleve.Open(folder); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a second opening answers %v, want that the folder is in use", err)
	}
}

func TestDamage(t *testing.T) {
	for name, harm := range map[string]func(path string) error{
		"root.bolt":       os.Remove,
		"index_meta.json": func(p string) error { return os.WriteFile(p, []byte("{"), 0o600) },
		"*.zap":           func(p string) error { return os.Truncate(p, 10) },
		"catalogue.db":    func(p string) error { return os.WriteFile(p, []byte("garbage"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			x := openIn(t, folder)
			must(t, x.Rebuild(ctx, feed(listing(1, "chair"))))
			must(t, x.Close())
			harmAll(t, folder, name, harm)

			x = openIn(t, folder)
			if err := x.Ready(ctx); !errors.Is(err, search.ErrUnbuilt) {
				t.Fatalf("Ready is %v, want ErrUnbuilt", err)
			}
			must(t, x.Rebuild(ctx, feed(listing(1, "chair"))))
			must(t, x.Ready(ctx))
			if found(t, x, "chair") != 1 {
				t.Error("the rebuilt index does not find the chair")
			}
		})
	}
}

func harmAll(t *testing.T, folder, name string, harm func(string) error) {
	t.Helper()
	hits := 0
	must(t, filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
		if ok, _ := filepath.Match(name, filepath.Base(path)); !ok || err != nil {
			return err
		}
		hits++
		return harm(path)
	}))
	if hits == 0 {
		t.Fatalf("no %s to harm", name)
	}
}

func TestRebuildLeavesOneGeneration(t *testing.T) {
	folder := t.TempDir()
	x := openIn(t, folder)
	for range 3 {
		must(t, x.Rebuild(ctx, feed(listing(1, "chair"))))
	}
	_ = x.Rebuild(ctx, func(func(search.Document) error) error { return errors.New("broken") })
	left, err := filepath.Glob(filepath.Join(folder, "generation-*"))
	must(t, err)
	if len(left) != 1 {
		t.Errorf("generations left: %v, want one", left)
	}
}

func TestTemporaryIndexLeavesNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	x := openIn(t, "")
	must(t, x.Put(ctx, listing(1, "chair")))
	must(t, x.Close())
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	must(t, err)
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestClosed(t *testing.T) {
	x := openIn(t, t.TempDir())
	must(t, x.Close())
	must(t, x.Close())
	_, searched := x.Search(ctx, search.Query{})
	_, counted := x.Count(ctx)
	for name, err := range map[string]error{
		"Search": searched, "Count": counted, "Put": x.Put(ctx, listing(1, "x")), "Delete": x.Delete(ctx, "d1"),
		"Ready": x.Ready(ctx), "Rebuild": x.Rebuild(ctx, feed()),
	} {
		if err == nil {
			t.Errorf("%s after Close answers nil", name)
		}
	}
}

func TestCloseStopsARebuild(t *testing.T) {
	x := openIn(t, t.TempDir())
	started, done := make(chan struct{}), make(chan error)
	go func() {
		done <- x.Rebuild(ctx, func(yield func(search.Document) error) error {
			close(started)
			for i := 0; ; i++ {
				if err := yield(listing(i, "chair")); err != nil {
					return err
				}
			}
		})
	}()
	<-started
	must(t, x.Close())
	if err := <-done; err == nil {
		t.Error("a rebuild went through on a closed index")
	}
}

// Searches and writes go on while generations change: no search fails, and the one deal that is always there is
// always found, once.
func TestSearchesDuringRebuilds(t *testing.T) {
	x := openIn(t, t.TempDir())
	stock := make([]search.Document, 300)
	for i := range stock {
		stock[i] = listing(i, "wooden chair")
	}
	must(t, x.Put(ctx, stock...))
	var stop atomic.Bool
	var all sync.WaitGroup
	var searches atomic.Int64
	for range 3 {
		all.Go(func() {
			for !stop.Load() {
				r, err := x.Search(ctx, search.Query{Text: "wooden", Owner: ""})
				searches.Add(1)
				if err != nil || r.Total < 300 || r.Total > 301 {
					t.Errorf("during a rebuild: total %d, %v", r.Total, err)
					return
				}
			}
		})
	}
	all.Go(func() {
		for n := int64(4); !stop.Load(); n++ {
			extra := listing(999, "wooden guest")
			extra.Version = n
			if err := x.Put(ctx, extra); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for range 4 {
		must(t, x.Rebuild(ctx, feed(stock...)))
	}
	stop.Store(true)
	all.Wait()
	if n, err := x.Count(ctx); n != 301 || err != nil || searches.Load() == 0 {
		t.Errorf("%d deals after %d searches, %v; want 301", n, searches.Load(), err)
	}
}

func TestMisspellingsHaveBounds(t *testing.T) {
	x := openIn(t, "")
	must(t, x.Put(ctx, listing(1, "iPhone 15 lamp"), listing(2, "GeForce RTX4070"), listing(3, "Bluetooth headphones")))
	for text, want := range map[string]int64{
		"lomp":       0, // four letters forgive nothing
		"iphnoe":     1, // a swap is one slip
		"rtx4080":    0, // a model is no slip of another
		"haedphonse": 1, // nine letters forgive two
		"phones":     0, // slips are no endings
	} {
		if n := found(t, x, text); n != want {
			t.Errorf("%q finds %d, want %d", text, n, want)
		}
	}
}

func TestModelsAreFoundHoweverWritten(t *testing.T) {
	x := openIn(t, "")
	must(t, x.Put(ctx, listing(1, "Sony WH-1000XM4"), listing(2, "GeForce RTX 4070"), listing(3, "Wireless headphones"), listing(4, "Power bank 20000mAh")))
	for text, want := range map[string]string{"wh1000xm4": "d1", "rtx4070": "d2", "head phones": "d3", "20000": "d4", "wh-1000 xm4": "d1"} {
		r, err := x.Search(ctx, search.Query{Text: text})
		must(t, err)
		if len(r.Hits) == 0 || r.Hits[0].ID != want {
			t.Errorf("%q finds %v, want %s first", text, r.Hits, want)
		}
	}
}

func TestRelaxing(t *testing.T) {
	x := openIn(t, "")
	full, most, some := listing(1, "red wooden chair antique"), listing(2, "red wooden chair"), listing(3, "red lamp")
	for i, d := range []*search.Document{&full, &most, &some} {
		d.Price = 100 * 3 >> i
	}
	must(t, x.Put(ctx, some, most, full))
	r, err := x.Search(ctx, search.Query{Text: "red wooden antique chair"})
	must(t, err)
	if len(r.Hits) != 2 || r.Hits[0].ID != "d1" || r.Hits[1].ID != "d2" {
		t.Errorf("relevance finds %v, want the full match d1, then d2", r.Hits)
	}
	if r.Loose {
		t.Error("what has all the words is said to have some")
	}
	r, err = x.Search(ctx, search.Query{Text: "red wooden antique chair", Sort: search.PriceUp})
	must(t, err)
	if len(r.Hits) != 1 || r.Hits[0].ID != "d1" {
		t.Errorf("an order by price finds %v, want full matches only", r.Hits)
	}
	r, err = x.Search(ctx, search.Query{Text: "lamp zebra quartz xylophone"})
	must(t, err)
	if r.Total != 1 || !r.Loose {
		t.Errorf("a text of which one word is known finds %d (loose: %v), want that word's deal, loosely", r.Total, r.Loose)
	}
}

func TestCategoryNameLeads(t *testing.T) {
	x := openIn(t, "")
	bag, camera := listing(1, "Nice camera camera"), listing(2, "Alpha 7, camera, with box and two lenses")
	bag.CategoryNames, camera.CategoryNames = []string{"Camera bags", "相機包"}, []string{"Cameras", "相機"}
	must(t, x.Put(ctx, bag, camera))
	for _, text := range []string{"camera", "cameras", "相机"} {
		r, err := x.Search(ctx, search.Query{Text: text})
		must(t, err)
		if len(r.Hits) == 0 || r.Hits[0].ID != "d2" {
			t.Errorf("%q: %v, want the deal of that category first", text, r.Hits)
		}
	}
}

func TestPopularityDecidesAmongEquals(t *testing.T) {
	x := openIn(t, "")
	cold, hot := listing(1, "wooden chair"), listing(2, "wooden chair")
	hot.Popularity = 40
	must(t, x.Put(ctx, hot, cold))
	r, err := x.Search(ctx, search.Query{Text: "chair"})
	must(t, err)
	if r.Hits[0].ID != "d2" {
		t.Errorf("%v, want the popular one first", r.Hits)
	}
}
