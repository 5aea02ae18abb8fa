package market

import (
	"context"
	"errors"

	"haggle/internal/fault"
	"haggle/internal/identity/passkey"
	"haggle/internal/store"
)

// BeginPasskeySignIn asks a browser for any passkey of this site.
func (m *Market) BeginPasskeySignIn(ctx context.Context) (Ceremony, error) {
	site, err := m.keySite()
	if err != nil {
		return Ceremony{}, err
	}
	c, err := site.BeginSignIn()
	if err != nil {
		return Ceremony{}, err
	}
	return m.openCeremony(ctx, c, FlowRow{Kind: flowPasskey})
}

// PasskeySignIn opens the session of a passkey's owner. The passkey verified him: there is no second step.
func (m *Market) PasskeySignIn(ctx context.Context, ticket string, answer []byte, agent string) (grant Grant, err error) {
	site, err := m.keySite()
	if err != nil {
		return Grant{}, err
	}
	row, err := m.takeFlow(ctx, ticket, ticket, flowPasskey)
	if err != nil {
		return Grant{}, keyFailed(err)
	}
	person, key, err := site.FinishSignIn(row.State, answer, func(id string) (passkey.Person, error) { return m.keyPerson(ctx, id) })
	if err != nil {
		m.cfg.Logger.WarnContext(ctx, "signing in with a passkey", "err", err)
		return Grant{}, keyFailed(err)
	}
	err = m.tx(ctx, func(ctx context.Context) error {
		stored, err := m.rows.passkeys.Get(ctx, key.ID)
		if errors.Is(err, store.ErrNotFound) || err == nil && stored.Account != person.ID {
			return fault.New(fault.CodePasskeyFailed, nil) // removed meanwhile
		}
		if err != nil {
			return err
		}
		stored.Record, stored.UsedAt = key.Record, m.Now()
		if err := m.rows.passkeys.Put(ctx, stored); err != nil {
			return err
		}
		grant, err = m.grant(ctx, person.ID, agent, stored.UsedAt)
		return err
	})
	return grant, err
}
