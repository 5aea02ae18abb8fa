package bleve_test

import (
	"testing"

	"haggle/internal/search"
	"haggle/internal/search/bleve"
	"haggle/internal/search/searchtest"
)

func open(t *testing.T) search.Index {
	t.Helper()
	x, err := bleve.Open("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

func TestQuality(t *testing.T) {
	searchtest.Quality(t, open, searchtest.Floors{Ruten: 0.87, RutenEmpty: 0, Chorus: 0.735, ChorusEmpty: 1})
}
