package web

import (
	"context"
	"strings"

	"haggle/internal/fault"
	"haggle/internal/market"
)

// ways are the canned answers about ways to sign in, and what the last ones were asked with.
type ways struct {
	signed    market.SignedIn // what the next step answers; zero: a session
	providers []market.ProviderView
	host      string
	view      market.WaysView
	enrol     market.EnrolView
	answer    market.AnswerInput
	ticket    string
}

func (f *fake) signedIn(call string) (market.SignedIn, error) {
	if err := f.note(call); err != nil {
		return market.SignedIn{Next: "/wallet"}, err
	}
	if f.signed != (market.SignedIn{}) {
		return f.signed, nil
	}
	return market.SignedIn{Grant: market.Grant{ID: "u1", Token: memberToken, ExpiresAt: market.At(clock.AddDate(0, 1, 0))}}, nil
}

func (f *fake) SignInStep(_ context.Context, in market.SignInInput, next string) (market.SignedIn, error) {
	got, err := f.signedIn("sign in " + in.Email)
	got.Next = next
	return got, err
}

func (f *fake) AwaitsSecondStep(_ context.Context, ticket string) error {
	if ticket == "" {
		return fault.New(fault.CodeSignInFailed, nil)
	}
	return nil
}

func (f *fake) SecondStep(_ context.Context, ticket, code, _ string) (market.SignedIn, error) {
	return f.signedIn("second step " + ticket + " " + code)
}

func (f *fake) Providers() []market.ProviderView { return f.providers }

func (f *fake) BeginSignInWith(_ context.Context, in market.WithInput) (string, error) {
	f.ticket = in.Browser
	return "https://idp.example/authorize?state=s", f.note("with " + in.Provider + " " + in.Next)
}

func (f *fake) BeginLink(_ context.Context, _ market.Actor, in market.WithInput) (string, error) {
	return "https://idp.example/authorize?state=s", f.note("link " + in.Provider + " " + in.Password)
}

func (f *fake) FinishSignInWith(_ context.Context, _ market.Actor, in market.AnswerInput) (market.SignedIn, error) {
	f.answer = in
	return f.signedIn("answer " + in.Provider + " " + in.Answer.Get("state"))
}

func (f *fake) Welcome(_ context.Context, ticket string) (market.WelcomeView, error) {
	if ticket == "" {
		return market.WelcomeView{}, fault.New(fault.CodeSignInFailed, nil)
	}
	return market.WelcomeView{Provider: "LINE", Name: "Mei"}, nil
}

func (f *fake) Join(_ context.Context, ticket string, in market.JoinInput) (market.SignedIn, error) {
	return f.signedIn("join " + ticket + " " + in.Name + " " + in.Email + " " + in.Locale)
}

func (f *fake) Unlink(_ context.Context, _ market.Actor, id, password string) error {
	return f.note("unlink " + id + " " + password)
}

func (f *fake) PasskeyHost() string { return f.host }

func (f *fake) BeginPasskeySignIn(context.Context) (market.Ceremony, error) {
	return market.Ceremony{Options: []byte(`{"publicKey":{}}`), Ticket: "t1"}, f.note("begin passkey sign-in")
}

func (f *fake) PasskeySignIn(_ context.Context, ticket string, answer []byte, _ string) (market.Grant, error) {
	got, err := f.signedIn("passkey sign-in " + ticket + " " + string(answer))
	return got.Grant, err
}

func (f *fake) BeginPasskey(_ context.Context, _ market.Actor, password string) (market.Ceremony, error) {
	return market.Ceremony{Options: []byte(`{"publicKey":{}}`), Ticket: "t2"}, f.note("begin passkey " + password)
}

func (f *fake) AddPasskey(_ context.Context, _ market.Actor, ticket string, answer []byte, name string) error {
	return f.note("add passkey " + ticket + " " + string(answer) + " " + name)
}

func (f *fake) RemovePasskey(_ context.Context, _ market.Actor, id, password string) error {
	return f.note("remove passkey " + id + " " + password)
}

func (f *fake) Ways(context.Context, market.Actor) (market.WaysView, error) { return f.view, nil }

func (f *fake) SetPassword(context.Context, market.Actor, string) error {
	return f.note("set password")
}

func (f *fake) Enrolment(context.Context, market.Actor) (market.EnrolView, error) {
	return f.enrol, nil
}

func (f *fake) EnrolmentPicture(context.Context, market.Actor) ([]byte, error) {
	return []byte("\x89PNG"), f.note("picture")
}

func (f *fake) BeginTwoFactor(_ context.Context, _ market.Actor, password string) error {
	return f.note("begin two-factor " + password)
}

func (f *fake) TurnOnTwoFactor(_ context.Context, _ market.Actor, code string) ([]string, error) {
	return strings.Fields("aaaa-bbbb-cccc dddd-eeee-ffff"), f.note("two-factor on " + code)
}

func (f *fake) NewRecoveryCodes(_ context.Context, _ market.Actor, code string) ([]string, error) {
	return strings.Fields("aaaa-bbbb-cccc dddd-eeee-ffff"), f.note("new codes " + code)
}

func (f *fake) TurnOffTwoFactor(_ context.Context, _ market.Actor, password, code string) error {
	return f.note("two-factor off " + password + " " + code)
}
