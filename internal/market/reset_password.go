package market

import (
	"context"
	"time"

	"haggle/internal/fault"
	"haggle/internal/identity"
	"haggle/internal/store"
)

// ForgottenInput asks for a link that sets a new password.
type ForgottenInput struct {
	Email string `json:"email"`
}

// NewPasswordInput sets a password by a link.
type NewPasswordInput struct {
	Token    string `json:"token"`
	Password string `json:"password"`
	Agent    string `json:"-"` // the browser's name, for the mail that tells of it
}

// ForgotPassword mails a link that sets a new password, where there is an account with this address. Nobody learns whether
// there is: the answer is the same, and so is the work, for the account is looked up only when the mail is sent. At most
// five an hour for one address.
func (m *Market) ForgotPassword(ctx context.Context, in ForgottenInput) error {
	email, err := identity.ParseEmail(in.Email)
	if err != nil {
		return err
	}
	if err := m.limited(ctx, "forgot:"+email.Key, 5, time.Hour); err != nil {
		return err
	}
	nonce := newNonce()
	r := newMail("reset-"+nonce[:10], "reset", "", Facts{}, m.Now())
	r.To, r.Nonce = email.Key, nonce
	return m.tx(ctx, func(ctx context.Context) error { return m.rows.mails.Insert(ctx, r) })
}

// resetLink makes the link of a reset mail, the first time that it is to be sent; inside a transaction. There is no mail
// where there is no account, or where a later one was asked for.
func (m *Market) resetLink(ctx context.Context, r *MailRow, now time.Time) (ok bool, err error) {
	if r.Account != "" {
		_, _, err := m.linkOf(ctx, linkReset, m.linkToken(r.Nonce))
		return err == nil, notRefused(err)
	}
	a, err := m.accountByEmail(ctx, r.To)
	if err != nil || a.ID == "" {
		return false, err
	}
	r.Account, r.To = a.ID, ""
	l := MailLinkRow{Kind: linkReset, Account: a.ID, Email: a.Email, Print: printOf(a), Expires: now.Add(resetLife)}
	return true, m.putLink(ctx, l, r.Nonce)
}

// notRefused keeps an error that is no refusal.
func notRefused(err error) error {
	if fault.Is(err, fault.CodeInvalid) {
		return nil
	}
	return err
}

// ResetPassword sets a password by a link that was mailed. It works for accounts that have none, too. All sessions end, the
// account is told by mail, and its address is confirmed: the link came there.
func (m *Market) ResetPassword(ctx context.Context, in NewPasswordInput) error {
	if _, _, err := m.linkOf(ctx, linkReset, in.Token); err != nil {
		return err
	}
	hash, err := m.cfg.Hasher.Hash(ctx, in.Password)
	if err != nil {
		return err
	}
	var ended []string
	err = m.tx(ctx, func(ctx context.Context) error {
		l, a, err := m.linkOf(ctx, linkReset, in.Token)
		if err != nil {
			return err
		}
		now := m.Now()
		a.Password = hash
		what := "password_changed"
		ended = nil
		if a.ConfirmedAt == nil {
			a.ConfirmedAt = &now
			tokens, dropped, err := m.dropForeignWays(ctx, a.ID)
			if err != nil {
				return err
			}
			ended = tokens
			if dropped {
				what = "ways_cleared"
			}
		}
		if err := m.dropLinks(ctx, a.ID, linkReset); err != nil {
			return err
		}
		sessions, err := m.deleteSessions(ctx, a.ID)
		if err != nil {
			return err
		}
		ended = append(ended, sessions...)
		if err := m.putMails(ctx, []MailRow{newMail("password-"+l.ID[:20], what, a.ID, Facts{Agent: agentName(in.Agent)}, now)}); err != nil {
			return err
		}
		a.Version++
		return m.rows.accounts.Replace(ctx, store.Changed[AccountRow]{ID: a.ID, Version: a.Version - 1, Doc: a})
	})
	for _, id := range ended {
		m.actors.drop(id)
	}
	return err
}

// deleteSessions ends every session of an account, and says which they were; inside a transaction. Tokens stay.
func (m *Market) deleteSessions(ctx context.Context, account string) (ids []string, err error) {
	for q := (store.Query{Index: "account", Eq: []any{account, "session"}}); ; {
		page, err := m.rows.sessions.Find(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, s := range page.Docs {
			ids = append(ids, s.ID)
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return ids, m.rows.sessions.Delete(ctx, ids...)
}
