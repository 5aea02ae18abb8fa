package market

import (
	"context"
	"errors"
	"slices"
	"strings"

	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/identity"
	"haggle/internal/store"
)

// WelcomeView is what is known of a new person who came from another site.
type WelcomeView struct {
	Provider string // as its button says
	Name     string
	Email    string // empty: the other site did not tell it, so it is asked for
}

// JoinInput is what a new person adds.
type JoinInput struct {
	Name   string
	Email  string // counts where the other site told none
	Locale string
	Agent  string
}

// Welcome tells what is known of a new person. sign_in_failed where the ticket is used or over.
func (m *Market) Welcome(ctx context.Context, ticket string) (WelcomeView, error) {
	row, err := m.lookFlow(ctx, ticket, ticket, flowWelcome)
	if err != nil {
		return WelcomeView{}, err
	}
	return WelcomeView{Provider: m.providerName(row.Provider, row.Issuer), Name: row.Name, Email: row.Email}, nil
}

// Join opens the account of a new person who came from another site, and signs him in. It has no password.
func (m *Market) Join(ctx context.Context, ticket string, in JoinInput) (SignedIn, error) {
	row, err := m.lookFlow(ctx, ticket, ticket, flowWelcome)
	if err != nil {
		return SignedIn{}, err
	}
	if row.Email != "" {
		in.Email = row.Email
	} else {
		row.Verified = false
	}
	return m.join(ctx, row, in)
}

// join opens an account with a link and no password; the flow, where it is stored, ends with it.
func (m *Market) join(ctx context.Context, row FlowRow, in JoinInput) (SignedIn, error) {
	email, err := checkJoin(&in)
	if err != nil {
		return SignedIn{}, err
	}
	account := AccountRow{ID: engine.NewID(), Version: 1, EmailKey: email.Key, Email: email.Address, Name: strings.TrimSpace(in.Name),
		Locale: in.Locale, Role: "member", Notify: Notify{Outbid: true, Won: true, Orders: true}}
	out := SignedIn{New: true, Next: row.Next}
	err = m.tx(ctx, func(ctx context.Context) error {
		now := m.Now()
		account.At = now
		if row.Verified {
			account.ConfirmedAt = &now
		}
		if row.ID != "" {
			if _, err := m.rows.flows.Get(ctx, row.ID); err != nil {
				return noFlow("used")
			}
			if err := m.rows.flows.Delete(ctx, row.ID); err != nil {
				return err
			}
		}
		if err := m.rows.accounts.Insert(ctx, account); err != nil {
			return err
		}
		if err := m.rows.links.Insert(ctx, LinkRow{ID: linkKey(row.Issuer, row.Subject), Account: account.ID, Provider: row.Provider,
			Issuer: row.Issuer, Subject: row.Subject, Email: email.Address, At: now}); err != nil {
			return err
		}
		if !row.Verified {
			if err := m.askConfirmation(ctx, account, "confirm", account.Email, now); err != nil {
				return err
			}
		}
		out.Grant, err = m.grant(ctx, account.ID, in.Agent, now)
		return err
	})
	var twice *store.DuplicateError
	if errors.As(err, &twice) && twice.Coll == Accounts {
		return SignedIn{Next: row.Next}, fault.New(fault.CodeEmailTaken, nil)
	}
	if err != nil {
		return SignedIn{Next: row.Next}, err
	}
	return out, nil
}

func checkJoin(in *JoinInput) (identity.Email, error) {
	var c fault.Collect
	email, err := identity.ParseEmail(in.Email)
	if err != nil {
		c.Addf("email", "invalid", "is no e-mail address")
	}
	checkText(&c, "name", in.Name, 1, maxName)
	if !slices.Contains(Locales(), in.Locale) {
		in.Locale = "en"
	}
	return email, c.Err()
}

// publicName is a name of another site as it may stand here; empty where it may not.
func publicName(name string) string {
	name = strings.TrimSpace(name)
	if r := []rune(name); len(r) > maxName {
		name = strings.TrimSpace(string(r[:maxName]))
	}
	var c fault.Collect
	checkText(&c, "name", name, 1, maxName)
	if c.Err() != nil {
		return ""
	}
	return name
}
