package market

import (
	"context"
	"slices"
	"time"

	"haggle/internal/store"
)

// NoticeFeed tells when a person's notices change. Its channel holds at most one sign; it closes with the site.
type NoticeFeed struct {
	C      <-chan struct{}
	cancel func()
}

// Close ends the feed; it may be called more than once.
func (f *NoticeFeed) Close() { f.cancel() }

// WatchNotices tells of changes of the actor's notices from now on: of those made in this process at once, of others as
// soon as Redis tells of them.
func (m *Market) WatchNotices(a Actor) (*NoticeFeed, error) {
	if err := need(a, ScopeRead); err != nil {
		return nil, err
	}
	events, cancel, err := m.cfg.Live.Subscribe(personTopic(a.Account))
	if err != nil {
		return nil, err
	}
	signs := make(chan struct{}, 1)
	go func() {
		defer close(signs)
		for range events {
			select {
			case signs <- struct{}{}:
			default:
			}
		}
	}()
	return &NoticeFeed{C: signs, cancel: cancel}, nil
}

const (
	newsAtOnce = 5   // notices that one sign is followed by; whoever got more sees their number
	newsRead   = 100 // notices among which they are looked for: some may have been read meanwhile
)

// NoticesSince lists what the actor was told after a moment and has not read, the oldest first, at most the newest few;
// and how many notices he has not read at all.
func (m *Market) NoticesSince(ctx context.Context, a Actor, since time.Time) (NoticesView, error) {
	if err := need(a, ScopeRead); err != nil {
		return NoticesView{}, err
	}
	page, err := m.rows.notices.Find(ctx, store.Query{Index: "account", Eq: []any{a.Account}, From: store.Above(since), Desc: true, Limit: newsRead})
	if err != nil {
		return NoticesView{}, err
	}
	fresh := slices.DeleteFunc(page.Docs, func(n NoticeRow) bool { return !n.Unread })
	fresh = fresh[:min(len(fresh), newsAtOnce)]
	slices.Reverse(fresh)
	v := NoticesView{Items: make([]NoticeView, len(fresh))}
	for i, n := range fresh {
		v.Items[i] = noticeView(n)
	}
	v.Unread, err = m.countUnread(ctx, a.Account)
	return v, err
}

// Alive says whether the session or token that the actor came with is still good, for streams that outlive their request.
func (m *Market) Alive(ctx context.Context, a Actor) bool {
	row, err := m.rows.sessions.Get(ctx, a.Session)
	return err == nil && m.Now().Before(row.Expires)
}
