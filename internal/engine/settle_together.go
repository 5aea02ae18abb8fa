package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"haggle/internal/deal"
)

// planners read what plans are made of side by side: most of the time they wait for the store.
const planners = 8

// SettleAll is Settle for several deals: many small ones share a commit. A deal at which a commit fails is taken out and
// tried alone; it never fails its neighbours. It gives why deals are not settled, by id; those that are, are not in it.
func (e *Engine) SettleAll(ctx context.Context, dealIDs []string) map[string]error {
	g := &gathering{e: e, failed: map[string]error{}}
	g.settle(ctx, g.plans(ctx, dealIDs))
	return g.failed
}

// gathering is the settlement of several deals.
type gathering struct {
	e      *Engine
	mu     sync.Mutex
	failed map[string]error
}

func (g *gathering) fail(id string, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.failed[id] = fmt.Errorf("settle deal %s: %w", id, err)
}

// plans unfolds the decisions of those deals that wait for their settlement, in order of id. What short ones are unfolded
// from is read together; where that fails, each is read by itself, so that one does not keep the others up.
func (g *gathering) plans(ctx context.Context, ids []string) []*plan {
	docs, err := g.e.rows.deals.GetMany(ctx, ids)
	if err != nil {
		for _, id := range ids {
			g.fail(id, err)
		}
		return nil
	}
	docs = slices.DeleteFunc(docs, func(d Deal) bool { return d.Status != deal.Clearing })
	slices.SortFunc(docs, func(a, b Deal) int { return compareString(a.ID, b.ID) })
	var brief []Deal
	for _, d := range docs {
		if d.brief() {
			brief = append(brief, d)
		}
	}
	var pasts map[string]past
	if len(brief) > 1 {
		pasts, _ = g.e.pasts(ctx, brief)
	}
	return g.each(docs, func(d Deal) (*plan, error) {
		if p, read := pasts[d.ID]; read {
			return g.e.plan(d, p)
		}
		return g.e.planAlone(ctx, d)
	})
}

// each plans deals side by side. Those that cannot be planned are left out.
func (g *gathering) each(docs []Deal, unfold func(Deal) (*plan, error)) []*plan {
	plans := make([]*plan, len(docs))
	turn := make(chan int)
	var group sync.WaitGroup
	for range min(planners, len(docs)) {
		group.Go(func() {
			for i := range turn {
				p, err := unfold(docs[i])
				if err != nil {
					g.fail(docs[i].ID, err)
					continue
				}
				plans[i] = p
			}
		})
	}
	for i := range docs {
		turn <- i
	}
	close(turn)
	group.Wait()
	return slices.DeleteFunc(plans, func(p *plan) bool { return p == nil })
}

// settle commits chunk by chunk, always with the first plans that are left.
func (g *gathering) settle(ctx context.Context, plans []*plan) {
	for len(plans) > 0 {
		if err := ctx.Err(); err != nil {
			for _, p := range plans {
				g.fail(p.doc.ID, err)
			}
			return
		}
		c, err := g.e.settleChunk(ctx, plans)
		switch guilty := c.guilty(err); {
		case err == nil:
			plans = c.left(plans)
		case guilty >= 0:
			g.alone(ctx, plans[guilty])
			plans = slices.Delete(plans, guilty, guilty+1)
		default: // whoever is at fault is in one half
			half := len(c.parts) / 2
			g.settle(ctx, slices.Clone(plans[:half]))
			plans = plans[half:]
		}
	}
}

func (g *gathering) alone(ctx context.Context, p *plan) {
	if err := g.e.settleAlone(ctx, p); err != nil {
		g.fail(p.doc.ID, err)
	}
}

// guilty is the place of the plan by which a chunk failed; −1 where it did not, or nobody knows.
func (c *chunk) guilty(err error) int {
	var by *partError
	switch {
	case err == nil:
		return -1
	case errors.As(err, &by):
		return slices.IndexFunc(c.parts, func(t *part) bool { return t.p == by.p })
	case len(c.parts) == 1:
		return 0
	}
	return -1
}

// left are the plans with steps to do after a chunk.
func (c *chunk) left(plans []*plan) []*plan {
	var out []*plan
	for _, t := range c.parts {
		if !t.done {
			out = append(out, t.p)
		}
	}
	return append(out, plans[len(c.parts):]...)
}
