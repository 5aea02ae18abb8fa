package market

import (
	"context"
	"fmt"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/order"
)

// AnswerChance takes a second chance, or says that it is not wanted. Taking it is an award at the price that was offered,
// with an order to pay. Whoever was not offered it finds nothing.
func (m *Market) AnswerChance(ctx context.Context, a Actor, k Key, dealID string, in ChanceInput) (AnsweredView, bool, error) {
	if err := m.begins(ctx, a); err != nil {
		return AnsweredView{}, false, err
	}
	row, err := m.chanceFor(ctx, a, dealID)
	if err != nil {
		return AnsweredView{}, false, err
	}
	return once(ctx, m, a, k, m.tradePermit(a, ScopeTrade), func(key *engine.Key) (v AnsweredView, err error) {
		if err := row.refuse(m.Now()); err != nil {
			return v, err
		}
		if in.Accept {
			v, err = m.takeChance(ctx, a, key, row)
		} else {
			v, err = m.declineChance(ctx, key, row)
		}
		if changedMeanwhile(err) { // answered elsewhere, or over
			return v, m.answeredBefore(ctx, row, err)
		}
		return v, err
	})
}

// SeesChance refuses not_found where the actor was never offered the deal.
func (m *Market) SeesChance(ctx context.Context, a Actor, dealID string) error {
	_, err := m.chanceFor(ctx, a, dealID)
	return err
}

// chanceFor reads what the actor was offered last in a deal.
func (m *Market) chanceFor(ctx context.Context, a Actor, dealID string) (ChanceRow, error) {
	row, ok, err := m.chanceIn(ctx, a.Account, dealID)
	if err == nil && !ok {
		err = fault.New(fault.CodeNotFound, nil)
	}
	return row, err
}

// answeredBefore is the refusal of an answer that lost against another.
func (m *Market) answeredBefore(ctx context.Context, row ChanceRow, lost error) error {
	now, err := m.rows.chances.Get(ctx, row.ID)
	if err == nil {
		err = now.refuse(m.Now())
	}
	if err == nil {
		err = fault.New(fault.CodeConflict, fault.Params{"status": string(now.State)}).Because(lost)
	}
	return err
}

func (m *Market) takeChance(ctx context.Context, a Actor, key *engine.Key, row ChanceRow) (v AnsweredView, err error) {
	p, next, err := m.eng.FallThrough(ctx, row.Deal, row.Entry, deal.Unpaid, func(ctx context.Context, o order.Order, now time.Time) error {
		if err := row.refuse(now); err != nil {
			return err
		}
		if o.Buyer != a.Account || o.Total != row.Price {
			return fmt.Errorf("order %s is not what was offered: %s at %d", o.ID, o.Buyer, o.Total)
		}
		taken := row
		taken.State, taken.NextAt = ChanceTaken, nil
		if err := m.setChance(ctx, taken); err != nil {
			return err
		}
		view, err := m.steppedView(ctx, a, o, now)
		if err != nil {
			return err
		}
		v = AnsweredView{Accepted: true, Order: &view}
		return m.keep(ctx, key, now, v)
	})
	if err != nil {
		return AnsweredView{}, Outage(err)
	}
	if !next {
		return AnsweredView{}, m.answeredBefore(ctx, row, nil)
	}
	m.shelf.expect(row.Deal, p.Seq)
	return v, nil
}

func (m *Market) declineChance(ctx context.Context, key *engine.Key, row ChanceRow) (v AnsweredView, err error) {
	d, err := m.eng.Deal(ctx, row.Deal)
	if err != nil {
		return v, err
	}
	err = m.tx(ctx, func(ctx context.Context) error {
		now := m.Now()
		if err := row.refuse(now); err != nil {
			return err
		}
		declined := row
		declined.State, declined.NextAt = ChanceDeclined, nil
		if err := m.closeChance(ctx, declined, d); err != nil {
			return err
		}
		return m.keep(ctx, key, now, v)
	})
	return v, err
}
