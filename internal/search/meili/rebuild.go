package meili

import (
	"context"
	"errors"
	"fmt"
	"time"

	client "github.com/meilisearch/meilisearch-go"

	"haggle/internal/search"
)

// cleanup bounds the removal of a half-built index after an error.
const cleanup = 30 * time.Second

// Rebuild implements search.Index. Between processes the caller sees to it that only one rebuilds.
func (x *Index) Rebuild(ctx context.Context, feed search.Feed) error {
	if !x.rebuilding.TryLock() {
		return search.ErrRebuilding
	}
	defer x.rebuilding.Unlock()
	err := x.fillNext(ctx, feed)
	if err == nil {
		err = x.exchange(ctx)
	}
	x.mu.Lock()
	x.gone = nil
	x.mu.Unlock()
	// after a swap the next index holds what was there before; after an error, half of the feed
	removing, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanup)
	defer cancel()
	return errors.Join(err, x.drop(removing, x.next()))
}

// fillNext makes the next index, from which moment on all writers write to both, and then stores the feed.
func (x *Index) fillNext(ctx context.Context, feed search.Feed) error {
	if err := x.begin(ctx); err != nil {
		return err
	}
	var batch []search.Document
	err := feed(func(d search.Document) error {
		if batch = append(batch, d); len(batch) < batchSize {
			return ctx.Err()
		}
		err := x.feed(ctx, batch)
		batch = batch[:0]
		return err
	})
	if err != nil {
		return err
	}
	return x.feed(ctx, batch)
}

func (x *Index) begin(ctx context.Context) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.prepare(ctx); err != nil {
		return err
	}
	if err := x.drop(ctx, x.next()); err != nil { // of a rebuild that died
		return err
	}
	x.gone = map[string]bool{}
	return x.create(ctx, x.next())
}

// feed stores a batch of the feed, without what was deleted since it was read.
func (x *Index) feed(ctx context.Context, batch []search.Document) error {
	docs, err := search.Latest(batch)
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	var kept []search.Document
	for _, d := range docs {
		if !x.gone[d.ID] {
			kept = append(kept, d)
		}
	}
	return x.put(ctx, x.next(), kept)
}

// exchange lets the next index answer, then notes by which schema it was built: should the note fail, the index counts
// as unbuilt and is built once more, which does no harm.
func (x *Index) exchange(ctx context.Context) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	next, err := x.server.GetIndexWithContext(ctx, x.next())
	if err != nil {
		return refusal(ctx, err)
	}
	begun, err := x.server.SwapIndexesWithContext(ctx, []*client.SwapIndexesParams{{Indexes: []string{x.name, x.next()}}})
	err = x.await(ctx, begun, err)
	if missing(err) {
		err = x.swapped(ctx, next.CreatedAt)
	}
	if err != nil {
		return err
	}
	return x.remember(ctx)
}

// swapped waits until the index that was made at that time answers under our name. A swap belongs to no index, so its task
// cannot be seen with a key that is limited to some.
func (x *Index) swapped(ctx context.Context, made time.Time) error {
	waiting, cancel := context.WithTimeout(ctx, taskTimeout)
	defer cancel()
	for {
		now, err := x.server.GetIndexWithContext(waiting, x.name)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case waiting.Err() != nil:
			return fmt.Errorf("%w: the rebuilt index does not answer after %v", search.ErrUnavailable, taskTimeout)
		case err != nil:
			return refusal(ctx, err)
		case now.CreatedAt.Equal(made):
			return nil
		}
		time.Sleep(taskPoll)
	}
}
