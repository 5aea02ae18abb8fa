package market

import (
	"cmp"
	"context"
	"slices"
	"time"

	"haggle/internal/store"
)

// mailWindow is how old news may be and still be told: what a site slept through is not told days later. It is shorter
// than mailKept, after which a mail that was sent is forgotten and could be written again.
const (
	mailWindow = 7 * 24 * time.Hour
	mailKept   = 30 * 24 * time.Hour
)

// newMail makes a mail that is sent as soon as it is stored.
func newMail(id, what, account string, f Facts, now time.Time) MailRow {
	return MailRow{ID: id, Version: 1, State: MailWaiting, What: what, Account: account, Facts: f, At: now, NextAt: &now}
}

// mailsAtOnce bounds the mails of one transaction.
const mailsAtOnce = 200

// writeMails stores those mails that are not there yet, some a transaction.
func (m *Market) writeMails(ctx context.Context, mails []MailRow) error {
	for len(mails) > 0 {
		part := mails[:min(len(mails), mailsAtOnce)]
		mails = mails[len(part):]
		if err := m.tx(ctx, func(ctx context.Context) error { return m.putMails(ctx, part) }); err != nil {
			return err
		}
	}
	return nil
}

// putMails is writeMails of one part, with the notices that tell the same; inside a transaction.
func (m *Market) putMails(ctx context.Context, mails []MailRow) error {
	if err := m.putNotices(ctx, mails, m.Now()); err != nil {
		return err
	}
	return m.putLetters(ctx, mails)
}

// putLetters is putMails without notices.
func (m *Market) putLetters(ctx context.Context, mails []MailRow) error {
	if len(mails) == 0 {
		return nil
	}
	ids := make([]string, len(mails))
	for i, r := range mails {
		ids[i] = r.ID
	}
	there, err := m.rows.mails.GetMany(ctx, ids)
	if err != nil {
		return err
	}
	known := make(map[string]bool, len(mails))
	for _, r := range there {
		known[r.ID] = true
	}
	var fresh []MailRow
	for _, r := range mails {
		if !known[r.ID] {
			known[r.ID] = true
			fresh = append(fresh, r)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	return m.rows.mails.Insert(ctx, fresh...)
}

// mailsOf reads mails in the order of their ids; what is gone is left out.
func (m *Market) mailsOf(ctx context.Context, ids []string) ([]MailRow, error) {
	mails, err := m.rows.mails.GetMany(ctx, ids)
	slices.SortFunc(mails, func(a, b MailRow) int { return cmp.Compare(slices.Index(ids, a.ID), slices.Index(ids, b.ID)) })
	return mails, err
}

// storeMails stores changes of mails; inside the transaction that read them.
func (m *Market) storeMails(ctx context.Context, mails []MailRow) error {
	if len(mails) == 0 {
		return nil
	}
	changed := make([]store.Changed[MailRow], len(mails))
	for i, r := range mails {
		r.Version++
		changed[i] = store.Changed[MailRow]{ID: r.ID, Version: r.Version - 1, Doc: r}
	}
	return m.rows.mails.Replace(ctx, changed...)
}
