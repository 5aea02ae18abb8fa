package market

import (
	"context"
	"time"

	"haggle/internal/deal"
	"haggle/internal/store"
)

// MapEntry is an open deal as a map of the site names it.
type MapEntry struct {
	ID        string
	ChangedAt time.Time
}

// openPage is how many deals are read at once for the map.
const openPage = 1_000

// OpenDeals lists open deals from the store, the newest first, at most so many. It reads each of them: callers keep the
// answer.
func (m *Market) OpenDeals(ctx context.Context, most int) ([]MapEntry, error) {
	var all []MapEntry
	q := store.Query{Index: "status", Eq: []any{string(deal.Open)}}
	for len(all) < most {
		q.Limit = min(most-len(all), openPage)
		page, err := m.eng.FindDeals(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, d := range page.Docs {
			all = append(all, MapEntry{ID: d.ID, ChangedAt: d.LastAt})
		}
		if page.Next == "" {
			return all, nil
		}
		q.After = page.Next
	}
	return all, nil
}
