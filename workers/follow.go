package workers

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"haggle/internal/engine"
)

const (
	followEvery = time.Second
	// Lingering is how long rows must linger so that a follower that looks every second sees each of them.
	Lingering = 6 * time.Second
	copyGap   = 5 * time.Second // between two copies of one deal: a bid moves a price in a list, and each process pays for it
)

// follower reads the outbox without removing anything, so that every process hears of every change. One that could not
// look for as long as rows linger has to look at everything, and goes on following meanwhile.
type follower struct {
	w       *Workers
	seen    map[string]int64 // versions of the rows of the last look
	last    time.Time        // the beginning of the last look that reached the end
	behind  sync.WaitGroup
	looking atomic.Bool // at everything

	copied map[string]time.Time // deals, by when they were copied within copyGap
	waits  map[string]struct{}  // deals that changed since
	aside  aside                // while many deals end they wait, too
}

func newFollower(w *Workers) *follower {
	return &follower{w: w, last: time.Now(), aside: aside{closer: w.closer}, copied: map[string]time.Time{}, waits: map[string]struct{}{}}
}

func (f *follower) run(ctx context.Context) {
	defer f.behind.Wait()
	for gap := followEvery; sleep(ctx, gap) == nil; {
		began := time.Now()
		if err := f.look(ctx, began); err != nil && ctx.Err() == nil {
			f.w.log.Warn("following the changes of other processes", "err", err)
		}
		gap = followGap(time.Since(began))
	}
}

// followGap is how long a follower rests after a look: where there is much to read it looks less often, though often enough
// not to miss a row.
func followGap(took time.Duration) time.Duration {
	return min(max(followEvery-took, 4*took), max(0, Lingering/2-followEvery/2-took))
}

// look passes on every deal whose row was not there before, or tells of a later change.
func (f *follower) look(ctx context.Context, now time.Time) error {
	if now.Sub(f.last) > Lingering/2 {
		f.catchUp(ctx)
	}
	seen, deals, err := f.read(ctx)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(deals, jobSize) {
		if err := f.w.cfg.Follow(ctx, part); err != nil {
			return err
		}
	}
	f.seen, f.last = seen, now
	return f.copyDue(ctx, now, deals)
}

// copyDue copies deals that changed: at once those that were left alone for a while, others as soon as they were.
func (f *follower) copyDue(ctx context.Context, now time.Time, changed []string) error {
	if f.w.cfg.Copy == nil {
		return nil
	}
	for _, id := range changed {
		f.waits[id] = struct{}{}
	}
	maps.DeleteFunc(f.copied, func(_ string, at time.Time) bool { return now.Sub(at) >= copyGap })
	if f.aside.stands(now) {
		return nil
	}
	var due []string
	for id := range f.waits {
		if _, lately := f.copied[id]; !lately {
			due = append(due, id)
		}
	}
	for part := range slices.Chunk(due, jobSize) {
		if err := f.w.cfg.Copy(ctx, part); err != nil {
			return err
		}
		for _, id := range part {
			delete(f.waits, id)
			f.copied[id] = now
		}
	}
	return nil
}

// catchUp looks at everything in the background, once at a time.
func (f *follower) catchUp(ctx context.Context) {
	if f.w.cfg.Behind == nil || !f.looking.CompareAndSwap(false, true) {
		return
	}
	f.behind.Go(func() {
		defer f.looking.Store(false)
		if err := f.w.cfg.Behind(ctx); err != nil && ctx.Err() == nil {
			f.w.log.Warn("catching up with the changes of other processes", "err", err)
		}
	})
}

func (f *follower) read(ctx context.Context) (seen map[string]int64, deals []string, err error) {
	seen = map[string]int64{}
	for after := ""; ; {
		page, err := f.w.eng.OutboxPage(ctx, relayPage, after)
		if err != nil {
			return nil, nil, err
		}
		var fresh []engine.OutboxRow
		for _, row := range page.Docs {
			if row.Topic != engine.TopicDeal {
				continue
			}
			seen[row.ID] = row.Version
			if before, known := f.seen[row.ID]; !known || row.Version > before {
				fresh = append(fresh, row)
			}
		}
		for _, c := range coalesce(fresh) {
			deals = append(deals, c.Subject)
		}
		if after = page.Next; after == "" {
			return seen, deals, nil
		}
	}
}
