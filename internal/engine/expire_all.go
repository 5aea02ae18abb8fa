package engine

import (
	"context"

	"haggle/internal/deal"
)

// Expiry is what became of a deal whose time may have come.
type Expiry struct {
	Closing bool  // it is decided and waits for its settlement
	Err     error // it may not be decided
}

// ExpireAll is Expire for several deals, in few queries: what the decisions of small ones are unfolded from is read ahead,
// while others are committed. It answers by id; a deal that is not due, or is final, is not in it.
func (e *Engine) ExpireAll(ctx context.Context, dealIDs []string) map[string]Expiry {
	all := make(map[string]Expiry, len(dealIDs))
	docs, err := e.rows.deals.GetMany(ctx, dealIDs)
	if err != nil {
		for _, id := range dealIDs {
			all[id] = Expiry{Err: err}
		}
		return all
	}
	var open []Deal
	for _, d := range docs {
		switch d.Status {
		case deal.Open:
			open = append(open, d)
		case deal.Clearing:
			all[d.ID] = Expiry{Closing: true}
		}
	}
	pasts := e.readAhead(ctx, open)
	items := make(map[string]*item, len(open))
	for _, d := range open {
		it := e.closing(ctx, d.ID)
		if p, ok := pasts[d.ID]; ok {
			it.ahead = ahead{p, d.Version}
		}
		if err := e.lane(d.ID).put(it); err != nil {
			all[d.ID] = Expiry{Err: err}
			continue
		}
		items[d.ID] = it
	}
	for id, it := range items {
		if v := it.await(ctx); v.err != nil || v.accepted.Closing {
			all[id] = Expiry{v.accepted.Closing, v.err}
		}
	}
	return all
}

// readAhead reads the pasts of small deals together. Deals without are settled after their decision.
func (e *Engine) readAhead(ctx context.Context, open []Deal) map[string]past {
	if e.cfg.Apart {
		return nil
	}
	var small []Deal
	for _, d := range open {
		if d = d.upToNow(); d.brief() {
			small = append(small, d)
		}
	}
	if len(small) == 0 {
		return nil
	}
	pasts, err := e.pasts(ctx, small)
	if err != nil {
		e.cfg.Logger.Debug("reading ahead for closings", "deals", len(small), "err", err)
	}
	return pasts
}
