package market

import (
	"context"
	"sync/atomic"

	"haggle/internal/store"
)

// unread remembers how many notices people have not read. A change in this process is known at once, one in another
// after recallFor: as often as a session is read anew.
type unread struct {
	kept       *recall[int64]
	generation atomic.Int64 // so that a count read before a change is not kept after it
}

func newUnread() *unread { return &unread{kept: newRecall[int64]()} }

func (u *unread) drop(account string) {
	u.generation.Add(1)
	u.kept.drop(account)
}

// Unread counts the notices that a person has not read; 0 for a guest.
func (m *Market) Unread(ctx context.Context, a Actor) (int64, error) {
	if a.Guest() || a.permit(ScopeRead) != nil {
		return 0, nil
	}
	if n, ok := m.unread.kept.get(a.Account, m.cfg.Clock()); ok {
		return n, nil
	}
	return m.countUnread(ctx, a.Account)
}

// countUnread counts anew.
func (m *Market) countUnread(ctx context.Context, account string) (int64, error) {
	generation := m.unread.generation.Load()
	n, err := m.rows.notices.Count(ctx, store.Query{Index: "unread", Eq: []any{account, true}})
	if err == nil && generation == m.unread.generation.Load() {
		m.unread.kept.put(account, n, m.cfg.Clock().Add(recallFor))
	}
	return n, err
}
