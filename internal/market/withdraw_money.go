package market

import (
	"context"

	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/ledger"
	"haggle/internal/pay"
)

// WithdrawMoney takes money out of the actor's wallet: debited first, then paid out; what the gateway refuses comes
// back.
func (m *Market) WithdrawMoney(ctx context.Context, a Actor, k Key, in WithdrawalInput) (TransferView, bool, error) {
	if err := m.begins(ctx, a); err != nil {
		return TransferView{}, false, err
	}
	var c fault.Collect
	if in.Method != "bank" {
		c.Addf("method", "unknown", "bank")
	}
	if checkMoney(&c, in.Amount, m.cfg.Currency); c.Err() != nil {
		return TransferView{}, false, c.Err()
	}
	return once(ctx, m, a, k, m.tradePermit(a, ScopeWallet), func(key *engine.Key) (TransferView, error) {
		if err := m.checkCash(in.Amount); err != nil {
			return TransferView{}, err
		}
		intent := m.newIntent(a.Account, key, purposeWithdrawal, "", in.Amount)
		v, err := m.debit(ctx, key, intent)
		if err != nil {
			return v, err
		}
		if err := m.payOut(ctx, intent); err != nil { // the sweep goes on with it
			m.cfg.Logger.WarnContext(ctx, "paying out", "intent", intent.ID, "err", err)
		}
		return v, nil
	})
}

// debit stores a withdrawal's intent and takes its money, in one commit. Its status is pending until the bank has it.
func (m *Market) debit(ctx context.Context, key *engine.Key, intent IntentRow) (v TransferView, err error) {
	err = m.tx(ctx, func(ctx context.Context) error {
		now := m.Now()
		if err := m.rows.intents.Insert(ctx, intent); err != nil {
			return err
		}
		if err := m.post(ctx, now, intent.Account, ledger.Withdrawal(intent.ID, intent.Account, intent.Gateway, intent.Amount, now)); err != nil {
			return err
		}
		w, err := m.walletOf(ctx, intent.Account)
		if err != nil {
			return err
		}
		v = TransferView{ID: intent.ID, Amount: intent.Amount, Status: "pending", Wallet: w}
		return m.keep(ctx, key, now, v)
	})
	return v, err
}

// payOut asks the gateway to pay a withdrawal and closes its intent; a refusal gives the money back.
func (m *Market) payOut(ctx context.Context, intent IntentRow) error {
	out, err := m.cfg.Gateway.Payout(ctx, pay.Payout{Intent: intent.ID, Amount: intent.Amount, Currency: m.cfg.Currency.Code, Method: "bank",
		To: intent.Account, Purpose: purposeWithdrawal, At: intent.At})
	if err != nil {
		return err
	}
	if out.Refusal() == nil {
		return m.closeAlone(ctx, intent, string(pay.Succeeded))
	}
	return m.giveBackWithdrawal(ctx, intent, string(out.State))
}

func (m *Market) giveBackWithdrawal(ctx context.Context, intent IntentRow, state string) error {
	return m.tx(ctx, func(ctx context.Context) error {
		now := m.Now()
		if err := m.closeIntent(ctx, intent, state); err != nil {
			return err
		}
		return m.post(ctx, now, intent.Account, ledger.WithdrawalReversal(intent.ID, intent.Account, intent.Gateway, intent.Amount, now))
	})
}
