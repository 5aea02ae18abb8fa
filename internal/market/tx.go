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
	return Outage(m.telling(ctx, fn))
}

// Outage makes a refusal of what a store says that did not answer, or does not know; any other error, and a refusal, stays
// as it is.
func Outage(err error) error {
	var refusal *fault.Error
	switch {
	case errors.As(err, &refusal):
	case errors.Is(err, store.ErrUnknown):
		return fault.New(fault.CodeUnavailable, fault.Params{"unknown": true, "retryAfter": 1}).Because(err)
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, store.ErrClosed):
		return fault.New(fault.CodeUnavailable, fault.Params{"retryAfter": 1}).Because(err)
	}
	return err
}
