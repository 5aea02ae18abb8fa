package market

import "context"

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
	sessions, err := deleteFound(ctx, m.rows.sessions, expired(m.Now(), limit), func(s SessionRow) string { return s.ID })
	return flows + sessions, err
}
