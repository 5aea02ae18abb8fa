package market

import (
	"context"
	"errors"

	"haggle/internal/fault"
	"haggle/internal/store"
)

// tx runs fn in a transaction. A store that does not answer, or a commit whose result is not known, is refused as
// unavailable: the caller repeats with the same key.
func (m *Market) tx(ctx context.Context, fn func(ctx context.Context) error) error {
	err := m.cfg.Store.Tx(ctx, fn)
	switch {
	case errors.Is(err, store.ErrUnknown):
		return fault.New(fault.CodeUnavailable, fault.Params{"unknown": true, "retryAfter": 1}).Because(err)
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, store.ErrClosed):
		return fault.New(fault.CodeUnavailable, fault.Params{"retryAfter": 1}).Because(err)
	}
	return err
}
