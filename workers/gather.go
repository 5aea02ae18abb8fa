package workers

import (
	"context"
	"sync"
)

// gather does something with deals together that want it at about the same time. What waits while others have their turn is
// the next gathering; a lone deal never waits for company.
type gather[T any] struct {
	do     func(ctx context.Context, dealIDs []string) map[string]T
	atOnce int // gatherings under way: one commits while the others read
	bound  int // deals in one of them

	mu      sync.Mutex
	waiting []waiting[T]
	running int
}

// waiting is a deal that somebody waits for.
type waiting[T any] struct {
	id   string
	done chan T // takes one
}

// put has it done with a deal and says how that went: the zero value where nothing was said. Of one deal, one call at a time.
func (g *gather[T]) put(id string) T {
	s := waiting[T]{id, make(chan T, 1)}
	g.mu.Lock()
	g.waiting = append(g.waiting, s)
	if g.running < g.atOnce {
		g.running++
		go g.run()
	}
	g.mu.Unlock()
	return <-s.done
}

// run has its turns until nothing waits.
func (g *gather[T]) run() {
	for all := g.take(); len(all) > 0; all = g.take() {
		ids := make([]string, len(all))
		for i, s := range all {
			ids[i] = s.id
		}
		ctx, cancel := context.WithTimeout(context.Background(), closingBound)
		went := g.do(ctx, ids)
		cancel()
		for _, s := range all {
			s.done <- went[s.id]
		}
	}
}

// take takes what waits, up to a bound; one who finds nothing ends.
func (g *gather[T]) take() []waiting[T] {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := min(len(g.waiting), g.bound)
	all := g.waiting[:n:n]
	if g.waiting = g.waiting[n:]; n == 0 {
		g.running--
		g.waiting = nil
	}
	return all
}
