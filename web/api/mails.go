package api

import (
	"context"
	"net/http"
	"time"

	"haggle/internal/market"
)

// mails registers what links in mails do, and what asks for them. None keeps an answer under a key: their bodies are
// secrets.
func (s *server) mails() {
	s.addresses()
	s.passwords()
}

func (s *server) addresses() {
	type tokenIn struct {
		Body market.MailedToken
	}
	handle(s, op(http.MethodPost, "/confirmations", "confirmEmail", "Confirm an address by the token that was mailed to it", slowly("confirm", 60, time.Hour), status(204), tag("accounts"), also(409)),
		func(ctx context.Context, in *tokenIn) (*none, error) {
			return nil, s.Market.ConfirmEmail(ctx, in.Body)
		})
	handle(s, op(http.MethodPost, "/me/confirmation", "resendConfirmation", "Mail the link that confirms your address once more", signedIn, status(204), tag("accounts"), also(409)),
		func(ctx context.Context, _ *struct{}) (*none, error) {
			return nil, s.Market.ResendConfirmation(ctx, actor(ctx))
		})
	handle(s, op(http.MethodPost, "/me/email", "changeEmail", "Ask for another address; it is yours once it is confirmed", signedIn, status(204), tag("accounts"), also(403, 409)),
		func(ctx context.Context, in *struct{ Body market.EmailInput }) (*none, error) {
			return nil, s.Market.ChangeEmail(ctx, actor(ctx), in.Body)
		})
}

func (s *server) passwords() {
	type forgottenIn struct {
		Body market.ForgottenInput
	}
	handle(s, op(http.MethodPost, "/forgotten-passwords", "forgotPassword", "Mail a link that sets a new password, where there is such an account", slowly("forgot", 20, time.Hour), status(204), tag("accounts")),
		func(ctx context.Context, in *forgottenIn) (*none, error) {
			return nil, s.Market.ForgotPassword(ctx, in.Body)
		})
	type passwordIn struct {
		Client
		Body market.NewPasswordInput
	}
	handle(s, op(http.MethodPost, "/passwords", "resetPassword", "Set a new password by the token that was mailed; every session ends", slowly("reset", 60, time.Hour), status(204), tag("accounts")),
		func(ctx context.Context, in *passwordIn) (*none, error) {
			in.Body.Agent = in.agent
			return nil, s.Market.ResetPassword(ctx, in.Body)
		})
}
