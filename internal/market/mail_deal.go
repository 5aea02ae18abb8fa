package market

import (
	"context"
	"errors"
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/store"
)

// newsGap is how often the news of one open deal are looked for: a busy deal changes many times a second, and nobody is
// told of it that often. Whoever was outbid sees it on his pages within about a second.
const newsGap = 900 * time.Millisecond

// dealsAtOnce is how many open deals are told of in one transaction; mailsAtOnce bounds their mails.
const dealsAtOnce = 50

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
	if err != nil {
		for _, id := range ids {
			failed[id] = err
		}
		return failed
	}
	marks := make(map[string]MarkRow, len(some))
	for _, id := range ids {
		marks[id] = MarkRow{ID: id, Seq: -1}
	}
	for _, r := range rows {
		marks[r.ID] = r
	}
	m.mailSoon(ctx, some, marks, failed)
	return failed
}

// mailSoon tells of deals now, or notes that they are to be told of.
func (m *Market) mailSoon(ctx context.Context, deals []engine.Deal, marks map[string]MarkRow, failed map[string]error) {
	now := m.Now()
	var later []untold
	var due []engine.Deal
	for _, d := range deals {
		mark := marks[d.ID]
		switch {
		case mark.Done:
		case !together(d):
			due = append(due, d)
		case mark.Seq >= d.Seq || mark.NextAt != nil:
		case mark.At != nil && now.Sub(*mark.At) < newsGap:
			at := mark.At.Add(newsGap)
			mark.NextAt = &at
			later = append(later, untold{mark: mark})
		default:
			due = append(due, d)
		}
	}
	m.tell(ctx, later, failed)
	m.mailMany(ctx, due, marks, failed)
}

// together says that the news of a deal are told with those of others: how a deal ended, and a step that a group reached, may
// be news for any number of people.
func together(d engine.Deal) bool { return !d.Status.Final() && d.Kind != deal.Group }

// mailMany writes what deals have to tell behind their marks.
func (m *Market) mailMany(ctx context.Context, deals []engine.Deal, marks map[string]MarkRow, failed map[string]error) {
	var open, alone []engine.Deal
	for _, d := range deals {
		if together(d) {
			open = append(open, d)
		} else {
			alone = append(alone, d)
		}
	}
	for part := range slices.Chunk(open, dealsAtOnce) {
		m.tell(ctx, m.untoldOf(ctx, part, marks, failed), failed)
	}
	for _, d := range alone {
		if err := m.unlessTold(ctx, d.ID, m.mailDeal(ctx, d, marks[d.ID])); err != nil {
			failed[d.ID] = err
		}
	}
}

// untold is what is to be written of an open deal: its mark, moved on, and the mails of its news.
type untold struct {
	mark  MarkRow
	mails []MailRow
}

// untoldOf reads what open deals have to tell behind their marks. Where their logs cannot be read together each is read by
// itself.
func (m *Market) untoldOf(ctx context.Context, deals []engine.Deal, marks map[string]MarkRow, failed map[string]error) (all []untold) {
	now := m.Now()
	lines, err := m.linesOf(ctx, deals, marks)
	if err != nil && len(deals) > 1 {
		for _, d := range deals {
			all = append(all, m.untoldOf(ctx, []engine.Deal{d}, marks, failed)...)
		}
		return all
	}
	for _, d := range deals {
		mark, n := marks[d.ID], news{}
		if err == nil {
			n, err = m.newsOf(ctx, d, mark, lines[d.ID])
		}
		if err != nil {
			failed[d.ID], err = err, nil
			continue
		}
		mark.At, mark.NextAt = &now, nil
		mark.Seq, mark.Leader, mark.Who = d.Seq, n.leader, n.who
		all = append(all, untold{mark, n.mails(d)})
	}
	return all
}

// tell writes what is to be told of open deals, many in one transaction. Where that fails each is tried by itself, so that
// what is wrong with one is its own; but where nobody knows whether it was written, all are looked at again another time.
func (m *Market) tell(ctx context.Context, all []untold, failed map[string]error) {
	for len(all) > 0 {
		part := all[:fitting(all)]
		all = all[len(part):]
		err := m.tellOnce(ctx, part)
		if err == nil {
			continue
		}
		for _, u := range part {
			why := err
			if len(part) > 1 && !errors.Is(err, store.ErrUnknown) {
				why = m.tellOnce(ctx, []untold{u})
			}
			if why = m.unlessTold(ctx, u.mark.ID, why); why != nil {
				failed[u.mark.ID] = why
			}
		}
	}
}

