package market

import (
	"context"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/money"
)

// Deal shows a deal as the reader may see it, as the store has it now.
func (m *Market) Deal(ctx context.Context, a Actor, id string) (DealView, error) {
	began := m.shelf.clock()
	doc, err := m.dealOf(ctx, id)
	if err != nil {
		return DealView{}, err
	}
	d := m.shelf.checked(doc, began)
	views, err := m.dealViews(ctx, a, []*seenDeal{d})
	if err != nil {
		return DealView{}, err
	}
	v := views[0]
	if v.Outcome, err = m.outcome(ctx, a, d.Deal); err != nil {
		return DealView{}, err
	}
	return v, m.addMine(ctx, a, d.Deal, &v)
}

// dealViews shows deals as a list does: without outcome, with what the reader has in each.
func (m *Market) dealViews(ctx context.Context, a Actor, deals []*seenDeal) ([]DealView, error) {
	owners := make([]string, len(deals))
	for i, d := range deals {
		owners[i] = d.Owner
	}
	people, err := m.people(ctx, owners)
	if err != nil {
		return nil, err
	}
	var mine []*deal.Standing
	if !a.Guest() {
		if mine, err = m.standingsIn(ctx, a.Account, deals); err != nil {
			return nil, err
		}
	}
	now := m.Now()
	out := make([]DealView, len(deals))
	for i, d := range deals {
		lasting, err := d.lasting(m)
		if err != nil {
			return nil, err
		}
		out[i] = *lasting
		m.atNow(&out[i], &d.Deal, people[d.Owner], now)
		if !a.Guest() {
			out[i].Me = m.meIn(a, d.Deal, mine[i], out[i].Public)
		}
	}
	return out, nil
}

// dealView is the public part of a deal.
func (m *Market) dealView(d engine.Deal, owner PersonView) (DealView, error) {
	v, err := m.lastingView(d)
	m.atNow(&v, &d, owner, m.Now())
	return v, err
}

// atNow adds to a view what does not come from its deal alone: the time, what reads by it, and the owner's face.
func (m *Market) atNow(v *DealView, d *engine.Deal, owner PersonView, now time.Time) {
	v.Now, v.Status, v.Owner = At(now), d.StatusAt(now), owner
}

// lastingView is what one version of a deal says, whenever it is read. What it points at is shared and never changed.
func (m *Market) lastingView(d engine.Deal) (DealView, error) {
	p, err := m.eng.Public(d)
	if err != nil {
		return DealView{}, err
	}
	p.Entries = d.Entered
	v := DealView{ID: d.ID, Kind: d.Kind, URL: m.dealURL(d.ID), Title: d.Title, Description: d.Description,
		Category: d.Category, Condition: d.Condition, Attributes: d.Attributes, Photos: m.photoViews(d.Photos), Delivery: d.Delivery,
		Currency: d.Currency, FeeBasis: d.FeeBasis, OpenedAt: At(d.OpenedAt), Seq: d.Seq, Version: d.Version, Public: p}
	if d.Kind == deal.English || d.Kind == deal.Fixed {
		v.Format = string(d.Kind)
	}
	if d.ClosesAt != nil {
		v.ClosesAt = AtOrNil(*d.ClosesAt)
	}
	return v, nil
}

// lasting is lastingView, made once for a version.
func (d *seenDeal) lasting(m *Market) (*DealView, error) {
	return d.view.get(func() (DealView, error) { return m.lastingView(d.Deal) })
}

// dealURL is the page of a deal.
func (m *Market) dealURL(id string) string { return "/deals/" + id }

// personal is what a mechanism's standing tells its own maker; each mechanism's standing knows how.
type personal interface {
	Mine(p deal.Public, s deal.Standing) deal.Mine
}

// meIn is what a reader has in a deal; nil where he has nothing.
func (m *Market) meIn(a Actor, d engine.Deal, s *deal.Standing, p deal.Public) *MeInDeal {
	if a.Account == d.Owner {
		me := &MeInDeal{Role: "owner", Active: true}
		if s != nil && s.Hold > 0 {
			me.Hold = &s.Hold
		}
		return me
	}
	if s == nil {
		return nil
	}
	me := &MeInDeal{Pseudonym: s.Pseudonym, Role: "member", Active: s.Active}
	if s.Hold > 0 {
		me.Hold = &s.Hold
	}
	if values, ok := s.Values.(personal); ok {
		me.add(values.Mine(p, *s))
	}
	return me
}

