package market

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"haggle/internal/deal"
	"haggle/internal/order"
	"haggle/internal/store"
)

// Letter is a mail whose turn has come, for whoever writes it out.
type Letter struct {
	ID     string // becomes the Message-ID: trying again repeats it
	Try    int64  // how many tries this makes
	What   string // a row of the table of mails
	Kind   string // which of the kinds that may be turned off; "" is none of them
	To     string
	Locale string
	Name   string    // of the person
	At     time.Time // when it happened
	Facts
	Items []Item // of a digest; Quantity says how many there are in all
	Link  string // path with the link's token; "" where it has none
	Off   string // path that turns its kind off; "" where that is not offered
	Till  *Time  // until when the link works
}

const (
	// MailClaim is how long a mail belongs to who took it; longer than any try lasts. After a crash it is tried again then.
	MailClaim  = 40 * time.Second
	mailGiveUp = 24 * time.Hour
)

// DueMails lists the ids of mails whose turn has come, the most overdue first.
func (m *Market) DueMails(ctx context.Context, limit int) ([]string, error) {
	page, err := m.rows.mails.Find(ctx, store.Query{Index: "next", To: store.AtMost(m.Now()), Limit: limit})
	ids := make([]string, len(page.Docs))
	for i, r := range page.Docs {
		ids[i] = r.ID
	}
	return ids, err
}

// TakeMails claims mails, all of them or none, and makes their letters in the order of the ids. There is none of a mail that is
// somebody else's turn, and none of one that is not to be sent any more: that one is dropped.
func (m *Market) TakeMails(ctx context.Context, ids ...string) (letters []Letter, err error) {
	err = m.tx(ctx, func(ctx context.Context) error {
		letters = letters[:0]
		now := m.Now()
		mails, err := m.mailsOf(ctx, ids)
		if err != nil {
			return err
		}
		mails = slices.DeleteFunc(mails, func(r MailRow) bool {
			return r.State != MailWaiting || r.NextAt == nil || r.NextAt.After(now)
		})
		from, err := m.sourcesOf(ctx, mails)
		if err != nil {
			return err
		}
		for i := range mails {
			l, ok, err := m.claim(ctx, from, &mails[i], now)
			if err != nil {
				return fmt.Errorf("mail %s: %w", mails[i].ID, err)
			}
			if ok {
				letters = append(letters, l)
			}
		}
		return m.storeMails(ctx, mails)
	})
	if err != nil {
		return nil, err
	}
	return letters, nil
}

// claim makes the letter of a mail whose turn has come and changes its row accordingly: claimed, put off or dropped.
func (m *Market) claim(ctx context.Context, from *sources, r *MailRow, now time.Time) (l Letter, ok bool, err error) {
	l, later, err := m.letterOf(ctx, from, r, now)
	switch {
	case err != nil:
		return l, false, err
	case later.After(now):
		r.NextAt = &later
		return l, false, nil
	case !later.IsZero():
		r.State, r.NextAt, r.To, r.Nonce = MailDropped, nil, "", ""
		return l, false, nil
	}
	until := now.Add(MailClaim)
	r.NextAt = &until
	r.Tries++
	l.Try = r.Tries
	return l, true, nil
}

// letterOf makes the letter of a mail, from what is true now and by its reader's choices. later is zero where it is sent now,
// and dropped where nobody needs it any more, or another mail tells it.
func (m *Market) letterOf(ctx context.Context, from *sources, r *MailRow, now time.Time) (l Letter, later time.Time, err error) {
	l, ok, err := m.trueOf(ctx, from, r, now)
	if err != nil || !ok {
		return l, dropped, err
	}
	a, err := from.account(ctx, r.Account)
	if errors.Is(err, store.ErrNotFound) {
		return l, dropped, nil
	}
	if err != nil {
		return l, dropped, err
	}
	l.At, l.Facts, l.To, l.Locale, l.Name, l.Off = r.At, r.Facts, a.Email, a.Locale, a.Name, m.offPath(a.ID, l.Kind)
	if r.To != "" {
		l.To = r.To
	}
	switch a.Notify.Mail(l.Kind) {
	case MailNever:
		return l, dropped, nil
	case MailDigest:
		return l, dropped, m.toDigest(ctx, *r, a, now)
	}
	if r.What == "digest" {
		l.Kind, l.Off = KindDigest, m.offPath(a.ID, KindDigest)
	}
	return l, a.Notify.delayed(r.What, r.Facts, now), nil
}

