package engine

import (
	"context"
	"time"
)

// Waited is an entry, or a closing, that a lane takes up.
type Waited struct {
	From  context.Context // of who gave it
	Since time.Time       // when it came to the lane
}

// Work is what a lane does with entries it took up.
type Work string

// The works of a lane.
const (
	Committing Work = "commit"  // it decides and commits them
	Forwarding Work = "forward" // it sends them to the process that owns the lane
)

// followed notes who gave an item and when, where somebody follows.
func (e *Engine) followed(ctx context.Context, it *item) {
	if e.cfg.Follow != nil {
		it.waited = &Waited{From: ctx, Since: time.Now()}
	}
}

// follow tells that a lane takes items up. It gives the context for what it does, and the function that ends it, which is
// nil where nobody follows.
func (e *Engine) follow(ctx context.Context, w Work, items []*item) (context.Context, func(Commit, error)) {
	if e.cfg.Follow == nil {
		return ctx, nil
	}
	all := make([]Waited, 0, len(items))
	for _, it := range items {
		if it.waited != nil {
			all = append(all, *it.waited)
		}
	}
	return e.cfg.Follow(ctx, w, all)
}
