package market

import (
	"context"
	"errors"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/order"
	"haggle/internal/store"
)

// How long others are bound, or asked, when a winner does not pay.
const (
	backupStands  = 48 * time.Hour      // after the first winner's payment was due
	chanceStands  = 60 * 24 * time.Hour // a second chance can be taken
	ordersOfADeal = 100
)

// noteFall notes, in the transaction that ends an order, that the winner of an auction did not pay.
func (m *Market) noteFall(ctx context.Context, o order.Order, now time.Time) error {
	if !fellThrough(o, len(o.Timeline)-1) {
		return nil
	}
	return m.rows.chances.Insert(ctx, ChanceRow{ID: o.ID, Version: 1, Deal: o.Deal, Entry: o.Seq, State: ChanceDue, At: now, NextAt: &now})
}

// goOn is passOn behind a step that is done: what fails is tried again by the sweep.
func (m *Market) goOn(ctx context.Context, id string) {
	if err := m.passOn(ctx, id); err != nil {
		m.cfg.Logger.WarnContext(ctx, "going on where a winner did not pay", "order", id, "err", err)
	}
}

// passOn does what follows from an order that a winner did not pay: a backup gets it at once, another bidder is offered
// it. Where that is done, or there is nothing to do, it does nothing; it may be called at any time, by several, twice.
func (m *Market) passOn(ctx context.Context, id string) error {
	row, err := m.rows.chances.Get(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && row.State != ChanceDue {
		return nil
	}
	if err != nil {
		return err
	}
	d, err := m.eng.Deal(ctx, row.Deal)
	if err != nil || d.Status != deal.Settled { // its settlement is under way
		return err
	}
	next, left, err := m.eng.NextInLine(ctx, row.Deal, row.Entry)
	if err != nil {
		return err
	}
	stands := false
	if left && next.Backup {
		if stands, err = m.backupStands(ctx, d); err != nil {
			return err
		}
	}
	switch {
	case !left:
		err = m.tellNobody(ctx, row, d)
	case stands:
		err = m.passToBackup(ctx, row)
	default:
		err = m.offerNext(ctx, row, d, next)
	}
	if changedMeanwhile(err) { // somebody else does it
		return nil
	}
	return err
}

// backupStands says whether backups of an auction still stand: until some time after the first winner's payment was due.
func (m *Market) backupStands(ctx context.Context, d engine.Deal) (bool, error) {
	page, err := m.eng.FindOrders(ctx, store.Query{Index: "deal", Eq: []any{d.ID}, Limit: ordersOfADeal})
	if err != nil {
		return false, err
	}
	for _, o := range page.Docs {
		if o.After == "" && o.DueAt != nil {
			return !m.Now().After(o.DueAt.Add(backupStands)), nil
		}
	}
	return false, nil
}

// passToBackup gives it to a bidder who kept his bid as a backup; the mails about his order tell it.
func (m *Market) passToBackup(ctx context.Context, row ChanceRow) error {
	p, next, err := m.eng.FallThrough(ctx, row.Deal, row.Entry, deal.Unpaid, func(ctx context.Context, _ order.Order, _ time.Time) error {
		row := row
		row.State, row.NextAt = ChancePassed, nil
		return m.setChance(ctx, row)
	})
	if err == nil && next {
		m.shelf.expect(row.Deal, p.Seq)
	}
	return Outage(err)
}

// tellNobody ends it where no other bid reaches the reserve.
func (m *Market) tellNobody(ctx context.Context, row ChanceRow, d engine.Deal) error {
	row.State, row.NextAt = ChanceNobody, nil
	return m.tx(ctx, func(ctx context.Context) error {
		if err := m.setChance(ctx, row); err != nil {
			return err
		}
		return m.putMails(ctx, []MailRow{row.mail("chance_nobody", d.Owner, d, m.Now())})
	})
}

// offerNext offers it to the next bidder, at the price that the auction has without the winner.
func (m *Market) offerNext(ctx context.Context, row ChanceRow, d engine.Deal, next deal.Fallen) error {
	return m.tx(ctx, func(ctx context.Context) error {
		now, row := m.Now(), row
		until := now.Add(chanceStands)
		row.State, row.At, row.NextAt, row.Until = ChanceOffered, now, &until, &until
		row.Account, row.Price = next.Award.Account, next.Award.Total
		if err := m.setChance(ctx, row); err != nil {
			return err
		}
		return m.putMails(ctx, []MailRow{row.mail("second_chance", row.Account, d, now), row.mail("chance_open", d.Owner, d, now)})
	})
}

// SweepChances goes on where winners did not pay, and ends offers whose time is over, at most limit of them. It says of
// how many.
func (m *Market) SweepChances(ctx context.Context, limit int) (int, error) {
	page, err := m.rows.chances.Find(ctx, store.Query{Index: "next", To: store.AtMost(m.Now()), Limit: limit})
	if err != nil {
		return 0, err
	}
	var errs []error
	for _, row := range page.Docs {
		if row.State == ChanceDue {
			err = m.passOn(ctx, row.ID)
		} else {
			err = m.endChance(ctx, row)
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	return len(page.Docs), errors.Join(errs...)
}

// endChance ends an offer that was not answered in time.
func (m *Market) endChance(ctx context.Context, row ChanceRow) error {
	d, err := m.eng.Deal(ctx, row.Deal)
	if err != nil {
		return err
	}
	row.State, row.NextAt = ChanceOver, nil
	err = m.tx(ctx, func(ctx context.Context) error { return m.closeChance(ctx, row, d) })
	if changedMeanwhile(err) { // it was answered after all
		return nil
	}
	return err
}

// closeChance stores the end of an offer that nobody took, and tells the seller; inside a transaction.
func (m *Market) closeChance(ctx context.Context, row ChanceRow, d engine.Deal) error {
	if err := m.setChance(ctx, row); err != nil {
		return err
	}
	return m.putMails(ctx, []MailRow{row.mail("chance_over", d.Owner, d, m.Now())})
}

// refuse says why an offer cannot be answered now; nil where it can.
func (r ChanceRow) refuse(now time.Time) error {
	switch {
	case r.open(now):
		return nil
	case r.State == ChanceOffered, r.State == ChanceOver:
		return fault.New(fault.CodeClosed, fault.Params{"closesAt": deal.FormatTime(*r.Until)})
	}
	return fault.New(fault.CodeConflict, fault.Params{"status": string(r.State)})
}
