package market

import (
	"context"

	"haggle/internal/store"
)

// SweepSessions removes sessions, tokens, unfinished sign-ins and forms that were never sent, once they are over, at most limit of each, and says how many.
func (m *Market) SweepSessions(ctx context.Context, limit int) (int, error) {
	flows, err := m.sweepFlows(ctx, limit)
	if err != nil {
		return 0, err
	}
	unsent, err := m.sweepUnsent(ctx, limit)
	if flows += unsent; err != nil {
		return flows, err
	}
	page, err := m.rows.sessions.Find(ctx, store.Query{Index: "expires", To: store.AtMost(m.Now()), Limit: limit})
	if err != nil || len(page.Docs) == 0 {
		return flows, err
	}
	ids := make([]string, len(page.Docs))
	for i, s := range page.Docs {
		ids[i] = s.ID
	}
	return flows + len(ids), m.rows.sessions.Delete(ctx, ids...)
}
