package engine

import (
	"context"
	"fmt"
	"time"

	"haggle/internal/deal"
	"haggle/internal/order"
)

// chunk is one try at one settlement commit: the next steps of one deal, or those of several small ones.
type chunk struct {
	e     *Engine
	parts []*part
	books *Books
	made  map[string]bool // orders that are there already
}

// part is what a chunk does for one deal.
type part struct {
	p    *plan
	w    *working // nil: the deal is final already
	todo []step
	done bool // the deal is final with this commit
}

// partError says by which deal a chunk failed.
type partError struct {
	p   *plan
	err error
}

func (e *partError) Error() string { return fmt.Sprintf("deal %s: %v", e.p.doc.ID, e.err) }
func (e *partError) Unwrap() error { return e.err }

// settleChunk does the next steps of the first of some plans in one transaction, as many as a commit takes. The parts of
// the chunk say whose, also when it failed.
func (e *Engine) settleChunk(ctx context.Context, plans []*plan) (*chunk, error) {
	var c *chunk
	err := e.cfg.Store.Tx(ctx, func(ctx context.Context) error {
		c = &chunk{e: e}
		return c.run(ctx, plans)
	})
	if c == nil {
		c = &chunk{e: e}
	}
	if err != nil && len(c.parts) == 0 { // it did not come to them: the first is tried alone
		c.parts = []*part{{p: plans[0]}}
	}
	for _, t := range c.parts {
		e.forget(t.p.doc.ID)
	}
	if err != nil {
		return c, err
	}
	for _, t := range c.parts {
		if t.w != nil {
			e.cfg.Changed(t.w.doc, t.w.lines)
		}
	}
	return c, nil
}

func (c *chunk) run(ctx context.Context, plans []*plan) error {
	if err := c.divide(ctx, plans); err != nil {
		return err
	}
	if err := c.load(ctx); err != nil {
		return err
	}
	for _, t := range c.parts {
		if err := c.doPart(t); err != nil {
			return &partError{t.p, err}
		}
	}
	return c.write(ctx)
}

// divide reads the deals and deals the room of a commit out: a deal whose steps do not fit any more waits for the next
// one, and only one that is alone is cut.
func (c *chunk) divide(ctx context.Context, plans []*plan) error {
	plans = plans[:min(len(plans), c.e.cfg.Chunk)]
	ids := make([]string, len(plans))
	for i, p := range plans {
		ids[i] = p.doc.ID
	}
	docs, err := c.e.rows.deals.GetMany(ctx, ids)
	if err != nil {
		return err
	}
	now := make(map[string]Deal, len(docs))
	for _, d := range docs {
		now[d.ID] = d
	}
	room := c.e.cfg.Chunk
	for _, p := range plans {
		t := &part{p: p}
		d := now[p.doc.ID]
		if d.Status == deal.Clearing {
			n, left := fit(p.steps[d.Steps:], room)
			if n < len(p.steps)-int(d.Steps) && len(c.parts) > 0 {
				return nil
			}
			t.todo, room = p.steps[d.Steps:][:n], left
			if err := c.begin(t, d); err != nil {
				c.parts = append(c.parts, t)
				return &partError{p, err}
			}
		} else {
			t.done = true
		}
		c.parts = append(c.parts, t)
	}
	return nil
}

// fit counts the first steps that find room, and says how much is left. Idle ones take none.
func fit(steps []step, room int) (n, left int) {
	for n < len(steps) && (room > 0 || steps[n].idle()) {
		if !steps[n].idle() {
			room--
		}
		n++
	}
	return n, room
}

func (c *chunk) begin(t *part, d Deal) error {
	k, err := c.e.decode(d)
	if err != nil {
		return err
	}
	t.w = c.e.work(k)
	t.w.touched = true
	t.w.doc.Steps += int64(len(t.todo))
	return nil
}

// load reads what the steps touch: standings, orders and balances, one query each.
func (c *chunk) load(ctx context.Context) error {
	accounts, orders, standings := c.touched()
	if err := c.loadStandings(ctx, standings); err != nil {
		return err
	}
	if err := c.loadOrders(ctx, orders); err != nil {
		return err
	}
	var err error
	c.books, err = c.e.OpenBooks(ctx, time.Time{}, accounts...)
	return err
}

