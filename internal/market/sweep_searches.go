package market

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/search"
	"haggle/internal/store"
)

// How saved searches are asked: when something new was indexed in this process, those that were not asked since, the
// longest ago first, each for its newest finds. Whatever is opened, one sweep asks the index at most searchesAtOnce times.
const (
	searchesAtOnce = 50
	findsAtOnce    = 24
)

// arrivals notes when something new came into the index.
type arrivals struct {
	last atomic.Int64      // Unix milliseconds of the site's clock
	seen *recall[struct{}] // deals that came lately: they are indexed again at each entry
}

func newArrivals() *arrivals { return &arrivals{seen: newRecall[struct{}]()} }

// note looks at deals that were just indexed.
func (x *arrivals) note(deals []engine.Deal, now time.Time) {
	for _, d := range deals {
		if d.Status != deal.Open || now.Sub(d.OpenedAt) > since {
			continue
		}
		if _, ok := x.seen.get(d.ID, now); !ok {
			x.seen.put(d.ID, struct{}{}, d.OpenedAt.Add(2*since))
			x.last.Store(now.UnixMilli())
		}
	}
}

// SweepSearches asks saved searches for what is new and tells their people, and says how many it asked. Several processes
// may do it: what one has asked, the other leaves.
func (m *Market) SweepSearches(ctx context.Context) (n int, err error) {
	if m.cfg.Search == nil {
		return 0, nil
	}
	before := time.UnixMilli(m.arrived.last.Load()).UTC()
	page, err := m.rows.searches.Find(ctx, store.Query{Index: "checked", To: store.Below(before), Limit: searchesAtOnce})
	if err != nil {
		return 0, err
	}
	var errs []error
	for _, r := range page.Docs {
		var moved *store.ConflictError
		if err := m.askSearch(ctx, r); err != nil && !errors.As(err, &moved) {
			if errors.Is(err, search.ErrUnavailable) || errors.Is(err, search.ErrUnbuilt) {
				return n, nil // it is asked when the index is back
			}
			errs = append(errs, fmt.Errorf("saved search %s: %w", r.ID, err))
			continue
		}
		n++
	}
	return n, errors.Join(errs...)
}

// askSearch asks one saved search.
func (m *Market) askSearch(ctx context.Context, r SearchRow) error {
	began := m.Now()
	res, err := m.cfg.Search.Search(ctx, search.Query{Text: r.Text, Whole: true, Kind: r.Kind, Category: r.Category, Condition: r.Condition, PriceMin: r.PriceMin, PriceMax: r.PriceMax,
		Sort: search.Newest, Limit: findsAtOnce})
	if err != nil {
		return err
	}
	ids := make([]string, len(res.Hits))
	for i, h := range res.Hits {
		ids[i] = h.ID
	}
	deals, err := m.dealsInOrder(ctx, ids)
	if err != nil {
		return err
	}
	return m.tx(ctx, func(ctx context.Context) error {
		row := r
		told, err := m.rows.notices.Get(ctx, noticeID(savedMail(row, 0, began)))
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err != nil || !told.Unread {
			row.NewSince = row.CheckedAt
		}
		fresh, all := finds(row, deals)
		row.CheckedAt, row.Version = began, row.Version+1
		if row.Known = ids; len(ids) == 0 {
			row.Known = nil
		}
		if err := m.rows.searches.Replace(ctx, store.Changed[SearchRow]{ID: row.ID, Version: r.Version, Doc: row}); err != nil {
			return err
		}
		if fresh == 0 {
			return nil
		}
		return m.putMails(ctx, []MailRow{savedMail(row, int64(all), began)})
	})
}

// finds counts what a search found that its person does not know: since the last time, and since he last looked.
func finds(r SearchRow, deals []engine.Deal) (fresh, all int) {
	for _, d := range deals {
		if d.Status != deal.Open || d.Owner == r.Account {
			continue
		}
		isNew := d.OpenedAt.After(r.CheckedAt.Add(-since)) && d.OpenedAt.After(r.At) && !slices.Contains(r.Known, d.ID)
		if isNew {
			fresh++
		}
		if isNew || d.OpenedAt.After(r.NewSince) {
			all++
		}
	}
	return fresh, all
}

func savedMail(r SearchRow, n int64, now time.Time) MailRow {
	return newMail(fmt.Sprintf("saved-%s-%d", r.ID, now.UnixMilli()), "saved", r.Account, Facts{Search: r.ID, Title: r.Name, Quantity: n}, now)
}
