package market

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/order"
	"haggle/internal/store"
)

// Bounds of messages. MaxMessagePhotos is how many photos one has at most.
const (
	maxLetter         = 2000 // characters
	MaxMessagePhotos  = 4
	messagesPerHour   = 60
	newThreadsPerDay  = 30
	maxThreadMessages = 5000
	snippet           = 120 // characters of a message in a list
)

// MessageInput is a message: in a thread, or to the other side of an order, or to the owner of a deal.
type MessageInput struct {
	Thread string   `json:"thread,omitempty"`
	Order  string   `json:"order,omitempty"`
	Deal   string   `json:"deal,omitempty"`
	Text   string   `json:"text,omitempty"`
	Photos []string `json:"photos,omitempty" doc:"Ids of POST /messages/photos."`
}

// MessageView is one message as one of its two readers sees it.
type MessageView struct {
	ID     string      `json:"id"`
	Thread string      `json:"thread"`
	Seq    int64       `json:"seq"`
	Mine   bool        `json:"mine"`
	Text   string      `json:"text"`
	Photos []PhotoView `json:"photos"`
	At     Time        `json:"at"`
}

// SendMessage writes to somebody. Whom he has blocked is refused as blocked.
func (m *Market) SendMessage(ctx context.Context, a Actor, k Key, in MessageInput) (MessageView, bool, error) {
	if err := m.begins(ctx, a); err != nil {
		return MessageView{}, false, err
	}
	in.Text = strings.TrimSpace(strings.ReplaceAll(in.Text, "\r\n", "\n"))
	t, permit, err := m.addressed(ctx, a, in)
	if err != nil {
		return MessageView{}, false, err
	}
	if err := checkMessage(in); err != nil {
		return MessageView{}, false, err
	}
	if permit == nil {
		permit = a.permit(ScopeTrade)
	}
	return once(ctx, m, a, k, permit, func(key *engine.Key) (v MessageView, err error) {
		if err := m.mayWriteTo(ctx, a, t); err != nil {
			return v, err
		}
		err = m.tx(ctx, func(ctx context.Context) error {
			now := m.Now()
			row, err := m.storeMessage(ctx, a, t, in, now)
			if err != nil {
				return err
			}
			v = messageView(row, a)
			return m.keep(ctx, key, now, v)
		})
		return v, err
	})
}

func checkMessage(in MessageInput) error {
	var c fault.Collect
	least := 1
	if len(in.Photos) > 0 {
		least = 0
	}
	checkText(&c, "text", in.Text, least, maxLetter)
	if len(in.Photos) > MaxMessagePhotos {
		c.Addf("photos", "count", "at most %d", MaxMessagePhotos)
	}
	seen := map[string]bool{}
	for _, id := range in.Photos {
		if seen[id] {
			c.Addf("photos", "twice", "each once")
		}
		seen[id] = true
	}
	return c.Err()
}

// addressed finds, or begins, the thread that a message belongs to. permit is why the actor may not write there although it
// is his to see.
func (m *Market) addressed(ctx context.Context, a Actor, in MessageInput) (t ThreadRow, permit, err error) {
	var c fault.Collect
	named := 0
	for name, id := range map[string]string{"thread": in.Thread, "order": in.Order, "deal": in.Deal} {
		if id != "" {
			named++
			c.Addf(name, "exclusive", "exactly one of thread, order and deal")
		}
	}
	switch {
	case named == 0:
		return t, nil, fault.Invalidf("thread", "exactly one of thread, order and deal")
	case named > 1:
		return t, nil, c.Err()
	case in.Thread != "":
		t, err = m.threadFor(ctx, a, in.Thread)
		return t, nil, err
	case in.Order != "":
		o, err := m.eng.Order(ctx, in.Order)
		if errors.Is(err, store.ErrNotFound) || err == nil && o.SideOf(a.Account) == "" {
			return t, nil, fault.New(fault.CodeNotFound, nil)
		}
		if err != nil {
			return t, nil, err
		}
		other := o.Seller
		if o.SideOf(a.Account) == order.Seller {
			other = o.Buyer
		}
		return newThread(o.Deal, o.Title, a.Account, other), nil, nil
	}
	d, err := m.dealOf(ctx, in.Deal)
	if err != nil {
		return t, nil, err
	}
	if d.Owner == a.Account {
		permit = fault.New(fault.CodeOwnDeal, nil)
	}
	return newThread(d.ID, d.Title, a.Account, d.Owner), permit, nil
}

