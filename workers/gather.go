package workers

import (
	"context"
	"sync"
)

const (
	settlersAtOnce = 3   // gatherings that settle at one time: one commits while the others read
	gatherBound    = 128 // deals in one of them
)

// gather settles deals together that are decided at about the same time. What waits while others are settled is the next
// gathering; a lone deal never waits for company.
type gather struct {
	settle func(ctx context.Context, dealIDs []string) map[string]error

	mu      sync.Mutex
	waiting []settling
	running int
}

// settling is a deal that somebody waits for.
type settling struct {
	id   string
	done chan error // takes one
}

// put settles a deal and says how that went. Of one deal, one call at a time.
func (g *gather) put(id string) error {
	s := settling{id, make(chan error, 1)}
	g.mu.Lock()
	g.waiting = append(g.waiting, s)
	if g.running < settlersAtOnce {
		g.running++
		go g.run()
	}
	g.mu.Unlock()
	return <-s.done
}

// run settles what waits until nothing does.
func (g *gather) run() {
	for all := g.take(); len(all) > 0; all = g.take() {
		ids := make([]string, len(all))
		for i, s := range all {
			ids[i] = s.id
		}
		ctx, cancel := context.WithTimeout(context.Background(), closingBound)
		failed := g.settle(ctx, ids)
		cancel()
		for _, s := range all {
			s.done <- failed[s.id]
		}
	}
}

// take takes what waits, up to a bound; one who finds nothing ends.
func (g *gather) take() []settling {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := min(len(g.waiting), gatherBound)
	all := g.waiting[:n:n]
	if g.waiting = g.waiting[n:]; n == 0 {
		g.running--
		g.waiting = nil
	}
	return all
}
