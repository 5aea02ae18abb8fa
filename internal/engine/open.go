package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/deal"
	"haggle/internal/store"
)

// Opening is a deal that somebody wants to open.
type Opening struct {
	Deal     Deal // ID, Kind, Owner, FeeBasis and what it is about; the engine fills in the rest
	ClosesAt time.Time
	Duration time.Duration // in place of ClosesAt: counted from the commit
	Terms    any           // the mechanism's, as the owner gave them
	Salts    []string      // enough for every secret of the terms (3)

	// Within joins more writes to the commit; the deal is given as it will be stored, the secrets of its terms with it.
	Within func(ctx context.Context, d Deal, secrets []deal.Secret) error
}

// Opened answers an opening: the deal as stored and the secrets of its terms, for its owner alone.
type Opened struct {
	Deal    Deal
	Secrets []deal.Secret
}

// Open stores a new deal with line 0 of its log, and holds what its owner promises. Refusals are those of
// Mechanism.Check and Mechanism.Open; they leave nothing behind. `unavailable`: the store did not answer, and
// with params.unknown nobody can say whether the deal is there.
func (e *Engine) Open(ctx context.Context, o Opening) (Opened, error) {
	m, ok := e.cfg.Mechanisms[o.Deal.Kind]
	if !ok {
		return Opened{}, fmt.Errorf("no mechanism for kind %q", o.Deal.Kind)
	}
	var out Opened
	var lines []deal.Line
	err := e.cfg.Store.Tx(ctx, func(ctx context.Context) (err error) {
		out, lines, err = e.open(ctx, m, o)
		return err
	})
	if errors.Is(err, store.ErrUnknown) && e.isStored(ctx, o.Deal.ID) {
		err = nil
	}
	if err != nil {
		return Opened{}, storeFault(err)
	}
	e.cfg.Changed(out.Deal, lines)
	return out, nil
}

// isStored looks a new deal up after a commit whose result is not known.
func (e *Engine) isStored(ctx context.Context, id string) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookFor)
	defer cancel()
	_, err := e.rows.deals.Get(ctx, id)
	return err == nil
}

func (e *Engine) open(ctx context.Context, m deal.Mechanism, o Opening) (Opened, []deal.Line, error) {
	now := e.Now()
	w, frame, err := e.beginDeal(m, o, now)
	if err != nil {
		return Opened{}, nil, err
	}
	books, err := e.OpenBooks(ctx, now, o.Deal.Owner)
	if err != nil {
		return Opened{}, nil, err
	}
	fx, err := m.Open(deal.View{Frame: frame, Now: now, Who: "owner", Available: books.Available(o.Deal.Owner)}, o.Salts)
	if err != nil {
		return Opened{}, nil, err
	}
	if err := w.opened(books, fx, now, o.Deal.ID); err != nil {
		return Opened{}, nil, err
	}
	if err := e.rows.writeNew(ctx, w, now); err != nil {
		return Opened{}, nil, err
	}
	if err := books.Flush(ctx); err != nil {
		return Opened{}, nil, err
	}
	out := Opened{Deal: w.doc, Secrets: fx.Lines[0].Secrets}
	if o.Within != nil {
		err = o.Within(ctx, out.Deal, out.Secrets)
	}
	return out, w.lines, err
}

// beginDeal checks the terms and makes the deal's document, without log or state.
func (e *Engine) beginDeal(m deal.Mechanism, o Opening, now time.Time) (*working, deal.Frame, error) {
	d := o.Deal
	d.Status, d.OpenedAt, d.LastAt, d.Currency = deal.Open, now, now, e.cfg.Currency.Code
	closes := o.ClosesAt
	if o.Duration > 0 {
		closes = deal.Millis(now.Add(o.Duration))
	}
	if !closes.IsZero() {
		d.ClosesAt, d.NextAt = &closes, &closes
	}
	terms, err := m.Check(d.frame(e.cfg.Currency, o.Terms))
	if err != nil {
		return nil, deal.Frame{}, err
	}
	if d.Terms, err = bson.Marshal(terms); err != nil {
		return nil, deal.Frame{}, err
	}
	w := e.work(&known{doc: d, terms: terms})
	w.head = deal.NewHead()
	return w, d.frame(e.cfg.Currency, terms), nil
}

// opened applies what a mechanism's Open gave.
func (w *working) opened(b *Books, fx deal.Effects, now time.Time, id string) error {
	line, err := w.append(now, fx.Lines[0])
	if err != nil {
		return err
	}
	w.entries = []EntryRow{{ID: id, Deal: w.doc.ID, Account: w.doc.Owner, Seq: line.Seq, Act: "open", At: now, Secrets: fx.Lines[0].Secrets}}
	w.state = fx.State
	if fx.Own != nil {
		if err := w.setStanding(b, fx.Own, line.Seq); err != nil {
			return err
		}
	}
	w.seal(deal.NewCommit([]deal.DealHead{{Deal: w.doc.ID, Head: w.head}}))
	return nil
}

// writeNew stores a deal that was not there before.
func (r *rows) writeNew(ctx context.Context, w *working, now time.Time) error {
	var out harvest
	if err := out.add(w, now); err != nil {
		return err
	}
	if err := r.deals.Insert(ctx, w.doc); err != nil {
		return err
	}
	return r.writeRest(ctx, out)
}
