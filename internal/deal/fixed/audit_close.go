package fixed

import (
	"haggle/internal/deal"
)

// closing checks how and when the listing ended.
func (r *replay) closing() error {
	t := r.t
	if !t.IsClosed() {
		return nil
	}
	if len(t.Lines) > t.End+1 {
		return deal.Wrong(int64(t.End+1), "nothing follows the closing of a listing")
	}
	l := t.Lines[t.End]
	var err error
	if l.Body["result"] == string(deal.ResultCancel) {
		err = r.cancelled(l)
	} else {
		err = r.ended(l)
	}
	if err != nil {
		return err
	}
	out, err := Mechanism{}.Unfold(r.view, *r.decision, deal.History{})
	if err != nil || !sameBody(out.Closed, l.Body) {
		return deal.Wrong(l.Seq, "the rule closes with %s", canonical(out.Closed))
	}
	return nil
}

// cancelled replays a cancellation: its reason says whether a moderator or the owner called the listing off.
func (r *replay) cancelled(l deal.Line) error {
	reason, _ := l.Body["reason"].(string)
	e := deal.Entry{Role: deal.Owner, Act: deal.Cancel, Reason: deal.Reason(reason)}
	if e.Reason == deal.ByModerator {
		e.Role = deal.Moderator
	}
	if c := r.view.ClosesAt; r.decision != nil || !c.IsZero() && !l.At.Before(c) {
		return deal.Wrong(l.Seq, "too late to cancel")
	}
	fx, err := enterCancel(r.state, e)
	if err != nil {
		return deal.Wrong(l.Seq, "the rule refuses this: %v", err)
	}
	r.decision = fx.Decision
	return nil
}

// ended checks the time of any other end: with the line that ended the listing, or from its deadline on with nothing
// left to be paid.
func (r *replay) ended(l deal.Line) error {
	c := r.view.ClosesAt
	switch {
	case r.decision != nil:
		if !l.At.Equal(r.t.Lines[r.t.End-1].At) {
			return deal.Wrong(l.Seq, "the last payment closes the listing at its own time")
		}
		return nil
	case c.IsZero() || l.At.Before(c):
		return deal.Wrong(l.Seq, "closed before its deadline")
	case r.state.Unpaid > 0:
		return deal.Wrong(l.Seq, "closed while %d pieces may still be paid", r.state.Unpaid)
	}
	d := r.state.decide()
	r.decision = &d
	return nil
}
