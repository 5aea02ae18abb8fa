package market

import (
	"context"
	"errors"
	"slices"
	"time"

	"haggle/internal/fault"
	"haggle/internal/identity"
	"haggle/internal/identity/totp"
	"haggle/internal/store"
)

// codeTries is how many wrong codes in a row a person may give; then he waits for codeWait. It counts in the store, so
// that neither a restart nor many processes give more tries.
const (
	codeTries = 5
	codeWait  = 10 * time.Minute
)

func (m *Market) factorBox() identity.Box { return m.cfg.Secret.Box("second factor") }

// factorOf is a person's second factor; the zero row where he has none.
func (m *Market) factorOf(ctx context.Context, account string) (FactorRow, error) {
	f, err := m.rows.factors.Get(ctx, account)
	if errors.Is(err, store.ErrNotFound) {
		return FactorRow{}, nil
	}
	return f, err
}

// withCode does something that a right code of a person's allows, in the transaction that uses the code up. A wrong one
// is counted and refused as wrong_code. Where do leaves the zero row, the second factor is gone.
func (m *Market) withCode(ctx context.Context, account, code string, do func(ctx context.Context, f *FactorRow) error) error {
	for tries := 0; ; tries++ {
		var refused error
		err := m.tx(ctx, func(ctx context.Context) (err error) {
			refused, err = m.codeOnce(ctx, account, code, do)
			return err
		})
		var moved *store.ConflictError
		if errors.As(err, &moved) && tries < dropTries {
			continue
		}
		return errors.Join(err, refused)
	}
}

func (m *Market) codeOnce(ctx context.Context, account, code string, do func(ctx context.Context, f *FactorRow) error) (refused, err error) {
	f, err := m.factorOf(ctx, account)
	if err != nil {
		return nil, err
	}
	now := m.Now()
	if f.ID == "" {
		return fault.New(fault.CodeWrongCode, nil), nil
	}
	over := f.MissedAt.Add(codeWait)
	switch {
	case !now.Before(over):
		f.Misses = 0
	case f.Misses >= codeTries:
		return fault.New(fault.CodeRateLimited, fault.Params{"retryAfter": int64((over.Sub(now) + time.Second - 1) / time.Second)}), nil
	}
	secret, err := m.factorBox().Open(f.Secret, account)
	if err != nil {
		return nil, err
	}
	if m.useCode(&f, string(secret), code, now) {
		f.Misses = 0
		if err := do(ctx, &f); err != nil {
			return nil, err
		}
	} else {
		f.Misses, f.MissedAt, refused = f.Misses+1, now, fault.New(fault.CodeWrongCode, nil)
	}
	if f.ID == "" {
		return nil, m.rows.factors.Delete(ctx, account)
	}
	f.Version++
	return refused, m.rows.factors.Replace(ctx, store.Changed[FactorRow]{ID: account, Version: f.Version - 1, Doc: f})
}

// useCode takes a code of the telephone, or a recovery code, each once.
func (m *Market) useCode(f *FactorRow, secret, code string, now time.Time) bool {
	step, right := totp.Check(secret, code, now, f.Step)
	spare := m.cfg.Secret.Recovery().Find(f.ID, f.Recovery, code)
	switch {
	case right:
		f.Step = step
	case f.On && spare >= 0:
		f.Recovery = slices.Delete(f.Recovery, spare, spare+1)
	default:
		return false
	}
	return true
}
