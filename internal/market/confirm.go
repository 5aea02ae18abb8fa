package market

import (
	"context"
	"time"

	"haggle/internal/fault"
)

// recentFor is how long a sign-in counts as proof of who it is.
const recentFor = 15 * time.Minute

// passwordTries is how often a person may give his password, within passwordPer, to confirm something.
const (
	passwordTries = 10
	passwordPer   = 10 * time.Minute
)

// confirm asks who changes how he signs in for proof: a sign-in of the last minutes, else the password. Tokens cannot.
func (m *Market) confirm(ctx context.Context, a Actor, password string) error {
	if err := m.mayWrite(ctx, a, ScopeTrade); err != nil {
		return err
	}
	if a.Via != "session" {
		return fault.New(fault.CodeForbidden, nil)
	}
	recent, err := m.recent(ctx, a)
	if err != nil || recent {
		return err
	}
	if password == "" {
		return fault.New(fault.CodeConfirmIdentity, nil)
	}
	return m.rightPassword(ctx, a, "confirm", password)
}

// rightPassword holds a password against the actor's; field is where a form asks for it.
func (m *Market) rightPassword(ctx context.Context, a Actor, field, password string) error {
	if err := m.limited(ctx, "password:"+a.Account, passwordTries, passwordPer); err != nil {
		return err
	}
	row, err := m.rows.accounts.Get(ctx, a.Account)
	if err != nil {
		return err
	}
	ok, _, err := m.cfg.Hasher.Verify(ctx, row.Password, password)
	if err == nil && !ok {
		err = fault.Invalidf(field, "is not the password")
	}
	return err
}

// recent says whether the actor signed in just now.
func (m *Market) recent(ctx context.Context, a Actor) (bool, error) {
	row, err := m.rows.sessions.Get(ctx, a.Session)
	if err != nil {
		return false, err
	}
	return m.Now().Sub(row.At) < recentFor, nil
}
