package market

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"slices"

	"haggle/internal/fault"
)

// offSignature proves that a mail of ours named this account and kind; it works without signing in, and for nothing else.
func (m *Market) offSignature(account, kind string) string {
	mac := hmac.New(sha256.New, m.cfg.MailKey)
	mac.Write([]byte("haggle mail off 1\n" + account + "\n" + kind))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// offPath is the address, on this site, that turns a kind of mail off; "" where it may not be.
func (m *Market) offPath(account, kind string) string {
	if kind == "" {
		return ""
	}
	return "/mail/off?" + url.Values{"who": {account}, "kind": {kind}, "sig": {m.offSignature(account, kind)}}.Encode()
}

// CheckMailOff refuses, as not found, what no mail of ours says.
func (m *Market) CheckMailOff(account, kind, signature string) error {
	if !slices.Contains(append(MailKinds(), KindDigest), kind) || !hmac.Equal([]byte(signature), []byte(m.offSignature(account, kind))) {
		return fault.New(fault.CodeNotFound, nil)
	}
	return nil
}

// MailOff turns a kind of mail off for whoever holds one of these mails. Doing it twice changes nothing.
func (m *Market) MailOff(ctx context.Context, account, kind, signature string) error {
	if err := m.CheckMailOff(account, kind, signature); err != nil {
		return err
	}
	_, err := m.changeAccount(ctx, account, func(a *AccountRow) error { a.Notify.off(kind); return nil })
	return err
}
