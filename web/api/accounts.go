package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"haggle/internal/market"
)

// Client is embedded by inputs that want to know from what program they come.
type Client struct{ agent string }

// Resolve notes the program.
func (c *Client) Resolve(ctx huma.Context) []error {
	c.agent = strings.Clone(humafiber.Unwrap(ctx).Get("User-Agent"))
	return nil
}

// IDPath is the id in a path.
type IDPath struct {
	ID string `path:"id" maxLength:"200"`
}

// accounts registers accounts, sessions, tokens and people.
func (s *server) accounts() {
	s.registering()
	s.sessions()
	s.tokens()
	s.mails()
	s.blocks()
	handle(s, op(http.MethodGet, "/me", "getMe", "Your profile", signedIn, tag("accounts")),
		func(ctx context.Context, _ *struct{}) (*body[market.MeView], error) {
			return answer(s.Market.Me(ctx, actor(ctx)))
		})
	handle(s, op(http.MethodPatch, "/me", "updateMe", "Change your profile", signedIn, tag("accounts")),
		func(ctx context.Context, in *struct{ Body market.MePatch }) (*body[market.MeView], error) {
			return answer(s.Market.UpdateMe(ctx, actor(ctx), in.Body))
		})
	handle(s, op(http.MethodGet, "/users/{id}", "getUser", "A person as others see him", tag("accounts")),
		func(ctx context.Context, in *IDPath) (*body[market.PersonView], error) {
			return answer(s.Market.Person(ctx, in.ID))
		})
	handle(s, op(http.MethodGet, "/users/{id}/reputation", "getReputation", "Scores per role, and everything that was counted", tag("accounts")),
		func(ctx context.Context, in *IDPath) (*body[market.ReputationView], error) {
			return answer(s.Market.Reputation(ctx, actor(ctx), in.ID))
		})
}

func (s *server) registering() {
	type registerIn struct {
		Client
		Body market.RegisterInput
	}
	handle(s, op(http.MethodPost, "/accounts", "register", "Open an account", slowly("register", 100, time.Hour), tag("accounts"), also(409)),
		func(ctx context.Context, in *registerIn) (*body[market.Grant], error) {
			in.Body.Agent = in.agent
			return answer(s.Market.Register(ctx, in.Body))
		})
	type signInIn struct {
		Client
		Body market.SignInInput
	}
	handle(s, op(http.MethodPost, "/sessions", "signIn", "Sign in", slowly("sign-in", 30, 10*time.Minute), tag("accounts")),
		func(ctx context.Context, in *signInIn) (*body[market.Grant], error) {
			in.Body.Agent = in.agent
			return answer(s.Market.SignIn(ctx, in.Body))
		})
}

func (s *server) sessions() {
	handle(s, op(http.MethodGet, "/sessions", "listSessions", "Where you are signed in", signedIn, tag("accounts")),
		func(ctx context.Context, _ *struct{}) (*body[[]market.SessionView], error) {
			return answer(s.Market.Sessions(ctx, actor(ctx)))
		})
	handle(s, op(http.MethodDelete, "/sessions/current", "signOut", "Sign out", signedIn, uncounted, status(204), tag("accounts")),
		func(ctx context.Context, _ *struct{}) (*none, error) { return nil, s.Market.SignOut(ctx, actor(ctx)) })
	handle(s, op(http.MethodDelete, "/sessions/{id}", "revokeSession", "Sign another device out", signedIn, status(204), tag("accounts")),
		func(ctx context.Context, in *IDPath) (*none, error) {
			return nil, s.Market.RevokeSession(ctx, actor(ctx), in.ID)
		})
}

func (s *server) tokens() {
	handle(s, op(http.MethodGet, "/tokens", "listTokens", "Your personal access tokens", signedIn, tag("accounts")),
		func(ctx context.Context, _ *struct{}) (*body[[]market.TokenView], error) {
			return answer(s.Market.Tokens(ctx, actor(ctx)))
		})
	handle(s, op(http.MethodPost, "/tokens", "createToken", "Make a personal access token; it is shown once", signedIn, tag("accounts")),
		func(ctx context.Context, in *struct{ Body market.TokenInput }) (*body[market.TokenView], error) {
			return answer(s.Market.CreateToken(ctx, actor(ctx), in.Body))
		})
	handle(s, op(http.MethodDelete, "/tokens/{id}", "revokeToken", "Revoke a personal access token", signedIn, status(204), tag("accounts")),
		func(ctx context.Context, in *IDPath) (*none, error) {
			return nil, s.Market.RevokeToken(ctx, actor(ctx), in.ID)
		})
}