// fitting is how many of what is to be told fit in one transaction, at least one.
func fitting(all []untold) int {
	mails := 0
	for i, u := range all {
		if mails += len(u.mails); i == dealsAtOnce || i > 0 && mails > mailsAtOnce {
			return i
		}
	}
	return len(all)
}

// tellOnce moves marks on and stores the mails behind them, in one transaction.
func (m *Market) tellOnce(ctx context.Context, all []untold) error {
	return m.tx(ctx, func(ctx context.Context) error {
		var marks []MarkRow
		var mails []MailRow
		for _, u := range all {
			marks, mails = append(marks, u.mark), append(mails, u.mails...)
		}
		if err := m.setMarks(ctx, marks...); err != nil {
			return err
		}
		return m.slotMails(ctx, mails, m.Now())
	})
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
	if err != nil || len(page.Docs) == 0 {
		return 0, err
	}
	failed := map[string]error{}
	marks := make(map[string]MarkRow, len(page.Docs))
	ids := make([]string, len(page.Docs))
	for i, mark := range page.Docs {
		marks[mark.ID], ids[i] = mark, mark.ID
	}
	m.mailMany(ctx, m.dealsOf(ctx, ids, failed), marks, failed)
	errs := make([]error, len(ids))
	for i, id := range ids {
		errs[i] = failed[id]
	}
	return len(ids), errors.Join(errs...)
}

// dealsOf reads deals, each by itself only where one of them cannot be read.
func (m *Market) dealsOf(ctx context.Context, ids []string, failed map[string]error) []engine.Deal {
	all, err := m.eng.DealsByID(ctx, ids)
	if err == nil && len(all) == len(ids) {
		return all
	}
	all = nil
	for _, id := range ids {
		d, err := m.eng.Deal(ctx, id)
		if err != nil {
			failed[id] = err
			continue
		}
		all = append(all, d)
	}
	return all
}

// mailDeal writes what a deal has to tell behind its mark.
func (m *Market) mailDeal(ctx context.Context, d engine.Deal, mark MarkRow) error {
	marks := map[string]MarkRow{d.ID: mark}
	switch {
	case together(d):
		failed := map[string]error{}
		all := m.untoldOf(ctx, []engine.Deal{d}, marks, failed)
		if err := failed[d.ID]; err != nil {
			return err
		}
		return m.tellOnce(ctx, all)
	case !d.Status.Final():
		return m.tellTier(ctx, d, mark)
	}
	now := m.Now()
	lines, err := m.linesOf(ctx, []engine.Deal{d}, marks)
	if err != nil {
		return err
	}
	n, err := m.newsOf(ctx, d, mark, lines[d.ID])
	if err != nil {
		return err
	}
	mark.At, mark.NextAt = &now, nil
	return m.mailEnd(ctx, d, mark, n)
}

// markOf reads how far a deal was told; a deal of which nothing was told has the zero version.
func (m *Market) markOf(ctx context.Context, dealID string) (MarkRow, error) {
	mark, err := m.rows.marks.Get(ctx, dealID)
	if errors.Is(err, store.ErrNotFound) {
		return MarkRow{ID: dealID, Seq: -1}, nil
	}
	return mark, err
}

// setMarks moves marks on; inside a transaction. Where somebody else moved one meanwhile it fails, and all with it.
func (m *Market) setMarks(ctx context.Context, marks ...MarkRow) error {
	var added []MarkRow
	var changed []store.Changed[MarkRow]
	for _, mark := range marks {
		mark.Version++
		if mark.Version == 1 {
			added = append(added, mark)
		} else {
			changed = append(changed, store.Changed[MarkRow]{ID: mark.ID, Version: mark.Version - 1, Doc: mark})
		}
	}
	if len(added) > 0 {
		if err := m.rows.marks.Insert(ctx, added...); err != nil {
			return err
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return m.rows.marks.Replace(ctx, changed...)
}

// slotGap is how long news of one kind about one deal to one person are kept apart.
const slotGap = 10 * time.Minute

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
	return m.tx(ctx, func(ctx context.Context) error { return m.setMarks(ctx, mark) })
}
