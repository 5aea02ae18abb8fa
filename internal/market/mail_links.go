package market

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"time"

	"haggle/internal/fault"
	"haggle/internal/identity"
	"haggle/internal/store"
)

// Kinds of links and how long each works.
const (
	linkConfirm = "confirm"
	linkReset   = "reset"

	confirmLife = 48 * time.Hour
	resetLife   = time.Hour
)

// newNonce is what a link is made of: 26 random characters.
func newNonce() string { return rand.Text() }

// linkToken makes the token of a link from its nonce and the site's key. What is stored, a nonce until the mail is sent and a
// hash until the link is used, does not open it.
func (m *Market) linkToken(nonce string) string {
	mac := hmac.New(sha256.New, m.cfg.MailKey)
	mac.Write([]byte("haggle link 1\n" + nonce))
	return identity.TokenPrefix + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// putLink stores the link of a nonce in place of all earlier ones of its kind and account; inside a transaction.
func (m *Market) putLink(ctx context.Context, l MailLinkRow, nonce string) error {
	if err := m.dropLinks(ctx, l.Account, l.Kind); err != nil {
		return err
	}
	l.ID, _ = identity.HashToken(m.linkToken(nonce))
	return m.rows.mailLinks.Insert(ctx, l)
}

// dropLinks kills the links of an account; inside a transaction.
func (m *Market) dropLinks(ctx context.Context, account, kind string) error {
	page, err := m.rows.mailLinks.Find(ctx, store.Query{Index: "account", Eq: []any{account, kind}})
	if err != nil || len(page.Docs) == 0 {
		return err
	}
	ids := make([]string, len(page.Docs))
	for i, l := range page.Docs {
		ids[i] = l.ID
	}
	return m.rows.mailLinks.Delete(ctx, ids...)
}

// linkOf finds the link of a token, and its account. One that was used, is too old, or that a newer one replaced is refused
// as an invalid token, like one that never was.
func (m *Market) linkOf(ctx context.Context, kind, token string) (MailLinkRow, AccountRow, error) {
	id, ok := identity.HashToken(token)
	if !ok {
		return MailLinkRow{}, AccountRow{}, spent()
	}
	l, err := m.rows.mailLinks.Get(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && (l.Kind != kind || !m.Now().Before(l.Expires)) {
		return l, AccountRow{}, spent()
	}
	if err != nil {
		return l, AccountRow{}, err
	}
	a, err := m.rows.accounts.Get(ctx, l.Account)
	if err != nil {
		return l, a, err
	}
	fits := l.Email == a.Email && l.Print == printOf(a)
	if kind == linkConfirm {
		fits = l.Email == a.NewEmail || l.Email == a.Email && a.ConfirmedAt == nil
	}
	if !fits {
		return l, a, spent()
	}
	return l, a, nil
}

func spent() error {
	return fault.Invalidf("token", "was used, is too old, or a newer one took its place")
}

// printOf changes with the password, so that a link made before does not outlive it; nobody learns the hash from it.
func printOf(a AccountRow) string {
	sum := sha256.Sum256([]byte("haggle print 1\n" + a.ID + "\n" + a.Password))
	return hex.EncodeToString(sum[:16])
}

// ConfirmLink says which address a link confirms; it changes nothing.
func (m *Market) ConfirmLink(ctx context.Context, token string) (address string, err error) {
	l, _, err := m.linkOf(ctx, linkConfirm, token)
	return l.Email, err
}

// ResetLink says whose password a link sets; it changes nothing.
func (m *Market) ResetLink(ctx context.Context, token string) (address string, err error) {
	l, _, err := m.linkOf(ctx, linkReset, token)
	return l.Email, err
}
