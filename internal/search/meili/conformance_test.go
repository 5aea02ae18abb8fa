package meili_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	client "github.com/meilisearch/meilisearch-go"

	"haggle/internal/search"
	"haggle/internal/search/meili"
	"haggle/internal/search/searchtest"
)

// server gives the real server the suite runs on.
func server(t *testing.T) (url, key string) {
	t.Helper()
	url, key = os.Getenv("HAGGLE_TEST_MEILI"), os.Getenv("HAGGLE_TEST_MEILI_KEY")
	if url == "" || key == "" {
		t.Skip("SKIPPED: no Meilisearch server. Set HAGGLE_TEST_MEILI to its URL and HAGGLE_TEST_MEILI_KEY to its key to run the whole suite.")
	}
	return url, key
}

// open gives an index of a name of its own and removes what it leaves on the server.
func open(t *testing.T) search.Index {
	t.Helper()
	url, key := server(t)
	name := "haggle_test_" + uuid.NewString()
	x := meili.New(url, key, name)
	t.Cleanup(func() {
		c := client.New(url, client.WithAPIKey(key))
		for _, suffix := range []string{"", "_next", "_notes"} {
			if _, err := c.DeleteIndex(name + suffix); err != nil {
				t.Logf("index %s%s stays on the server: %v", name, suffix, err)
			}
		}
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

func TestConformance(t *testing.T) {
	server(t)
	searchtest.Run(t, open)
}

// The floors are estimates, for no server was at hand when they were written: raise them to just below its first run.
func TestQuality(t *testing.T) {
	server(t)
	searchtest.Quality(t, open, searchtest.Floors{Ruten: 0.80, RutenEmpty: 0, Chorus: 0.60, ChorusEmpty: 3})
}

// What one index writes, another process's index of the same name finds; a rebuild by one takes the other's writes.
func TestTwoProcesses(t *testing.T) {
	url, key := server(t)
	name := "haggle_test_" + uuid.NewString()
	one, two := meili.New(url, key, name), meili.New(url, key, name)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	t.Cleanup(func() {
		c := client.New(url, client.WithAPIKey(key))
		for _, suffix := range []string{"", "_notes"} {
			if _, err := c.DeleteIndex(name + suffix); err != nil {
				t.Log(err)
			}
		}
	})
	lamp := search.Document{ID: "lamp", Version: 1, Kind: "fixed", Status: "open", Title: "lamp"}
	chair := search.Document{ID: "chair", Version: 1, Kind: "fixed", Status: "open", Title: "chair"}
	err := one.Rebuild(ctx, func(yield func(search.Document) error) error {
		if err := two.Put(ctx, lamp); err != nil {
			return err
		}
		return yield(chair)
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := two.Search(ctx, search.Query{})
	if err != nil || r.Total != 2 {
		t.Errorf("after the rebuild %d deals are found (%v), want the fed one and the one written meanwhile", r.Total, err)
	}
}
