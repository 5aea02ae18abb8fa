package market

import (
	"context"
	"time"

	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/ledger"
	"haggle/internal/money"
	"haggle/internal/pay"
)

// Deposit puts money into the actor's wallet from a card: the intent is stored, the gateway charges, then one commit
// credits the wallet and closes the intent.
func (m *Market) Deposit(ctx context.Context, a Actor, k Key, in DepositInput) (TransferView, bool, error) {
	if err := m.begins(ctx, a); err != nil {
		return TransferView{}, false, err
	}
	card, err := checkDeposit(in, m.cfg.Currency)
	if err != nil {
		return TransferView{}, false, err
	}
	return once(ctx, m, a, k, m.tradePermit(a, ScopeWallet), func(key *engine.Key) (TransferView, error) {
		if err := m.checkCash(in.Amount); err != nil {
			return TransferView{}, err
		}
		intent, err := m.chargeCard(ctx, m.newIntent(a.Account, key, purposeDeposit, "", in.Amount), card)
		if err != nil {
			return TransferView{}, err
		}
		return m.creditDeposit(ctx, key, intent)
	})
}

func checkDeposit(in DepositInput, currency money.Currency) (pay.Card, error) {
	var c fault.Collect
	checkMoney(&c, in.Amount, currency)
	return checkCard(&c, in.Card), c.Err()
}

// creditDeposit credits a charged deposit and closes its intent, in one commit.
func (m *Market) creditDeposit(ctx context.Context, key *engine.Key, intent IntentRow) (v TransferView, err error) {
	err = m.tx(ctx, func(ctx context.Context) error {
		now := m.Now()
		stored, err := m.rows.intents.Get(ctx, intent.ID) // not into intent: a closure that runs again finds it as it was
		if err != nil {
			return err
		}
		if v, err = m.creditOnce(ctx, stored, now); err != nil {
			return err
		}
		return m.keep(ctx, key, now, v)
	})
	return v, err
}

// creditOnce credits a deposit unless an earlier try, or the sweep, has; inside a transaction.
func (m *Market) creditOnce(ctx context.Context, intent IntentRow, now time.Time) (TransferView, error) {
	switch intent.State {
	case intentOpen:
		if err := m.closeIntent(ctx, intent, string(pay.Succeeded)); err != nil {
			return TransferView{}, err
		}
		t := ledger.Deposit(intent.ID, intent.Account, intent.Gateway, intent.Amount, now)
		if err := m.post(ctx, now, intent.Account, t); err != nil {
			return TransferView{}, err
		}
	case string(pay.Succeeded):
	default:
		return TransferView{}, fault.New(fault.CodeConflict, fault.Params{"status": intent.State})
	}
	w, err := m.walletOf(ctx, intent.Account)
	return TransferView{ID: intent.ID, Amount: intent.Amount, Status: "succeeded", Wallet: w}, err
}

// post books one transfer; inside a transaction.
func (m *Market) post(ctx context.Context, now time.Time, user string, t ledger.Transfer) error {
	b, err := m.eng.OpenBooks(ctx, now, user)
	if err != nil {
		return err
	}
	if err := b.Post(t); err != nil {
		return err
	}
	return b.Flush(ctx)
}