// dropped stands for a mail that is not sent: a moment long ago.
var dropped = time.Unix(0, 0).UTC()

// trueOf begins the letter of a mail; ok is false where what it tells is not so any more.
func (m *Market) trueOf(ctx context.Context, from *sources, r *MailRow, now time.Time) (l Letter, ok bool, err error) {
	l = Letter{ID: r.ID, What: r.What, Kind: KindOf(r.What)}
	switch r.What {
	case "reset":
		if ok, err = m.resetLink(ctx, r, now); !ok || err != nil {
			return l, false, err
		}
		l.Link = "/reset?token=" + m.linkToken(r.Nonce)
	case "confirm", "confirm_new":
		token := m.linkToken(r.Nonce)
		if _, _, err := m.linkOf(ctx, linkConfirm, token); err != nil {
			return l, false, notRefused(err)
		}
		l.Link = "/confirm?token=" + token
	case "quote", "quote_hidden": // once the request is over its end is told instead
		d, err := from.deal(ctx, r.Facts.Deal)
		if err != nil || d.StatusAt(now) != deal.Open {
			return l, false, err
		}
	case "message":
		n, err := m.unreadIn(ctx, r.Facts.Thread, r.Account)
		if err != nil || n == 0 {
			return l, false, err
		}
	case "digest":
		if l.Items, ok, err = m.digestOf(ctx, r); !ok || err != nil {
			return l, false, err
		}
	case "pay_soon":
		o, err := m.eng.Order(ctx, r.Facts.Order)
		if err != nil || o.Status != order.AwaitingPayment {
			return l, false, err
		}
	case "ending":
		d, err := from.deal(ctx, r.Facts.Deal)
		if err != nil || d.StatusAt(now) != deal.Open {
			return l, false, err
		}
	case "outbid":
		if r.Facts, ok, err = from.still(ctx, *r, now); !ok || err != nil {
			return l, false, err
		}
	}
	return l, true, nil
}

// Sending is how one try to send a mail ended.
type Sending struct {
	ID  string // of the mail
	Try int64  // as its letter says
	End SendingEnd
	Why string // it was refused: for the operator
}

// SendingEnd is an end of a try.
type SendingEnd int

const (
	GivenBack SendingEnd = iota // it was not tried: its turn is at once, and the try does not count
	Sent                        // the next server took it
	Refused                     // it is tried again, later each time; after a day of tries it has failed
	RefusedForGood
)

// EndMails notes how tries ended, all of them or none. What another took over meanwhile is not touched, unless it was sent.
func (m *Market) EndMails(ctx context.Context, tries ...Sending) error {
	of := make(map[string]Sending, len(tries))
	ids := make([]string, len(tries))
	for i, t := range tries {
		ids[i], of[t.ID] = t.ID, t
	}
	return m.tx(ctx, func(ctx context.Context) error {
		now := m.Now()
		mails, err := m.mailsOf(ctx, ids)
		if err != nil {
			return err
		}
		mails = slices.DeleteFunc(mails, func(r MailRow) bool {
			t := of[r.ID]
			return r.State != MailWaiting || t.End != Sent && t.Try != r.Tries
		})
		for i := range mails {
			of[mails[i].ID].note(&mails[i], now)
		}
		return m.storeMails(ctx, mails)
	})
}

