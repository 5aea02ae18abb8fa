package market

import (
	"context"
	"errors"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/store"
)

// newsGap is how often the news of one open deal are looked for: a busy deal changes many times a second, and nobody is
// told of it that often. Whoever was outbid sees it on his pages within about a second.
const newsGap = 900 * time.Millisecond

// MailDeals writes the mails that follow from deals as they were read: who was outbid and which quotes came since the last
// time, and at its end how a deal ended for everybody. A deal that was told of a moment ago is noted for SweepNews. Running it twice,
// late or in two processes does no harm: a mark says how far a log was told, and the same news is the same mail. It answers
// why some deals failed.
func (m *Market) MailDeals(ctx context.Context, deals []engine.Deal) (failed map[string]error) {
	failed = map[string]error{}
	var some []engine.Deal
	var ids []string
	for _, d := range deals {
		if d.Status.Final() || d.Status == deal.Open && (d.Kind == deal.English || d.Kind == deal.Request || d.Kind == deal.Group) {
			some, ids = append(some, d), append(ids, d.ID)
		}
	}
	if len(some) == 0 {
		return failed
	}
	rows, err := m.rows.marks.GetMany(ctx, ids)
	marks := make(map[string]MarkRow, len(rows))
	for _, r := range rows {
		marks[r.ID] = r
	}
	for _, d := range some {
		if err != nil {
			failed[d.ID] = err
			continue
		}
		mark, known := marks[d.ID]
		if !known {
			mark = MarkRow{ID: d.ID, Seq: -1}
		}
		if err := m.mailSoon(ctx, d, mark); err != nil {
			failed[d.ID] = err
		}
	}
	return failed
}

// mailSoon tells of a deal now, or notes that it is to be told of.
func (m *Market) mailSoon(ctx context.Context, d engine.Deal, mark MarkRow) error {
	now := m.Now()
	open := !d.Status.Final()
	switch {
	case mark.Done:
		return nil
	case open && d.Kind == deal.Group:
		return m.unlessTold(ctx, d.ID, m.tellTier(ctx, d, mark))
	case open && (mark.Seq >= d.Seq || mark.NextAt != nil):
		return nil
	case open && mark.At != nil && now.Sub(*mark.At) < newsGap:
		at := mark.At.Add(newsGap)
		mark.NextAt = &at
		return m.unlessTold(ctx, d.ID, m.tx(ctx, func(ctx context.Context) error { return m.setMark(ctx, mark) }))
	}
	return m.unlessTold(ctx, d.ID, m.mailDeal(ctx, d, mark))
}

// unlessTold forgives that somebody else moved the mark meanwhile: he has told, or noted, as much of an open deal; what
// is over is looked at once more.
func (m *Market) unlessTold(ctx context.Context, id string, err error) error {
	for range maxTold {
		var moved *store.ConflictError
		var twice *store.DuplicateError
		if !errors.As(err, &moved) && !errors.As(err, &twice) {
			return err
		}
		d, gone := m.eng.Deal(ctx, id)
		if gone != nil {
			return gone
		}
		mark, lost := m.markOf(ctx, id)
		if lost != nil {
			return lost
		}
		if mark.Done || !d.Status.Final() && d.Kind != deal.Group && (mark.Seq >= d.Seq || mark.NextAt != nil) {
			return nil
		}
		err = m.mailDeal(ctx, d, mark)
	}
	return err
}

const maxTold = 5 // tries against others who tell of the same deal

// SweepNews tells of deals whose time has come, at most limit of them, and says of how many.
func (m *Market) SweepNews(ctx context.Context, limit int) (int, error) {
	page, err := m.rows.marks.Find(ctx, store.Query{Index: "next", To: store.AtMost(m.Now()), Limit: limit})
	if err != nil {
		return 0, err
	}
	var errs []error
	for _, mark := range page.Docs {
		d, err := m.eng.Deal(ctx, mark.ID)
		if err == nil {
			err = m.unlessTold(ctx, d.ID, m.mailDeal(ctx, d, mark))
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	return len(page.Docs), errors.Join(errs...)
}

// mailDeal writes what a deal has to tell behind its mark.
func (m *Market) mailDeal(ctx context.Context, d engine.Deal, mark MarkRow) error {
	now := m.Now()
	if !d.Status.Final() && d.Kind == deal.Group {
		return m.tellTier(ctx, d, mark)
	}
	mark.At, mark.NextAt = &now, nil
	n, err := m.newsOf(ctx, d, mark)
	if err != nil {
		return err
	}
	if d.Status.Final() {
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
// stands for it, since what it tells is read when it is sent. Notices wait for nothing. Inside a transaction.
func (m *Market) slotMails(ctx context.Context, mails []MailRow, now time.Time) error {
	if len(mails) == 0 {
		return nil
	}
	if err := m.putNotices(ctx, mails, now); err != nil {
		return err
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
	return m.putLetters(ctx, due)
}

func slotID(r MailRow) string {
	about := r.Facts.Deal
	if r.Facts.Thread != "" {
		about = r.Facts.Thread
	}
	return KindOf(r.What) + ":" + about + ":" + r.Account
}

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
