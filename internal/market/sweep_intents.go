package market

import (
	"context"
	"errors"
	"strings"
	"time"

	"haggle/internal/fault"
	"haggle/internal/ledger"
	"haggle/internal/money"
	"haggle/internal/pay"
	"haggle/internal/store"
)

// intentPatience is how old an open intent must be before the sweep looks into it: longer than any call can last.
const intentPatience = 60 * time.Second

// SweepIntents finishes or reverses every gateway call whose answer never came, and books late failures. It answers
// how many intents it closed.
func (m *Market) SweepIntents(ctx context.Context, limit int) (int, error) {
	before := m.Now().Add(-intentPatience)
	page, err := m.rows.intents.Find(ctx, store.Query{Index: "open", To: store.AtMost(before), Limit: limit})
	if err != nil {
		return 0, err
	}
	done := 0
	var failed error
	for _, intent := range page.Docs {
		if err := m.finishIntent(ctx, intent); err != nil && !changedMeanwhile(err) {
			failed = errors.Join(failed, err)
			continue
		}
		done++
	}
	return done, failed
}

// changedMeanwhile says that a row was written by somebody else since it was read: what was to be done is theirs now.
func changedMeanwhile(err error) bool {
	var c *store.ConflictError
	return errors.As(err, &c)
}

// finishIntent asks the gateway what became of an intent and does what is still to do.
func (m *Market) finishIntent(ctx context.Context, intent IntentRow) error {
	if intent.Purpose == purposeWithdrawal {
		return m.payOut(ctx, intent) // the same intent: the gateway pays it at most once
	}
	if intent.State == intentReversing {
		return m.reverseCharge(ctx, intent)
	}
	out, err := m.cfg.Gateway.Find(ctx, intent.ID)
	if err != nil {
		return err
	}
	switch out.State {
	case pay.Pending:
		return nil
	case pay.Succeeded, pay.Failed:
	default:
		return m.closeAlone(ctx, intent, string(out.State))
	}
	if intent.Purpose == purposeDeposit {
		_, err := m.creditDeposit(ctx, nil, intent)
		return err
	}
	return m.finishPayment(ctx, intent)
}

// finishPayment uses a charge for the order it was made for; where that cannot be paid any more it goes back.
func (m *Market) finishPayment(ctx context.Context, intent IntentRow) error {
	if intent.Order == "" {
		return m.reverseCharge(ctx, intent)
	}
	_, err := m.bookPayment(ctx, Actor{Account: intent.Account}, nil, intent.Order, &intent)
	if err != nil && (fault.Is(err, fault.CodeConflict) || fault.Is(err, fault.CodeForbidden) || errors.Is(err, store.ErrNotFound)) {
		return m.reverseCharge(ctx, intent)
	}
	return err
}

// reversal takes out of a wallet what the gateway took back: a deposit, or what paid an order.
func reversal(intent IntentRow, amount money.Amount, now time.Time) ledger.Transfer {
	if intent.Purpose == purposeDeposit {
		return ledger.DepositReversal(intent.ID, intent.Account, intent.Gateway, amount, now)
	}
	return ledger.CardPaymentReversal(intent.ID, intent.Order, intent.Account, intent.Gateway, amount, now)
}

// lateWindow is how far back late failures are read each time; booking one twice is noticed by its id.
const lateWindow = 24 * time.Hour

// SweepFailures books what a gateway took back after it had said yes. It answers how many it booked.
func (m *Market) SweepFailures(ctx context.Context) (int, error) {
	events, err := m.cfg.Gateway.Events(ctx, m.Now().Add(-lateWindow))
	if err != nil {
		return 0, err
	}
	booked := 0
	var failed error
	for _, e := range events {
		ok, err := m.bookFailure(ctx, e)
		if err != nil {
			failed = errors.Join(failed, err)
		} else if ok {
			booked++
		}
	}
	return booked, failed
}

// bookFailure takes a failed deposit out of its wallet again; what is missing there is owed. A card payment of an order
// that fails late is owed by its buyer.
func (m *Market) bookFailure(ctx context.Context, e pay.Event) (booked bool, err error) {
	if e.State != pay.Failed || strings.HasSuffix(e.Intent, "-refund") {
		return false, nil
	}
	err = m.tx(ctx, func(ctx context.Context) error {
		booked = false
		intent, err := m.rows.intents.Get(ctx, e.Intent)
		if errors.Is(err, store.ErrNotFound) || err == nil && (intent.FailedAt != nil || intent.State != string(pay.Succeeded)) {
			return nil
		}
		if err != nil {
			return err
		}
		now := m.Now()
		intent.FailedAt, intent.Version = &now, intent.Version+1
		if err := m.rows.intents.Replace(ctx, store.Changed[IntentRow]{ID: intent.ID, Version: intent.Version - 1, Doc: intent}); err != nil {
			return err
		}
		booked = true
		if err := m.putMails(ctx, []MailRow{failureMail(intent, e.Amount, now)}); err != nil {
			return err
		}
		return m.post(ctx, now, intent.Account, reversal(intent, e.Amount, now))
	})
	return booked, err
}
