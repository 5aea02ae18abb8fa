package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"haggle/internal/deal"
	"haggle/internal/order"
	"haggle/internal/store"
)

// step is one thing that a settlement writes; steps are numbered, and the deal counts those done.
type step struct {
	line    *deal.LineDraft
	award   *deal.Award
	rank    int64
	whole   bool   // the award is the last one paid from its payer's hold: what is left goes back
	release string // account whose hold goes back
	last    bool
}

// plan is a settlement, derived anew by whoever goes on with it: the same deal gives the same plan.
type plan struct {
	doc   Deal
	steps []step
}

// Settle writes what follows from a decision, in chunks, until the deal has its final status. It goes on from
// wherever an earlier try stopped, and running it twice changes nothing.
func (e *Engine) Settle(ctx context.Context, dealID string) error {
	d, err := e.rows.deals.Get(ctx, dealID)
	if err != nil || d.Status != deal.Clearing {
		return err
	}
	p, err := e.plan(ctx, d)
	if err != nil {
		return fmt.Errorf("settle deal %s: %w", dealID, err)
	}
	for tries := 0; ; {
		done, err := e.settleChunk(ctx, p)
		switch {
		case err == nil && done:
			return nil
		case err == nil:
			tries = 0
		case (isConflict(err) || errors.Is(err, store.ErrUnknown) || errors.Is(err, store.ErrUnavailable)) && tries < 2*maxTries:
			tries++
			pause(tries)
		default:
			return fmt.Errorf("settle deal %s: %w", dealID, err)
		}
	}
}

