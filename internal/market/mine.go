package market

import (
	"context"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/store"
)

// mineLimit is how many deals a page of one's own lists.
const mineLimit = 24

// ownKinds and enteredKinds say which kinds each list of one's own deals holds.
var (
	ownKinds     = map[string][]deal.Kind{"selling": {deal.English, deal.Fixed}, "requests": {deal.Request}, "groups": {deal.Group}}
	enteredKinds = map[string]deal.Kind{"bids": deal.English, "quotes": deal.Request, "pledges": deal.Group, "purchases": deal.Fixed}
)

// Mine lists the deals that the actor opened (selling, requests, groups) or entered (bids, quotes, pledges,
// purchases), newest first.
func (m *Market) Mine(ctx context.Context, a Actor, what, cursor string) (Page[DealView], error) {
	if err := need(a, ScopeRead); err != nil {
		return Page[DealView]{}, err
	}
	var deals []engine.Deal
	var next string
	var err error
	if kinds, ok := ownKinds[what]; ok {
		deals, next, err = m.opened(ctx, a, kinds, cursor)
	} else if kind, ok := enteredKinds[what]; ok {
		deals, next, err = m.entered(ctx, a, kind, cursor)
	} else {
		return Page[DealView]{}, fault.Invalidf("what", "selling, requests, groups, bids, quotes, pledges or purchases")
	}
	if err != nil {
		return Page[DealView]{}, badCursor(err)
	}
	views, err := m.dealViews(ctx, a, seen(deals...))
	return Page[DealView]{Items: views, Next: next}, err
}

// opened lists deals of one owner. Where several kinds share a list, they follow each other kind by kind.
func (m *Market) opened(ctx context.Context, a Actor, kinds []deal.Kind, cursor string) ([]engine.Deal, string, error) {
	var out []engine.Deal
	kind, after := splitCursor(kinds, cursor)
	for i := kind; i < len(kinds); i++ {
		page, err := m.eng.FindDeals(ctx, store.Query{Index: "owner", Eq: []any{a.Account, string(kinds[i])}, Limit: mineLimit - len(out), After: after})
		if err != nil {
			return nil, "", err
		}
		out = append(out, page.Docs...)
		if page.Next != "" {
			return out, string(kinds[i]) + ":" + page.Next, nil
		}
		if after = ""; len(out) == mineLimit && i+1 < len(kinds) {
			return out, string(kinds[i+1]) + ":", nil
		}
	}
	return out, "", nil
}

// splitCursor reads which kind a list had come to, and where in it.
func splitCursor(kinds []deal.Kind, cursor string) (kind int, after string) {
	for i, k := range kinds {
		prefix := string(k) + ":"
		if len(cursor) >= len(prefix) && cursor[:len(prefix)] == prefix {
			return i, cursor[len(prefix):]
		}
	}
	return 0, cursor
}

func (m *Market) entered(ctx context.Context, a Actor, kind deal.Kind, cursor string) ([]engine.Deal, string, error) {
	page, err := m.eng.FindStandings(ctx, a.Account, kind, mineLimit, cursor)
	if err != nil {
		return nil, "", err
	}
	var ids []string
	for _, r := range page.Docs {
		if !r.Owner {
			ids = append(ids, r.Deal)
		}
	}
	deals, err := m.dealsInOrder(ctx, ids)
	return deals, page.Next, err
}
