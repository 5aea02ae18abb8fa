package market

import (
	"context"
	"testing"
	"time"

	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/money"
	"haggle/internal/pay"
	"haggle/internal/pay/sandbox"
	"haggle/internal/store"
	"haggle/internal/store/sqlite"
)

// till is a market that has nothing but its intents and a gateway.
func till(t *testing.T) (*Market, pay.Gateway) {
	t.Helper()
	s, err := sqlite.Open(t.TempDir(), store.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Ensure(t.Context(), Specs()); err != nil {
		t.Fatal(err)
	}
	g := sandbox.New(sandbox.Config{Storage: sandbox.NewMemory()})
	return New(Config{Store: s, Gateway: g, Currency: money.Currency{Code: "TWD", Exponent: 2, CashUnit: 100}}), g
}

func goodCard(t *testing.T) pay.Card {
	t.Helper()
	c, err := pay.ParseCard(sandbox.CardGood)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestAChargeGivenBackIsNotUsed: a request repeated under its key, after its charge went back, charges anew; the first
// charge can pay for nothing any more, and nothing is given back twice.
func TestAChargeGivenBackIsNotUsed(t *testing.T) {
	m, gateway := till(t)
	ctx, key := t.Context(), &engine.Key{Account: "ann", Value: "k", Hash: "h"}
	charge := func() IntentRow {
		t.Helper()
		intent, err := m.chargeCard(ctx, m.newIntent("ann", key, purposeBuyNow, "", 500), goodCard(t))
		if err != nil {
			t.Fatal(err)
		}
		return intent
	}
	first := charge()
	if again := charge(); again.ID != first.ID {
		t.Errorf("while it is open a repeated request charges %s, not %s", again.ID, first.ID)
	}
	if err := m.reverseCharge(ctx, first); err != nil {
		t.Fatal(err)
	}
	second := charge()
	if second.ID == first.ID {
		t.Error("the repeated request got the charge that had gone back")
	}
	if err := m.reverseCharge(ctx, first); !changedMeanwhile(err) {
		t.Errorf("given back twice: %v", err)
	}
	for _, stale := range []IntentRow{first, stored(t, m, first.ID)} {
		if err := m.closeAlone(ctx, stale, string(pay.Succeeded)); !changedMeanwhile(err) && !fault.Is(err, fault.CodeConflict) {
			t.Errorf("the charge that had gone back was used: %v", err)
		}
	}
	for id, want := range map[string]pay.State{first.ID: pay.Succeeded, first.ID + "-refund": pay.Succeeded, second.ID: pay.Succeeded, second.ID + "-refund": pay.Unknown} {
		if o, err := gateway.Find(ctx, id); err != nil || o.State != want {
			t.Errorf("%s is %s at the gateway, %v; want %s", id, o.State, err, want)
		}
	}
}

func stored(t *testing.T, m *Market, id string) IntentRow {
	t.Helper()
	row, err := m.rows.intents.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// TestAUsedChargeIsNotGivenBack: who wants to give a charge back that was used meanwhile is too late, and the gateway is
// not asked.
func TestAUsedChargeIsNotGivenBack(t *testing.T) {
	m, gateway := till(t)
	intent, err := m.chargeCard(t.Context(), m.newIntent("ann", nil, purposeBuyNow, "", 500), goodCard(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := m.tx(t.Context(), func(ctx context.Context) error { return m.closeIntent(ctx, intent, string(pay.Succeeded)) }); err != nil {
		t.Fatal(err)
	}
	if err := m.reverseCharge(t.Context(), intent); !changedMeanwhile(err) {
		t.Errorf("got %v", err)
	}
	if o, err := gateway.Find(t.Context(), intent.ID+"-refund"); err != nil || o.State != pay.Unknown {
		t.Errorf("refunded: %+v, %v", o, err)
	}
}

// TestTheSweepGoesOnGivingBack: an intent whose money was going back when the process died is not used by the sweep.
func TestTheSweepGoesOnGivingBack(t *testing.T) {
	m, gateway := till(t)
	now := time.Now().Add(-2 * intentPatience)
	m.cfg.Clock = func() time.Time { return now }
	intent, err := m.chargeCard(t.Context(), m.newIntent("ann", nil, "pay:o", "o", 500), goodCard(t))
	if err == nil {
		err = m.tx(t.Context(), func(ctx context.Context) error { return m.stateIntent(ctx, intent, intentReversing) })
	}
	if err != nil {
		t.Fatal(err)
	}
	m.cfg.Clock = time.Now
	if n, err := m.SweepIntents(t.Context(), 10); n != 1 || err != nil {
		t.Fatalf("swept %d, %v", n, err)
	}
	if row := stored(t, m, intent.ID); row.State != intentReversed || row.OpenAt != nil {
		t.Errorf("it is %s", row.State)
	}
	if o, err := gateway.Find(t.Context(), intent.ID+"-refund"); err != nil || o.State != pay.Succeeded {
		t.Errorf("not refunded: %+v, %v", o, err)
	}
}
