package bleve

import (
	"context"
	"errors"

	"haggle/internal/search"
)

// Rebuild implements search.Index.
func (x *Index) Rebuild(ctx context.Context, feed search.Feed) error {
	if !x.rebuilding.TryLock() {
		return search.ErrRebuilding
	}
	defer x.rebuilding.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(x.closing, cancel)()

	next, err := x.begin()
	if err != nil {
		return err
	}
	if err := fill(ctx, next, feed); err != nil {
		return errors.Join(err, x.abandon(next))
	}
	old, err := x.exchange(next)
	if err != nil {
		return errors.Join(err, x.abandon(next))
	}
	return old.discard()
}

// begin makes the next generation; from here on writes go to both.
func (x *Index) begin() (*generation, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.current == nil {
		return nil, search.ErrUnavailable
	}
	next, err := newGeneration(x.root, x.current.number+1, !x.temporary)
	if err != nil {
		return nil, err
	}
	next.gone = map[string]bool{}
	x.next = next
	return next, nil
}

// fill stores the feed batch by batch, so that writers wait for one batch at most.
func fill(ctx context.Context, g *generation, feed search.Feed) error {
	var batch []search.Document
	flush := func() error {
		docs, err := search.Latest(batch)
		if err != nil {
			return err
		}
		batch = batch[:0]
		return g.put(ctx, docs, true)
	}
	err := feed(func(d search.Document) error {
		if batch = append(batch, d); len(batch) < batchSize {
			return ctx.Err()
		}
		return flush()
	})
	if err != nil {
		return err
	}
	if err := flush(); err != nil {
		return err
	}
	return errors.Join(ctx.Err(), g.view(warm))
}

func (x *Index) abandon(next *generation) error {
	x.mu.Lock()
	x.next = nil
	x.mu.Unlock()
	return next.discard()
}

// exchange makes next the generation that answers. It waits for searches and writes under way: milliseconds.
func (x *Index) exchange(next *generation) (old *generation, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.catalogue.write(next.number, schema); err != nil {
		return nil, err
	}
	old = x.current
	x.current, x.next, x.built = next, nil, true
	next.mu.Lock()
	next.gone = nil
	next.mu.Unlock()
	return old, nil
}
