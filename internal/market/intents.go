package market

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"haggle/internal/engine"
	"haggle/internal/fault"
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

// States of intents; beside them those that a gateway names. One that is reversing is open still, but nothing else may
// use its money any more.
const (
	intentOpen      = "open"
	intentReversing = "reversing"
	intentReversed  = "reversed"
)

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

// maxAttempts bounds how often a refused charge may be tried again under one key.
const maxAttempts = 100

// storeIntent stores an intent, or gives the one that an earlier try of the same request stored. An earlier charge that
// was refused or given back is over: the request is tried again with another intent, made of the first one's id and the
// number of the attempt.
func (m *Market) storeIntent(ctx context.Context, intent IntentRow) (IntentRow, error) {
	first := intent.ID
	for attempt := 2; attempt <= maxAttempts; attempt++ {
		err := m.rows.intents.Insert(ctx, intent)
		var twice *store.DuplicateError
		if !errors.As(err, &twice) {
			return intent, err
		}
		known, err := m.rows.intents.Get(ctx, intent.ID)
		if err != nil || known.State == intentOpen || known.State == string(pay.Succeeded) {
			return known, err
		}
		intent.ID = fmt.Sprintf("%s-%d", first, attempt)
	}
	return intent, fault.New(fault.CodeLimit, fault.Params{"limit": maxAttempts})
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
		if err := m.closeAlone(ctx, intent, string(out.State)); err != nil && !changedMeanwhile(err) {
			return intent, err
		}
	}
	return intent, refusal
}

// closeIntent ends an intent; inside a transaction. One that was ended before, or meanwhile, is a conflict; so is the use
// of one whose money is going back.
func (m *Market) closeIntent(ctx context.Context, intent IntentRow, state string) error {
	if intent.OpenAt == nil || intent.State == intentReversing && state != intentReversed {
		return fault.New(fault.CodeConflict, fault.Params{"status": intent.State})
	}
	intent.OpenAt = nil
	return m.stateIntent(ctx, intent, state)
}

func (m *Market) stateIntent(ctx context.Context, intent IntentRow, state string) error {
	read := intent.Version
	intent.State = state
	intent.Version++
	return m.rows.intents.Replace(ctx, store.Changed[IntentRow]{ID: intent.ID, Version: read, Doc: intent})
}

func (m *Market) closeAlone(ctx context.Context, intent IntentRow, state string) error {
	return m.tx(ctx, func(ctx context.Context) error { return m.closeIntent(ctx, intent, state) })
}

// reverse gives a charge back that could not be used, and closes its intent.
func (m *Market) reverse(ctx context.Context, intent IntentRow) {
	if err := m.reverseCharge(ctx, intent); err != nil { // the sweep goes on with it
		m.cfg.Logger.WarnContext(ctx, "giving a charge back", "intent", intent.ID, "err", err)
	}
}

// reverseCharge first says that the money goes back, so that nobody uses it meanwhile; then it goes.
func (m *Market) reverseCharge(ctx context.Context, intent IntentRow) error {
	if intent.State == intentOpen {
		if err := m.stateIntent(ctx, intent, intentReversing); err != nil {
			return err
		}
		intent.State = intentReversing
		intent.Version++
	}
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
