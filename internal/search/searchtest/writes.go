package searchtest

import (
	"strings"
	"testing"

	"haggle/internal/fault"
	"haggle/internal/search"
)

func putReplaceDelete(t *testing.T, b *bench) {
	b.put(deal(1, "walnut table"), deal(2, "oak shelf"))
	b.finds("walnut", "d001")

	changed := deal(1, "cherry table")
	changed.Version = 2
	b.put(changed)
	b.finds("walnut")
	b.finds("cherry", "d001")

	if n, err := b.index.Count(b.ctx); n != 2 || err != nil {
		t.Errorf("count is %d, %v; want 2", n, err)
	}
	for range 2 { // the second time it is unknown
		if err := b.index.Delete(b.ctx, "d001", "never-was"); err != nil {
			t.Fatal(err)
		}
	}
	b.finds("cherry")
	b.matches(search.Query{}, "d002")
	b.put()
	if err := b.index.Delete(b.ctx); err != nil {
		t.Fatal(err)
	}
}

func versions(_ *testing.T, b *bench) {
	newer, older, same := deal(1, "newer"), deal(1, "older"), deal(1, "again")
	newer.Version, older.Version, same.Version = 7, 6, 7
	b.put(newer)
	b.put(older)
	b.finds("older")
	b.finds("newer", "d001")
	b.put(same)
	b.finds("newer")
	b.finds("again", "d001")
}

func twiceInABatch(_ *testing.T, b *bench) {
	first, second, third := deal(1, "apple"), deal(1, "banana"), deal(1, "cranberry")
	first.Version, second.Version, third.Version = 2, 3, 1
	b.put(first, second, third)
	b.matches(search.Query{}, "d001")
	b.finds("banana", "d001")
	b.finds("cranberry")
}

func awkwardText(_ *testing.T, b *bench) {
	long := deal(2, "verbose")
	long.Description = strings.Repeat("lorem ipsum ", 8000) + "finale"
	b.put(deal(1, `quote " back \ slash 🚲 شراء `+"\x00 nul"), long, deal(3, ""))
	b.finds("slash", "d001")
	b.finds("شراء", "d001")
	b.finds("verbose", "d002")
	b.matches(search.Query{}, "d001", "d002", "d003")
}

func badIDs(t *testing.T, b *bench) {
	for _, id := range []string{"", "a b", "ä", `x" OR y`, strings.Repeat("x", 65)} {
		d := deal(1, "thing")
		d.ID = id
		if err := b.index.Put(b.ctx, deal(2, "good"), d); !fault.Is(err, fault.CodeInvalid) {
			t.Errorf("put of id %q: %v, want an invalid refusal", id, err)
		}
	}
	b.matches(search.Query{})
}
