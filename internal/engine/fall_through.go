package engine

import (
	"context"
	"errors"
	"time"

	"haggle/internal/deal"
	"haggle/internal/order"
	"haggle/internal/store"
)

// FallThrough passes a settled deal on: the award that an entry won came to nothing, so its winner is struck and the next
// gets it. In one commit it writes the three lines, the new decision, the award, the order and the struck standing; what
// also writes joins it. The deal stays settled.
//
// next is false, and nothing is written, where nobody is left to whom it could go and where the entry does not win any
// more: so it may be called twice. An error of also, and *store.ConflictError after several tries, leave nothing behind.
func (e *Engine) FallThrough(ctx context.Context, dealID string, entry int64, reason deal.Reason, also func(ctx context.Context, o order.Order, now time.Time) error) (p Passed, next bool, err error) {
	for tries := 0; ; tries++ {
		var w *working
		var o order.Order
		err = e.cfg.Store.Tx(ctx, func(ctx context.Context) error {
			w, o, err = e.fall(ctx, dealID, entry, reason, also)
			return err
		})
		if w != nil {
			e.forget(dealID)
		}
		var moved *store.ConflictError
		if errors.As(err, &moved) && moved.Coll == Deals && tries < maxTries {
			pause(tries)
			continue
		}
		if err != nil || w == nil {
			return Passed{}, false, err
		}
		e.cfg.Changed(w.doc, w.lines)
		return Passed{Order: o, Seq: w.head.Seq}, true, nil
	}
}

// Passed is a deal that went on to the next.
type Passed struct {
	Order order.Order // the next one's, as it began
	Seq   int64       // of the deal's last line
}

// NextInLine says who would get a settled deal if the award that an entry won came to nothing, without writing anything.
// next is false where nobody would.
func (e *Engine) NextInLine(ctx context.Context, dealID string, entry int64) (f deal.Fallen, next bool, err error) {
	_, f, next, err = e.fallen(ctx, dealID, entry, deal.Unpaid)
	return f, next, err
}

// fallen reads a settled deal and asks its rule who is next.
func (e *Engine) fallen(ctx context.Context, dealID string, entry int64, reason deal.Reason) (*working, deal.Fallen, bool, error) {
	d, err := e.rows.deals.Get(ctx, dealID)
	if err != nil {
		return nil, deal.Fallen{}, false, err
	}
	rule, falls := e.cfg.Mechanisms[d.Kind].(deal.FallsThrough)
	if !falls || d.Status != deal.Settled {
		return nil, deal.Fallen{}, false, nil
	}
	k, err := e.decode(d)
	if err != nil {
		return nil, deal.Fallen{}, false, err
	}
	w := e.work(k)
	award, err := e.lastAward(ctx, d)
	if err != nil {
		return nil, deal.Fallen{}, false, err
	}
	v := deal.View{Frame: w.frame(), Now: w.at(e.Now()), Seq: d.Seq + 1, State: k.state, Who: "site"}
	if v.Crowd, err = e.crowd(ctx, dealID); err != nil {
		return nil, deal.Fallen{}, false, err
	}
	f, next, err := rule.FallThrough(v, deal.Fall{Award: award, Entry: entry, Reason: reason})
	return w, f, next, err
}

// lastAward is the number of the last awarded line before the log's closed line.
func (e *Engine) lastAward(ctx context.Context, d Deal) (int64, error) {
	lines, err := e.Lines(ctx, d.ID, max(0, d.Seq-1), d.Seq)
	if err != nil {
		return 0, err
	}
	for i := len(lines) - 1; i >= 0; i-- {
		if lines[i].Kind == deal.Awarded {
			return lines[i].Seq, nil
		}
	}
	return -1, nil
}

// fall is FallThrough inside its transaction; no deal is given where nothing follows.
func (e *Engine) fall(ctx context.Context, dealID string, entry int64, reason deal.Reason, also func(context.Context, order.Order, time.Time) error) (*working, order.Order, error) {
	w, f, next, err := e.fallen(ctx, dealID, entry, reason)
	if err != nil || !next {
		return nil, order.Order{}, err
	}
	now := w.at(e.Now())
	for _, l := range f.Lines {
		if _, err := w.append(now, l); err != nil {
			return nil, order.Order{}, err
		}
	}
	w.state, w.doc.Decision = f.State, &f.Decision
	w.keep(f.Struck)
	books, err := e.OpenBooks(ctx, now)
	if err != nil {
		return nil, order.Order{}, err
	}
	o, err := w.beginOrder(books, f.Award, now)
	if err != nil {
		return nil, order.Order{}, err
	}
	o.After = order.ID(dealID, entry)
	w.orders = append(w.orders, o)
	w.seal(deal.NewCommit([]deal.DealHead{{Deal: dealID, Head: w.head}}))
	if err := e.rows.write(ctx, []*working{w}, now); err != nil {
		return w, o, err
	}
	if err := e.rows.awards.Put(ctx, w.awardRow(f.Award, 1)); err != nil { // in place of the one that fell
		return w, o, err
	}
	if err := books.Flush(ctx); err != nil {
		return w, o, err
	}
	return w, o, also(ctx, o, now)
}
