package engine

import (
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/deal"
	"haggle/internal/money"
	"haggle/internal/order"
)

// working is a deal inside one commit: what is known of it, and what the commit makes of it.
type working struct {
	e     *Engine
	base  *known
	doc   Deal
	terms any
	state any
	head  deal.Head
	seen  map[string]*deal.Standing // standings read or changed, on top of those of base
	whole bool                      // together they are all

	cached  bool // base is what this process remembers, not what was read in the transaction
	judged  bool // something was decided by it
	touched bool
	changed map[string]bool // accounts whose standing must be written
	lines   []deal.Line
	entries []EntryRow
	orders  []order.Order
	awards  []AwardRow
}

// work begins a commit's copy of a known deal.
func (e *Engine) work(k *known) *working {
	return &working{e: e, base: k, doc: k.doc, terms: k.terms, state: k.state, changed: map[string]bool{}, head: deal.Head{Seq: k.doc.Seq, Hash: k.doc.Hash}}
}

// known is the deal as the commit left it.
func (w *working) known() *known {
	if !w.touched && len(w.seen) == 0 {
		return w.base
	}
	return &known{doc: w.doc, terms: w.terms, state: w.state, crowd: w.after()}
}

// decode makes a known deal of a stored one.
func (e *Engine) decode(d Deal) (*known, error) {
	m, ok := e.cfg.Mechanisms[d.Kind]
	if !ok {
		return nil, fmt.Errorf("deal %s is of unknown kind %q", d.ID, d.Kind)
	}
	k := &known{doc: d, terms: m.NewTerms(), state: m.NewState(), crowd: crowd{members: d.Members == 0}}
	if err := bson.Unmarshal(d.Terms, k.terms); err != nil {
		return nil, fmt.Errorf("terms of deal %s: %w", d.ID, err)
	}
	if err := bson.Unmarshal(d.State, k.state); err != nil {
		return nil, fmt.Errorf("state of deal %s: %w", d.ID, err)
	}
	return k, nil
}

// at is the time of a commit for this deal: never before its last line.
func (w *working) at(now time.Time) time.Time {
	if now.Before(w.doc.LastAt) {
		return w.doc.LastAt
	}
	return now
}

// mechanism is the rule of this deal; decode has checked that there is one.
func (w *working) mechanism() deal.Mechanism { return w.e.cfg.Mechanisms[w.doc.Kind] }

func (w *working) frame() deal.Frame { return w.doc.frame(w.e.cfg.Currency, w.terms) }

// append writes a line at the end of the deal's log.
func (w *working) append(at time.Time, d deal.LineDraft) (deal.Line, error) {
	line, err := deal.Append(w.head, w.doc.ID, at, d)
	if err != nil {
		return line, err
	}
	w.lines = append(w.lines, line)
	w.head, w.doc.Seq, w.doc.Hash, w.doc.LastAt = line.Head(), line.Seq, line.Hash, at
	w.touched = true
	return line, nil
}

// setStanding replaces an actor's standing and moves the money that is held for it.
func (w *working) setStanding(b *Books, s *deal.Standing, seq int64) error {
	var before money.Amount
	s.Since = s.At
	if old := w.own(s.Account); old != nil {
		before, s.Since = old.Hold, old.Since
	}
	if err := b.Hold(w.doc.ID, s.Account, seq, before, s.Hold); err != nil {
		return err
	}
	w.see(s.Account, s)
	w.changed[s.Account] = true
	w.touched = true
	return nil
}

// decided closes the deal for entries: the outcome is fixed, what follows from it is settled later.
func (w *working) decided(d deal.Decision, at time.Time) {
	w.doc.Decision, w.doc.DecidedAt, w.doc.DecidedSeq = &d, &at, w.head.Seq
	w.doc.Status, w.doc.NextAt, w.doc.Steps = deal.Clearing, &at, 0
	w.touched = true
}

// seal gives the deal the place of its head in the commit's tree.
func (w *working) seal(c deal.Commit) { w.doc.Root, w.doc.Path = c.Root, c.Paths[w.doc.ID] }
