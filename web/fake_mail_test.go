package web

import (
	"context"

	"haggle/internal/fault"
	"haggle/internal/market"
)

// goodLink is the token of the one link that works.
const goodLink = "hg_good"

func (f *fake) link(token string) (string, error) {
	if token != goodLink {
		return "", fault.Invalidf("token", "was used")
	}
	return "mei@example.org", nil
}

func (f *fake) ConfirmLink(_ context.Context, token string) (string, error) { return f.link(token) }

func (f *fake) ResetLink(_ context.Context, token string) (string, error) { return f.link(token) }

func (f *fake) ConfirmEmail(_ context.Context, in market.MailedToken) error {
	if _, err := f.link(in.Token); err != nil {
		return err
	}
	return f.note("confirm e-mail")
}

func (f *fake) ResendConfirmation(context.Context, market.Actor) error {
	return f.note("resend confirmation")
}

func (f *fake) ChangeEmail(_ context.Context, _ market.Actor, in market.EmailInput) error {
	return f.note("change e-mail to " + in.Email)
}

func (f *fake) ForgotPassword(_ context.Context, in market.ForgottenInput) error {
	return f.note("forgot " + in.Email)
}

func (f *fake) ResetPassword(_ context.Context, in market.NewPasswordInput) error {
	if _, err := f.link(in.Token); err != nil {
		return err
	}
	return f.note("reset password")
}

func (f *fake) CheckMailOff(account, kind, signature string) error {
	if signature != "right" {
		return fault.New(fault.CodeNotFound, nil)
	}
	return nil
}

func (f *fake) MailOff(_ context.Context, account, kind, signature string) error {
	if err := f.CheckMailOff(account, kind, signature); err != nil {
		return err
	}
	return f.note("mail off " + account + " " + kind)
}
