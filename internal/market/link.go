package market

import (
	"context"
	"errors"

	"haggle/internal/fault"
	"haggle/internal/identity"
	"haggle/internal/identity/oauth"
	"haggle/internal/store"
)

// linkID is where a person of another site is found: by issuer and subject, never by e-mail.
func linkID(p oauth.Person) string { return linkKey(p.Issuer, p.Subject) }

func linkKey(issuer, subject string) string { return identity.Fingerprint(issuer + "\n" + subject) }

// link makes an account at another site sign in to the actor's account. link_taken where it signs in to another one.
func (m *Market) link(ctx context.Context, a Actor, provider string, p oauth.Person) error {
	row := LinkRow{ID: linkID(p), Account: a.Account, Provider: provider, Issuer: p.Issuer, Subject: p.Subject, Email: p.Email}
	return m.tx(ctx, func(ctx context.Context) error {
		known, err := m.rows.links.Get(ctx, row.ID)
		switch {
		case err == nil && known.Account != a.Account:
			return fault.New(fault.CodeLinkTaken, nil)
		case err == nil:
			return nil // linked already
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		links, err := m.linksOf(ctx, a.Account)
		if err != nil {
			return err
		}
		if len(links) >= maxLinks {
			return fault.New(fault.CodeLimit, fault.Params{"limit": maxLinks})
		}
		row.At = m.Now()
		if err := m.rows.links.Insert(ctx, row); err != nil {
			return err
		}
		return m.wayMail(ctx, a, "linked", m.providerName(provider, p.Issuer))
	})
}

// Unlink ends that an account at another site signs in to the actor's account, and every other session of his.
func (m *Market) Unlink(ctx context.Context, a Actor, id, password string) error {
	if err := m.confirm(ctx, a, password); err != nil {
		return err
	}
	err := m.dropWay(ctx, a.Account, func(ctx context.Context) error {
		row, err := m.rows.links.Get(ctx, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && row.Account != a.Account {
			return fault.New(fault.CodeNotFound, nil)
		}
		if err != nil {
			return err
		}
		if err := m.rows.links.Delete(ctx, id); err != nil {
			return err
		}
		return m.wayMail(ctx, a, "unlinked", m.providerName(row.Provider, row.Issuer))
	})
	if err != nil {
		return err
	}
	return m.endSessions(ctx, a.Account, a.Session)
}
