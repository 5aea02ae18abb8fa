package request

import (
	"haggle/internal/deal"
)

// closing checks the lines from index i on: what is opened, who gets what, how and when the request ended. In an open
// log they may stop anywhere.
func (r *replay) closing(i int) error {
	t := r.t
	if t.IsClosed() && len(t.Lines) > t.End+1 {
		return deal.Wrong(int64(t.End+1), "nothing follows the closing of a request")
	}
	if i == len(t.Lines) {
		return nil
	}
	if t.Lines[i].Kind == deal.Changed {
		return deal.Wrong(int64(i), "nothing of a request changes")
	}
	if t.IsClosed() && text(t.ClosedBody(), "result") == string(deal.ResultCancel) {
		return r.cancelled(i)
	}
	first := i
	i, err := r.revealed(i)
	if err != nil || i == len(t.Lines) {
		return err
	}
	if err := r.decide(first); err != nil {
		return err
	}
	return r.awarded(i)
}

// cancelled checks a cancellation: it opens nothing, awards nothing and comes before the deadline.
func (r *replay) cancelled(i int) error {
	l, reason := r.t.Lines[i], deal.Reason(text(r.t.ClosedBody(), "reason"))
	role := deal.Owner
	if reason == deal.ByModerator {
		role = deal.Moderator
	}
	inviting := *r.terms
	inviting.Binding = false // the log does not say
	fx, err := enterCancel(&inviting, r.state, deal.Entry{Role: role, Act: deal.Cancel, Reason: reason})
	switch {
	case i != r.t.End:
		return deal.Wrong(l.Seq, "a cancelled request opens and awards nothing")
	case r.decision != nil || !l.At.Before(r.view.ClosesAt):
		return deal.Wrong(l.Seq, "too late to cancel")
	case err != nil || !sameBody(closedBody(*fx.Decision), l.Body):
		return deal.Wrong(l.Seq, "a cancellation is not written so")
	}
	return nil
}

// decide finds the decision that the closing, from index i on, must follow, and checks its time.
func (r *replay) decide(i int) error {
	l := r.t.Lines[i]
	switch pick, picked := r.picked(i); {
	case r.decision != nil:
		if !l.At.Equal(r.t.Lines[i-1].At) {
			return deal.Wrong(l.Seq, "a quote that wins at once closes the request at its own time")
		}
		return nil
	case picked:
		if !l.At.Before(r.view.ClosesAt) {
			return deal.Wrong(l.Seq, "the buyer chose after the deadline")
		}
		return r.choose(pick, l.Seq)
	case l.At.Before(r.view.ClosesAt):
		return deal.Wrong(l.Seq, "closed before closesAt %s", deal.FormatTime(r.view.ClosesAt))
	}
	d := decide(r.terms, r.state, r.crowd)
	r.decision = &d
	return nil
}

// picked is the quote that the buyer chose, by the pseudonym of its seller, where the closing awards one under choice.
func (r *replay) picked(i int) (who string, ok bool) {
	if r.terms.Rule != RuleChoice {
		return "", false
	}
	for _, l := range r.t.Lines[i:r.t.End] {
		if l.Kind == deal.Awarded {
			return text(l.Body, "to"), true
		}
	}
	return "", false
}

func (r *replay) choose(who string, line int64) error {
	v := r.view
	v.Crowd = r.crowd
	c := Choose{Quote: who, Reason: text(r.t.ClosedBody(), "reason")}
	fx, err := enterChoice(v, r.terms, r.state, deal.Entry{Role: deal.Owner, Act: deal.Choose, Values: c})
	if err != nil {
		return deal.Wrong(line, "the rule refuses this choice: %v", err)
	}
	r.state, r.decision = fx.State.(*State), fx.Decision
	return nil
}

// revealed checks that exactly what must be opened is opened, from index i on, and gives the index after it.
func (r *replay) revealed(i int) (next int, err error) {
	t, want := r.t, r.secrets
	if r.state.Sellers < r.terms.minimumQuotes() {
		want = nil
	}
	for ; i < len(t.Lines) && t.Lines[i].Kind == deal.Revealed; i++ {
		b := t.Lines[i].Body
		if len(want) == 0 || b["of"] != want[0].of || b["field"] != want[0].field {
			return i, deal.Wrong(t.Lines[i].Seq, "opens what is not its turn to be opened")
		}
		want = want[1:]
	}
	if i < len(t.Lines) && len(want) > 0 {
		return i, deal.Wrong(t.Lines[i].Seq, "%s of line %d is not opened", want[0].field, want[0].of)
	}
	return i, nil
}

// awarded checks the awards and the result, from index i on, against the decision unfolded.
func (r *replay) awarded(i int) error {
	v := r.view
	v.State, v.Crowd = r.state, r.crowd
	out, err := Mechanism{}.Unfold(v, *r.decision, deal.History{})
	if err != nil {
		return deal.Wrong(r.t.Lines[i].Seq, "%v", err)
	}
	for _, a := range out.Awards {
		if i == len(r.t.Lines) {
			return nil
		}
		l := r.t.Lines[i]
		want := deal.Body{"to": a.Pseudonym, "quantity": a.Quantity, "unitPrice": a.UnitPrice, "total": a.Total}
		if l.Kind != deal.Awarded || !sameBody(want, l.Body) {
			return deal.Wrong(l.Seq, "the rule awards %s", canonical(want))
		}
		i++
	}
	if i == len(r.t.Lines) {
		return nil
	}
	if l := r.t.Lines[i]; l.Kind != deal.Closed || !sameBody(out.Closed, l.Body) {
		return deal.Wrong(l.Seq, "the rule closes with %s", canonical(out.Closed))
	}
	return nil
}
