package market

import (
	"context"
	"time"

	"haggle/internal/live"
	"haggle/internal/store"
)

// putNotices stores the notices of some news, and what goes to devices; inside a transaction. News that are there already
// change nothing; newer ones of the same thing take the place of the older, unread again.
func (m *Market) putNotices(ctx context.Context, news []MailRow, now time.Time) error {
	fresh := map[string]NoticeRow{}
	var ids []string
	for _, r := range news {
		if n, ok := noticeOf(r, now); ok {
			if _, known := fresh[n.ID]; !known {
				ids = append(ids, n.ID)
			}
			fresh[n.ID] = n
		}
	}
	if len(ids) == 0 {
		return nil
	}
	there, err := m.rows.notices.GetMany(ctx, ids)
	if err != nil {
		return err
	}
	before := make(map[string]NoticeRow, len(there))
	for _, n := range there {
		before[n.ID] = n
	}
	var added []NoticeRow
	var changed []store.Changed[NoticeRow]
	var all []NoticeRow
	for _, id := range ids {
		n := fresh[id]
		old, known := before[id]
		switch {
		case !known:
			added = append(added, n)
		case old.Source == n.Source:
			continue
		default:
			n.Version = old.Version + 1
			changed = append(changed, store.Changed[NoticeRow]{ID: id, Version: old.Version, Doc: n})
		}
		all = append(all, n)
		noteTold(ctx, n.Account)
	}
	if len(added) > 0 {
		if err := m.rows.notices.Insert(ctx, added...); err != nil {
			return err
		}
	}
	if len(changed) > 0 {
		if err := m.rows.notices.Replace(ctx, changed...); err != nil {
			return err
		}
	}
	return m.putPushes(ctx, all, now)
}

// heard collects whom a transaction tells something, so that their pages hear of it once it is committed.
type heard struct{ accounts []string }

type heardKey struct{}

// noteTold notes that somebody's notices change in this transaction.
func noteTold(ctx context.Context, account string) {
	if h, ok := ctx.Value(heardKey{}).(*heard); ok {
		h.accounts = append(h.accounts, account)
	}
}

// telling runs a transaction and then tells the pages of those whose notices it changed. Where nobody knows whether it was
// committed they look for nothing.
func (m *Market) telling(ctx context.Context, fn func(ctx context.Context) error) error {
	if ctx.Value(heardKey{}) != nil {
		return m.cfg.Store.Tx(ctx, fn)
	}
	h := &heard{}
	err := m.cfg.Store.Tx(ctx, func(inner context.Context) error {
		h.accounts = h.accounts[:0]
		return fn(context.WithValue(inner, heardKey{}, h))
	})
	for _, account := range h.accounts {
		m.unread.drop(account)
		if m.cfg.Live != nil {
			m.cfg.Live.Publish(ctx, personTopic(account), live.Event{Seq: time.Now().UnixNano(), Kind: "notices"})
		}
	}
	return err
}

// personTopic is where a person's own pages listen; no deal has such an id.
func personTopic(account string) string { return "person:" + account }
