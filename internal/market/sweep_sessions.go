package market

import (
	"context"

	"haggle/internal/store"
)

// SweepSessions removes sessions and tokens that are over, at most limit of them, and says how many.
func (m *Market) SweepSessions(ctx context.Context, limit int) (int, error) {
	page, err := m.rows.sessions.Find(ctx, store.Query{Index: "expires", To: store.AtMost(m.Now()), Limit: limit})
	if err != nil || len(page.Docs) == 0 {
		return 0, err
	}
	ids := make([]string, len(page.Docs))
	for i, s := range page.Docs {
		ids[i] = s.ID
	}
	return len(ids), m.rows.sessions.Delete(ctx, ids...)
}
