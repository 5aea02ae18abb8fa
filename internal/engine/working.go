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
	e         *Engine
	base      *known
	doc       Deal
	terms     any
	state     any
	head      deal.Head
	standings map[string]*deal.Standing // by account: loaded or changed; nil value: has none

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
	w := &working{e: e, base: k, doc: k.doc, terms: k.terms, state: k.state, changed: map[string]bool{}}
	w.head = deal.Head{Seq: k.doc.Seq, Hash: k.doc.Hash}
	w.standings = make(map[string]*deal.Standing, len(k.standings)+1)
	for account, s := range k.standings {
		w.standings[account] = s
	}
	return w
}

// known is the deal as the commit left it.
func (w *working) known() *known {
	if !w.touched && len(w.standings) == len(w.base.standings) {
		return w.base
	}
	k := &known{doc: w.doc, terms: w.terms, state: w.state, standings: w.standings}
	if len(k.standings) > maxKnownStandings {
		k.standings = nil
	}
	return k
}

// decode makes a known deal of a stored one.
func (e *Engine) decode(d Deal) (*known, error) {
	m, ok := e.cfg.Mechanisms[d.Kind]
	if !ok {
		return nil, fmt.Errorf("deal %s is of unknown kind %q", d.ID, d.Kind)
	}
	k := &known{doc: d, terms: m.NewTerms(), state: m.NewState()}
	if err := bson.Unmarshal(d.Terms, k.terms); err != nil {
		return nil, fmt.Errorf("terms of deal %s: %w", d.ID, err)
	}
	if err := bson.Unmarshal(d.State, k.state); err != nil {
		return nil, fmt.Errorf("state of deal %s: %w", d.ID, err)
	}
	return k, nil
}

// standing makes a standing of its stored row.
func (e *Engine) standing(r StandingRow) (*deal.Standing, error) {
	s := &deal.Standing{Account: r.Account, Pseudonym: r.Pseudonym, Seq: r.Seq, At: r.At, Active: r.Active, Hold: r.Hold}
	m, ok := e.cfg.Mechanisms[r.Kind]
	if !ok || len(r.Values) == 0 {
		return s, nil
	}
	s.Values = m.NewStanding()
	if err := bson.Unmarshal(r.Values, s.Values); err != nil {
		return nil, fmt.Errorf("standing %s: %w", r.ID, err)
	}
	return s, nil
}

// row is the stored form of a standing.
func (w *working) row(s *deal.Standing) (StandingRow, error) {
	r := StandingRow{ID: standingID(w.doc.ID, s.Account), Deal: w.doc.ID, Account: s.Account, Kind: w.doc.Kind, Owner: s.Account == w.doc.Owner,
		Pseudonym: s.Pseudonym, Seq: s.Seq, At: s.At, Active: s.Active, Hold: s.Hold}
	if s.Values == nil {
		return r, nil
	}
	var err error
	r.Values, err = bson.Marshal(s.Values)
	return r, err
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
	if old := w.standings[s.Account]; old != nil {
		before = old.Hold
	}
	if err := b.Hold(w.doc.ID, s.Account, seq, before, s.Hold); err != nil {
		return err
	}
	w.standings[s.Account] = s
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
