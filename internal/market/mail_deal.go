package market

import (
	"context"
	"errors"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/store"
)

// MailDeal writes the mails that follow from a deal as it was read: who was outbid and which quotes came since the last
// time, and at its end how it ended for everybody. Running it twice, late or in two processes does no harm: a mark says
// how far the log was told, and the same news is the same mail.
func (m *Market) MailDeal(ctx context.Context, d engine.Deal) error {
	over := d.Status.Final()
	if !over && (d.Status != deal.Open || d.Kind != deal.English && d.Kind != deal.Request) {
		return nil // nothing is told of it before its end
	}
	mark, err := m.markOf(ctx, d.ID)
	if err != nil || mark.Done || !over && mark.Seq >= d.Seq {
		return err
	}
	n, err := m.newsOf(ctx, d, mark)
	if err != nil {
		return err
	}
	if over {
		return m.mailEnd(ctx, d, mark, n)
	}
	return m.mailNews(ctx, d, mark, n)
}

// markOf reads how far a deal was told; a deal of which nothing was told has the zero version.
func (m *Market) markOf(ctx context.Context, dealID string) (MarkRow, error) {
	mark, err := m.rows.marks.Get(ctx, dealID)
	if errors.Is(err, store.ErrNotFound) {
		return MarkRow{ID: dealID, Seq: -1}, nil
	}
	return mark, err
}

// setMark moves a mark on; inside a transaction. Where somebody else did so meanwhile it fails, and all with it.
func (m *Market) setMark(ctx context.Context, mark MarkRow) error {
	mark.Version++
	if mark.Version == 1 {
		return m.rows.marks.Insert(ctx, mark)
	}
	return m.rows.marks.Replace(ctx, store.Changed[MarkRow]{ID: mark.ID, Version: mark.Version - 1, Doc: mark})
}

// slotGap is how long news of one kind about one deal to one person are kept apart.
const slotGap = 10 * time.Minute

// mailNews writes what happened in an open deal.
func (m *Market) mailNews(ctx context.Context, d engine.Deal, mark MarkRow, n news) error {
	mark.Seq, mark.Leader, mark.Who = d.Seq, n.leader, n.who
	return m.tx(ctx, func(ctx context.Context) error {
		if err := m.setMark(ctx, mark); err != nil {
			return err
		}
		return m.slotMails(ctx, n.mails(d), m.Now())
	})
}

// slotMails stores mails no closer together than slotGap: one that comes too soon waits, and one that waits already
// stands for it, since what it tells is read when it is sent. Inside a transaction.
func (m *Market) slotMails(ctx context.Context, mails []MailRow, now time.Time) error {
	if len(mails) == 0 {
		return nil
	}
	ids := make([]string, len(mails))
	for i, r := range mails {
		ids[i] = slotID(r)
	}
	found, err := m.rows.slots.GetMany(ctx, ids)
	if err != nil {
		return err
	}
	last := map[string]time.Time{}
	for _, s := range found {
		last[s.ID] = s.At
	}
	var due []MailRow
	var slots []SlotRow
	for _, r := range mails {
		id := slotID(r)
		before, known := last[id]
		if known && before.After(now) {
			continue
		}
		at := now
		if earliest := before.Add(slotGap); known && earliest.After(now) {
			at = earliest
		}
		r.NextAt, last[id] = &at, at
		due, slots = append(due, r), append(slots, SlotRow{ID: id, At: at, Expires: at.Add(slotGap)})
	}
	if len(due) == 0 {
		return nil
	}
	if err := m.rows.slots.Put(ctx, slots...); err != nil {
		return err
	}
	return m.putMails(ctx, due)
}

func slotID(r MailRow) string { return KindOf(r.What) + ":" + r.Facts.Deal + ":" + r.Account }

// mailEnd writes how a deal ended, and last that it was told.
func (m *Market) mailEnd(ctx context.Context, d engine.Deal, mark MarkRow, n news) error {
	if d.DecidedAt != nil && d.DecidedAt.After(m.Now().Add(-mailWindow)) {
		mails, err := m.endOf(ctx, d, n)
		if err != nil {
			return err
		}
		if err := m.writeMails(ctx, mails); err != nil {
			return err
		}
	}
	mark.Seq, mark.Done = d.Seq, true
	return m.tx(ctx, func(ctx context.Context) error { return m.setMark(ctx, mark) })
}
