package market

import (
	"context"
	"errors"
	"fmt"
	"time"

	"haggle/internal/store"
)

// digestItems is how many notices a digest names; of the rest it says how many there are.
const digestItems = 30

// toDigest puts a mail's news into its reader's next digest in place of the mail; inside a transaction. The digest is a mail
// of its own whose id names its day: however much goes into it, it is sent once.
func (m *Market) toDigest(ctx context.Context, r MailRow, a AccountRow, now time.Time) error {
	at := a.Notify.nextDigest(now)
	digest := MailRow{ID: fmt.Sprintf("digest-%s-%s", a.ID, at.Format("20060102T1504")), Version: 1, State: MailWaiting, What: "digest", Account: a.ID, At: now, NextAt: &at}
	n, err := m.rows.notices.Get(ctx, noticeID(r))
	if errors.Is(err, store.ErrNotFound) {
		return nil // its reader has removed it already
	}
	if err != nil {
		return err
	}
	n.Digest = digest.ID
	n.Version++
	if err := m.rows.notices.Replace(ctx, store.Changed[NoticeRow]{ID: n.ID, Version: n.Version - 1, Doc: n}); err != nil {
		return err
	}
	return m.putLetters(ctx, []MailRow{digest})
}

// digestOf lists what a digest tells: what its reader has not read yet; ok is false where there is nothing left.
func (m *Market) digestOf(ctx context.Context, r *MailRow) (items []Item, ok bool, err error) {
	r.Facts.Quantity = 0
	for q := (store.Query{Index: "digest", Eq: []any{r.ID}}); ; {
		page, err := m.rows.notices.Find(ctx, q)
		if err != nil {
			return nil, false, err
		}
		for _, n := range page.Docs {
			if !n.Unread {
				continue
			}
			if r.Facts.Quantity++; len(items) < digestItems {
				items = append(items, Item{What: n.What, Facts: n.Facts})
			}
		}
		if q.After = page.Next; q.After == "" {
			return items, len(items) > 0, nil
		}
	}
}

// Item is one piece of news in a digest.
type Item struct {
	What string
	Facts
}

// delayed says until when a mail or a push waits for the end of its reader's quiet hours; zero where it need not. What is
// about the account or asks for money by a time comes at once. What is of no use once its deal is over comes at once where
// it would be too late then and its reader asked for it.
func (n Notify) delayed(what string, f Facts, now time.Time) time.Time {
	t := tellings[what]
	until := n.quietUntil(now)
	if until.IsZero() || t.kind == "" || what == "digest" {
		return time.Time{}
	}
	if t.urgent && n.QuietHours().Urgent && f.DueAt != nil && f.DueAt.Before(until) {
		return time.Time{}
	}
	return until
}
