package searchtest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"haggle/internal/search"
)

func rebuildReplaces(t *testing.T, b *bench) {
	b.put(deal(1, "old stock"))
	if err := b.index.Rebuild(b.ctx, feedOf(crowd(30)...)); err != nil {
		t.Fatal(err)
	}
	b.finds("stock")
	if n := b.search(search.Query{}).Total; n != 30 {
		t.Errorf("%d deals after the rebuild, want 30", n)
	}
	if err := b.index.Ready(b.ctx); err != nil {
		t.Errorf("after a rebuild the index is not ready: %v", err)
	}
	older := deal(1, "older")
	older.Version = 0
	b.put(older)
	b.finds("older")
	if err := b.index.Rebuild(b.ctx, feedOf()); err != nil {
		t.Fatal(err)
	}
	b.matches(search.Query{})
}

func rebuildTakesWrites(t *testing.T, b *bench) {
	b.put(deal(1, "first"), deal(2, "second"))
	changed, fresh := deal(1, "changed"), deal(3, "fresh")
	changed.Version = 2
	err := b.index.Rebuild(b.ctx, func(yield func(search.Document) error) error {
		b.finds("first", "d001") // the old index answers
		b.put(changed, fresh)
		b.finds("changed", "d001") // and takes writes
		if err := b.index.Delete(b.ctx, "d002"); err != nil {
			return err
		}
		for _, read := range []search.Document{deal(1, "first"), deal(2, "second")} { // as read before the writes
			if err := yield(read); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b.matches(search.Query{}, "d001", "d003")
	b.finds("changed", "d001")
	b.finds("first")
	back := deal(2, "second")
	b.put(back) // deleted during the rebuild, not for ever
	b.finds("second", "d002")
}

func rebuildFails(t *testing.T, b *bench) {
	b.put(deal(1, "steady"))
	broken := errors.New("the feed broke")
	err := b.index.Rebuild(b.ctx, func(yield func(search.Document) error) error {
		if err := yield(deal(2, "half")); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("a broken feed answers %v", err)
	}
	b.matches(search.Query{}, "d001")
	b.put(deal(3, "later"))
	b.matches(search.Query{}, "d001", "d003")
}

func rebuildAlone(t *testing.T, b *bench) {
	err := b.index.Rebuild(b.ctx, func(yield func(search.Document) error) error {
		if err := b.index.Rebuild(b.ctx, feedOf()); !errors.Is(err, search.ErrRebuilding) {
			t.Errorf("a second rebuild answers %v, want ErrRebuilding", err)
		}
		return yield(deal(1, "thing"))
	})
	if err != nil {
		t.Fatal(err)
	}
	b.matches(search.Query{}, "d001")
}

func check(t *testing.T, b *bench) {
	same, newer := deal(1, "same"), deal(2, "newer")
	newer.Version = 5
	b.put(same, deal(2, "stale"), deal(3, "extra"), deal(5, "extra"))
	diff, err := b.index.Check(b.ctx, feedOf(same, newer, deal(4, "missing")))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(diff.Missing, []string{"d004"}) || !slices.Equal(diff.Extra, []string{"d003", "d005"}) || !slices.Equal(diff.Stale, []string{"d002"}) {
		t.Errorf("check finds %+v", diff)
	}
	b.matches(search.Query{}, "d001", "d002", "d003", "d005") // and changes nothing
	diff, err = b.index.Check(b.ctx, feedOf(same, deal(2, "stale"), deal(3, "extra"), deal(5, "extra")))
	if err != nil || !diff.Clean() {
		t.Errorf("check of equals finds %+v, %v", diff, err)
	}
	broken := errors.New("the feed broke")
	if _, err := b.index.Check(b.ctx, func(func(search.Document) error) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("check of a broken feed answers %v", err)
	}
}

func cancelled(t *testing.T, b *bench) {
	b.put(deal(1, "thing"))
	ctx, cancel := context.WithCancel(b.ctx)
	cancel()
	if _, err := b.index.Search(ctx, search.Query{Text: "thing"}); !errors.Is(err, context.Canceled) {
		t.Errorf("search answers %v", err)
	}
	if err := b.index.Put(ctx, deal(2, "thing")); !errors.Is(err, context.Canceled) {
		t.Errorf("put answers %v", err)
	}
	if err := b.index.Rebuild(ctx, feedOf(deal(3, "thing"))); !errors.Is(err, context.Canceled) {
		t.Errorf("rebuild answers %v", err)
	}
	b.matches(search.Query{}, "d001")
}
