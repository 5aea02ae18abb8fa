package market

import (
	"context"
	"strings"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/fault"
)

// saltsPerDeal is how many secrets the terms of a deal can have.
const saltsPerDeal = 3

// opening is a deal on its way from its form to the engine.
type opening struct {
	kind    deal.Kind
	about   About
	until   Until
	open    bool // may stay open without an end
	longest time.Duration
	terms   any
	check   func(c *fault.Collect) // the form's own fields
}

// openDeal checks a form, all its fields at once, and opens the deal under the request's key.
func (m *Market) openDeal(ctx context.Context, a Actor, k Key, o opening) (DealView, bool, error) {
	if err := m.begins(ctx, a); err != nil {
		return DealView{}, false, err
	}
	var c fault.Collect
	m.checkAbout(&c, o.about)
	at, length := m.checkUntil(&c, o.until, o.open, o.longest)
	o.check(&c)
	if err := c.Err(); err != nil {
		return DealView{}, false, err
	}
	photos, err := m.dealPhotos(ctx, o.about.Photos)
	if err != nil {
		return DealView{}, false, err
	}
	return once(ctx, m, a, k, m.tradePermit(a, ScopeTrade), func(key *engine.Key) (DealView, error) {
		return m.open(ctx, a, key, o, photos, at, length)
	})
}

func (m *Market) open(ctx context.Context, a Actor, key *engine.Key, o opening, photos []engine.Photo, at time.Time, length time.Duration) (v DealView, err error) {
	d := m.newDeal(a, o, photos)
	if d.About, err = deal.About(deal.Offered{Title: d.Title, Description: d.Description, Category: d.Category, Condition: d.Condition,
		Attributes: d.Attributes, Photos: o.about.Photos}); err != nil {
		return v, fault.Invalidf("attributes", "%v", err)
	}
	owner, err := m.person(ctx, a.Account)
	if err != nil {
		return v, err
	}
	_, err = m.eng.Open(ctx, engine.Opening{Deal: d, ClosesAt: at, Duration: length, Terms: o.terms, Salts: deal.NewSalts(saltsPerDeal),
		Within: func(ctx context.Context, d engine.Deal, secrets []deal.Secret) error {
			if err := m.usePhotos(ctx, o.about.Photos); err != nil {
				return err
			}
			if err := m.useDraft(ctx, a.Account, o.about.Draft); err != nil {
				return err
			}
			if v, err = m.openedView(a, d, owner, secrets); err != nil {
				return err
			}
			return m.keep(ctx, key, m.Now(), v)
		}})
	return v, err
}

func (m *Market) newDeal(a Actor, o opening, photos []engine.Photo) engine.Deal {
	return engine.Deal{ID: engine.NewID(), Kind: o.kind, Owner: a.Account, FeeBasis: m.cfg.FeeBasis,
		Particulars: engine.Particulars{Title: strings.TrimSpace(o.about.Title), Description: o.about.Description, Category: o.about.Category,
			Condition: o.about.Condition, Attributes: o.about.Attributes, Photos: photos, Delivery: o.about.Delivery}}
}

// openedView is the answer to an opening: the deal with its owner's secrets and their salts, shown once.
func (m *Market) openedView(a Actor, d engine.Deal, owner PersonView, secrets []deal.Secret) (DealView, error) {
	v, err := m.dealView(d, owner)
	if err != nil {
		return v, err
	}
	v.Me = m.meIn(a, d, nil, v.Public)
	v.Me.Secrets = secrets
	return v, m.addOwnerSecrets(d, v.Me)
}
