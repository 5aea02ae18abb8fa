package market

import (
	"context"
	"errors"
	"time"

	"haggle/internal/fault"
	"haggle/internal/identity"
	"haggle/internal/store"
)

// MailedToken is the body of an act by a link: the token that came by mail.
type MailedToken struct {
	Token string `json:"token"`
}

// EmailInput asks for another address. The password is required where the sign-in is not of the last minutes.
type EmailInput struct {
	Email    string `json:"email"`
	Password string `json:"password,omitempty"`
}

// askConfirmation mails a link that confirms an address; inside a transaction. An earlier one dies.
func (m *Market) askConfirmation(ctx context.Context, a AccountRow, what, address string, now time.Time) error {
	nonce := newNonce()
	l := MailLinkRow{Kind: linkConfirm, Account: a.ID, Email: address, Expires: now.Add(confirmLife)}
	if err := m.putLink(ctx, l, nonce); err != nil {
		return err
	}
	r := newMail("confirm-"+nonce[:10], what, a.ID, Facts{}, now)
	r.To, r.Nonce = address, nonce
	return m.rows.mails.Insert(ctx, r)
}

// ResendConfirmation mails a new link for the address that waits to be confirmed, at most once a minute and five times an
// hour. An account without such an address is a conflict.
func (m *Market) ResendConfirmation(ctx context.Context, a Actor) error {
	if err := m.mayWrite(ctx, a, ScopeTrade); err != nil {
		return err
	}
	if err := m.limited(ctx, "confirm-minute:"+a.Account, 1, time.Minute); err != nil {
		return err
	}
	if err := m.limited(ctx, "confirm:"+a.Account, 5, time.Hour); err != nil {
		return err
	}
	return m.tx(ctx, func(ctx context.Context) error {
		row, err := m.rows.accounts.Get(ctx, a.Account)
		switch {
		case err != nil:
			return err
		case row.NewEmail != "":
			return m.askConfirmation(ctx, row, "confirm_new", row.NewEmail, m.Now())
		case row.ConfirmedAt == nil:
			return m.askConfirmation(ctx, row, "confirm", row.Email, m.Now())
		}
		return fault.New(fault.CodeConflict, fault.Params{"status": "confirmed"})
	})
}

// ConfirmEmail confirms the address that a link was mailed to. A new address takes the place of the old one, which is
// told.
func (m *Market) ConfirmEmail(ctx context.Context, in MailedToken) error {
	var account string
	err := m.tx(ctx, func(ctx context.Context) error {
		l, a, err := m.linkOf(ctx, linkConfirm, in.Token)
		if err != nil {
			return err
		}
		now := m.Now()
		account, a.ConfirmedAt = a.ID, &now
		if l.Email == a.NewEmail {
			if err := m.replaceEmail(ctx, &a, l, now); err != nil {
				return err
			}
		}
		if err := m.dropLinks(ctx, a.ID, linkConfirm); err != nil {
			return err
		}
		a.Version++
		return m.rows.accounts.Replace(ctx, store.Changed[AccountRow]{ID: a.ID, Version: a.Version - 1, Doc: a})
	})
	var twice *store.DuplicateError
	if errors.As(err, &twice) {
		return fault.New(fault.CodeEmailTaken, nil)
	}
	if err != nil {
		return err
	}
	return m.forgetActors(ctx, account)
}

// replaceEmail gives an account its new address, and tells the old one; inside a transaction.
func (m *Market) replaceEmail(ctx context.Context, a *AccountRow, l MailLinkRow, now time.Time) error {
	email, err := identity.ParseEmail(l.Email)
	if err != nil {
		return err
	}
	r := newMail("address-"+l.ID[:20], "address_changed", a.ID, Facts{}, now)
	r.To = a.Email
	a.Email, a.EmailKey, a.NewEmail = email.Address, email.Key, ""
	return m.putMails(ctx, []MailRow{r})
}

// ChangeEmail asks for another address: it is the account's once it is confirmed, and until then the old one stays. Whoever
// asks gives the same proof as for any other change of how he signs in.
func (m *Market) ChangeEmail(ctx context.Context, a Actor, in EmailInput) error {
	if err := m.confirm(ctx, a, in.Password); err != nil {
		return err
	}
	email, err := identity.ParseEmail(in.Email)
	if err != nil {
		return err
	}
	if err := m.limited(ctx, "email:"+a.Account, 5, time.Hour); err != nil {
		return err
	}
	if err := m.freeEmail(ctx, a, email); err != nil {
		return err
	}
	_, err = m.changeAccountAnd(ctx, a.Account, func(ctx context.Context, row *AccountRow) error {
		row.NewEmail = email.Address
		return m.askConfirmation(ctx, *row, "confirm_new", email.Address, m.Now())
	})
	return err
}

// freeEmail refuses an address that is the account's own or somebody else's.
func (m *Market) freeEmail(ctx context.Context, a Actor, email identity.Email) error {
	other, err := m.accountByEmail(ctx, email.Key)
	switch {
	case err != nil:
		return err
	case other.ID == a.Account:
		return fault.Invalidf("email", "is the present address")
	case other.ID != "":
		return fault.New(fault.CodeEmailTaken, nil)
	}
	return nil
}

// forgetActors makes every session of an account be looked up anew, in this process; others trust theirs for recallFor.
func (m *Market) forgetActors(ctx context.Context, account string) error {
	for _, kind := range []string{"session", "token"} {
		rows, err := m.sessionsOf(ctx, account, kind)
		if err != nil {
			return err
		}
		for _, r := range rows {
			m.actors.drop(r.ID)
		}
	}
	return nil
}
