package engine

import (
	"context"
	"maps"

	"haggle/internal/deal"
)

// A small deal is settled in the commit that decides it: its documents are written once, and nobody sees it between the
// two. Whatever is in the way of that (a past that is long, more steps than a commit takes, a commit that failed) leaves a
// deal that is decided, and Settle goes on from there.

// loadPasts gathers what the decisions of small deals that are due are unfolded from. What nobody read ahead is read now,
// in as many queries as for one deal.
func (b *batch) loadPasts(ctx context.Context) error {
	e := b.lane.e
	if e.cfg.Apart || !b.items[0].expire { // closings go ahead: there are none
		return nil
	}
	b.pasts = map[string]past{}
	var missing []Deal
	seen := map[string]bool{}
	for _, it := range b.items {
		w := b.deals[it.sub.Deal]
		if !it.expire || it.apart || w == nil || seen[w.doc.ID] || !w.due(w.at(b.now)) {
			continue
		}
		seen[w.doc.ID] = true
		switch d := w.doc.upToNow(); {
		case it.ahead.version == d.Version:
			b.pasts[d.ID] = it.ahead.past
		case d.brief() && len(missing) < e.cfg.Chunk:
			missing = append(missing, d)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	read, err := e.pasts(ctx, missing)
	maps.Copy(b.pasts, read)
	return err
}

// finish settles the small deals that this batch decided.
func (b *batch) finish(ctx context.Context) error {
	if len(b.pasts) == 0 {
		return nil
	}
	c := b.small()
	if len(c.parts) == 0 {
		return nil
	}
	accounts, orders, _ := c.touched()
	if err := c.loadOrders(ctx, orders); err != nil {
		return err
	}
	if err := b.books.load(accounts); err != nil {
		return err
	}
	for _, t := range c.parts {
		t.w.doc.Steps = int64(len(t.todo))
		if err := c.doPart(t); err != nil {
			return &partError{t.p, err}
		}
	}
	for i, it := range b.items {
		if it.expire && b.verdicts[i].accepted.Closing {
			b.verdicts[i].accepted.Closing = b.deals[it.sub.Deal].doc.Status == deal.Clearing
		}
	}
	return nil
}

// small is what the settlement of the deals that this batch decided writes, as far as there is room: for twice the steps of
// a chunk, since most closings take three or four.
func (b *batch) small() *chunk {
	c := &chunk{e: b.lane.e, books: b.books}
	room := 2 * c.e.cfg.Chunk
	for i, it := range b.items {
		if !it.expire || !b.verdicts[i].accepted.Closing {
			continue
		}
		if t := b.plan(b.deals[it.sub.Deal]); t != nil {
			if n, left := fit(t.todo, room); n == len(t.todo) {
				room, c.parts = left, append(c.parts, t)
			}
		}
	}
	return c
}

// plan unfolds the decision of a deal, once; nil where its past was not read, or is not what the rule expects: the
// settlement, which tries again, says why.
func (b *batch) plan(w *working) *part {
	past, ok := b.pasts[w.doc.ID]
	if !ok {
		return nil
	}
	delete(b.pasts, w.doc.ID)
	p, err := w.e.unfold(w.doc, w.terms, w.state, past)
	if err != nil {
		return nil
	}
	for i := range past.crowd {
		if s := &past.crowd[i]; !w.knows(s.Account) {
			w.see(s.Account, s)
		}
	}
	return &part{p: p, w: w, todo: p.steps}
}