// touched lists what the steps touch, by id.
func (c *chunk) touched() (accounts, orders, standings []string) {
	for _, t := range c.parts {
		for _, s := range t.todo {
			account := s.release
			if s.award != nil {
				account = s.award.Buyer
				orders = append(orders, order.ID(t.p.doc.ID, s.award.Seq))
			}
			if account != "" {
				accounts = append(accounts, account)
				standings = append(standings, standingID(t.p.doc.ID, account))
			}
		}
	}
	return accounts, orders, standings
}

func (c *chunk) loadStandings(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := c.e.rows.standings.GetMany(ctx, ids)
	if err != nil {
		return err
	}
	of := make(map[string]*part, len(c.parts))
	for _, t := range c.parts {
		of[t.p.doc.ID] = t
	}
	for _, r := range rows {
		t := of[r.Deal]
		s, err := c.e.standing(r)
		if err != nil {
			return &partError{t.p, err}
		}
		t.w.see(r.Account, s)
	}
	return nil
}

func (c *chunk) loadOrders(ctx context.Context, ids []string) error {
	c.made = map[string]bool{}
	if len(ids) == 0 {
		return nil
	}
	rows, err := c.e.rows.orders.GetMany(ctx, ids)
	for _, o := range rows {
		c.made[o.ID] = true
	}
	return err
}

// doPart does a deal's steps; all of them carry the moment of its decision.
func (c *chunk) doPart(t *part) error {
	if t.w == nil {
		return nil
	}
	at := *t.w.doc.DecidedAt
	c.books.now = at
	for _, s := range t.todo {
		if err := c.do(t, s, at); err != nil {
			return err
		}
	}
	return nil
}

func (c *chunk) do(t *part, s step, at time.Time) error {
	if s.line != nil {
		if _, err := t.w.append(at, *s.line); err != nil {
			return err
		}
	}
	switch {
	case s.award != nil:
		return c.award(t.w, s, at)
	case s.release != "":
		return c.releaseHold(t.w, s.release)
	case s.last:
		t.w.doc.Status, t.w.doc.NextAt = t.w.doc.Decision.Result.Status(), nil
		t.done = true
	}
	return nil
}

// award writes one award and begins its order, unless the order began with the entry (a buy-now).
func (c *chunk) award(w *working, s step, at time.Time) error {
	a := s.award
	id := order.ID(w.doc.ID, a.Seq)
	w.awards = append(w.awards, w.awardRow(*a, s.rank))
	if c.made[id] {
		return nil
	}
	o, err := w.beginOrder(c.books, *a, at)
	if err != nil {
		return err
	}
	if a.Payment == deal.PayHold {
		if err := c.capture(w, o, s.whole); err != nil {
			return err
		}
	}
	w.orders = append(w.orders, o)
	return nil
}

// awardRow is the row of an award.
func (w *working) awardRow(a deal.Award, rank int64) AwardRow {
	return AwardRow{ID: awardID(w.doc.ID, rank), Deal: w.doc.ID, Rank: rank, To: a.Pseudonym, Account: a.Account, Quantity: a.Quantity,
		UnitPrice: a.UnitPrice, Total: a.Total, Order: order.ID(w.doc.ID, a.Seq)}
}

// write stores the parts, each collection in one go; the changes of a deal are told with the moment of its decision.
func (c *chunk) write(ctx context.Context) error {
	var written []*working
	var heads []deal.DealHead
	for _, t := range c.parts {
		if t.w != nil {
			written = append(written, t.w)
			heads = append(heads, deal.DealHead{Deal: t.w.doc.ID, Head: t.w.head})
		}
	}
	if len(written) == 0 {
		return nil
	}
	commit := deal.NewCommit(heads)
	out := newHarvest(written)
	for _, w := range written {
		w.seal(commit)
		if err := out.add(w, *w.doc.DecidedAt); err != nil {
			return err
		}
	}
	if err := c.e.rows.deals.Replace(ctx, out.deals...); err != nil {
		return err
	}
	if err := c.e.rows.writeRest(ctx, out); err != nil {
		return err
	}
	return c.books.Flush(ctx)
}