func newThread(deal, title, one, other string) ThreadRow {
	if one > other {
		one, other = other, one
	}
	return ThreadRow{ID: threadID(deal, one, other), Deal: deal, Title: title, People: []string{one, other}}
}

// mayWriteTo refuses whom the other has blocked, and who writes too much.
func (m *Market) mayWriteTo(ctx context.Context, a Actor, t ThreadRow) error {
	if err := m.notBlocked(ctx, a, t.other(a.Account)); err != nil {
		return err
	}
	if err := m.limited(ctx, "message:"+a.Account, messagesPerHour, time.Hour); err != nil {
		return err
	}
	if _, err := m.rows.threads.Get(ctx, t.ID); errors.Is(err, store.ErrNotFound) {
		return m.limited(ctx, "thread:"+a.Account, newThreadsPerDay, 24*time.Hour)
	}
	return nil
}

// storeMessage writes a message, its place in both lists, and what its reader is told; inside a transaction.
func (m *Market) storeMessage(ctx context.Context, a Actor, t ThreadRow, in MessageInput, now time.Time) (row MessageRow, err error) {
	there, err := m.rows.threads.Get(ctx, t.ID)
	known := err == nil
	if known {
		t = there
	} else if !errors.Is(err, store.ErrNotFound) {
		return row, err
	}
	if t.Seq >= maxThreadMessages {
		return row, fault.New(fault.CodeLimit, fault.Params{"limit": maxThreadMessages})
	}
	t.Seq, t.At, t.Version = t.Seq+1, now, t.Version+1
	if known {
		err = m.rows.threads.Replace(ctx, store.Changed[ThreadRow]{ID: t.ID, Version: t.Version - 1, Doc: t})
	} else {
		err = m.rows.threads.Insert(ctx, t)
	}
	if err != nil {
		return row, err
	}
	row = MessageRow{ID: fmt.Sprintf("%s:%06d", t.ID, t.Seq), Thread: t.ID, Seq: t.Seq, From: a.Account, Text: in.Text, At: now}
	if row.Photos, err = m.sendPhotos(ctx, a, t.ID, in.Photos); err != nil {
		return row, err
	}
	if err := m.rows.messages.Insert(ctx, row); err != nil {
		return row, err
	}
	if err := m.putBoxes(ctx, a, t, row); err != nil {
		return row, err
	}
	f := Facts{Deal: t.Deal, Title: t.Title, Thread: t.ID, Who: a.Name}
	mail := newMail("message-"+row.ID, "message", t.other(a.Account), f, now)
	return row, m.slotMails(ctx, []MailRow{mail}, now)
}

// putBoxes brings a thread to the top of both lists.
func (m *Market) putBoxes(ctx context.Context, a Actor, t ThreadRow, row MessageRow) error {
	there, err := m.rows.boxes.GetMany(ctx, []string{boxID(t.ID, t.People[0]), boxID(t.ID, t.People[1])})
	if err != nil {
		return err
	}
	unread := map[string]int64{}
	for _, b := range there {
		unread[b.Account] = b.Unread
	}
	boxes := make([]BoxRow, len(t.People))
	for i, account := range t.People {
		b := BoxRow{ID: boxID(t.ID, account), Account: account, Thread: t.ID, Other: t.other(account), Deal: t.Deal, Title: t.Title, At: t.At, Last: begins(row.Text), Mine: account == a.Account}
		if !b.Mine {
			b.Unread = unread[account] + 1
		}
		boxes[i] = b
	}
	return m.rows.boxes.Put(ctx, boxes...)
}

// begins is how a text begins, in one line.
func begins(text string) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) > snippet {
		return string(r[:snippet-1]) + "…"
	}
	return string(r)
}

func messageView(r MessageRow, a Actor) MessageView {
	v := MessageView{ID: r.ID, Thread: r.Thread, Seq: r.Seq, Mine: r.From == a.Account, Text: r.Text, Photos: make([]PhotoView, len(r.Photos)), At: At(r.At)}
	for i, p := range r.Photos {
		v.Photos[i] = messagePhotoView(r.Thread, p)
	}
	return v
}
