package fixed

import (
	"bytes"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// Audit replays a log through the rule itself: every purchase, payment, lapse and end must be one that the rule takes
// and lead to the line as written, stock included, and the listing must end as the rule says.
func (Mechanism) Audit(t *deal.Transcript) error {
	r, err := newReplay(t)
	if err != nil {
		return err
	}
	for _, l := range t.Lines[1:t.End] {
		if r.decision != nil {
			return deal.Wrong(l.Seq, "the listing had ended before this line")
		}
		if err := r.line(l); err != nil {
			return err
		}
	}
	return r.closing()
}

// replay is a listing in the course of its audit. Buyers go by their pseudonyms.
type replay struct {
	t        *deal.Transcript
	terms    *Terms
	view     deal.View // of the next line
	state    *State
	buyers   map[string]*deal.Standing
	buyerOf  map[int64]string // by the seq of a purchase
	lapsed   map[int64]bool   // purchases that lapse somewhere in the log
	decision *deal.Decision
}

func newReplay(t *deal.Transcript) (*replay, error) {
	given := &Terms{}
	if p, ok := t.Terms["price"].(int64); ok {
		given.Price = money.Amount(p)
	}
	if n, ok := t.Terms["quantity"].(int64); ok {
		given.Quantity = &n
	}
	f := deal.Frame{Deal: t.Deal, Owner: "owner", Currency: t.Currency, OpenedAt: t.OpenedAt, ClosesAt: t.ClosesAt, Terms: given}
	terms, err := Mechanism{}.Check(f)
	if err != nil {
		return nil, deal.Wrong(0, "impossible terms: %v", err)
	}
	r := &replay{t: t, terms: terms.(*Terms), buyers: map[string]*deal.Standing{}, buyerOf: map[int64]string{}, lapsed: map[int64]bool{}}
	if !sameBody(r.terms.logged(), t.Terms) {
		return nil, deal.Wrong(0, "terms are not written so")
	}
	f.Terms = r.terms
	r.state = &State{Left: r.terms.quantity()}
	r.view = deal.View{Frame: f}
	for _, l := range t.Lines[:t.End] {
		if of, ok := l.Body["of"].(int64); ok && l.Kind == deal.Changed && l.Body["act"] == string(deal.Lapse) {
			r.lapsed[of] = true
		}
	}
	return r, nil
}

// line replays one line through the act that wrote it.
func (r *replay) line(l deal.Line) error {
	act, _ := l.Body["act"].(string)
	var e deal.Entry
	switch {
	case l.Kind == deal.Entered && act == string(deal.Buy):
		e = readBuy(l)
	case l.Kind == deal.Changed && act == string(deal.Lapse):
		e = r.readLapse(l)
	case l.Kind == deal.Changed && act == string(deal.EndEarly):
		e = readEndEarly(l)
		if c := r.view.ClosesAt; !c.IsZero() && !l.At.Before(c) {
			return deal.Wrong(l.Seq, "ended early after its deadline")
		}
	case l.Kind == deal.Awarded:
		e = r.readAwarded(l)
	default:
		return deal.Wrong(l.Seq, "a listing has no line %s %q", l.Kind, act)
	}
	return r.enter(l, e)
}

// enter replays an entry and holds the line that it writes against the line as written.
func (r *replay) enter(l deal.Line, e deal.Entry) error {
	v := r.view
	v.Now, v.Seq, v.Who, v.State, v.Own = l.At, l.Seq, who(e), r.state, r.buyers[e.Account]
	fx, err := Mechanism{}.Enter(v, e)
	if err != nil {
		return deal.Wrong(l.Seq, "the rule refuses this: %v", err)
	}
	if want := fx.Lines[0]; want.Who != l.Who || want.Kind != l.Kind || !sameBody(want.Body, l.Body) {
		return deal.Wrong(l.Seq, "the rule writes %s %s", want.Who, canonical(want.Body))
	}
	r.apply(l, e, fx)
	return nil
}

func (r *replay) apply(l deal.Line, e deal.Entry, fx deal.Effects) {
	if fx.State != nil {
		r.state = fx.State.(*State)
	}
	if fx.Own != nil {
		r.buyers[fx.Own.Account] = fx.Own
	}
	if e.Act == deal.Buy {
		r.buyerOf[l.Seq] = l.Who
	}
	if !fx.ClosesAt.IsZero() {
		r.view.ClosesAt = fx.ClosesAt
	}
	r.decision = fx.Decision
}

// who is how the log names the maker of a replayed entry.
func who(e deal.Entry) string {
	switch e.Role {
	case deal.Owner:
		return "owner"
	case deal.Site:
		return "site"
	}
	return e.Account
}

// sameBody says whether two bodies have one canonical form.
func sameBody(a, b deal.Body) bool {
	x, err1 := deal.Canonical(a)
	y, err2 := deal.Canonical(b)
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}

func canonical(b deal.Body) string {
	raw, err := deal.Canonical(b)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}
