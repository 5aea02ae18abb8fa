package english

import (
	"bytes"
	"maps"
	"time"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// unlimited stands for a winner's maximum that was not opened.
const unlimited = int64(money.Max / 2)

// assume gives the values of all maxima, with the one kept closed taken as unlimited, or as one unit below the reserve
// where the auction was not sold.
func assume(t *Terms, result deal.Result, values map[int64]int64, kept int64) map[int64]int64 {
	out := maps.Clone(values)
	out[kept] = unlimited
	if result != deal.Sold {
		out[kept] = int64(t.reserve()) - 1
	}
	return out
}

// replay recomputes an auction from its log's lines and the values of its maxima. Bidders go by their pseudonyms.
type replay struct {
	view   deal.View
	terms  *Terms
	state  *State
	values map[int64]int64 // maxima by line
	free   map[int64]bool  // lines whose maximum is assumed: not held against the minimum
	crowd  []deal.Standing
	index  map[string]int // of the crowd, by pseudonym
	ended  bool           // by a purchase, or early
}

func newReplay(f deal.Frame, t *Terms, values map[int64]int64) *replay {
	f.Owner = "owner"
	return &replay{view: deal.View{Frame: f}, terms: t, state: &State{}, values: values, index: map[string]int{}}
}

// step recomputes one line of the log and holds it against what is written.
func (r *replay) step(l deal.Line) error {
	r.view.Now, r.view.Seq, r.view.Who, r.view.State, r.view.Crowd = l.At, l.Seq, l.Who, r.state, r.crowd
	r.view.Own = r.standing(l.Who)
	if r.ended {
		return deal.Wrong(l.Seq, "the auction had ended")
	}
	switch {
	case l.Kind == deal.Entered && l.Body["act"] == string(deal.Bid):
		return r.bid(l)
	case l.Kind == deal.Entered && l.Body["act"] == string(deal.Buy):
		return r.buy(l)
	case l.Kind == deal.Changed:
		return r.changed(l)
	}
	return deal.Wrong(l.Seq, "an auction has no such line")
}

func (r *replay) standing(who string) *deal.Standing {
	if i, ok := r.index[who]; ok {
		return &r.crowd[i]
	}
	return nil
}

func (r *replay) keep(s deal.Standing) {
	if i, ok := r.index[s.Pseudonym]; ok {
		r.crowd[i] = s
		return
	}
	r.index[s.Pseudonym] = len(r.crowd)
	r.crowd = append(r.crowd, s)
}

// bid recomputes a bid. Its `counts` is taken from the log: who is related is not public.
func (r *replay) bid(l deal.Line) error {
	if err := deal.OnlyKeys(l, l.Body, "act", "max", "after", "counts"); err != nil {
		return err
	}
	counts := true
	if c, there := l.Body["counts"]; there {
		if c != false {
			return deal.Wrong(l.Seq, "counts stands only where it is false")
		}
		counts = false
	}
	maximum, ok := r.values[l.Seq]
	if !ok {
		return deal.Wrong(l.Seq, "its maximum is not opened")
	}
	m := money.Amount(maximum)
	least := r.terms.leastFor(r.state, l.Who, r.view.Currency)
	if !r.free[l.Seq] && (m < least || !r.view.Currency.IsCash(m)) {
		return deal.Wrong(l.Seq, "a maximum of %d was below the minimum %d, or no cash amount", m, least)
	}
	next := r.state
	if counts {
		next = r.terms.withBid(r.state, l.Who, l.Who, l.Seq, m)
	}
	after := next.after()
	if at := r.terms.extended(r.view, r.state, next); !at.IsZero() {
		after["closesAt"] = deal.FormatTime(at)
		r.view.ClosesAt = at
	}
	if err := same(l, after); err != nil {
		return err
	}
	own := bidsOf(r.view.Own).with(One{Seq: l.Seq, Max: m, At: l.At, Counts: counts}, false)
	r.keep(deal.Standing{Account: l.Who, Pseudonym: l.Who, Seq: l.Seq, At: l.At, Active: true, Values: own})
	r.state = next
	return nil
}

func (r *replay) buy(l deal.Line) error {
	if err := deal.OnlyKeys(l, l.Body, "act", "quantity", "after"); err != nil {
		return err
	}
	r.view.Available = money.Max
	return r.enter(l, deal.Entry{Account: l.Who, Role: deal.Member, Act: deal.Buy, Values: Buy{Quantity: 1}})
}

// changed recomputes what takes bids back, or ends early.
func (r *replay) changed(l deal.Line) error {
	if err := deal.OnlyKeys(l, l.Body, "act", "of", "all", "reason", "after"); err != nil {
		return err
	}
	act, _ := l.Body["act"].(string)
	reason, _ := l.Body["reason"].(string)
	e := deal.Entry{Account: l.Who, Role: deal.Member, Act: deal.Act(act), Reason: deal.Reason(reason)}
	switch e.Act {
	case deal.Retract:
	case deal.CancelBid:
		of, _ := l.Body["of"].(int64)
		e.Role, e.Values = deal.Owner, CancelBid{Pseudonym: r.makerOf(of)}
	case deal.EndEarly:
		e.Role = deal.Owner
	default:
		return deal.Wrong(l.Seq, "nothing of an auction changes by %q", act)
	}
	if (e.Role == deal.Owner) != (l.Who == "owner") {
		return deal.Wrong(l.Seq, "%s by %s", act, l.Who)
	}
	return r.enter(l, e)
}

// makerOf is whose bid a line is, while it stands.
func (r *replay) makerOf(line int64) string {
	for _, s := range r.crowd {
		for _, b := range bidsOf(&s).List {
			if b.Seq == line {
				return s.Pseudonym
			}
		}
	}
	return ""
}

// enter lets the rule itself decide an entry, and holds its line against the log's.
func (r *replay) enter(l deal.Line, e deal.Entry) error {
	r.view.Terms = r.terms
	fx, err := Mechanism{}.Enter(r.view, e)
	if err != nil {
		return deal.Wrong(l.Seq, "the rule refuses it: %v", err)
	}
	want, err := deal.Canonical(fx.Lines[0].Body)
	if err != nil {
		return err
	}
	got, err := deal.Canonical(l.Body)
	if err != nil {
		return err
	}
	if !bytes.Equal(want, got) {
		return deal.Wrong(l.Seq, "should be %s", want)
	}
	for _, s := range fx.Others {
		r.keep(s)
	}
	if fx.State != nil {
		r.state = fx.State.(*State)
	}
	r.ended = fx.Decision != nil
	return nil
}

// same holds a line's `after` against the recomputed one.
func same(l deal.Line, after deal.Body) error {
	want, err := deal.Canonical(after)
	if err != nil {
		return err
	}
	got, err := deal.Canonical(l.Body["after"])
	if err != nil || !bytes.Equal(want, got) {
		return deal.Wrong(l.Seq, "after should be %s", want)
	}
	return nil
}

// checkResult says whether the replayed auction ends as decided.
func (r *replay) checkResult(d deal.Decision) error {
	want := deal.Decision{Result: deal.ResultFailed, Reason: deal.NoEntries}
	switch {
	case r.ended || r.state.hasLeader() && r.state.Met:
		want = *r.state.sold()
	case r.state.hasLeader():
		want.Reason = deal.ReserveNotMet
	}
	if d.Result != want.Result || d.Reason != want.Reason || d.Result == deal.Sold && d.UnitPrice != want.UnitPrice {
		return deal.Wrong(0, "the result should be %s %s at %d", want.Result, want.Reason, want.UnitPrice)
	}
	return nil
}

// deadline is when the auction may close.
func (r *replay) deadline() time.Time { return r.view.ClosesAt }
