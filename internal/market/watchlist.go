package market

import (
	"context"
	"errors"
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/store"
)

const (
	maxWatched = 200              // deals on one list
	endingSoon = 30 * time.Minute // before its end a watched deal is told of, once
)

// WatchInput puts a deal on the watchlist.
type WatchInput struct {
	Deal string `json:"deal"`
}

// WatchView is a deal on the actor's watchlist.
type WatchView struct {
	Deal string `json:"deal"`
	At   Time   `json:"at"`
}

func watchID(account, dealID string) string { return account + ":" + dealID }

// WatchDeal puts a deal on the actor's watchlist. Doing it twice changes nothing.
func (m *Market) WatchDeal(ctx context.Context, a Actor, in WatchInput) (WatchView, error) {
	if err := m.begins(ctx, a); err != nil {
		return WatchView{}, err
	}
	if in.Deal == "" {
		return WatchView{}, fault.Invalidf("deal", "is required")
	}
	d, err := m.dealOf(ctx, in.Deal)
	if err != nil {
		return WatchView{}, err
	}
	if err := a.permit(ScopeTrade); err != nil {
		return WatchView{}, err
	}
	var row WatchRow
	err = m.tx(ctx, func(ctx context.Context) error {
		row, err = m.rows.watches.Get(ctx, watchID(a.Account, d.ID))
		if err == nil || !errors.Is(err, store.ErrNotFound) {
			return err
		}
		n, err := m.rows.watches.Count(ctx, store.Query{Index: "account", Eq: []any{a.Account}})
		if err != nil {
			return err
		}
		if n >= maxWatched {
			return fault.New(fault.CodeLimit, fault.Params{"limit": maxWatched})
		}
		now := m.Now()
		row = WatchRow{ID: watchID(a.Account, d.ID), Account: a.Account, Deal: d.ID, At: now, RemindAt: remindAt(d, now)}
		return m.rows.watches.Insert(ctx, row)
	})
	m.watched.drop(a.Account)
	return WatchView{Deal: row.Deal, At: At(row.At)}, err
}

// remindAt is when to look whether a deal ends soon; nil where that is not to be told any more.
func remindAt(d engine.Deal, now time.Time) *time.Time {
	if d.ClosesAt == nil || d.StatusAt(now) != deal.Open {
		return nil
	}
	if at := d.ClosesAt.Add(-endingSoon); at.After(now) {
		return &at
	}
	return nil
}

// UnwatchDeal takes a deal off the actor's watchlist. Doing it twice changes nothing.
func (m *Market) UnwatchDeal(ctx context.Context, a Actor, dealID string) error {
	if err := m.begins(ctx, a); err != nil {
		return err
	}
	if _, err := m.dealOf(ctx, dealID); err != nil {
		return err
	}
	if err := a.permit(ScopeTrade); err != nil {
		return err
	}
	err := m.rows.watches.Delete(ctx, watchID(a.Account, dealID))
	m.watched.drop(a.Account)
	return err
}

// Watches says whether the actor watches a deal. A process remembers a person's list for recallFor; a change here is known
// at once.
func (m *Market) Watches(ctx context.Context, a Actor, dealID string) (bool, error) {
	if a.Guest() {
		return false, nil
	}
	ids, ok := m.watched.get(a.Account, m.cfg.Clock())
	if !ok {
		page, err := m.rows.watches.Find(ctx, store.Query{Index: "account", Eq: []any{a.Account}, Limit: maxWatched})
		if err != nil {
			return false, err
		}
		for _, w := range page.Docs {
			ids = append(ids, w.Deal)
		}
		m.watched.put(a.Account, ids, m.cfg.Clock().Add(recallFor))
	}
	return slices.Contains(ids, dealID), nil
}

// Watchlist lists the deals that the actor watches, the newest on the list first.
func (m *Market) Watchlist(ctx context.Context, a Actor, limit int, cursor string) (Page[DealView], error) {
	if err := need(a, ScopeRead); err != nil {
		return Page[DealView]{}, err
	}
	if limit <= 0 || limit > 100 {
		limit = noticeLimit
	}
	page, err := m.rows.watches.Find(ctx, store.Query{Index: "account", Eq: []any{a.Account}, Desc: true, Limit: limit, After: cursor})
	if err != nil {
		return Page[DealView]{}, badCursor(err)
	}
	ids := make([]string, len(page.Docs))
	for i, w := range page.Docs {
		ids[i] = w.Deal
	}
	deals, err := m.dealsInOrder(ctx, ids)
	if err != nil {
		return Page[DealView]{}, err
	}
	views, err := m.dealViews(ctx, a, seen(deals...))
	return Page[DealView]{Items: views, Next: page.Next}, err
}

// SweepWatches tells of watched deals that end soon, at most limit of them, and says of how many it looked.
func (m *Market) SweepWatches(ctx context.Context, limit int) (int, error) {
	page, err := m.rows.watches.Find(ctx, store.Query{Index: "remind", To: store.AtMost(m.Now()), Limit: limit})
	if err != nil || len(page.Docs) == 0 {
		return 0, err
	}
	var ids []string
	for _, w := range page.Docs {
		ids = append(ids, w.Deal)
	}
	deals, err := m.dealsByID(ctx, ids)
	if err != nil {
		return 0, err
	}
	return len(page.Docs), m.tx(ctx, func(ctx context.Context) error {
		now := m.Now()
		var news []MailRow
		changed := slices.Clone(page.Docs)
		for i, w := range changed {
			d := deals[w.Deal]
			changed[i].RemindAt = remindAt(d, now) // again, where its end was moved
			if changed[i].RemindAt == nil && d.ClosesAt != nil && d.StatusAt(now) == deal.Open {
				f := Facts{Deal: d.ID, Title: d.Title, DueAt: d.ClosesAt}
				news = append(news, newMail("ending-"+d.ID+"-"+w.Account, "ending", w.Account, f, now))
			}
		}
		if err := m.putMails(ctx, news); err != nil {
			return err
		}
		still, err := m.rows.watches.GetMany(ctx, idsOf(changed))
		if err != nil {
			return err
		}
		there := map[string]bool{}
		for _, w := range still {
			there[w.ID] = true
		}
		changed = slices.DeleteFunc(changed, func(w WatchRow) bool { return !there[w.ID] }) // taken off the list meanwhile
		if len(changed) == 0 {
			return nil
		}
		return m.rows.watches.Put(ctx, changed...)
	})
}

func idsOf(rows []WatchRow) []string {
	ids := make([]string, len(rows))
	for i, w := range rows {
		ids[i] = w.ID
	}
	return ids
}

// watchersOf lists who watches a deal.
func (m *Market) watchersOf(ctx context.Context, dealID string) (accounts []string, err error) {
	for q := (store.Query{Index: "deal", Eq: []any{dealID}}); ; {
		page, err := m.rows.watches.Find(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, w := range page.Docs {
			accounts = append(accounts, w.Account)
		}
		if q.After = page.Next; q.After == "" {
			return accounts, nil
		}
	}
}
