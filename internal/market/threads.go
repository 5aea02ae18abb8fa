package market

import (
	"context"
	"errors"
	"slices"

	"haggle/internal/fault"
	"haggle/internal/store"
)

// ThreadView is a thread as one of its two people sees it.
type ThreadView struct {
	ID      string     `json:"id"`
	Deal    string     `json:"deal"`
	Title   string     `json:"title"`
	Other   PersonView `json:"other"`
	Last    string     `json:"last"`
	Mine    bool       `json:"mine"` // the last message is one's own
	Unread  int64      `json:"unread"`
	At      Time       `json:"at"`
	Blocked bool       `json:"blocked"` // the actor has blocked the other
}

// MessagesView is a page of a thread, the newest message first.
type MessagesView struct {
	Thread ThreadView    `json:"thread"`
	Items  []MessageView `json:"items"`
	Next   string        `json:"next,omitempty"`
}

const messageLimit = 50

// threadFor reads a thread that is the actor's to see; not_found to anybody else.
func (m *Market) threadFor(ctx context.Context, a Actor, id string) (ThreadRow, error) {
	t, err := m.rows.threads.Get(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && !slices.Contains(t.People, a.Account) {
		return ThreadRow{}, fault.New(fault.CodeNotFound, nil)
	}
	return t, err
}

// Threads lists the actor's threads, the one written in last first.
func (m *Market) Threads(ctx context.Context, a Actor, limit int, cursor string) (Page[ThreadView], error) {
	if err := need(a, ScopeRead); err != nil {
		return Page[ThreadView]{}, err
	}
	if limit <= 0 || limit > 100 {
		limit = noticeLimit
	}
	page, err := m.rows.boxes.Find(ctx, store.Query{Index: "account", Eq: []any{a.Account}, Desc: true, Limit: limit, After: cursor})
	if err != nil {
		return Page[ThreadView]{}, badCursor(err)
	}
	boxes := slices.DeleteFunc(page.Docs, func(b BoxRow) bool { return b.Hidden })
	views, err := m.threadViews(ctx, a, boxes)
	return Page[ThreadView]{Items: views, Next: page.Next}, err
}

func (m *Market) threadViews(ctx context.Context, a Actor, boxes []BoxRow) ([]ThreadView, error) {
	ids := make([]string, len(boxes))
	for i, b := range boxes {
		ids[i] = b.Other
	}
	people, err := m.people(ctx, ids)
	if err != nil {
		return nil, err
	}
	blocked, err := m.blockedBy(ctx, a.Account)
	out := make([]ThreadView, len(boxes))
	for i, b := range boxes {
		out[i] = ThreadView{ID: b.Thread, Deal: b.Deal, Title: b.Title, Other: plain(people[b.Other]), Last: b.Last, Mine: b.Mine, Unread: b.Unread, At: At(b.At),
			Blocked: slices.Contains(blocked, b.Other)}
	}
	return out, err
}

// Thread shows a thread's messages to its two people; to anybody else there is none.
func (m *Market) Thread(ctx context.Context, a Actor, id string, limit int, cursor string) (v MessagesView, err error) {
	if a.Guest() {
		return v, fault.New(fault.CodeUnauthenticated, nil)
	}
	if _, err := m.threadFor(ctx, a, id); err != nil {
		return v, err
	}
	if err := a.permit(ScopeRead); err != nil {
		return v, err
	}
	if limit <= 0 || limit > 100 {
		limit = messageLimit
	}
	page, err := m.rows.messages.Find(ctx, store.Query{Index: "thread", Eq: []any{id}, Desc: true, Limit: limit, After: cursor})
	if err != nil {
		return v, badCursor(err)
	}
	box, err := m.rows.boxes.Get(ctx, boxID(id, a.Account))
	if err != nil {
		return v, err
	}
	views, err := m.threadViews(ctx, a, []BoxRow{box})
	if err != nil {
		return v, err
	}
	v = MessagesView{Thread: views[0], Items: make([]MessageView, len(page.Docs)), Next: page.Next}
	for i, r := range page.Docs {
		v.Items[i] = messageView(r, a)
	}
	return v, nil
}

// ThreadAbout finds the actor's thread with the owner of a deal, or with the other side of an order; "" where they have not
// written yet. to is whom he would write to.
func (m *Market) ThreadAbout(ctx context.Context, a Actor, dealID, orderID string) (thread string, to PersonView, title string, err error) {
	if err := need(a, ScopeRead); err != nil {
		return "", to, "", err
	}
	t, permit, err := m.addressed(ctx, a, MessageInput{Deal: dealID, Order: orderID})
	if err != nil || permit != nil {
		if err == nil {
			err = permit
		}
		return "", to, "", err
	}
	if to, err = m.person(ctx, t.other(a.Account)); err != nil {
		return "", to, "", err
	}
	_, err = m.rows.threads.Get(ctx, t.ID)
	if errors.Is(err, store.ErrNotFound) {
		return "", plain(to), t.Title, nil
	}
	return t.ID, plain(to), t.Title, err
}

// ReadThread notes that the actor has read a thread, and the notice of it. Doing it twice changes nothing.
func (m *Market) ReadThread(ctx context.Context, a Actor, id string) error {
	return m.changeBox(ctx, a, id, func(b *BoxRow) bool {
		changed := b.Unread > 0
		b.Unread = 0
		return changed
	})
}

// HideThread takes a thread out of the actor's list until somebody writes in it again. Nothing is lost, and the other
// keeps it.
func (m *Market) HideThread(ctx context.Context, a Actor, id string) error {
	return m.changeBox(ctx, a, id, func(b *BoxRow) bool {
		changed := !b.Hidden
		b.Hidden, b.Unread = true, 0
		return changed
	})
}

func (m *Market) changeBox(ctx context.Context, a Actor, id string, change func(b *BoxRow) bool) error {
	if err := m.begins(ctx, a); err != nil {
		return err
	}
	if _, err := m.threadFor(ctx, a, id); err != nil {
		return err
	}
	if err := a.permit(ScopeTrade); err != nil {
		return err
	}
	return m.tx(ctx, func(ctx context.Context) error {
		b, err := m.rows.boxes.Get(ctx, boxID(id, a.Account))
		if err != nil || !change(&b) {
			return err
		}
		if err := m.rows.boxes.Put(ctx, b); err != nil {
			return err
		}
		rows, err := m.unreadOf(ctx, a.Account, noticeID(MailRow{What: "message", Account: a.Account, Facts: Facts{Thread: id}}))
		if err != nil {
			return err
		}
		return m.markRead(ctx, a.Account, rows)
	})
}

// unreadIn counts what somebody has not read of a thread.
func (m *Market) unreadIn(ctx context.Context, thread, account string) (int64, error) {
	b, err := m.rows.boxes.Get(ctx, boxID(thread, account))
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	return b.Unread, err
}
