package market

import (
	"context"
	"errors"

	"haggle/internal/fault"
	"haggle/internal/identity"
	"haggle/internal/identity/passkey"
	"haggle/internal/store"
)

// Ceremony is the first half of one with a passkey: options for the browser, and a ticket for the second half.
type Ceremony struct {
	Options []byte // JSON
	Ticket  string
}

// keySite is the site's passkeys; not_found where it has none.
func (m *Market) keySite() (*passkey.Site, error) {
	if m.cfg.Passkeys == nil {
		return nil, fault.New(fault.CodeNotFound, nil)
	}
	return m.cfg.Passkeys, nil
}

// PasskeyHost is the name that passkeys belong to; empty where the site has none.
func (m *Market) PasskeyHost() string {
	if m.cfg.Passkeys == nil {
		return ""
	}
	return m.cfg.Passkeys.Host()
}

// BeginPasskey asks the actor's browser to make a passkey.
func (m *Market) BeginPasskey(ctx context.Context, a Actor, password string) (Ceremony, error) {
	site, err := m.keySite()
	if err != nil {
		return Ceremony{}, err
	}
	if err := m.confirm(ctx, a, password); err != nil {
		return Ceremony{}, err
	}
	person, err := m.keyPerson(ctx, a.Account)
	if err != nil {
		return Ceremony{}, err
	}
	if len(person.Keys) >= maxPasskeys {
		return Ceremony{}, fault.New(fault.CodeLimit, fault.Params{"limit": maxPasskeys})
	}
	c, err := site.BeginRegistration(person)
	if err != nil {
		return Ceremony{}, err
	}
	return m.openCeremony(ctx, c, FlowRow{Kind: flowPasskeyNew, Account: a.Account})
}

func (m *Market) openCeremony(ctx context.Context, c passkey.Ceremony, row FlowRow) (Ceremony, error) {
	row.State = c.State
	ticket := identity.NewTicket()
	return Ceremony{Options: c.Options, Ticket: ticket}, m.openFlow(ctx, ticket, ticket, row)
}

func (m *Market) keyPerson(ctx context.Context, account string) (passkey.Person, error) {
	row, err := m.rows.accounts.Get(ctx, account)
	if err != nil {
		return passkey.Person{}, err
	}
	keys, err := m.passkeysOf(ctx, account)
	p := passkey.Person{ID: row.ID, Email: row.Email, Name: row.Name}
	for _, k := range keys {
		p.Keys = append(p.Keys, passkey.Key{ID: k.ID, Record: k.Record})
	}
	return p, err
}

// AddPasskey stores the passkey that the actor's browser made.
func (m *Market) AddPasskey(ctx context.Context, a Actor, ticket string, answer []byte, name string) error {
	site, err := m.keySite()
	if err != nil {
		return err
	}
	if err := m.mayWrite(ctx, a, ScopeTrade); err != nil {
		return err
	}
	var c fault.Collect
	if checkText(&c, "name", name, 1, maxName); c.Err() != nil {
		return c.Err()
	}
	row, err := m.takeFlow(ctx, ticket, ticket, flowPasskeyNew)
	if err != nil || row.Account != a.Account {
		return keyFailed(err)
	}
	person, err := m.keyPerson(ctx, a.Account)
	if err != nil {
		return err
	}
	key, err := site.FinishRegistration(person, row.State, answer)
	if err != nil {
		return keyFailed(err)
	}
	now := m.Now()
	err = m.tx(ctx, func(ctx context.Context) error {
		if err := m.rows.passkeys.Insert(ctx, PasskeyRow{ID: key.ID, Account: a.Account, Name: name, Record: key.Record, At: now, UsedAt: now}); err != nil {
			return err
		}
		return m.wayMail(ctx, a, "passkey_added", name)
	})
	var twice *store.DuplicateError
	if errors.As(err, &twice) {
		return keyFailed(err)
	}
	return err
}

// keyFailed reads an error of a ceremony; one that is not about its answer stays.
func keyFailed(err error) error {
	var twice *store.DuplicateError
	if err == nil || errors.Is(err, passkey.ErrWrong) || errors.As(err, &twice) || fault.Is(err, fault.CodeSignInFailed) {
		return fault.New(fault.CodePasskeyFailed, nil).Because(err)
	}
	return err
}

// RemovePasskey removes a passkey of the actor, and ends every other session of his.
func (m *Market) RemovePasskey(ctx context.Context, a Actor, id, password string) error {
	if err := m.confirm(ctx, a, password); err != nil {
		return err
	}
	err := m.dropWay(ctx, a.Account, func(ctx context.Context) error {
		row, err := m.rows.passkeys.Get(ctx, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && row.Account != a.Account {
			return fault.New(fault.CodeNotFound, nil)
		}
		if err != nil {
			return err
		}
		if err := m.rows.passkeys.Delete(ctx, id); err != nil {
			return err
		}
		return m.wayMail(ctx, a, "passkey_removed", row.Name)
	})
	if err != nil {
		return err
	}
	return m.endSessions(ctx, a.Account, a.Session)
}
