package market

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"haggle/internal/push"
	"haggle/internal/store"
)

// Pusher sends to devices; see package push.
type Pusher interface {
	PublicKey() string
	Check(sub push.Subscription) error
}

const (
	pushClaim  = 40 * time.Second // longer than any try
	pushGiveUp = 12 * time.Hour   // what is older tells a device nothing new
	pushTries  = 8
)

// putPushes notes what of some notices goes to devices; inside the transaction that stores them.
func (m *Market) putPushes(ctx context.Context, notices []NoticeRow, now time.Time) error {
	var accounts []string
	for _, n := range notices {
		if tellings[n.What].push {
			accounts = append(accounts, n.Account)
		}
	}
	if m.cfg.Push == nil || len(accounts) == 0 {
		return nil
	}
	rows, err := m.rows.devices.GetMany(ctx, accounts)
	if err != nil || len(rows) == 0 {
		return err
	}
	devices := make(map[string][]Device, len(rows))
	for _, r := range rows {
		devices[r.ID] = r.Devices
	}
	var out []PushRow
	for _, n := range notices {
		if !tellings[n.What].push {
			continue
		}
		for _, d := range devices[n.Account] {
			out = append(out, PushRow{ID: pushID(n, d), Version: 1, Account: n.Account, Device: d.ID, Notice: n.ID, Source: n.Source, At: now, NextAt: &now})
		}
	}
	if len(out) == 0 {
		return nil
	}
	return m.rows.pushes.Put(ctx, out...)
}

func pushID(n NoticeRow, d Device) string {
	sum := sha256.Sum256([]byte(n.ID + "\n" + n.Source + "\n" + d.ID))
	return hex.EncodeToString(sum[:16])
}

// Push is a notice whose turn has come on its way to a device, for whoever writes it out and sends it.
type Push struct {
	ID     string
	To     push.Subscription
	What   string
	Kind   string
	Urgent bool
	Notice string // its id: a newer one takes its place on the device
	Locale string
	Facts
}

// DuePushes lists the ids of pushes whose turn has come, the most overdue first.
func (m *Market) DuePushes(ctx context.Context, limit int) ([]string, error) {
	page, err := m.rows.pushes.Find(ctx, store.Query{Index: "next", To: store.AtMost(m.Now()), Limit: limit})
	ids := make([]string, len(page.Docs))
	for i, r := range page.Docs {
		ids[i] = r.ID
	}
	return ids, err
}

// TakePush claims a push. ok is false where it is somebody else's turn, where it waits for the end of quiet hours, and where
// it is not to be sent any more: it is removed then.
func (m *Market) TakePush(ctx context.Context, id string) (p Push, ok bool, err error) {
	err = m.tx(ctx, func(ctx context.Context) error {
		p, ok = Push{}, false
		now := m.Now()
		r, err := m.rows.pushes.Get(ctx, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && (r.NextAt == nil || r.NextAt.After(now)) {
			return nil
		}
		if err != nil {
			return err
		}
		var next time.Time
		if p, next, err = m.pushOf(ctx, r, now); err != nil {
			return err
		}
		switch {
		case next.After(now):
		case !next.IsZero(): // dropped
			return m.rows.pushes.Delete(ctx, id)
		default:
			ok, next = true, now.Add(pushClaim)
			r.Tries++
		}
		return m.setPush(ctx, r, next)
	})
	return p, ok && err == nil, err
}

func (m *Market) setPush(ctx context.Context, r PushRow, next time.Time) error {
	r.NextAt = &next
	r.Version++
	return m.rows.pushes.Replace(ctx, store.Changed[PushRow]{ID: r.ID, Version: r.Version - 1, Doc: r})
}

// pushOf makes the push of a row by what is true now and by its reader's choices; later as in letterOf. What was read on the
// site, or is not so any more, goes nowhere.
func (m *Market) pushOf(ctx context.Context, r PushRow, now time.Time) (p Push, later time.Time, err error) {
	n, err := m.rows.notices.Get(ctx, r.Notice)
	if errors.Is(err, store.ErrNotFound) || err == nil && (!n.Unread || n.Source != r.Source || now.Sub(r.At) > 2*pushGiveUp) {
		return p, dropped, nil
	}
	if err != nil {
		return p, dropped, err
	}
	mail := MailRow{What: n.What, Account: n.Account, Facts: n.Facts}
	if _, ok, err := m.trueOf(ctx, &sources{m: m}, &mail, now); err != nil || !ok {
		return p, dropped, err
	}
	a, err := m.rows.accounts.Get(ctx, r.Account)
	if errors.Is(err, store.ErrNotFound) || err == nil && !a.Notify.Push(KindOf(n.What)) {
		return p, dropped, nil
	}
	if err != nil {
		return p, dropped, err
	}
	devices, err := m.rows.devices.Get(ctx, r.Account)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return p, dropped, err
	}
	d, ok := devices.device(r.Device)
	if !ok {
		return p, dropped, nil
	}
	p = Push{ID: r.ID, To: push.Subscription{Endpoint: d.Endpoint, P256dh: d.P256dh, Auth: d.Auth}, What: n.What, Kind: KindOf(n.What), Urgent: tellings[n.What].urgent || KindOf(n.What) == "",
		Notice: n.ID, Locale: a.Locale, Facts: mail.Facts}
	return p, a.Notify.delayed(n.What, mail.Facts, now), nil
}

// PushDone removes a push that its service took.
func (m *Market) PushDone(ctx context.Context, id string) error { return m.rows.pushes.Delete(ctx, id) }

// PushRefused notes that a try failed. A device that is gone is forgotten; what is refused for good, or too often, is removed;
// else it is tried again, later each time and not before the service said.
func (m *Market) PushRefused(ctx context.Context, id string, gone, permanent bool, after time.Duration) error {
	return m.tx(ctx, func(ctx context.Context) error {
		r, err := m.rows.pushes.Get(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if gone {
			if err := m.forgetDevice(ctx, r.Account, r.Device); err != nil {
				return err
			}
		}
		now := m.Now()
		if gone || permanent || r.Tries >= pushTries || now.Sub(r.At) > pushGiveUp {
			return m.rows.pushes.Delete(ctx, id)
		}
		return m.setPush(ctx, r, now.Add(max(mailPause(r.Tries), after)))
	})
}
