package market

import (
	"context"
	"errors"
	"slices"
	"time"

	"haggle/internal/fault"
	"haggle/internal/identity"
	"haggle/internal/store"
)

// flowLife is how long something begun may take.
const flowLife = 10 * time.Minute

// Kinds of flows.
const (
	flowSignIn     = "sign_in"     // with another site, by a guest
	flowLink       = "link"        // another site to an account
	flowWelcome    = "welcome"     // a new person from another site, of whom something is missing
	flowSecondStep = "second_step" // the first step was right
	flowPasskey    = "passkey"     // signing in with one
	flowPasskeyNew = "passkey_new" // registering one
)

// openFlow notes that something has begun. token is what comes back, browser what the browser holds meanwhile.
func (m *Market) openFlow(ctx context.Context, token, browser string, row FlowRow) error {
	row.ID, row.Browser, row.Expires = identity.Fingerprint(token), identity.Fingerprint(browser), m.Now().Add(flowLife)
	return m.rows.flows.Insert(ctx, row)
}

// lookFlow finds something begun, without ending it.
func (m *Market) lookFlow(ctx context.Context, token, browser string, kinds ...string) (FlowRow, error) {
	row, err := m.rows.flows.Get(ctx, identity.Fingerprint(token))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return FlowRow{}, noFlow("unknown, or used")
	case err != nil:
		return FlowRow{}, err
	case !slices.Contains(kinds, row.Kind):
		return FlowRow{}, noFlow("another kind")
	case !identity.Same(row.Browser, identity.Fingerprint(browser)):
		return FlowRow{}, noFlow("another browser")
	case !m.Now().Before(row.Expires):
		return FlowRow{}, noFlow("over")
	}
	return row, nil
}

func noFlow(why string) error {
	return fault.New(fault.CodeSignInFailed, nil).Because(errors.New("market: this sign-in is " + why))
}

// takeFlow ends something begun: of two answers to it one finds it. Another kind's, another browser's and one that is over
// stay where they are.
func (m *Market) takeFlow(ctx context.Context, token, browser string, kinds ...string) (row FlowRow, err error) {
	err = m.tx(ctx, func(ctx context.Context) error {
		if row, err = m.lookFlow(ctx, token, browser, kinds...); err != nil {
			return err
		}
		return m.rows.flows.Delete(ctx, row.ID)
	})
	return row, err
}

// sweepFlows removes what nobody answered in time.
func (m *Market) sweepFlows(ctx context.Context, limit int) (int, error) {
	return deleteFound(ctx, m.rows.flows, expired(m.Now(), limit), func(f FlowRow) string { return f.ID })
}
