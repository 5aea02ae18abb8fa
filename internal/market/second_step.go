package market

import (
	"context"

	"haggle/internal/identity"
)

// SignInStep is SignIn for a page: an account with a second factor gets a ticket for the second step.
func (m *Market) SignInStep(ctx context.Context, in SignInInput, next string) (SignedIn, error) {
	account, err := m.firstStep(ctx, in)
	if err != nil {
		return SignedIn{}, err
	}
	return m.firstStepDone(ctx, account.ID, in.Agent, next)
}

// firstStepDone opens a session, or asks for the second step. Its ticket opens nothing else.
func (m *Market) firstStepDone(ctx context.Context, account, agent, next string) (SignedIn, error) {
	factor, err := m.factorOf(ctx, account)
	if err != nil {
		return SignedIn{}, err
	}
	if factor.On {
		ticket := identity.NewTicket()
		return SignedIn{Second: ticket, Next: next}, m.openFlow(ctx, ticket, ticket, FlowRow{Kind: flowSecondStep, Account: account, Next: next})
	}
	grant, err := m.newSession(ctx, account, agent)
	return SignedIn{Grant: grant, Next: next}, err
}

// AwaitsSecondStep says whether a ticket still waits for its second step; else sign_in_failed.
func (m *Market) AwaitsSecondStep(ctx context.Context, ticket string) error {
	_, err := m.lookFlow(ctx, ticket, ticket, flowSecondStep)
	return err
}

// SecondStep opens the session of who also knows a code of his telephone, or a recovery code. A wrong code is refused as
// wrong_code and leaves the ticket; after five in a row every further one waits.
func (m *Market) SecondStep(ctx context.Context, ticket, code, agent string) (out SignedIn, err error) {
	row, err := m.lookFlow(ctx, ticket, ticket, flowSecondStep)
	if err != nil {
		return SignedIn{}, err
	}
	out.Next = row.Next
	err = m.withCode(ctx, row.Account, code, func(ctx context.Context, _ *FactorRow) (err error) {
		if _, err := m.lookFlow(ctx, ticket, ticket, flowSecondStep); err != nil {
			return err
		}
		if err := m.rows.flows.Delete(ctx, row.ID); err != nil {
			return err
		}
		out.Grant, err = m.grant(ctx, row.Account, agent, m.Now())
		return err
	})
	if err != nil {
		out.Grant = Grant{}
	}
	return out, err
}
