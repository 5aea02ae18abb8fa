package market

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"haggle/internal/engine"
	"haggle/internal/money"
	"haggle/internal/search"
)

// shop is a shelf over a store of the test's own, with a clock that stands still.
type shop struct {
	t testing.TB
	*shelf
	rows  map[string]engine.Deal
	asked [][]string
	now   time.Time
	mid   func() // runs while the store is read
}

func newShop(t testing.TB) *shop {
	s := &shop{t: t, rows: map[string]engine.Deal{}, now: time.Unix(1_800_000_000, 0)}
	s.shelf = newShelf(func(_ context.Context, ids []string) ([]engine.Deal, error) {
		s.asked = append(s.asked, ids)
		var out []engine.Deal
		for _, id := range ids {
			if d, ok := s.rows[id]; ok {
				out = append(out, d)
			}
		}
		if s.mid != nil {
			s.mid()
		}
		return out, nil
	})
	s.clock = func() time.Time { return s.now }
	return s
}

// write makes a version of a deal, as any process would.
func (s *shop) write(id string, version int64) engine.Deal {
	d := engine.Deal{ID: id, Version: version, Seq: version}
	s.rows[id] = d
	return d
}

// shows checks what a list shows, and how often the store was asked for it.
func (s *shop) shows(what string, reads int, want ...int64) {
	s.t.Helper()
	s.asked = nil
	deals, _, err := s.deals(context.Background(), []string{"a", "b"})
	if err != nil {
		s.t.Fatal(err)
	}
	var got []int64
	for _, d := range deals {
		got = append(got, d.Version)
	}
	if !slices.Equal(got, want) || len(s.asked) != reads {
		s.t.Errorf("%s: versions %v after asking the store %v; want %v and %d questions", what, got, s.asked, want, reads)
	}
}

func TestTheShelfIsNeverOlderThanTwoSeconds(t *testing.T) {
	s := newShop(t)
	s.write("a", 1)
	s.write("b", 1)
	s.shows("at first", 1, 1, 1)
	s.write("a", 2)
	s.shows("at once", 0, 1, 1)
	s.now = s.now.Add(shelfDue - time.Millisecond)
	s.shows("not due", 0, 1, 1)
	s.now = s.now.Add(time.Millisecond)
	s.shows("due", 1, 2, 1)
	s.write("b", 2)
	s.now = s.now.Add(shelfStale - time.Millisecond)
	s.busy.Store(true)
	s.shows("due, and somebody is at it", 0, 2, 1)
	s.now = s.now.Add(time.Millisecond)
	s.shows("too old, whoever is at it", 1, 2, 2)
}

func TestTheShelfShowsWhatItsMakerWasTold(t *testing.T) {
	s := newShop(t)
	s.write("a", 1)
	s.write("b", 1)
	s.shows("at first", 1, 1, 1)
	before := s.generation.Load()
	late := s.write("a", 2)
	s.expect("a", 2)
	if s.generation.Load() == before {
		t.Error("who drew up a list before is not told")
	}
	s.shows("before the hook", 1, 2, 1)
	s.changed(late)
	s.shows("after the hook", 0, 2, 1)
	s.changed(s.write("b", 5))
	s.expect("b", 5)
	s.shows("the hook came first", 0, 2, 5)
}

func TestTheShelfNeverGoesBack(t *testing.T) {
	s := newShop(t)
	old := s.write("a", 1)
	s.write("b", 1)
	s.mid = func() { s.changed(engine.Deal{ID: "a", Version: 3, Seq: 3}); s.mid = nil }
	s.changed(s.write("a", 2)) // not on the shelf: not taken
	s.shows("at first", 1, 2, 1)
	s.now = s.now.Add(shelfStale)
	s.mid = func() { s.changed(engine.Deal{ID: "a", Version: 4, Seq: 4}) }
	s.rows["a"] = old
	s.shows("read late", 1, 4, 1)
	s.mid = nil
	s.changed(old)
	s.shows("told late", 0, 4, 1)
}

func TestTheShelfLeavesOutWhatIsGone(t *testing.T) {
	s := newShop(t)
	s.write("b", 1)
	s.shows("one is not there", 1, 1)
}

func TestTheShelfIsBounded(t *testing.T) {
	s := newShop(t)
	for i := range 3000 {
		id := fmt.Sprint(i)
		d := s.write(id, 1)
		d.Description = string(make([]byte, 20_000))
		s.rows[id] = d
		if _, _, err := s.deals(context.Background(), []string{id}); err != nil {
			t.Fatal(err)
		}
	}
	if weight, n := s.kept.Weight(); weight > shelfBound || n == 3000 || n < 100 {
		t.Errorf("%d deals weigh %d", n, weight)
	}
}

// counting is an index that counts how often it is asked.
type counting struct {
	search.Index
	asked int
	hits  []search.Hit
}

func (c *counting) Search(context.Context, search.Query) (search.Result, error) {
	c.asked++
	return search.Result{Hits: c.hits, Total: int64(c.asked)}, nil
}

func TestAnAnswerIsRememberedForASecond(t *testing.T) {
	index, now := &counting{hits: []search.Hit{{ID: "a"}}}, time.Unix(1_800_000_000, 0)
	f := newFinder(index)
	f.clock = func() time.Time { return now }
	ask := func(what string, in SearchInput, asked int) {
		t.Helper()
		got, err := f.find(t.Context(), in)
		if err != nil || len(got.ids) != 1 || index.asked != asked {
			t.Errorf("%s: %+v, %v; asked %d times, want %d", what, got, err, index.asked, asked)
		}
	}
	ask("first", SearchInput{}, 1)
	ask("again", SearchInput{}, 1)
	ask("something else", SearchInput{Text: "a"}, 2)
	least := money.Amount(0)
	ask("a bound of nothing is a bound", SearchInput{PriceMin: &least}, 3)
	now = now.Add(foundFor - time.Millisecond)
	ask("within the second", SearchInput{}, 3)
	now = now.Add(time.Millisecond)
	ask("after it", SearchInput{}, 4)
	f.changed()
	ask("after a change of the index", SearchInput{}, 5)
}
