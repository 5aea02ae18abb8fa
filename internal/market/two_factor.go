package market

import (
	"context"

	"haggle/internal/fault"
	"haggle/internal/identity/totp"
)

// EnrolView is a second factor that is about to be turned on.
type EnrolView struct {
	On     bool // it is on already: there is nothing to show
	Begun  bool
	Secret string // as it is typed into a telephone that has no camera
}

// BeginTwoFactor draws a secret for the actor's telephone. It counts for nothing before a first code of it was right.
func (m *Market) BeginTwoFactor(ctx context.Context, a Actor, password string) error {
	if err := m.confirm(ctx, a, password); err != nil {
		return err
	}
	sealed := m.factorBox().Seal([]byte(totp.NewSecret()), a.Account)
	return m.tx(ctx, func(ctx context.Context) error {
		f, err := m.factorOf(ctx, a.Account)
		if err != nil {
			return err
		}
		if f.On {
			return fault.New(fault.CodeConflict, nil)
		}
		return m.rows.factors.Put(ctx, FactorRow{ID: a.Account, Version: f.Version + 1, Secret: sealed, Misses: f.Misses, MissedAt: f.MissedAt, At: m.Now()})
	})
}

// Enrolment shows the actor's secret until it is turned on, never after.
func (m *Market) Enrolment(ctx context.Context, a Actor) (EnrolView, error) {
	if err := need(a, ScopeTrade); err != nil {
		return EnrolView{}, err
	}
	f, err := m.factorOf(ctx, a.Account)
	if err != nil || f.On || f.ID == "" || a.Via != "session" {
		return EnrolView{On: f.On}, err
	}
	secret, err := m.factorBox().Open(f.Secret, a.Account)
	return EnrolView{Begun: true, Secret: string(secret)}, err
}

// EnrolmentPicture draws the secret for a camera: a PNG. not_found where none is shown.
func (m *Market) EnrolmentPicture(ctx context.Context, a Actor) ([]byte, error) {
	v, err := m.Enrolment(ctx, a)
	if err != nil {
		return nil, err
	}
	if !v.Begun {
		return nil, fault.New(fault.CodeNotFound, nil)
	}
	me, err := m.rows.accounts.Get(ctx, a.Account)
	if err != nil {
		return nil, err
	}
	return totp.Picture(v.Secret, m.cfg.Name, me.Email)
}

// TurnOnTwoFactor turns the second factor on with a first code, and gives the recovery codes, this once. Every other session
// of the actor ends.
func (m *Market) TurnOnTwoFactor(ctx context.Context, a Actor, code string) (codes []string, err error) {
	err = m.factorAct(ctx, a, "two_factor_on", code, func(f *FactorRow) error {
		if f.On {
			return fault.New(fault.CodeConflict, nil)
		}
		f.On = true
		codes, f.Recovery = m.cfg.Secret.Recovery().New(a.Account)
		return nil
	})
	return codes, err
}

// NewRecoveryCodes draws ten new recovery codes in place of what is left of the old ones, and gives them, this once.
func (m *Market) NewRecoveryCodes(ctx context.Context, a Actor, code string) (codes []string, err error) {
	err = m.factorAct(ctx, a, "recovery_codes", code, func(f *FactorRow) error {
		if !f.On {
			return fault.New(fault.CodeConflict, nil)
		}
		codes, f.Recovery = m.cfg.Secret.Recovery().New(a.Account)
		return nil
	})
	return codes, err
}

// factorAct changes the second factor of somebody who signed in himself, with a code, and mails him what; every other
// session of his ends.
func (m *Market) factorAct(ctx context.Context, a Actor, what, code string, do func(f *FactorRow) error) error {
	if err := m.mayWrite(ctx, a, ScopeTrade); err != nil {
		return err
	}
	if a.Via != "session" {
		return fault.New(fault.CodeForbidden, nil)
	}
	err := m.withCode(ctx, a.Account, code, func(ctx context.Context, f *FactorRow) error {
		if err := do(f); err != nil {
			return err
		}
		return m.wayMail(ctx, a, what, "")
	})
	if err != nil {
		return err
	}
	return m.endSessions(ctx, a.Account, a.Session)
}

// TurnOffTwoFactor turns the second factor off: it asks for the password, where there is one, and a code. Who has no
// password must have signed in just now.
func (m *Market) TurnOffTwoFactor(ctx context.Context, a Actor, password, code string) error {
	row, err := m.rows.accounts.Get(ctx, a.Account)
	if err != nil {
		return err
	}
	if row.Password == "" {
		err = m.confirm(ctx, a, "")
	} else {
		err = m.rightPassword(ctx, a, "confirm", password)
	}
	if err != nil {
		return err
	}
	return m.factorAct(ctx, a, "two_factor_off", code, func(f *FactorRow) error {
		if !f.On {
			return fault.New(fault.CodeConflict, nil)
		}
		*f = FactorRow{}
		return nil
	})
}