func (me *MeInDeal) add(x deal.Mine) {
	me.Leading, me.Maximum, me.Minimum = x.Leading, x.Maximum, x.Minimum
	me.UnitPrice, me.Quantity, me.Tolerance, me.Ceiling, me.Rank = x.UnitPrice, x.Quantity, x.Tolerance, x.Ceiling, x.Rank
	me.Backup = x.Backup
}

// addMine adds what only a deal's own page shows: the owner's secrets, the reader's rank and orders.
func (m *Market) addMine(ctx context.Context, a Actor, d engine.Deal, v *DealView) error {
	if v.Me == nil {
		return nil
	}
	if a.Account == d.Owner {
		return m.addOwnerSecrets(d, v.Me)
	}
	if v.Status == deal.Settled && d.Kind == deal.English {
		if err := m.addChance(ctx, a, d, v.Me); err != nil {
			return err
		}
	}
	if v.Rule == "open" && v.Me.Active && v.Me.UnitPrice != nil {
		if err := m.addRank(ctx, a, d, v.Me); err != nil {
			return err
		}
	}
	return m.addOrders(ctx, a, d, v.Me)
}

// owned is what a mechanism's terms tell the owner alone.
type owned interface{ OwnerSecrets() deal.OwnerSecrets }

func (m *Market) addOwnerSecrets(d engine.Deal, me *MeInDeal) error {
	terms, err := m.eng.Terms(d)
	if err != nil {
		return err
	}
	if t, ok := terms.(owned); ok {
		s := t.OwnerSecrets()
		me.Reserve, me.NamedPrice, me.Floor = s.ReservePrice, s.NamedPrice, s.Floor
	}
	return nil
}

// addRank counts the standing quotes below one's own; equal ones that came earlier rank better.
func (m *Market) addRank(ctx context.Context, a Actor, d engine.Deal, me *MeInDeal) error {
	crowd, err := m.eng.Crowd(ctx, d.ID)
	if err != nil {
		return err
	}
	var own deal.Standing
	for _, s := range crowd {
		if s.Account == a.Account {
			own = s
		}
	}
	rank := int64(1)
	for _, s := range crowd {
		price := quotedPrice(s)
		if s.Active && s.Account != a.Account && price != nil && (*price < *me.UnitPrice || *price == *me.UnitPrice && s.Seq < own.Seq) {
			rank++
		}
	}
	me.Rank = &rank
	return nil
}

func quotedPrice(s deal.Standing) *money.Amount {
	if values, ok := s.Values.(personal); ok {
		return values.Mine(deal.Public{}, s).UnitPrice
	}
	return nil
}

// addOrders lists the reader's orders from this deal.
func (m *Market) addOrders(ctx context.Context, a Actor, d engine.Deal, me *MeInDeal) error {
	ids, err := m.eng.OrdersOf(ctx, d.ID, a.Account)
	me.Orders = ids
	return err
}

// outcomeAwards is how many awards an outcome shows; the rest is paged.
const outcomeAwards = 100

func (m *Market) outcome(ctx context.Context, a Actor, d engine.Deal) (*OutcomeView, error) {
	if d.Decision == nil {
		return nil, nil
	}
	x := d.Decision
	v := &OutcomeView{Result: x.Result, Reason: x.Reason, Tier: x.Tier, Pieces: x.Pieces, AwardCount: x.Awards}
	if x.UnitPrice > 0 {
		v.UnitPrice = &x.UnitPrice
	}
	page, err := m.awards(ctx, a, d, outcomeAwards, "")
	if err != nil {
		return nil, err
	}
	v.Awards, v.Next = page.Items, page.Next
	return v, nil
}

// Awards pages through the awards of a deal, by rank.
func (m *Market) Awards(ctx context.Context, a Actor, dealID, cursor string) (Page[AwardView], error) {
	d, err := m.dealOf(ctx, dealID)
	if err != nil {
		return Page[AwardView]{}, err
	}
	return m.awards(ctx, a, d, outcomeAwards, cursor)
}

func (m *Market) awards(ctx context.Context, a Actor, d engine.Deal, limit int, cursor string) (Page[AwardView], error) {
	rows, err := m.eng.Awards(ctx, d.ID, limit, cursor)
	if err != nil {
		return Page[AwardView]{}, badCursor(err)
	}
	page := Page[AwardView]{Items: make([]AwardView, len(rows.Docs)), Next: rows.Next}
	for i, r := range rows.Docs {
		page.Items[i] = AwardView{To: r.To, Quantity: r.Quantity, UnitPrice: r.UnitPrice, Total: r.Total}
		if !a.Guest() && (a.Account == r.Account || a.Account == d.Owner) {
			page.Items[i].Order, page.Items[i].Mine = r.Order, a.Account == r.Account
		}
	}
	return page, nil
}
