package market

import (
	"context"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/fault"
)

// tryDeal makes the deal of a form as everybody would see it, and opens nothing: it has neither id nor address. What is
// wrong is refused at once, the form's own fields and those that only the rule judges together. A guest may try, too.
func (m *Market) tryDeal(ctx context.Context, a Actor, o opening) (DealView, error) {
	var c fault.Collect
	m.checkAbout(&c, o.about)
	at, length := m.checkUntil(&c, o.until, o.open, o.longest)
	o.check(&c)
	photos, err := m.dealPhotos(ctx, o.about.Photos)
	if err != nil {
		return DealView{}, err
	}
	d, err := m.eng.Draft(m.triedOpening(a, o, photos, at, length))
	if err := alsoWrong(c.Err(), err); err != nil {
		return DealView{}, err
	}
	var owner PersonView
	if !a.Guest() {
		if owner, err = m.person(ctx, a.Account); err != nil {
			return DealView{}, err
		}
	}
	v, err := m.dealView(d, owner)
	v.ID, v.URL, v.Seq = "", "", 0
	return v, err
}

// triedOpening is judged by its rule also where it has no end yet: then as if it ran as long as it may.
func (m *Market) triedOpening(a Actor, o opening, photos []engine.Photo, at time.Time, length time.Duration) engine.Opening {
	if at.IsZero() && length == 0 && !o.open || !at.IsZero() && !at.After(m.Now()) {
		at, length = time.Time{}, o.longest
	}
	return engine.Opening{Deal: m.newDeal(a, o, photos), ClosesAt: at, Duration: length, Terms: o.terms, Salts: deal.NewSalts(saltsPerDeal)}
}

// alsoWrong joins what the form and what the rule found wrong.
func alsoWrong(form, rule error) error {
	if form == nil || rule == nil || !fault.Is(rule, fault.CodeInvalid) {
		if form != nil {
			return form
		}
		return rule
	}
	both := *fault.From(form)
	both.Fields = append(both.Fields[:len(both.Fields):len(both.Fields)], fault.From(rule).Fields...)
	return &both
}
