package market

import (
	"context"

	"haggle/internal/fault"
)

// SetPassword gives a password to an account that has none; its owner must have signed in just now. Every other session
// of his ends. Who has one changes it with UpdateMe.
func (m *Market) SetPassword(ctx context.Context, a Actor, password string) error {
	if err := m.confirm(ctx, a, ""); err != nil {
		return err
	}
	hash, err := m.cfg.Hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	_, err = m.changeAccountAnd(ctx, a.Account, func(ctx context.Context, row *AccountRow) error {
		if row.Password != "" {
			return fault.New(fault.CodeConflict, nil)
		}
		row.Password = hash
		return m.wayMail(ctx, a, "password_changed", "")
	})
	if err != nil {
		return err
	}
	return m.endSessions(ctx, a.Account, a.Session)
}
