package market

import (
	"context"
	"errors"
	"slices"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/money"
	"haggle/internal/search"
	"haggle/internal/store"
)

// indexedAtOnce is how many deals are read and put into the search copy together.
const indexedAtOnce = 200

// Search finds deals: open ones, unless the input says otherwise. When the search copy does not answer, the list comes
// from the store, by time alone, and says so (Stale).
//
// Which deals are found may be a second old, beside what the search copy is behind. What is shown of each is as new as
// this process knows it: its own changes at once, those of other processes within two seconds (see shelf). What reads by
// the clock is right at any moment.
func (m *Market) Search(ctx context.Context, a Actor, in SearchInput) (SearchView, error) {
	f, err := m.finder.find(ctx, in)
	if errors.Is(err, search.ErrUnavailable) || errors.Is(err, search.ErrUnbuilt) {
		return m.listFromStore(ctx, a, in)
	}
	if err != nil {
		return SearchView{}, err
	}
	deals, _, err := m.shelf.deals(ctx, f.ids)
	if err != nil {
		return SearchView{}, err
	}
	v := f.view()
	v.Items, err = m.dealViews(ctx, a, deals)
	return v, err
}

func searchQuery(in SearchInput) search.Query {
	q := search.Query{Text: in.Text, Whole: in.Whole, Kind: in.Kind, Category: in.Category, Condition: in.Condition, Owner: in.Owner,
		PriceMin: in.PriceMin, PriceMax: in.PriceMax, Sort: search.Sort(in.Sort), Limit: in.Limit, Cursor: in.Cursor}
	switch in.Status {
	case "":
	case "any":
		q.Status = []string{string(deal.Open), string(deal.Clearing), string(deal.Settled), string(deal.Failed), string(deal.Cancelled)}
	default:
		q.Status = []string{in.Status}
	}
	return q
}

// dealsByID reads deals; what is gone is left out.
func (m *Market) dealsByID(ctx context.Context, ids []string) (map[string]engine.Deal, error) {
	rows, err := m.eng.DealsByID(ctx, ids)
	byID := make(map[string]engine.Deal, len(rows))
	for _, d := range rows {
		byID[d.ID] = d
	}
	return byID, err
}

// dealsInOrder reads deals and keeps the order of their ids; what is gone is left out.
func (m *Market) dealsInOrder(ctx context.Context, ids []string) ([]engine.Deal, error) {
	byID, err := m.dealsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]engine.Deal, 0, len(ids))
	for _, id := range ids {
		if d, ok := byID[id]; ok {
			out = append(out, d)
		}
	}
	return out, nil
}

// listFromStore lists the newest deals of a status, without words or filters.
func (m *Market) listFromStore(ctx context.Context, a Actor, in SearchInput) (SearchView, error) {
	status := in.Status
	if status == "" || status == "any" {
		status = string(deal.Open)
	}
	page, err := m.eng.FindDeals(ctx, store.Query{Index: "status", Eq: []any{status}, Limit: max(1, in.Limit), After: in.Cursor})
	if err != nil {
		return SearchView{}, badCursor(err)
	}
	v := SearchView{Facets: map[string]map[string]int64{}, Next: page.Next, Stale: true}
	if v.Items, err = m.dealViews(ctx, a, seen(page.Docs...)); err == nil {
		v.Total = int64(len(v.Items))
	}
	return v, err
}

// badCursor turns a cursor that the store cannot read into a refusal.
func badCursor(err error) error {
	if errors.Is(err, store.ErrCursor) {
		return fault.Invalidf("cursor", "is not one that a list gave")
	}
	return err
}

// IndexDeals brings the search copies of deals up to date from the store, all in one go.
func (m *Market) IndexDeals(ctx context.Context, ids ...string) error {
	defer m.finder.changed()
	deals, err := m.eng.DealsByID(ctx, ids)
	if err != nil {
		return err
	}
	docs := make([]search.Document, len(deals))
	there := make(map[string]bool, len(deals))
	for i, d := range deals {
		if docs[i], err = m.document(d); err != nil {
			return err
		}
		there[d.ID] = true
	}
	var gone []string
	for _, id := range ids {
		if !there[id] {
			gone = append(gone, id)
		}
	}
	if len(gone) > 0 {
		if err := m.cfg.Search.Delete(ctx, gone...); err != nil {
			return err
		}
	}
	if len(docs) == 0 {
		return nil
	}
	if err := m.cfg.Search.Put(ctx, docs...); err != nil {
		return err
	}
	m.arrived.note(deals, m.Now())
	return nil
}

// Reindex fills the search copy anew from the store.
func (m *Market) Reindex(ctx context.Context) error {
	defer m.finder.changed()
	return m.cfg.Search.Rebuild(ctx, m.feed(ctx))
}

// CatchUpIndex brings those search copies of deals up to date whose changes were missed; the others are only looked at. A
// search copy that is not whole is filled anew.
func (m *Market) CatchUpIndex(ctx context.Context) error {
	err := m.cfg.Search.Ready(ctx)
	if errors.Is(err, search.ErrUnbuilt) {
		return m.Reindex(ctx)
	}
	if err != nil {
		return err
	}
	diff, err := m.CheckIndex(ctx)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(slices.Concat(diff.Missing, diff.Stale, diff.Extra), indexedAtOnce) {
		if err := m.IndexDeals(ctx, part...); err != nil {
			return err
		}
	}
	return nil
}

// CheckIndex says how the search copy differs from the store.
func (m *Market) CheckIndex(ctx context.Context) (search.Diff, error) {
	return m.cfg.Search.Check(ctx, m.feed(ctx))
}

// feed yields the search document of every deal.
func (m *Market) feed(ctx context.Context) search.Feed {
	return func(yield func(search.Document) error) error {
		return m.eng.EachDeal(ctx, func(d engine.Deal) error {
			doc, err := m.document(d)
			if err != nil {
				return err
			}
			return yield(doc)
		})
	}
}

// document is what the index knows of a deal: nothing that is not public.
func (m *Market) document(d engine.Deal) (search.Document, error) {
	p, err := m.eng.Public(d)
	if err != nil {
		return search.Document{}, err
	}
	doc := search.Document{ID: d.ID, Version: d.Version, Kind: string(d.Kind), Status: string(d.Status), Condition: d.Condition, Owner: d.Owner,
		Category: d.Category, CategoryPath: categoryPaths[d.Category], Title: d.Title, Description: d.Description, Attributes: d.Attributes,
		Price: listPrice(p), CreatedAt: d.OpenedAt, Popularity: d.Entered}
	for _, id := range categoryPaths[d.Category] {
		if c, ok := m.Category(id); ok {
			doc.CategoryNames = append(doc.CategoryNames, c.Name.En, c.Name.ZhTW)
		}
	}
	if d.ClosesAt != nil {
		doc.ClosesAt = *d.ClosesAt
	}
	return doc, nil
}

// listPrice is the price by which a deal is filtered and sorted: the one that its card shows; 0 where none is public.
func listPrice(p deal.Public) money.Amount {
	for _, a := range []*money.Amount{p.Standing, p.Price, p.NamedPrice, p.UnitPrice} {
		if a != nil {
			return *a
		}
	}
	if len(p.Tiers) > 0 {
		return p.Tiers[0].UnitPrice
	}
	return 0
}
