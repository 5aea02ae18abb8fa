package english

import (
	"slices"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// noneKept says that no maximum is assumed: no line has this number.
const noneKept = int64(-1)

// replay recomputes an auction from its log's lines and the values of its maxima. Accounts are not public: bidders go
// by their pseudonyms.
type replay struct {
	view   deal.View // ClosesAt is the deadline in force
	terms  *Terms
	state  *State
	values map[int64]int64 // maxima by line
	kept   int64           // the line whose maximum is assumed: it is not held against the minimum
	crowd  []deal.Standing
	index  map[string]int // of the crowd, by pseudonym
	ended  bool           // by a purchase, or early
}

func newReplay(f deal.Frame, t *Terms, values map[int64]int64, kept int64) *replay {
	f.Owner, f.Terms = "owner", t
	return &replay{view: deal.View{Frame: f}, terms: t, state: &State{}, values: values, kept: kept, index: map[string]int{}}
}

func (r *replay) run(entries []deal.Line) error {
	for _, l := range entries {
		if err := r.step(l); err != nil {
			return err
		}
	}
	return nil
}

// step recomputes one line of the log and holds it against what is written.
func (r *replay) step(l deal.Line) error {
	if r.ended {
		return deal.Wrong(l.Seq, "the auction had ended")
	}
	act, err := actOf(l)
	if err != nil {
		return err
	}
	r.view.Now, r.view.Seq, r.view.Who, r.view.State, r.view.Crowd = l.At, l.Seq, l.Who, r.state, r.crowd
	r.view.Own = r.standing(l.Who)
	if act == deal.Bid {
		return r.bid(l)
	}
	return r.enter(l, r.entry(l, act))
}

func (r *replay) standing(who string) *deal.Standing {
	if i, ok := r.index[who]; ok {
		return &r.crowd[i]
	}
	return nil
}

// keep puts a standing into the crowd, in the place of the bidder's last one.
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
	maximum, ok := r.values[l.Seq]
	if !ok {
		return deal.Wrong(l.Seq, "its maximum is not opened")
	}
	one := One{Seq: l.Seq, Max: money.Amount(maximum), At: l.At, Counts: l.Body["counts"] == nil}
	if l.Seq != r.kept {
		if err := judge(r.view.Currency, one.Max, r.terms.leastFor(r.state, l.Who, r.view.Currency)); err != nil {
			return deal.Wrong(l.Seq, "the rule refuses a maximum of %d: %v", one.Max, err)
		}
	}
	next := r.state
	if one.Counts {
		next = r.terms.withBid(r.state, l.Who, l.Who, l.Seq, one.Max)
	}
	after := next.after()
	if at := r.terms.extended(r.view, r.state, next); !at.IsZero() {
		after["closesAt"], r.view.ClosesAt = deal.FormatTime(at), at
	}
	if !same(after, l.Body["after"]) {
		return deal.Wrong(l.Seq, "after should be %s", canonical(after))
	}
	r.keep(deal.Standing{Account: l.Who, Pseudonym: l.Who, Seq: l.Seq, At: l.At, Active: true, Values: bidsOf(r.view.Own).with(one, false)})
	r.state = next
	return nil
}

// entry is the entry that led to a line.
func (r *replay) entry(l deal.Line, act deal.Act) deal.Entry {
	e := deal.Entry{Account: l.Who, Role: deal.Member, Act: act, Reason: deal.Reason(text(l.Body, "reason"))}
	switch act {
	case deal.Buy:
		e.Values, r.view.Available = Buy{Quantity: 1}, money.Max
	case deal.CancelBid:
		e.Role, e.Values = deal.Owner, CancelBid{Pseudonym: r.makerOf(l.Body["of"])}
	case deal.EndEarly:
		e.Role = deal.Owner
	}
	return e
}

// makerOf is whose bid a line is, while it stands.
func (r *replay) makerOf(line any) string {
	seq, _ := line.(int64)
	i := slices.IndexFunc(r.crowd, func(s deal.Standing) bool {
		return slices.ContainsFunc(bidsOf(&s).List, func(b One) bool { return b.Seq == seq })
	})
	if i < 0 {
		return ""
	}
	return r.crowd[i].Pseudonym
}

// enter lets the rule itself decide an entry, and holds its line against the log's.
func (r *replay) enter(l deal.Line, e deal.Entry) error {
	fx, err := Mechanism{}.Enter(r.view, e)
	if err != nil {
		return deal.Wrong(l.Seq, "the rule refuses it: %v", err)
	}
	if want := fx.Lines[0].Body; !same(want, l.Body) {
		return deal.Wrong(l.Seq, "should be %s", canonical(want))
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

// decision is what the replayed auction ends with.
func (r *replay) decision() deal.Decision {
	if r.ended {
		return *r.state.sold()
	}
	return r.state.decision()
}

// checkResult says whether the replayed auction ends as decided.
func (r *replay) checkResult(d deal.Decision) error {
	want := r.decision()
	if d.Result != want.Result || d.Reason != want.Reason || d.UnitPrice != want.UnitPrice {
		return deal.Wrong(0, "the result should be %s %s at %d", want.Result, want.Reason, want.UnitPrice)
	}
	return nil
}
