package web

import (
	"context"

	"haggle/internal/market"
)

// waysIn is how people sign in beside a password alone.
type waysIn interface {
	SignInStep(ctx context.Context, in market.SignInInput, next string) (market.SignedIn, error)
	AwaitsSecondStep(ctx context.Context, ticket string) error
	SecondStep(ctx context.Context, ticket, code, agent string) (market.SignedIn, error)

	Providers() []market.ProviderView
	BeginSignInWith(ctx context.Context, in market.WithInput) (string, error)
	BeginLink(ctx context.Context, a market.Actor, in market.WithInput) (string, error)
	FinishSignInWith(ctx context.Context, a market.Actor, in market.AnswerInput) (market.SignedIn, error)
	Welcome(ctx context.Context, ticket string) (market.WelcomeView, error)
	Join(ctx context.Context, ticket string, in market.JoinInput) (market.SignedIn, error)
	Unlink(ctx context.Context, a market.Actor, id, password string) error

	PasskeyHost() string
	BeginPasskeySignIn(ctx context.Context) (market.Ceremony, error)
	PasskeySignIn(ctx context.Context, ticket string, answer []byte, agent string) (market.Grant, error)
	BeginPasskey(ctx context.Context, a market.Actor, password string) (market.Ceremony, error)
	AddPasskey(ctx context.Context, a market.Actor, ticket string, answer []byte, name string) error
	RemovePasskey(ctx context.Context, a market.Actor, id, password string) error

	Ways(ctx context.Context, a market.Actor) (market.WaysView, error)
	SetPassword(ctx context.Context, a market.Actor, password string) error
	Enrolment(ctx context.Context, a market.Actor) (market.EnrolView, error)
	EnrolmentPicture(ctx context.Context, a market.Actor) ([]byte, error)
	BeginTwoFactor(ctx context.Context, a market.Actor, password string) error
	TurnOnTwoFactor(ctx context.Context, a market.Actor, code string) ([]string, error)
	NewRecoveryCodes(ctx context.Context, a market.Actor, code string) ([]string, error)
	TurnOffTwoFactor(ctx context.Context, a market.Actor, password, code string) error
}
