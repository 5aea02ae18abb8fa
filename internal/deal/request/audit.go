package request

import (
	"bytes"

	"haggle/internal/deal"
)

// Audit replays a log through the rule itself: every quote must be one that the rule takes, lead to the `after` as
// written, and the closing must open, award and end as the rule does. Where committed values are not opened (an open
// log, a cancelled request, one with too few quotes), only what does not rest on them is checked.
func (Mechanism) Audit(t *deal.Transcript) error {
	r, err := newReplay(t)
	if err != nil {
		return err
	}
	i := 1
	for ; i < t.End && t.Lines[i].Kind == deal.Entered; i++ {
		if err := r.quote(t.Lines[i]); err != nil {
			return err
		}
	}
	return r.closing(i)
}

// replay is a request in the course of its audit. Sellers go by their pseudonyms.
type replay struct {
	t        *deal.Transcript
	terms    *Terms
	view     deal.View // of the next entry
	state    *State
	crowd    []deal.Standing
	index    map[string]int // of the crowd, by pseudonym
	decision *deal.Decision // the last quote won at once
	secrets  []commitment   // of the log, in its order
	known    bool           // all of them are opened
}

// commitment is a secret as the log hides it.
type commitment struct {
	of    int64
	field string
}

// newReplay reads the terms and finds what the log commits to.
func newReplay(t *deal.Transcript) (*replay, error) {
	r := &replay{t: t, state: &State{}, index: map[string]int{}}
	for _, f := range []string{fieldFloor, fieldNamedPrice} {
		r.note(0, t.Terms, f)
	}
	for _, l := range t.Lines[:t.End] {
		if l.Kind == deal.Entered {
			r.note(l.Seq, l.Body, fieldUnitPrice)
		}
	}
	r.known = true
	for _, c := range r.secrets {
		_, opened := t.Reveal(c.of, c.field)
		r.known = r.known && opened
	}
	err := r.readTerms()
	r.view = deal.View{Frame: r.frame(r.terms), State: r.state}
	return r, err
}

func (r *replay) note(line int64, b deal.Body, field string) {
	if isCommitment(b[field]) {
		r.secrets = append(r.secrets, commitment{of: line, field: field})
	}
}

// isCommitment says whether a value of a log is {"c": hash}.
func isCommitment(v any) bool {
	b, ok := v.(deal.Body)
	c, isString := b["c"].(string)
	return ok && isString && len(b) == 1 && len(c) == len(deal.ZeroHash)
}

func (r *replay) frame(t *Terms) deal.Frame {
	return deal.Frame{Deal: r.t.Deal, Owner: "owner", Currency: r.t.Currency, OpenedAt: r.t.OpenedAt, ClosesAt: r.t.ClosesAt, Terms: t}
}

// sameBody says whether two bodies have one canonical form.
func sameBody(a, b deal.Body) bool {
	x, err1 := deal.Canonical(a)
	y, err2 := deal.Canonical(b)
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}