// plan unfolds the decision into steps.
func (e *Engine) plan(ctx context.Context, d Deal) (*plan, error) {
	k, err := e.decode(d)
	if err != nil {
		return nil, err
	}
	crowd, err := e.crowd(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	h, err := e.history(ctx, d)
	if err != nil {
		return nil, err
	}
	v := deal.View{Frame: d.frame(e.cfg.Currency, k.terms), Now: *d.DecidedAt, Seq: d.DecidedSeq + 1, State: k.state, Who: "site", Crowd: crowd}
	out, err := e.cfg.Mechanisms[d.Kind].Unfold(v, *d.Decision, h)
	if err != nil {
		return nil, err
	}
	return &plan{doc: d, steps: steps(out, crowd)}, nil
}

// history reads the deal's log up to its decision, and every secret of it.
func (e *Engine) history(ctx context.Context, d Deal) (deal.History, error) {
	lines, err := e.Lines(ctx, d.ID, 0, d.DecidedSeq)
	if err != nil {
		return deal.History{}, err
	}
	h := deal.History{Lines: lines, Secrets: map[int64][]deal.Secret{}}
	err = pages(ctx, e.rows.entries, store.Query{Index: "deal", Eq: []any{d.ID}}, func(r EntryRow) error {
		if len(r.Secrets) > 0 {
			h.Secrets[r.Seq] = r.Secrets
		}
		return nil
	})
	return h, err
}

// steps lists what an outcome writes in the order of the log: reveals, awards, releases (which have no line), closed.
func steps(out deal.Outcome, crowd []deal.Standing) []step {
	var all []step
	for _, r := range out.Reveals {
		body := deal.Body{"of": r.Of, "field": r.Secret.Field, "salt": r.Secret.Salt, "value": r.Secret.Value}
		all = append(all, step{line: &deal.LineDraft{Who: r.Who, Kind: deal.Revealed, Body: body}})
	}
	lastPaid := map[string]int{}
	for i, a := range out.Awards {
		if a.Payment == deal.PayHold {
			lastPaid[a.Buyer] = i
		}
	}
	for i := range out.Awards {
		a := &out.Awards[i]
		body := deal.Body{"to": a.Pseudonym, "quantity": a.Quantity, "unitPrice": a.UnitPrice, "total": a.Total}
		last, paid := lastPaid[a.Buyer]
		all = append(all, step{award: a, rank: int64(i + 1), whole: paid && last == i, line: &deal.LineDraft{Who: "site", Kind: deal.Awarded, Body: body}})
	}
	for _, s := range crowd {
		if _, paid := lastPaid[s.Account]; !paid {
			all = append(all, step{release: s.Account})
		}
	}
	return append(all, step{last: true, line: &deal.LineDraft{Who: "site", Kind: deal.Closed, Body: out.Closed}})
}

// settleChunk does the next steps in one transaction. It answers true when the deal is final.
func (e *Engine) settleChunk(ctx context.Context, p *plan) (done bool, err error) {
	var c *chunk
	err = e.cfg.Store.Tx(ctx, func(ctx context.Context) error {
		c = &chunk{e: e, p: p}
		return c.run(ctx)
	})
	e.forget(p.doc.ID)
	if err != nil {
		return false, err
	}
	if c.w != nil && c.w.touched {
		e.cfg.Changed(c.w.doc, c.w.lines)
	}
	return c.done, nil
}

// chunk is one try at one settlement commit.
type chunk struct {
	e     *Engine
	p     *plan
	w     *working
	books *Books
	made  map[string]bool // orders that are there already
	done  bool
}

func (c *chunk) run(ctx context.Context) error {
	d, err := c.e.rows.deals.Get(ctx, c.p.doc.ID)
	if err != nil {
		return err
	}
	if d.Status != deal.Clearing {
		c.done = true
		return nil
	}
	todo := c.p.steps[d.Steps:]
	todo = todo[:min(len(todo), c.e.cfg.Chunk)]
	if err := c.load(ctx, d, todo); err != nil {
		return err
	}
	at := *d.DecidedAt
	for _, s := range todo {
		if err := c.do(s, at); err != nil {
			return err
		}
	}
	return c.write(ctx, at)
}

// load reads what the steps touch: standings, orders and balances, one query each.
func (c *chunk) load(ctx context.Context, d Deal, todo []step) error {
	k, err := c.e.decode(d)
	if err != nil {
		return err
	}
	c.w = c.e.work(k)
	c.w.touched = true
	c.w.doc.Steps += int64(len(todo))
	var accounts, orders []string
	for _, s := range todo {
		if s.award != nil {
			accounts = append(accounts, s.award.Buyer)
			orders = append(orders, order.ID(d.ID, s.award.Seq))
		}
		if s.release != "" {
			accounts = append(accounts, s.release)
		}
	}
	if err := c.loadStandings(ctx, d.ID, accounts); err != nil {
		return err
	}
	if err := c.loadOrders(ctx, orders); err != nil {
		return err
	}
	c.books, err = c.e.OpenBooks(ctx, *d.DecidedAt, accounts...)
	return err
}

func (c *chunk) loadStandings(ctx context.Context, dealID string, accounts []string) error {
	ids := make([]string, len(accounts))
	for i, a := range accounts {
		ids[i] = standingID(dealID, a)
	}
	rows, err := c.e.rows.standings.GetMany(ctx, ids)
	if err != nil {
		return err
	}
	for _, r := range rows {
		s, err := c.e.standing(r)
		if err != nil {
			return err
		}
		c.w.see(r.Account, s)
	}
	return nil
}

func (c *chunk) loadOrders(ctx context.Context, ids []string) error {
	rows, err := c.e.rows.orders.GetMany(ctx, ids)
	if err != nil {
		return err
	}
	c.made = map[string]bool{}
	for _, o := range rows {
		c.made[o.ID] = true
	}
	return nil
}

func (c *chunk) do(s step, at time.Time) error {
	if s.line != nil {
		if _, err := c.w.append(at, *s.line); err != nil {
			return err
		}
	}
	switch {
	case s.award != nil:
		return c.award(s, at)
	case s.release != "":
		return c.releaseHold(s.release)
	case s.last:
		c.w.doc.Status, c.w.doc.NextAt = c.w.doc.Decision.Result.Status(), nil
		c.done = true
	}
	return nil
}

// award writes one award and begins its order, unless the order began with the entry (a buy-now).
func (c *chunk) award(s step, at time.Time) error {
	a := s.award
	id := order.ID(c.w.doc.ID, a.Seq)
	c.w.awards = append(c.w.awards, AwardRow{ID: awardID(c.w.doc.ID, s.rank), Deal: c.w.doc.ID, Rank: s.rank, To: a.Pseudonym,
		Account: a.Account, Quantity: a.Quantity, UnitPrice: a.UnitPrice, Total: a.Total, Order: id})
	if c.made[id] {
		return nil
	}
	o, err := c.w.beginOrder(c.books, *a, at)
	if err != nil {
		return err
	}
	if a.Payment == deal.PayHold {
		if err := c.capture(o, s.whole); err != nil {
			return err
		}
	}
	c.w.orders = append(c.w.orders, o)
	return nil
}

func (c *chunk) write(ctx context.Context, at time.Time) error {
	c.w.seal(deal.NewCommit([]deal.DealHead{{Deal: c.w.doc.ID, Head: c.w.head}}))
	if err := c.e.rows.write(ctx, []*working{c.w}, at); err != nil {
		return err
	}
	return c.books.Flush(ctx)
}
