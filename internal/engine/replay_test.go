package engine_test

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/deal/fixed"
	"haggle/internal/deal/group"
	"haggle/internal/deal/registry"
	"haggle/internal/engine"
	"haggle/internal/money"
	"haggle/internal/store"
)

// replay is a deal recomputed from its log, one line after the other, by nothing but its mechanism: no queue, no batch,
// no store. What the engine stored must be the same.
type replay struct {
	frame     deal.Frame
	mechanism deal.Mechanism
	head      deal.Head
	state     any
	standings map[string]deal.Standing // by account
	accounts  map[string]string        // by pseudonym
	secrets   map[int64][]deal.Secret
	members   int64
	entered   int64
}

// replayed recomputes a deal up to its closing and holds everything that is stored against it.
func (w *world) replayed(dealID string) {
	w.Helper()
	d := w.deal(dealID)
	lines, err := w.Lines(bg, dealID, 0, -1)
	w.must(err)
	r := w.newReplay(d, lines[0])
	for _, l := range lines[1:] {
		if l.Kind == deal.Revealed || l.Kind == deal.Closed || l.Who == "site" && l.Kind == deal.Awarded {
			break
		}
		if err := r.step(l); err != nil {
			w.Fatalf("replay of line %d of %s: %v", l.Seq, dealID, err)
		}
	}
	w.sameState(d, r)
}

func (w *world) newReplay(d engine.Deal, opened deal.Line) *replay {
	w.Helper()
	terms, err := w.Terms(d)
	w.must(err)
	closesAt, err := deal.ParseTime(opened.Body["closesAt"].(string))
	w.must(err)
	r := &replay{mechanism: registry.All()[d.Kind], head: opened.Head(), standings: map[string]deal.Standing{}, accounts: map[string]string{}, secrets: map[int64][]deal.Secret{},
		frame: deal.Frame{Deal: d.ID, Owner: d.Owner, Currency: currency, OpenedAt: d.OpenedAt, ClosesAt: closesAt, Terms: terms}}
	fx, err := r.mechanism.Open(deal.View{Frame: r.frame, Now: d.OpenedAt, Who: "owner", Available: money.Max}, salts(d.ID))
	w.must(err)
	r.state = fx.State
	crowd, err := w.Crowd(bg, d.ID)
	w.must(err)
	for _, s := range crowd {
		r.accounts[s.Pseudonym] = s.Account
	}
	entries := store.NewCollection[engine.EntryRow](w.store, engine.Entries)
	w.must(entries.Scan(bg, func(e engine.EntryRow) error {
		if e.Deal == d.ID && len(e.Secrets) > 0 {
			r.secrets[e.Seq] = e.Secrets
		}
		return nil
	}))
	return r
}

// step enters what a line says, and wants the same line.
func (r *replay) step(l deal.Line) error {
	e, err := r.entry(l)
	if err != nil {
		return err
	}
	v := deal.View{Frame: r.frame, Now: l.At, Seq: r.head.Seq + 1, State: r.state, Who: l.Who, Available: money.Max}
	if own, ok := r.standings[e.Account]; ok {
		v.Own = &own
	} else {
		r.members++
	}
	if r.mechanism.Needs(e.Act, r.frame.Terms) {
		v.Crowd = r.crowd()
	}
	fx, err := r.mechanism.Enter(v, e)
	if err != nil {
		return err
	}
	return r.apply(l, fx)
}

// entry is what somebody must have entered to lead to a line.
func (r *replay) entry(l deal.Line) (deal.Entry, error) {
	act, _ := l.Body["act"].(string)
	e := deal.Entry{Account: r.accounts[l.Who], Role: deal.Member, Act: deal.Act(act)}
	var secret int64
	for _, s := range r.secrets[l.Seq] {
		e.Salts, secret = append(e.Salts, s.Salt), s.Value
	}
	quantity, _ := l.Body["quantity"].(int64)
	switch {
	case e.Account == "":
		return e, fmt.Errorf("nobody is %s", l.Who)
	case e.Act == deal.Bid:
		e.Values = english.Bid{Max: money.Amount(secret)}
	case e.Act == deal.Pledge:
		e.Values = group.Pledge{Quantity: quantity, Ceiling: deal.Ptr(money.Amount(secret))}
	case e.Act == deal.Buy:
		e.Values = fixed.Buy{Quantity: &quantity}
	case e.Act == deal.Withdraw:
		reason, _ := l.Body["reason"].(string)
		e.Reason = deal.Reason(reason)
	default:
		return e, fmt.Errorf("no entry leads to %q", act)
	}
	return e, nil
}

func (r *replay) apply(l deal.Line, fx deal.Effects) error {
	for _, d := range fx.Lines {
		again, err := deal.Append(r.head, r.frame.Deal, l.At, d)
		if err != nil {
			return err
		}
		if !bytes.Equal(again.Raw, l.Raw) {
			return fmt.Errorf("it comes out as\n%s\nnot\n%s", again.Raw, l.Raw)
		}
		r.head = again.Head()
		if d.Kind == deal.Entered {
			r.entered++
		}
	}
	if fx.State != nil {
		r.state = fx.State
	}
	if !fx.ClosesAt.IsZero() {
		r.frame.ClosesAt = fx.ClosesAt
	}
	if fx.Own != nil {
		r.standings[fx.Own.Account] = *fx.Own
	}
	for _, s := range fx.Others {
		r.standings[s.Account] = s
	}
	return nil
}

func (r *replay) crowd() []deal.Standing {
	var out []deal.Standing
	for _, s := range r.standings {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b deal.Standing) int { return cmp.Compare(a.Seq, b.Seq) })
	return out
}

// sameState holds the stored deal and its standings against the replay.
func (w *world) sameState(d engine.Deal, r *replay) {
	w.Helper()
	state, err := bson.Marshal(r.state)
	w.must(err)
	if !bytes.Equal(state, d.State) {
		w.Errorf("%s: the stored state is %s, the replay's %s", d.ID, d.State, bson.Raw(state))
	}
	if d.Members != r.members || d.Entered != r.entered || !d.ClosesAt.Equal(r.frame.ClosesAt) {
		w.Errorf("%s: %d members, %d entries, closes %v; the replay has %d, %d, %v", d.ID, d.Members, d.Entered, d.ClosesAt, r.members, r.entered, r.frame.ClosesAt)
	}
	crowd, err := w.Crowd(bg, d.ID)
	w.must(err)
	if len(crowd) != len(r.standings) {
		w.Errorf("%s: %d standings are stored, the replay has %d", d.ID, len(crowd), len(r.standings))
	}
	for _, s := range crowd {
		w.sameStanding(d, s, r.standings[s.Account])
	}
}

func (w *world) sameStanding(d engine.Deal, got, want deal.Standing) {
	w.Helper()
	values, err := bson.Marshal(got.Values)
	w.must(err)
	wanted, err := bson.Marshal(want.Values)
	w.must(err)
	held := got.Hold == want.Hold || d.Status.Final() && got.Hold == 0
	if !bytes.Equal(values, wanted) || !held || got.Seq != want.Seq || got.Active != want.Active || got.Pseudonym != want.Pseudonym || !got.At.Equal(want.At) {
		w.Errorf("%s: the standing of %s is %+v %s, the replay's %+v %s", d.ID, got.Account, got, bson.Raw(values), want, bson.Raw(wanted))
	}
}
