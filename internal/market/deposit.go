package market

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/ledger"
	"haggle/internal/money"
	"haggle/internal/pay"
	"haggle/internal/store"
)

// Purposes of intents.
const (
	purposeDeposit    = "deposit"
	purposeWithdrawal = "withdrawal"
	purposeBuyNow     = "buy-now"
)

// States of intents; beside them those that a gateway names.
const (
	intentOpen     = "open"
	intentReversed = "reversed"
)

// Deposit puts money into the actor's wallet from a card: the intent is stored, the gateway charges, then one commit
// credits the wallet and closes the intent.
func (m *Market) Deposit(ctx context.Context, a Actor, k Key, in DepositInput) (TransferView, bool, error) {
	if err := m.mayWrite(ctx, a, ScopeWallet); err != nil {
		return TransferView{}, false, err
	}
	card, err := pay.ParseCard(in.Card)
	if err != nil {
		return TransferView{}, false, err
	}
	if err := m.checkMoney(in.Amount); err != nil {
		return TransferView{}, false, err
	}
	return once(ctx, m, a, k, func(key *engine.Key) (TransferView, error) {
		intent, err := m.chargeCard(ctx, m.newIntent(a.Account, key, purposeDeposit, "", in.Amount), card)
		if err != nil {
			return TransferView{}, err
		}
		return m.creditDeposit(ctx, key, intent)
	})
}

// newIntent prepares a gateway call; it is stored before the call. Under a key its id is made of account, key and
// request: a repeated request carries the same intent, and the gateway does its work once.
func (m *Market) newIntent(account string, key *engine.Key, purpose, orderID string, amount money.Amount) IntentRow {
	now := m.Now()
	id := engine.NewID()
	if key != nil {
		sum := sha256.Sum256([]byte(strings.Join([]string{account, key.Value, key.Hash, purpose}, "\n")))
		id = "k-" + hex.EncodeToString(sum[:16])
	}
	return IntentRow{ID: id, Version: 1, Account: account, Purpose: purpose, Order: orderID, Amount: amount, State: intentOpen,
		At: now, OpenAt: &now, Gateway: m.cfg.Gateway.Name()}
}

// charge stores an intent and charges a card typed by its holder.
func (m *Market) charge(ctx context.Context, intent IntentRow, card string) (IntentRow, error) {
	c, err := pay.ParseCard(card)
	if err != nil {
		return IntentRow{}, err
	}
	return m.chargeCard(ctx, intent, c)
}

// storeIntent stores an intent, or gives the one that an earlier try of the same request stored.
func (m *Market) storeIntent(ctx context.Context, intent IntentRow) (IntentRow, error) {
	err := m.rows.intents.Insert(ctx, intent)
	var twice *store.DuplicateError
	if errors.As(err, &twice) {
		return m.rows.intents.Get(ctx, intent.ID)
	}
	return intent, err
}

// chargeCard stores the intent, then charges. A declined card closes the intent and is refused. When the gateway's
// answer is lost the intent stays open, and the sweep finds out.
func (m *Market) chargeCard(ctx context.Context, intent IntentRow, card pay.Card) (IntentRow, error) {
	intent.Last4 = card.Last4()
	intent, err := m.storeIntent(ctx, intent)
	if err != nil {
		return intent, err
	}
	out, err := m.cfg.Gateway.Charge(ctx, pay.Charge{Intent: intent.ID, Amount: intent.Amount, Currency: m.cfg.Currency.Code, Card: card, Purpose: intent.Purpose, At: intent.At})
	if err != nil {
		return intent, fault.New(fault.CodeUnavailable, fault.Params{"unknown": true}).Because(err)
	}
	refusal := out.Refusal()
	if refusal == nil {
		return intent, nil
	}
	if intent.State == intentOpen {
		if err := m.closeAlone(ctx, intent, string(out.State)); err != nil && !isConflict(err) {
			return intent, err
		}
	}
	return intent, refusal
}

// creditDeposit credits a charged deposit and closes its intent, in one commit.
func (m *Market) creditDeposit(ctx context.Context, key *engine.Key, intent IntentRow) (v TransferView, err error) {
	err = m.tx(ctx, func(ctx context.Context) error {
		now := m.Now()
		if intent, err = m.rows.intents.Get(ctx, intent.ID); err != nil {
			return err
		}
		if v, err = m.creditOnce(ctx, intent, now); err != nil {
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
		if err := m.closeIntent(ctx, intent, string(pay.Succeeded), now); err != nil {
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

// closeIntent ends an intent; inside a transaction. One that somebody else ended meanwhile is a conflict.
func (m *Market) closeIntent(ctx context.Context, intent IntentRow, state string, now time.Time) error {
	intent.State, intent.OpenAt = state, nil
	read := intent.Version
	intent.Version++
	return m.rows.intents.Replace(ctx, store.Changed[IntentRow]{ID: intent.ID, Version: read, Doc: intent})
}

func (m *Market) closeAlone(ctx context.Context, intent IntentRow, state string) error {
	return m.tx(ctx, func(ctx context.Context) error { return m.closeIntent(ctx, intent, state, m.Now()) })
}

// WithdrawMoney takes money out of the actor's wallet: debited first, then paid out; what the gateway refuses comes
// back.
func (m *Market) WithdrawMoney(ctx context.Context, a Actor, k Key, in WithdrawalInput) (TransferView, bool, error) {
	if err := m.mayWrite(ctx, a, ScopeWallet); err != nil {
		return TransferView{}, false, err
	}
	if in.Method != "bank" {
		return TransferView{}, false, fault.Invalidf("method", "bank")
	}
	if err := m.checkMoney(in.Amount); err != nil {
		return TransferView{}, false, err
	}
	return once(ctx, m, a, k, func(key *engine.Key) (TransferView, error) {
		intent := m.newIntent(a.Account, key, purposeWithdrawal, "", in.Amount)
		v, err := m.debit(ctx, key, intent)
		if err != nil {
			return v, err
		}
		if err := m.payOut(ctx, intent); err != nil { // the sweep goes on with it
			m.cfg.Logger.Warn("paying out", "intent", intent.ID, "err", err)
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
		if err := m.closeIntent(ctx, intent, state, now); err != nil {
			return err
		}
		return m.post(ctx, now, intent.Account, ledger.WithdrawalReversal(intent.ID, intent.Account, intent.Gateway, intent.Amount, now))
	})
}

// reverse gives a charge back that could not be used, and closes its intent.
func (m *Market) reverse(ctx context.Context, intent IntentRow) {
	if err := m.reverseCharge(ctx, intent); err != nil { // the sweep goes on with it
		m.cfg.Logger.Warn("giving a charge back", "intent", intent.ID, "err", err)
	}
}

func (m *Market) reverseCharge(ctx context.Context, intent IntentRow) error {
	out, err := m.cfg.Gateway.Refund(ctx, pay.Follow{Intent: intent.ID + "-refund", Of: intent.ID, Amount: intent.Amount,
		Currency: m.cfg.Currency.Code, Purpose: "refund:" + intent.Purpose, At: m.Now()})
	if err != nil {
		return err
	}
	if err := out.Refusal(); err != nil && !fault.Is(err, fault.CodeConflict) {
		return fmt.Errorf("refund of %s: %w", intent.ID, err)
	}
	return m.closeAlone(ctx, intent, intentReversed)
}
