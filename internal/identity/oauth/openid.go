package oauth

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/url"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/markbates/goth/providers/openidConnect"
)

// openID speaks OpenID Connect: any provider, Google, LINE and Apple. Goth exchanges the code and reads the person's
// claims; that the id_token is the provider's own is checked here.
type openID struct{ *Provider }

// scopes are what a provider is asked to tell.
func (o openID) scopes() []string {
	if o.cfg.Kind == Apple {
		return []string{"openid", "name", "email"}
	}
	return []string{"openid", "profile", "email"}
}

// goth is a client of the provider for one flow.
func (o openID) goth(f *found) (*openidConnect.Provider, error) {
	secret := o.cfg.Secret
	if o.cfg.Kind == Apple {
		var err error
		if secret, err = o.appleSecret(); err != nil {
			return nil, err
		}
	}
	g, err := openidConnect.NewCustomisedURL(o.cfg.ID, secret, o.callback, f.about.Auth, f.about.Token, f.issuer, f.about.UserInfo, "", o.scopes()...)
	if err != nil {
		return nil, err
	}
	g.HTTPClient = o.client
	return g, nil
}

func (o openID) begin(f *found, flow Flow) (string, error) {
	g, err := o.goth(f)
	if err != nil {
		return "", err
	}
	more := map[string]string{"nonce": flow.Nonce}
	if o.cfg.Kind == Apple {
		more["response_mode"] = "form_post" // Apple's condition for telling the e-mail
	}
	g.SetAuthCodeOptions(more)
	s, err := g.BeginAuth(flow.State)
	if err != nil {
		return "", err
	}
	return s.GetAuthURL()
}

func (o openID) finish(ctx context.Context, f *found, flow Flow, code string) (Person, error) {
	g, err := o.goth(f)
	if err != nil {
		return Person{}, err
	}
	s := &openidConnect.Session{}
	if _, err := s.Authorize(g, url.Values{"code": {code}, "code_verifier": {flow.Verifier}}); err != nil {
		return Person{}, failed("exchange", err)
	}
	token, err := o.verify(ctx, f, flow, s.IDToken, s.AccessToken)
	if err != nil {
		return Person{}, err
	}
	var c claims
	if err := token.Claims(&c); err != nil {
		return Person{}, forged("the id_token's claims make no sense")
	}
	if (c.Email == "" || c.Name == "") && f.about.UserInfo != "" {
		g.OpenIDConfig.Issuer = token.Issuer // as it was verified
		u, err := g.FetchUser(s)
		if err != nil {
			return Person{}, failed("userinfo", hidden(err))
		}
		c.fill(u.RawData)
	}
	return Person{Issuer: f.issuer, Subject: token.Subject, Email: c.Email, EmailVerified: c.Email != "" && bool(c.Verified), Name: c.Name}, nil
}

// hidden keeps errors of the connection and drops any other text: goth's repeats what the provider said of the person.
func hidden(err error) error {
	var broken *url.Error
	if errors.As(err, &broken) {
		return err
	}
	return errors.New("hidden")
}

// verify holds an id_token against everything that makes it the answer of this flow: signature, issuer, audience, expiry,
// nonce, authorised party, and the access token it came with.
func (o openID) verify(ctx context.Context, f *found, flow Flow, raw, access string) (*oidc.IDToken, error) {
	if raw == "" {
		return nil, forged("no id_token")
	}
	ctx = oidc.ClientContext(ctx, o.client)
	cfg := &oidc.Config{ClientID: o.cfg.ID, Now: o.now}
	verifier := f.provider.Verifier(cfg)
	if o.cfg.Kind == LINE {
		cfg.SupportedSigningAlgs = lineAlgorithms
		verifier = oidc.NewVerifier(f.issuer, lineKeys{[]byte(o.cfg.Secret), oidc.NewRemoteKeySet(ctx, f.about.Keys)}, cfg)
	}
	token, err := verifier.Verify(ctx, raw)
	switch {
	case err != nil && isAway(err):
		return nil, away(errors.New("oauth: the provider's keys cannot be read"))
	case err != nil:
		return nil, forged("the id_token does not hold: " + reason(err))
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(flow.Nonce)) != 1 || flow.Nonce == "":
		return nil, forged("another flow's nonce")
	case token.AccessTokenHash != "" && token.VerifyAccessToken(access) != nil:
		return nil, forged("the id_token is of another access token")
	}
	return token, o.authorised(token)
}

// authorised holds the id_token's party against this site: a token for several audiences must name the one it was given to.
func (o openID) authorised(token *oidc.IDToken) error {
	var c struct {
		Party string `json:"azp"`
	}
	if err := token.Claims(&c); err != nil {
		return forged("the id_token's claims make no sense")
	}
	if c.Party != "" && c.Party != o.cfg.ID || c.Party == "" && len(token.Audience) > 1 {
		return forged("the id_token was given to another")
	}
	return nil
}

// isAway says whether verifying failed for want of the provider's keys.
func isAway(err error) bool { return strings.Contains(err.Error(), "fetching keys") }

// reason is what is kept of a verifier's error: its text quotes claims.
func reason(err error) string {
	var over *oidc.TokenExpiredError
	switch text := err.Error(); {
	case errors.As(err, &over):
		return "it is over"
	case strings.Contains(text, "audience"):
		return "audience"
	case strings.Contains(text, "issued by"):
		return "issuer"
	}
	return "signature or form"
}

// claims are what is read of a person.
type claims struct {
	Email    string `json:"email"`
	Verified yes    `json:"email_verified"`
	Name     string `json:"name"`
}

// fill adds what the userinfo says.
func (c *claims) fill(raw map[string]any) {
	text := func(name string) string { s, _ := raw[name].(string); return s }
	if email := text("email"); c.Email == "" {
		c.Email, c.Verified = email, yes(raw["email_verified"] == true || raw["email_verified"] == "true")
	}
	for _, name := range []string{"name", "nickname", "preferred_username"} {
		if c.Name == "" {
			c.Name = text(name)
		}
	}
}

// yes is a boolean that some providers write as text.
type yes bool

// UnmarshalJSON reads true, "true"; anything else is no.
func (y *yes) UnmarshalJSON(b []byte) error {
	*y = strings.Trim(string(b), `"`) == "true"
	return nil
}
