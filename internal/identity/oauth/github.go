package oauth

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/markbates/goth"
	"github.com/markbates/goth/providers/github"
)

// gitHub speaks OAuth 2 and tells who it is over its API. There is no id_token: what the API says of the access token that
// the code was exchanged for is the answer, and the verifier binds the code to this flow.
type gitHub struct{ *Provider }

func (g gitHub) goth(flow Flow) *github.Provider {
	p := github.New(g.cfg.ID, g.cfg.Secret, g.callback, "read:user", "user:email")
	p.HTTPClient = g.proving(flow)
	return p
}

// proving is a client that adds the flow's verifier to the exchange.
func (p *Provider) proving(flow Flow) *http.Client {
	c := *p.client
	c.Transport = proving{p.client.Transport, flow.Verifier}
	return &c
}

func (g gitHub) begin(_ *found, flow Flow) (string, error) {
	return address(g.goth(flow).BeginAuth(flow.State))
}

func address(s goth.Session, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return s.GetAuthURL()
}

func (g gitHub) finish(_ context.Context, f *found, flow Flow, code string) (Person, error) {
	p, s := g.goth(flow), &github.Session{}
	if _, err := s.Authorize(p, url.Values{"code": {code}}); err != nil {
		return Person{}, failed("exchange", err)
	}
	u, err := p.FetchUser(s)
	if errors.Is(err, github.ErrNoVerifiedGitHubPrimaryEmail) {
		u.Email, err = "", nil
	}
	if err != nil {
		return Person{}, failed("profile", hidden(err))
	}
	if u.UserID == "0" { // what goth makes of a profile without an id
		u.UserID = ""
	}
	return Person{Issuer: f.issuer, Subject: u.UserID, Email: u.Email, Name: or(u.Name, u.NickName)}, nil
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
