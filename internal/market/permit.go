package market

import (
	"context"
	"slices"
	"time"

	"haggle/internal/fault"
)

// Refusals come in one order whatever the act: too many writes (429), nobody signed in (401), no such thing (404), what is
// wrong with the fields (422), a key used before, and only then what this person or this token may not do (403). So an
// act first begins, and asks for its permit when its fields and its key are known.

// counted marks a context whose request is counted already.
type counted struct{}

// Count counts one write of a person before anything of his request is looked at. Acts called with the context it gives do
// not count again.
func (m *Market) Count(ctx context.Context, a Actor) (context.Context, error) {
	if err := m.begins(ctx, a); err != nil {
		return ctx, err
	}
	return context.WithValue(ctx, counted{}, true), nil
}

// begins refuses a guest, and who writes too much.
func (m *Market) begins(ctx context.Context, a Actor) error {
	if a.Guest() {
		return fault.New(fault.CodeUnauthenticated, nil)
	}
	if ctx.Value(counted{}) != nil {
		return nil
	}
	return m.limited(ctx, "write:"+a.Account, writeLimit, time.Minute)
}

// permit refuses a token without the scope.
func (a Actor) permit(scope string) error {
	if a.Scopes == nil || slices.Contains(a.Scopes, scope) {
		return nil
	}
	return fault.New(fault.CodeForbidden, fault.Params{"scope": scope})
}

// tradePermit is permit for what moves goods or money. Who has not confirmed his address may do all of it (browse, bid,
// buy, sell, pay in and out) and is only asked to confirm, unless the site requires a confirmation: then he may look
// around, see to his own account, and go on with the orders he has.
func (m *Market) tradePermit(a Actor, scope string) error {
	if err := a.permit(scope); err != nil {
		return err
	}
	if m.cfg.RequireConfirmation && a.Unconfirmed {
		return fault.New(fault.CodeUnconfirmed, nil)
	}
	return nil
}

// need refuses a guest, and a token without the scope.
func need(a Actor, scope string) error {
	if a.Guest() {
		return fault.New(fault.CodeUnauthenticated, nil)
	}
	return a.permit(scope)
}

// mayWrite is for acts without a key and without fields that could be wrong.
func (m *Market) mayWrite(ctx context.Context, a Actor, scope string) error {
	if err := m.begins(ctx, a); err != nil {
		return err
	}
	return a.permit(scope)
}
