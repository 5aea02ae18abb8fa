package workers

import (
	"context"
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
)

// follower reads the outbox without removing anything, so that every process hears of every change. One that could not
// look for as long as rows linger has to look at everything, and goes on following meanwhile.
type follower struct {
	w       *Workers
	seen    map[string]int64 // versions of the rows of the last look
	last    time.Time        // the beginning of the last look that reached the end
	behind  sync.WaitGroup
	looking atomic.Bool // at everything
}

func newFollower(w *Workers) *follower { return &follower{w: w, last: time.Now()} }

func (f *follower) run(ctx context.Context) {
	defer f.behind.Wait()
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if err := f.look(ctx, time.Now()); err != nil && ctx.Err() == nil {
			f.w.log.Warn("following the changes of other processes", "err", err)
		}
	}
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
