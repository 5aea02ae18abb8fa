package bleve

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"haggle/internal/money"
	"haggle/internal/search"
)

func TestRowSurvives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := search.Document{
			ID: rapid.String().Draw(t, "id"), Title: rapid.String().Draw(t, "title"), Kind: rapid.String().Draw(t, "kind"),
			Version: rapid.Int64().Draw(t, "version"), Price: money.Amount(rapid.Int64().Draw(t, "price")),
			Popularity: rapid.Int64().Draw(t, "popularity"), CreatedAt: time.UnixMilli(rapid.Int64Range(-1e15, 1e15).Draw(t, "created")),
			CategoryPath: []string{"a", "b"}, Category: "c",
		}
		raw := storedOf(d).encode()
		s, err := decodeRow(raw)
		if err != nil {
			t.Fatal(err)
		}
		want := stored{id: d.ID, title: d.Title,
			numbers: [5]int64{d.Version, int64(d.Price), d.CreatedAt.UnixMilli(), never, d.Popularity},
			strings: [5]string{d.Kind, "", "", "", "a\x1fb\x1fc"}}
		if s != want {
			t.Fatalf("got %+v, want %+v", s, want)
		}
		cut := rapid.IntRange(0, len(raw)-1).Draw(t, "cut")
		if _, err := decodeRow(raw[:cut]); err == nil {
			t.Fatalf("%d of %d bytes decode", cut, len(raw))
		}
	})
}

// best gives the same as sorting everything.
func TestBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := best{limit: rapid.IntRange(1, 5).Draw(t, "limit")}
		var all []place
		for i := range rapid.IntRange(0, 30).Draw(t, "n") {
			p := place{key: int64(rapid.IntRange(0, 3).Draw(t, "key")), created: int64(rapid.IntRange(0, 3).Draw(t, "created")), id: string(rune('a' + i))}
			b.offer(p)
			all = append(all, p)
		}
		got := b.sorted()
		if len(got) != min(b.limit, len(all)) {
			t.Fatalf("kept %d of %d", len(got), len(all))
		}
		for i, p := range got {
			better := 0
			for _, other := range all {
				if other.before(p) {
					better++
				}
			}
			if better != i {
				t.Fatalf("place %d has %d before it", i, better)
			}
		}
	})
}