// note changes a mail's row as a try of it ended.
func (t Sending) note(r *MailRow, now time.Time) {
	if t.End == GivenBack {
		r.NextAt = &now
		r.Tries--
		return
	}
	const most = 300
	r.Why = strings.ToValidUTF8(t.Why[:min(len(t.Why), most)], "")
	switch {
	case t.End == Sent:
		r.State, r.NextAt, r.SentAt, r.To, r.Nonce = MailSent, nil, &now, "", ""
	case t.End == RefusedForGood, now.Sub(r.At) > mailGiveUp:
		r.State, r.NextAt, r.To, r.Nonce = MailFailed, nil, "", ""
	default:
		next := now.Add(mailPause(r.Tries))
		r.NextAt = &next
	}
}

// mailPause is how long to wait after so many tries: 5 s, 15 s, 45 s … up to two hours.
func mailPause(tries int64) time.Duration {
	pause := 5 * time.Second
	for range min(max(tries-1, 0), 10) {
		pause *= 3
	}
	return min(pause, 2*time.Hour)
}

// MailTally says how the mails of a site stand.
type MailTally struct {
	Waiting int64
	Failed  int64     // no server takes them; kept for 30 days
	Oldest  time.Time // of those that wait; zero where none does
}

// MailTally counts the mails.
func (m *Market) MailTally(ctx context.Context) (MailTally, error) {
	return TallyMails(ctx, m.cfg.Store, m.Now())
}

// TallyMails counts the mails of a store, for checks beside a running site. Reminders of a later day are not among those
// that wait.
func TallyMails(ctx context.Context, s store.Engine, now time.Time) (t MailTally, err error) {
	mails := store.NewCollection[MailRow](s, Mails)
	waiting := store.Query{Index: "state", Eq: []any{MailWaiting}, To: store.AtMost(now)}
	if t.Waiting, err = mails.Count(ctx, waiting); err != nil {
		return t, err
	}
	if t.Failed, err = mails.Count(ctx, store.Query{Index: "state", Eq: []any{MailFailed}}); err != nil || t.Waiting == 0 {
		return t, err
	}
	waiting.Limit = 1
	page, err := mails.Find(ctx, waiting)
	if err == nil && len(page.Docs) > 0 {
		t.Oldest = page.Docs[0].At
	}
	return t, err
}

// SweepMails removes what is over: mails some time after they ended, links and slots at their time; at most limit of each.
func (m *Market) SweepMails(ctx context.Context, limit int) (int, error) {
	now := m.Now()
	n := 0
	for _, state := range []string{MailSent, MailDropped, MailFailed} {
		over := store.Query{Index: "state", Eq: []any{state}, To: store.AtMost(now.Add(-mailKept)), Limit: limit}
		mails, err := deleteFound(ctx, m.rows.mails, over, func(r MailRow) string { return r.ID })
		if n += mails; err != nil {
			return n, err
		}
	}
	links, err := deleteFound(ctx, m.rows.mailLinks, expired(now, limit), func(l MailLinkRow) string { return l.ID })
	if n += links; err != nil {
		return n, err
	}
	slots, err := deleteFound(ctx, m.rows.slots, expired(now, limit), func(s SlotRow) string { return s.ID })
	return n + slots, err
}

// expired asks for what is over, at most limit of it.
func expired(now time.Time, limit int) store.Query {
	return store.Query{Index: "expires", To: store.AtMost(now), Limit: limit}
}

// deleteFound deletes what a query finds and says how many that were.
func deleteFound[T any](ctx context.Context, c *store.Collection[T], q store.Query, id func(T) string) (int, error) {
	page, err := c.Find(ctx, q)
	if err != nil {
		return 0, err
	}
	return deleteAll(ctx, c, page.Docs, id)
}

func deleteAll[T any](ctx context.Context, c *store.Collection[T], docs []T, id func(T) string) (int, error) {
	if len(docs) == 0 {
		return 0, nil
	}
	ids := make([]string, len(docs))
	for i, d := range docs {
		ids[i] = id(d)
	}
	return len(docs), c.Delete(ctx, ids...)
}
