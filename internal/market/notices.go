package market

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"haggle/internal/fault"
	"haggle/internal/store"
)

// NoticeView is one line of a person's list of notices.
type NoticeView struct {
	ID     string `json:"id"`
	What   string `json:"what"`           // outbid, won, paid …
	Kind   string `json:"kind,omitempty"` // by which one chooses how to hear of it
	Deal   string `json:"deal,omitempty"`
	Order  string `json:"order,omitempty"`
	Thread string `json:"thread,omitempty"`
	Search string `json:"search,omitempty"`
	Title  string `json:"title,omitempty"`
	Facts  Facts  `json:"-"`
	At     Time   `json:"at"`
	Unread bool   `json:"unread"`
}

func noticeView(n NoticeRow) NoticeView {
	f := n.Facts
	return NoticeView{ID: n.ID, What: n.What, Kind: KindOf(n.What), Deal: f.Deal, Order: f.Order, Thread: f.Thread, Search: f.Search, Title: f.Title,
		Facts: f, At: At(n.At), Unread: n.Unread}
}

// NoticesView is a page of a person's notices, the newest first, and how many he has not read.
type NoticesView struct {
	Items  []NoticeView `json:"items"`
	Next   string       `json:"next,omitempty"`
	Unread int64        `json:"unread"`
}

const (
	noticeLimit  = 24  // on a page, where the reader does not say
	noticesAtOne = 100 // marked or removed by one call
)

// Notices lists the actor's notices.
func (m *Market) Notices(ctx context.Context, a Actor, limit int, cursor string) (NoticesView, error) {
	if err := need(a, ScopeRead); err != nil {
		return NoticesView{}, err
	}
	if limit <= 0 || limit > 100 {
		limit = noticeLimit
	}
	page, err := m.rows.notices.Find(ctx, store.Query{Index: "account", Eq: []any{a.Account}, Desc: true, Limit: limit, After: cursor})
	if err != nil {
		return NoticesView{}, badCursor(err)
	}
	v := NoticesView{Items: make([]NoticeView, len(page.Docs)), Next: page.Next}
	for i, n := range page.Docs {
		v.Items[i] = noticeView(n)
	}
	v.Unread, err = m.countUnread(ctx, a.Account)
	return v, err
}

// ReadNoticesInput says which notices were read: some of them, or all.
type ReadNoticesInput struct {
	IDs []string `json:"ids,omitempty" maxItems:"100"`
	All bool     `json:"all,omitempty"`
}

// UnreadView answers how many notices are left unread.
type UnreadView struct {
	Unread int64 `json:"unread"`
}

// ReadNotices marks notices as read. Doing it twice changes nothing; what is not the actor's is left alone.
func (m *Market) ReadNotices(ctx context.Context, a Actor, in ReadNoticesInput) (UnreadView, error) {
	if err := m.begins(ctx, a); err != nil {
		return UnreadView{}, err
	}
	strange := slices.ContainsFunc(in.IDs, func(id string) bool { return !isNoticeID(id) })
	if in.All == (len(in.IDs) > 0) || len(in.IDs) > noticesAtOne || strange {
		return UnreadView{}, fault.Invalidf("ids", "either all, or between 1 and %d ids", noticesAtOne)
	}
	if err := a.permit(ScopeTrade); err != nil {
		return UnreadView{}, err
	}
	until := m.Now() // what comes while this runs stays unread
	for after, more := "", true; more; more = after != "" {
		var next string
		err := m.tx(ctx, func(ctx context.Context) (err error) {
			var rows []NoticeRow
			if in.All {
				rows, next, err = m.unreadUntil(ctx, a.Account, until, after)
			} else {
				rows, err = m.unreadOf(ctx, a.Account, in.IDs...)
			}
			if err != nil {
				return err
			}
			return m.markRead(ctx, a.Account, rows)
		})
		if err != nil {
			return UnreadView{}, err
		}
		after = next
	}
	n, err := m.countUnread(ctx, a.Account)
	return UnreadView{Unread: n}, err
}

// isNoticeID says whether a text could be the id of a notice.
func isNoticeID(s string) bool {
	return s != "" && len(s) <= 100 && !strings.ContainsFunc(s, func(r rune) bool { return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') })
}

// unreadOf reads those of some notices that are somebody's and unread.
func (m *Market) unreadOf(ctx context.Context, account string, ids ...string) ([]NoticeRow, error) {
	rows, err := m.rows.notices.GetMany(ctx, ids)
	return slices.DeleteFunc(rows, func(n NoticeRow) bool { return n.Account != account || !n.Unread }), err
}

// unreadUntil reads somebody's unread notices up to a moment, some at once: those behind a cursor. next is the cursor of what
// comes behind them, "" where nothing does.
func (m *Market) unreadUntil(ctx context.Context, account string, until time.Time, after string) (rows []NoticeRow, next string, err error) {
	page, err := m.rows.notices.Find(ctx, store.Query{Index: "unread", Eq: []any{account, true}, Limit: noticesAtOne, After: after})
	return slices.DeleteFunc(page.Docs, func(n NoticeRow) bool { return n.At.After(until) }), page.Next, err
}

func (m *Market) markRead(ctx context.Context, account string, rows []NoticeRow) error {
	if len(rows) == 0 {
		return nil
	}
	changed := make([]store.Changed[NoticeRow], len(rows))
	for i, n := range rows {
		n.Unread = false
		n.Version++
		changed[i] = store.Changed[NoticeRow]{ID: n.ID, Version: n.Version - 1, Doc: n}
	}
	noteTold(ctx, account)
	return m.rows.notices.Replace(ctx, changed...)
}

// Notice is one of the actor's notices; not_found where it is not his.
func (m *Market) Notice(ctx context.Context, a Actor, id string) (NoticeView, error) {
	if err := need(a, ScopeRead); err != nil {
		return NoticeView{}, err
	}
	n, err := m.rows.notices.Get(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && n.Account != a.Account {
		return NoticeView{}, fault.New(fault.CodeNotFound, nil)
	}
	return noticeView(n), err
}

// DropNotice removes one of the actor's notices; not_found where it is not his.
func (m *Market) DropNotice(ctx context.Context, a Actor, id string) error {
	if err := m.begins(ctx, a); err != nil {
		return err
	}
	if _, err := m.Notice(ctx, a, id); err != nil {
		return err
	}
	if err := a.permit(ScopeTrade); err != nil {
		return err
	}
	return m.tx(ctx, func(ctx context.Context) error {
		noteTold(ctx, a.Account)
		return m.rows.notices.Delete(ctx, id)
	})
}

// SweepNotices removes notices whose time is over, at most limit of them.
func (m *Market) SweepNotices(ctx context.Context, limit int) (int, error) {
	return deleteFound(ctx, m.rows.notices, expired(m.Now(), limit), func(r NoticeRow) string { return r.ID })
}
