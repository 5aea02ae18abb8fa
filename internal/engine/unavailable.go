package engine

import (
	"context"
	"errors"

	"haggle/internal/fault"
	"haggle/internal/store"
)

// undecided answers an item that could not be decided.
func undecided(cause error) error {
	var refusal *fault.Error
	switch {
	case errors.As(cause, &refusal):
		return refusal
	case cause == nil || isConflict(cause) || isDown(cause):
		return fault.New(fault.CodeUnavailable, fault.Params{"retryAfter": 1}).Because(cause)
	}
	return fault.New(fault.CodeInternal, nil).Because(cause)
}

// storeFault makes a refusal of a store that did not answer; any other error stays as it is.
func storeFault(err error) error {
	switch {
	case errors.Is(err, store.ErrUnknown):
		return unknown(err)
	case isDown(err):
		return fault.New(fault.CodeUnavailable, fault.Params{"retryAfter": 1}).Because(err)
	}
	return err
}

// unknown says that a change may have happened or not: its maker repeats it under the same key.
func unknown(cause error) error {
	return fault.New(fault.CodeUnavailable, fault.Params{"unknown": true, "retryAfter": 1}).Because(cause)
}

// isDown says that the store did not answer in time, and changed nothing.
func isDown(err error) bool {
	return errors.Is(err, store.ErrUnavailable) || errors.Is(err, store.ErrClosed) || errors.Is(err, context.DeadlineExceeded)
}
